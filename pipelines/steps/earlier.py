"""The earlier periods that reports are compared with: counted from the records that were read already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import UsageProblemError
from pipelines.session import find_unit
from pipelines.steps.rollup import unit_map
from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.build import build_indicators
from transforms.indicators.earlier import (
    SUBJECTS,
    ComparedLine,
    Earlier,
    Reach,
    Relation,
    compare_lines,
    dense_since,
    earlier_periods,
    earlier_reckoning,
    is_told,
    resolving_since,
)
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.rollup import (
    Line,
    MapOf,
    UnitMap,
    place_documents,
    place_dossiers,
    place_fees,
)

if TYPE_CHECKING:  # counting a report asks this module for its earlier periods
    from pipelines.steps.report import KnownRecords, PeriodData

CountedDays = dict[tuple[date, date], IndicatorTable]
"""Counts of one run under one basis, rulebook and map, by first and last day."""
_FIRST_DAY = {"dossier": "received_date", "fee": "collected_date", "document": "issued_date"}


@dataclass(frozen=True, slots=True)
class EarlierCount:
    """One earlier period counted for all units at once."""

    relation: Relation
    reckoning: Reckoning
    table: IndicatorTable | None
    """None where the store does not reach back to it for any unit."""
    units: UnitMap


def earlier_codes(catalogue: Catalogue, reckoning: Reckoning, node: Unit, map_of: str) -> tuple[str, ...]:
    """Every unit code whose records may count under the node in one of the earlier periods."""
    codes: set[str] = set()
    for _, other in _reckonings(catalogue, reckoning):
        then = _node_then(catalogue, node, other)
        if then is not None:
            codes.update(unit_map(catalogue, other, map_of).stored_codes(then))
    return tuple(sorted(codes))


def reach_of(known: KnownRecords, up_to: date) -> Reach:
    """From when to when the known lists tell everything; ``up_to``: the working day, later ones are slips of the pen."""
    rows = {"dossier": known.dossiers.latest, "fee": known.fees, "document": known.documents}
    since: dict[tuple[str, str], date] = {}
    for kind, name in _FIRST_DAY.items():
        table = rows[kind]
        if kind == "document":
            table = table.filter(pc.equal(table["direction"], "outgoing"))
        dense = dense_since(_dated(table, name), up_to)
        if kind == "dossier":
            dense = resolving_since(dense, dense_since(_dated(table, "resolved_date"), up_to))
        since.update({(kind, unit): day for unit, day in dense.items()})
    until: dict[tuple[str, str], date] = {}
    for sent in (known.deliveries, known.carried):
        for row in sent.select(["unit_code", "kind", "exported_at"]).to_pylist():
            if row["exported_at"] is not None:
                key = (row["kind"], row["unit_code"])
                day = row["exported_at"].date()
                until[key] = max(day, until.get(key, day))
    return Reach(since, until, _oldest(known))


def _dated(table: pa.Table, name: str) -> pa.Table:
    return pa.table({"unit_code": table["unit_code"], "day": table[name]})


def _oldest(known: KnownRecords) -> dict[tuple[str, str], date]:
    """(kind of list, stored unit code) → day of its oldest record."""
    dossiers, fees = known.dossiers.latest, known.fees
    days = {
        "dossier": pa.table({"unit": dossiers["unit_code"], "day": dossiers["received_date"]}),
        "fee": pa.table({"unit": fees["unit_code"], "day": fees["collected_date"]}),
    }
    for direction in ("incoming", "outgoing"):
        register = known.documents.filter(pc.equal(known.documents["direction"], direction))
        day = pc.coalesce(register["arrived_date"], register["issued_date"])
        days[f"document.{direction}"] = pa.table({"unit": register["unit_code"], "day": day})
    return {
        (kind, row["unit"]): row["day_min"]
        for kind, table in days.items()
        for row in table.group_by("unit").aggregate([("day", "min")]).to_pylist()
        if row["day_min"] is not None
    }


def with_earlier(
    data: PeriodData,
    known: KnownRecords,
    catalogue: Catalogue,
    map_of: str = MapOf.THEN,
    counted: CountedDays | None = None,
) -> PeriodData:
    """The period with those that its reports compare themselves with; ``counted``: what a run counted already."""
    reach = reach_of(known, data.table.reckoning.as_of)
    counted = {} if counted is None else counted
    earlier = count_earlier(known, catalogue, data.table.reckoning, map_of, reach, counted)
    return replace(data, earlier=earlier, reach=reach)


def count_earlier(
    known: KnownRecords,
    catalogue: Catalogue,
    reckoning: Reckoning,
    map_of: str,
    reach: Reach,
    counted: CountedDays,
) -> tuple[EarlierCount, ...]:
    """The earlier periods of one reckoning; ``counted`` is looked into and added to.

    A period that the store does not reach back to is not counted at all. The dossiers behind the cells are left
    out: what leads back to them counts again.
    """
    found: list[EarlierCount] = []
    for relation, other in _reckonings(catalogue, reckoning):
        units = unit_map(catalogue, other, map_of)
        days = (other.start, other.closing_day)
        if days not in counted and any(is_told(day, other) for day in reach.since.values()):
            table = build_indicators(
                place_dossiers(known.dossiers, units),
                place_fees(known.fees, units),
                place_documents(known.documents, units),
                other,
                catalogue,
                delivered_lists(known, units),
            )
            counted[days] = IndicatorTable(
                other, table.cells, table.notes, table.population.schema.empty_table()
            )
        found.append(EarlierCount(relation, other, counted.get(days), units))
    return tuple(found)


def delivered_lists(known: KnownRecords, units: UnitMap) -> dict[str, list[str]]:
    """Record kind → lines whose unit sent a list of that kind, each on the day of its export."""
    found: dict[str, set[str]] = {}
    for row in known.deliveries.select(["kind", "unit_code", "exported_at"]).to_pylist():
        if row["unit_code"] not in known.asked:
            continue  # a list of another that held rows of these
        day = row["exported_at"].date() if row["exported_at"] else None
        found.setdefault(row["kind"], set()).add(units.record_key(row["unit_code"], day))
    return {kind: sorted(codes) for kind, codes in found.items()}


def earlier_of(data: PeriodData, node: Unit, catalogue: Catalogue) -> tuple[Earlier, ...]:
    """The earlier periods as one node's report compares itself with them."""
    return tuple(_earlier(data, count, node, catalogue) for count in data.earlier)


