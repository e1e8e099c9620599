"""The line that a roll-up lacking units carries on every page, in every format that has pages."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

from pipelines import package_files
from tests.support.sample_context import published_context, sample_context
from transforms.render.docx import render_docx
from transforms.render.html import render_html
from transforms.render.xlsx import render_xlsx
from transforms.report.blocks import ReportContext

STAMP = "Thiếu số liệu 2/16 đơn vị"


def stamped(context: ReportContext) -> ReportContext:
    return replace(context, page_stamp=STAMP)


def parts_of(content: bytes, beginning: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return [parts.read(name).decode() for name in parts.namelist() if name.startswith(beginning)]


def test_word_prints_the_stamp_on_the_first_page_and_on_every_other() -> None:
    content = render_docx(stamped(published_context()), package_files.word_base())
    found = parts_of(content, "word/header")
    # The first page, the other pages of the text, the landscape pages of the annexes.
    assert len(found) == 3
    assert all(STAMP in re.sub(r"<[^>]+>", "", header) for header in found)


def test_word_without_a_stamp_has_no_such_line() -> None:
    content = render_docx(sample_context(), package_files.word_base())
    assert not any("Thiếu số liệu" in header for header in parts_of(content, "word/header"))


def test_word_is_the_same_bytes_for_the_same_stamp() -> None:
    base = package_files.word_base()
    assert render_docx(stamped(sample_context()), base) == render_docx(stamped(sample_context()), base)


def test_every_sheet_prints_the_stamp_above_the_page_number() -> None:
    sheets = parts_of(render_xlsx(stamped(sample_context())), "xl/worksheets/sheet")
    assert sheets
    for sheet in sheets:
        footer = sheet.partition("<oddFooter>")[2].partition("</oddFooter>")[0]
        own, _, rest = footer.partition("&amp;R")
        assert own.endswith(STAMP)
        assert "\n" in rest.partition("&amp;P")[0]


def test_page_prints_the_stamp_at_the_foot_of_every_sheet_of_paper() -> None:
    templates = package_files.page_templates()
    page = render_html(stamped(sample_context()), templates).decode()
    assert f'@bottom-center {{ content: "{STAMP}"' in page
    assert page.count(STAMP) == 2
    assert 'page-stamp"' not in render_html(sample_context(), templates).decode()
