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
SEVERITY_NAMES = {"critical": "Nghiêm trọng", "warning": "Cảnh báo", "info": "Lưu ý"}
"""Severity of a finding → what staff read everywhere, the gravest first."""
SEVERITIES = tuple(SEVERITY_NAMES)
AUDIENCES = ("unit", "parent", "it")
DELIVERY_STATES = ("accepted", "refused")
DECISION_KINDS = ("explanation", "correction", "waiver", "retraction", "closing", "reopening", "erasure")
"""What people decide about data; each decision is one line that nothing overwrites."""
ALERT_KINDS = ("digest", "critical", "escalation")
"""The day's message; a new critical finding at once; one that stayed open too long, told to the next in line."""
ALERT_CHANGES = ("new", "reopened", "worse", "better", "explained", "fixed", "escalated")
"""What a message says of a finding."""
ATTEMPT_STATES = ("sending", "sent", "failed", "given_up")
"""Written before sending; what came of it; not tried again."""
RECORD_KINDS = ("dossier", "fee", "overdue", "document", "summary", "supplement")
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
    Column(
        "_row",
        NUMBER,
        "Dòng",
        "Row number as the clerk sees it, from 1; 0 where a retraction left no file that told it.",
        required=True,
        minimum=0,
    ),
    Column("_exported_at", LOCAL_TIME, "Thời điểm kết xuất", "When the export was taken.", required=True),
    Column(
        "_known_from", INSTANT, "Biết từ lúc", "Instant from which the store knew the row.", required=True
    ),
    Column(
        "_removal",
        TEXT,
        "Lý do loại bỏ",
        "Set when this version says that the record does not exist: the decision that took it out.",
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
        Column(
            "officer_code",
            TEXT,
            "Mã cán bộ xử lý",
            "Who has the dossier in hand, by the workspace's own code; never a name. Empty where the export "
            "or the officers file does not tell.",
            sensitivity=Sensitivity.INTERNAL,
        ),
        Column(
            "department_name",
            TEXT,
            "Bộ phận xử lý",
            "Office that has the dossier in hand, where the export tells one that is no person's name.",
            sensitivity=Sensitivity.INTERNAL,
        ),
        *PROVENANCE,
    ),
    key=("unit_code", "dossier_code"),
)

ASSIGNED_COLUMNS = ("officer_code", "department_name")
"""Who works on a dossier: a change of it makes a new version only while there is work left to do."""

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

OVERDUE = Table(
    "overdue_versions",
    "Hồ sơ quá hạn",
    "One version of one line of the software's own overdue list, joined to its dossier when read.",
    (
        Column("unit_code", TEXT, "Đơn vị giải quyết", "Resolving unit.", required=True),
        Column(
            "dossier_code",
            TEXT,
            "Mã hồ sơ",
            "Code as printed, trimmed, upper case.",
            required=True,
            pattern=DOSSIER_CODE_PATTERN,
        ),
        Column("received_date", DAY, "Ngày tiếp nhận", "Day the dossier was accepted."),
        Column("due_date", DAY, "Ngày hẹn trả", "Promised day."),
        Column("resolved_date", DAY, "Ngày có kết quả", "Day the result was there; empty while open."),
        *PROVENANCE,
    ),
    key=("unit_code", "dossier_code"),
)

SUMMARY = Table(
    "summary_versions",
    "Bảng tổng hợp của phần mềm",
    "One version of one line of the software's own summary by field; compared with our counts, never added.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit that the summary is about.", required=True),
        Column("window_start", DAY, "Từ ngày", "First day of the summary, from its title.", required=True),
        Column("window_end", DAY, "Đến ngày", "Last day of the summary, from its title.", required=True),
        Column("field_name", TEXT, "Lĩnh vực", "Field as printed; “Tổng cộng” is not kept.", required=True),
        Column("received_total", NUMBER, "Tiếp nhận: tổng số", "Received and carried over.", minimum=0),
        Column("carried_over", NUMBER, "Tiếp nhận: kỳ trước", "Carried over.", minimum=0),
        Column("received_in_window", NUMBER, "Tiếp nhận: trong kỳ", "Received in the window.", minimum=0),
        Column("received_online", NUMBER, "Tiếp nhận: qua mạng", "Received online.", minimum=0),
        Column("received_postal", NUMBER, "Tiếp nhận: qua BCCI", "Received by public post.", minimum=0),
        Column("early", NUMBER, "Đã xử lý: trước hạn", "Resolved early.", minimum=0),
        Column("on_time", NUMBER, "Đã xử lý: đúng hạn", "Resolved on time.", minimum=0),
        Column("late", NUMBER, "Đã xử lý: quá hạn", "Resolved late.", minimum=0),
        Column("pending_within", NUMBER, "Đang xử lý: trong hạn", "Open, within time.", minimum=0),
        Column("pending_overdue", NUMBER, "Đang xử lý: quá hạn", "Open, overdue.", minimum=0),
        Column("awaiting_supplement", NUMBER, "Bổ sung", "Waiting for papers.", minimum=0),
        Column("withdrawn", NUMBER, "Trả lại, rút hồ sơ", "Returned or withdrawn.", minimum=0),
        *PROVENANCE,
    ),
    key=("unit_code", "window_start", "window_end", "field_name"),
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
        Column(
            "answers_delivery_id",
            TEXT,
            "Trả lời cho lần nhận",
            "Delivery that a returned workbook answers; empty for a file of the unit's own.",
        ),
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
            "params_json",
            TEXT,
            "Tham số",
            "Named numbers and texts of the sentence in their fixed order, a JSON object.",
        ),
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

