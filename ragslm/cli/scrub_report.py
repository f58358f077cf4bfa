"""What a privacy officer is told of a run of `ragslm scrub`: counts, types and the policy, and no text."""

import datetime as dt
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ragslm.errors import ConfigError
from ragslm.types import PrivacyPolicy, ScrubbedDocument

SUFFIXES = (".json", ".md")


@dataclass(frozen=True, slots=True)
class ScrubReport:
    """Counts of one run.

    Attributes:
        made: when, ISO 8601, UTC.
        policy: what was done to which type.
        files: findings by type, by the file's name.
        quarantined: why a file could not be read, by its name.
    """

    policy: PrivacyPolicy
    made: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    files: dict[str, dict[str, int]] = field(default_factory=dict)
    quarantined: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, document: ScrubbedDocument) -> None:
        """Count a document."""
        if document.scrubbed is None:
            self.quarantined[name] = document.reason or ""
        else:
            self.files[name] = dict(Counter(entity.type for entity in document.scrubbed.entities))

    @property
    def types(self) -> dict[str, int]:
        """Findings by type over all files, the most frequent first."""
        counts: Counter[str] = Counter()
        for found in self.files.values():
            counts.update(found)
        return dict(counts.most_common())

    def write(self, path: Path) -> None:
        """Write it as JSON or Markdown, as the file's suffix says.

        Raises:
            ConfigError: it cannot be written.
        """
        text = self._markdown() if path.suffix == ".md" else self._json()
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"Cannot write the report {str(path)!r}: {error.strerror}.") from None

    def _json(self) -> str:
        return json.dumps({**asdict(self), "types": self.types}, ensure_ascii=False, indent=2) + "\n"

    def _markdown(self) -> str:
        policy = self.policy
        lines = ["# What was scrubbed", "", f"Made {self.made}. Policy version `{policy.version}`, "]
        lines[-1] += (
            f"ready profiles: {', '.join(policy.profiles) or 'none'}, threshold {policy.threshold:.2f}."
        )
        lines[-1] += f" {len(self.files)} files scrubbed, {len(self.quarantined)} not read."
        lines += ["", "| type | action | findings |", "|---|---|---|"]
        actions = policy.actions
        lines += [f"| {t} | {actions.get(t, 'pseudonym')} | {n} |" for t, n in self.types.items()]
        lines += ["", "| file | findings | types |", "|---|---|---|"]
        for name, found in self.files.items():
            told = ", ".join(f"{t} {n}" for t, n in sorted(found.items()))
            lines.append(f"| {_cell(name)} | {sum(found.values())} | {told} |")
        if self.quarantined:
            lines += ["", "| not read | reason |", "|---|---|"]
            lines += [f"| {_cell(name)} | {_cell(why)} |" for name, why in self.quarantined.items()]
        return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
