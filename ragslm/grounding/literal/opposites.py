"""Pairs of words of which one cannot stand for the other."""

from ragslm.grounding.reading.tokens import Token, tokens

_PAIRS = """
increase decrease|increase reduce|raise lower|raise reduce|rise fall|rise decline|grow shrink
higher lower|high low|more less|more fewer|above below|over under|before after|start stop|begin end
open close|allow prohibit|allow forbid|permit prohibit|require forbid|safe unsafe|safe dangerous
safe harmful|positive negative|benign malignant|left right|gain loss|gain lose|profit loss|debit credit
asset liability|acute chronic|minimum maximum|first last|male female|men women|man woman|boy girl
mother father|adult child|oral intravenous|systolic diastolic|hyper hypo|inhibit induce|inhibit activate
improve worsen|effective ineffective|early late|short long|large small|most least|best worst|buy sell
lend borrow|deposit withdrawal|deposit withdraw|accept reject|approve deny|approve reject|include exclude
common rare|normal abnormal|present absent|regular irregular|legal illegal|mandatory optional|strong weak
upper lower|internal external|fixed variable|daily weekly|daily monthly|weekly monthly|monthly annual
day night|morning evening|prevent cause|relieve cause|arteries veins|artery vein|dominant recessive
advantage disadvantage|agree disagree|appear disappear|succeed fail|win lose|north south|east west
quickly slowly|fast slow|hot cold|dawn dusk|noon midnight|proximal distal|anterior posterior
creditor debtor|lender borrower|buyer seller|purchaser seller|payer payee|employer employee|lessor lessee
landlord tenant|mortgagor mortgagee|licensor licensee|grantor grantee|assignor assignee|trustor trustee
plaintiff defendant|issuer holder|principal agent|donor recipient|acquirer target|insurer insured
hyperkalemia hypokalemia|hypertension hypotension|hyperglycemia hypoglycemia|hyperthyroidism hypothyroidism
hypernatremia hyponatremia|tachycardia bradycardia|provided used|inflow outflow|receivable payable
import export|bull bear|surplus deficit|appreciate depreciate|upgrade downgrade|subcutaneous intramuscular
""".replace("\n", "|")


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in filter(None, _PAIRS.split("|")):
        one, other = (word.key for word in tokens(pair))
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


_OPPOSITE = _table()


def opposed(claim: list[Token], span: list[Token]) -> bool:
    """Whether the claim says a word whose opposite the span says instead."""
    keys = {word.key for word in span}
    return any(word.key not in keys and _OPPOSITE.get(word.key, frozenset()) & keys for word in claim)
