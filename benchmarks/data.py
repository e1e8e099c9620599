"""Files as offices send them, in any size; nothing in them is a person's, and equal sizes give equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

UNIT = "16207"
"""Unit of the generated files; its agency prefixes the codes."""
AGENCY = "000.10.42.H56"
PROVINCE, DISTRICT = "99", "999"
"""Of the invented communes."""
PROCEDURES = (
    ("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "Hộ tịch"),
    ("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch"),
    (
        "2.000815",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp",
        "Chứng thực",
    ),
    ("2.000884", "Chứng thực chữ ký trong các giấy tờ, văn bản", "Chứng thực"),
)
_STATUSES = ("Đã trả kết quả", "Đã xử lý xong", "Đang xử lý", "Được tiếp nhận")
_CHANNELS = ("Trực tiếp", "Trực tuyến", "Qua bưu chính công ích")
CSV_HEADER = (
    *("Mã hồ sơ", "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Hình thức nộp", "Trạng thái", "Ngày nộp"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả"),
)
HTML_HEADER = (
    *("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp"),
    *("Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"),
)
_DAYS = 28 * 8
"""The first 28 days of January to August."""
_MORE_XLSX_HEADERS = ("Số bộ", "Ghi chú", "Mã")


def csv_rows(count: int, agency: str = AGENCY) -> Iterator[tuple[str, ...]]:
    """Rows of the generic dossier list, no code twice; every tenth dossier is open."""
    for number in range(count):
        code, name, field = PROCEDURES[number % len(PROCEDURES)]
        of_day, day_number = divmod(number, _DAYS)
        day, month = day_number % 28 + 1, day_number // 28 + 1
        moment = f"{day:02}/{month:02}/2021 {7 + number % 10:02}:{number % 60:02}:00"
        end = "" if number % 10 == 0 else moment
        yield (
            f"{agency}-21{month:02}{day:02}-{of_day:04}", f"{code}.000.00.00.H56", name, field,
            _CHANNELS[number % 3], _STATUSES[2 if not end else number % 2], moment, moment, moment, end, end,
        )  # fmt: skip


def html_rows(
    count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY
) -> Iterator[tuple[str, ...]]:
    """Rows of the Tân Dân list with visibly artificial people."""
    for number, row in enumerate(csv_rows(count, agency), start=1):
        person = f"Người Mẫu {number % 10_000:04}"
        yield (
            str(number), unit_name, row[2], row[0], row[5], f"Thôn Mẫu {number % 9 + 1}", person, person,
            row[6], row[7], row[8], row[9],
        )  # fmt: skip


def write_csv(path: Path, count: int, agency: str = AGENCY) -> None:
    """A list as UTF-8 with BOM and semicolons."""
    with path.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        file.write(";".join(CSV_HEADER) + "\n")
        file.writelines(";".join(row) + "\n" for row in csv_rows(count, agency))


def write_html(
    path: Path, count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY
) -> None:
    """A list as an HTML table under the name .xls."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<table border="1">\n<tr><th>' + "</th><th>".join(HTML_HEADER) + "</th></tr>\n")
        rows = html_rows(count, unit_name, agency)
        file.writelines("<tr><td>" + "</td><td>".join(row) + "</td></tr>\n" for row in rows)
        file.write("</table>\n")


def write_xml2003(
    path: Path, count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY
) -> None:
    """A list as SpreadsheetML 2003."""
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="A"><Table>\n'
        )
        for row in (HTML_HEADER, *html_rows(count, unit_name, agency)):
            cells = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
            file.write(f"<Row>{cells}</Row>\n")
        file.write("</Table></Worksheet></Workbook>\n")


def write_xlsx(
    path: Path, count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY
) -> None:
    """15 columns: texts, dates as numbers with a date format, whole numbers."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("Danh sách")
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.write_row(0, 0, [*HTML_HEADER, *_MORE_XLSX_HEADERS])
    for number, row in enumerate(html_rows(count, unit_name, agency), start=1):
        for column, cell in enumerate(row[:8]):
            sheet.write_string(number, column, cell)
        for column in range(8, 12):
            sheet.write_number(number, column, 44_228 + number % 224 + column / 24, day)
        for column in range(12, 15):
            sheet.write_number(number, column, number * column % 1000 + 1)
    book.close()


def write_units(catalogue: Path, codes: Sequence[str]) -> None:
    """The units of a workspace: communes of those codes below one invented district of a province."""
    catalogue.mkdir(parents=True, exist_ok=True)
    since = "2019-12-01,"
    lines = [
        "code,name,type,level,parent_code,valid_from,valid_to,agency_code,aliases,successor_code,source",
        f"{PROVINCE},Mẫu,tỉnh,tinh,,{since},000.00.00.H56,,,đặt ra để đo",
        f"{DISTRICT},Mẫu,huyện,huyen,{PROVINCE},{since},000.00.43.H56,,,đặt ra để đo",
        *(f"{code},Mẫu {code},xã,xa,{DISTRICT},{since},{agency_of(code)},,,đặt ra để đo" for code in codes),
    ]
    (catalogue / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def unit_codes(count: int) -> tuple[str, ...]:
    """Codes of that many invented communes."""
    return tuple(str(90_001 + number) for number in range(count))


def unit_name(code: str) -> str:
    """How a list names the invented commune."""
    return f"UBND xã Mẫu {code}"


def write_inbox(inbox: Path, codes: Sequence[str], dossiers: int) -> tuple[Path, ...]:
    """One list of each unit with that many dossiers, in the four kinds of file that offices send, by turns."""
    writers = (("xls", write_html), ("csv", write_csv), ("xlsx", write_xlsx), ("xls", write_xml2003))
    paths = []
    for number, code in enumerate(codes):
        suffix, write = writers[number % len(writers)]
        path = inbox / code / f"Danh sach ho so 05-09-2021.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == "csv":
            write_csv(path, dossiers, agency_of(code))
        else:
            write(path, dossiers, unit_name(code), agency_of(code))
        paths.append(path)
    return tuple(paths)


def agency_of(code: str) -> str:
    """The agency identifier of the invented commune."""
    return f"000.{code[-2:]}.43.H56"
