"""Biểu số II.06: results of handling dossiers, at the unit (06a) and rolled up (06c, 06d)."""

from __future__ import annotations

from transforms.indicators.measures import FORM_06A
from transforms.indicators.model import ALL_FIELDS
from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.breaks import break_sentences
from transforms.report.cells import Cells
from transforms.report.inputs import ReportInputs
from transforms.report.names import (
    FORM_NUMBERS,
    FORM_SOURCE,
    basis_name,
    parent_of,
    rulebook_name,
    short_committee,
    window_range,
)
from transforms.report.numbers_vi import date_short
from transforms.report.ordering import field_name, listed_fields

RECEIVED_GROUP = "Số lượng hồ sơ tiếp nhận"
RESOLVED_GROUP = "Số lượng hồ sơ đã giải quyết"
PENDING_GROUP = "Số lượng hồ sơ đang giải quyết"
_HEADERS = {
    "received_total": (RECEIVED_GROUP, "Tổng số"),
    "received_online": (RECEIVED_GROUP, "Trực tuyến"),
    "received_direct": (RECEIVED_GROUP, "Trực tiếp, dịch vụ bưu chính"),
    "carried_over": (RECEIVED_GROUP, "Từ kỳ trước"),
    "resolved_total": (RESOLVED_GROUP, "Tổng số"),
    "early": (RESOLVED_GROUP, "Trước hạn"),
    "on_time": (RESOLVED_GROUP, "Đúng hạn"),
    "late": (RESOLVED_GROUP, "Quá hạn"),
    "pending_total": (PENDING_GROUP, "Tổng số"),
    "pending_within": (PENDING_GROUP, "Trong hạn"),
    "pending_overdue": (PENDING_GROUP, "Quá hạn"),
}
"""Measure → header group and label of the form (DOMAIN.md 2.2)."""
FORM_MEASURES = tuple(measure.measure_id for measure in FORM_06A)
BALANCE = ("received_total", ("resolved_total", "pending_total"))
"""Every dossier received or carried over is either resolved or pending: 3 = 7 + 11."""
TOTAL_LABEL = "Tổng số"
MISSING_UNIT_REMARK = "chưa có số liệu"
CAPTION_UNIT = (
    "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH "
    "TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"
)
CAPTION_ROLLUP = "TỔNG HỢP TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"
_NOTE_SENTENCES = {
    "withdrawn": ("", " hồ sơ do công dân rút được tính vào cột đúng hạn."),
    "paused": (
        "",
        " hồ sơ đang tạm dừng hoặc chờ bổ sung, chờ thực hiện nghĩa vụ tài chính được tính vào cột trong hạn.",
    ),
    "missing_due_date": ("", " hồ sơ không có ngày hẹn trả được tính là đúng hạn hoặc trong hạn."),
    "unknown_channel": (
        "",
        " hồ sơ chưa rõ hình thức nộp được tính vào cột trực tiếp, dịch vụ bưu chính.",
    ),
    "received_elsewhere": ("", " hồ sơ do đơn vị khác tiếp nhận được tính cho đơn vị giải quyết."),
    "unknown_procedure": ("", " hồ sơ có thủ tục chưa có trong danh mục được xếp vào dòng chưa phân loại."),
    "registered": ("Ngoài biểu: ", " hồ sơ mới đăng ký, chưa được tiếp nhận."),
    "not_received": ("Ngoài biểu: ", " hồ sơ chưa được tiếp nhận tính đến ngày chốt số liệu."),
    "refused": ("Ngoài biểu: ", " hồ sơ không được tiếp nhận."),
    "excluded_field": (
        "Ngoài biểu: ",
        " hồ sơ thuộc lĩnh vực không do Ủy ban nhân dân giải quyết, như đăng ký cư trú.",
    ),
    "undated_state": (
        "",
        " hồ sơ chỉ có trạng thái sau ngày chốt số liệu được xếp theo các ngày ghi trong hồ sơ.",
    ),
    "quarantined": ("Ngoài biểu: ", " dòng của tệp kết xuất không đọc được, chưa được tính."),
}
"""Note id → words before and after its figure."""


