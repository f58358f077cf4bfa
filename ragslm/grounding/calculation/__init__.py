"""Answers that are calculated: read what is asked, find the values that fit, evaluate exactly, and show how."""
