"""Groupings of units that a workspace makes for itself: the overlay file ``groups.csv``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from transforms.calendar.day_words import official_date
from transforms.catalogue.lineage import Lineage
from transforms.catalogue.model import Group, Membership, Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import Row, read_rows

GROUPS_FILE = "groups.csv"
GROUP_COLUMNS = ("group_code", "name", "unit_code", "valid_from", "valid_to")
GROUP_OPTIONAL = ("is_drafted", "source")
# The code names a folder of drafts, and must not be taken for the code of a unit.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_FAR = date.max


def parse_groups(content: bytes, file: str, units: Sequence[Unit], problems: Problems) -> tuple[Group, ...]:
    """The groups of a CSV file with one line per member, in order of first mention.

    A group has one name and one ``is_drafted`` on all its lines. A member has to be a unit of the catalogue
    on its first day; without a last day it stays as long as the unit exists. What contradicts itself becomes
    a problem: a span that the unit does not cover (its code means another unit then), the same unit twice at
    the same time, a unit beside one that stands above it, which would be counted twice.
    """
    lineage = Lineage(units)
    lines: dict[str, list[tuple[Row, Entry[Membership]]]] = {}
    for row in read_rows(content, file, GROUP_COLUMNS, GROUP_OPTIONAL, problems):
        code = row.required("group_code")
        if code and not _CODE.fullmatch(code):
            problems.add(
                row.where,
                f"mã nhóm “{code}” phải bắt đầu bằng chữ cái và chỉ gồm chữ không dấu, số, gạch nối hoặc gạch dưới.",
            )
        member = _membership(row, lineage)
        if code and member is not None:
            lines.setdefault(code, []).append((row, Entry(member, row.where)))
    return tuple(_group(code, members, lineage, problems) for code, members in lines.items())


def _membership(row: Row, lineage: Lineage) -> Membership | None:
    code, valid_from, valid_to = row.required("unit_code"), row.day("valid_from"), row.day("valid_to")
    if not row.text("valid_from"):
        row.required("valid_from")
    if not code or valid_from is None:
        return None
    unit = lineage.valid(code, valid_from)
    if unit is None:
        known = (
            "không có trong danh sách đơn vị"
            if lineage.holder(code, valid_from) is None
            else "chưa có hoặc đã hết hiệu lực"
        )
        row.problems.add(row.where, f"mã đơn vị “{code}” {known} vào ngày {official_date(valid_from)}.")
        return None
    if valid_to is not None and valid_to < valid_from:
        row.problems.add(row.where, "ngày hết hiệu lực đứng trước ngày bắt đầu.")
        return None
    if valid_to is not None and not unit.is_valid_on(valid_to):
        row.problems.add(row.where, _ended(unit, lineage))
        return None
    return Membership(code, valid_from, valid_to or unit.valid_to)


def _ended(unit: Unit, lineage: Lineage) -> str:
    end = unit.valid_to or _FAR
    later = lineage.valid(unit.code, end + timedelta(days=1))
    since = f"; từ ngày sau đó mã này là {later.full_name}" if later else ""
    return (
        f"{unit.full_name} ({unit.code}) chỉ có hiệu lực đến ngày {official_date(end)}{since}. "
        "Hãy ghi valid_to không quá ngày đó và thêm một dòng cho thời gian sau."
    )


def _group(
    code: str, lines: Sequence[tuple[Row, Entry[Membership]]], lineage: Lineage, problems: Problems
) -> Group:
    first = lines[0][0]
    for row, _ in lines[1:]:
        for column in ("name", "is_drafted"):
            if row.text(column) not in ("", first.text(column)):
                problems.add(
                    row.where, f"cột “{column}” khác với dòng đầu của nhóm “{code}” ({first.where})."
                )
    entries = [entry for _, entry in lines]
    _check_members(entries, lineage, problems)
    members = tuple(entry.value for entry in entries)
    return Group(
        code, first.required("name"), members, _common_parent(members, lineage), first.yes("is_drafted")
    )


def _check_members(entries: Sequence[Entry[Membership]], lineage: Lineage, problems: Problems) -> None:
    """Record every unit that is in the group twice on some day, by itself or by one above it."""
    by_code: dict[str, list[Entry[Membership]]] = {}
    for entry in entries:
        earlier = by_code.setdefault(entry.value.unit_code, [])
        for other in earlier:
            if _first_common_day(entry.value, other.value) is not None:
                problems.add(
                    entry.where, f"đơn vị “{entry.value.unit_code}” đã có trong nhóm ({other.where})."
                )
        earlier.append(entry)
    for entry in entries:
        code = entry.value.unit_code
        for upper in sorted(lineage.codes_above(code) & by_code.keys()):
            for other in by_code[upper]:
                day = _first_common_day(entry.value, other.value)
                unit = lineage.valid(code, day) if day else None
                if unit and day and upper in {above for above, _ in lineage.above(unit, day, day)}:
                    problems.add(
                        entry.where,
                        f"đơn vị “{code}” đã nằm trong đơn vị “{upper}” của nhóm ({other.where}).",
                    )


def _first_common_day(one: Membership, other: Membership) -> date | None:
    start = max(one.valid_from, other.valid_from)
    return start if start <= min(one.valid_to or _FAR, other.valid_to or _FAR) else None


def _common_parent(members: Sequence[Membership], lineage: Lineage) -> str:
    """Code of the nearest unit above every member on its first day; empty where there is none."""
    chains: list[list[str]] = []
    for member in members:
        chain, unit = [], lineage.valid(member.unit_code, member.valid_from)
        while unit and unit.parent_code and unit.parent_code not in chain:
            chain.append(unit.parent_code)
            unit = lineage.valid(unit.parent_code, member.valid_from)
        chains.append(chain)
    return next((code for code in chains[0] if all(code in chain for chain in chains)), "")


def check_group_codes(groups: Sequence[Group], units: Sequence[Unit], file: str, problems: Problems) -> None:
    """Record a group whose code is that of a unit."""
    codes = {unit.code for unit in units}
    for group in groups:
        if group.code in codes:
            problems.add(file, f"mã nhóm “{group.code}” trùng với mã đơn vị.")
