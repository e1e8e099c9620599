"""The page of the ways of counting: figures with their cells, reasons in sentences, nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from lxml import html

from pipelines.package_files import page_templates
from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.random_rulebooks import packaged
from tests.unit.indicators.small_catalogue import CATALOGUE, reckoning_of
from transforms.catalogue.model import Unit
from transforms.history.as_known import known_dossiers
from transforms.indicators.reconcile import reconcile
from transforms.indicators.scores import score_index
from transforms.render.reconcile_html import render_reconcile_html
from transforms.report.reconciled_list import dossier_table
from transforms.report.reconciled_view import ReconciledView
from transforms.schema.tables import DOSSIER, FEE

ROWS = """
    | unit_code | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
    | 16204     | HS-BIET      | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
    | 16204     | HS-LA-1      | Khác lạ    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
    | 16204     | HS-LA-2      | <b>Lạ</b>  | 4           | 01/09/2021    | 07/09/2021 |               |
    | 16204     | HS-RUT       | Hộ tịch    | 7           | 01/03/2021    | 04/03/2021 | 04/03/2021    |
    """
COMMUNE = Unit("16204", "Bình Lương", "xã", "xa", "402", date(1900, 1, 1), None, "")
SILENT = Unit("16210", "Thanh Xuân", "xã", "xa", "402", date(1900, 1, 1), None, "")
DISTRICT = Unit("402", "Như Xuân", "huyện", "huyen", "38", date(1900, 1, 1), None, "")
BOOKS = {name: packaged(name) for name in ("tt01", "phan_mem", "qd766")}


def view_of(text: str = ROWS, is_rollup: bool = False) -> ReconciledView:
    catalogue = replace(CATALOGUE, rulebooks=BOOKS)
    dossiers = known_dossiers(read_versions(DOSSIER, text))
    found = reconcile(dossiers, FEE.empty(), reckoning_of(), catalogue, ("16204",))
    scores = tuple((c, score_index(c)) for c in found.countings if c.rulebook.scores)
    if is_rollup:
        return ReconciledView(DISTRICT, (COMMUNE, SILENT), catalogue, found, scores, None, (SILENT,))
    return ReconciledView(COMMUNE, (COMMUNE,), catalogue, found, scores)


def page_of(view: ReconciledView) -> html.HtmlElement:
    return html.document_fromstring(render_reconcile_html(view, page_templates(), "ho-so.csv").decode())


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_every_figure_carries_the_cell_of_its_rulebook() -> None:
    page = page_of(view_of())
    cells = {found.get("data-cell"): found.text for found in page.xpath("//span[@data-cell]")}
    tail = "16204/*/2021-9T/nd09/2021-09-05"
    assert cells[f"received_in_window/{tail}/tt01"] == "4"
    assert cells[f"received_in_window/{tail}/phan_mem"] == "2"
    assert cells[f"resolved_total/{tail}/qd766"] == "2"
    assert cells[f"rate/on_time_rate/{tail}/qd766"].startswith(("100%", "2/2"))
    names = page.xpath("//span[@data-cell]/@id")
    assert len(set(names)) == len(names)


def test_reasons_are_told_in_sentences_beside_their_amounts() -> None:
    (section,) = page_of(view_of()).xpath("//section[@aria-labelledby='chenh-lech']")
    told = words(section)
    assert "Số hồ sơ tiếp nhận trong kỳ. 4 theo TT 01/2020, 2 theo Phần mềm: ít hơn 2." in told
    assert "−2 (2 hồ sơ): Phần mềm không đếm hồ sơ có thủ tục không tra được trong danh mục" in told
    assert "Hồ sơ do công dân rút: TT 01/2020 xếp vào cột đúng hạn, QĐ 766 không xếp vào cột nào." in told


def test_dossiers_are_listed_with_their_place_under_each_rulebook_and_escaped() -> None:
    content = render_reconcile_html(view_of(), page_templates(), "ho-so.csv").decode()
    assert "<b>Lạ" not in content
    (section,) = html.document_fromstring(content).xpath("//section[@aria-labelledby='ho-so']")
    rows = {row.xpath("td[1]")[0].text: words(row) for row in section.xpath(".//tbody/tr")}
    assert list(rows) == ["HS-LA-1", "HS-LA-2", "HS-RUT"]
    assert "tiếp nhận trong kỳ, đúng hạn không tính tiếp nhận trong kỳ, đúng hạn" in rows["HS-LA-1"]
    assert "tiếp nhận trong kỳ, không ở cột nào" in rows["HS-RUT"]


def test_index_before_its_day_says_from_when_it_applies() -> None:
    (section,) = page_of(view_of()).xpath("//section[@aria-labelledby='cham-diem']")
    told = words(section)
    assert "QĐ 766 áp dụng từ 23/6/2022" in told
    assert told.count("không có dữ liệu trong tệp kết xuất") >= 4
    assert "[C] suy ra hoặc giả định" in told


def test_unit_that_sent_nothing_is_named_and_has_no_figure() -> None:
    page = page_of(view_of(is_rollup=True))
    assert "Chưa có số liệu của xã Thanh Xuân" in words(page)
    (row,) = page.xpath("//section[@aria-labelledby='don-vi']//tr[th='xã Thanh Xuân']")
    assert words(row) == "xã Thanh Xuân chưa có số liệu"
    assert "/16210/" not in html.tostring(page).decode()


def test_page_asks_for_nothing_from_outside_and_is_the_same_twice() -> None:
    content = render_reconcile_html(view_of(), page_templates(), "ho-so.csv")
    assert content == render_reconcile_html(view_of(), page_templates(), "ho-so.csv")
    text = content.decode()
    assert not re.findall(r"https?://|<script|<link|<img|@import|url\(", text)
    links = html.document_fromstring(text).xpath("//a/@href")
    assert all(link.startswith("#") or link == "ho-so.csv" for link in links)


def test_list_of_dossiers_adds_up_to_the_differences_of_the_page() -> None:
    view = view_of()
    header, *lines = dossier_table(view)
    at = {name: header.index(name) for name in ("So với", "Chỉ tiêu", "Chênh lệch")}
    received = [
        int(line[at["Chênh lệch"]])
        for line in lines
        if (line[at["So với"]], line[at["Chỉ tiêu"]]) == ("Phần mềm", "Số hồ sơ tiếp nhận trong kỳ")
    ]
    assert sum(received) == -2
    assert all(len(line) == len(header) for line in lines)


def test_dossiers_that_count_alike_everywhere_leave_nothing_to_list() -> None:
    alike = "\n".join(ROWS.splitlines()[:3])
    told = words(page_of(view_of(alike)))
    assert "Mọi hồ sơ được các cách đếm tính như nhau." in told
    assert "Không có hồ sơ nào được đếm khác." in told
