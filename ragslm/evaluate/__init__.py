"""Measures that a user can run on the shipped sets or on files of their own."""
