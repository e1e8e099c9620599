"""The container is packing: the same table reads the same from every one that offices send."""

from __future__ import annotations

import io
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.container_files import mhtml_file, ods_file, xlsb_file, xml2003_file
from tests.support.export_files import csv_file, html_file, xls_file, xlsx_file
from transforms.readers.workbook import read_workbook

LETTERS = "abcXYZ0129.,;:/-()\"'<>&|ăâđêôơưÁẢẠẾỆỘỪỹ "
TEXT = st.text(LETTERS, max_size=12).map(lambda text: unicodedata.normalize("NFC", " ".join(text.split())))


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header row without gaps, so that the width is certain, above rows of any text, empty rows included."""
    width = draw(st.integers(2, 5))
    header = [f"Cột {number}" for number in range(width)]
    body = draw(st.lists(st.lists(TEXT, min_size=width, max_size=width), max_size=8))
    return [header, *body]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_text_table_reads_back_the_same_from_every_container(table: list[list[str]]) -> None:
    expected_rows = [
        (number, [cell or None for cell in row]) for number, row in enumerate(table, start=1) if any(row)
    ]
    for content in (
        html_file(table),
        xlsx_file({"Sheet1": table}),
        xls_file(table),
        xlsb_file(table),
        ods_file(table),
        xml2003_file(table),
        mhtml_file(table),
        csv_file(table, ";"),
        csv_file(table, ",", "utf-8-sig"),
        csv_file(table, "\t", "utf-16"),
    ):
        (sheet,) = read_workbook(io.BytesIO(content), "x").sheets
        cells = [list(row.values()) for row in sheet.cells.to_pylist()]
        assert list(zip(sheet.row_numbers.to_pylist(), cells, strict=True)) == expected_rows
