"""Files that are small on disk and would fill the memory: each is refused with its sentence before it does."""

from __future__ import annotations

import io

import pytest

from tests.support.container_files import (
    ods_cell,
    ods_document,
    xlsb_document,
    xml2003_document,
    zip_file,
)
from tests.support.export_files import html_file, xlsx_file
from transforms.readers import markup, package
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError, Workbook
from transforms.readers.workbook import read_workbook

_ROW = "table:number-rows-repeated"
_COLUMN = "table:number-columns-repeated"


def _read(content: bytes, limits: Limits | None = None) -> Workbook:
    return read_workbook(io.BytesIO(content), "x", limits or Limits())


def _refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFileError) as refusal:
        _read(content, limits)
    return refusal.value.code


def _xlsx(sheet: str, texts: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org"
    return zip_file(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": (
                f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="rId1" '
                f'Type="{main}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/officeDocument/2006/relationships">'
                '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="rId1" '
                f'Type="{main}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="rId2" Type="{main}/officeDocument/2006/relationships/sharedStrings" '
                'Target="sharedStrings.xml"/></Relationships>'
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{main}/spreadsheetml/2006/main">{texts}</sst>',
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}/spreadsheetml/2006/main"><dimension ref="A1:B2"/>'
                f"<sheetData>{sheet}</sheetData></worksheet>"
            ),
        }
    )


def _cells(count: int, cell: str) -> str:
    return "".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(1, count + 1))


@pytest.mark.parametrize(
    "reference",
    [
        'r="XFD1048576"',
        "r='XFD1048576'",
        'r = "XFD1048576"',
        'r="&#88;FD1048576"',
        'r="xfd1048576"',
        'r="A4294967295"',
        'r="BA1048576"',
    ],
)
@pytest.mark.parametrize("watched_bytes", [1 << 22, 0], ids=["small sheet", "large sheet"])
def test_xlsx_cell_at_the_far_end_is_refused_however_it_is_written(
    reference: str, watched_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Large sheets are looked at cell by cell only where something shows that it is needed.
    monkeypatch.setattr(package, "SCAN_ALWAYS_BYTES", watched_bytes)
    filler = _cells(1000, '<c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>1</v></c>')
    sheet = f"{filler}<row><c {reference}><v>1</v></c></row>"
    assert _refusal(_xlsx(sheet, "<si><t>x</t></si>"), Limits(cells=50_000_000)) == "file.too_large"


def test_xlsx_as_programs_write_it_needs_no_look_at_every_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "SCAN_ALWAYS_BYTES", 0)
    monkeypatch.setattr(package, "SheetArea", lambda _most: pytest.fail("looked at every cell"))
    rows = [[f"{row}-{column} x=y" for column in range(40)] for row in range(300)]
    assert _read(xlsx_file({"A": rows})).sheets[0].cells.num_rows == 300


def test_xlsx_style_without_content_at_the_far_end_takes_no_place() -> None:
    sheet = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert _read(_xlsx(sheet)).sheets[0].cells.to_pydict() == {"c0": ["1"]}


def test_xlsx_long_text_in_every_cell_is_refused_and_in_one_cell_is_read() -> None:
    texts = f"<si><t>{'x' * 30_000}</t></si><si><t>y</t></si>"
    limits = Limits(unpacked_bytes=20_000_000)
    bomb = _xlsx(_cells(2000, '<c r="A{n}" t="s"><v>0</v></c>'), texts)
    assert len(bomb) < 100_000
    assert _refusal(bomb, limits) == "file.too_large"
    harmless = _xlsx(
        _cells(2000, '<c r="A{n}" t="s"><v>1</v></c>') + '<row r="3000"><c t="s"><v>0</v></c></row>', texts
    )
    assert _read(harmless, limits).sheets[0].cells.num_rows == 2001


def test_xlsb_cell_at_the_far_end_is_refused() -> None:
    assert _refusal(xlsb_document({(0, 0): "a", (1_048_575, 16_383): "z"})) == "file.too_large"


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row {_ROW}="1000000000">{ods_cell("a", f"{_COLUMN}={chr(34)}1000000{chr(34)}")}</table:table-row>',
        f'<table:table-row {_ROW}="1048575"><table:table-cell/></table:table-row>'
        f'<table:table-row><table:table-cell {_COLUMN}="16383"/>{ods_cell("z")}</table:table-row>',
        f"<table:table-row>{ods_cell('a', f'{_COLUMN}={chr(34)}500{chr(34)}')}</table:table-row>" * 200,
    ],
    ids=["a billion repeated cells", "one far cell", "many small repeats"],
)
def test_ods_that_declares_more_cells_than_the_limit_is_refused(rows: str) -> None:
    content = ods_document(f'<table:table table:name="A">{rows}</table:table>')
    assert _refusal(content, Limits(cells=50_000)) == "file.too_large"


