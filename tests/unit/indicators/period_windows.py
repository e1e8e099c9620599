"""The windows of NĐ 09/2019/NĐ-CP Art. 12 and of the calendar, written out for the tests."""

from __future__ import annotations

from transforms.catalogue.model import PeriodWindow


def _row(
    basis: str, kind: str, index: int | None, months: tuple[int, int], days: tuple[int, int]
) -> PeriodWindow:
    is_legal = basis == "nd09" and kind != "nine_months"
    return PeriodWindow(basis, kind, index, months[0], days[0], months[1], days[1], "kiểm thử", is_legal)


_WHOLE_MONTHS: tuple[tuple[str, int | None, int, int], ...] = (
    ("month", None, 0, 0),
    *(("quarter", number, 3 * number - 3, 3 * number - 1) for number in (1, 2, 3, 4)),
    ("half", 1, 0, 5),
    ("half", 2, 6, 11),
    ("nine_months", None, 0, 8),
    ("year", None, 0, 11),
)

WINDOWS = (
    *(_row("nd09", kind, index, (first - 1, last), (15, 14)) for kind, index, first, last in _WHOLE_MONTHS),
    *(_row("lich", kind, index, (first, last), (1, 0)) for kind, index, first, last in _WHOLE_MONTHS),
)
