"""Earlier turns of a conversation, scrubbed, each identity's its own."""

from ragslm.store.database import Connection
from ragslm.store.layout import now


def add_turn(connection: Connection, conversation: str, identity_id: str, question: str, answer: str) -> None:
    """Remember one turn."""
    connection.execute(
        "INSERT INTO turns(conversation, identity, question, answer, at) VALUES (?,?,?,?,?)",
        (conversation, identity_id, question, answer, now()),
    )


def turns(connection: Connection, conversation: str, identity_id: str) -> list[tuple[str, str]]:
    """(question, answer) pairs, oldest first; empty for somebody else's conversation."""
    return list(
        connection.execute(
            "SELECT question, answer FROM turns WHERE conversation = ? AND identity = ? ORDER BY number",
            (conversation, identity_id),
        )
    )
