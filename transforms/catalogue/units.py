"""Administrative units with their spans of validity: parsing and cross-checks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from transforms.catalogue.model import SUCCESSOR_SEPARATOR, Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import Row, read_rows
from transforms.text_vi import fold

UNIT_COLUMNS = ("code", "name", "type", "level", "parent_code", "valid_from", "valid_to", "agency_code")
UNIT_OPTIONAL = ("aliases", "successor_code", "source")
TYPE_LEVELS = {
    "xã": ("xa",),
    "phường": ("xa",),
    "thị trấn": ("xa",),
    "đặc khu": ("xa",),
    "huyện": ("huyen",),
    "quận": ("huyen",),
    "thị xã": ("huyen",),
    "thành phố": ("huyen", "tinh"),
    "tỉnh": ("tinh",),
}
"""Levels that each type of unit may stand on; a city belongs to a province or is one."""
LEVEL_DIGITS = {"tinh": 2, "huyen": 3, "xa": 5}
"""Digits of a unit code by level (QĐ 124/2004/QĐ-TTg; QĐ 19/2025/QĐ-TTg)."""
_RANK = {"xa": 0, "huyen": 1, "tinh": 2}
_AGENCY = re.compile(r"(?:\d{3}(?:\.\d{2}){2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,3}")
_FAR = date.max


def parse_units(content: bytes, file: str, problems: Problems) -> list[Entry[Unit]]:
    """Units of a CSV file, each with the line it stands on; bad cells become problems."""
    rows = read_rows(content, file, UNIT_COLUMNS, UNIT_OPTIONAL, problems)
    return [Entry(parse_unit(row), row.where) for row in rows]


def parse_unit(row: Row) -> Unit:
    """One unit; what is wrong with a cell, its code or its span becomes a problem."""
    unit_type = row.one_of("type", TYPE_LEVELS)
    level = row.one_of("level", LEVEL_DIGITS)
    if unit_type in TYPE_LEVELS and level in LEVEL_DIGITS and level not in TYPE_LEVELS[unit_type]:
        row.problems.add(row.where, f"loại “{unit_type}” không thuộc cấp “{level}”.")
    code = row.required("code")
    digits = LEVEL_DIGITS.get(level)
    if code and digits and not re.fullmatch(rf"\d{{{digits}}}", code, flags=re.ASCII):
        hint = " (Excel thường làm mất các số 0 ở đầu)" if code.isdigit() and len(code) < digits else ""
        row.problems.add(
            row.where,
            f"mã đơn vị “{code}” không đúng, {unit_type or 'cấp này'} phải có {digits} chữ số{hint}.",
        )
    agency = row.text("agency_code")
    if agency and not _AGENCY.fullmatch(agency):
        row.problems.add(row.where, f"mã định danh “{agency}” không đúng dạng, ví dụ 000.09.42.H56.")
    if row.text("valid_from") == "":
        row.required("valid_from")
    valid_from, valid_to = row.day("valid_from") or date.min, row.day("valid_to")
    if valid_to is not None and valid_to < valid_from:
        row.problems.add(row.where, "ngày hết hiệu lực đứng trước ngày bắt đầu.")
    return Unit(
        code=code,
        name=row.required("name"),
        type=unit_type,
        level=level,
        parent_code=row.text("parent_code"),
        valid_from=valid_from,
        valid_to=valid_to,
        agency_code=agency,
        aliases=row.names("aliases"),
        successor_code=SUCCESSOR_SEPARATOR.join(successor_codes(row.text("successor_code"))),
        source=row.text("source"),
    )


def check_units(entries: Sequence[Entry[Unit]], problems: Problems) -> None:
    """Record every contradiction between units.

    Spans of one code do not overlap; a parent exists, stands higher and is valid all the time its child
    is; every successor exists once the unit has ended; an agency identifier belongs to one unit at a time;
    under one parent no name or alias belongs to two units at the same time.
    """
    by_code: dict[str, list[Entry[Unit]]] = defaultdict(list)
    for entry in entries:
        by_code[entry.value.code].append(entry)
    for code, spans in by_code.items():
        for earlier, later in _clashes(spans):
            problems.add(
                later.where,
                f"thời gian hiệu lực của mã “{code}” chồng lên dòng đã có ({earlier.where}).",
            )
    for entry in entries:
        _check_parent(entry, by_code.get(entry.value.parent_code, []), problems)
        _check_successors(entry, by_code, problems)
    _check_claims(entries, problems)


def _clashes(entries: Iterable[Entry[Unit]]) -> Iterator[tuple[Entry[Unit], Entry[Unit]]]:
    """Neighbouring entries, by start of validity, of which the later starts before the earlier ends."""
    ordered = sorted(entries, key=lambda entry: entry.value.valid_from)
    if not ordered:
        return
    reaching = ordered[0]
    for entry in ordered[1:]:
        if entry.value.valid_from <= (reaching.value.valid_to or _FAR):
            yield reaching, entry
        if (entry.value.valid_to or _FAR) > (reaching.value.valid_to or _FAR):
            reaching = entry


def _check_parent(entry: Entry[Unit], parents: Sequence[Entry[Unit]], problems: Problems) -> None:
    unit = entry.value
    if not unit.parent_code:
        return
    if not parents:
        problems.add(entry.where, f"đơn vị cấp trên “{unit.parent_code}” không có trong danh sách.")
        return
    if any(_RANK.get(parent.value.level, 9) <= _RANK.get(unit.level, -1) for parent in parents):
        problems.add(entry.where, f"đơn vị cấp trên “{unit.parent_code}” không cao hơn {unit.full_name}.")
    if not _is_covered(unit, [parent.value for parent in parents]):
        problems.add(
            entry.where,
            f"đơn vị cấp trên “{unit.parent_code}” không có hiệu lực suốt thời gian của {unit.full_name}.",
        )


def _is_covered(unit: Unit, parents: Iterable[Unit]) -> bool:
    """True when the spans of the parent leave no day of the unit's validity open."""
    end, reached = unit.valid_to or _FAR, unit.valid_from
    for parent in sorted(parents, key=lambda parent: parent.valid_from):
        if parent.valid_from > reached:
            return False
        until = parent.valid_to or _FAR
        if until >= end:
            return True
        reached = max(reached, until + timedelta(days=1))
    return False


