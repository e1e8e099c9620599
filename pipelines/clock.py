"""The only place that reads the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Gives the present instant; tests inject a fixed one."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        """The instant given, in UTC."""
        return self.instant.astimezone(UTC)


def today(clock: Clock) -> date:
    """The present day in Vietnam."""
    return clock.now().astimezone(VIETNAM).date()


def local_now(clock: Clock) -> datetime:
    """The present wall-clock time in Vietnam, without a zone, as exports print it."""
    return clock.now().astimezone(VIETNAM).replace(tzinfo=None)


def stopwatch() -> float:
    """Seconds on a clock that only moves forward; two readings give a duration."""
    return time.perf_counter()
