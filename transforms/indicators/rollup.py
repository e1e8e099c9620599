"""Units through time: under which line of a roll-up every record counts, on the map of then or of now.

A record counts for the unit that held its code on the day that counted: the day the work on a dossier
ended, else the last day of the count; the day money was collected; the day of a document. On the map of
then the units that existed on any day of the window are lines, old and new side by side. On the map of now
the figures of a unit that is gone stand under the unit that took its place; one that was divided among
several keeps a line of its own, since nobody knows whose its dossiers would be today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar.day_words import official_date
from transforms.catalogue.lineage import Lineage, UnitId, identity
from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.channel import STORED_UNIT
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.state import DossierHistory, column, resolved_days

_SEPARATOR = "@"
_OFFICE = "co-quan"
_OFFICE_NAMES = {"tinh": "cơ quan cấp tỉnh", "huyen": "cơ quan cấp huyện"}
_OTHER_OFFICE = "cơ quan cấp trên"
_CODE_AND_DAY = "\x1f"


class MapOf(StrEnum):
    """Which division into units a roll-up goes by."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a roll-up."""

    unit: Unit
    """The unit as printed; its ``code`` is the key under which the line's cells stand."""
    members: tuple[Unit, ...]
    """Units of the window whose figures the line holds, by code; itself where it was there."""


def code_of(key: str) -> str:
    """The code in the key of a line: ``16186`` of ``16186@2019-12-01``."""
    return key.partition(_SEPARATOR)[0]


