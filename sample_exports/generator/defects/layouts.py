"""Around and inside the table: motto rows, merged headers, groups, totals, signatures, spare sheets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sample_exports.generator.containers import as_html, as_sheets
from sample_exports.generator.defects.reference import (
    EXPORT_NAME,
    RECORDS,
    UNIT,
    Defect,
    DefectFile,
    Record,
    Spelling,
    list_cells,
    list_table,
    title_rows,
)
from sample_exports.generator.dossier_lists import TANDAN_HEADERS
from sample_exports.generator.written import Row, RowKind, WrittenTable

_WIDTH = len(TANDAN_HEADERS)
_HEADER = Row(RowKind.HEADER, TANDAN_HEADERS)


def layout_defects() -> Iterator[Defect]:
    """Defects of the layout; every row of every list must come out."""
    yield _one("motto-tieu-de", "motto rows, agency block and title, header on row 8", _with_motto())
    yield _one("tieu-de-gop-hai-dong", "merged two-row header", _two_row_header())
    yield _one("tieu-de-gop-bon-dong", "merged four-row header", _four_row_header())
    yield _one("dong-so-cot", "a row of column numbers under the header", _numbered())
    yield _one("dong-nhom", "group header rows and subtotals inside the data", _grouped())
    yield _one("tong-cong-chu-ky", "“Tổng cộng” and a signature block at the foot", _signed())
    yield _one("lap-tieu-de", "header repeated after a page break", _repeated_header())
    yield _one("cot-trong", "empty columns before and inside the table", _empty_columns())
    yield Defect(
        "trang-an",
        "a hidden sheet beside the list",
        (
            DefectFile(
                f"{EXPORT_NAME}.xlsx",
                as_sheets([list_table(), _notes("Nháp")], hidden=("Nháp",)),
                data_rows=len(RECORDS),
            ),
        ),
        findings=("file.sheet.hidden",),
    )
    yield Defect(
        "nhieu-trang",
        "the list continued on a second sheet",
        (
            DefectFile(
                f"{EXPORT_NAME}.xlsx",
                as_sheets([list_table(records=RECORDS[:5], sheet="Trang 1"), _continued("Trang 2")]),
                data_rows=len(RECORDS),
            ),
        ),
    )
    spelled = tuple(_odd_spelling(text) for text in TANDAN_HEADERS)
    yield _one(
        "tieu-de-viet-khac",
        "headers with no-break spaces, line breaks, NFD letters, the other tone placement, upper case",
        list_table(Spelling(headers=spelled)),
    )
    yield _one(
        "lech-cot",
        "12 headers over 11 body cells; the last date is the day of return",
        _shifted(),
        findings=("file.header.shift_read",),
        records=tuple((code, received, due, "", status) for code, received, due, _, status in RECORDS),
    )


def _one(
    slug: str,
    what: str,
    table: WrittenTable,
    findings: tuple[str, ...] = (),
    records: tuple[Record, ...] = RECORDS,
) -> Defect:
    file = DefectFile(f"{EXPORT_NAME}.xls", as_html(table), data_rows=len(RECORDS))
    return Defect(slug, what, (file,), records=records, findings=findings)


def _data(part: slice = slice(None)) -> list[Row]:
    return [Row(RowKind.DATA, cells) for cells in list_cells()[part]]


def _with_motto() -> WrittenTable:
    motto = [
        Row(RowKind.TITLE, ("UBND HUYỆN NHƯ XUÂN", *[""] * 5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        Row(RowKind.TITLE, (f"UBND {UNIT.full_name.upper()}", *[""] * 5, "Độc lập - Tự do - Hạnh phúc")),
        Row(RowKind.BLANK, ()),
        Row(RowKind.TITLE, ("", *[""] * 5, "Bình Lương, ngày 05 tháng 9 năm 2021")),
    ]
    return WrittenTable([*motto, *title_rows(), _HEADER, *_data()], _WIDTH)


def _two_row_header() -> WrittenTable:
    upper = ("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ",
             "Người nộp", "Chủ hồ sơ", "Thời gian", "", "", "")  # fmt: skip
    lower = (
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Ngày nộp hồ sơ",
        "Ngày nhận",
        "Ngày hẹn trả",
        "Ngày kết thúc xử lý",
    )
    head = [Row(RowKind.HEADER, upper), Row(RowKind.HEADER, lower)]
    return WrittenTable([*title_rows(), *head, *_data()], _WIDTH)


def _four_row_header() -> WrittenTable:
    rows = (
        ("STT", "Thông tin hồ sơ", *[""] * 10),
        ("", "Tiếp nhận", "", "", "", "Công dân", "", "", "Thời gian", "", "", ""),
        ("", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp",
         "Chủ hồ sơ", "Ban đầu", "", "Kết thúc", ""),
        ("", "", "", "", "", "", "", "", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"),
    )  # fmt: skip
    head = [Row(RowKind.HEADER, cells) for cells in rows]
    return WrittenTable([*title_rows(), *head, *_data()], _WIDTH)


def _numbered() -> WrittenTable:
    numbers = Row(RowKind.COLUMN_NUMBER, tuple(f"({number})" for number in range(1, _WIDTH + 1)))
    return WrittenTable([*title_rows(), _HEADER, numbers, *_data()], _WIDTH)


def _grouped() -> WrittenTable:
    first = Row(RowKind.GROUP, ("I. Lĩnh vực Hộ tịch",), span=True)
    second = Row(RowKind.GROUP, ("II. Lĩnh vực Chứng thực",), span=True)
    subtotal = Row(RowKind.TOTAL, ("", "Cộng", "", "4 hồ sơ"))
    return WrittenTable(
        [*title_rows(), _HEADER, first, *_data(slice(4)), subtotal, second, *_data(slice(4, None)), subtotal],
        _WIDTH,
    )


def _signed() -> WrittenTable:
    foot = [
        Row(RowKind.TOTAL, ("Tổng cộng", "8 hồ sơ"), span=False),
        Row(RowKind.BLANK, ()),
        Row(RowKind.SIGNATURE, (*[""] * 8, "Bình Lương, ngày 05 tháng 9 năm 2021")),
        Row(RowKind.SIGNATURE, ("", "NGƯỜI LẬP BIỂU", *[""] * 6, "TM. ỦY BAN NHÂN DÂN")),
        Row(RowKind.SIGNATURE, ("", "(Ký, ghi rõ họ tên)", *[""] * 6, "CHỦ TỊCH")),
        Row(RowKind.SIGNATURE, ("", "Người Ký Mẫu", *[""] * 6, "Người Ký Mẫu")),
    ]
    return WrittenTable([*title_rows(), _HEADER, *_data(), *foot], _WIDTH)


def _repeated_header() -> WrittenTable:
    return WrittenTable([*title_rows(), _HEADER, *_data(slice(4)), _HEADER, *_data(slice(4, None))], _WIDTH)


def _empty_columns() -> WrittenTable:
    def spread(cells: tuple[object, ...]) -> tuple[object, ...]:
        return ("", *cells[:5], "", *cells[5:])

    rows = [Row(RowKind.HEADER, spread(TANDAN_HEADERS))]
    rows += [Row(RowKind.DATA, spread(cells)) for cells in list_cells()]
    return WrittenTable([*title_rows(), *rows], _WIDTH + 2)


def _notes(sheet: str) -> WrittenTable:
    rows = [
        Row(RowKind.TITLE, ("Trang nháp của cán bộ, không phải số liệu",)),
        Row(RowKind.TITLE, ("12", "30")),
    ]
    return WrittenTable(rows, 2, sheet)


def _continued(sheet: str) -> WrittenTable:
    return WrittenTable([_HEADER, *_data(slice(5, None))], _WIDTH, sheet)


def _odd_spelling(text: str) -> str:
    """The text as careless templates print it."""
    words = text.replace("thủ tục", "THỦ TỤC").replace("Mã hồ sơ", "MÃ HỒ SƠ").split(" ")
    joined = "\u00a0".join(words[:2]) + ("\n" + " ".join(words[2:]) if len(words) > 2 else "")
    return unicodedata.normalize("NFD", joined)


def _shifted() -> WrittenTable:
    headers = (*TANDAN_HEADERS[:1], "Người tiếp nhận", *TANDAN_HEADERS[1:5], *TANDAN_HEADERS[6:])
    lines = [(*cells[:5], *cells[6:], "") for cells in list_cells()]
    rows = [Row(RowKind.HEADER, headers), *(Row(RowKind.DATA, line) for line in lines)]
    return WrittenTable([*title_rows(), *rows], len(headers))
