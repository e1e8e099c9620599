"""The units of a roll-up beside each other: results with volume and place, and values unlike the others'."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.catalogue.model import Unit
from transforms.indicators.measures import ratio_of_sums
from transforms.indicators.outliers import LEAST_DOSSIERS, LEAST_OTHERS, Outlier, find_outliers
from transforms.indicators.ranking import RankedUnit, Standing, rank_units
from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.cells import Cells
from transforms.report.coverage import lacking_name, table_notes
from transforms.report.inputs import ReportInputs
from transforms.report.numbers_vi import percent
from transforms.report.words import Source, named, sourced

RANKING_TABLE, UNUSUAL_TABLE = "ket_qua_don_vi", "don_vi_khac_biet"
RANKING_TITLE = "Kết quả giải quyết hồ sơ theo đơn vị"
FEW_REMARK = "ít hồ sơ"
USUAL = "usual"
"""First part of the id of a median over the other units; what follows is the id of the unit's own share."""
RATE_NAMES = {
    "on_time_rate": "Tỷ lệ giải quyết trước hạn và đúng hạn",
    "overdue_rate": "Tỷ lệ hồ sơ đang quá hạn trên số hồ sơ phải giải quyết",
}
"""Rates by which units are held beside each other, in print order."""
_COUNTS = (
    ("received_total", "Số hồ sơ phải giải quyết"),
    ("resolved_total", "Đã giải quyết"),
    ("early+on_time", "Trước hạn và đúng hạn"),
)
_BACKLOG = (("pending_total", "Đang giải quyết"), ("pending_overdue", "Đang quá hạn"))
_EDGE = sourced(str(LEAST_DOSSIERS), Source.RULE)


@dataclass(frozen=True, slots=True)
class Unusual:
    """One unit whose rate is far from the others', with both as figures."""

    unit: Unit
    rate_id: str
    rate: Figure
    usual: Figure
    is_higher: bool


def build_ranking_table(inputs: ReportInputs, cells: Cells) -> Table | None:
    """A line per unit with its volume beside its rate; None for a single unit and where nobody sent dossiers.

    Units with few resolved dossiers have no place, and units without data no figures: their lines say so.
    """
    if not inputs.is_rollup or not cells.units_with("received_total"):
        return None
    units = {unit.code: unit for unit in inputs.leaf_units}
    ranked = rank_units(inputs.table, tuple(units))
    rows = [
        _row(inputs, cells, str(number), each, units[each.unit_code]) for number, each in enumerate(ranked, 1)
    ]
    total = ("", "Tổng số", *_numbers(cells, ""), "")
    columns = (
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        TableColumn("name", "Đơn vị", width_mm=62.0, is_text=True),
        *(TableColumn(measure, label, width_mm=24.0) for measure, label in _COUNTS),
        TableColumn("on_time_rate", "Tỷ lệ trước hạn và đúng hạn", width_mm=26.0),
        *(TableColumn(measure, label, width_mm=22.0) for measure, label in _BACKLOG),
        TableColumn("place", "Thứ tự theo tỷ lệ", width_mm=24.0, is_text=True),
    )
    return Table(
        RANKING_TABLE,
        RANKING_TITLE,
        columns,
        (*rows, TableRow(total, kind="total")),
        unit_of_measure="hồ sơ",
        notes=(*table_notes(inputs, cells, "received_total"), _how(ranked)),
    )


def build_unusual_table(inputs: ReportInputs, cells: Cells) -> Table | None:
    """Units unlike the others, rate by rate; None where there is none, or too few units to say so."""
    found = find_unusual(inputs, cells)
    if not found:
        return None
    rows = tuple(
        TableRow(
            (
                str(number),
                named(each.unit.full_name, Source.CATALOGUE),
                RATE_NAMES[each.rate_id],
                each.rate,
                each.usual,
                "cao hơn" if each.is_higher else "thấp hơn",
            )
        )
        for number, each in enumerate(found, 1)
    )
    columns = (
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        TableColumn("name", "Đơn vị", width_mm=62.0, is_text=True),
        TableColumn("rate", "Chỉ tiêu", width_mm=80.0, is_text=True),
        TableColumn("value", "Của đơn vị", width_mm=26.0),
        TableColumn("usual", "Mức giữa của các đơn vị khác", width_mm=32.0),
        TableColumn("side", "So với các đơn vị khác", width_mm=28.0, is_text=True),
    )
    note: Text = (
        Run("Mức giữa là trung vị. Chỉ xét đơn vị có từ "), _EDGE,
        Run(" hồ sơ trở lên, khi có ít nhất "), sourced(str(LEAST_OTHERS), Source.RULE),
        Run(" đơn vị khác như vậy. Khác biệt có thể có lý do chính đáng; đây không phải là kết luận."),
    )  # fmt: skip
    return Table(UNUSUAL_TABLE, "Đơn vị có tỷ lệ khác hẳn các đơn vị còn lại", columns, rows, notes=(note,))


def find_unusual(inputs: ReportInputs, cells: Cells) -> tuple[Unusual, ...]:
    """Every unit unlike the others, rate by rate, the farthest first; nothing for a single unit."""
    if not inputs.is_rollup:
        return ()
    units = {unit.code: unit for unit in inputs.leaf_units}
    found: list[Unusual] = []
    for rate_id in RATE_NAMES:
        pairs = {code: ratio_of_sums(inputs.table, rate_id, (code,)) for code in units}
        for each in find_outliers({code: pair for code, pair in pairs.items() if pair is not None}):
            rate = cells.rate_figure(rate_id, unit=each.unit_code)
            if rate is not None:
                usual = _usual(each, rate)
                found.append(Unusual(units[each.unit_code], rate_id, rate, usual, each.score > 0))
    return tuple(found)


def _usual(each: Outlier, rate: Figure) -> Figure:
    return Figure(each.median, percent(round(each.median * 1000), 1000) or "", f"{USUAL}/{rate.cell_id}")


def _row(inputs: ReportInputs, cells: Cells, number: str, ranked: RankedUnit, unit: Unit) -> TableRow:
    if ranked.standing is Standing.SILENT:
        empty = ("" for _ in (*_COUNTS, *_BACKLOG, "rate"))
        return TableRow((number, lacking_name(inputs, unit, "dossier"), *empty, ""))
    place = FEW_REMARK if ranked.place is None else named(str(ranked.place), Source.COUNTED)
    return TableRow(
        (number, named(unit.full_name, Source.CATALOGUE), *_numbers(cells, unit.code), place),
    )


def _numbers(cells: Cells, unit: str) -> tuple[Figure | str, ...]:
    """A rate of nothing stays empty: it is neither 0% nor 100%."""
    return (
        *(cells.figure(measure, unit=unit) or "" for measure, _ in _COUNTS),
        cells.rate_figure("on_time_rate", unit=unit) or "",
        *(cells.figure(measure, unit=unit) or "" for measure, _ in _BACKLOG),
    )


def _how(ranked: tuple[RankedUnit, ...]) -> Text:
    text: Text = (
        Run(
            "Thứ tự theo tỷ lệ trên số hồ sơ đã giải quyết, bằng nhau thì cùng thứ tự; hãy đọc cùng số lượng hồ sơ của "
            "từng đơn vị."
        ),
    )
    if any(each.standing is Standing.FEW for each in ranked):
        few = (
            Run(f" “{FEW_REMARK}”: đã giải quyết dưới "), _EDGE,
            Run(" hồ sơ nên không xếp thứ tự, vì một hồ sơ cũng làm tỷ lệ thay đổi nhiều."),
        )  # fmt: skip
        return (*text, *few)
    return text
