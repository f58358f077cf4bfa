"""What stands in the place of an original, by the action its type has under the policy."""

import datetime as dt

from ragslm.privacy import calendar
from ragslm.privacy.coarsening import DATES, generalised, masked, truncated
from ragslm.privacy.policy import Policy
from ragslm.privacy.vault import Vault


class Replacer:
    """Carries out the policy's actions."""

    def __init__(self, policy: Policy, vault: Vault) -> None:
        self._policy, self._vault = policy, vault
        self.shifts_dates = any(policy.action(entity) == "shift" for entity in DATES)

    def replacement(self, entity: str, original: str, subject: str | None, *, lasting: bool) -> str:
        """The text that replaces `original`.

        Args:
            entity: its type.
            original: as it was written.
            subject: patient or account whose dates are moved together; None where none is known, and then a
                date that would be shifted is told by its year alone.
            lasting: whether its pseudonym counts as known in other texts.

        Raises:
            ScrubError: no free pseudonym was found.
        """
        action, today = self._policy.action(entity), dt.date.today()
        if action == "keep":
            return original
        if action == "pseudonym":
            return self._vault.pseudonym(entity, original, lasting=lasting)
        if action == "truncate":
            return truncated(entity, original)
        if action == "shift" and subject is not None and (written := calendar.read(original, today)):
            return self._shifted(entity, written, subject)
        if action in ("generalise", "shift"):
            return generalised(entity, original, today)
        return masked(entity) if action == "mask" else ""

    def _shifted(self, entity: str, written: calendar.Written, subject: str) -> str:
        try:
            return written.on(written.day - dt.timedelta(days=self._vault.days(subject)))
        except OverflowError:  # before the year 1
            return masked(entity)
