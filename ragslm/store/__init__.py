"""The catalogue: one encrypted SQLite file that is the truth; every index is derived from it."""
