"""What holds for every number and sentence: written otherwise it is the same, changed it is caught."""

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ragslm.grounding.literal.compare import compare
from ragslm.grounding.reading.dates import dates
from ragslm.grounding.reading.frequencies import frequencies
from ragslm.grounding.reading.numbers import declared_scales, numbers, same
from ragslm.grounding.reading.text import read

CENTS = st.integers(1, 10**12 - 1).map(lambda n: Decimal(n) / 100)
WHOLE = st.integers(1, 10**9)
THREE = st.integers(100, 999_999)
SCALES = {"thousand": 3, "million": 6, "billion": 9, "bn": 9, "trillion": 12}
MASSES = {"mcg": -3, "µg": -3, "micrograms": -3, "mg": 0, "milligrams": 0, "g": 3, "grams": 3, "kg": 6}
COMPARATORS = {
    "at least": ("at least", "no less than", "not less than", "a minimum of"),
    "at most": ("at most", "up to", "no more than", "not more than", "a maximum of", "not exceeding"),
    "more than": ("more than", "over", "above", "greater than", "exceeding"),
    "less than": ("less than", "below", "under", "fewer than"),
}
NAMED = st.sampled_from([(kind, phrase) for kind, phrases in COMPARATORS.items() for phrase in phrases])
FREQUENCIES = ("once daily", "twice daily", "three times a day", "every 8 hours", "every 12 hours", "weekly")
SENTENCES = st.sampled_from(
    (
        "The patient takes 20 mg of atorvastatin once daily for high cholesterol.",
        "The bank charges a fee of $35 for each overdraft of more than $5.",
        "Net sales rose by 4% to $1,577 million in the first quarter of 2020.",
        "Some patients may develop a rash within 3 to 5 days unless treatment stops.",
        "The creditor must notify the applicant within 30 days after the decision.",
        "Of 120 patients, 45% received metformin and 55% received placebo on March 4, 2019.",
        "The lender may not charge the borrower more than 2% interest per month.",
    )
)


def plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def styles(value: Decimal) -> list[str]:
    """An amount of dollars in every way of writing that is read."""
    written = [f"${value:,f}", f"$ {value:f}", f"USD {value:,f}", f"{value:,f} dollars", f"US${value:f}"]
    scaled = [f"${plain(value.scaleb(-power))} {word}" for word, power in SCALES.items()]
    return [*written, *scaled]


def one(text: str):
    (number,) = numbers(text)
    return number


@given(CENTS, st.data())
def test_an_amount_is_the_same_in_every_style(value, data):
    first, second = (one(data.draw(st.sampled_from(styles(value)))) for _ in range(2))
    assert same(first, second, set(), True)


@given(CENTS, CENTS, st.data())
def test_other_amounts_differ_in_every_style(value, other, data):
    assume(value != other)
    first = one(data.draw(st.sampled_from(styles(value))))
    second = one(data.draw(st.sampled_from(styles(other))))
    assert not same(first, second, set(), True)


@given(THREE, st.integers(0, 99), st.sampled_from("\u00a0\u202f\u2009 ."))
def test_continental_separators_mean_the_same(whole, part, mark):
    written = f"{whole:,}".replace(",", mark) + f",{part:02}"
    assume("," in f"{whole:,}")
    assert one(written).value == Decimal(whole) + Decimal(part) / 100


@given(WHOLE, st.sampled_from(list(MASSES)), st.sampled_from(list(MASSES)))
def test_a_mass_is_the_same_in_every_unit(value, unit, other):
    converted = plain(Decimal(value).scaleb(MASSES[unit] - MASSES[other]))
    assert same(one(f"{value} {unit}"), one(f"{converted} {other}"), set(), False)


@given(WHOLE, st.sampled_from(list(MASSES)), st.sampled_from(list(MASSES)))
def test_the_same_figure_in_another_unit_is_another_mass(value, unit, other):
    assume(MASSES[unit] != MASSES[other])
    assert not same(one(f"{value} {unit}"), one(f"{value} {other}"), set(), False)


@given(WHOLE, st.sampled_from(["thousands", "millions", "billions"]))
def test_a_table_lends_its_scale(value, word):
    scales = declared_scales(f"(in {word})")
    assert same(one(f"${value} {word[:-1]}"), one(f"{value:,}"), scales, True)
    assert same(one(f"{value} {word[:-1]}"), one(f"{value:,}"), scales, False)
    assert not same(one(f"${value} {word[:-1]}"), one(f"{value:,}"), set(), False)


@given(WHOLE)
def test_brackets_may_be_a_minus_and_a_minus_is_none_without(value):
    assert same(one(f"-{value}"), one(f"({value:,})"), set(), False)
    assert not same(one(f"-{value}"), one(f"{value}"), set(), False)


