"""One table per shared identifier: valid, formatted, in context, degenerate, wrong, look-alike."""

import pytest

from ragslm.privacy.recogniser import RagslmRecogniser
from ragslm.privacy.recognisers import (
    birth_date,
    build,
    date,
    driver_licence,
    email,
    iban,
    ip_address,
    mac_address,
    old_age,
    passport,
    payment_card,
    person,
    phone,
    street_address,
    uk_nino,
    us_ein,
    us_itin,
    us_ssn,
    vehicle,
    zip_code,
)

# ICAO Doc 9303, part 4, appendix B
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def found(recogniser, text):
    spans = sorted({(start, end) for start, end, score in recogniser.find(text) if score >= 0.35})
    whole = [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return [text[start:end] for start, end in whole]


def test_a_recogniser_that_finds_nothing_cannot_be_built():
    class Unfinished(RagslmRecogniser):
        """Forgot `find`."""

    with pytest.raises(TypeError, match="find"):
        Unfinished("PERSON")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111111111111111", ["4111111111111111"]),  # visa 16
        ("card 4222222222222", ["4222222222222"]),  # visa 13, in context
        ("2223003122003222", ["2223003122003222"]),  # mastercard 2-series
        ("378282246310005", ["378282246310005"]),  # amex
        ("4111-1111-1111-1111", ["4111-1111-1111-1111"]),  # dashes
        ("4111 1111 1111 1111", ["4111 1111 1111 1111"]),  # spaces
        ("4111.1111.1111.1111", ["4111.1111.1111.1111"]),  # dots
        ("4111\u00a01111\u00a01111\u00a01111", ["4111\u00a01111\u00a01111\u00a01111"]),  # no-break spaces
        ("4111–1111–1111–1111", ["4111–1111–1111–1111"]),  # en dashes
        ("٤١١١١١١١١١١١١١١١", ["٤١١١١١١١١١١١١١١١"]),  # Arabic-Indic digits
        ("4111111111111112", []),  # wrong check digit
        ("card 3509413199654323", ["3509413199654323"]),  # unknown prefix, but called a card
        ("SNOMED 4111111111111111", []),  # a code system's number
        ("1,234,567,890,123,456", []),  # an amount
        ("0000000000000000", []),  # degenerate
        ("4111_1111_1111_1111", ["4111_1111_1111_1111"]),  # underscores
        ("41111111\n    11111111", ["41111111\n    11111111"]),  # wrapped with an indent
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", ["4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]),  # every digit apart
        ("4111 1111 1111 1111 09/27", ["4111 1111 1111 1111"]),  # an expiry behind
        ("4111111111111111 5500005555555559", ["4111111111111111", "5500005555555559"]),  # two
        ("3f2a9c1b8d7e6f5a4b3ca4111111111111111f0", []),  # part of a hash
        ("65a4111111111111111f0abc", []),  # of an object id
        ("acc4111111111111111", ["4111111111111111"]),  # a word in letters that hashes have
        ("4111111111111111 (SNOMED)", []),  # a code system behind
        ("(01) 41111111111111 (21) 5", []),  # a device
        ("card_4111-1111-1111-1111_x", ["4111-1111-1111-1111"]),  # in a name with underscores
    ],
)
def test_payment_card(text, expected):
    assert found(payment_card.recogniser(), text) == expected


