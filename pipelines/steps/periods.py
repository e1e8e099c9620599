"""Closing and reopening periods: decisions appended to the store, and the state that follows from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.decisions import decision_table, masked
from transforms.calendar.day_words import official_date
from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.closing import (
    CLOSING,
    REOPENING,
    PeriodDecision,
    PeriodState,
    Standing,
    period_state,
    state_words,
)
from transforms.indicators.model import Period
from transforms.indicators.period import (
    PeriodError,
    check_basis,
    parse_period,
    period_name,
    periods_of_year,
    window,
)
from transforms.schema.tables import DECISION


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """A unit's period under one basis, as a command names it."""

    unit: Unit
    period: Period
    basis: str
    start: date
    end: date

    @property
    def words(self) -> str:
        """ "kỳ tháng 9 năm 2021 (2021-09) của xã Bình Lương"."""
        return f"kỳ {period_name(self.period)} ({self.period.period_id}) của {self.unit.full_name}"


def find_unit_period(session: Session, unit_code: str, period_id: str, basis: str | None) -> UnitPeriod:
    """What ``--unit``, ``--period`` and ``--basis`` name; the unit is the one of the window's last day.

    UsageProblemError for an unknown unit, basis or period.
    """
    basis = basis or session.settings.basis
    try:
        period = parse_period(period_id)
        start, end = window(period, basis, session.catalogue.windows)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    return UnitPeriod(session.unit(unit_code, end), period, basis, start, end)


def parse_period_decisions(decisions: pa.Table) -> tuple[PeriodDecision, ...]:
    """Closings and reopenings among the lines of the decisions table (``Store.decisions``)."""
    return tuple(
        PeriodDecision(
            kind=row["kind"],
            unit_code=row["unit_code"],
            period_id=row["period_id"],
            basis=json.loads(row["details_json"])["basis"],
            author=row["author"],
            reason=row["reason"],
            decided_on=row["decided_on"],
            known_from=row["known_from"],
            until=row["expires_on"],
        )
        for row in decisions.to_pylist()
        if row["kind"] in (CLOSING, REOPENING)
    )


def state_of(
    target: UnitPeriod, as_of: date, decisions: Sequence[PeriodDecision], catalogue: Catalogue
) -> PeriodState:
    """The state of that period on ``as_of``."""
    return period_state(target.unit, target.period, target.basis, as_of, decisions, catalogue)


def refuse_closed(
    session: Session, target: UnitPeriod, as_of: date, known_at: datetime | None = None
) -> PeriodState:
    """The state of a period that may be published; UsageProblemError for one that is closed."""
    decisions = parse_period_decisions(session.store.decisions(known_at))
    state = state_of(target, as_of, decisions, session.catalogue)
    if state.is_closed:
        raise UsageProblemError(
            f"Chưa công bố được: {target.words} {state_words(state)}. Nếu cần điều chỉnh, hãy mở lại kỳ bằng lệnh "
            f"motcua period reopen --unit {target.unit.code} --period {target.period.period_id} --reason “lý do”."
        )
    return state


def list_periods(
    session: Session, unit_code: str, year: int | None, basis: str | None, as_of: date
) -> list[tuple[UnitPeriod, PeriodState]]:
    """The periods of that year that have begun on ``as_of``, with their states; by default of the present year.

    Under NĐ 09/2019 January begins in December, so the default reaches into the next year. Of the kinds set for the workspace, and every other one that somebody decided about. Kinds for which
    the basis has no window are left out. UsageProblemError for an unknown unit or basis.
    """
    basis = basis or session.settings.basis
    session.unit(unit_code)
    try:
        check_basis(basis, session.catalogue.windows)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    decisions = parse_period_decisions(session.store.decisions())
    decided = {d.period_id for d in decisions if (d.unit_code, d.basis) == (unit_code, basis)}
    found: list[tuple[UnitPeriod, PeriodState]] = []
    years = (as_of.year, as_of.year + 1) if year is None else (year,)
    for period in (period for each in years for period in periods_of_year(each)):
        if period.kind not in session.settings.period_kinds and period.period_id not in decided:
            continue
        try:
            start, end = window(period, basis, session.catalogue.windows)
        except PeriodError:
            continue
        if start <= as_of:
            target = UnitPeriod(session.unit(unit_code, end), period, basis, start, end)
            found.append((target, state_of(target, as_of, decisions, session.catalogue)))
    return found


