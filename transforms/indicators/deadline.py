"""By when the report of a period is to be sent: the rule that holds, the day it gives, and both in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transforms.calendar.day_words import official_date
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.model import Catalogue, Deadline, Unit
from transforms.indicators.model import Period
from transforms.indicators.period import window

_SHOWN_NOTES = 2


@dataclass(frozen=True, slots=True)
class PeriodDeadline:
    """The last day for sending a period's report."""

    day: date
    source: str
    """Decree and article, or the district's own document."""
    notes: tuple[str, ...] = ()
    """What about the working calendar on the way to the day is not certain."""

    @property
    def is_flagged(self) -> bool:
        """True where the day may come out otherwise once the calendar is settled."""
        return bool(self.notes)


def find_deadline(period: Period, basis: str, unit: Unit, catalogue: Catalogue) -> PeriodDeadline | None:
    """The deadline of that unit's report; None where no rule of the basis sets one (the calendar).

    Among the rules that hold on the window's last day the most particular one counts: unit, then period,
    then level of the sender, then kind of period; of equals the workspace's own. A day of the month that
    is off moves on to the next working day (Bộ luật Dân sự 91/2015/QH13, Art. 148.5). PeriodError where
    the basis has no window for the period.
    """
    end = window(period, basis, catalogue.windows)[1]
    rules = [
        rule
        for rule in catalogue.deadlines
        if rule.basis == basis
        and rule.kind in ("", period.kind)
        and rule.sender_level in ("", unit.level)
        and rule.unit_code in ("", unit.code)
        and rule.period_id in ("", period.period_id)
        and rule.holds_for(end)
    ]
    if not rules:
        return None
    # The first of the most particular ones: the workspace's rows stand first.
    return _reckon(max(rules, key=_particularity), end, catalogue)


def deadline_words(deadline: PeriodDeadline | None) -> str:
    """ "hạn gửi ngày 16/9/2021 (NĐ 09/2019/NĐ-CP, Điều 8 khoản 5 …)", with what is not certain about the day."""
    if deadline is None:
        return "chưa có quy định về hạn gửi"
    words = f"hạn gửi ngày {official_date(deadline.day)} ({deadline.source})"
    if not deadline.notes:
        return words
    shown = "; ".join(deadline.notes[:_SHOWN_NOTES])
    more = "; …" if len(deadline.notes) > _SHOWN_NOTES else ""
    return f"{words}, có thể thay đổi vì lịch làm việc chưa chắc chắn: {shown}{more}"


def _particularity(rule: Deadline) -> tuple[bool, ...]:
    return bool(rule.unit_code), bool(rule.period_id), bool(rule.sender_level), bool(rule.kind)


def _reckon(rule: Deadline, end: date, catalogue: Catalogue) -> PeriodDeadline:
    calendar = build_calendar(catalogue.days_off)
    if rule.day is not None:
        return PeriodDeadline(rule.day, rule.source)
    if rule.working_days is not None:
        found = calendar.add_working_days(end, rule.working_days)
    else:
        found = calendar.on_or_after(end.replace(day=rule.day_of_month or 1))
    return PeriodDeadline(found.day, rule.source, found.notes)
