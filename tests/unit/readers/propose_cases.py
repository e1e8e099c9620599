"""Lists of invented software, and two known formats that do not change with the package."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipelines.catalogue_files import load_workspace_catalogue
from tests.support.export_files import Rows, xlsx_file
from transforms.catalogue.model import Catalogue
from transforms.catalogue.profiles import parse_profile
from transforms.readers.model import Workbook
from transforms.readers.workbook import read_workbook

LISTS = """
profile_id: mau.dossier.v1
kind: dossier
software: Phần mềm mẫu
label: Danh sách hồ sơ mẫu
columns:
  - {name: dossier_code, aliases: ["Số hồ sơ"], required: true, parse: code}
  - {name: procedure_name, aliases: ["Tên thủ tục"], required: true}
  - {name: field_name, aliases: ["Tên lĩnh vực"], required: true}
  - {name: received_date, aliases: ["Ngày tiếp nhận"], required: true, parse: date}
  - {name: due_date, aliases: ["Ngày hẹn trả"], required: true, parse: date}
  - {name: resolved_date, aliases: ["Ngày kết thúc xử lý"], required: true, parse: date}
  - {name: returned_date, aliases: ["Ngày trả kết quả"], parse: date}
  - {name: status_label, aliases: ["Trạng thái hồ sơ"], required: true, parse: status}
  - {name: channel_code, aliases: ["Hình thức nộp"], parse: channel}
ignored: ["STT", "Chủ hồ sơ", "Số điện thoại", "Ghi chú"]
"""
FEES = """
profile_id: mau.fee.v1
kind: fee
software: Phần mềm mẫu
label: Danh sách thu phí mẫu
columns:
  - {name: dossier_code, aliases: ["Mã hồ sơ"], required: true, parse: code}
  - {name: receipt_number, aliases: ["Số biên lai"], required: true}
  - {name: collected_date, aliases: ["Ngày thu"], required: true, parse: date}
  - {name: charge_amount, aliases: ["Phí (VNĐ)", "Phí"], required: true, parse: money}
  - {name: duty_amount, aliases: ["Lệ phí (VNĐ)", "Lệ phí"], required: true, parse: money}
  - {name: total_amount, aliases: ["Tổng (VNĐ)", "Tổng"], required: true, parse: money}
  - {name: channel_code, aliases: ["Loại tiếp nhận"], parse: channel}
ignored: ["STT", "Tên người nộp"]
"""
LETTERS = """
profile_id: mau.outgoing.v1
kind: document
software: Sổ mẫu
label: Sổ văn bản đi mẫu
columns:
  - {name: issued_date, aliases: ["Ngày văn bản"], required: true, parse: date}
  - {name: symbol, aliases: ["Số, ký hiệu"], required: true, parse: symbol}
  - {name: free_text, aliases: ["Trích yếu"], required: true}
constants: {direction: outgoing}
"""

LIST_HEADERS = (
    "Số hồ sơ", "Tên thủ tục", "Tên lĩnh vực", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Chủ hồ sơ",
    "Số điện thoại", "Trạng thái hồ sơ", "Hình thức nộp",
)  # fmt: skip
PEOPLE = ("Người Mẫu", "Thôn Mẫu", "00000000")
"""What no proposal may show of the values below."""


@cache
def small_catalogue() -> Catalogue:
    """The packaged reference data with the three formats above in place of the packaged ones."""
    profiles = tuple(
        parse_profile(text.encode(), f"{text.split()[1]}.yml") for text in (LISTS, FEES, LETTERS)
    )
    return replace(load_workspace_catalogue(Path("no-overlay")), profiles=profiles)


def workbook_of(rows: Rows, hidden: bool = False) -> Workbook:
    """The rows as one sheet, read back."""
    sheets: dict[str, Rows] = {"Bìa": [("Trang bìa",)], "DS": rows} if hidden else {"DS": rows}
    return read_workbook(io.BytesIO(xlsx_file(sheets, hidden=["DS"] if hidden else [])), "mau.xlsx")


def list_rows(renamed: dict[str, str] | None = None, count: int = 20) -> list[tuple[str, ...]]:
    """The known dossier list, some of its headers written otherwise."""
    headers = tuple((renamed or {}).get(header, header) for header in LIST_HEADERS)
    return [headers, *(list_row(number) for number in range(1, count + 1))]


def list_row(number: int) -> tuple[str, ...]:
    code = f"000.09.42.H56-210801-{number:04d}"
    day = f"{number % 28 + 1:02d}"
    days = (f"{day}/08/2021", f"{day}/09/2021", f"{day}/08/2021")
    person = (f"Người Mẫu {number:04d}", f"{number:010d}")
    return (code, "Đăng ký khai sinh", "Hộ tịch", *days, *person, "Đã trả kết quả", "Trực tiếp")


def land_rows(count: int = 30) -> list[tuple[str, ...]]:
    """A list of a land registry's own software, under a title."""
    header = (
        "STT", "Mã biên nhận", "Họ và tên người nộp", "Địa chỉ thường trú", "SĐT", "Loại thủ tục", "Số thửa",
        "Ngày nhận hồ sơ", "Hạn trả kết quả", "Ngày hoàn tất xử lý", "Tình trạng",
    )  # fmt: skip
    rows = [("CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI",), ("SỔ TIẾP NHẬN VÀ TRẢ KẾT QUẢ",), header]
    return [*rows, *(land_row(number) for number in range(1, count + 1))]


def land_row(number: int) -> tuple[str, ...]:
    day = f"{number % 28 + 1:02d}"
    is_done = number % 3 > 0
    return (
        str(number),
        f"000.09.42.H56-210801-{number:04d}",
        f"Người Mẫu {number:04d}",
        "Thôn Mẫu, xã Bình Lương",
        f"{number:010d}",
        ("Đăng ký biến động đất đai", "Cấp lại giấy chứng nhận")[number % 2],
        str(number * 7),
        f"{day}/08/2021",
        f"{day}/09/2021",
        f"{day}/08/2021" if is_done else "",
        "Đã trả kết quả" if is_done else "Đang xử lý",
    )
