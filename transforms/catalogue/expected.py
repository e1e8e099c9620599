"""``expected_deliveries.csv``: which unit is to send which list how often, and by when.

The packaged file holds what a district can start with; the rows of a workspace take the place of the
packaged ones for the same unit and kind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from transforms.catalogue.labelled import read_labelled
from transforms.catalogue.model import LIST_KINDS, SUPPLEMENT_LIST, ExpectedDelivery
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import Row
from transforms.catalogue.windows import KIND_NAMES, check_validity, overlap
from transforms.text_vi import fold

EXPECTED_FILE = "expected_deliveries.csv"
EVERY = "*"
"""Any unit that has no units below it; in the column of kinds, every kind."""
DAILY, WEEKLY, MONTHLY, PERIOD, NEVER = "daily", "weekly", "monthly", "period", "none"
FREQUENCY_NAMES: Mapping[str, str] = {
    DAILY: "hằng ngày",
    WEEKLY: "hằng tuần",
    MONTHLY: "hằng tháng",
    PERIOD: "mỗi kỳ",
    NEVER: "không gửi",
}
LIST_NAMES: Mapping[str, str] = {
    "dossier": "hồ sơ",
    "fee": "phí, lệ phí",
    "document.outgoing": "văn bản đi",
    "document.incoming": "văn bản đến",
    "supplement": "số liệu bổ sung",
}
"""Kind of list → its name in the file and inside a sentence."""
DUE_DAYS = 2
"""Working days where a row names none."""
_MOST_DAYS = 60
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "unit_code": ("Mã đơn vị", "unit_code"),
    "kind": ("Loại dữ liệu", "kind"),
    "frequency": ("Định kỳ", "frequency"),
    "due_working_days": ("Hạn gửi sau số ngày làm việc", "due_working_days"),
    "period_kinds": ("Loại kỳ", "period_kinds"),
    "valid_from": ("Từ ngày", "valid_from"),
    "valid_to": ("Đến ngày", "valid_to"),
    "source": ("Căn cứ", "source"),
}
_REQUIRED = ("unit_code", "kind", "frequency")
_KEY = ("unit_code", "kind")


def parse_expected(
    content: bytes, file: str, unit_codes: Collection[str] | None, problems: Problems
) -> list[Entry[ExpectedDelivery]]:
    """The rows of a CSV file, one per kind where a row speaks of every kind.

    Problems: an unknown unit (``unit_codes``: units and groups; None where they are not to be checked), kind,
    frequency or kind of period, a number of working days out of range, a supplement asked for otherwise than
    once a period, a row that repeats another on some day, "không gửi" beside a row that says how often.
    """
    found: list[Entry[ExpectedDelivery]] = []
    for row in read_labelled(content, file, _HEADERS, _REQUIRED, problems):
        for expected in _parse_row(row, unit_codes):
            for other in found:
                if _contradict(expected, other.value):
                    names = f"{LIST_NAMES[expected.kind]} của đơn vị {expected.unit_code}"
                    problems.add(row.where, f"{names} đã có ở {other.where} cho cùng thời gian.")
            found.append(Entry(expected, row.where))
    return found


def identity(expected: ExpectedDelivery) -> str:
    """Unit and kind: the rows of a workspace about these replace all the packaged ones."""
    return f"{expected.unit_code}/{expected.kind}"


def _parse_row(row: Row, unit_codes: Collection[str] | None) -> list[ExpectedDelivery]:
    add, where = row.problems.add, row.where
    unit = row.required("unit_code")
    if unit and unit != EVERY and unit_codes is not None and unit not in unit_codes:
        add(where, f"không có đơn vị hoặc nhóm mang mã {unit} trong danh mục.")
    kinds = (
        LIST_KINDS if row.text("kind") == EVERY else tuple(filter(None, [_named(row, "kind", LIST_NAMES)]))
    )
    frequency = _named(row, "frequency", FREQUENCY_NAMES)
    days = row.whole("due_working_days", DUE_DAYS)
    if days is None or not 1 <= days <= _MOST_DAYS:
        add(where, f"{row.label('due_working_days')} phải là số nguyên từ 1 đến {_MOST_DAYS}.")
    if frequency and frequency not in (PERIOD, NEVER) and SUPPLEMENT_LIST in kinds:
        add(where, f"số liệu bổ sung chỉ nhận “{FREQUENCY_NAMES[PERIOD]}” hoặc “{FREQUENCY_NAMES[NEVER]}”.")
    expected = ExpectedDelivery(
        unit_code=unit,
        kind="",
        frequency=frequency,
        due_working_days=days or DUE_DAYS,
        period_kinds=_period_kinds(row, frequency),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        source=row.text("source"),
    )
    check_validity(row, expected.valid_from, expected.valid_to)
    return [replace(expected, kind=kind) for kind in kinds] if frequency else []


def _named(row: Row, column: str, names: Mapping[str, str]) -> str:
    """The id behind a name or an id; empty, and a problem, for anything else."""
    given = row.required(column)
    by_name = {fold(text): key for key, name in names.items() for text in (key, name)}
    if given and fold(given) not in by_name:
        row.problems.add(
            row.where, f"{row.label(column)} chỉ nhận {'; '.join(names.values())}, đang ghi “{given}”."
        )
    return by_name.get(fold(given), "")


def _period_kinds(row: Row, frequency: str) -> tuple[str, ...]:
    by_name = {fold(text): kind for kind, name in KIND_NAMES.items() for text in (kind, name)}
    given = row.names("period_kinds")
    for name in given:
        if fold(name) not in by_name:
            listed = ", ".join(KIND_NAMES.values())
            row.problems.add(row.where, f"{row.label('period_kinds')} chỉ nhận {listed}, đang ghi “{name}”.")
    if given and frequency not in ("", PERIOD):
        row.problems.add(row.where, f"{row.label('period_kinds')} chỉ dùng với “{FREQUENCY_NAMES[PERIOD]}”.")
    return tuple(dict.fromkeys(by_name[fold(name)] for name in given if fold(name) in by_name))


def _contradict(one: ExpectedDelivery, other: ExpectedDelivery) -> bool:
    if any(getattr(one, name) != getattr(other, name) for name in _KEY) or not overlap(one, other):
        return False
    if NEVER in (one.frequency, other.frequency):
        return True
    if one.frequency != other.frequency:
        return False
    # Of rows for certain kinds of period only those that share one say the same thing twice.
    return not (one.period_kinds and other.period_kinds) or bool({*one.period_kinds} & {*other.period_kinds})
