"""From the numbers of a report to the rows behind them, for all numbers at once; the same rows as ``motcua trace`` shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from pipelines.errors import UsageProblemError
from pipelines.session import Session, find_unit
from pipelines.steps.cell_names import QUARANTINED, CellName, parse_cell_id, parse_change_id
from pipelines.steps.on_demand import Answer
from pipelines.steps.published_sides import Side, counted_side
from pipelines.steps.report import count_period, read_known, reckoning_of
from pipelines.steps.rollup import report_units, unit_map
from pipelines.steps.tracing import (
    cell_value,
    is_distinct,
    quarantined_behind,
    rows_behind,
    units_behind,
)
from transforms.indicators.period import parse_period, period_name
from transforms.indicators.rollup import code_of
from transforms.report.blocks import Figure
from transforms.report.evidence import FoundCell, FoundPart, Proof
from transforms.report.evidence_rows import FoundRows, Positions, quarantined_rows, record_rows
from transforms.report.evidence_words import cell_words, told_words
from transforms.report.numbers_vi import date_short

_NONE: Positions = np.empty(0, np.int64)
_ONLY_NUMERATOR = "Mã ô của tỷ lệ này chỉ ghi tử số nên danh sách chỉ có tử số."
_NO_RECORDS = "Không dựng lại được danh sách: {problem}"


class CellFinder:
    """The counts that the numbers of a report come from, each read once, and their rows as one long list."""

    def __init__(self, session: Session, answer: Answer) -> None:
        self._session = session
        self._answer = answer
        self.frames: list[pa.Table] = []
        """Tables of ``evidence_rows.RECORDS``; positions count through all of them."""
        self._size = 0
        self._sides: dict[tuple[object, ...], list[tuple[Side, int]]] = {}
        self.unit_names: dict[str, str] = {}
        """Key of a line → its name."""
        self._own = self._take(counted_side(answer.data, answer.node, answer.leaves, answer.catalogue))
        self._filled_in: tuple[Side, int] | None = None
        """What a roll-up filled in for itself, once asked for."""

    def find(self, figure: Figure) -> FoundCell:
        """What stands behind one printed number; a sentence where no list can."""
        told = told_words(figure.cell_id)
        if told is not None:
            return FoundCell(figure, told[0], Proof.TOLD, remark=told[1])
        try:
            pair = parse_change_id(figure.cell_id)
            if pair is not None:
                return self._difference(figure, pair)
            name = parse_cell_id(figure.cell_id)
            part = self._part(figure.cell_id, name)
        except UsageProblemError as problem:
            return FoundCell(figure, figure.cell_id, Proof.TOLD, remark=_NO_RECORDS.format(problem=problem))
        return FoundCell(
            figure, self._label(figure.cell_id, name), _proof(figure, name), (part,), _remark(figure, name)
        )

    def name_of(self, unit_code: str) -> str:
        """What a unit is called; its code where the catalogue does not know it."""
        if unit_code not in self.unit_names:
            try:
                day = self._answer.data.table.reckoning.closing_day
                self.unit_names[unit_code] = find_unit(
                    self._answer.catalogue, code_of(unit_code), day
                ).full_name
            except UsageProblemError:
                self.unit_names[unit_code] = unit_code
        return self.unit_names[unit_code]

    def _difference(self, figure: Figure, pair: tuple[str, str]) -> FoundCell:
        names = [parse_cell_id(cell_id) for cell_id in pair]
        parts = tuple(
            self._part(cell_id, name, _period_words(name)) for cell_id, name in zip(pair, names, strict=True)
        )
        label = f"Chênh lệch giữa hai kỳ: {self._label(pair[0], names[0])}"
        return FoundCell(figure, label, Proof.DIFFERENCE, parts)

    def _part(self, cell_id: str, name: CellName, label: str = "") -> FoundPart:
        side, start = self._side(name)
        if name.measures == (QUARANTINED,):
            rows = self._quarantined(side, name)
            return FoundPart(cell_id, label, len(rows), None, rows, _NONE)
        above = rows_behind(side, name, name.measures)
        value = len(above.dossiers) if name.band else cell_value(side, name, name.measures)
        if not name.below:
            return FoundPart(cell_id, label, value, None, _positions(above, side, start), _NONE)
        whole = rows_behind(side, name, name.below)
        below = FoundRows(
            np.setdiff1d(whole.dossiers, above.dossiers), np.setdiff1d(whole.entries, above.entries)
        )
        under = cell_value(side, name, name.below)
        places = (_positions(rows, side, start) for rows in (above, below))
        return FoundPart(cell_id, label, value, under, *places)

    def _side(self, name: CellName) -> tuple[Side, int]:
        """The count that holds the cell, made when first asked for."""
        reckoning = self._answer.data.table.reckoning
        if name.closing_day is None:  # what units filled in is named by its period alone
            if name.period_id == reckoning.period.period_id:
                return self._supplied(name)
            raise UsageProblemError(f"kỳ {name.period_id} không có trong báo cáo này.")
        key = (name.period_id, name.basis, name.closing_day, name.rulebook)
        for side, start in self._sides.get(key, ()):
            if {side.node.code, *(leaf.code for leaf in side.leaves)} >= set(name.unit_keys):
                return side, start
        node_code = self._answer.node.code if not self._sides.get(key) else name.unit_keys[0]
        side, start = self._take(self._count(name, code_of(node_code)))
        return side, start

    def _supplied(self, name: CellName) -> tuple[Side, int]:
        side, _ = self._own
        if side.own is side or not name.is_own or name.unit_key != side.node.code:
            return self._own
        if self._filled_in is None:
            self._filled_in = side.own, self._add(record_rows(side.own.counted, side.catalogue))
        return self._filled_in

    def _count(self, name: CellName, node_code: str) -> Side:
        """Another period as it was known when the report was counted, to the day that the id names."""
        answer = self._answer
        catalogue = answer.catalogue
        assert name.closing_day is not None
        reckoning = reckoning_of(
            name.period_id,
            name.basis or answer.data.table.reckoning.basis,
            catalogue,
            name.closing_day,
            rulebook=name.rulebook or answer.data.table.reckoning.rulebook,
        )
        map_of = answer.data.units.map_of
        node = find_unit(catalogue, node_code, reckoning.closing_day)
        codes = unit_map(catalogue, reckoning, map_of).stored_codes(node)
        data = count_period(
            read_known(self._session.store, catalogue, codes, answer.known_at), catalogue, reckoning, map_of
        )
        about = report_units(data, node)
        return counted_side(data, about.node, about.leaves, catalogue)

    def _take(self, side: Side) -> tuple[Side, int]:
        start = self._add(record_rows(side.counted, side.catalogue))
        reckoning = side.reckoning
        key = (reckoning.period.period_id, reckoning.basis, reckoning.closing_day, reckoning.rulebook)
        self._sides.setdefault(key, []).append((side, start))
        for unit in (side.node, *side.leaves):
            self.unit_names.setdefault(unit.code, unit.full_name)
        return side, start

    def _quarantined(self, side: Side, name: CellName) -> Positions:
        rows, codes = quarantined_behind(self._session, side, units_behind(side, name), self._answer.known_at)
        for unit in rows["unit_code"].unique().to_pylist():
            self.name_of(unit)
        start = self._add(quarantined_rows(rows, codes))
        return np.arange(start, start + rows.num_rows)

    def _add(self, frame: pa.Table) -> int:
        start = self._size
        self.frames.append(frame)
        self._size += frame.num_rows
        return start

    def _label(self, cell_id: str, name: CellName) -> str:
        units = [self.name_of(key) for key in name.unit_keys]
        return cell_words(cell_id, name.measures, name.facets, units, self._answer.catalogue)


def _positions(found: FoundRows, side: Side, start: int) -> Positions:
    """Dossiers stand first in a frame, entries after them."""
    entries = found.entries + side.counted.population.num_rows
    return np.concatenate([found.dossiers, entries]) + start


def _proof(figure: Figure, name: CellName) -> Proof:
    if name.below:
        return Proof.SHARE
    if name.is_longest or _counts_distinct(name.measures) or _is_numerator(figure):
        return Proof.AMONG
    return Proof.SUM


def _counts_distinct(measures: Sequence[str]) -> bool:
    return len(measures) == 1 and is_distinct(measures[0])


def _is_numerator(figure: Figure) -> bool:
    """A share of filled-in numbers, whose id does not tell the denominator."""
    return figure.cell_id.startswith("rate/supplement")


def _remark(figure: Figure, name: CellName) -> str:
    if _is_numerator(figure):
        return _ONLY_NUMERATOR
    if name.is_longest:
        return "Số in trong báo cáo là số ngày làm việc của hồ sơ chậm nhất trong danh sách."
    if _counts_distinct(name.measures):
        return "Số in trong báo cáo đếm các thủ tục khác nhau trong danh sách; hồ sơ không ghi thủ tục không được đếm."
    return ""


def _period_words(name: CellName) -> str:
    """ "Tháng 8 năm 2021, tính đến 05/8/2021"."""
    words = period_name(parse_period(name.period_id))
    day = f", tính đến {date_short(name.closing_day)}" if name.closing_day else ""
    return f"{words[:1].upper()}{words[1:]}{day}"
