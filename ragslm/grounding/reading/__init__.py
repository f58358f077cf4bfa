"""Reads a text for what the checks compare: words, numbers, units, dates, frequencies, cue words, rows."""
