"""Serial and lot numbers of medical devices; the device identifier itself names a product and stays.

Issuer: makers under the agencies GS1, HIBCC and ICCBBA. Format: GS1 application identifiers (01) device, (17)
expiry and (11) production date stay, (21) serial and (10) lot go; HIBCC secondary data behind `/$`, `/S`;
ICCBBA serial `=,` and donation `=`; or a number with `serial` before it. Reference: 21 CFR 801.40 and 830;
45 CFR 164.514(b)(2)(i)(M). Checksum: none of the serial.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_GS1 = re.compile(r"\((?:21|10)\)[ ]?(?P<value>[A-Za-z0-9\-./_+]{1,20})")
_DI = re.compile(r"\(01\)\s?\d{14}")
_GS1_PLAIN = re.compile(r"(?<!\w)01\d{14}(?:1[17]\d{6}){0,2}(?:10|21)(?P<value>[A-Za-z0-9\-./_+\x1d]{1,40})")
_HIBCC = re.compile(r"(?<!\w)\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}\d/(?P<value>[$S][A-Za-z0-9$+\-./]{1,60})(?!\w)")
_ICCBBA = re.compile(r"=/[A-Z0-9]{14,20}(?:=,|=)(?P<value>\d{6}[A-Z0-9=>}{&,!]{0,60})")
_SAID = re.compile(
    r"\b(?:serial(?:[ ](?:number|no\.?|num|#))?|s/n|sn\b|lot(?:[ ](?:number|no\.?|#)))[ ]{0,2}"
    r"(?:is|:|=|#)?[ ]{0,2}"
    r"(?P<value>(?=[A-Z\-]{0,12}\d)[A-Z0-9][A-Z0-9\-]{3,24})(?!\w)",
    re.IGNORECASE,
)
_DEVICE = words(
    *(
        "udi",
        "devices?",
        "implant(?:ed|s)?",
        "pacemakers?",
        "icd",
        "stents?",
        "pumps?",
        "prosthes[ie]s",
        "valves?",
    ),
    *("catheters?", "leads?", "generators?", "monitors?", "ventilators?", "hearing aids?", "cpap", "model"),
)


def recogniser() -> RuleRecogniser:
    """The recogniser of device serial and lot numbers. A medicine's lot number is asked for in a recall."""
    return RuleRecogniser(
        "DEVICE_ID",
        [
            Rule(pattern=_GS1, score=0.9, around=_DI, needs=("(01)",), digits=2, reach=80),
            Rule(pattern=_GS1_PLAIN, score=0.8, needs=("01",), digits=16),
            Rule(pattern=_HIBCC, score=0.8, needs=("/$", "/s"), digits=1),
            Rule(pattern=_ICCBBA, score=0.8, needs=("=/",), digits=6),
            Rule(
                pattern=_SAID,
                score=0.8,
                around=_DEVICE,
                needs=("serial", "s/n", "sn", "lot"),
                digits=1,
                reach=80,
            ),
        ],
    )