def _earlier(data: PeriodData, count: EarlierCount, node: Unit, catalogue: Catalogue) -> Earlier:
    own, other = data.table.reckoning, count.reckoning
    now = _lines(data.units, node, data.table)
    then = _node_then(catalogue, node, other)
    earlier = _lines(count.units, then, count.table) if then is not None else ()
    lines: dict[str, tuple[ComparedLine, ...]] = {
        subject: compare_lines(now, earlier, subject, data.reach, own, other) for subject in SUBJECTS
    }
    is_any = any(not line.obstacle for compared in lines.values() for line in compared)
    codes = tuple(line.unit.code for line in earlier)
    return Earlier(count.relation, other.period, count.table if is_any else None, lines, codes)


def _lines(units: UnitMap, node: Unit, table: IndicatorTable | None) -> tuple[Line, ...]:
    with_figures = {unit for (_, unit, _), value in table.cells.items() if value} if table else set()
    return units.lines(node, with_figures)


def _node_then(catalogue: Catalogue, node: Unit, other: Reckoning) -> Unit | None:
    """The node in the other period; None where there was none."""
    try:
        then = find_unit(catalogue, node.code, other.closing_day)
    except UsageProblemError:
        return None
    return then if then.valid_from <= other.closing_day else None


def _reckonings(catalogue: Catalogue, reckoning: Reckoning) -> list[tuple[Relation, Reckoning]]:
    found = []
    for relation, period in earlier_periods(reckoning.period):
        other = earlier_reckoning(reckoning, relation, period, catalogue.windows)
        if other is not None:
            found.append((relation, other))
    return found