DECISION = Table(
    "decisions",
    "Quyết định về dữ liệu",
    "Explanations, corrections and other decisions of people, each with its author and reason.",
    (
        Column("decision_id", TEXT, "Mã", "16 hex digits: hash of what was decided.", required=True),
        Column("kind", TEXT, "Loại", "What was decided.", required=True, codes=DECISION_KINDS),
        Column("unit_code", TEXT, "Đơn vị", "Unit it is about; empty for the workspace.", required=True),
        Column("period_id", TEXT, "Kỳ báo cáo", "Period it is about; empty when about none."),
        Column("rule_code", TEXT, "Mã quy tắc", "Finding code it answers; empty when it answers none."),
        Column("record_kind", TEXT, "Loại dữ liệu", "Kind of record; empty when not about records."),
        Column("subject", TEXT, "Đối tượng", "Record or delivery it is about, usually a dossier code."),
        Column("column_name", TEXT, "Cột", "Canonical column; empty when not about one."),
        Column("author", TEXT, "Người quyết định", "Role or account, never a citizen.", required=True),
        Column("reason", TEXT, "Lý do", "In the author's words.", required=True),
        Column("details_json", TEXT, "Chi tiết", "What the kind needs besides, a JSON object."),
        Column("source", TEXT, "Căn cứ", "File and row, or command, that brought it.", required=True),
        Column("decided_on", DAY, "Ngày quyết định", "Day written beside it, else day of arrival."),
        Column("expires_on", DAY, "Hết hiệu lực", "Last day it holds; empty when it stays."),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant of the commit.", required=True),
    ),
    key=("decision_id",),
)

CONFIRMED = Table(
    "confirmed_ranges",
    "Bản ghi được xác nhận không đổi",
    "Keys that another export held unchanged: what no new version says.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit of the records.", required=True),
        Column("kind", TEXT, "Loại dữ liệu", "Kind of record.", required=True, codes=RECORD_KINDS),
        Column("first_key", TEXT, "Khóa đầu", "First key of the range, its parts joined.", required=True),
        Column("last_key", TEXT, "Khóa cuối", "Last key of the range, inclusive.", required=True),
        Column("_delivery_id", TEXT, "Mã lần nhận", "Delivery that held the records again.", required=True),
        Column(
            "_exported_at", LOCAL_TIME, "Thời điểm kết xuất", "When that export was taken.", required=True
        ),
        Column("_known_from", INSTANT, "Biết từ lúc", "Instant of that delivery's commit.", required=True),
    ),
)
"""Every record of the unit that was known at ``_known_from`` with a key in the range stood in the export."""

CATALOGUE = Table(
    "catalogue_versions",
    "Phiên bản danh mục",
    "One set of catalogue files and narrative templates that reports were written under.",
    (
        Column("version_id", TEXT, "Phiên bản", "First 12 hex digits of sha256.", required=True),
        Column(
            "sha256",
            TEXT,
            "SHA-256",
            "Hash of the list of members, kept under it beside the tables as each member is under its own.",
            required=True,
        ),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant from which it held.", required=True),
    ),
)
"""No key: a version that came back after another held again from then on."""

