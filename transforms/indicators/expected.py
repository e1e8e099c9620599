"""What each unit was to send and what became of it: on time, late, missing, empty, not due yet.

Days decide, never instants: a list covers a stretch of days when it was exported on the stretch's last day or
later, and it is late when it came after the working day by which it was due. Working days come from
``transforms.calendar``, so nothing turns missing or late on a day off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.calendar.work_calendar import WorkCalendar, build_calendar
from transforms.catalogue.expected import DAILY, EVERY, MONTHLY, NEVER, PERIOD, WEEKLY
from transforms.catalogue.model import LIST_KINDS, SUPPLEMENT_LIST, Catalogue, ExpectedDelivery, Unit
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState
from transforms.indicators.model import Period
from transforms.indicators.period import MONTH, PeriodError, periods_of_year, window
from transforms.indicators.sent import Sent, SentList

_DAY = timedelta(days=1)
_LOOK_BACK = timedelta(days=400)
"""A unit that sent nothing for longer is missing whatever was due before."""
_TELLING_DAYS = 28
"""A list without a row over fewer days may well be right."""
_SUNDAY = 6
_WEEK = timedelta(days=6)
"""From the Monday to the Sunday of a week."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The days that are looked at, and the ends of the periods for which a list is due once."""

    first: date
    last: date
    period_ends: tuple[tuple[str, date], ...]
    """(kind of period, its last day)."""


@dataclass(frozen=True, slots=True)
class _Due:
    """What was due last: a list exported on ``end`` or later, by ``due``."""

    end: date
    due: date


