"""How fast and in how much memory the largest files are read.

``python -m benchmarks.reading [--rows 1000000] [--keep DIR] [--only csv,html,xml2003,xlsx]``: writes its own files
into a temporary folder, reads each in a process of its own, and prints a Markdown table. Steps:

- ``read``: the file as sheets of text.
- ``stored``: all that one night does with a file before its rows are compared with the store: read, recognise,
  canonicalise, spool (``pipelines.steps.read.read_delivery``).
- ``÷ limit``: the median time of ``stored`` over that of the least that any program must do with the file, which
  take turns in one process: pyarrow.csv reading all columns as text; lxml parsing the page and giving the text of
  every cell (on 100,000 rows); fastexcel loading the sheet as text.
- ``read ÷ limit``: the same for ``read``.

On a busy machine the CPU time of the process, its start included, says more than the time on the clock. Peaks
are the most resident memory of the process (``ru_maxrss``), the interpreter and its libraries (about 140 MB)
included.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import xlsxwriter

_RATIO_ROWS, _TURNS = 100_000, 3
_MEBI = 1 << 20
_UNIT = "16207"
_ARRIVED = datetime.fromisoformat("2021-09-06")
_PROCEDURES = (
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
_CSV_HEADER = (
    *("Mã hồ sơ", "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Hình thức nộp", "Trạng thái", "Ngày nộp"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả"),
)
_HTML_HEADER = (
    *("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp"),
    *("Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"),
)


def csv_rows(count: int) -> Iterator[tuple[str, ...]]:
    """Rows of the generic dossier list, no code twice; every tenth dossier is open."""
    for number in range(count):
        code, name, field = _PROCEDURES[number % len(_PROCEDURES)]
        day = f"{number % 28 + 1:02}/{number // 28 % 8 + 1:02}/2021 {7 + number % 10:02}:{number % 60:02}:00"
        end = "" if number % 10 == 0 else day
        yield (
            f"000.10.42.H56-21{number // 10_000 // 28 % 12 + 1:02}{number // 10_000 % 28 + 1:02}-{number % 10_000:04}",
            f"{code}.000.00.00.H56", name, field, _CHANNELS[number % 3],
            _STATUSES[2 if not end else number % 2], day, day, day, end, end,
        )  # fmt: skip


def html_rows(count: int) -> Iterator[tuple[str, ...]]:
    """Rows of the Tân Dân list with visibly artificial people."""
    for number, row in enumerate(csv_rows(count), start=1):
        person = f"Người Mẫu {number % 10_000:04}"
        yield (
            str(number), "UBND xã Thanh Quân", row[2], row[0], row[5], f"Thôn Mẫu {number % 9 + 1}", person, person,
            row[6], row[7], row[8], row[9],
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """A list as UTF-8 with BOM and semicolons."""
    with path.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        file.write(";".join(_CSV_HEADER) + "\n")
        file.writelines(";".join(row) + "\n" for row in csv_rows(count))


def write_html(path: Path, count: int) -> None:
    """A list as an HTML table under the name .xls."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<table border="1">\n<tr><th>' + "</th><th>".join(_HTML_HEADER) + "</th></tr>\n")
        file.writelines("<tr><td>" + "</td><td>".join(row) + "</td></tr>\n" for row in html_rows(count))
        file.write("</table>\n")


def write_xml2003(path: Path, count: int) -> None:
    """A list as SpreadsheetML 2003."""
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="A"><Table>\n'
        )
        for row in (_HTML_HEADER, *html_rows(count)):
            cells = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
            file.write(f"<Row>{cells}</Row>\n")
        file.write("</Table></Worksheet></Workbook>\n")


