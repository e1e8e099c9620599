"""The tables of the store. The only place where a column is written down."""

from __future__ import annotations

import pyarrow as pa

from transforms.schema.model import Column, Sensitivity, Table

TEXT = pa.string()
DAY = pa.date32()
NUMBER = pa.int64()
CODE = pa.int8()
# Wall-clock time in Vietnam, without a zone: offices print local time only.
LOCAL_TIME = pa.timestamp("us")
INSTANT = pa.timestamp("us", tz="UTC")

STATUS_CODES = tuple(range(1, 11))
"""National Portal list 1-10 (DOMAIN.md 3.5)."""
CHANNEL_CODES = (1, 2, 3)
"""1 in person, 2 online, 3 public postal service (DOMAIN.md 3.6)."""
DIRECTIONS = ("incoming", "outgoing")
ISSUER_LEVELS = ("trung_uong", "tinh", "huyen", "xa", "khac")
SEVERITIES = ("critical", "warning", "info")
AUDIENCES = ("unit", "parent", "it")
DELIVERY_STATES = ("accepted", "refused")
RECORD_KINDS = ("dossier", "fee", "document", "supplement")
"""Kinds of record that an export can hold; each has one ``*_versions`` table."""

DOSSIER_CODE_PATTERN = (
    r"^(?:(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,2})-(?:\d{6}|\d{8})-(?:[A-Z0-9]{0,2}\d{4,7})$"
)
"""Tolerant pattern of DOMAIN.md 3.2; anything else is kept and flagged."""
PROCEDURE_CODE_PATTERN = r"^\d\.\d{6}$"
"""The seven-character core on which procedure codes are compared (DOMAIN.md 3.4)."""

PROVENANCE = (
    Column("_delivery_id", TEXT, "Mã lần nhận", "Delivery that brought the row.", required=True),
    Column("_file", TEXT, "Tệp nguồn", "File name as received, without folder.", required=True),
    Column("_sheet", TEXT, "Trang tính", "Sheet name; empty where the format has none."),
    Column("_row", NUMBER, "Dòng", "Row number as the clerk sees it, from 1.", required=True, minimum=1),
    Column("_exported_at", LOCAL_TIME, "Thời điểm kết xuất", "When the export was taken.", required=True),
    Column(
        "_known_from", INSTANT, "Biết từ lúc", "Instant from which the store knew the row.", required=True
    ),
)

DOSSIER = Table(
    "dossier_versions",
    "Hồ sơ",
    "One version of one dossier, appended when its content changed.",
    (
        Column("unit_code", TEXT, "Đơn vị giải quyết", "Resolving unit; counts go by it.", required=True),
        Column("receiving_unit_code", TEXT, "Đơn vị tiếp nhận", "Receiving unit where the export tells."),
        Column(
            "dossier_code",
            TEXT,
            "Mã hồ sơ",
            "Code as printed, trimmed, upper case.",
            required=True,
            pattern=DOSSIER_CODE_PATTERN,
        ),
        Column(
            "procedure_code",
            TEXT,
            "Mã thủ tục",
            "Core d.dddddd of the procedure's code, where exported.",
            pattern=PROCEDURE_CODE_PATTERN,
        ),
        Column("procedure_code_raw", TEXT, "Mã thủ tục (nguyên văn)", "Procedure code as exported."),
        Column("procedure_name", TEXT, "Tên thủ tục", "Public name of the procedure as exported."),
        Column("field_name", TEXT, "Lĩnh vực (nguyên văn)", "Field as exported, where the export has one."),
        Column(
            "field_hint",
            TEXT,
            "Lĩnh vực suy từ tệp",
            "Field id inferred from free text or from the file when nothing else tells it.",
        ),
        Column("status_code", CODE, "Trạng thái", "National Portal status 1-10.", codes=STATUS_CODES),
        Column("status_label", TEXT, "Trạng thái (nguyên văn)", "Status as exported."),
        Column(
            "channel_code",
            CODE,
            "Hình thức nộp",
            "Channel where the list itself tells it.",
            codes=CHANNEL_CODES,
        ),
        Column("filed_date", DAY, "Ngày nộp", "Day the citizen filed."),
        Column("received_date", DAY, "Ngày tiếp nhận", "Day the dossier was accepted."),
        Column("due_date", DAY, "Ngày hẹn trả", "Promised day."),
        Column("resolved_date", DAY, "Ngày kết thúc xử lý", "Day processing ended."),
        Column("returned_date", DAY, "Ngày trả kết quả", "Day the result was handed over."),
        Column("copies_count", NUMBER, "Số bộ", "Number of sets or copies.", minimum=1),
        *PROVENANCE,
    ),
    key=("unit_code", "dossier_code"),
)

