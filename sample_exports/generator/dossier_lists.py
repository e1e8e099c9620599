"""Dossier lists and the fee list, column for column as the software prints them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sample_exports.generator.dossiers import Dossier
from sample_exports.generator.fees import Receipt
from sample_exports.generator.procedures import UNCLASSIFIED
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import Row, RowKind, WrittenTable

STATUS_NAMES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
CHANNEL_NAMES = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Qua bưu chính công ích"}
SYNTHETIC = "dữ liệu mẫu, không có hồ sơ thật"

TANDAN_HEADERS = (
    "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp",
    "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
)  # fmt: skip
FEE_HEADERS = (
    "STT", "Mã hồ sơ", "Loại tiếp nhận", "Tên người nộp", "Số biên lai", "Mẫu số", "Ký hiệu", "Ngày tiếp nhận",
    "Ngày thu", "Phí (VNĐ)", "Lệ phí (VNĐ)", "Tổng (VNĐ)",
)  # fmt: skip
IGATE_HEADERS = (
    "Số hồ sơ", "Tên thủ tục", "Tên lĩnh vực", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả",
    "Ngày kết thúc xử lý", "Cơ quan/đơn vị", "Chủ hồ sơ", "Số điện thoại", "Cán bộ xử lý hiện tại",
    "Trạng thái hồ sơ",
)  # fmt: skip
CSV_HEADERS = (
    "Mã hồ sơ", "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Hình thức nộp", "Trạng thái", "Ngày nộp",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả",
)  # fmt: skip


def person_name(number: int) -> str:
    """A visibly artificial person: Người Mẫu 0001."""
    return f"Người Mẫu {number:04d}"


def titles(unit: SampleUnit, title: str, first: date, last: date) -> list[Row]:
    """Agency, title and span of days, each across the whole table."""
    lines = (
        f"ỦY BAN NHÂN DÂN {unit.printed_full_name.upper()} ({SYNTHETIC})",
        title,
        f"Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}",
    )
    return [Row(RowKind.TITLE, (line,), span=True) for line in lines]


def tandan_cells(
    unit: SampleUnit, dossier: Dossier, number: int, content: str | None = None
) -> tuple[str, ...]:
    """One line of the Tân Dân list; ``content`` takes the place of the procedure's name."""
    return (
        str(number),
        f"UBND {unit.printed_full_name}",
        dossier.procedure.name if content is None else content,
        dossier.code,
        STATUS_NAMES[dossier.status],
        f"Thôn Mẫu {dossier.person % 9 + 1}",
        person_name(dossier.person),
        person_name(dossier.person),
        moment_text(dossier.filed),
        moment_text(dossier.received),
        due_text(dossier),
        moment_text(dossier.ended),
    )


def tandan_list(
    unit: SampleUnit, lines: Sequence[tuple[str, ...]], first: date, last: date, name_header: str = ""
) -> WrittenTable:
    """The Tân Dân list: three titles, header, data; ``name_header`` renames the procedure column."""
    header = list(TANDAN_HEADERS)
    if name_header:
        header[2] = name_header
    rows = titles(unit, "DANH SÁCH HỒ SƠ", first, last)
    rows.append(Row(RowKind.HEADER, tuple(header)))
    rows += [Row(RowKind.DATA, line) for line in lines]
    return WrittenTable(rows, len(header))


def content_text(dossier: Dossier, turn: int) -> str:
    """Free text as clerks type it in place of the procedure's name; the person stands in it."""
    name = dossier.procedure.name.removeprefix("Thủ tục ")
    name = name[0].upper() + name[1:]
    person = person_name(dossier.person)
    return (f"{name} - {person}", f"{person} - {name}", f"{name} ({person})")[turn % 3]


