"""When the nightly flow runs."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from prefect.schedules import Cron, Schedule

TIMEZONE = "Asia/Ho_Chi_Minh"


def nightly_schedule(at: str) -> Schedule:
    """Every night at that time ("01:30") in Vietnam; days off are left out when the night begins."""
    hour, minute = (int(part) for part in at.split(":"))
    return Cron(f"{minute} {hour} * * *", timezone=TIMEZONE)


def last_due(at: str, now: datetime) -> datetime:
    """The newest instant before ``now`` at which a night was due."""
    local = now.astimezone(ZoneInfo(TIMEZONE))
    due = datetime.combine(local.date(), time.fromisoformat(at), local.tzinfo)
    return due if due <= local else due - timedelta(days=1)