def test_a_code_system_shields_the_number_beside_it_and_not_the_list_below():
    cards = ["4111 1111 1111 1111"] * 4
    assert found(payment_card.recogniser(), "\n".join(["ISBN 9780306406157", *cards]))[-3:] == cards[-3:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GB82WEST12345698765432", ["GB82WEST12345698765432"]),  # plain
        ("GB82 WEST 1234 5698 7654 32", ["GB82 WEST 1234 5698 7654 32"]),  # in fours
        ("gb82west12345698765432", ["gb82west12345698765432"]),  # lower case
        ("GB82.WEST.1234.5698.7654.32", ["GB82.WEST.1234.5698.7654.32"]),  # dots
        ("GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032", ["GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032"]),  # no-break  # noqa: E501
        ("IBANGB82WEST12345698765432EUR", ["GB82WEST12345698765432"]),  # glued on both sides
        ("DE89370400440532013000 FR1420041010050500013M02606", ["DE89370400440532013000", "FR1420041010050500013M02606"]),  # two  # noqa: E501
        ("GB82WEST12345698765433", []),  # wrong check digits
        ("is 34-year-old gentleman has complained", []),  # prose that passes mod 97
        ("GB82WEST1234569876543", []),  # too short
        ("US0378331005", []),  # an ISIN
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", ["MT84 MALT 0110 0001 2345 MTLC AST0 01S"]),  # letters
        ("DE893704004405320130001", []),  # a digit too many
    ],
)  # fmt: skip
def test_iban(text, expected):
    assert found(iban.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane.roe@example.org", ["jane.roe@example.org"]),  # plain
        ("to jane@ward3.local, now", ["jane@ward3.local"]),  # internal domain
        ("<o'neil+x@bank.corp>", ["o'neil+x@bank.corp"]),  # marks around
        ("a@b.de and c@d.fr.", ["a@b.de", "c@d.fr"]),  # two, full stop
        ("see ...jane.roe@b.de, [x].tom@b.de", ["jane.roe@b.de", "tom@b.de"]),  # behind full stops
        ("a.b.c.d.e.f.g.h.i@b.de jane..roe@b.de", ["a.b.c.d.e.f.g.h.i@b.de", "jane..roe@b.de"]),  # many stops
        ("5 @ 3.20 each", []),  # a price
        ("@handle", []),  # no local part
    ],
)
def test_email(text, expected):
    assert found(email.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(898)666-3621x0135", ["(898)666-3621x0135"]),  # extension
        ("212.555.0132 Ext: 33", ["212.555.0132 Ext: 33"]),  # extension in words
        ("call 555-0132, ext. 42", ["555-0132, ext. 42"]),  # no area code, in context
        ("001-253-366-9781", ["001-253-366-9781"]),  # dialled from abroad
        ("+41 (0)96 471 07 95", ["+41 (0)96 471 07 95"]),  # E.164 with trunk zero
        ("Phone: 0378 3549890", ["0378 3549890"]),  # trunk prefix
        ("call me on 9472 7916.", ["9472 7916"]),  # bare, in context
        ("fax 555-0132", ["555-0132"]),  # without area code, in context
        ("9472 7916", []),  # bare, without context
        ("2022 2021 2020", []),  # a table of years
        ("1,234.56 789.10", []),  # amounts
        ("12 CFR 1005.11(c)", []),  # a section
        ("NDC 0002-8215-01", []),  # a drug code
        ("2020-01-31 10:00", []),  # a date
        ("phone_905-674-3793", ["905-674-3793"]),  # a name with an underscore
    ],
)
def test_phone(text, expected):
    assert found(phone.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("460-89-9847", ["460-89-9847"]),  # plain
        ("SSN 460899847", ["460899847"]),  # bare, in context
        ("460-89-9847; 514-69-0360", ["460-89-9847", "514-69-0360"]),  # two
        ("666-12-3456", []),  # area never issued
        ("460-00-9847", []),  # group never issued
        ("460899847", []),  # bare, without context
        ("ssn_460-89-9847 460-89-9847_x", ["460-89-9847", "460-89-9847"]),  # names with underscores
    ],
)
def test_us_ssn(text, expected):
    assert found(us_ssn.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EIN 35-9532554", ["35-9532554"]),  # valid
        ("Federal tax ID: 359532554", ["359532554"]),  # without a dash
        ("FEIN 35-9532554, EIN 82-7992061", ["35-9532554", "82-7992061"]),  # two
        ("EIN 00-1234567", []),  # prefix of no campus
        ("EIN 35-953255", []),  # too short
        ("part 35-9532554", []),  # no context
        ("ein_12-3456789", ["12-3456789"]),  # a name with an underscore
    ],
)
def test_us_ein(text, expected):
    assert found(us_ein.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AB123456C", ["AB123456C"]),  # plain
        ("AB 12 34 56 C", ["AB 12 34 56 C"]),  # pairs
        ("NI number ab123456c", ["ab123456c"]),  # small, in context
        ("AB123456C, JG103759A", ["AB123456C", "JG103759A"]),  # two
        ("BG123456C", []),  # prefix not given out
        ("QQ123456C", []),  # letter that begins none
        ("ab123456c", []),  # small, bare
        ("AB123456E", []),  # wrong suffix
        ("nino_AB123456C", ["AB123456C"]),  # a name with an underscore
    ],
)
def test_uk_nino(text, expected):
    assert found(uk_nino.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 March 2021", ["14 March 2021"]),  # British
        ("Mar. 14, 2021", ["Mar. 14, 2021"]),  # American, short
        ("14th of March 2021", ["14th of March 2021"]),  # ordinal
        ("14MAR2021 14-Mar-21", ["14MAR2021", "14-Mar-21"]),  # capitals; two digits
        ("20210314", ["20210314"]),  # compact
        ("20210314093000+0000", ["20210314093000+0000"]),  # HL7
        ("2021-03-14T09:30:00Z", ["2021-03-14T09:30:00Z"]),  # ISO, with time
        ("3/14/21 and 14.03.2021", ["3/14/21", "14.03.2021"]),  # two
        ("March 2021, 03/2021", ["March 2021", "03/2021"]),  # months
        ("Sunday, March 14", ["Sunday, March 14"]),  # no year
        ("DOS: 210314", ["210314"]),  # six digits in context
        ("seen on 3/14", ["3/14"]),  # no year, in context
        ("20211514 21/21/2021", []),  # no such month
        ("210314", []),  # bare six digits
        ("pain on exertion 7/10, BP 120/80", []),  # scores
        ("in 2021, 24/7, version 2.3.1, L4-5", []),  # a year; look-alikes
        ("he may 10 times; 2 may 20 mg", []),  # a verb
        ("Reg 12 CFR 1005.11, NDC 0002-8215-01", []),  # law, a drug
        ("at 20210314T093000Z", ["20210314T093000Z"]),  # ISO basic form
        ("2021-03-14T9:30", ["2021-03-14T9:30"]),  # an hour of one digit
        ("14/Mar/2021:10:00:00 +0000", ["14/Mar/2021:10:00:00 +0000"]),  # a log
        ("scan_2021-03-14.pdf 2021-03-14_a", ["2021-03-14", "2021-03-14"]),  # names with underscores
        ("IMG_20210314_093000", ["20210314"]),
        ("seen on 14.3.21", ["14.3.21"]),  # German, short, in context
        ("see 14.3.21", []),  # a section
    ],
)
def test_date(text, expected):
    assert found(date.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("912-70-1234", ["912-70-1234"]),  # plain
        ("ITIN: 912701234", ["912701234"]),  # bare, in context
        ("912-49-1234", []),  # group not assigned
        ("812-70-1234", []),  # not an ITIN
        ("itin_912-70-1234", ["912-70-1234"]),  # a name with an underscore
    ],
)
def test_us_itin(text, expected):
    assert found(us_itin.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DOB: 6/24/1991", ["6/24/1991"]),  # American
        ("born on 14 March 2021", ["14 March 2021"]),  # in words
        ("date of birth 14MAR2021", ["14MAR2021"]),  # joined
        ("D.O.B. 1961-06-15", ["1961-06-15"]),  # ISO
        ("admitted 6/24/1991", []),  # another date
        ("born in 1961", []),  # a year is no day
        ("DOB_1950-04-03", ["1950-04-03"]),  # a name with an underscore
        ("born 3.4.50", ["3.4.50"]),  # German, short
    ],
)
def test_birth_date(text, expected):
    assert found(birth_date.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 92-year-old woman", ["92"]),  # over 89
        ("93 y/o male", ["93"]),  # short
        ("aged 101", ["101"]),  # behind the word
        ("an 89-year-old man", []),  # may stay
        ("people over 90 years old", []),  # a threshold
        ("between 85 and 94 years old", []),  # a range
        ("95 mg", []),  # a dose
        ("Age: 91, Age 93 a, 95yo", ["91", "93", "95"]),  # forms and lists
        ("a ninety-one-year-old man", ["ninety-one"]),  # in words
        ("is 97 years of age", ["97"]),  # spelled out
        ("94F with cough", ["94"]),  # age and sex
        ("in her early 90s", ["90s"]),  # a decade
        ("born in 1921 in Ohio; YOB 1919", ["1921", "1919"]),  # a birth year tells it
        ("born in 1985", []),  # this one may stay
        ("in the 1990s, the 1921 flood, 94M USD", []),  # other years, an amount
        ("aged 92 days, age 91 months", []),  # no years
    ],
)
def test_old_age(text, expected):
    assert found(old_age.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 106.31.73.20", ["106.31.73.20"]),  # version 4
        ("2001:db8::8a2e:370:7334", ["2001:db8::8a2e:370:7334"]),  # version 6
        ("256.1.1.1", []),  # not an octet
        ("section 1.2.3.4", []),  # a section
        ("at 10:30:45", []),  # a time
    ],
)
def test_ip_address(text, expected):
    assert found(ip_address.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:1A:2b:3C:4d:5E", ["00:1A:2b:3C:4d:5E"]),  # colons
        ("00-1A-2b-3C-4d-5E", ["00-1A-2b-3C-4d-5E"]),  # dashes
        ("00:1A-2b:3C:4d:5E", []),  # mixed
        ("00:1A:2b:3C:4d:5E:77", []),  # too long
    ],
)
def test_mac_address(text, expected):
    assert found(mac_address.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my driver's license number is 2270-66-1551", ["2270-66-1551"]),  # in context
        ("DL# U62928788557186", ["U62928788557186"]),  # short
        ("driving licence 6940579", ["6940579"]),  # British
        ("ICD-10 S52521", []),  # a code of the same shape
    ],
)
def test_driver_licence(text, expected):
    assert found(driver_licence.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("passport number: C03005988", ["C03005988"]),  # in context
        ("Passport no. 123456789", ["123456789"]),  # digits only
        ("passport by 2024", []),  # a year
        ("C03005988", []),  # without context
        (MRZ, MRZ.split("\n")),  # machine-readable: the name, then number and dates
        (
            MRZ.replace("6UTO7408122", "6UTO7408123"),
            MRZ.split("\n")[:1],
        ),  # wrong check digit of the birth date
    ],
)
def test_passport(text, expected):
    assert found(passport.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1M8GDM9AXKP042788", ["1M8GDM9AXKP042788"]),  # valid
        ("VIN: 1M8GDM9A1KP042788", ["1M8GDM9A1KP042788"]),  # wrong check digit, but called one
        ("1M8GDM9A1KP042788", []),  # wrong check digit
        ("11111111111111111", []),  # degenerate
        ("1M8GDM9A9KP04A7X8", []),  # a serial number that holds letters
    ],
)
def test_vehicle(text, expected):
    assert found(vehicle.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my zip code is 35350", ["35350"]),  # in context
        ("Boston, MA 02110-1234", ["02110-1234"]),  # behind a state
        ("postcode SW1A 1AA", ["SW1A 1AA"]),  # British
        ("B0J 2H0", ["B0J 2H0"]),  # Canadian
        ("35350 patients", []),  # a count
        ("B12 deficiency", []),  # a vitamin
    ],
)
def test_zip_code(text, expected):
    assert found(zip_code.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 350 Fifth Avenue, New York, NY 10118", ["350 Fifth Avenue, New York, NY 10118"]),  # to the code
        ("Hauptstrasse 7", ["Hauptstrasse 7"]),  # German
        ("Rua do Arenque 1634", ["Rua do Arenque 1634"]),  # Portuguese
        ("PSC 1437, Box 3833\nAPO AA 66791", ["PSC 1437, Box 3833\nAPO AA 66791"]),  # military
        ("P.O. Box 255", ["P.O. Box 255"]),  # box
        ("she lives at 86036 Cherry Blossom 1634", ["86036 Cherry Blossom 1634"]),  # in context
        ("Measuring 1 cm, Aggregate 2022", []),  # endings of streets elsewhere
        ("12 CFR Part 1005", []),  # a section
        ("In 2021 Net Revenue 500", []),  # a report
        ("500 mg Metformin", []),  # a dose
    ],
)
def test_street_address(text, expected):
    assert found(street_address.recogniser(), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Leiva flew", ["Leiva"]),  # title
        ("My name is Rubija", ["Rubija"]),  # announced
        ("Patient: DOE, JOHN", ["DOE, JOHN"]),  # turned
        ("by Hannah Sheppard", ["Hannah Sheppard"]),  # census pair
        ("Hannah, Anthony and Derek came", ["Hannah", "Anthony", "Derek"]),  # list
        ("Name: Wilson Disease", []),  # an eponym
        ("Mrs. Smith fever resolved", ["Smith"]),  # a title: no fever called after a Smith
        ("seen by Dr. Parkinson test ordered", ["Parkinson"]),
        ("Patient: John Edwards disease stable", ["John Edwards"]),
        ("Grant Thornton, Julius Baer and the Ramsay Hunt syndrome", []),  # called after people
        ("Mr. Grant Thornton paid", ["Grant Thornton"]),
        ("Attending physician: Dr. Subramaniam.", ["Subramaniam"]),  # the title is no name
        ("she lives with her husband Qadir Zhou.", ["Qadir Zhou"]),
        ("Reviewed with Iyer, RN, at the bedside", ["Iyer"]),
        ("Patient Name: Dimitri Zhou HOSPITAL COURSE: good", ["Dimitri Zhou"]),  # a heading behind it
        ("RE: Quzmar Results were faxed", ["Quzmar Results"]),  # the next sentence behind it
        ("Attn: Billing", []),
        ("Lastschrift, Miete Mai Wohnung 3", []),  # words of a payment
        ("Patient: Male", []),  # a word of the form
        ("Morgan Stanley and Merrill Lynch", []),  # firms
        ("GENERAL PROVISIONS", []),  # a heading
        ("my name is misspelled", []),  # a word
        ("Karen Gross and Scott Other", ["Karen Gross"]),  # a given name before a word
        ("the Puerto Rico branch of J.P. Morgan", []),  # a place, a firm
        ("the page was called Weekly Summary", []),  # a thing
    ],
)
def test_person_without_the_model(text, expected):
    assert found(person.recogniser(), text) == expected


def test_every_recogniser_is_built_once():
    names = [recogniser.name for recogniser in build()]
    assert len(names) == len(set(names)) == 20
