import pytest

from ragslm.ingest.language import language_of

ENGLISH = "The bank has to tell the owner of the account which of the rates are for this account. "
GERMAN = "Die Bank hat dem Kunden mitzuteilen, dass der Zins für das Konto von der Art des Kontos ist. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH * 5, "en"),
        (GERMAN * 5, "de"),
        (ENGLISH, None),  # too little to tell
        ("Cash | 2022: 1,111 | 2021: 2,222\n" * 200, None),  # numbers
        ("Lorem ipsum dolor sit amet " * 50, None),  # none of those known
        ("", None),
    ],
)
def test_language_of(text, language):
    assert language_of(text) == language
