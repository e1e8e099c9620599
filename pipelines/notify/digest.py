"""Who is to be told what today: one message a working day, new critical findings at once, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from expectations.changes import Change, finding_changes
from expectations.life import FindingState
from pipelines.notify.owners import Addressed, Owners, Recipient
from pipelines.notify.told import CRITICAL, DIGEST, ESCALATED, ESCALATION, Told
from transforms.calendar.work_calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class PlannedAlert:
    """One message before it is worded."""

    kind: str
    recipient: Recipient
    changes: tuple[Change, ...]
    own_units: frozenset[str]
    """Units whose own owner the recipient is: only these units' folders may be named to them."""
    is_first: bool = False
    """True when the recipient was never told anything before."""


@dataclass(frozen=True, slots=True)
class Day:
    """The working day of a run, and what about it decides who is told."""

    day: date
    calendar: WorkCalendar

    @property
    def is_quiet(self) -> bool:
        """True on days off: the digest waits for the next working day and covers them too."""
        return not self.calendar.is_working_day(self.day)


def plan_alerts(
    owners: Owners,
    told: Mapping[Recipient, Told],
    current: Mapping[str, FindingState],
    today: Day,
    opened_on: Callable[[str], date],
    reachable: Collection[Recipient],
) -> tuple[PlannedAlert, ...]:
    """The messages of one run in the order of their recipients.

    A recipient is told the difference between what they were told before and what is open now
    (``current``), so runs that are repeated, missed or broken off tell nothing twice and leave nothing
    out; what came and went on quiet days is not told. On quiet days only rows marked "ngay" are told of
    new critical findings. Who cannot be reached at all is told everything at once when they can.
    """
    addressed = {
        identity: owners.find_addressed(state.code, state.unit_code, state.audience)
        for identity, state in current.items()
    }
    planned: list[PlannedAlert] = []
    for recipient in owners.recipients:
        if recipient in reachable:
            known = told.get(recipient, Told())
            planned.extend(_plan_one(recipient, known, current, addressed, today))
    if not today.is_quiet:
        planned.extend(_plan_escalations(owners, told, current, addressed, today, opened_on, reachable))
    return tuple(sorted(planned, key=lambda alert: alert.recipient))


def _plan_one(
    recipient: Recipient,
    known: Told,
    current: Mapping[str, FindingState],
    addressed: Mapping[str, tuple[Addressed, ...]],
    today: Day,
) -> list[PlannedAlert]:
    mine = {
        identity: [item for item in items if recipient in item.recipients]
        for identity, items in addressed.items()
    }
    after = {identity: current[identity] for identity, items in mine.items() if items}
    for identity, state in known.states.items():
        if identity in current and identity not in after:
            after[identity] = state  # somebody else's by now: told of again only when it is fixed
    own = frozenset(
        current[identity].unit_code
        for identity, items in mine.items()
        if any(item.audience == "unit" for item in items)
    )
    changes = finding_changes(known.states, after)
    at_once = tuple(
        change
        for change in changes
        if change.is_newly_critical
        and (not today.is_quiet or any(item.row.is_urgent for item in mine[change.finding.finding_id]))
    )
    is_first = not (known.states or known.digest_days)
    planned = [PlannedAlert(CRITICAL, recipient, at_once, own, is_first)] if at_once else []
    if not today.is_quiet and today.day not in known.digest_days:
        rest = tuple(change for change in changes if change not in at_once)
        planned += [PlannedAlert(DIGEST, recipient, rest, own, is_first)] if rest else []
    return planned


def _plan_escalations(
    owners: Owners,
    told: Mapping[Recipient, Told],
    current: Mapping[str, FindingState],
    addressed: Mapping[str, tuple[Addressed, ...]],
    today: Day,
    opened_on: Callable[[str], date],
    reachable: Collection[Recipient],
) -> list[PlannedAlert]:
    """One message per person for critical findings that stayed open and unexplained long enough; each only once."""
    found: dict[Recipient, dict[str, Change]] = {}
    for identity, state in current.items():
        if state.severity != "critical" or state.is_explained:
            continue
        direct = {recipient for item in addressed[identity] for recipient in item.recipients}
        for row in (item.row for item in addressed[identity] if item.row.escalate_to):
            if today.calendar.working_days_between(opened_on(identity), today.day) < row.escalate_days:
                continue
            for target in owners.find_escalated(row):
                is_known = identity in told.get(target, Told()).escalated
                if target in reachable and target not in direct and not is_known:
                    found.setdefault(target, {})[identity] = Change(ESCALATED, state, state)
    return [
        PlannedAlert(
            ESCALATION, target, tuple(changes[identity] for identity in sorted(changes)), frozenset()
        )
        for target, changes in found.items()
    ]