def build_form_by_field(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The form with one row per field: 06a for a unit, 06d or 06c for a roll-up; None without dossiers."""
    if cells.value("received_total") is None:
        return None
    field_ids = listed_fields(inputs.catalogue, occurring_fields(cells))
    rows = [
        _row(cells, field_name(inputs.catalogue, each), index, facet=each)
        for index, each in enumerate(field_ids, 1)
    ]
    label = "Lĩnh vực, công việc giải quyết theo cấp"
    caption = CAPTION_ROLLUP + " THEO LĨNH VỰC" if inputs.is_rollup else CAPTION_UNIT
    return _table("bieu_06_linh_vuc" if inputs.is_rollup else "bieu_06a", caption, label, inputs, cells, rows)


def build_form_by_unit(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The roll-up form with one row per unit; a unit without dossiers keeps its row, empty, and says so."""
    if cells.value("received_total") is None:
        return None
    having = set(cells.units_with("received_total"))
    rows = [
        _row(cells, each.full_name, index, unit=each.code)
        if each.code in having
        else TableRow((str(index), f"{each.full_name} ({MISSING_UNIT_REMARK})", *("" for _ in FORM_MEASURES)))
        for index, each in enumerate(inputs.leaf_units, 1)
    ]
    caption = CAPTION_ROLLUP + " THEO ĐƠN VỊ"
    return _table("bieu_06_don_vi", caption, "Đơn vị", inputs, cells, rows)


def occurring_fields(cells: Cells) -> frozenset[str]:
    """Fields with at least one dossier received, carried over or closed in the window."""
    measures = ("received_total", "resolved_total", "pending_total")
    return frozenset(
        facet
        for facet in cells.facets("received_total")
        if any(cells.value(measure, facet) for measure in measures)
    )


def _row(cells: Cells, label: str, index: int, facet: str = ALL_FIELDS, unit: str = "") -> TableRow:
    return TableRow((str(index), label, *_figures(cells, facet, unit)))


def _figures(cells: Cells, facet: str, unit: str) -> tuple[Figure | str, ...]:
    return tuple(cells.figure(measure, facet, unit) or "" for measure in FORM_MEASURES)


def _table(
    table_id: str, caption: str, label: str, inputs: ReportInputs, cells: Cells, rows: list[TableRow]
) -> Table:
    total = TableRow(("", TOTAL_LABEL, *_figures(cells, ALL_FIELDS, "")), kind="total")
    form = FORM_NUMBERS.get(inputs.node.level, "II.06d") if inputs.is_rollup else "II.06a"
    return Table(
        table_id=table_id,
        caption=caption,
        columns=_columns(label),
        rows=(*rows, total),
        unit_of_measure="Số hồ sơ TTHC",
        notes=_notes(inputs, cells),
        form_number=f"Biểu số {form}/VPCP/KSTT",
        form_box=_form_box(inputs),
        checks=(BALANCE,),
    )


def _columns(label: str) -> tuple[TableColumn, ...]:
    numbered = [
        TableColumn(
            key=measure.measure_id,
            label=_HEADERS[measure.measure_id][1],
            group=_HEADERS[measure.measure_id][0],
            number=f"({measure.column_number})",
            formula=measure.parts,
            width_mm=24.0 if measure.measure_id == "received_direct" else 16.0,
        )
        for measure in FORM_06A
    ]
    return (
        TableColumn("stt", "TT", number="(1)", width_mm=10.0, is_text=True),
        TableColumn("name", label, number="(2)", width_mm=54.0, is_text=True),
        *numbered,
    )


def _form_box(inputs: ReportInputs) -> tuple[str, ...]:
    """Lines of the box: circular, period with its days, who reports, who receives."""
    reckoning = inputs.table.reckoning
    parent = parent_of(inputs.node, inputs.catalogue, reckoning.as_of)
    lines = [
        f"Ban hành theo {FORM_SOURCE}",
        f"Kỳ báo cáo: {inputs.period_name}",
        f"(từ ngày {date_short(reckoning.start)} đến ngày {date_short(reckoning.end)})",
        f"Đơn vị báo cáo: {short_committee(inputs.node)}",
    ]
    return (*lines, f"Đơn vị nhận báo cáo: {short_committee(parent)}") if parent else tuple(lines)


def _notes(inputs: ReportInputs, cells: Cells) -> tuple[Text, ...]:
    """What the reader must know to read the form: days, policy, and each exception that occurred."""
    reckoning = inputs.table.reckoning
    # One paragraph: the form, its box and these lines have to stay on one landscape page.
    policy = (
        f"Số liệu {window_range(inputs.window_words)}; kỳ báo cáo tính "
        f"{basis_name(reckoning, inputs.catalogue)}. Quy tắc đếm: {rulebook_name(reckoning.rulebook)}. "
        "Hồ sơ được xếp trước hạn, đúng hạn, quá hạn theo ngày kết thúc xử lý so với ngày hẹn trả."
    )
    notes: list[Text] = [(Run(policy),)]
    for note_id, (before, after) in _NOTE_SENTENCES.items():
        figure = cells.note_figure(note_id)
        if figure is not None:
            lead: Text = (Run(before),) if before else ()
            notes.append((*lead, figure, Run(after)))
    notes += [(Run(sentence),) for sentence in break_sentences(inputs, "dossier")]
    return tuple(notes)


def form_title(inputs: ReportInputs) -> str:
    """Title of the annex that holds the form."""
    if inputs.node.is_group:
        return f"Tổng hợp tình hình, kết quả giải quyết thủ tục hành chính của {inputs.node.full_name}"
    if inputs.is_rollup:
        return (
            f"Tổng hợp tình hình, kết quả giải quyết thủ tục hành chính trên địa bàn {inputs.node.full_name}"
        )
    return f"Tình hình, kết quả giải quyết thủ tục hành chính tại {short_committee(inputs.node)}"
