"""Files as offices send them, in any size; nothing in them is a person's, and equal sizes give equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

UNIT = "16207"
"""Unit of the generated files; its agency prefixes the codes."""
AGENCY = "000.10.42.H56"
PROVINCE, DISTRICT = "99", "999"
"""Of the invented communes."""
PROCEDURES = (
    ("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "Hộ tịch"),
    ("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch"),
    (
        "2.000815",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam cấp hoặc chứng nhận",
        "Chứng thực",
    ),
    ("2.000884", "Chứng thực chữ ký trong các giấy tờ, văn bản", "Chứng thực"),
)
"""All of them are due on the day itself."""
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
_HOLIDAYS = {(1, 1), *((2, day) for day in range(10, 17)), (4, 21), (4, 30), (5, 3)}
_DAYS = tuple(
    day
    for day in (date(2021, 1, 1) + timedelta(days=number) for number in range(240))
    if day.weekday() < 5 and (day.month, day.day) not in _HOLIDAYS
)
"""Working days of January to August."""
_SECONDS = 8 * 60 * 60 - 1
_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a spreadsheet have no zone
_MORE_XLSX_HEADERS = ("Số bộ", "Ghi chú", "Mã")


def csv_rows(count: int, agency: str = AGENCY) -> Iterator[tuple[str, ...]]:
    """Rows of the generic dossier list: no code twice, hardly a moment twice, every tenth dossier open.

    One in fifty has something to mend: no promised day, or an end before the reception.
    """
    days, before = (
        [f"{day:%d/%m/%Y}" for day in _DAYS],
        [f"{day - timedelta(days=1):%d/%m/%Y}" for day in _DAYS],
    )
    for number in range(count):
        code, name, field = PROCEDURES[number % len(PROCEDURES)]
        of_day, place = divmod(number, len(_DAYS))
        day, is_open = days[place], number % 10 == 0
        ended = before[place] if number % 100 == 73 else day
        end = "" if is_open else f"{ended} {_clock(number * 4931 + 1200)}"
        yield (
            f"{agency}-{_DAYS[place]:%y%m%d}-{of_day:04}", f"{code}.000.00.00.H56", name, field,
            _CHANNELS[number % 3], _STATUSES[2 if is_open else int(number % 3 != 0)],
            f"{day} {_clock(number * 7919)}", f"{day} {_clock(number * 6133 + 600)}",
            "" if number % 100 == 37 else f"{day} 17:00:00", end, "" if number % 3 else end,
        )  # fmt: skip


def _clock(number: int) -> str:
    """A moment before three in the afternoon, so that the day itself is promised."""
    minutes, second = divmod(number % _SECONDS, 60)
    return f"{7 + minutes // 60:02}:{minutes % 60:02}:{second:02}"


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


def write_html(path: Path, count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY) -> None:
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


def write_xlsx(path: Path, count: int, unit_name: str = "UBND xã Thanh Quân", agency: str = AGENCY) -> None:
    """15 columns: texts, dates as numbers with a date format, whole numbers."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("Danh sách")
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.write_row(0, 0, [*HTML_HEADER, *_MORE_XLSX_HEADERS])
    for number, row in enumerate(html_rows(count, unit_name, agency), start=1):
        for column, cell in enumerate(row[:8]):
            sheet.write_string(number, column, cell)
        for column in range(8, 12):
            if row[column]:
                since = datetime.strptime(row[column], "%d/%m/%Y %H:%M:%S") - _ORIGIN  # noqa: DTZ007
                sheet.write_number(number, column, since / timedelta(days=1), day)
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


def write_inbox(
    inbox: Path,
    codes: Sequence[str],
    dossiers: int,
    day: date = date(2021, 9, 5),
    is_csv_only: bool = False,
) -> tuple[Path, ...]:
    """One list of each unit with that many dossiers, in the four kinds of file that offices send, by turns.

    A later day's list of more dossiers begins with the same ones. All but the CSV lack a column, which is one line
    of the workbook that goes back; one row in fifty has something to mend.
    """
    writers = (("xls", write_html), ("csv", write_csv), ("xlsx", write_xlsx), ("xls", write_xml2003))
    writers = writers[1:2] if is_csv_only else writers
    paths = []
    for number, code in enumerate(codes):
        suffix, write = writers[number % len(writers)]
        path = inbox / code / f"Danh sach ho so {day:%d-%m-%Y}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == "csv":
            write_csv(path, dossiers, agency_of(code))
        else:
            write(path, dossiers, unit_name(code), agency_of(code))
        paths.append(path)
    return tuple(paths)


def agency_of(code: str) -> str:
    """The agency identifier of the invented commune."""
    return f"000.{code[-2:]}.{43 + int(code[1:3])}.H56"