PUBLICATION = Table(
    "publications",
    "Lần công bố",
    "One issued version of a report, immutable. A folder without its line here was never published.",
    (
        Column("unit_code", TEXT, "Đơn vị", "Unit or roll-up that reports.", required=True),
        Column("period_id", TEXT, "Kỳ báo cáo", "Period id such as 2021-9T.", required=True),
        Column("basis", TEXT, "Cách tính kỳ", "nd09 or lich.", required=True),
        Column(
            "number", NUMBER, "Lần công bố", "1, 2, ... per unit, period and basis.", required=True, minimum=1
        ),
        Column("document_number", TEXT, "Số, ký hiệu", "For example 45/BC-UBND.", required=True),
        Column("document_date", DAY, "Ngày văn bản", "Date of the document.", required=True),
        Column("requested_by", TEXT, "Người yêu cầu", "Role or account, never a citizen.", required=True),
        Column("as_of", DAY, "Ngày làm việc", "Working day under which it was counted.", required=True),
        Column("known_at", INSTANT, "Biết đến lúc", "State of the store that it shows.", required=True),
        Column("cutoff", DAY, "Chốt sớm", "Day asked for; empty when the window's end holds."),
        Column("closing_day", DAY, "Số liệu tính đến", "Last day counted (B).", required=True),
        Column("rulebook", TEXT, "Quy tắc đếm", "Rulebook id.", required=True),
        Column(
            "catalogue_version", TEXT, "Phiên bản danh mục", "version_id it was written under.", required=True
        ),
        Column("product_version", TEXT, "Phiên bản phần mềm", "Version of the product.", required=True),
        Column(
            "inputs_json", TEXT, "Tệp đầu vào", "Deliveries used: id and SHA-256, a JSON list.", required=True
        ),
        Column("files_json", TEXT, "Tệp công bố", "File name to SHA-256, a JSON object.", required=True),
        Column("context_sha256", TEXT, "SHA-256 nội dung", "Hash of context.json.", required=True),
        Column(
            "restates", NUMBER, "Điều chỉnh lần", "Number of the version it takes the place of.", minimum=1
        ),
        Column("note", TEXT, "Ghi chú", "In the words of who asked."),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant of the publication.", required=True),
        Column(
            "report_type", TEXT, "Loại báo cáo", "Type id such as cchc; older lines, all cchc, are empty."
        ),
        Column(
            "edition",
            TEXT,
            "Bản",
            "internal, or public for the one with small counts withheld; older lines are empty.",
        ),
    ),
    key=("unit_code", "period_id", "basis", "number"),
)

ALERT_ENTRY = pa.struct(
    [
        pa.field("finding_id", TEXT),
        pa.field("change", TEXT),
        pa.field("code", TEXT),
        pa.field("unit_code", TEXT),
        pa.field("severity", TEXT),
        pa.field("audience", TEXT),
        pa.field("count", NUMBER),
        pa.field("is_explained", pa.bool_()),
    ]
)
"""One change as it was told: what the recipient knows of the finding from then on."""

ALERT = Table(
    "alerts",
    "Tin nhắn",
    "One message to one recipient over one channel, written before anything is sent and never changed.",
    (
        Column(
            "alert_id",
            TEXT,
            "Mã",
            "16 hex digits: hash of recipient, channel, kind, day and what it tells.",
            required=True,
        ),
        Column("kind", TEXT, "Loại tin", "Why it was written.", required=True, codes=ALERT_KINDS),
        Column("recipient", TEXT, "Người nhận", "Role or label of the owners file.", required=True),
        Column(
            "channel",
            TEXT,
            "Kênh",
            "Name under which the address is found; never the address.",
            required=True,
        ),
        Column("day", DAY, "Ngày", "Working day of the run that wrote it.", required=True),
        Column("title", TEXT, "Tiêu đề", "Vietnamese sentence.", required=True),
        Column("body_text", TEXT, "Nội dung", "The message as plain text.", required=True),
        Column("body_html", TEXT, "Nội dung HTML", "The same message for e-mail.", required=True),
        Column("entries", pa.list_(ALERT_ENTRY), "Các thay đổi", "Every change that it tells."),
        Column("run_id", TEXT, "Lượt chạy", "Run that wrote it.", required=True),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant of the writing.", required=True),
    ),
    key=("alert_id",),
)

ALERT_ATTEMPT = Table(
    "alert_attempts",
    "Lần gửi tin",
    "What became of a message: one line before each attempt and one after it.",
    (
        Column("alert_id", TEXT, "Mã tin", "Message it is about.", required=True),
        Column("attempt", NUMBER, "Lần gửi", "1, 2, ... per message.", required=True, minimum=0),
        Column("state", TEXT, "Kết quả", "Where it stands.", required=True, codes=ATTEMPT_STATES),
        Column("reason", TEXT, "Lý do", "Short code of a failure; never an address or a secret."),
        Column("known_from", INSTANT, "Biết từ lúc", "Instant of the line.", required=True),
    ),
)

RECORD_TABLES: dict[str, Table] = {
    "dossier": DOSSIER,
    "fee": FEE,
    "overdue": OVERDUE,
    "document": DOCUMENT,
    "summary": SUMMARY,
    "supplement": SUPPLEMENT,
}
"""Table of each kind of record."""
ALL_TABLES: tuple[Table, ...] = (
    *RECORD_TABLES.values(),
    CONFIRMED,
    QUARANTINED,
    DELIVERY,
    FINDING,
    DECISION,
    CATALOGUE,
    PUBLICATION,
    ALERT,
    ALERT_ATTEMPT,
)