def successor_codes(text: str) -> list[str]:
    """The codes of a cell "16186; 16222", parted by ; | or a comma, in the order written."""
    return [code for part in re.split(r"[;|,]", text) if (code := part.strip())]


def _check_successors(
    entry: Entry[Unit], by_code: Mapping[str, Sequence[Entry[Unit]]], problems: Problems
) -> None:
    """Record successors of a unit that goes on, and those that do not exist the day after it ended."""
    unit = entry.value
    if not unit.successor_codes:
        return
    if unit.valid_to is None:
        problems.add(entry.where, "có mã đơn vị kế thừa nhưng không có ngày hết hiệu lực.")
        return
    for code in unit.successor_codes:
        if unit.successor_codes.count(code) > 1:
            problems.add(entry.where, f"đơn vị kế thừa “{code}” bị lặp lại.")
        elif not any(
            found.value.is_valid_on(unit.valid_to + timedelta(days=1)) for found in by_code.get(code, ())
        ):
            problems.add(
                entry.where,
                f"đơn vị kế thừa “{code}” không có hiệu lực vào ngày liền sau ngày hết hiệu lực.",
            )


def _check_claims(entries: Sequence[Entry[Unit]], problems: Problems) -> None:
    """Agency identifiers and names, each compared among the units that claim the same one."""
    agencies: dict[str, list[Entry[Unit]]] = defaultdict(list)
    names: dict[tuple[str, str], list[Entry[Unit]]] = defaultdict(list)
    texts: dict[tuple[str, str], str] = {}  # (compared name, place) → name as written
    for entry in entries:
        unit = entry.value
        if unit.agency_code:
            agencies[unit.agency_code].append(entry)
        # A xã and a thị trấn of one district may share their bare name, so the type belongs to the key.
        for key, text in {fold(text): text for text in (unit.full_name, *unit.aliases)}.items():
            if not key:
                problems.add(entry.where, f"tên khác “{text}” không có chữ nào để so sánh.")
                continue
            names[unit.parent_code, key].append(entry)
            texts[key, entry.where] = text
    for agency, claims in agencies.items():
        for earlier, later in _clashes(claims):
            problems.add(later.where, f"mã định danh “{agency}” đã dùng cho {earlier.value.full_name}.")
    for (_, key), claims in names.items():
        for earlier, later in _clashes(claims):
            if earlier.value.code != later.value.code:  # one code twice is reported as such
                problems.add(
                    later.where, f"tên “{texts[key, later.where]}” đã dùng cho đơn vị khác ({earlier.where})."
                )
