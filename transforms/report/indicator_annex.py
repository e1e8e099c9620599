"""The annex of indicators that goes with the Ministry of Home Affairs' outline (DOMAIN.md 5.3)."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.catalogue.programmes import reform_field_names
from transforms.indicators.measures import RATIOS
from transforms.report.blocks import Figure, Run, Table, TableColumn, TableRow, Text
from transforms.report.cells import Cells
from transforms.report.inputs import ReportInputs

INDICATOR_TABLE = "chi_tieu_cchc"
UNVERIFIED = (
    "Danh mục chỉ tiêu lập theo các báo cáo đang dùng, chưa kiểm chứng với văn bản gốc của Bộ Nội vụ; "
    "khi có biểu chính thức thì dùng biểu đó."
)
_MISSING = "Chỉ tiêu chưa có số liệu không có nghĩa là không phát sinh."
_ITEM = "item:"
Line = tuple[str, str, str]
"""What is counted, its unit of measure, and where it comes from: a measure, a rate or ``item:`` and a supplement item."""

INDICATORS: Sequence[tuple[str, Sequence[Line]]] = (
    (
        "Chỉ đạo, điều hành",
        (
            ("Số kế hoạch cải cách hành chính đã ban hành", "kế hoạch", "item:plan_count"),
            ("Số cuộc kiểm tra cải cách hành chính", "cuộc", "item:inspection_count"),
            ("Số cơ quan, bộ phận được kiểm tra", "cơ quan, bộ phận", "item:inspected_unit_count"),
            ("Số vấn đề phát hiện qua kiểm tra", "vấn đề", "item:inspection_finding_count"),
            ("Số vấn đề đã xử lý", "vấn đề", "item:inspection_handled_count"),
            ("Số tin, bài tuyên truyền cải cách hành chính", "tin, bài", "item:publicity_count"),
        ),
    ),
    (
        "institutions",
        (
            ("Số văn bản quy phạm pháp luật đã ban hành", "văn bản", "legal_documents_issued"),
            ("Số văn bản quy phạm pháp luật đã rà soát", "văn bản", "item:document_reviewed_count"),
            ("Số văn bản đã xử lý sau rà soát", "văn bản", "item:document_handled_count"),
        ),
    ),
    (
        "procedures",
        (
            ("Số thủ tục hành chính có phát sinh hồ sơ", "thủ tục", "procedures_with_dossiers"),
            ("Số hồ sơ phải giải quyết", "hồ sơ", "received_total"),
            ("Trong đó: tiếp nhận trong kỳ", "hồ sơ", "received_in_window"),
            ("Số hồ sơ đã giải quyết", "hồ sơ", "resolved_total"),
            ("Trong đó: trước hạn", "hồ sơ", "early"),
            ("Trong đó: đúng hạn", "hồ sơ", "on_time"),
            ("Trong đó: quá hạn", "hồ sơ", "late"),
            ("Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn", "%", "on_time_rate"),
            ("Số phản ánh, kiến nghị đã tiếp nhận", "phản ánh", "item:petition_received_count"),
            ("Số phản ánh, kiến nghị đã xử lý", "phản ánh", "item:petition_handled_count"),
        ),
    ),
    (
        "organisation",
        (
            ("Số cơ quan, bộ phận trực thuộc", "cơ quan, bộ phận", "item:organisation_unit_count"),
            ("Số cấp phó của người đứng đầu", "người", "item:deputy_count"),
            ("Số cơ quan, bộ phận được sắp xếp lại", "cơ quan, bộ phận", "item:rearranged_unit_count"),
        ),
    ),
    (
        "civil_service",
        (
            (
                "Tổng số cán bộ, công chức, người hoạt động không chuyên trách",
                "người",
                "item:staff_total_count",
            ),
            ("Số cán bộ, công chức", "người", "item:staff_official_count"),
            ("Số cán bộ, công chức đạt chuẩn", "người", "item:staff_qualified_count"),
            ("Số cán bộ, công chức được cử đi học", "người", "item:trained_count"),
            ("Số cán bộ, công chức bị xử lý kỷ luật", "người", "item:disciplined_count"),
        ),
    ),
    (
        "finance",
        (
            ("Số đơn vị sự nghiệp công lập được giao tự chủ", "đơn vị", "item:autonomous_unit_count"),
            ("Phí, lệ phí đã thu", "đồng", "fee_total_amount"),
        ),
    ),
    (
        "egovernment",
        (
            ("Số văn bản hành chính đã ban hành", "văn bản", "documents_issued"),
            ("Số văn bản đi được gửi qua mạng", "văn bản", "item:electronic_document_count"),
            ("Số văn bản đi được ký số", "văn bản", "item:signed_document_count"),
            ("Số dịch vụ công trực tuyến có phát sinh hồ sơ", "dịch vụ", "item:online_service_count"),
            ("Số hồ sơ tiếp nhận trực tuyến", "hồ sơ", "received_online"),
            ("Tỷ lệ hồ sơ tiếp nhận trực tuyến", "%", "online_rate"),
            ("Số hồ sơ thanh toán trực tuyến", "hồ sơ", "item:online_payment_count"),
            ("Số hồ sơ trả kết quả qua bưu chính công ích", "hồ sơ", "item:postal_result_count"),
        ),
    ),
)
"""Group, for the six fields by the id of the programmes, → its indicators in print order.

Never a score of the reform index, only the evidence (DOMAIN.md 5.4).
"""


def build_indicator_table(inputs: ReportInputs, cells: Cells) -> Table:
    """The annex; a line without data keeps its place, empty, so that it can be filled in by hand."""
    names = reform_field_names(inputs.catalogue.reform_fields, inputs.table.reckoning.closing_day)
    rows: list[TableRow] = []
    for group, lines in INDICATORS:
        rows.append(TableRow(("", names.get(group, group), "", ""), kind="group"))
        for name, unit, source in lines:
            number = sum(row.kind == "body" for row in rows) + 1
            rows.append(TableRow((str(number), name, unit, _figure(cells, source) or "")))
    notes: list[Text] = [(Run(UNVERIFIED),)]
    if any(not row.cells[-1] for row in rows if row.kind == "body"):
        notes.append((Run(_MISSING),))
    columns = (
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        TableColumn("name", "Chỉ tiêu", width_mm=110.0, is_text=True),
        TableColumn("unit", "Đơn vị tính", width_mm=35.0, is_text=True),
        TableColumn("value", "Kết quả", width_mm=30.0),
    )
    return Table(
        INDICATOR_TABLE, "Thống kê các chỉ tiêu cải cách hành chính", columns, tuple(rows), notes=tuple(notes)
    )


def _figure(cells: Cells, source: str) -> Figure | None:
    if source.startswith(_ITEM):
        return cells.supplement_figure(source.removeprefix(_ITEM))
    return cells.rate_figure(source) if source in RATIOS else cells.figure(source)