class Expectations:
    """The rules of a catalogue on one day, under one basis; asks nothing but its arguments."""

    def __init__(self, catalogue: Catalogue, basis: str, as_of: date) -> None:
        self._catalogue = catalogue
        self._basis = basis
        self.as_of = as_of
        self.calendar: WorkCalendar = build_calendar(catalogue.days_off)
        # A list that comes on a day off is not late, and none turns missing on one.
        is_worked = self.calendar.is_working_day(as_of)
        self._judged_on = as_of if is_worked else self.calendar.add_working_days(as_of, -1).day
        self._rules: dict[tuple[str, str], list[ExpectedDelivery]] = defaultdict(list)
        for rule in catalogue.expected:
            self._rules[rule.unit_code, rule.kind].append(rule)
        self._due: dict[tuple[ExpectedDelivery, _Stretch], _Due | None] = {}
        self._chains: dict[tuple[str, date], tuple[str, ...]] = {}

    def is_expected(self, unit_code: str, kind: str, period_kind: str, day: date) -> bool:
        """True when the unit is to send such a list at all, a supplement for that kind of period."""
        rules = self._rules_for(unit_code, kind, day)
        if kind == SUPPLEMENT_LIST:
            return any(_is_for(rule, period_kind) for rule in rules)
        return any(rule.frequency != NEVER for rule in rules)

    def period_coverage(
        self, period: Period, units: Iterable[Unit], sent: Sent
    ) -> tuple[DeliveryCoverage, ...]:
        """Every kind of list of every unit for one period, units in their order.

        Lists exported before the period's first day say nothing about it. PeriodError where the basis has no
        window for the period.
        """
        first, end = window(period, self._basis, self._catalogue.windows)
        stretch = _Stretch(first, min(end, self.as_of), ((period.kind, end),))
        return tuple(
            self._supplement(unit.code, period, end, sent)
            if kind == SUPPLEMENT_LIST
            else self._list(unit.code, kind, stretch, sent)
            for unit in units
            for kind in LIST_KINDS
        )

    def present_coverage(
        self, units: Iterable[Unit], sent: Sent, period_kinds: Sequence[str]
    ) -> tuple[DeliveryCoverage, ...]:
        """Every kind of list of every unit now, whatever the period; supplements belong to periods and are left out."""
        first = self.as_of - _LOOK_BACK
        ends = tuple((period.kind, end) for period, _, end in self.ended_periods(period_kinds))
        stretch = _Stretch(first, self.as_of, ends)
        kinds = [kind for kind in LIST_KINDS if kind != SUPPLEMENT_LIST]
        return tuple(self._list(unit.code, kind, stretch, sent) for unit in units for kind in kinds)

    def ended_periods(self, period_kinds: Sequence[str]) -> tuple[tuple[Period, date, date], ...]:
        """(period, first day, last day) of those kinds that ended within the last year, oldest first."""
        found: list[tuple[Period, date, date]] = []
        for year in (self.as_of.year - 1, self.as_of.year, self.as_of.year + 1):
            for period in periods_of_year(year):
                if period.kind not in period_kinds:
                    continue
                try:
                    start, end = window(period, self._basis, self._catalogue.windows)
                except PeriodError:
                    continue
                if self.as_of - _LOOK_BACK < end < self.as_of:
                    found.append((period, start, end))
        return tuple(sorted(found, key=lambda each: (each[2], each[1])))

    def _list(self, unit: str, kind: str, stretch: _Stretch, sent: Sent) -> DeliveryCoverage:
        rules = self._rules_for(unit, kind, stretch.last)
        lists = sent.lists(unit, kind, stretch.first)
        newest = lists[-1].exported_on if lists else None
        if not any(rule.frequency != NEVER for rule in rules):
            return DeliveryCoverage(unit, kind, DeliveryState.NOT_EXPECTED, newest)
        due = self._latest_due(rules, stretch)
        covering = [each for each in lists if due is None or each.exported_on >= due.end]
        if not covering:
            if due is None:
                return DeliveryCoverage(unit, kind, DeliveryState.NOT_DUE)
            return DeliveryCoverage(
                unit, kind, DeliveryState.MISSING, newest, due.due, self._late(due.due, self.as_of)
            )
        found = self._arrived(unit, kind, covering, due, sent.watched_from)
        last = min(lists[-1].exported_on, stretch.last)
        if _is_empty(lists, last) or self._lacks_rows(unit, kind, stretch.first, last, sent):
            return DeliveryCoverage(unit, kind, DeliveryState.EMPTY, newest, found.due, found.late_days)
        return found

    def _supplement(self, unit: str, period: Period, end: date, sent: Sent) -> DeliveryCoverage:
        rules = self._rules_for(unit, SUPPLEMENT_LIST, min(end, self.as_of))
        lists = sent.supplements(unit, period.period_id)
        newest = lists[-1].exported_on if lists else None
        if not any(_is_for(rule, period.kind) for rule in rules):
            return DeliveryCoverage(unit, SUPPLEMENT_LIST, DeliveryState.NOT_EXPECTED, newest)
        due = self._latest_due(rules, _Stretch(end, end, ((period.kind, end),)))
        if not lists:
            if due is None:
                return DeliveryCoverage(unit, SUPPLEMENT_LIST, DeliveryState.NOT_DUE)
            late = self._late(due.due, self.as_of)
            return DeliveryCoverage(unit, SUPPLEMENT_LIST, DeliveryState.MISSING, None, due.due, late)
        return self._arrived(unit, SUPPLEMENT_LIST, lists, due, sent.watched_from)

    def _arrived(
        self, unit: str, kind: str, lists: Sequence[SentList], due: _Due | None, watched_from: date | None
    ) -> DeliveryCoverage:
        newest = max(each.exported_on for each in lists)
        if due is None:
            return DeliveryCoverage(unit, kind, DeliveryState.ON_TIME, newest)
        late = self._late(due.due, min(each.arrived_on for each in lists))
        # What was due before this workspace took its first file could not be sent to it in time.
        is_late = late > 0 and watched_from is not None and due.due >= watched_from
        state = DeliveryState.LATE if is_late else DeliveryState.ON_TIME
        return DeliveryCoverage(unit, kind, state, newest, due.due, late if is_late else 0)

    def _late(self, due: date, day: date) -> int:
        return max(self.calendar.working_days_between(due, day), 0)

    def _lacks_rows(self, unit: str, kind: str, first: date, last: date, sent: Sent) -> bool:
        days = sent.row_days
        if days is None or (last - first).days < _TELLING_DAYS:
            return False
        own = days.get((unit, kind), ())
        at = bisect_left(own, first)
        return at == len(own) or own[at] > last

    def _latest_due(self, rules: Sequence[ExpectedDelivery], stretch: _Stretch) -> _Due | None:
        found = [due for rule in rules if (due := self._rule_due(rule, stretch)) is not None]
        return max(found, key=lambda due: (due.end, due.due), default=None)

    def _rule_due(self, rule: ExpectedDelivery, stretch: _Stretch) -> _Due | None:
        if (rule, stretch) not in self._due:
            passed = (
                _Due(end, due)
                for end in self._ends(rule, stretch)
                if (due := self.calendar.add_working_days(end, rule.due_working_days).day) < self._judged_on
            )
            self._due[rule, stretch] = next(passed, None)
        return self._due[rule, stretch]

    def _ends(self, rule: ExpectedDelivery, stretch: _Stretch) -> Iterable[date]:
        """Last days of what the rule asks for within the stretch, the latest first."""
        if rule.frequency == PERIOD:
            return sorted((end for kind, end in stretch.period_ends if _is_for(rule, kind)), reverse=True)
        if rule.frequency == MONTHLY:
            return sorted(
                (e for e in self._month_ends(stretch) if stretch.first <= e <= stretch.last), reverse=True
            )
        days = (stretch.last - _DAY * back for back in range((stretch.last - stretch.first).days + 1))
        if rule.frequency == WEEKLY:
            # Of a week that began before the period the list tells of that one.
            return (day for day in days if day.weekday() == _SUNDAY and day - _WEEK >= stretch.first)
        if rule.frequency == DAILY:
            return (day for day in days if self.calendar.is_working_day(day))
        return ()

    def _month_ends(self, stretch: _Stretch) -> list[date]:
        """Last days of the months of the basis; of the calendar where the basis has none."""
        found: list[date] = []
        for year in range(stretch.first.year - 1, stretch.last.year + 2):
            for period in periods_of_year(year):
                if period.kind != MONTH:
                    continue
                try:
                    found.append(window(period, self._basis, self._catalogue.windows)[1])
                except PeriodError:
                    month = period.index or 1
                    following = date(year + month // 12, month % 12 + 1, 1)
                    found.append(following - _DAY)
        return found

    def _rules_for(self, unit_code: str, kind: str, day: date) -> tuple[ExpectedDelivery, ...]:
        """The unit's own rules, else those of its groups, of the unit above it, ..., of every unit."""
        for code in self._chain(unit_code, day):
            if found := self._rules.get((code, kind)):
                return tuple(rule for rule in found if rule.holds_for(day))
        return ()

    def _chain(self, unit_code: str, day: date) -> tuple[str, ...]:
        if (unit_code, day) not in self._chains:
            chain: list[str] = []
            code = unit_code
            while code and code not in chain:
                chain += [code, *self._groups_of(code, day)]
                try:
                    code = self._catalogue.unit(code, day).parent_code
                except KeyError:
                    break
            self._chains[unit_code, day] = (*chain, EVERY)
        return self._chains[unit_code, day]

    def _groups_of(self, code: str, day: date) -> list[str]:
        return [
            group.code
            for group in self._catalogue.groups
            if any(member.unit_code == code and member.is_valid_on(day) for member in group.members)
        ]


def _is_for(rule: ExpectedDelivery, kind: str) -> bool:
    return rule.frequency == PERIOD and (not rule.period_kinds or kind in rule.period_kinds)


def _is_empty(lists: Sequence[SentList], last: date) -> bool:
    """True when none of the newest lists has a row."""
    newest = max(each.exported_on for each in lists)
    return all(each.row_count == 0 for each in lists if each.exported_on == newest)
