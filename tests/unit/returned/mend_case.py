"""A commune's dossier list as xlsx with everything a clerk may have set up in it, and lines about it."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

from tests.support.export_files import packaged_profiles
from transforms.catalogue.model import Profile
from transforms.readers.workbook import read_workbook
from transforms.returned.body import SentFile
from transforms.returned.lines import MendLine
from transforms.returned.model import ReturnedMarker

HEADER = (
    "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Người nộp",
    "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
)  # fmt: skip
UNIT_NAME = "xã Bình Lương"


def row(number: int, due: str = "03/09/2021 17:00:00") -> tuple[str, ...]:
    """One dossier as the software prints it."""
    return (
        str(number), "UBND xã Bình Lương", "Đăng ký khai sinh", f"000.09.42.H56-210901-{number:04}", "Đang xử lý",
        f"Người Mẫu {number:04}", "01/09/2021 08:00:00", "01/09/2021 08:05:00", due, "",
    )  # fmt: skip


TITLES = (
    ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG",),
    ("DANH SÁCH HỒ SƠ",),
    ("Từ ngày 01/09/2021 đến ngày 05/09/2021",),
)
"""Three rows, so that the header is row 4 and the first dossier row 5."""


def table(count: int) -> list[tuple[str, ...]]:
    """Titles, header and that many dossiers."""
    return [*TITLES, HEADER, *(row(number) for number in range(1, count + 1))]


def clerks_workbook() -> bytes:
    """Widths, merges, formats, formulas with results, a rule, a hidden row, a note and a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hồ sơ"
    for cells in table(4):
        sheet.append(cells)
    sheet.merge_cells("A2:J2")
    sheet.column_dimensions["C"].width = 41.5
    sheet.row_dimensions[6].hidden = True
    sheet["A5"] = 1
    sheet["A5"].number_format = "000"
    sheet["I6"] = datetime(2021, 9, 3, 17)  # noqa: DTZ001
    sheet["I6"].number_format = "dd/mm/yyyy"
    sheet["L4"] = "Ghi chú"
    sheet["L5"] = '=IF(J5="","chưa xong","xong")'
    sheet["L6"] = "=1+1"
    sheet["L7"] = "=không phải công thức"
    sheet["L7"].data_type = "s"
    sheet["D8"].font = Font(bold=True)
    sheet["D8"].comment = Comment("Đã gọi điện", "Người Mẫu 0009")
    sheet.conditional_formatting.add(
        "E5:E8",
        CellIsRule(operator="equal", formula=['"Quá hạn"'], fill=PatternFill("solid", bgColor="FF0000")),
    )
    book.create_sheet("Ghi chép")["B2"] = "việc riêng"
    target = io.BytesIO()
    book.save(target)
    return with_results(target.getvalue())


def with_results(content: bytes) -> bytes:
    """The workbook as Excel saves it: results beside the formulas."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b'<c r="L5"><f>', b'<c r="L5" t="str"><f>')
                head, tail = part.split(b'<c r="L5"', 1)
                tail = tail.replace(b"<v></v>", "<v>chưa xong</v>".encode(), 1).replace(
                    b"<v></v>", b"<v>2</v>", 1
                )
                part = head + b'<c r="L5"' + tail
            out.writestr(name, part)
    return target.getvalue()


def profile(profile_id: str = "tandan.dossier.v1") -> Profile:
    """A packaged profile."""
    return next(found for found in packaged_profiles() if found.profile_id == profile_id)


def sent(content: bytes, name: str = "Danh sach ho so 05-09-2021.xlsx") -> SentFile:
    """The file as the night has read it."""
    file = io.BytesIO(content)
    return SentFile(file, read_workbook(file, name), profile())


def marker(file: str = "Danh sach ho so 05-09-2021.xlsx", kind: str = "dossier") -> ReturnedMarker:
    """What is known of the delivery."""
    return ReturnedMarker(
        delivery_id="0123456789012345",
        sha256="ab" * 32,
        unit_code="16204",
        kind=kind,
        profile_id="tandan.dossier.v1" if kind else "",
        exported_at=datetime(2021, 9, 5, 16, 30),  # noqa: DTZ001
        exported_at_source="file_name",
        file=file,
    )


def line(
    number: int = 5,
    column: str = "due_date",
    severity: str = "warning",
    sheet: str = "Hồ sơ",
    code: str = "dossier.due_date.missing",
    value: str = "",
) -> MendLine:
    """A finding at one row."""
    return MendLine(
        finding_id=f"f-{code}",
        code=code,
        severity=severity,
        unit_code="16204",
        sentence=f"Có 1 hồ sơ không có ngày hẹn trả (dòng {number}).",
        remedy="Hãy bổ sung ngày hẹn trả.",
        sheet=sheet,
        row=number,
        column=column,
        column_label="Ngày hẹn trả (theo danh mục)",
        subject=f"000.09.42.H56-210901-{number - 4:04}",
        value=value,
    )
