"""What people are told between two looks at the findings: the changes of their life that are news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expectations.life import EXPLAINED, NEW, PERSISTING, REOPENED, WORSE, FindingState, life_states


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one finding; ``before`` is None for a new one, ``after`` for a fixed one."""

    kind: str
    before: FindingState | None
    after: FindingState | None

    @property
    def finding(self) -> FindingState:
        """The finding as it is, or as it was before it was fixed."""
        state = self.after or self.before
        assert state is not None
        return state

    @property
    def is_newly_critical(self) -> bool:
        """True when a critical finding asks for work that nobody was told of: new, reopened or grown critical."""
        if self.after is None or self.after.severity != "critical":
            return False
        grew = self.before is not None and self.before.severity != "critical"
        return self.kind in (NEW, REOPENED) or (self.kind == WORSE and grew)


def finding_changes(
    before: Mapping[str, FindingState], after: Mapping[str, FindingState]
) -> tuple[Change, ...]:
    """One change per finding that differs, in the order of its id.

    Both mappings hold the open findings by id. What came and went between the two looks is no change.
    A finding that is explained is quiet until it is fixed or the explanation no longer covers it; one that
    is met explained already is none to tell of. The number of notes (severity info) moves with the
    data from day to day and is no change either.
    """
    changes = (
        Change(kind, before.get(identity), after.get(identity))
        for identity, kind in life_states(before, after).items()
    )
    return tuple(change for change in changes if _is_news(change))


def _is_news(change: Change) -> bool:
    old, new = change.before, change.after
    if change.kind == PERSISTING:
        return False
    if change.kind == EXPLAINED:
        return old is not None and not old.is_explained
    # Worse or better by its number alone.
    is_number = old is not None and new is not None and old.severity == new.severity
    return not (is_number and change.kind != REOPENED and change.finding.severity == "info")
