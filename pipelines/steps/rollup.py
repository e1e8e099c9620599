"""Which units a report is about: its lines on the map of then or of now, and who of them sent nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from pipelines.errors import UsageProblemError
from transforms.calendar.day_words import official_date
from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.coverage import coverage
from transforms.indicators.model import Reckoning
from transforms.indicators.rollup import Line, MapOf, UnitMap, code_of
from transforms.report.inputs import SupplementValue

if TYPE_CHECKING:  # counting asks this module for its lines
    from pipelines.steps.report import PeriodData


@dataclass(frozen=True, slots=True)
class ReportUnits:
    """The lines of one report."""

    node: Unit
    """The node as the report names it: where it is its own only line, with the key of that line for a code."""
    leaves: tuple[Unit, ...]
    """Units as printed, each with the key of its cells for a code; the node alone where it is no roll-up."""
    missing: tuple[Unit, ...]
    """Those of the leaves that sent nothing that could be read."""
    stored_codes: frozenset[str]
    """Codes under which the records of the lines are stored."""
    data_date: date | None
    """Earliest export day among the newest lists of each unit."""
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key of each of the leaves → stored codes of the units whose lists stand behind it."""


def require_on_map(units: UnitMap, node: Unit) -> None:
    """Raise UsageProblemError for a node that the map does not have, naming what stands in its place."""
    if units.is_known(node):
        return
    heirs = [heir for heir in units.successors(node) if heir != node]
    if heirs:
        listed = ", ".join(f"{heir.full_name} (mã {heir.code})" for heir in heirs)
        instead = f"hãy chọn đơn vị kế thừa {listed}"
    else:
        instead = "hãy chọn đơn vị cấp trên"
    if node.valid_to is not None and node.valid_to < units.day:
        what = f"chỉ có đến ngày {official_date(node.valid_to)}"
    else:
        what = f"chỉ có từ ngày {official_date(node.valid_from)}"
    other = f", hoặc dùng --map {MapOf.THEN}" if units.map_of is MapOf.NOW else ""
    raise UsageProblemError(
        f"{node.full_name[:1].upper()}{node.full_name[1:]} (mã {node.code}) {what}, không có trên bản đồ "
        f"đơn vị ngày {official_date(units.day)}; {instead}{other}."
    )


def unit_map(catalogue: Catalogue, reckoning: Reckoning, map_of: str = MapOf.THEN) -> UnitMap:
    """The lines of a reckoning on the map of then or of now."""
    return UnitMap(catalogue, reckoning, MapOf(map_of))


def report_units(data: PeriodData, node: Unit) -> ReportUnits:
    """The lines of a node's report.

    A unit of the window that sent nothing while others of its line did keeps a line of its own, without
    figures: the sum must not hide who is missing.
    """
    with_figures = {unit for (_, unit, _), value in data.table.cells.items() if value}
    lines = data.units.lines(node, with_figures)
    codes = sorted({member.code for line in lines for member in line.members})
    sent = coverage(codes, data.deliveries, carried=data.carried)
    silent_codes = frozenset(sent.missing)
    leaves: list[Unit] = []
    missing: list[Unit] = []
    members: dict[str, tuple[str, ...]] = {}
    for line in lines:
        silent = [member for member in line.members if member.code in silent_codes]
        leaves.append(line.unit)
        speaking = [member.code for member in line.members if member not in silent]
        members[line.unit.code] = tuple(speaking or (member.code for member in line.members))
        if len(silent) == len(line.members):
            missing.append(line.unit)
        elif len(lines) > 1:
            apart = [_apart(member, line, data.units) for member in silent]
            members.update({each.code: (member.code,) for each, member in zip(apart, silent, strict=True)})
            leaves.extend(apart)
            missing.extend(apart)
    is_own_line = (
        len(lines) == 1 and lines[0].unit.valid_from == node.valid_from and lines[0].unit.name == node.name
    )
    named = lines[0].unit if is_own_line and code_of(lines[0].unit.code) == node.code else node
    return ReportUnits(named, tuple(leaves), tuple(missing), frozenset(codes), sent.data_date, members)


def _apart(member: Unit, line: Line, units: UnitMap) -> Unit:
    """A silent unit beside the line that it belongs to; nothing is counted under its key."""
    return replace(
        member, code=units.own_key(member), name=f"{member.name} (nay thuộc {line.unit.full_name})"
    )


def supplement_of_lines(
    given: Mapping[str, Mapping[str, tuple[SupplementValue, ...]]], units: UnitMap
) -> dict[str, dict[str, tuple[SupplementValue, ...]]]:
    """What units filled in by the line they count under: numbers of several units are added, texts stand together."""
    by_line: dict[str, list[str]] = {}
    for code in given:
        by_line.setdefault(units.key(code), []).append(code)
    return {
        key: dict(given[codes[0]]) if len(codes) == 1 else _together([given[code] for code in sorted(codes)])
        for key, codes in by_line.items()
    }


def _together(
    given: Sequence[Mapping[str, tuple[SupplementValue, ...]]],
) -> dict[str, tuple[SupplementValue, ...]]:
    merged: dict[str, tuple[SupplementValue, ...]] = {}
    for item in sorted({item for lines in given for item in lines}):
        values = [value for lines in given for value in lines.get(item, ())]
        numbers = [value.number for value in values if value.number is not None]
        # A unit's number is the first of its lines; an item is either counted or told.
        is_counted = len(numbers) == len(values)
        merged[item] = (SupplementValue(str(sum(numbers)), sum(numbers)),) if is_counted else tuple(values)
    return merged