def test_ods_repeated_long_text_is_refused() -> None:
    rows = f'<table:table-row {_ROW}="20000">{ods_cell("x" * 5000)}</table:table-row>'
    content = ods_document(f'<table:table table:name="A">{rows}</table:table>')
    assert _refusal(content, Limits(unpacked_bytes=50_000_000)) == "file.too_large"


def test_ods_with_the_empty_tail_that_office_programs_write_is_read() -> None:
    rows = (
        f'<table:table-row>{ods_cell("a")}<table:table-cell {_COLUMN}="16383"/></table:table-row>'
        f'<table:table-row {_ROW}="3">{ods_cell("b")}</table:table-row>'
        f'<table:table-row {_ROW}="1048572"><table:table-cell {_COLUMN}="16384"/></table:table-row>'
    )
    (sheet,) = _read(ods_document(f'<table:table table:name="A">{rows}</table:table>')).sheets
    assert sheet.cells.to_pydict() == {"c0": ["a", "b", "b", "b"]}


def test_html_spans_that_widen_every_row_cost_no_memory() -> None:
    page = "<table>" + "<tr><td>a</td><td colspan=16000></td></tr>" * 3000 + "</table>"
    assert _read(page.encode()).sheets[0].cells.num_columns == 1


@pytest.mark.parametrize(
    "content",
    [
        ("<table>" + "<tr><td colspan=16000></td><td>z</td></tr>" * 200 + "</table>").encode(),
        b"a,b\n" * 100 + b"," * 16_000 + b"z\n" + b"a,b\n" * 100,
        xml2003_document(
            '<Worksheet ss:Name="A"><Table>'
            + '<Row><Cell ss:Index="16000"><Data ss:Type="String">z</Data></Cell></Row>' * 200
            + "</Table></Worksheet>"
        ),
    ],
    ids=["html", "csv", "xml2003"],
)
def test_text_tables_whose_area_passes_the_limit_are_refused(content: bytes) -> None:
    assert _refusal(content, Limits(cells=1_000_000)) == "file.too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"<table><tr>" + b"<td>x</td>" * 20_000 + b"</tr></table>",
        b"a" + b",a" * 20_000 + b"\n",
        xml2003_document(
            '<Worksheet><Table><Row><Cell ss:Index="20000"><Data>z</Data></Cell></Row></Table></Worksheet>'
        ),
    ],
    ids=["html", "csv", "xml2003"],
)
def test_rows_wider_than_any_sheet_are_refused(content: bytes) -> None:
    assert _refusal(content) == "file.too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"<table><tr><td>" + b"<div>" * 5000 + b"x" + b"</div>" * 5000 + b"</td></tr></table>",
        b"<table><tr><td>" * 5000 + b"x" + b"</td></tr></table>" * 5000,
        b"<table><tr><td>a</td></tr>" + b"<b>" * 5000 + b"</b>" * 5000 + b"<tr><td>b</td></tr></table>",
        xml2003_document(
            "<Worksheet><Table><Row>" + "<Cell>" * 5000 + "</Cell>" * 5000 + "</Row></Table></Worksheet>"
        ),
    ],
    ids=["elements in a cell", "tables in tables", "between rows", "xml2003"],
)
def test_deep_nesting_is_refused_and_never_cuts_the_table_short(content: bytes) -> None:
    assert _refusal(content) == "file.too_deep"


def test_cell_with_two_hundred_nested_elements_is_read() -> None:
    page = b"<table><tr><td>" + b"<span>" * 200 + b"x" + b"</span>" * 200 + b"y</td></tr></table>"
    assert _read(page).sheets[0].cells.to_pydict() == {"c0": ["xy"]}


@pytest.mark.parametrize(
    "content",
    [
        b"<table>" + b"<p>x</p>" * 50_000 + b"<tr><td>a</td></tr></table>",
        xml2003_document("<Styles>" + "<Style/>" * 50_000 + "</Styles>"),
    ],
    ids=["html", "xml2003"],
)
def test_markup_that_never_comes_to_a_row_is_given_up(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "MOST_WITHOUT_ROWS", 100_000)
    assert _refusal(content) == "file.too_large"


def test_file_as_large_as_the_limit_is_read_and_one_byte_more_is_refused() -> None:
    content = html_file((("a", "b"),))
    assert _read(content, Limits(file_bytes=len(content))).sheets[0].cells.num_rows == 1
    assert _refusal(content, Limits(file_bytes=len(content) - 1)) == "file.too_large"
