"""What happens to each kind of personal data, and what the policy's version is.

Order of the layers: the default; a domain's `profile.yaml`; the deployment's own settings, which replace what
the domain says, with a warning where that loosens it; the other domains; the ready profiles. Wherever two
domains, or a ready profile and anything else, disagree about a type, the stricter action wins: the one after
which less can be got back, whoever holds the keys.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ragslm.access.clearance import EVERY
from ragslm.errors import ConfigError
from ragslm.privacy.coarsening import DATES, GENERALISED, TRUNCATED
from ragslm.privacy.profiles import load_profile
from ragslm.settings import Action, PrivacySettings

# Types that formats label and no recogniser finds: they reach the scrubber by field only.
BY_FIELD = frozenset(
    """ACCOUNT ADDRESS BIOMETRIC CITY DATE DATE_OF_DEATH DATE_TIME DEVICE_ID GPE ID LOCATION NRP ORGANIZATION
    ORGANISATION TITLE URL USERNAME PATIENT_ID PHOTO PROVIDER RELATIVE""".split()
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

STRICTNESS: tuple[Action, ...] = ("keep", "shift", "pseudonym", "generalise", "truncate", "mask", "drop")
"""From the weakest to the strictest. After `shift` and `pseudonym` a holder of the keys has all of it, after
`generalise` and `truncate` nobody has more than a part, after `mask` only the type is left."""

_ONLY: Mapping[Action, frozenset[str]] = {"shift": DATES, "generalise": GENERALISED, "truncate": TRUNCATED}


def family(entity: str) -> str:
    """The name ragslm has for an entity type."""
    return _SAME.get(entity, entity)


def default_action(entity: str) -> Action:
    """What happens to a type that no layer names."""
    return "drop" if entity in NEVER_STORED else "pseudonym"


def strictest(layers: Sequence[PrivacySettings]) -> PrivacySettings:
    """Several domains' settings as one: of each type the strictest action, and the lowest threshold.

    A domain that does not name a type asks for the default, so that one domain alone loosens nothing.

    Raises:
        ConfigError: two of them name different models as their finder.
    """
    asked = [_by_family(layer.actions) for layer in layers]
    return PrivacySettings(
        threshold=min(layer.threshold for layer in layers),
        actions={
            entity: _stricter(actions.get(entity, default_action(entity)) for actions in asked)
            for entity in sorted({entity for actions in asked for entity in actions})
        },
        profiles=tuple(dict.fromkeys(name for layer in layers for name in layer.profiles)),
        forget_authentication=any(layer.forget_authentication for layer in layers),
        restore=_granted(layers),
        finder=_finder(layers),
    )


def tightened(settings: PrivacySettings) -> PrivacySettings:
    """The settings under the ready profiles that they name.

    Raises:
        ConfigError: there is no such profile.
    """
    profiles = [load_profile(name) for name in settings.profiles]
    actions = _by_family(settings.actions)
    for demand in (demand for profile in profiles for demand in profile.demands()):
        present = actions.get(demand.entity, default_action(demand.entity))
        actions[demand.entity] = _stricter((present, demand.action))
    return settings.model_copy(
        update={
            "threshold": min([settings.threshold, *(profile.threshold for profile in profiles)]),
            "actions": actions,
            "forget_authentication": _forgets(settings),
        }
    )


def loosened(brought: PrivacySettings, present: PrivacySettings) -> list[str]:
    """Which parts of what a domain brings are weaker at present: `threshold`, `actions.MRN`, …"""
    parts = ["threshold"] if present.threshold > brought.threshold else []
    parts += [f"profiles {name}" for name in brought.profiles if name not in present.profiles]
    actions = _by_family(present.actions)
    for entity, action in _by_family(brought.actions).items():
        if STRICTNESS.index(actions.get(entity, default_action(entity))) < STRICTNESS.index(action):
            parts.append(f"actions.{entity}")
    if brought.forget_authentication and not _forgets(present):
        parts.append("forget_authentication")
    if brought.finder and not present.finder:
        parts.append("finder")
    return parts + _widened(restore_rules(brought), restore_rules(present))


def restore_rules(settings: PrivacySettings) -> dict[str, tuple[str, ...]]:
    """What `privacy.restore` grants to each group, under the names that pseudonyms begin with."""
    return {group: tuple(map(family, types)) for group, types in settings.restore.items()}


def _widened(brought: Mapping[str, Sequence[str]], present: Mapping[str, Sequence[str]]) -> list[str]:
    """Groups that see more at present; `restore` where every cleared user sees all by now."""
    if not brought or not present:
        return ["restore"] if brought else []
    return [
        f"restore.{group}"
        for group, types in present.items()
        if EVERY not in brought.get(group, ()) and not set(types) <= set(brought.get(group, ()))
    ]


def _forgets(settings: PrivacySettings) -> bool:
    """Whether they, or a ready profile that they name, keep no original with authentication data."""
    return settings.forget_authentication or any(
        load_profile(name).forget_authentication for name in settings.profiles
    )


def _finder(layers: Sequence[PrivacySettings]) -> bool | Path:
    """One reads for all domains: the model that one of them names, else the shipped one if any wants it.

    Raises:
        ConfigError: two name different models.
    """
    named = {layer.finder for layer in layers if isinstance(layer.finder, Path)}
    if len(named) > 1:
        raise ConfigError("Two domains name different models in privacy.finder. Name one in ragslm.yaml.")
    return next(iter(named), any(layer.finder for layer in layers))


def _by_family(actions: Mapping[str, Action]) -> dict[str, Action]:
    """Actions by the name ragslm has for each type; of two names of one type the stricter action."""
    named: dict[str, Action] = {}
    for entity, action in actions.items():
        name = family(entity)
        named[name] = _stricter((action, named.get(name, action)))
    return named


def _granted(layers: Sequence[PrivacySettings]) -> dict[str, tuple[str, ...]]:
    """Every type that any domain lets a group see: whom it holds for is each domain's own matter, and here it
    is only checked.
    """
    groups = dict.fromkeys(group for layer in layers for group in layer.restore)
    return {group: tuple({e for layer in layers for e in layer.restore.get(group, ())}) for group in groups}


def _stricter(actions: Iterable[Action]) -> Action:
    return max(actions, key=STRICTNESS.index)


@dataclass(frozen=True, slots=True)
class Policy:
    """Actions by entity type and the confidence from which a finding counts.

    Attributes:
        threshold: findings below it are left alone, 0 to 1.
        actions: what happens to each type; a type not named gets a pseudonym.
        profiles: the ready profiles that were laid over the domains' own.
        forget_authentication: no original is stored of a document that holds what authenticates a card.
    """

    threshold: float
    actions: Mapping[str, Action] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    forget_authentication: bool = False

    @classmethod
    def of(cls, settings: PrivacySettings, known: Collection[str]) -> "Policy":
        """The policy of these settings, under the ready profiles that they name.

        Raises:
            ConfigError: an entity type is named that no loaded recogniser finds and no format labels, an
                action does not fit its type, or sensitive authentication data would be kept.
        """
        # Every domain's profile drops them; which one brings their recogniser, a ready profile must care.
        asked = {
            e: a for e, a in settings.actions.items() if e not in NEVER_STORED or e in known or a != "drop"
        }
        layers: list[tuple[str, Mapping[str, Action]]] = [("privacy.actions", asked)]
        for name in settings.profiles:
            demands = load_profile(name).demands()
            layers.append((f"Ready profile {name!r}", {d.entity: d.action for d in demands}))
        for layer, actions in layers:
            for entity, action in actions.items():
                _check(layer, entity, action, known)
        for entity in {entity for types in settings.restore.values() for entity in types} - {EVERY}:
            _check("privacy.restore", entity, "drop", known)
        whole = tightened(settings)
        return cls(whole.threshold, whole.actions, whole.profiles, whole.forget_authentication)

    def action(self, entity: str) -> Action:
        """What happens to a finding of this type."""
        entity = family(entity)
        return self.actions.get(entity, default_action(entity))

    def version(self, parts: Collection[str]) -> str:
        """A short hash over the policy and the given component versions."""
        stated = [
            f"{self.threshold:.4f}",
            *(f"{k}={v}" for k, v in sorted(self.actions.items())),
            *(["forget_authentication"] if self.forget_authentication else []),
            *sorted(parts),
        ]
        return hashlib.sha256("\n".join(stated).encode()).hexdigest()[:16]


def _check(layer: str, entity: str, action: Action, known: Collection[str]) -> None:
    """Refuse an action that could not be carried out.

    Raises:
        ConfigError: see `Policy.of`.
    """
    entity = family(entity) if family(entity) in known else entity
    if entity not in known and entity not in BY_FIELD:
        raise ConfigError(
            f"{layer} names {entity!r}, which no loaded recogniser finds; known are "
            f"{', '.join(sorted(set(known) | BY_FIELD))}. A domain that brings it is missing in `domains`."
        )
    if entity in NEVER_STORED and action not in ("drop", "mask"):
        raise ConfigError(f"{layer}: {entity!r} may be dropped or masked, never {action!r}.")
    if action in _ONLY and entity not in _ONLY[action]:
        raise ConfigError(f"{layer}: {action!r} fits {', '.join(sorted(_ONLY[action]))}, not {entity!r}.")
