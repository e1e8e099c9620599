"""Where sending stands on a day: the units, what they sent, and every list for the periods asked about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.clock import VIETNAM, today
from pipelines.notify.heartbeat import Heartbeat, read_heartbeat
from pipelines.session import Session
from pipelines.steps.sent_lists import PeriodCoverage, cover_periods, expected_units, read_sent
from transforms.catalogue.model import Unit
from transforms.indicators.model import Period
from transforms.indicators.period import periods_containing
from transforms.indicators.sent import Sent


@dataclass(frozen=True, slots=True)
class SendingState:
    """What ``motcua status`` tells."""

    as_of: date
    units: tuple[Unit, ...]
    periods: tuple[PeriodCoverage, ...]
    """The period asked for, or those of the workspace whose window contains the day, the shortest first."""
    sent: Sent
    last_good_night: datetime | None
    is_good: bool
    """True while the last good night is at most 26 hours old."""


def read_sending_state(session: Session, as_of: date | None, period: Period | None) -> SendingState:
    """The state on ``as_of``, by default today; PeriodError for a period without a window.

    Where the last night was run for a past day, or none has run since, the day of that night is meant: what
    was due after it nobody could have taken.
    """
    beat = read_heartbeat(session.workspace.runs, session.clock.now())
    day = as_of or _day_of(session, beat)
    settings, catalogue = session.settings, session.catalogue
    kinds = [kind for kind in _SHORTEST_FIRST if kind in settings.period_kinds]
    periods = (period,) if period else periods_containing(day, kinds, settings.basis, catalogue.windows)
    units = expected_units(session, day)
    sent = read_sent(session.store, catalogue, day, with_rows=True)
    covered = cover_periods(session, periods, units, sent, day)
    return SendingState(day, units, covered, sent, beat.last, beat.is_good)


_SHORTEST_FIRST = ("month", "quarter", "half", "nine_months", "year")
_NEXT_DAY = timedelta(days=1)


def _day_of(session: Session, beat: Heartbeat) -> date:
    now = today(session.clock)
    if beat.last is None:
        return now
    ended = beat.last.astimezone(VIETNAM).date()
    worked_on = _working_day_of_last_night(session.workspace.runs, beat.last) or ended
    return now if beat.is_good and worked_on >= ended - _NEXT_DAY else worked_on


def _working_day_of_last_night(runs: Path, ended: datetime) -> date | None:
    """``--as-of`` of the night that ended then; None where its index does not tell."""
    for index in runs.glob("*-nightly*/index.json"):
        try:
            content = json.loads(index.read_text(encoding="utf-8"))
            if datetime.fromisoformat(content["ended_at"]) == ended:
                return date.fromisoformat(content["parameters"]["as_of"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None
