"""What changed about findings between two looks at them: new, reopened, worse, better, explained, fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.schema.tables import SEVERITIES

NEW, REOPENED, WORSE, BETTER, EXPLAINED, FIXED = (
    "new", "reopened", "worse", "better", "explained", "fixed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingState:
    """An open finding as far as people are told about it."""

    finding_id: str
    code: str
    unit_code: str
    severity: str
    audience: str
    count: int
    is_explained: bool = False


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
    found = []
    for identity in sorted(before.keys() | after.keys()):
        old, new = before.get(identity), after.get(identity)
        kind = FIXED if new is None else _change_of(old, new)
        if kind:
            found.append(Change(kind, old, new))
    return tuple(found)


def _change_of(old: FindingState | None, new: FindingState) -> str:
    if old is None:
        return "" if new.is_explained else NEW
    if new.is_explained:
        return "" if old.is_explained else EXPLAINED
    if old.is_explained:
        return REOPENED
    if old.severity != new.severity:
        return WORSE if SEVERITIES.index(new.severity) < SEVERITIES.index(old.severity) else BETTER
    if old.count == new.count or new.severity == "info":
        return ""
    return WORSE if new.count > old.count else BETTER
