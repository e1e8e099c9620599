"""The first sheet of a workbook: what it covers, what to beware of, its main numbers, where each table stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.render.xlsx_checks import AGREES, DIFFERS, CheckArea
from transforms.render.xlsx_formats import Formats, number_format
from transforms.render.xlsx_layout import TableLayout, quoted_sheet
from transforms.render.xlsx_links import Links
from transforms.render.xlsx_page import PageWords, set_page
from transforms.report.blocks import KeyNumber, ReportContext

INFO_SHEET = "Thông tin"
UNCHECKED = "Không có đối chiếu"
_WIDTHS = (34, 18, 76)
_ACROSS, _BESIDE = 165, 122
"""Characters that fit across the sheet, and beside a label."""
_MOST_ROWS = 48
_REMARK = 92
"""Characters that fit into the last column."""
_LINE = 15.5


def write_info(
    sheet: Any,
    context: ReportContext,
    tables: Sequence[tuple[TableLayout, CheckArea]],
    others: Sequence[tuple[str, str]],
    formats: Formats,
    links: Links,
    page: PageWords,
) -> None:
    """``others``: (sheet, what it holds) of the sheets that are no tables."""
    set_page(sheet, page)
    writer = PlainSheet(sheet, INFO_SHEET, formats, links)
    if context.letterhead.draft_mark:
        mark = formats.get(bold=True, font_color="#9C2A00", border=1, align="center")
        writer.across(context.letterhead.draft_mark, mark)
    title = formats.get(bold=True, font_size=14, text_wrap=True)
    writer.across(context.title, title, height=19)
    writer.stamps(context)
    if context.key_numbers:
        writer.section("Số liệu chính")
        for number in context.key_numbers:
            _write_key_number(writer, number)
    writer.scope(context)
    if tables or others:
        writer.section("Các trang và kết quả đối chiếu")
        for layout, area in tables:
            _write_link(writer, layout.sheet, _plain_case(layout.table.caption))
            _write_verdict(writer, layout.sheet, area)
            writer.row += 1
        for name, words in others:
            _write_link(writer, name, words)
            writer.row += 1
    fit_on_one_page(writer)


def fit_on_one_page(writer: PlainSheet) -> None:
    """Print the sheet on one page where that leaves it readable."""
    if writer.row <= _MOST_ROWS:
        writer.sheet.fit_to_pages(1, 1)


class PlainSheet:
    """A sheet of sections, sentences and labelled values, written from the top down."""

    def __init__(self, sheet: Any, name: str, formats: Formats, links: Links) -> None:
        self.sheet, self.name, self.formats, self.links = sheet, name, formats, links
        self.row = 0
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self.label = formats.get(font_color="#595959", text_wrap=True, valign="top")
        self.text = formats.get(text_wrap=True, valign="top", align="left")
        self.remark = formats.get(text_wrap=True, valign="top", align="left", indent=1)

    def across(self, text: str, style: Any, height: float = _LINE) -> None:
        """A text over the whole width."""
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, "", style)
        self.formats.write_text(self.sheet, self.row, 0, text, style)
        self.links.place_text(text, self.name, self.row, 0, text)
        self.sheet.set_row(self.row, height * (1 + len(text) // _ACROSS) + 1)
        self.row += 1

    def section(self, text: str) -> None:
        """A heading with an empty row above it."""
        self.row += 1
        self.across(text, self.formats.get(bold=True, bottom=1))

    def labelled(self, label: str, text: str) -> None:
        """A value beside what it is called."""
        self.formats.write_text(self.sheet, self.row, 0, label, self.label)
        self.sheet.merge_range(self.row, 1, self.row, len(_WIDTHS) - 1, "", self.text)
        self.formats.write_text(self.sheet, self.row, 1, text, self.text)
        self.links.place_text(text, self.name, self.row, 1, label)
        lines = max(1 + len(text) // _BESIDE, 1 + len(label) // _WIDTHS[0])
        self.sheet.set_row(self.row, _LINE * lines + 1)
        self.row += 1

    def stamps(self, context: ReportContext) -> None:
        """The sentences that say which numbers not to trust."""
        if context.stamps:
            self.section("Lưu ý về số liệu của báo cáo này")
            for stamp in context.stamps:
                self.links.place_text(stamp, self.name, self.row, 0, "Lưu ý về số liệu")
                self.across(f"- {stamp}", self.text)

    def scope(self, context: ReportContext) -> None:
        """Unit, period and the facts of the report."""
        self.section("Phạm vi số liệu")
        given = {fact.label: fact.text for fact in context.facts}
        for name, value in {"Đơn vị": context.unit_name, "Kỳ báo cáo": context.period_name, **given}.items():
            self.labelled(name, value)


def _write_key_number(writer: PlainSheet, number: KeyNumber) -> None:
    sheet, row, figure, formats = writer.sheet, writer.row, number.figure, writer.formats
    formats.write_text(sheet, row, 0, number.label, writer.label)
    style = formats.get(bold=True, align="right", valign="top", num_format=number_format(figure))
    formula = writer.links.reference(figure, INFO_SHEET) or writer.links.formula(figure)
    writer.links.place(figure, INFO_SHEET, row, 1, number.label)
    if formula:
        sheet.write_formula(row, 1, formula, style, figure.value)
    else:
        sheet.write_number(row, 1, figure.value, style)
    if number.remark:
        formats.write_text(sheet, row, 2, number.remark, writer.remark)
        writer.links.place_text(number.remark, INFO_SHEET, row, 2, number.label)
    writer.row += 1


def _write_link(writer: PlainSheet, name: str, words: str) -> None:
    link = writer.formats.get(font_color="#1F4E79", underline=1, valign="top")
    writer.sheet.write_url(writer.row, 0, f"internal:{quoted_sheet(name)}!A1", link, name)
    writer.formats.write_text(writer.sheet, writer.row, 2, words, writer.remark)
    writer.sheet.set_row(writer.row, _LINE * (1 + len(words) // _REMARK) + 1)


def _plain_case(text: str) -> str:
    """A title in capitals as a sentence, which a list can be read by."""
    return text[:1] + text[1:].lower() if text.isupper() else text


def _write_verdict(writer: PlainSheet, name: str, area: CheckArea) -> None:
    style = writer.formats.get(align="right", valign="top")
    if not area.ranges:
        writer.formats.write_text(writer.sheet, writer.row, 1, UNCHECKED, style)
        return
    counts = "+".join(f'COUNTIF({quoted_sheet(name)}!{cells},"{DIFFERS}")' for cells in area.ranges)
    formula = f'=IF({counts}=0,"{AGREES}","{DIFFERS}")'
    writer.sheet.write_formula(writer.row, 1, formula, style, DIFFERS if area.differing else AGREES)
