"""Business identifier codes of banks.

Issuer: SWIFT. Format: four letters, country, two and perhaps three letters or digits. It names an
institution, which is knowledge: looked for only where a policy names the type. Reference: ISO 9362.
Checksum: none; the country code is checked, and a word must stand near it.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_CODE = re.compile(
    r"(?<![\w\-])[A-Z]{4}(?:A[DEFGILMNOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]"
    r"|E[CEGHRST]|F[IJKMOR]|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]"
    r"|L[ABCIKRSTUVY]|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]"
    r"|S[ABCDEGHIJKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW])"
    r"[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\w\-])"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of BICs."""
    near = words("bic", "swift(?: code)?", "bank identifier", "correspondent", "beneficiary bank")
    return RuleRecogniser("BIC", [Rule(pattern=_CODE, score=0.8, around=near)], on_request=True)
