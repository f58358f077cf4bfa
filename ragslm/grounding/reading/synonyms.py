"""Words that say the same: one stem, or a rewording that keeps the meaning."""

from ragslm.grounding.reading.tokens import Token, alike, tokens

# Rewordings that keep the meaning.
_SAME = (
    "include involve",
    "people person individual persons",
    "begin start began commence",
    "use used uses using utilize employ",
    "show indicate demonstrate reveal display exhibit",
    "help assist aid",
    "get got obtain receive",
    "buy purchase",
    "doctor physician",
    "medicine medication drug",
    "illness disease disorder",
    "kid child children",
    "customer consumer",
    "type kind form",
    "call called known named",
    "big large",
    "rise increase rose risen raise",
    "fall fell decrease decline",
)
_GROUP = {word.key: i for i, group in enumerate(_SAME) for word in tokens(group)}


def same_word(one: Token, other: Token) -> bool:
    """Whether two words say the same."""
    if one.number and other.number:
        return one.key == other.key
    group = _GROUP.get(one.key)
    return alike(one.key, other.key) or (group is not None and group == _GROUP.get(other.key))