def fee_list(unit: SampleUnit, receipts: Sequence[Receipt], first: date, last: date) -> WrittenTable:
    """The Tân Dân fee list with its sum in the last row."""
    rows = titles(unit, "DANH SÁCH THU PHÍ, LỆ PHÍ", first, last)
    rows.append(Row(RowKind.HEADER, FEE_HEADERS))
    for number, receipt in enumerate(receipts, start=1):
        dossier = receipt.dossier
        rows.append(
            Row(
                RowKind.DATA,
                (
                    str(number),
                    dossier.code,
                    CHANNEL_NAMES[dossier.channel],
                    person_name(dossier.person),
                    receipt.number,
                    "01BLP",
                    "AA/21P",
                    moment_text(dossier.received),
                    moment_text(receipt.collected),
                    money_text(receipt.charge),
                    money_text(receipt.duty),
                    money_text(receipt.total),
                ),
            )
        )
    sums = (sum(r.charge for r in receipts), sum(r.duty for r in receipts), sum(r.total for r in receipts))
    rows.append(Row(RowKind.TOTAL, ("Tổng số", *(money_text(amount) for amount in sums)), span=True))
    return WrittenTable(rows, len(FEE_HEADERS))


def igate_list(
    unit: SampleUnit, dossiers: Sequence[Dossier], first: date, last: date, *, real_dates: bool
) -> WrittenTable:
    """The iGate list; with ``real_dates`` the days are Excel dates, else text, and there is no foot."""
    rows = titles(unit, "DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT", first, last)
    rows += [Row(RowKind.BLANK, ()), Row(RowKind.HEADER, IGATE_HEADERS)]
    show = (lambda moment: moment or "") if real_dates else moment_text
    for dossier in dossiers:
        known = dossier.procedure.field_id != UNCLASSIFIED
        rows.append(
            Row(
                RowKind.DATA,
                (
                    dossier.code,
                    dossier.procedure.name,
                    dossier.procedure.field_name if known else "",
                    "Bộ phận Tiếp nhận và Trả kết quả",
                    show(dossier.received),
                    (dossier.due or "") if real_dates else due_text(dossier),
                    show(dossier.ended),
                    f"UBND {unit.printed_full_name}",
                    person_name(dossier.person),
                    f"{dossier.person:010d}",
                    f"Cán bộ Mẫu {dossier.person % 4 + 1:02d}",
                    STATUS_NAMES[dossier.status],
                ),
            )
        )
    if not real_dates:
        rows.append(Row(RowKind.TOTAL, (f"Tổng cộng: {len(dossiers)} hồ sơ",)))
        rows += [
            Row(RowKind.BLANK, ()),
            Row(RowKind.SIGNATURE, ("NGƯỜI LẬP BIỂU",)),
            Row(RowKind.SIGNATURE, ("Người Ký Mẫu",)),
        ]
    return WrittenTable(rows, len(IGATE_HEADERS), "DanhSachHoSo")


def csv_list(dossiers: Sequence[Dossier]) -> WrittenTable:
    """The plain list: days only, the procedure's long code, field and channel named."""
    rows = [Row(RowKind.HEADER, CSV_HEADERS)]
    for dossier in dossiers:
        procedure = dossier.procedure
        rows.append(
            Row(
                RowKind.DATA,
                (
                    dossier.code,
                    f"{procedure.code}.000.00.00.H56" if procedure.code else "",
                    procedure.name,
                    procedure.field_name,
                    CHANNEL_NAMES[dossier.channel],
                    STATUS_NAMES[dossier.status],
                    day_text(dossier.filed),
                    day_text(dossier.received),
                    day_text(dossier.due),
                    day_text(dossier.ended),
                    day_text(dossier.returned),
                ),
            )
        )
    return WrittenTable(rows, len(CSV_HEADERS))


def moment_text(moment: datetime | None) -> str:
    """dd/MM/yyyy HH:mm:ss, empty for none."""
    return f"{moment:%d/%m/%Y %H:%M:%S}" if moment else ""


def due_text(dossier: Dossier) -> str:
    """The promised moment: the end of the promised day's office hours."""
    return f"{dossier.due:%d/%m/%Y} 17:00:00" if dossier.due else ""


def day_text(day: date | None) -> str:
    """dd/MM/yyyy, empty for none."""
    return f"{day:%d/%m/%Y}" if day else ""


def money_text(amount: int) -> str:
    """11,250,000 as Tân Dân prints money."""
    return f"{amount:,}"
