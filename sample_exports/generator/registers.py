"""Document registers: the paper layout as xlsx, the layout of document systems as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sample_exports.generator.documents import Document
from sample_exports.generator.dossier_lists import day_text, titles
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import Row, RowKind, WrittenTable

INCOMING_HEADERS = (
    "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung",
    "Đơn vị hoặc người nhận", "Ký nhận", "Ghi chú",
)  # fmt: skip
OUTGOING_HEADERS = (
    "Ngày tháng văn bản", "Số, ký hiệu văn bản", "Tên loại và trích yếu nội dung văn bản", "Người ký",
    "Nơi nhận văn bản", "Đơn vị, người nhận bản lưu", "Số lượng bản", "Ghi chú",
)  # fmt: skip
INCOMING_CSV_HEADERS = (
    "STT", "Số Đến", "Số Ký Hiệu", "Trích Yếu", "Cơ Quan Ban Hành", "Lĩnh Vực", "Ngày Ban Hành", "Ngày Đến",
    "Độ Khẩn", "Độ Mật", "Người Xử Lý", "Hạn Xử Lý", "Trạng Thái",
)  # fmt: skip
OUTGOING_CSV_HEADERS = (
    "STT", "Số Ký Hiệu", "Trích Yếu", "Ngày Ban Hành", "Người Ký", "Nơi Nhận", "Số Lượng Bản", "Độ Khẩn",
    "Độ Mật", "Trạng Thái",
)  # fmt: skip
SIGNER = "Người Ký Mẫu"


def outgoing_book(
    unit: SampleUnit, documents: Sequence[Document], first: date, last: date, *, grouped: bool
) -> WrittenTable:
    """The outgoing register; ``grouped`` puts a row with the month above each month's lines and a foot below."""
    rows = titles(unit, "SỔ ĐĂNG KÝ VĂN BẢN ĐI", first, last)
    rows += [Row(RowKind.BLANK, ()), Row(RowKind.HEADER, OUTGOING_HEADERS), _numbers(OUTGOING_HEADERS)]
    month = (0, 0)
    for document in documents:
        issued = document.issued
        if grouped and (issued.year, issued.month) != month:
            month = (issued.year, issued.month)
            rows.append(Row(RowKind.GROUP, (f"Tháng {issued:%m} năm {issued.year}",), span=True))
        # One book holds real dates, the others dates typed as text.
        day = issued if grouped else day_text(issued)
        cells = (day, document.symbol, document.summary, SIGNER, "Như trên", "Văn phòng", 3, "")
        rows.append(Row(RowKind.DATA, cells))
    if grouped:
        rows += [
            Row(RowKind.BLANK, ()),
            Row(RowKind.SIGNATURE, ("NGƯỜI VÀO SỔ",)),
            Row(RowKind.SIGNATURE, (SIGNER,)),
        ]
    return WrittenTable(rows, len(OUTGOING_HEADERS), "Văn bản đi")


def incoming_book(unit: SampleUnit, documents: Sequence[Document], first: date, last: date) -> WrittenTable:
    """The incoming register with its row of column numbers."""
    rows = titles(unit, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", first, last)
    rows += [Row(RowKind.BLANK, ()), Row(RowKind.HEADER, INCOMING_HEADERS), _numbers(INCOMING_HEADERS)]
    for document in documents:
        cells = (
            day_text(document.arrived),
            document.register_number,
            document.author,
            document.symbol,
            day_text(document.issued),
            document.summary,
            "Văn phòng",
            "",
            "",
        )
        rows.append(Row(RowKind.DATA, cells))
    return WrittenTable(rows, len(INCOMING_HEADERS), "Văn bản đến")


def outgoing_csv(documents: Sequence[Document]) -> WrittenTable:
    """Outgoing documents as a document system lists them."""
    rows = [Row(RowKind.HEADER, OUTGOING_CSV_HEADERS)]
    for number, document in enumerate(documents, start=1):
        day = day_text(document.issued)
        cells = (str(number), document.symbol, document.summary, day, SIGNER, "Lưu: VT", "3", "Thường", "Thường", "Đã phát hành")  # fmt: skip
        rows.append(Row(RowKind.DATA, cells))
    return WrittenTable(rows, len(OUTGOING_CSV_HEADERS))


def incoming_csv(documents: Sequence[Document]) -> WrittenTable:
    """Incoming documents as a document system lists them; a summary may hold a comma or a line break."""
    rows = [Row(RowKind.HEADER, INCOMING_CSV_HEADERS)]
    for number, document in enumerate(documents, start=1):
        summary = document.summary
        if number % 40 == 0:
            summary += ",\nkèm theo phụ lục"
        cells = (
            str(number),
            str(document.register_number),
            document.symbol,
            summary,
            document.author,
            "",
            day_text(document.issued),
            day_text(document.arrived),
            "Thường",
            "Thường",
            f"Cán bộ Mẫu {number % 4 + 1:02d}",
            "",
            "Đã xử lý",
        )
        rows.append(Row(RowKind.DATA, cells))
    return WrittenTable(rows, len(INCOMING_CSV_HEADERS))


def _numbers(headers: Sequence[str]) -> Row:
    return Row(RowKind.COLUMN_NUMBER, tuple(f"({n})" for n in range(1, len(headers) + 1)))