def close_periods(
    session: Session, targets: Sequence[UnitPeriod], as_of: date, reason: str, author: str
) -> list[PeriodState]:
    """Close periods before their deadline, or reopened ones again, all or none; the states that follow.

    UsageProblemError where one is closed already or has not begun, or no reason is given. The workspace's
    lock must be held.
    """
    for target, before in zip(targets, _present_states(session, targets, as_of), strict=True):
        if as_of < target.start:
            raise UsageProblemError(
                f"Không khóa được {target.words}: kỳ chỉ bắt đầu từ ngày {official_date(target.start)}."
            )
        if before.is_closed:
            raise UsageProblemError(f"Không cần khóa: {target.words} {state_words(before)}.")
    return _decide(session, targets, as_of, CLOSING, reason, author, None)


def reopen_periods(
    session: Session,
    targets: Sequence[UnitPeriod],
    as_of: date,
    reason: str,
    author: str,
    until: date | None = None,
) -> list[PeriodState]:
    """Take publications of closed periods again, to the end of ``until`` where given, all or none.

    Gives the states that follow. An open period can only be kept open beyond its deadline, with ``until``.
    UsageProblemError otherwise, and where no reason is given. The workspace's lock must be held.
    """
    if until is not None and until < as_of:
        raise UsageProblemError(
            f"Ngày cuối của lần mở lại là {official_date(until)}, đứng trước ngày làm việc {official_date(as_of)}; hãy chọn ngày muộn hơn."
        )
    for target, before in zip(targets, _present_states(session, targets, as_of), strict=True):
        deadline = before.deadline.day if before.deadline else None
        if before.standing is not Standing.OPEN:
            continue
        if deadline is None:
            raise UsageProblemError(f"Không cần mở lại: {target.words} đang mở và không có hạn gửi.")
        if until is None or until <= deadline:
            raise UsageProblemError(
                f"Không cần mở lại: {target.words} đang mở đến hết hạn gửi ngày {official_date(deadline)}. "
                "Muốn kéo dài, hãy ghi ngày cuối sau hạn gửi bằng --until."
            )
    return _decide(session, targets, as_of, REOPENING, reason, author, until)


def _present_states(session: Session, targets: Sequence[UnitPeriod], as_of: date) -> list[PeriodState]:
    decisions = parse_period_decisions(session.store.decisions())
    return [state_of(target, as_of, decisions, session.catalogue) for target in targets]


def _decide(
    session: Session,
    targets: Sequence[UnitPeriod],
    as_of: date,
    kind: str,
    reason: str,
    author: str,
    until: date | None,
) -> list[PeriodState]:
    if not reason.strip():
        raise UsageProblemError("Lý do (--reason) bị bỏ trống; hãy ghi vì sao kỳ được khóa hoặc mở lại.")
    known_count = session.store.decisions().num_rows
    instant = session.store.next_instants(session.clock.now(), 1)[0]
    rows = []
    for target in targets:
        # The same decision can be taken again after the opposite one: its place in the series tells it apart.
        about = [kind, target.unit.code, target.period.period_id, target.basis, known_count]
        rows.append(
            {
                "decision_id": hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16],
                "kind": kind,
                "unit_code": target.unit.code,
                "period_id": target.period.period_id,
                "author": masked(author.strip()) or "không rõ",
                "reason": masked(reason.strip()),
                "details_json": json.dumps({"basis": target.basis}),
                "source": f"motcua period {'close' if kind == CLOSING else 'reopen'}",
                "decided_on": as_of,
                "expires_on": until,
            }
        )
    session.store.append(DECISION, decision_table(rows, frozenset(), instant))
    return _present_states(session, targets, as_of)
