"""Calendars of reporting windows and rulebooks: parsing and completeness."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from transforms.catalogue.model import PeriodWindow
from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import read_rows

BASES = ("nd09", "lich")
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
RULEBOOK_STATES = ("early", "on_time", "late", "withdrawn", "within", "paused", "overdue")
"""States at the closing day that are counted; not received, registered and refused stand outside."""
RULEBOOK_COLUMNS = ("early", "on_time", "late", "pending_within", "pending_overdue")
"""Columns 8, 9, 10, 12 and 13 of Biểu II.06a; the others are sums of them."""
_LAST_DAY, _LAST_MONTH = 31, 11


def parse_windows(content: bytes, file: str, problems: Problems) -> tuple[PeriodWindow, ...]:
    """Windows of every basis; a missing, repeated or impossible one is a problem."""
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
        (),
        problems,
    )
    windows: dict[tuple[str, str, int | None], PeriodWindow] = {}
    for row in rows:
        window = PeriodWindow(
            basis=row.one_of("basis", BASES),
            kind=row.one_of("kind", INDEXES),
            index=row.whole("index"),
            start_month_offset=row.required_whole("start_month_offset"),
            start_day=row.required_whole("start_day"),
            end_month_offset=row.required_whole("end_month_offset"),
            end_day=row.required_whole("end_day"),
            source=row.required("source"),
            is_legal=row.yes("is_legal"),
        )
        if not 1 <= window.start_day <= _LAST_DAY or not 0 <= window.end_day <= _LAST_DAY:
            row.problems.add(row.where, "ngày bắt đầu phải từ 1 đến 31, ngày kết thúc từ 0 đến 31.")
        if not -1 <= window.start_month_offset <= window.end_month_offset <= _LAST_MONTH:
            row.problems.add(row.where, "tháng bắt đầu và tháng kết thúc không hợp lý.")
        key = (window.basis, window.kind, window.index)
        if window.kind in INDEXES and window.index not in INDEXES[window.kind]:
            row.problems.add(row.where, f"kỳ {KIND_NAMES[window.kind]} không có số thứ tự {window.index}.")
        elif key in windows:
            row.problems.add(row.where, f"kỳ {_period_words(window.kind, window.index)} bị lặp lại.")
        windows[key] = window
    if rows:
        for basis in BASES:
            for kind, indexes in INDEXES.items():
                for index in indexes:
                    if (basis, kind, index) not in windows:
                        problems.add(file, f"cách tính “{basis}” thiếu kỳ {_period_words(kind, index)}.")
    return tuple(windows.values())


def _period_words(kind: str, index: int | None) -> str:
    words = KIND_NAMES.get(kind, kind)
    return words if index is None else f"{words} {index}"


def parse_rulebook(content: bytes, file: str, problems: Problems) -> tuple[str, Mapping[str, str]]:
    """(rulebook id, state → column); each of the seven counted states has exactly one form column."""
    try:
        loaded = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = file if mark is None else f"{file} dòng {mark.line + 1}"
        problems.add(where, "tệp không phải YAML hợp lệ.")
        return "", {}
    columns = loaded.get("columns") if isinstance(loaded, dict) else None
    rulebook_id = str(loaded.get("rulebook_id") or "") if isinstance(loaded, dict) else ""
    if not rulebook_id or not isinstance(columns, dict):
        problems.add(file, "thiếu mục “rulebook_id” hoặc “columns”.")
        return rulebook_id, {}
    if unknown := sorted(set(loaded) - {"rulebook_id", "label", "source", "columns"}):
        problems.add(file, f"có mục không biết: {', '.join(map(str, unknown))}.")
    for state in RULEBOOK_STATES:
        if state not in columns:
            problems.add(file, f"trạng thái “{state}” chưa được xếp vào cột nào.")
    for state, column in columns.items():
        if state not in RULEBOOK_STATES:
            problems.add(file, f"trạng thái “{state}” không thuộc các trạng thái được đếm.")
        if column not in RULEBOOK_COLUMNS:
            problems.add(file, f"trạng thái “{state}” xếp vào cột không có trong biểu: “{column}”.")
    return rulebook_id, {str(state): str(column) for state, column in columns.items()}
