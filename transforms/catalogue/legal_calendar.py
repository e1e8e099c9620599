"""The legal calendar as data: windows of periods, names of their bases, deadlines, days off.

The packaged files lie in ``calendars/``; a workspace has files of the same names in its own ``calendars/``.
Its windows and deadlines go before the packaged ones on the days for which they hold, its names and days
off take the place of those of the same basis and day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from transforms.calendar.days_off import KINDS, STATUS_NAMES, VERIFIED, WEEKEND, DayOff
from transforms.calendar.tables import FIRST_DAY, LAST_DAY
from transforms.catalogue.model import Basis, Deadline, PeriodWindow, Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import read_rows
from transforms.catalogue.windows import (
    BASES,
    INDEXES,
    basis_of,
    check_validity,
    overlap,
    parse_windows,
)

WINDOWS_FILE = "calendars/windows.csv"
BASES_FILE = "calendars/bases.csv"
DEADLINES_FILE = "calendars/deadlines.csv"
DAYS_OFF_FILE = "calendars/days_off.csv"
CALENDAR_FILES = (WINDOWS_FILE, BASES_FILE, DEADLINES_FILE, DAYS_OFF_FILE)
SENDER_LEVELS = ("xa", "huyen", "tinh")
_LAST_SAFE_DAY = 28
"""Every month has it."""
_DEADLINE_KEY = ("basis", "kind", "sender_level", "unit_code", "period_id")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LegalCalendar:
    """The four lists, the workspace's rows merged in."""

    windows: tuple[PeriodWindow, ...]
    bases: tuple[Basis, ...]
    deadlines: tuple[Deadline, ...]
    days_off: tuple[DayOff, ...]


def load_calendar(
    files: Mapping[str, bytes],
    overlay: Mapping[str, bytes],
    overlay_label: str,
    units: Iterable[Unit],
    problems: Problems,
) -> LegalCalendar:
    """The calendar of the packaged files under the workspace's; what contradicts itself becomes a problem."""

    def layers(key: str, parse: Callable[[bytes, str, Problems], list[Entry[T]]]) -> list[Entry[T]]:
        own = parse(overlay[key], overlay_label + key, problems) if key in overlay else []
        return [*own, *parse(files.get(key, b""), key, problems)]

    own_windows = (
        parse_windows(overlay[WINDOWS_FILE], overlay_label + WINDOWS_FILE, problems, ())
        if WINDOWS_FILE in overlay
        else ()
    )
    windows = (*own_windows, *parse_windows(files.get(WINDOWS_FILE, b""), WINDOWS_FILE, problems))
    bases = layers(BASES_FILE, parse_bases)
    deadlines = layers(DEADLINES_FILE, parse_deadlines)
    days_off = layers(DAYS_OFF_FILE, parse_days_off)
    known = {window.basis for window in windows}
    named = {entry.value.basis for entry in bases}
    for basis in sorted(known - named):
        problems.add_sentence(
            f"Cách tính “{basis}” có trong {WINDOWS_FILE} nhưng chưa có tên; hãy thêm một dòng vào {overlay_label}{BASES_FILE}."
        )
    codes = {unit.code for unit in units}
    for entry in deadlines:
        if known and entry.value.basis not in known:
            problems.add(entry.where, f"không có cách tính “{entry.value.basis}” trong {WINDOWS_FILE}.")
        if entry.value.unit_code and entry.value.unit_code not in codes:
            problems.add(entry.where, f"mã đơn vị “{entry.value.unit_code}” không có trong danh mục.")
    by_day = {entry.value.day: entry.value for entry in reversed(days_off)}
    by_basis = {entry.value.basis: entry.value for entry in reversed(bases)}
    order = list(dict.fromkeys([*BASES, *sorted(by_basis)]))
    return LegalCalendar(
        windows,
        tuple(by_basis[basis] for basis in order if basis in by_basis),
        tuple(entry.value for entry in deadlines),
        tuple(by_day[day] for day in sorted(by_day)),
    )


