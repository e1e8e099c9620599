"""Calendars of reporting windows: parsing and completeness."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from transforms.catalogue.model import PeriodWindow
from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import Row, read_rows

BASES = ("nd09", "lich")
"""The bases of the package; a workspace may define others in its ``calendars/windows.csv``."""
_BASIS = re.compile(r"[a-z][a-z0-9_]{0,15}")
INDEXES: Mapping[str, tuple[int | None, ...]] = {
    "month": (None,),
    "quarter": (1, 2, 3, 4),
    "half": (1, 2),
    "nine_months": (None,),
    "year": (None,),
}
"""Indexes that every basis must give a window for, by kind of period."""
KIND_NAMES = {
    "month": "tháng",
    "quarter": "quý",
    "half": "6 tháng",
    "nine_months": "9 tháng",
    "year": "năm",
}
_LAST_DAY, _LAST_MONTH = 31, 11


def parse_windows(
    content: bytes, file: str, problems: Problems, complete_bases: Sequence[str] = BASES
) -> tuple[PeriodWindow, ...]:
    """Windows of every basis; a repeated or impossible one is a problem, and a missing one of ``complete_bases``.

    Rows for one kind of period may follow each other in time, each with its ``valid_from`` and ``valid_to``.
    """
    rows = read_rows(
        content,
        file,
        (
            "basis",
            "kind",
            "index",
            "start_month_offset",
            "start_day",
            "end_month_offset",
            "end_day",
            "is_legal",
            "source",
        ),
        ("valid_from", "valid_to"),
        problems,
    )
    windows: list[PeriodWindow] = []
    for row in rows:
        window = PeriodWindow(
            basis=basis_of(row),
            kind=row.one_of("kind", INDEXES),
            index=row.whole("index"),
            start_month_offset=row.required_whole("start_month_offset"),
            start_day=row.required_whole("start_day"),
            end_month_offset=row.required_whole("end_month_offset"),
            end_day=row.required_whole("end_day"),
            source=row.required("source"),
            is_legal=row.yes("is_legal"),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
        )
        if not 1 <= window.start_day <= _LAST_DAY or not 0 <= window.end_day <= _LAST_DAY:
            row.problems.add(row.where, "ngày bắt đầu phải từ 1 đến 31, ngày kết thúc từ 0 đến 31.")
        if not -1 <= window.start_month_offset <= window.end_month_offset <= _LAST_MONTH:
            row.problems.add(row.where, "tháng bắt đầu và tháng kết thúc không hợp lý.")
        check_validity(row, window.valid_from, window.valid_to)
        if window.kind in INDEXES and window.index not in INDEXES[window.kind]:
            row.problems.add(row.where, f"kỳ {KIND_NAMES[window.kind]} không có số thứ tự {window.index}.")
        elif any(_key(window) == _key(other) and overlap(window, other) for other in windows):
            row.problems.add(row.where, f"kỳ {_period_words(window.kind, window.index)} bị lặp lại.")
        windows.append(window)
    present = {_key(window) for window in windows}
    for basis in complete_bases if rows else ():
        for kind, indexes in INDEXES.items():
            for index in indexes:
                if (basis, kind, index) not in present:
                    problems.add(file, f"cách tính “{basis}” thiếu kỳ {_period_words(kind, index)}.")
    return tuple(windows)


def basis_of(row: Row) -> str:
    """The id of a basis; one that a file name or a cell id could not hold is a problem."""
    basis = row.required("basis")
    if basis and not _BASIS.fullmatch(basis):
        row.problems.add(
            row.where,
            f"mã cách tính “{basis}” chỉ được có chữ thường không dấu, chữ số và dấu gạch dưới, tối đa 16 ký tự.",
        )
    return basis


class Dated(Protocol):
    """A row that holds from one day to another."""

    @property
    def valid_from(self) -> date | None:
        """First day; None for no bound."""

    @property
    def valid_to(self) -> date | None:
        """Last day; None for no bound."""


def overlap(one: Dated, other: Dated) -> bool:
    """True when there is a day on which both rows hold."""
    starts = max(row.valid_from or date.min for row in (one, other))
    ends = min(row.valid_to or date.max for row in (one, other))
    return starts <= ends


def check_validity(row: Row, first: date | None, last: date | None) -> None:
    """A row that ends before it begins is a problem."""
    if first and last and last < first:
        row.problems.add(row.where, "ngày hết hiệu lực đứng trước ngày có hiệu lực.")


def _key(window: PeriodWindow) -> tuple[str, str, int | None]:
    return window.basis, window.kind, window.index


def _period_words(kind: str, index: int | None) -> str:
    words = KIND_NAMES.get(kind, kind)
    return words if index is None else f"{words} {index}"