def write_xlsx(path: Path, count: int) -> None:
    """15 columns: texts, dates and numbers."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("Danh sách")
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for number, row in enumerate((_HTML_HEADER, *html_rows(count))):
        for column, cell in enumerate(row[:8]):
            sheet.write_string(number, column, cell)
        for column in range(8, 12):
            sheet.write_number(number, column, 44_000 + number / 1000 + column, day)
        for column in range(12, 15):
            sheet.write_number(number, column, number * column)
    book.close()


def read_only(path: Path) -> int:
    """Rows of the largest sheet."""
    from transforms.readers.workbook import read_workbook

    with path.open("rb") as file:
        return max(int(sheet.cells.num_rows) for sheet in read_workbook(file, path.name).sheets)


def read_to_spool(path: Path) -> int:
    """Data rows after everything that the night does with a file before it is compared with the store."""
    return _reader(path)()


def compare_stored(path: Path) -> float:
    """Median time from file to spool over the median time of the limit; 1.0 is as fast."""
    return _ratio(_reader(path), _limit(path))


def compare_read(path: Path) -> float:
    """Median time of the reader alone over the median time of the limit; 1.0 is as fast."""
    return _ratio(lambda: read_only(path), _limit(path))


def _reader(path: Path) -> Callable[[], int]:
    from pipelines.catalogue_files import packaged_files
    from pipelines.inbox import InboxFile
    from pipelines.steps.read import SPOOLED, read_delivery, read_spool
    from transforms.catalogue.load import load_catalogue
    from transforms.readers.limits import DEFAULT_LIMITS

    catalogue = load_catalogue(packaged_files())
    file = InboxFile(_UNIT, path)
    sha256 = file.sha256(DEFAULT_LIMITS)

    def read() -> int:
        with tempfile.TemporaryDirectory() as folder:
            spool = Path(folder) / "spool"
            spool.mkdir()
            read = read_delivery(file, "0" * 16, sha256, catalogue, _ARRIVED, spool)
            if read.spool is None:
                raise RuntimeError(f"refused: {read.refusal_code}")
            return sum(int(read_spool(read.spool, name).num_rows) for name in SPOOLED)

    return read


def _limit(path: Path) -> Callable[[], object]:
    """The least that any program must do with a file of that kind."""
    if path.suffix == ".csv":
        return partial(_read_with_arrow, path)
    return partial(_read_with_fastexcel if path.suffix == ".xlsx" else _read_with_lxml, path)


def _read_with_arrow(path: Path) -> object:
    from pyarrow import csv, string

    types = {f"c{number}": string() for number in range(len(_CSV_HEADER))}
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=list(types)),
        parse_options=csv.ParseOptions(delimiter=";"),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def _read_with_lxml(path: Path) -> object:
    from lxml import etree

    page = etree.parse(str(path), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    return [
        [cell.text if not len(cell) else "".join(map(str, cell.itertext())) for cell in row]
        for row in page.getroot().iter("tr")
    ]


def _read_with_fastexcel(path: Path) -> object:
    import fastexcel

    reader = fastexcel.read_excel(str(path))
    count = len(reader.sheet_names)
    options = {"header_row": None, "skip_rows": 0, "dtypes": "string"}
    return [reader.load_sheet(place, **options).to_arrow() for place in range(count)]


def _ratio(ours: Callable[[], object], limit: Callable[[], object]) -> float:
    times: dict[Callable[[], object], list[float]] = {limit: [], ours: []}
    for _ in range(_TURNS):
        for read, taken in times.items():
            start = time.perf_counter()
            read()
            taken.append(time.perf_counter() - start)
    return statistics.median(times[ours]) / statistics.median(times[limit])


_CHILDREN: dict[str, Callable[[Path], float]] = {
    "read": read_only,
    "stored": read_to_spool,
    "÷ limit": compare_stored,
    "read ÷ limit": compare_read,
}


def _figures() -> dict[str, float]:
    return {
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "seconds": time.perf_counter(),
        "cpu": time.process_time(),
    }


def _measure(step: str, path: Path) -> dict[str, float]:
    """Figures of one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.reading", "--child", step, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Write, read, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="write the files there and leave them")
    parser.add_argument("--only", default="csv,html,xml2003,xlsx", help="kinds of file, joined by commas")
    parser.add_argument("--child", nargs=2, metavar=("STEP", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        step, name = arguments.child
        start = time.perf_counter()
        value = _CHILDREN[step](Path(name))
        figures = _figures()
        print(json.dumps({"value": value, **figures, "seconds": figures["seconds"] - start}))
        return
    with tempfile.TemporaryDirectory() as temporary:
        _print_table(arguments.keep or Path(temporary), arguments.rows, arguments.only.split(","))


def _print_table(folder: Path, rows: int, kinds: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    few = min(_RATIO_ROWS, rows)
    files: tuple[tuple[str, str, Callable[[Path, int], None], int, tuple[str, ...]], ...] = (
        ("csv", "danh-sach 05-09-2021.csv", write_csv, rows, ("read", "stored", "÷ limit")),
        ("html", "Danh sach ho so 05-09-2021.xls", write_html, rows, ("read", "stored")),
        ("html", f"Danh sach {few} 05-09-2021.xls", write_html, few, ("÷ limit",)),
        ("xml2003", "xml-2003 05-09-2021.xls", write_xml2003, rows // 2, ("read",)),
        ("xlsx", "Danh sach 05-09-2021.xlsx", write_xlsx, few, ("read", "read ÷ limit")),
    )
    print(
        "| file | size | rows | step | peak | time | of it CPU | ratio |\n|---|---|---|---|---|---|---|---|"
    )
    for kind, name, write, count, steps in files:
        if kind not in kinds:
            continue
        path = folder / name
        if not path.exists():
            write(path, count)
        size = f"{path.stat().st_size / _MEBI:.0f} MB"
        for step in steps:
            figures = _measure(step, path)
            is_ratio = step.endswith("÷ limit")
            peak = "" if is_ratio else f"{figures['peak_mb']:.0f} MB"
            taken = "" if is_ratio else f"{figures['seconds']:.1f} s"
            cpu = "" if is_ratio else f"{figures['cpu']:.1f} s"
            ratio = f"{figures['value']:.2f}" if is_ratio else ""
            print(f"| {name} | {size} | {count} | {step} | {peak} | {taken} | {cpu} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
