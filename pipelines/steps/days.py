"""Whether a night runs on a day."""

from __future__ import annotations

from datetime import date

from pipelines.session import Session
from transforms.calendar.work_calendar import build_calendar


def is_night_off(session: Session, day: date) -> bool:
    """True where the workspace wants nights on working days only and this is none."""
    if session.settings.night_days == "every":
        return False
    return not build_calendar(session.catalogue.days_off).is_working_day(day)
