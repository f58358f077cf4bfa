"""Requests that are referred to a person, found by small lists of words instead of one long expression each.

A rule of a profile is met if one of its phrases (`when`) occurs, one of `also` too if there are any, and
none of `unless`. A phrase is a regular expression, any case, with two shorthands that keep it readable:
`{name}` is one word of the list `name`, ` ... ` is a gap of up to 80 characters inside a sentence. Questions
are read as one line with single blanks; a phrase begins and ends at word bounds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragslm.errors import ConfigError
from ragslm.settings import RedLine

_LIST = re.compile(r"\{([a-z_]+)\}")
_GAP = r"\b[^.?!]{0,80}?\b"
_TITLE = re.compile(r"\b(mr|mrs|ms|dr|st)\.", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_DEEPEST = 4

SELF_HARM = RedLine(
    name="self-harm",
    says=(
        "If you or somebody else may be in danger, please call the emergency number now (112, 911 or 999) "
        "and stay with the person. In the USA call or text 988, in the United Kingdom and Ireland call "
        "116 123, elsewhere see findahelpline.com. This assistant cannot help with this; a person can."
    ),
    when=(
        r"(kill|killing|hurt|hurting|harm|harming|cut|cutting|hang|shoot|drown) (my|him|her)self",
        r"(end|ending|take|taking) (my|his|her) (own )?life",
        r"(do ?n.?t|do not|no longer|never) (want|wish) to (live|be alive|be here|exist|wake up|go on)",
        r"(better off dead|want to die|wanna die|wish i (was|were) dead|ready to die|rather be dead)",
        r"(life|living) (isn.?t|is not|is no longer|is n.?t|not) worth",
        r"(i am|i.?m|im|feeling|feel|been) suicidal",
        r"(nobody|no one|noone) would (miss|notice|care) ... (me|i)",
        r"(want|wish|need) (it|this|everything|it all) (all )?to (be over|end|stop for good)",
        r"(he|she|they|my [\w-]+) ... (suicidal|suicide (note|attempt))",
    ),
)
"""Holds in every domain: somebody who may die is sent to help, never to a passage."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: RedLine
    when: re.Pattern[str]
    also: re.Pattern[str] | None
    unless: re.Pattern[str] | None


class RedLines:
    """The rules of one profile, behind `SELF_HARM`, in their order: the first that is met decides.

    Args:
        rules: of the profile.
        words: its lists, whose words are phrases themselves.
        refer: what a rule without its own words answers.

    Raises:
        ConfigError: a phrase names a list that is not there or is no regular expression.
    """

    def __init__(self, rules: Sequence[RedLine], words: Mapping[str, Sequence[str]], refer: str) -> None:
        self._refer = refer
        self._rules = tuple(_compiled(rule, words) for rule in (SELF_HARM, *rules))

    def __call__(self, question: str) -> str | None:
        """What the question is answered with instead of an answer, or None."""
        met = self.met(question)
        return None if met is None else met.says or self._refer

    def met(self, question: str) -> RedLine | None:
        """The first rule that the question meets."""
        text = _plain(question)
        return next((one.rule for one in self._rules if _meets(text, one)), None)


def _meets(text: str, one: _Compiled) -> bool:
    return (
        one.when.search(text) is not None
        and (one.also is None or one.also.search(text) is not None)
        and (one.unless is None or one.unless.search(text) is None)
    )


def _plain(question: str) -> str:
    """One line, straight apostrophes, no full stop that ends no sentence."""
    text = " ".join(question.replace("’", "'").replace("‘", "'").split())
    return _DECIMAL.sub(",", _TITLE.sub(r"\1", text))


def _compiled(rule: RedLine, words: Mapping[str, Sequence[str]]) -> _Compiled:
    def joined(phrases: Sequence[str]) -> re.Pattern[str] | None:
        if not phrases:
            return None
        try:
            return re.compile("|".join(_phrase(phrase, words) for phrase in phrases), re.IGNORECASE)
        except re.error as error:
            raise ConfigError(f"Red line {rule.name!r} holds no regular expression: {error}.") from None

    when = joined(rule.when)
    if when is None:
        raise ConfigError(f"Red line {rule.name!r} names no phrase under `when`.")
    return _Compiled(rule, when, joined(rule.also), joined(rule.unless))


def _phrase(phrase: str, words: Mapping[str, Sequence[str]]) -> str:
    spelled = _spelled(phrase, words, _DEEPEST)
    return rf"(?<!\w)(?:{spelled.replace(' ... ', _GAP)})(?!\w)"


def _spelled(phrase: str, words: Mapping[str, Sequence[str]], deep: int) -> str:
    """The phrase with its lists written out; a list may name lists."""

    def listed(match: re.Match[str]) -> str:
        name = match[1]
        if name not in words or not deep:
            raise ConfigError(f"A red line names the list {name!r}, which `words` of the profile lacks.")
        return f"(?:{'|'.join(_spelled(word, words, deep - 1) for word in words[name])})"

    return _LIST.sub(listed, phrase)
