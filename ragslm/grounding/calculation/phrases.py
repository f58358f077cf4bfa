"""The words by which a question asks for a calculation, and those by which it asks for something else."""

import re

from ragslm._questions import FORMAT
from ragslm._sentences import content_words

_MOVE = r"(?:change|increase|decrease|growth|decline|reduction|rise|fall|drop|difference|movement)"
_MOVES = rf"{_MOVE}(?:\s*/?\s*\(?\s*{_MOVE}\)?)?"
_MOVED = r"(?:chang|increas|decreas|declin|grow|grew|rise|rose|risen|fall|fell|drop|reduc)\w*"
_PERCENT = r"(?:percentages?|per ?cent|%)"
_PART = rf"(?:{_PERCENT}|proportion|share|fraction)"
_MORE = r"(?:more|higher|larger|greater|less|fewer|lower|smaller)"


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


OTHERWISE = _pattern(
    r"\b(?:why|reasons?|causes?|caused|dr(?:iv\w+|ove)|due to|attribut(?!able)\w+|factors?|explain)\b",
    r"(?<!\bincome )(?<!\bearnings )(?<!\bprofit )(?<!\bloss )\battributable\b",
    r"\b(?:define|definition|meaning|which|who|whose|where|when|what (?:does|do|led|contributed|explains))\b",
    r"\bhow many (?:years|times|quarters|months|days)\b",
    r"\b(?:in |by )?what (?:year|month|quarter|happen\w*)\b",
    r"\b(?:annuali[sz]ed|cagr|compound\w*|per (?:annum|year)|projected|forecast|same|respective(?:ly)?)\b",
    r"\b(?:will|would|should|could|if|assum\w+|exclude|excludes|disregard\w*)\b",
    r"\bhow (?:is|are|was|were) .{3,90}\b(?:calculated|computed|determined|measured|defined|presented)\b",
)
"""Asks why, when or which, for a definition or a forecast, or under a condition."""

ASKS = _pattern(r"\b(?:what|how much|how many|by how much|calculate|compute|work out)\b")

INSTRUCTION = _pattern(
    r"\s*(?:please )?(?:answer|approach|express|give|provide|report|respond|round|state)\b"
)
"""Opens a sentence that may say how to answer."""

FORMERLY = _pattern(
    r"\s*\((?:formerly|previously|also|then|now)\b[^()]*\)",
    r"\s*\([^()]{1,60}\b(?:inc|corp|ltd|plc|llc)\.?\)",
    r",\s*(?:formerly|(?:previously|then|now) (?:called|known as|named)) [^,?]{1,60},",
)
"""Another name of a party."""

PLACES = FORMAT | frozenset(
    content_words(
        """based on information provided primarily in the balance sheet statement of income cash flow flows
        financial position operations earnings p&l profit and loss statements sheets consolidated shown stated
        outlined clearly plainly details data line items item only solely within using utilizing taking into
        account considering according to basing your judgments judgment off questions here here's we need want
        calculate compute asked base reasonable approximation exact possible metric financial help drawing
        conclusions referencing analyst investor investment banker banking equity research public credit
        perspective standpoint assume access resource resources am my looking filing report annual 10-k 10k
        figures from form unadjusted units dollars spend spent pay paid post posted earn earned generate
        generated make made add adding reconciliation hold held bring brought run going look find state work
        two three many year-over-year yoy level overall close heavy relative base"""
    )
)
"""Stems of what says where to look, who asks and how to answer."""

AS_PERCENT = _pattern(rf"\b(?:in|as an?) {_PERCENT}s?\b", rf"\b{_PERCENT}s?\s*(?=\?|$)")
"""Says how a ratio is to be written, not what it is of."""