@given(st.integers(1, 9999), st.sampled_from(["%", " percent", " per cent", " pct"]))
def test_percent_is_neither_points_nor_a_bare_number(value, sign):
    percent = one(f"{value}{sign}")
    assert not same(percent, one(f"{value} percentage points"), set(), False)
    assert not same(percent, one(f"{value}"), set(), False)
    assert same(
        one(f"{value} basis points"), one(f"{plain(Decimal(value) / 100)} percentage points"), set(), False
    )


@given(NAMED, NAMED, WHOLE)
def test_comparisons_are_the_same_or_caught(first, second, value):
    claim, source = (f"The fee is {phrase} ${value} for a transfer." for _, phrase in (first, second))
    reasons = compare(read(claim), read(source)).reasons
    assert (not reasons) if first[0] == second[0] else "comparison differs" in reasons


@given(NAMED, WHOLE)
def test_a_comparison_put_in_or_left_out_is_caught(named, value):
    bare, bound = f"The fee is ${value} for a transfer.", f"The fee is {named[1]} ${value} for a transfer."
    assert "comparison differs" in compare(read(bare), read(bound)).reasons
    assert "comparison differs" in compare(read(bound), read(bare)).reasons


@given(st.sampled_from(FREQUENCIES), st.sampled_from(FREQUENCIES), st.integers(1, 900))
def test_another_frequency_is_caught(first, second, dose):
    claim, source = (f"Adults take {dose} mg of warfarin {often}." for often in (first, second))
    reasons = compare(read(claim), read(source)).reasons
    assert (not reasons) if first == second else "frequency differs" in reasons


@given(SENTENCES)
def test_a_sentence_supports_itself(sentence):
    assert compare(read(sentence), read(sentence)).reasons == ()


@settings(deadline=None)
@given(SENTENCES, st.data())
def test_a_changed_digit_is_caught(sentence, data):
    places = [m.start() for m in re.finditer(r"\d", sentence)]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda d: d != sentence[place]))
    changed = sentence[:place] + digit + sentence[place + 1 :]
    assume(
        [n.value for n in numbers(changed)] != [n.value for n in numbers(sentence)]
        or dates(changed) != dates(sentence)
    )
    assert compare(read(changed), read(sentence)).reasons


@settings(deadline=None)
@given(SENTENCES, st.sampled_from(["not", "never"]), st.data())
def test_a_negation_put_in_is_caught(sentence, word, data):
    words = sentence.split()
    place = data.draw(st.integers(1, len(words) - 1))
    assume(words[place - 1] != "may" or words[place] != "not")
    changed = " ".join([*words[:place], word, *words[place:]])
    assert compare(read(changed), read(sentence)).reasons


@given(st.dates().filter(lambda d: 1900 <= d.year <= 2099))
def test_a_date_is_the_same_in_every_form(day):
    forms = (f"{day:%Y-%m-%d}", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}")
    for text in forms:
        (found,) = dates(text)
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day)


@given(st.integers(1990, 2035), st.integers(1, 4), st.integers(1, 4))
def test_quarters_are_the_same_or_differ(year, quarter, other):
    word = "first second third fourth".split()[quarter - 1]
    (said,) = dates(f"the {word} quarter of {year}")
    for text in (
        f"Q{other} {year}",
        f"{year} Q{other}",
        f"{other}Q{year % 100:02}" if year >= 2000 else f"Q{other} {year}",
    ):
        (claimed,) = dates(text)
        assert said.says(claimed) is (quarter == other)


@settings(deadline=None)
@given(
    st.integers(2100, 99999), st.integers(2100, 99999), st.integers(2001, 2030)
)  # no value looks like a year
def test_a_cell_goes_with_its_column(first, second, year):
    assume(first != second)
    row = read(f"Net sales | {year}: {first:,} | {year - 1}: {second:,}")
    assert not compare(read(f"Net sales were {first:,} in {year}."), row).reasons
    assert not compare(read(f"In {year - 1}, net sales were {second:,}."), row).reasons
    assert compare(read(f"Net sales were {second:,} in {year}."), row).reasons
    assert compare(read(f"In {year - 1}, net sales were {first:,}."), row).reasons


LONG = 100_000
ADVERSARIAL = [
    "1,",
    "1 ",
    "1.",
    "(",
    "$ ",
    "one hundred and ",
    "twenty-",
    "2018 ",
    "May ",
    "not more than ",
    "(1) ",
]
ADVERSARIAL += [
    "every 8 ",
    "three months ended ",
    "mg/",
    "q8h",
    "a | ",
    "a: ",
    "and ",
    "from 5 to ",
    "-",
    "12 mg, ",
]
ADVERSARIAL += [
    "1\u00a0234",
    "first quarter of the fiscal ",
    "probability of ",
    "increased from ",
    " ",
    "in USD ",
    "Q1 ",
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_long_input_is_read(piece):
    text = (piece * (LONG // len(piece) + 1))[:LONG]
    numbers(text)
    dates(text)
    frequencies(text)
    declared_scales(text)
    assert len(read(text[: LONG // 5]).plain) <= LONG
