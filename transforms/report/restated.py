"""Figures that were published otherwise before: what is said of them, in words and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transforms.catalogue.model import Catalogue
from transforms.history.restatement import CellChange, Ledger, Reason
from transforms.indicators.contributions import NOTE, SUPPLEMENT_MEASURE
from transforms.indicators.measures import DOSSIER_MEASURES, MEASURES
from transforms.indicators.model import ALL_FIELDS, Reckoning
from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.inputs import ReportInputs, Restated
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.ordering import alphabet_key, document_type_name, field_name
from transforms.report.words import Source, Words, named, sourced

RESTATED_TABLE = "so_lieu_dieu_chinh"
LEDGER_FILE = "dieu-chinh.json"
"""The whole list, beside the report in its publication."""
SHOWN_CHANGES = 20
NO_DATA = "không có số liệu"
REASON_NAMES: Mapping[Reason, str] = {
    Reason.CLOSED_LATE: "có kết quả hoặc trạng thái mới sau bản trước",
    Reason.CORRECTED: "được sửa thông tin",
    Reason.WITHDRAWN: "do công dân rút",
    Reason.NEW_DELIVERY: "mới gửi, chưa có trong bản trước",
    Reason.RECLASSIFIED: "ghi thủ tục khác nên chuyển lĩnh vực",
    Reason.CATALOGUE_CHANGE: "được xếp lại do danh mục thay đổi",
    Reason.RULEBOOK_CHANGE: "được tính lại do thay đổi quy tắc đếm",
    Reason.RETRACTED: "bị loại khỏi số liệu",
    Reason.CLOSING_DAY: "được tính lại do ngày chốt số liệu khác",
}
"""What stands after "3 hồ sơ"."""
RECORD_NAMES = {
    "dossier": "hồ sơ",
    "fee": "khoản thu",
    "document": "văn bản",
    "supplement": "mục số liệu bổ sung",
}
STATE_NAMES = {
    "early": "giải quyết trước hạn",
    "on_time": "giải quyết đúng hạn",
    "late": "giải quyết quá hạn",
    "withdrawn": "công dân rút",
    "within": "đang giải quyết, trong hạn",
    "overdue": "đang giải quyết, quá hạn",
    "paused": "tạm dừng",
    "not_received": "chưa tiếp nhận",
    "registered": "mới đăng ký",
    "refused": "không tiếp nhận",
    "end_unknown": "đã xong, thiếu ngày kết thúc",
}
NOTE_NAMES = {
    "unknown_channel": "Hồ sơ chưa rõ hình thức nộp",
    "received_elsewhere": "Hồ sơ do đơn vị khác tiếp nhận",
    "unknown_procedure": "Hồ sơ có thủ tục chưa có trong danh mục",
    "missing_due_date": "Hồ sơ không có ngày hẹn trả",
    "not_received": "Ngoài biểu: hồ sơ chưa được tiếp nhận",
    "registered": "Ngoài biểu: hồ sơ mới đăng ký",
    "refused": "Ngoài biểu: hồ sơ không được tiếp nhận",
    "excluded_field": "Ngoài biểu: hồ sơ thuộc lĩnh vực không do Ủy ban nhân dân giải quyết",
    "undated_state": "Hồ sơ chỉ có trạng thái sau ngày chốt số liệu",
    "paused": "Hồ sơ đang tạm dừng hoặc chờ bổ sung",
    "withdrawn": "Hồ sơ do công dân rút",
    "left_out": "Ngoài biểu: hồ sơ có thủ tục chưa có trong danh mục",
    "undated_document": "Dòng của sổ văn bản không có ngày",
    "undated_fee": "Khoản thu không có ngày",
}
_LEVEL_NAMES = {
    "trung_uong": "Trung ương",
    "tinh": "cấp tỉnh",
    "huyen": "cấp huyện",
    "xa": "cấp xã",
    "khac": "cơ quan khác",
}
_ORDER = {measure: place for place, measure in enumerate((*MEASURES, SUPPLEMENT_MEASURE, NOTE))}
_OF_DOSSIERS = {measure.measure_id for measure in DOSSIER_MEASURES}


def measure_words(measure: str, catalogue: Catalogue) -> str:
    """What a cell counts: "Giải quyết trước hạn", the label of a filled-in item, or what a note is about."""
    if measure.startswith(NOTE):
        return NOTE_NAMES.get(measure.removeprefix(NOTE), measure)
    if measure.startswith(SUPPLEMENT_MEASURE):
        item_id = measure.removeprefix(SUPPLEMENT_MEASURE)
        return next((i.label for i in catalogue.supplement_items if i.item_id == item_id), item_id)
    return MEASURES[measure].label if measure in MEASURES else measure


def facet_words(measure: str, facet: str, catalogue: Catalogue) -> str:
    """The field or type of document of a cell; empty for the sum over all."""
    if facet == ALL_FIELDS:
        return ""
    if measure in _OF_DOSSIERS:
        return field_name(catalogue, facet)
    level, _, type_id = facet.rpartition(":")
    name = document_type_name(catalogue, type_id)
    return f"{name}, {_LEVEL_NAMES.get(level, level)}" if level else name


def value_words(value: int | None) -> str:
    """ "1.363", or that there is no such figure; never 0 for it."""
    return NO_DATA if value is None else thousands(value)


def reason_words(ledger: Ledger, write: Callable[[str, int], str]) -> str:
    """ "3 hồ sơ có kết quả ...; 1 khoản thu được sửa thông tin": how many records each reason changed.

    ``write`` prints a number under a name of its own.
    """
    return "; ".join(
        f"{write(f'{kind}.{reason}', count)} {RECORD_NAMES.get(kind, kind)} {REASON_NAMES[reason]}"
        for (kind, reason), count in ledger.reasons.items()
    )


def sorted_changes(ledger: Ledger, node_code: str, catalogue: Catalogue) -> tuple[CellChange, ...]:
    """The changes as people read them: the node before its units, totals before fields, columns of the form in order."""

    def key(change: CellChange) -> tuple[object, ...]:
        family = next((p for p in (NOTE, SUPPLEMENT_MEASURE) if change.measure.startswith(p)), change.measure)
        words = facet_words(change.measure, change.facet, catalogue)
        return (
            change.measure.startswith(NOTE),
            change.unit != node_code,
            change.unit,
            change.facet != ALL_FIELDS,
            _ORDER.get(family, len(_ORDER)),
            change.measure,
            alphabet_key(words),
            change.facet,
        )

    return tuple(sorted(ledger.changes, key=key))


def restated_cell_id(change: CellChange, reckoning: Reckoning, node_code: str, is_rollup: bool) -> str:
    """The id under which a report prints the cell (DESIGN.md section 2)."""
    if change.measure.startswith(SUPPLEMENT_MEASURE):
        kind = "supplement_total" if is_rollup and change.unit == node_code else "supplement"
        item_id = change.measure.removeprefix(SUPPLEMENT_MEASURE)
        return f"{kind}/{change.unit}/{item_id}/{reckoning.period.period_id}"
    if change.measure.startswith(NOTE):
        return "note/" + reckoning.cell_id(change.measure.removeprefix(NOTE), change.unit, change.facet)
    return reckoning.cell_id(change.measure, change.unit, change.facet)


def earlier_words(restated: Restated) -> str:
    """ "bản số 1 (Báo cáo số 45/BC-UBND ngày 06/9/2021)"."""
    return (
        f"bản số {restated.number} "
        f"(Báo cáo số {restated.document_number} ngày {date_short(restated.document_date)})"
    )


def restated_figure(inputs: ReportInputs, restated: Restated, name: str, count: int) -> Figure:
    """A number about the restatement as a whole, for example how many cells changed."""
    cell_id = inputs.table.reckoning.cell_id(f"restated.{restated.number}.{name}", inputs.node.code)
    return Figure(count, thousands(count), f"restated/{cell_id}")


def build_restated_table(inputs: ReportInputs) -> Table | None:
    """The first changed cells with both values and the main reasons; None when nothing was restated."""
    restated = inputs.restated
    if restated is None or not restated.ledger.changes:
        return None
    changes = sorted_changes(restated.ledger, inputs.node.code, inputs.catalogue)
    shown, rest = changes[:SHOWN_CHANGES], len(changes) - SHOWN_CHANGES
    columns = (
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        TableColumn("measure", "Chỉ tiêu", width_mm=58.0, is_text=True),
        TableColumn("facet", "Lĩnh vực, loại", width_mm=38.0, is_text=True),
        *((TableColumn("unit", "Đơn vị", width_mm=32.0, is_text=True),) if inputs.is_rollup else ()),
        TableColumn("old", "Bản trước", width_mm=22.0),
        TableColumn("new", "Nay", width_mm=22.0),
        TableColumn("records", "Số bản ghi thay đổi", width_mm=20.0),
        TableColumn("reasons", "Lý do chính", width_mm=50.0 if inputs.is_rollup else 82.0, is_text=True),
    )
    notes: list[Text] = [
        (Run("Bản ghi là hồ sơ, khoản thu, văn bản hoặc mục số liệu bổ sung làm thay đổi ô số liệu."),)
    ]
    if rest > 0:
        notes.append(
            (Run("và "), restated_figure(inputs, restated, "rest", rest), Run(f" ô khác, xem {LEDGER_FILE}."))
        )
    return Table(
        RESTATED_TABLE,
        Words("Số liệu đã điều chỉnh so với ", sourced(earlier_words(restated), Source.DOCUMENT)),
        columns,
        tuple(_row(inputs, restated, number, change) for number, change in enumerate(shown, 1)),
        notes=tuple(notes),
    )


def _row(inputs: ReportInputs, restated: Restated, number: int, change: CellChange) -> TableRow:
    cell_id = restated_cell_id(change, inputs.table.reckoning, inputs.node.code, inputs.is_rollup)
    names = {unit.code: unit.full_name for unit in (*inputs.leaf_units, inputs.node)}
    return TableRow(
        (
            str(number),
            named(measure_words(change.measure, inputs.catalogue), Source.CATALOGUE),
            named(facet_words(change.measure, change.facet, inputs.catalogue), Source.CATALOGUE) or "Tổng số",
            *((named(names.get(change.unit, change.unit), Source.CATALOGUE),) if inputs.is_rollup else ()),
            _figure(change.old, f"published/{restated.number}/{cell_id}"),
            _figure(change.new, cell_id),
            _figure(change.record_count, f"restated/{restated.number}/{cell_id}"),
            "; ".join(REASON_NAMES[reason] for reason, _, _ in change.reasons[:2]),
        )
    )


def _figure(value: int | None, cell_id: str) -> Figure | str:
    return NO_DATA if value is None else Figure(value, thousands(value), cell_id)