GROWTH = _pattern(
    rf"\b(?:year[- ]o[nv](?:er)?[- ]year )?(?:net )?{_PERCENT}\s*(?:points? )?{_MOVES}",
    rf"\b{_MOVE} (?:in|as an?) {_PERCENT}(?! of)",
    r"\bgrowth(?: rate)?(?= of| in| between| from)|\bgrowth rate",
    rf"\b(?:by )?(?:what|how many) {_PERCENT} (?:did|has|have|does)\b",
    rf"%\s*{_MOVES}",
)
CHANGE = _pattern(
    rf"\b{_MOVES}(?![a-z])",
    rf"\b(?:by )?how much (?:did|has|have|was|were)\b(?=.*\b{_MOVED})",
)
DIFFERENCE = _pattern(r"\bdifference\b", rf"\bhow (?:much|many) {_MORE}\b")
RATIO = _pattern(
    r"\bratio\b",
    r"\b(?:proportion|fraction|share),? (?:of|in)\b",
    rf"{_PERCENT}(?!\s*{_MOVE})",
    r"\bdivided by\b",
)
AVERAGE = _pattern(r"(?<!weighted )(?<!weighted-)\b(?:average|mean)\b")
TOTAL = _pattern(
    r"\bsum of\b",
    r"\b(?:altogether|combined|added together)\b",
    r"\bin total(?=\s*(?:\?|,|$|over\b|for\b|from\b))",
    r"\btotal(?= .*\b(?:both|across)\b)",
)
DAILY = _pattern(
    r"\b(?:total|overall|whole) (?:daily|per[- ]day) (?:dose|dosage|amount)\b",
    r"\b(?:daily|per[- ]day) (?:dose|dosage) in total\b",
    r"\b(?:how (?:much|many)|what (?:dose|amount))\b.*"
    r"\b(?:per day|a day|each day|daily|in (?:24 hours|a day|one day))\b",
)
BALANCE = _pattern(
    r"\b(?:running|resulting|calculated|new) balance\b",
    r"\bbalance\b.*\bafter (?:all|the|these) (?:credits|debits|entries)\b",
)
RANGE = _pattern(
    r"\b(?:from|between|over|through|to|until)\b", r"(?:19|20)\d\d\s*[-–]\s*(?:FY\s?)?(?:19|20)?\d\d"
)
VERBS = _pattern(rf"\b{_MOVED}\b", r"\b(?:go|goes|went|gone) (?:up|down)\b")
YEAR_BEFORE = _pattern(
    r"\byear[- ]o(?:n|ver)[- ]year\b|\by(?:o|/)y\b",
    r"\b(?:from|over|on|than|to|with|against) (?:the )?"
    r"(?:(?:previous|prior|preceding) year|year (?:before|earlier))",
)
"""Compares a period with the one a year earlier."""
SPAN = _pattern(r"\b(?:\d+|two|three|four|five|ten)[- ](?:fiscal )?(?:years?|quarters?)(?: period)?\b")

SIDES: dict[str, tuple[re.Pattern[str], ...]] = {
    "ratio": (
        _pattern(r"\bratio of (?P<a>.+?) (?:to|over|against) (?P<b>.+)"),
        _pattern(r"(?P<a>[\w&.' ]+?)[- ]to[- ](?P<b>[\w&.' ]+?) ratio\b"),
        _pattern(rf"(?P<a>.+?),? (?:expressed )?(?:as|in terms of) an? {_PART} of (?P<b>.+)"),
        _pattern(
            rf"\b{_PART} of (?P<b>.+?) (?:is|was|were|are)"
            r"(?: (?:made up|comprised|composed) of| from)? (?P<a>.+)"
        ),
        _pattern(
            rf"\b{_PART}(?:, in {_PERCENT},)?(?: constitution)? of (?:constitution of )?(?P<a>.+?)"
            r" (?:in|out of|over|among|amongst|within|to) (?P<b>.+)"
        ),
        _pattern(r"(?P<a>.+?) divided by (?P<b>.+)"),
    ),
    "difference": (
        _pattern(r"\bdifference(?: in (?P<s>.+?))? between (?P<a>.+?) and (?P<b>.+)"),
        _pattern(
            rf"\bhow (?:much|many) {_MORE} (?P<s>.*?)\b(?:was|were|is|are|came from|did)"
            r" (?P<a>.+?) (?:than|(?:as )?compared (?:to|with)) (?P<b>.+)"
        ),
    ),
    "total": (_pattern(r"\bsum of (?P<a>.+?) and (?P<b>.+)"),),
}
"""How the two things are named that are compared or added: `a`, `b`, and `s` what both share."""

FILLER = frozenset(
    content_words(
        """between much many versus compared comparing calculate compute please tell give me company companies
        respectively both across altogether combined together sum annual annually nominal absolute year years
        period periods fiscal financial end ended ending come came from make made consist percent percentage
        proportion ratio average mean reported recorded over per same its unadjusted"""
    )
)
"""Stems that say what is done or when, never of what."""

OPTIONAL = frozenset(content_words("amount value values number figure balance total level group cost costs"))
"""Stems that a row may leave out."""

DAILY_WORDS = _pattern(
    r"\b(?:total|overall|whole|daily|per|day|each|dose|dosage|amount|mg|g|mcg|ml|milligrams?|grams?)\b",
    r"\b(?:tablets?|units?|24|hours|prescribed|prescription|takes?|taking|given|gets?|receives?|patient)\b",
)
BALANCE_WORDS = ("opening balance", "total credits", "total debits")
