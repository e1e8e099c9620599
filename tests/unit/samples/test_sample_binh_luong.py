"""xã Bình Lương's sample files counted by hand-made readers: the numbers of the printed report."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from sample_exports.generator.procedures import UNKNOWN_PROCEDURES
from transforms.text_vi import fold

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "sample_exports" / "inbox" / "16204"
START, CLOSING = date(2020, 12, 15), date(2021, 9, 5)

FIELD_OF_FIRST_WORDS = (
    ("Chứng thực", "Chứng thực"),
    ("Thủ tục đăng ký", "Hộ tịch"),
    ("Thủ tục thay đổi", "Hộ tịch"),
    ("Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch"),
    ("Cấp bản sao Trích lục hộ tịch", "Hộ tịch"),
    ("Thủ tục xử lý đơn", "Xử lý đơn thư"),
    ("Hòa giải tranh chấp đất đai", "Đất đai"),
    ("Mai táng phí đối với cựu chiến binh", "Người có công"),
    ("Tặng Giấy khen", "Thi đua - Khen thưởng"),
    ("Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", "Bảo trợ xã hội"),
    ("Xác định, xác định lại mức độ khuyết tật", "Bảo trợ xã hội"),
    ("Đổi, cấp lại Giấy xác nhận khuyết tật", "Bảo trợ xã hội"),
    ("Xác nhận", "Chưa phân loại"),
)


class _Table(HTMLParser):
    """Rows of an HTML table as lists of cell texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def _html(name: str) -> list[list[str]]:
    parser = _Table()
    parser.feed((FOLDER / name).read_text(encoding="utf-8"))
    return parser.rows


def _day(text: str) -> date | None:
    return datetime.strptime(text[:10], "%d/%m/%Y").date() if text else None  # noqa: DTZ007


@pytest.fixture(scope="module")
def dossiers() -> list[list[str]]:
    rows = _html("Danh sach ho so 05-09-2021 16-30.xls")
    assert rows[3][2] == "Tên thủ tục hành chính"
    assert [len(row) for row in rows[:3]] == [1, 1, 1]
    return rows[4:]


def test_list_holds_1363_dossiers_all_received_in_the_window(dossiers: list[list[str]]) -> None:
    assert len(dossiers) == 1363
    assert len({row[3] for row in dossiers}) == 1363
    days = [_day(row[9]) for row in dossiers]
    assert all(day and START <= day <= CLOSING for day in days)


def test_fields_are_those_of_the_printed_report_and_505_unknown(dossiers: list[list[str]]) -> None:
    found = Counter(
        next(field for words, field in FIELD_OF_FIRST_WORDS if row[2].startswith(words)) for row in dossiers
    )
    assert found == {
        "Bảo trợ xã hội": 10,
        "Chứng thực": 545,
        "Đất đai": 17,
        "Hộ tịch": 277,
        "Người có công": 2,
        "Thi đua - Khen thưởng": 2,
        "Xử lý đơn thư": 5,
        "Chưa phân loại": 505,
    }


def test_two_petitions_are_open_within_time_and_nothing_is_late(dossiers: list[list[str]]) -> None:
    still_open = [row for row in dossiers if not row[11]]
    assert [row[2] for row in still_open] == ["Thủ tục xử lý đơn tại cấp xã"] * 2
    assert all((due := _day(row[10])) and due >= CLOSING for row in still_open)
    for row in dossiers:
        due, ended = _day(row[10]), _day(row[11])
        assert due is not None
        assert ended is None or (ended <= due and ended <= CLOSING)


@pytest.mark.parametrize("procedure", UNKNOWN_PROCEDURES, ids=lambda procedure: procedure.name)
def test_unknown_procedure_is_no_name_of_the_catalogue_and_holds_none(procedure: object) -> None:
    name = f" {fold(procedure.name)} "  # type: ignore[attr-defined]
    for file in ("procedures.csv", "fields.csv"):
        with (ROOT / "transforms" / "catalogue" / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                for known in (row["name"], *row["aliases"].split("|")):
                    bare = fold(known).removeprefix("thu tuc ")
                    assert not bare or f" {bare} " not in name, known


def test_fees_sum_to_11_250_000_dong() -> None:
    rows = _html("Thu phi le phi 05-09-2021 16-35.xls")
    amounts = [[int(cell.replace(",", "")) for cell in row[-3:]] for row in rows[4:]]
    *receipts, printed = amounts
    assert rows[-1][0] == "Tổng số"
    assert [sum(column) for column in zip(*receipts, strict=True)] == printed
    assert printed[2] == 11_250_000
    assert all(charge + duty == total > 0 for charge, duty, total in receipts)
    assert {row[2] for row in rows[4:-1]} == {"Trực tiếp", "Trực tuyến", "Qua bưu chính công ích"}


def test_fees_belong_to_dossiers_of_the_list(dossiers: list[list[str]]) -> None:
    names = {row[3]: row[2] for row in dossiers}
    for row in _html("Thu phi le phi 05-09-2021 16-35.xls")[4:-1]:
        charge, duty, _ = (int(cell.replace(",", "")) for cell in row[-3:])
        is_certification = names[row[1]].startswith("Chứng thực")
        assert not (is_certification and duty), "certification money is phí (TT 226/2016/TT-BTC)"
        assert charge == 0 or is_certification or names[row[1]].startswith("Cấp bản sao")


def _register(name: str) -> list[list[str]]:
    sheet = openpyxl.load_workbook(FOLDER / name).worksheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    numbers = next(n for n, row in enumerate(rows) if row[0] == "(1)")
    return rows[numbers + 1 :]


def test_outgoing_register_holds_588_documents_and_3_legal_ones_in_the_window() -> None:
    rows = _register("So van ban di 05-09-2021.xlsx")
    inside = [row[1] for row in rows if (day := _day(row[0])) and START <= day <= CLOSING]
    legal = [symbol for symbol in inside if re.fullmatch(r"\d+/2021/NQ-HĐND", symbol)]
    types = Counter(re.split(r"[/-]", symbol)[1] for symbol in inside if symbol not in legal)
    assert len(legal) == 3
    assert types.total() == 588
    five = {mark: types.pop(mark) for mark in ("QĐ", "TTr", "BC", "KH", "TB")}
    assert five == {"QĐ": 362, "TTr": 61, "BC": 72, "KH": 52, "TB": 27}
    assert types.total() == 14
    assert len(rows) > len(inside)


def test_documents_cited_in_the_prose_stand_in_the_register() -> None:
    found = {(row[1], _day(row[0])) for row in _register("So van ban di 05-09-2021.xlsx")}
    assert ("342/QĐ-UBND", date(2021, 8, 3)) in found
    assert ("01/KH-UBND", date(2021, 1, 18)) in found


def test_incoming_register_holds_174_decisions_of_district_and_province() -> None:
    rows = _register("So van ban den 05-09-2021.xlsx")
    inside = [row for row in rows if (day := _day(row[0])) and START <= day <= CLOSING]
    decisions = Counter(row[2] for row in inside if "/QĐ-" in row[3])
    assert decisions == {"UBND huyện Như Xuân": 128, "UBND tỉnh Thanh Hóa": 46}
    assert len(inside) > 174
