"""Figures of our own web pages are found where they stand, and compared as those of the Word reports."""

from decimal import Decimal
from io import BytesIO

from transforms.audit import Verdict
from transforms.audit.documents.model import ReadReport
from transforms.audit.documents.read import read_report
from transforms.audit.printed_figures import PrintedFigure, judge_printed_figures

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"></head><body>
<section><dl class="cards"><dd><a id="mc_0a_2" data-cell="a">2</a></dd></dl></section>
<article>
<p>Trong 2 tháng, đơn vị đã tiếp nhận <span id="mc_0a_1" data-cell="a">2</span> hồ sơ,
thu <span id="mc_0b_1" data-cell="b">11.250.000</span> đồng (<span id="mc_0b_2" data-cell="b">Mười một triệu
hai trăm năm mươi nghìn đồng</span>).</p>
<table><thead><tr><th>Nội dung</th><th>Tiếp nhận</th></tr></thead>
<tbody><tr><th>Tổng số</th><td><span id="mc_0a_3" data-cell="a">{total}</span></td></tr></tbody></table>
<p>Đã giải quyết <span data-cell="c">7</span> hồ sơ và <span id="khac" data-cell="d">9</span> hồ sơ.</p>
</article></body></html>"""
FIGURES = {
    "mc_0a": [PrintedFigure("2", Decimal(2), "a")],
    "mc_0b": [
        PrintedFigure("11.250.000", Decimal(11_250_000), "b"),
        PrintedFigure("Mười một triệu hai trăm năm mươi nghìn đồng", Decimal(11_250_000), "b"),
    ],
}


def _read(page: str) -> ReadReport:
    return read_report(BytesIO(page.encode()))


def _shown(read: ReadReport) -> list[tuple[str, str]]:
    return [(f.name, read.text.blocks[f.span.block].text[f.span.start : f.span.end]) for f in read.figures]


def test_every_named_figure_of_the_report_is_found_at_its_own_letters() -> None:
    read = _read(PAGE.format(total=2))
    assert _shown(read) == [
        ("mc_0a_1", "2"),
        ("mc_0b_1", "11.250.000"),
        ("mc_0b_2", "Mười một triệu hai trăm năm mươi nghìn đồng"),
        ("mc_0a_3", "2"),
    ]
    first = read.figures[0].span
    assert read.text.blocks[first.block].text[: first.start].endswith("đã tiếp nhận ")
    assert [block.table is not None for block in read.text.blocks] == [False, True, True, False]


def test_one_edited_figure_disagrees_with_the_data_and_no_other() -> None:
    read = _read(PAGE.format(total=5))
    judged = list(judge_printed_figures(read.text, read.figures, FIGURES))
    wrong = [j for j in judged if j.verdict is Verdict.DISAGREES_WITH_DATA]
    assert len(judged) == 4
    assert [(j.claim.text, j.sentence) for j in wrong] == [("5", "Dữ liệu là 2, báo cáo ghi 5.")]


def test_a_page_of_others_has_no_figures() -> None:
    assert _read(PAGE.replace("data-cell", "data-other").format(total=2)).figures == ()
