"""When the nightly flow runs."""

from __future__ import annotations

from prefect.schedules import Cron, Schedule

TIMEZONE = "Asia/Ho_Chi_Minh"
NIGHTLY_CRON = "30 1 * * *"


def nightly_schedule() -> Schedule:
    """Every night at 01:30 in Vietnam."""
    return Cron(NIGHTLY_CRON, timezone=TIMEZONE)
