"""Answers that are calculated: what is asked, which values fit, their exact result, and how it came about."""