def parse_bases(content: bytes, file: str, problems: Problems) -> list[Entry[Basis]]:
    """Names of the bases, one row each."""
    found: list[Entry[Basis]] = []
    for row in read_rows(content, file, ("basis", "name", "source"), (), problems):
        basis = Basis(basis_of(row), row.required("name"), row.required("source"))
        if any(basis.basis == other.value.basis for other in found):
            row.problems.add(row.where, f"cách tính “{basis.basis}” bị lặp lại.")
        found.append(Entry(basis, row.where))
    return found


def parse_deadlines(content: bytes, file: str, problems: Problems) -> list[Entry[Deadline]]:
    """Deadlines; each tells its day in exactly one way, and two that are about the same do not overlap in time."""
    optional = [field.name for field in fields(Deadline) if field.name not in ("basis", "source")]
    found: list[Entry[Deadline]] = []
    for row in read_rows(content, file, ("basis", "source"), optional, problems):
        deadline = Deadline(
            basis=basis_of(row),
            source=row.required("source"),
            kind=row.one_of("kind", ("", *INDEXES)),
            sender_level=row.one_of("sender_level", ("", *SENDER_LEVELS)),
            unit_code=row.text("unit_code"),
            period_id=row.text("period_id"),
            working_days=row.whole("working_days"),
            day_of_month=row.whole("day_of_month"),
            day=row.day("day"),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
        )
        ways = (deadline.working_days, deadline.day_of_month, deadline.day)
        if sum(way is not None for way in ways) != 1:
            row.problems.add(row.where, "cần điền đúng một trong ba cột working_days, day_of_month, day.")
        if deadline.working_days is not None and deadline.working_days < 1:
            row.problems.add(row.where, "số ngày làm việc phải từ 1 trở lên.")
        if deadline.day_of_month is not None and not 1 <= deadline.day_of_month <= _LAST_SAFE_DAY:
            row.problems.add(row.where, f"ngày trong tháng phải từ 1 đến {_LAST_SAFE_DAY}.")
        if deadline.day is not None and not deadline.period_id:
            row.problems.add(row.where, "hạn ghi bằng ngày cụ thể phải kèm mã kỳ ở cột period_id.")
        check_validity(row, deadline.valid_from, deadline.valid_to)
        if any(_about(deadline) == _about(other.value) and overlap(deadline, other.value) for other in found):
            row.problems.add(row.where, "hạn gửi này bị lặp lại.")
        found.append(Entry(deadline, row.where))
    return found


def parse_days_off(content: bytes, file: str, problems: Problems) -> list[Entry[DayOff]]:
    """Days off and swapped working days; a verified one names the law or the decision it rests on."""
    found: dict[object, Entry[DayOff]] = {}
    rows = read_rows(content, file, ("date", "kind", "name", "status"), ("decision", "source"), problems)
    for row in rows:
        row.required("date")
        day = row.day("date")
        kind = row.one_of("kind", KINDS)
        status = row.one_of("status", STATUS_NAMES)
        if day is None:
            continue
        day_off = DayOff(day, kind, row.required("name"), status, row.text("decision"), row.text("source"))
        if status == VERIFIED and not day_off.decision:
            row.problems.add(
                row.where, "dòng đã kiểm chứng phải ghi điều luật hoặc số, ngày văn bản ở cột “decision”."
            )
        if kind == "swapped_off" and day.weekday() in WEEKEND:
            row.problems.add(row.where, "ngày nghỉ hoán đổi phải là ngày từ thứ Hai đến thứ Sáu.")
        if not FIRST_DAY <= day <= LAST_DAY:
            row.problems.add(row.where, f"năm phải từ {FIRST_DAY.year} đến {LAST_DAY.year}.")
        elif day in found:
            row.problems.add(row.where, f"ngày {day:%d/%m/%Y} đã có ở {found[day].where}.")
        else:
            found[day] = Entry(day_off, row.where)
    return list(found.values())


def _about(deadline: Deadline) -> Sequence[str]:
    return [getattr(deadline, name) for name in _DEADLINE_KEY]
