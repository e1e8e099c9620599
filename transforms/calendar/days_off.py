"""Days that differ from the ordinary week: public holidays, days off in lieu, swapped working days.

Source of the rule: Bộ luật Lao động 45/2019/QH14, Art. 112 (the holidays) and Art. 111.3 (a holiday that
falls on a weekly day off is made up on the next working day). The days of Tết and the second day of the
National Day are chosen every year, swapped days are decided case by case; each row says what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transforms.calendar.day_words import official_date

KINDS = ("public_holiday", "compensation", "swapped_off", "swapped_work")
"""A holiday; a day off in lieu of one; a weekday off by a swap; a day worked by a swap."""
VERIFIED = "verified"
STATUS_NAMES = {VERIFIED: "đã kiểm chứng", "unverified": "chưa kiểm chứng", "planned": "dự kiến"}
"""Status → words: fixed by law or by a decision that is named; known without one; not decided yet."""
WEEKEND = (5, 6)
"""Weekdays of Python that are weekly days off in public offices."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """One dated exception to the working week."""

    day: date
    kind: str
    name: str
    status: str
    decision: str = ""
    """Article of the law, or number and date of the decision; empty while none is known."""
    source: str = ""

    @property
    def is_worked(self) -> bool:
        """True where the row makes the day a working one."""
        return self.kind == "swapped_work"

    @property
    def is_doubtful(self) -> bool:
        """True where a reckoning over the day may come out otherwise: not verified, and not a weekend anyway."""
        return self.status != VERIFIED and (self.is_worked or self.day.weekday() not in WEEKEND)

    @property
    def words(self) -> str:
        """ "ngày 03/9/2024 (Quốc khánh: chưa kiểm chứng)"."""
        return f"ngày {official_date(self.day)} ({self.name}: {STATUS_NAMES[self.status]})"