FEE = Table(
    "fee_versions",
    "Phí, lệ phí",
    "One version of one fee receipt.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit that collected.", required=True),
        Column("receipt_number", TEXT, "Số biên lai", "Receipt number as printed; empty when none."),
        Column("dossier_code", TEXT, "Mã hồ sơ", "Dossier the money belongs to.", required=True),
        Column("channel_code", CODE, "Loại tiếp nhận", "Channel of the dossier.", codes=CHANNEL_CODES),
        Column("received_date", DAY, "Ngày tiếp nhận", "Day the dossier was accepted."),
        Column("collected_date", DAY, "Ngày thu", "Day the money was collected."),
        Column("charge_amount", NUMBER, "Phí", "Charge (phí), whole đồng.", minimum=0),
        Column("duty_amount", NUMBER, "Lệ phí", "Duty (lệ phí), whole đồng.", minimum=0),
        Column("total_amount", NUMBER, "Tổng", "Total as printed, whole đồng.", required=True, minimum=0),
        *PROVENANCE,
    ),
    key=("unit_code", "dossier_code", "receipt_number"),
)

DOCUMENT = Table(
    "document_versions",
    "Văn bản",
    "One version of one line of a document register.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit that keeps the register.", required=True),
        Column("direction", TEXT, "Chiều", "Incoming or outgoing.", required=True, codes=DIRECTIONS),
        Column("register_number", TEXT, "Số đến", "Running number of the incoming register."),
        Column(
            "symbol",
            TEXT,
            "Số, ký hiệu",
            "Number and symbol as printed, for example 362/QĐ-UBND.",
            required=True,
        ),
        Column("document_type_id", TEXT, "Loại văn bản", "Type from the symbol, else from the summary."),
        Column("issuer_level", TEXT, "Cấp ban hành", "Level of the issuing body.", codes=ISSUER_LEVELS),
        Column("issued_date", DAY, "Ngày văn bản", "Date of the document."),
        Column("arrived_date", DAY, "Ngày đến", "Day an incoming document was registered."),
        *PROVENANCE,
    ),
    key=("unit_code", "direction", "register_number", "symbol", "issued_date"),
)

SUPPLEMENT = Table(
    "supplement_versions",
    "Số liệu bổ sung",
    "One item of what no export holds, filled in by the unit.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit that filled it in.", required=True),
        Column("period_id", TEXT, "Kỳ báo cáo", "Period id such as 2021-9T.", required=True),
        Column("item_id", TEXT, "Mục", "Item of the supplement catalogue.", required=True),
        Column("ordinal", NUMBER, "Thứ tự", "Order within a list item, from 1.", required=True, minimum=1),
        Column("text_value", TEXT, "Nội dung", "Value as text.", sensitivity=Sensitivity.INTERNAL),
        Column("number_value", NUMBER, "Giá trị", "Value as a whole number, for counts and đồng."),
        *PROVENANCE,
    ),
    key=("unit_code", "period_id", "item_id", "ordinal"),
)

QUARANTINED = Table(
    "quarantined_rows",
    "Dòng cách ly",
    "Rows whose content could not be taken, with the raw text of allow-listed columns.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit of the delivery.", required=True),
        Column("kind", TEXT, "Loại dữ liệu", "Kind of record.", required=True, codes=RECORD_KINDS),
        Column("finding_code", TEXT, "Mã phát hiện", "Why the row was set apart.", required=True),
        Column("column_name", TEXT, "Cột", "Canonical column that could not be read."),
        Column(
            "raw_json",
            TEXT,
            "Nguyên văn",
            "Raw text of allow-listed columns, a JSON object.",
            required=True,
            sensitivity=Sensitivity.INTERNAL,
        ),
        *PROVENANCE,
    ),
)

