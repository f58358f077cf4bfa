"""One table per identifier of banking."""

import pytest

from ragslm_connectors.banking.recognisers import (
    bank_account,
    bic,
    build,
    card_expiry,
    card_track,
    card_verification,
    cheque,
    pin,
    routing_number,
    sort_code,
)


def found(recogniser, text):
    return sorted({text[start:end] for start, end, score in recogniser.find(text) if score >= 0.35})


@pytest.mark.parametrize(
    ("module", "text", "expected"),
    [
        (routing_number, "routing number 021000021", ["021000021"]),  # valid
        (routing_number, "ABA 0210-0002-1", ["0210-0002-1"]),  # groups
        (routing_number, "routing_021000021", ["021000021"]),  # a name with an underscore
        (routing_number, "routing number 021000022", []),  # wrong checksum
        (routing_number, "021000021", []),  # bare
        (bank_account, "account number 12345678", ["12345678"]),  # in context
        (bank_account, "Acct #: 1234-5678-90", ["1234-5678-90"]),  # groups
        (bank_account, "account 1,234,567", []),  # an amount
        (bank_account, "12345678", []),  # bare
        (sort_code, "sort code 20-00-00", ["20-00-00"]),  # in context
        (sort_code, "20-00-00", []),  # a date, perhaps
        (card_verification, "CVV: 123", ["123"]),  # in context
        (card_verification, "security code 1234", ["1234"]),  # amex
        (card_verification, "CVV 12", []),  # too short
        (card_verification, "4111111111111111 09/27 123", ["123"]),  # behind number and expiry
        (card_verification, "4111111111111111|12|26|123", ["123"]),  # as dumps have it
        (card_verification, "4111111111111111|12|2026|1234", ["1234"]),  # with a whole year
        (card_verification, "4111111111111111\t12/26\t123", ["123"]),  # in columns
        (card_verification, "card 4111 1111 1111 1111\n12/26\n123", ["123"]),  # below one another
        (card_verification, "4111111111111111 1226 123", ["123"]),  # without a stroke
        (card_verification, "4111111111111111,123,12/26,9", ["123"]),  # before the expiry
        (card_verification, "3782-822463-10005;12/26;1234", ["1234"]),  # fifteen digits
        (card_verification, "4111111111111112|12|26|123", []),  # wrong check digit
        (card_verification, "1111111111111117 1226 123", []),  # no card begins so
        (card_verification, "due 09/27 123 boxes", []),  # no card number
        (card_expiry, "card 4111111111111111 exp 09/27", ["09/27"]),  # said, beside a card
        (card_expiry, "Visa, valid thru: 09/2027", ["09/2027"]),  # four digits
        (card_expiry, "4111 1111 1111 1111 09/27", ["09/27"]),  # behind the number
        (card_expiry, "4111111111111111|12|26|123", ["12|26"]),  # as dumps have it
        (card_expiry, "4111111111111111\n12/26\n123", ["12/26"]),  # below
        (card_expiry, "4111111111111111 1226 123", ["1226"]),  # without a stroke
        (card_expiry, "4111111111111111,123,12/26", ["12/26"]),  # behind the code
        (card_expiry, "4111111111111112 1226 123", []),  # wrong check digit
        (card_expiry, "4111111111111111 1326 123", []),  # no such month
        (card_expiry, "exp 09/27, exp 10/28 on both cards", ["09/27", "10/28"]),  # two
        (card_expiry, "card expires 13/27", []),  # no such month
        (card_expiry, "insulin, exp 09/27", []),  # a medicine
        (card_track, "%B4111111111111111^DOE/JOHN^27091010000?", ["%B4111111111111111^DOE/JOHN^27091010000?"]),  # first  # noqa: E501
        (card_track, ";4111111111111111=27091010000?", [";4111111111111111=27091010000?"]),  # second
        (card_track, "4111111111111111=2709101", ["4111111111111111=2709101"]),  # without its ends
        (card_track, ";4111111111111112=27091010000?", []),  # wrong check digit
        (card_track, "123456789012=20210101", []),  # an equation
        (bic, "BIC DEUTDEFF500", ["DEUTDEFF500"]),  # eleven
        (bic, "SWIFT: BARCGB22 or CHASUS33", ["BARCGB22", "CHASUS33"]),  # eight, two
        (bic, "BIC DEUTQQFF", []),  # no such country
        (bic, "DEUTDEFF", []),  # bare
        (bic, "SWIFT payments TRANSFER", []),  # a word in capitals
        (pin, "my PIN is 4821", ["4821"]),  # in context
        (pin, "pin number: 482199", ["482199"]),  # six digits
        (pin, "pinned 4821", []),  # another word
        (cheque, "check number 1042", ["1042"]),  # in context
        (cheque, "check 1042 boxes", []),  # a verb
        (cheque, "⑆021000021⑆ 12345678⑈ 1042", ["⑆021000021⑆ 12345678⑈ 1042"]),  # magnetic ink
    ],
)  # fmt: skip
def test_identifier(module, text, expected):
    assert found(module.recogniser(), text) == expected


def test_institutions_and_law_are_no_identifiers():
    text = "ISIN US0378331005, LEI 5493001KJTIIGC8Y1R12, BIC DEUTDEFF500, 12 CFR 1005.11(c)(2)(i), $1,234,567.89, 31 U.S.C. 5318"  # noqa: E501
    assert [r.name for r in build() if not r.on_request and list(r.find(text))] == []
