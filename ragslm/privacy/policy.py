"""What happens to each kind of personal data, and what the policy's version is."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ragslm.errors import ConfigError
from ragslm.settings import Action, PrivacySettings

# Types that formats label and no recogniser finds: they reach the scrubber by field only.
BY_FIELD = frozenset(
    """ACCOUNT ADDRESS CITY DATE DATE_TIME DEVICE_ID GPE ID LOCATION NRP ORGANIZATION ORGANISATION TITLE URL
    USERNAME PATIENT_ID PHOTO PROVIDER RELATIVE""".split()
)
# Other names formats and Presidio have for a type, so that a number is the same token wherever it stands.
_SAME = {
    "ADDRESS": "STREET_ADDRESS",
    "IBAN": "IBAN_CODE",
    "US_BANK_NUMBER": "ACCOUNT",
    "US_MBI": "MBI",
    "US_NPI": "NPI",
    "US_PASSPORT": "PASSPORT",
}
# Kept nowhere, not even encrypted. Source: PCI DSS 4.0.1, 3.3.1 (sensitive authentication data).
NEVER_STORED = frozenset({"CVV", "PIN", "CARD_TRACK"})


def family(entity: str) -> str:
    """The name ragslm has for an entity type."""
    return _SAME.get(entity, entity)


@dataclass(frozen=True, slots=True)
class Policy:
    """Actions by entity type and the confidence from which a finding counts.

    Attributes:
        threshold: findings below it are left alone, 0 to 1.
        actions: what happens to each type; a type not named gets a pseudonym.
    """

    threshold: float
    actions: Mapping[str, Action] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: PrivacySettings, known: Collection[str]) -> "Policy":
        """The policy of these settings.

        Raises:
            ConfigError: an entity type is named that no loaded recogniser finds and no format labels, or
                sensitive authentication data would be kept.
        """
        for entity, action in settings.actions.items():
            if entity not in known and entity not in BY_FIELD:
                raise ConfigError(
                    f"privacy.actions names {entity!r}, which no loaded recogniser finds; known are "
                    f"{', '.join(sorted(set(known) | BY_FIELD))}."
                )
            if entity in NEVER_STORED and action in ("keep", "pseudonym"):
                raise ConfigError(f"privacy.actions: {entity!r} may be dropped or masked, never {action!r}.")
        return cls(settings.threshold, dict(settings.actions))

    def action(self, entity: str) -> Action:
        """What happens to a finding of this type."""
        return self.actions.get(entity, "drop" if entity in NEVER_STORED else "pseudonym")

    def version(self, parts: Collection[str]) -> str:
        """A short hash over the policy and the given component versions."""
        stated = [
            f"{self.threshold:.4f}",
            *(f"{k}={v}" for k, v in sorted(self.actions.items())),
            *sorted(parts),
        ]
        return hashlib.sha256("\n".join(stated).encode()).hexdigest()[:16]
