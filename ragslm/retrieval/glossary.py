"""Spelling a question out with the domain's glossary, in both directions.

Who asks for `PPNE` finds property and plant, who asks for a myocardial infarction the note that says MI.
A meaning is a name, and after a semicolon where else to look: `days sales outstanding; accounts receivable`.
A term that is its own name is a kind, and what follows are its members: `statin: statin; atorvastatin`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from ragslm.retrieval.tokens import tokens

_MEMBERS = re.compile(r"\s*,\s*")
_GAP = re.compile(r"(?:\\?[ -])+")


def spelled_out(question: str, glossary: Mapping[str, str], *, abbreviated: bool = True) -> str:
    """The question followed by what its terms stand for, and by the abbreviations of the names in it.

    Terms and names are matched as whole words, singular or plural, in any case; a term that is also an
    ordinary small word (`OR`, `AS`) as it is written. The longest wins where one lies within another; each
    addition is made once. With `abbreviated` off, names stay as they are: encoders know names.
    """
    terms = _found(question, {term: _pattern(term) for term in glossary})
    names = {term: _name(meaning) for term, meaning in glossary.items() if abbreviated and _abbreviates(term)}
    said = set(_found(question, {name: _spaced(name) for name in names.values()}))
    said |= {names[term] for term in terms if term in names}
    short = sorted(term for term, name in names.items() if name in said and term not in terms)
    added = list(dict.fromkeys([*(glossary[term] for term in terms), *short]))
    return f"{question} {'; '.join(added)}" if added else question


def by_name(question: str, glossary: Mapping[str, str]) -> str:
    """The question with the names of its terms in their place: `net PPNE` is the net property and plant."""
    for term in _found(question, {term: _pattern(term) for term in glossary}):
        name = _name(glossary[term]).replace("\\", r"\\")
        question = _pattern(term).sub(name, question)
    return question


def by_member(question: str, glossary: Mapping[str, str], evidence: str) -> str:
    """The question with those members that the evidence names in the place of their kind: `Which apixaban
    was prescribed?` for an anticoagulant; empty where it asks for no kind, or the evidence names no member.
    """
    asked = told = by_name(question, glossary)
    kinds = {term: _pattern(term) for term, meaning in glossary.items() if _name(meaning) == term}
    for kind in _found(asked, kinds):
        members = _MEMBERS.split(glossary[kind].partition(";")[2].strip())
        there = [member for member in members if member and _pattern(member).search(evidence)]
        if there:
            told = kinds[kind].sub(" or ".join(there), told)
    return told if told != asked else ""


def _found(text: str, patterns: Mapping[str, re.Pattern[str]]) -> list[str]:
    """What of it the text holds, the longest first; what lies inside a longer one does not count."""
    found = []
    for sought in sorted(patterns, key=lambda sought: (-len(sought), sought)):
        if patterns[sought].search(text):
            found.append(sought)
            text = patterns[sought].sub(" ", text)
    return found


def _abbreviates(term: str) -> bool:
    """Two capitals, or a capital and a digit: `MI`, `HbA1c`, `Reg E`; no ordinary term."""
    return sum(letter.isupper() or letter.isdigit() for letter in term) > 1


def _name(meaning: str) -> str:
    return meaning.partition(";")[0].strip()


@lru_cache(maxsize=5000)
def _pattern(term: str) -> re.Pattern[str]:
    ordinary = not tokens(term)
    return re.compile(rf"(?<!\w){re.escape(term)}s?(?!\w)", 0 if ordinary else re.IGNORECASE)


@lru_cache(maxsize=5000)
def _spaced(name: str) -> re.Pattern[str]:
    """A name, whether its words are joined by blanks or hyphens."""
    return re.compile(rf"(?<!\w){_GAP.sub('[ -]+', re.escape(name))}s?(?!\w)", re.IGNORECASE)
