"""A help desk's table for the example connector. People and numbers are made up."""

import sqlite3

SCHEMA = """CREATE TABLE tickets(
    number INTEGER PRIMARY KEY, change INTEGER, gone INTEGER, opened TEXT, customer TEXT, email TEXT,
    account TEXT, team TEXT, message TEXT)"""
TICKETS = [
    (
        1,
        1,
        0,
        "2024-03-01",
        "Ann Weaver",
        "ann@example.org",
        "A-1",
        "cards",
        "The card was blocked after a trip.",
    ),
    (
        2,
        2,
        0,
        "2024-03-02",
        "Bob Porter",
        "bob@example.org",
        "A-2",
        "cards",
        "A fee of 12.50 EUR was charged.",
    ),
    (
        3,
        3,
        0,
        "2024-03-03",
        "Cy Turner",
        "cy@example.org",
        "A-3",
        "loans",
        "The interest rate is 4.1 percent.",
    ),
]
_NEXT = "(SELECT max(change) + 1 FROM tickets)"


def said(db: sqlite3.Connection, number: int, message: str) -> None:
    """A new ticket, or a new message in an old one."""
    db.execute(
        f"INSERT INTO tickets VALUES (?1, {_NEXT}, 0, '2024-04-01',"
        " 'Di Mason', 'di@example.org', 'A-4', 'loans', ?2)"
        f" ON CONFLICT DO UPDATE SET message = ?2, change = {_NEXT}",
        (number, message),
    )


def gone(db: sqlite3.Connection, number: int) -> None:
    """A ticket is deleted."""
    db.execute(f"UPDATE tickets SET gone = 1, change = {_NEXT} WHERE number = ?", (number,))
