"""What is left of cards, dates, ages and ZIP codes, case by case."""

import datetime as dt

import pytest

from ragslm.privacy.coarsening import LEFT, RESTRICTED, generalised, truncated

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("entity", "original", "left"),
    [
        ("CREDIT_CARD", "4111 1111 1111 1111", "[CREDIT_CARD ending 1111]"),  # groups
        ("CREDIT_CARD", "378282246310005", "[CREDIT_CARD ending 0005]"),  # 15 digits
        ("CREDIT_CARD", "６０１１０００９９０１３９４２４", "[CREDIT_CARD ending 9424]"),  # wide digits
        ("CREDIT_CARD", "5018 0000 0009", "[CREDIT_CARD ending 0009]"),  # 12 digits: 8 stay unknown
        ("ACCOUNT", "12345678", "[ACCOUNT]"),  # four of eight would be half of it
        ("IBAN_CODE", "GB82 WEST 1234 5698 7654 32", "[IBAN_CODE ending 5432]"),  # groups
        ("ZIP_CODE", "94110", "[ZIP_CODE 941]"),  # San Francisco
        ("ZIP_CODE", "94110-1234", "[ZIP_CODE 941]"),  # ZIP+4
        ("ZIP_CODE", "03601", "[ZIP_CODE 000]"),  # few people
        ("ZIP_CODE", "SW1A 1AA", "[ZIP_CODE]"),  # the rule is for American codes
        ("ZIP_CODE", "941", "[ZIP_CODE]"),  # no code
    ],
)
def test_truncated(entity, original, left):
    assert truncated(entity, original) == left
    assert entity != "CREDIT_CARD" or LEFT.fullmatch(left)


@pytest.mark.parametrize(
    ("entity", "original", "left"),
    [
        ("DATE", "14 March 2021", "2021"),
        ("DATE", "14MAR2021", "2021"),
        ("DATE", "20210314093000+0000", "2021"),
        ("DATE", "March 14", "[DATE]"),  # no year is told
        ("DATE_OF_BIRTH", "06/15/1961", "1961"),
        ("DATE_OF_BIRTH", "19361231", "90+"),  # 89 or 90: the year would tell it
        ("DATE_OF_BIRTH", "1937-01-01", "1937"),  # 89
        ("DATE_OF_BIRTH", "1919", "90+"),  # a year alone
        ("DATE_OF_DEATH", "1931-02-03", "1931"),  # no age
        ("AGE", "93", "90+"),
        ("AGE", "90", "90+"),
        ("AGE", "89", "89"),
        ("AGE", "093Y", "90+"),  # DICOM AS
        ("AGE", "85 a to 97 a", "90+"),  # the second of two
        ("AGE", "0093 a", "90+"),  # UCUM, padded
        ("AGE", "93.5 years", "90+"),
        ("AGE", "44-year-old", "44"),
        ("AGE", "120D", "[AGE]"),  # days
        ("AGE", "095M", "[AGE]"),  # months
        ("AGE", "1,095 months", "[AGE]"),
        ("AGE", "45 years, John Smith", "45"),  # what stands behind it
        ("AGE", "45 John Smith SSN 460-89-9847", "[AGE]"),
        ("AGE", "ninety-one", "[AGE]"),  # not read, so not shown
        ("ZIP_CODE", "87901", "[ZIP_CODE 000]"),
    ],
)
def test_generalised(entity, original, left):
    assert generalised(entity, original, TODAY) == left


@pytest.mark.parametrize("area", sorted(RESTRICTED))
def test_every_restricted_area_is_000(area):
    assert truncated("ZIP_CODE", f"{area}01") == "[ZIP_CODE 000]"


def test_there_are_seventeen_restricted_areas():
    assert len(RESTRICTED) == 17


@pytest.mark.parametrize(
    "text",
    ["[PIN 1234]", "[CVV 123]", "[CVV ending 1234]", "[ZIP_CODE 94110]", "190+", "90+1", "90+.jane", "90+@b"],
)
def test_what_we_never_leave_shields_nothing(text):
    assert LEFT.search(text) is None