def is_office(key: str) -> bool:
    """Whether it is the line of what a unit with others below it handles itself: ``402@co-quan``."""
    return key.endswith(_SEPARATOR + _OFFICE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the figures of one unit stand: the unit of the line, and the day on which its place is looked up."""

    unit: Unit
    day: date


class UnitMap:
    """The lines of one reckoning; every record has exactly one of them.

    The key of a line is the plain code where the unit is the one that the code means on the last day of the
    count, else ``code@first day of validity``; ``code@day of the map`` where it holds figures of units that are
    gone by now. So an id always names the same figures, also after a code has passed to another unit. What a
    unit with others below it handles itself stands under ``code@co-quan``: its plain code means the sum.
    """

    def __init__(self, catalogue: Catalogue, reckoning: Reckoning, map_of: MapOf = MapOf.THEN) -> None:
        self._lineage = Lineage(catalogue.units, catalogue.groups)
        self.map_of = map_of
        self._start, self._end = reckoning.start, reckoning.closing_day
        self.day = (
            reckoning.closing_day if map_of is MapOf.THEN else max(reckoning.as_of, reckoning.closing_day)
        )
        """The day whose map it is."""
        self._keys: dict[tuple[str, date], str] = {}
        self._under: dict[UnitId, list[tuple[Unit, _Place]]] = {}
        self._hosts: set[UnitId] = set()
        for unit in self._lineage.units:
            place = self._place(unit)
            if map_of is MapOf.NOW and self._is_of_window(unit) and identity(place.unit) != identity(unit):
                self._hosts.add(identity(place.unit))
            for node in self._nodes_above(place):
                self._under.setdefault(node, []).append((unit, place))

    def key(self, code: str, day: date | None = None) -> str:
        """The line of a record with that unit code and day; the code itself where the catalogue lacks it.

        Days outside the window count as its first or last day: nothing before or after it is counted.
        """
        own_day = self._end if day is None else min(max(day, self._start), self._end)
        if (code, own_day) not in self._keys:
            holder = self._lineage.holder(code, own_day)
            self._keys[code, own_day] = code if holder is None else self.own_key(self._place(holder).unit)
        return self._keys[code, own_day]

    def record_key(self, code: str, day: date | None = None) -> str:
        """``key`` of a record: that of its own office where the unit has others below it."""
        key = self.key(code, day)
        own_day = self._end if day is None else min(max(day, self._start), self._end)
        holder = self._lineage.holder(code, own_day)
        return key if holder is None or not self._has_below(self._place(holder)) else _office_key(key)

    def is_plain(self, code: str) -> bool:
        """True when every record with that code counts under the code itself."""
        spans = {self._lineage.holder(code, day) for day in (self._start, self._end)}
        return len(spans) == 1 and self.record_key(code) == code

    def lines(self, node: Unit, with_figures: Collection[str] = ()) -> tuple[Line, ...]:
        """The lines of a node: units of the map first, in code order under their parents, then those of the past.

        A unit that existed on no day of the window and stands under nobody else is a line only where its key
        is ``with_figures``; so is the own office of a unit with others below it. A node without units below it,
        and one that the map does not have, is its only line.
        """
        members: dict[UnitId, list[Unit]] = {}
        places: dict[UnitId, _Place] = {}
        for unit, place in self._under.get(identity(node), ()):
            is_own = identity(place.unit) == identity(unit)
            if self._has_below(place) and _office_key(self.own_key(place.unit)) not in with_figures:
                continue
            if is_own and not self._is_on_map(unit) and self.own_key(unit) not in with_figures:
                continue
            places[identity(place.unit)] = place
            if self._is_of_window(unit):
                members.setdefault(identity(place.unit), []).append(unit)
        lines = {
            key: Line(self._printed_place(place, node), tuple(members.get(key, ())) or (place.unit,))
            for key, place in places.items()
        }
        if not lines:
            return (Line(replace(node, code=self.own_key(node)), (node,)),)
        return tuple(lines[key] for key in sorted(lines, key=lambda key: self._order(places[key])))

    def stored_codes(self, node: Unit) -> tuple[str, ...]:
        """Every unit code whose records may count under the node, its own included, in order."""
        codes = {unit.code for unit, _ in self._under.get(identity(node), ())}
        return tuple(sorted(codes | {node.code}))

    def is_known(self, node: Unit) -> bool:
        """True when the node exists on the map of now, or had not ended before the window on the map of then."""
        if self.map_of is MapOf.NOW:
            return node.is_valid_on(self.day)
        return node.valid_to is None or node.valid_to >= self._start

    def successors(self, node: Unit) -> tuple[Unit, ...]:
        """The units that stand in a node's place on the map's day; empty where nobody is known to."""
        return self._lineage.successors(node, self.day)

    def _place(self, unit: Unit) -> _Place:
        if self.map_of is MapOf.THEN and self._is_of_window(unit):
            return _Place(unit, min(unit.valid_to or self._end, self._end))
        heir = self._lineage.successor(unit, self.day)
        if heir is None:
            return _Place(unit, unit.valid_to or self.day)
        return _Place(heir, max(heir.valid_from, self.day))

    def _nodes_above(self, place: _Place) -> frozenset[UnitId]:
        """The nodes that a place counts in, itself included.

        A divided unit counts where everything it went into does: under their common node.
        """
        if self._is_divided(place.unit):
            heirs = self._lineage.successors(place.unit, self.day)
            above = [self._lineage.above(heir, self.day, self.day) for heir in heirs]
            return frozenset.intersection(*above) | {identity(place.unit)}
        return self._lineage.above(place.unit, place.day, self.day)

    def _is_divided(self, unit: Unit) -> bool:
        is_placed = self.map_of is MapOf.THEN and self._is_of_window(unit)
        return not is_placed and len(self._lineage.successors(unit, self.day)) > 1

    def _is_of_window(self, unit: Unit) -> bool:
        return unit.valid_from <= self._end and (unit.valid_to is None or unit.valid_to >= self._start)

    def _is_on_map(self, unit: Unit) -> bool:
        """True for a unit that the map shows whether or not it has figures."""
        return self._is_of_window(unit) if self.map_of is MapOf.THEN else unit.is_valid_on(self.day)

    def own_key(self, unit: Unit) -> str:
        """The key of the line that is the unit's own."""
        if identity(unit) in self._hosts:
            return f"{unit.code}{_SEPARATOR}{self.day.isoformat()}"
        holder = self._lineage.holder(unit.code, self._end)
        if holder is None or identity(holder) == identity(unit):
            return unit.code
        return f"{unit.code}{_SEPARATOR}{unit.valid_from.isoformat()}"

    def _has_below(self, place: _Place) -> bool:
        """Whether other units report to it, so that its code means more than its own office."""
        return self._lineage.has_children(place.unit, place.day)

    def _printed_place(self, place: _Place, node: Unit) -> Unit:
        if not self._has_below(place):
            return self._printed(place.unit, node)
        remark = _OFFICE_NAMES.get(place.unit.level, _OTHER_OFFICE)
        return replace(
            place.unit, code=_office_key(self.own_key(place.unit)), name=f"{place.unit.name} ({remark})"
        )

    def _printed(self, unit: Unit, node: Unit) -> Unit:
        """The unit with its key for a code, and with what tells it from its namesakes after the name."""
        own = replace(unit, code=self.own_key(unit))
        if identity(unit) == identity(node):
            return own
        remark = ""
        if self._is_divided(unit):
            remark = "đơn vị cũ, đã chia tách"
        elif not self._is_on_map(unit):
            remark = (
                "đơn vị cũ" if unit.valid_from <= self.day else f"từ ngày {official_date(unit.valid_from)}"
            )
        elif self.map_of is MapOf.THEN and unit.valid_to is not None and unit.valid_to < self._end:
            remark = f"đến ngày {official_date(unit.valid_to)}"
        elif self.map_of is MapOf.THEN and unit.valid_from > self._start:
            remark = f"từ ngày {official_date(unit.valid_from)}"
        return replace(own, name=f"{unit.name} ({remark})") if remark else own

    def _order(self, place: _Place) -> tuple[bool, tuple[str, ...], date]:
        chain, unit = [place.unit.code], place.unit
        while (parent := self._lineage.valid(unit.parent_code, place.day)) and parent.code not in chain:
            chain.append(parent.code)
            unit = parent
        return not place.unit.is_valid_on(self.day), tuple(reversed(chain)), place.unit.valid_from


def _office_key(key: str) -> str:
    return f"{key}{_SEPARATOR}{_OFFICE}"


def place_records(records: pa.Table, days: pa.Array, units: UnitMap) -> pa.Table:
    """The records with the key of their line for a ``unit_code``, the code as stored beside it.

    ``days``: date32, the day that counts of each record, null for the last day of the count. Where every
    record counts under its own code the table comes back as it is.
    """
    codes = column(records, "unit_code")
    known = pc.unique(codes).to_pylist()
    moved = [code for code in known if not units.is_plain(code)]
    if not moved:
        return records
    # Only the codes that changed hands are looked at day by day, each pair of code and day once.
    is_moved = pc.is_in(codes, value_set=pa.array(moved, codes.type))
    at = pc.indices_nonzero(is_moved)
    days_of_moved = pc.fill_null(pc.cast(pc.cast(days, pa.date32()).take(at), pa.string()), "")
    pairs = pc.binary_join_element_wise(codes.take(at), days_of_moved, _CODE_AND_DAY).dictionary_encode()
    keys = [_key_of_pair(pair, units) for pair in pairs.dictionary.to_pylist()]
    placed = pa.array(keys, codes.type).take(pairs.indices)
    position = records.schema.get_field_index("unit_code")
    placed_codes = pc.replace_with_mask(codes, is_moved, placed)
    return records.set_column(position, records.schema.field(position), placed_codes).append_column(
        STORED_UNIT, codes
    )


def _key_of_pair(pair: str, units: UnitMap) -> str:
    code, day = pair.split(_CODE_AND_DAY)
    return units.record_key(code, date.fromisoformat(day) if day else None)


@dataclass(frozen=True, slots=True)
class PlacedDossiers:
    """Dossiers under their lines, with the history of what was stored (``state.DossierHistory``)."""

    latest: pa.Table
    status_since: pa.Array
    _history: DossierHistory

    def statuses_on(self, day: date) -> pa.Array:
        """The status shown by the newest export on or before the day, null when none is."""
        return self._history.statuses_on(day)

    def times_shown(self, status: int, day: date) -> pa.Array:
        """How many separate unbroken runs of the status exports on or before the day showed, int64."""
        return self._history.times_shown(status, day)


def place_dossiers(dossiers: DossierHistory, units: UnitMap) -> DossierHistory:
    """The dossiers under the lines of the units that resolved them, each on its day; open ones on the last day."""
    placed = place_records(dossiers.latest, resolved_days(dossiers), units)
    return dossiers if placed is dossiers.latest else PlacedDossiers(placed, dossiers.status_since, dossiers)


def place_fees(fees: pa.Table, units: UnitMap) -> pa.Table:
    """Receipts under the lines of the units that collected the money, each on its day."""
    return place_records(fees, _day_of(fees, "collected_date", "received_date"), units)


def place_documents(documents: pa.Table, units: UnitMap) -> pa.Table:
    """Register lines under the units that kept the register on the day."""
    is_incoming = pc.equal(column(documents, "direction"), "incoming")
    arrived = _day_of(documents, "arrived_date", "issued_date")
    return place_records(documents, pc.if_else(is_incoming, arrived, column(documents, "issued_date")), units)


def count_received_by(table: IndicatorTable, units: UnitMap) -> Mapping[tuple[str, str], int]:
    """(line of the receiving unit, line of the resolving unit) → dossiers received in the window.

    Counts go by resolving unit; who received is told apart (DESIGN.md section 3). A dossier whose export
    names no receiving unit was received by the one that resolves it.
    """
    population = table.population.filter(table.population["is_received_in_window"])
    receiving = population.select(["receiving_unit_code", "received_date"]).rename_columns(
        ["unit_code", "day"]
    )
    resolving = column(population, "unit_code")
    is_told = pc.is_valid(column(receiving, "unit_code"))
    told = place_records(receiving.filter(is_told), column(receiving, "day").filter(is_told), units)
    keys = pc.replace_with_mask(
        pc.cast(resolving, pa.string()), is_told, column(told, "unit_code").cast(pa.string())
    )
    counted = pa.table({"receiving": keys, "resolving": resolving})
    rows = counted.group_by(["receiving", "resolving"]).aggregate([([], "count_all")]).to_pylist()
    return {(row["receiving"], row["resolving"]): row["count_all"] for row in rows}


def _day_of(records: pa.Table, first: str, second: str) -> pa.Array:
    return pc.coalesce(column(records, first), column(records, second))
