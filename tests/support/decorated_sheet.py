"""One dossier list with whatever offices put around and into it, and what must come out of it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.readers.model import RawSheet, Workbook
from transforms.readers.sheet import CellCollector

HEADER = ("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp",
          "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý")  # fmt: skip
READ = {
    "receiving_unit_name": 1,
    "procedure_name": 2,
    "dossier_code": 3,
    "status_label": 4,
    "filed_date": 8,
    "received_date": 9,
    "due_date": 10,
    "resolved_date": 11,
}
"""Canonical source columns of ``tandan.dossier.v1`` and where they stand in ``HEADER``."""
WIDTH = len(HEADER)
_LAST = WIDTH - 1

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row as its writer meant it; ``kind`` is a structural kind, "data" or "blank"."""

    kind: str
    cells: Cells = ()


def at(position: int, text: str) -> Cells:
    """A row with one text."""
    return ("",) * position + (text,)


MOTTO = (
    Line("title", ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG", *[""] * 5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
    Line("title", ("BỘ PHẬN MỘT CỬA", *[""] * 5, "Độc lập - Tự do - Hạnh phúc")),
)
TITLES = (Line("title", ("DANH SÁCH HỒ SƠ",)), Line("title", ("Từ ngày 15/12/2020 đến ngày 05/09/2021",)))
COLUMN_NUMBERS = {
    "brackets": tuple(f"({number})" for number in range(1, WIDTH + 1)),
    "bare": tuple(str(number) for number in range(1, WIDTH + 1)),
    "letters": ("A", "B", *(str(number) for number in range(1, WIDTH - 1))),
}
MERGED_HEADERS: dict[int, tuple[Cells, ...]] = {
    1: (HEADER,),
    2: (
        (*HEADER[:8], "Ngày", "", "", ""),
        (*[""] * 8, "nộp hồ sơ", "nhận", "hẹn trả", "kết thúc xử lý"),
    ),
    3: (
        ("STT", "Hồ sơ", "", "", "", "Công dân", "", "", "Thời gian", "", "", ""),
        ("", *HEADER[1:8], "Ngày", "", "", ""),
        (*[""] * 8, "nộp hồ sơ", "nhận", "hẹn trả", "kết thúc xử lý"),
    ),
    4: (
        ("STT", "Thông tin hồ sơ", *[""] * 10),
        ("", "Tiếp nhận", "", "", "", "Công dân", "", "", "Thời gian", "", "", ""),
        ("", *HEADER[1:8], "Bắt đầu", "", "Kết thúc", ""),
        (*[""] * 8, *HEADER[8:]),
    ),
}
GROUPS = {
    "field": (at(0, "I. Lĩnh vực Hộ tịch"), at(0, "II. Lĩnh vực Chứng thực")),
    "outline": (("I", "Hộ tịch"), ("II", "Chứng thực")),
    "bare": (at(0, "Hộ tịch"), at(1, "Công chứng, chứng thực")),
    "counted": (("I", "Hộ tịch", "12"), ("II", "Chứng thực", "3 hồ sơ")),
    "month": (at(0, "Tháng 01/2021"), at(0, "Tháng 2 năm 2021")),
}
SUBTOTALS = {
    "bare": ("Cộng", *[""] * 10, "4"),
    "field": ("", "Cộng lĩnh vực Hộ tịch", "", "4 hồ sơ"),
    "label": ("Cộng lĩnh vực Chứng thực: 4 hồ sơ",),
}
TOTALS = {
    "sum": ("Tổng số", *[""] * 10, "8"),
    "all": ("", "Tổng cộng", "", "8 hồ sơ, trong đó 1 quá hạn"),
    "label": ("TỔNG HỢP: 8 hồ sơ",),
    "count_under_the_code": ("Tổng cộng", "", "", "8"),
}
SIGNATURES: dict[str, tuple[Line, ...]] = {
    "two": (
        Line("signature", at(8, "Bình Lương, ngày 5 tháng 9 năm 2021")),
        Line("signature", ("", "NGƯỜI LẬP BIỂU", *[""] * 6, "TM. ỦY BAN NHÂN DÂN")),
        Line("signature", at(8, "CHỦ TỊCH")),
        Line("signature", ("", "(Ký, ghi rõ họ tên)", *[""] * 6, "(Ký, đóng dấu)")),
        Line("blank"),
        Line("signature", ("", "Người Mẫu 0001", *[""] * 6, "Người Mẫu 0002")),
    ),
    "four": (
        Line("signature", ("", "Người lập", "", "Kế toán", "", "Thủ trưởng", "", "", "Chủ tịch")),
        Line("signature", ("", "Người Mẫu Một", "", "Người Mẫu Hai", "", "Người Mẫu Ba", "", "", "Người Mẫu Bốn")),
    ),
    "open_date": (
        Line("signature", at(8, "..., ngày ... tháng ... năm 2021")),
        Line("signature", at(8, "KT. CHỦ TỊCH")),
        Line("signature", at(8, "PHÓ CHỦ TỊCH")),
        Line("signature", at(8, "Người Mẫu 0001")),
    ),
}  # fmt: skip
NOTE = Line("note", ("Ghi chú: danh sách không gồm hồ sơ cư trú.",))


@dataclass(frozen=True, slots=True)
class Decoration:
    """What is put around and into the list; the defaults add nothing."""

    first_row: int = 1
    has_motto: bool = False
    has_titles: bool = False
    header_rows: int = 1
    column_numbers: str = ""
    groups: str = ""
    subtotals: str = ""
    total: str = ""
    signature: str = ""
    has_note: bool = False
    empty_before: int = 0
    empty_inside: bool = False
    has_blank_rows: bool = False
    repeated_header: str = ""
    """"" for none, "header" alone, or "titles" with the titles and the column numbers of the first page."""
    sheets: str = ""
    """"" for one, "headed" or "bare" for the second half on a second sheet with or without a header."""
    has_help_sheet: bool = False
    has_hidden_sheet: bool = False


@dataclass(slots=True)
class DecoratedList:
    """Sheets as (name, first row, lines, hidden), and the records they hold in order."""

    records: Sequence[Cells]
    sheets: list[tuple[str, int, list[Line], bool]] = field(default_factory=list)

    @property
    def expected_body(self) -> list[dict[str, str | None]]:
        """Rows of the body that must come out."""
        return [{name: cells[place] or None for name, place in READ.items()} for cells in self.records]

    @property
    def expected_counts(self) -> dict[str, int]:
        """Rows with content on visible sheets by kind, kinds that do not occur left out."""
        kinds = Counter(
            line.kind for _, _, lines, is_hidden in self.sheets if not is_hidden for line in lines
        )
        return {kind: count for kind, count in kinds.items() if kind not in ("data", "blank")}

    @property
    def expected_places(self) -> list[tuple[str, int]]:
        """Sheet and row number of every record."""
        return [
            (name, number)
            for name, first, lines, is_hidden in self.sheets
            for number, line in enumerate(lines, start=first)
            if line.kind == "data" and not is_hidden
        ]

    def workbook(self) -> Workbook:
        """The sheets as a reader hands them on."""
        sheets: list[RawSheet] = []
        for name, first, lines, is_hidden in self.sheets:
            collector = CellCollector()
            for number, line in enumerate(lines, start=first):
                if any(line.cells):
                    collector.add(number, [cell or None for cell in line.cells])
            sheets.append(collector.build(name, is_hidden=is_hidden))
        return Workbook("xlsx", tuple(sheets))


def record(serial: int, **changed: str) -> Cells:
    """A dossier of the list; ``changed`` by canonical name, or ``person`` for the two columns of persons."""
    day = f"{serial % 28 + 1:02d}/01/2021"
    cells = [
        str(serial),
        "UBND xã Bình Lương",
        "Thủ tục đăng ký khai sinh",
        f"000.09.42.H56-210105-{serial:04d}",
        "Đã trả kết quả",
        "Thôn Mẫu",
        f"Người Mẫu {serial:04d}",
        f"Người Mẫu {serial:04d}",
        *[f"{day} {hour}" for hour in ("07:30:00", "08:00:00", "17:00:00", "15:30:00")],
    ]
    for name, text in changed.items():
        for place in (6, 7) if name == "person" else (0,) if name == "number" else (READ[name],):
            cells[place] = text
    return tuple(cells)


def decorate(records: Sequence[Cells], decoration: Decoration) -> DecoratedList:
    """The list with the decoration, over as many sheets as it says."""
    result = DecoratedList(records)
    halves = [list(records)]
    if decoration.sheets:
        middle = len(records) // 2
        halves = [list(records[:middle]), list(records[middle:])]
    for number, part in enumerate(halves):
        is_first, is_last = number == 0, number == len(halves) - 1
        lines = (
            _head(decoration) if is_first else _header(decoration) if decoration.sheets == "headed" else []
        )
        lines += _data(part, decoration)
        if is_last:
            lines += _foot(decoration)
        first_row = decoration.first_row if is_first else 1
        result.sheets.append(
            (f"Trang {number + 1}", first_row, [_spread(x, decoration) for x in lines], False)
        )
    if decoration.has_help_sheet:
        result.sheets.append(
            (
                "Hướng dẫn",
                1,
                [Line("other_sheet", ("Cách đọc danh sách",)), Line("other_sheet", ("1", "Xem"))],
                False,
            )
        )
    if decoration.has_hidden_sheet:
        hidden = [Line("header", HEADER), Line("data", record(9000))]
        result.sheets.insert(1, ("Cũ", 1, hidden, True))
    return result


def _head(decoration: Decoration) -> list[Line]:
    lines = list(MOTTO) if decoration.has_motto else []
    if decoration.has_titles:
        lines += [Line("blank"), *TITLES, Line("blank")] if decoration.has_blank_rows else TITLES
    return lines + _header(decoration)


def _header(decoration: Decoration) -> list[Line]:
    lines = [Line("header", cells) for cells in MERGED_HEADERS[decoration.header_rows]]
    if decoration.column_numbers:
        lines.append(Line("column_number", COLUMN_NUMBERS[decoration.column_numbers]))
    return lines


def _data(records: Sequence[Cells], decoration: Decoration) -> list[Line]:
    lines: list[Line] = []
    middle = len(records) // 2
    groups = GROUPS.get(decoration.groups, ())
    subtotal = [Line("total", SUBTOTALS[decoration.subtotals])] if decoration.subtotals else []
    for number, part in enumerate((records[:middle], records[middle:])):
        if groups and part:
            lines.append(Line("group", groups[number]))
        lines += [Line("data", cells) for cells in part]
        lines += subtotal if part else []
        if decoration.has_blank_rows:
            lines.append(Line("blank"))
        if number == 0 and part and records[middle:] and decoration.repeated_header:
            with_titles = decoration.repeated_header == "titles" and decoration.has_titles
            lines += [*TITLES, *_header(decoration)] if with_titles else _header(decoration)
    return lines


def _foot(decoration: Decoration) -> list[Line]:
    lines = [Line("total", TOTALS[decoration.total])] if decoration.total else []
    lines += [NOTE] if decoration.has_note else []
    if decoration.has_blank_rows:
        lines.append(Line("blank"))
    return lines + list(SIGNATURES.get(decoration.signature, ()))


def _spread(line: Line, decoration: Decoration) -> Line:
    """The row with empty columns before the table and inside it."""
    cells = line.cells
    if decoration.empty_inside and len(cells) > 5:
        cells = (*cells[:5], "", *cells[5:])
    return Line(line.kind, (*[""] * decoration.empty_before, *cells))