DELIVERY = Table(
    "deliveries",
    "Lần nhận tệp",
    "One received file. Rows of a delivery without its line here do not count.",
    (
        Column(
            "delivery_id",
            TEXT,
            "Mã lần nhận",
            "First 16 hex digits of SHA-256 over unit code and content.",
            required=True,
        ),
        Column("sha256", TEXT, "SHA-256", "Hash of the file's bytes.", required=True),
        Column("unit_code", TEXT, "Đơn vị", "Unit the file belongs to.", required=True),
        Column("file", TEXT, "Tệp", "File name as received.", required=True),
        Column("state", TEXT, "Kết quả", "Accepted or refused.", required=True, codes=DELIVERY_STATES),
        Column("kind", TEXT, "Loại dữ liệu", "Kind of record; empty when refused."),
        Column("profile_id", TEXT, "Mẫu kết xuất", "Export profile that read it; empty when refused."),
        Column("exported_at", LOCAL_TIME, "Thời điểm kết xuất", "When the export was taken."),
        Column("exported_at_source", TEXT, "Căn cứ thời điểm", "file_name, title or arrival."),
        Column("sheet_row_count", NUMBER, "Số dòng trang tính", "Rows with any content.", minimum=0),
        Column(
            "structural_row_count",
            NUMBER,
            "Dòng cấu trúc",
            "Title, header, group, total, signature rows.",
            minimum=0,
        ),
        Column("structural_json", TEXT, "Dòng cấu trúc theo loại", "Counts by kind, a JSON object."),
        Column(
            "data_row_count",
            NUMBER,
            "Dòng dữ liệu",
            "Accepted + unchanged + superseded + quarantined.",
            minimum=0,
        ),
        Column("accepted_count", NUMBER, "Nhận", "Rows that were new or changed.", minimum=0),
        Column("unchanged_count", NUMBER, "Không đổi", "Rows equal to what was known.", minimum=0),
        Column("superseded_count", NUMBER, "Bị thay thế", "Rows overtaken by a later one.", minimum=0),
        Column("quarantined_count", NUMBER, "Cách ly", "Rows that could not be read.", minimum=0),
        Column("refusal_code", TEXT, "Mã từ chối", "Finding code of the refusal; empty when accepted."),
        Column("known_from", INSTANT, "Biết từ lúc", "Strictly increasing, one per delivery.", required=True),
    ),
    key=("delivery_id",),
)

FINDING_PLACE = pa.struct(
    [
        pa.field("sheet", TEXT),
        pa.field("row", NUMBER),
        pa.field("subject", TEXT),
        pa.field("value", TEXT),
        pa.field("file", TEXT),
    ]
)

FINDING = Table(
    "findings",
    "Phát hiện",
    "State changes of findings; the failing rows are complete.",
    (
        Column(
            "finding_id", TEXT, "Mã", "Stable identity: hash of code, unit, kind and subject.", required=True
        ),
        Column("code", TEXT, "Mã quy tắc", "Permanent dotted code.", required=True),
        Column("state", TEXT, "Tình trạng", "open or fixed.", required=True, codes=("open", "fixed")),
        Column("severity", TEXT, "Mức độ", "critical, warning or info.", required=True, codes=SEVERITIES),
        Column("audience", TEXT, "Người nhận", "Who is told.", required=True, codes=AUDIENCES),
        Column("unit_code", TEXT, "Đơn vị", "Unit; empty for the whole workspace.", required=True),
        Column("period_id", TEXT, "Kỳ báo cáo", "Period it is about; empty when about none."),
        Column("kind", TEXT, "Loại dữ liệu", "Kind of record; empty when not about rows."),
        Column("file", TEXT, "Tệp", "File; empty when not about one."),
        Column("column_name", TEXT, "Cột", "Canonical column; empty when not about one."),
        Column("count", NUMBER, "Số lượng", "Number of failing rows, or 1.", required=True, minimum=0),
        Column("sentence", TEXT, "Nội dung", "Vietnamese sentence.", required=True),
        Column("remedy", TEXT, "Cách xử lý", "Vietnamese sentence.", required=True),
        Column("places", pa.list_(FINDING_PLACE), "Các dòng", "Every failing row."),
        Column(
            "delivery_id",
            TEXT,
            "Mã lần nhận",
            "Delivery a reading finding belongs to; empty for one about the store's state.",
        ),
        Column("run_id", TEXT, "Lượt chạy", "Run that saw the change.", required=True),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant of the run's commit.", required=True),
    ),
    key=("finding_id",),
)

RECORD_TABLES: dict[str, Table] = {
    "dossier": DOSSIER,
    "fee": FEE,
    "document": DOCUMENT,
    "supplement": SUPPLEMENT,
}
"""Table of each kind of record."""
ALL_TABLES: tuple[Table, ...] = (*RECORD_TABLES.values(), QUARANTINED, DELIVERY, FINDING)
