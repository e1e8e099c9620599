"""Counted cells as figures: the one place where a report looks up a number and names its source."""

from __future__ import annotations

from collections.abc import Callable

from transforms.indicators.distinct import count_distinct
from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES, RATIOS, add_measures, add_over_facets, ratio
from transforms.report.blocks import Figure
from transforms.report.inputs import ReportInputs
from transforms.report.numbers_vi import percent, thousands

JOIN = "+"
"""Joins measures or facets of which a figure is the sum: ``early+on_time``."""


class Cells:
    """The figures of one report: indicators of its node, of single units, notes, supplement numbers."""

    def __init__(self, inputs: ReportInputs) -> None:
        self._inputs = inputs
        self._table = inputs.table
        self._reckoning = inputs.table.reckoning
        self.node_code = inputs.node.code
        self.leaf_codes = tuple(unit.code for unit in inputs.leaf_units)
        self.is_public = inputs.public is not None
        self._hidden = inputs.public.hidden if inputs.public else frozenset()
        self._sensitive = frozenset(field.field_id for field in inputs.catalogue.fields if field.is_sensitive)

    def value(self, measure: str, facet: str = ALL_FIELDS, unit: str = "") -> int | None:
        """The number itself; None when the unit (or every unit of the node) has no such data, or it is withheld.

        A facet that does not occur where the measure itself is counted is a true zero. ``a+b`` sums
        measures or facets. MeasureError where their types forbid it.
        """
        units = (unit,) if unit else self.leaf_codes
        parts = measure.split(JOIN)
        if self.is_withheld(measure, facet, unit):
            return None
        return add_measures(parts, [self._part(part, units, facet.split(JOIN)) for part in parts])

    def is_withheld(self, measure: str, facet: str = ALL_FIELDS, unit: str = "") -> bool:
        """Whether a public edition leaves the number, or any part of it, out."""
        if not self._hidden:
            return False
        where = unit or self.node_code
        return any(
            (part, where, each) in self._hidden for part in measure.split(JOIN) for each in facet.split(JOIN)
        )

    def occurring_fields(self) -> frozenset[str]:
        """Fields with at least one dossier received, carried over or closed in the window.

        In a public edition every sensitive field as well: whether it has a line must not tell of a dossier.
        """
        measures = ("received_total", "resolved_total", "pending_total")
        found = {
            facet
            for facet in self.facets("received_total")
            if any(self._table.value(measure, self.leaf_codes, facet) for measure in measures)
        }
        return frozenset(found | self._sensitive if self.is_public else found)

    def _part(self, measure: str, units: tuple[str, ...], facets: list[str]) -> int | None:
        if MEASURES[measure].type is MeasureType.DISTINCT and len(facets) == 1:
            return count_distinct(self._table, measure, units, facets[0])
        if self._table.value(measure, units) is None:
            return None
        return add_over_facets(
            MEASURES[measure], [self._table.value(measure, units, each) or 0 for each in facets]
        )

    def figure(
        self,
        measure: str,
        facet: str = ALL_FIELDS,
        unit: str = "",
        write: Callable[[int], str] = thousands,
    ) -> Figure | None:
        """The number as a figure written by ``write``; None when there is no such data."""
        value = self.value(measure, facet, unit)
        if value is None:
            return None
        return Figure(value, write(value), self._reckoning.cell_id(measure, unit or self.node_code, facet))

    def rate_figure(self, rate_id: str, facet: str = ALL_FIELDS, unit: str = "") -> Figure | None:
        """A share as a figure (value in 0..1); None without data or with a zero denominator."""
        measure = RATIOS[rate_id]
        numerator, denominator = (
            self.value(JOIN.join(parts), facet, unit) for parts in (measure.numerator, measure.denominator)
        )
        if numerator is None or denominator is None:
            return None
        return _share(
            numerator,
            denominator,
            "rate/" + self._reckoning.cell_id(rate_id, unit or self.node_code, facet),
        )

    def facets(self, measure: str) -> tuple[str, ...]:
        """Facets of a measure that occur in the node, sorted by id."""
        return self._table.facets(measure, self.leaf_codes)

    def units_with(self, measure: str) -> tuple[str, ...]:
        """Codes of the node's leaf units that have data of that measure, in the node's order."""
        return tuple(code for code in self.leaf_codes if self._table.value(measure, (code,)) is not None)

    def coverage_figure(self, name: str, count: int) -> Figure:
        """A number of units, for example how many sent data."""
        return Figure(count, thousands(count), "coverage/" + self._reckoning.cell_id(name, self.node_code))

    def note_figure(self, note_id: str) -> Figure | None:
        """The count behind a note under the form; None when there is nothing to note."""
        if note_id == "quarantined":
            count = sum(self._inputs.quarantined_count.get(code, 0) for code in self.leaf_codes)
        else:
            count = sum(self._table.notes.get((note_id, code), 0) for code in self.leaf_codes)
        cell_id = "note/" + self._reckoning.cell_id(note_id, self.node_code)
        return Figure(count, thousands(count), cell_id) if count > 0 else None

    def supplement_value(self, item_id: str, unit: str) -> int | None:
        """The number that one unit filled in; None when it filled in none. ``a+b`` sums items, all of them given."""
        given = self._inputs.supplement.get(unit, {})
        numbers = [
            next((line.number for line in given.get(each, ()) if line.number is not None), None)
            for each in item_id.split(JOIN)
        ]
        found = [number for number in numbers if number is not None]
        return sum(found) if len(found) == len(numbers) else None

    def supplement_figure(self, item_id: str, unit: str = "") -> Figure | None:
        """A supplement number of one unit, or its sum over the leaf units that gave one.

        A roll-up never takes the district's own number into the sum; its sums have an id of their own
        (``supplement_total/...``) because the district may have filled in the same item for itself.
        """
        units = (unit,) if unit else self.leaf_codes
        found = [value for code in units if (value := self.supplement_value(item_id, code)) is not None]
        if not found:
            return None
        return Figure(sum(found), thousands(sum(found)), self._supplement_id(item_id, unit))

    def supplement_rate_figure(self, numerator_id: str, denominator_id: str) -> Figure | None:
        """The share of one supplement number in another; None unless the same units gave both."""
        if self.supplied_by(numerator_id) != self.supplied_by(denominator_id):
            return None
        numerator, denominator = (
            sum(self.supplement_value(item, code) or 0 for code in self.supplied_by(item))
            for item in (numerator_id, denominator_id)
        )
        return _share(numerator, denominator, "rate/" + self._supplement_id(numerator_id, ""))

    def supplied_by(self, item_id: str) -> tuple[str, ...]:
        """Codes of the leaf units that filled in that item's number."""
        return tuple(code for code in self.leaf_codes if self.supplement_value(item_id, code) is not None)

    def _supplement_id(self, item_id: str, unit: str) -> str:
        kind = "supplement" if unit or not self._inputs.is_rollup else "supplement_total"
        return f"{kind}/{unit or self.node_code}/{item_id}/{self._reckoning.period.period_id}"


def _share(numerator: int, denominator: int, cell_id: str) -> Figure | None:
    text, value = percent(numerator, denominator), ratio(numerator, denominator)
    return None if text is None or value is None else Figure(value, text, cell_id)
