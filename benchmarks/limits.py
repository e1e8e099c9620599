"""The least that any program must do with a file: what the readers are held against."""

from __future__ import annotations

from pathlib import Path


def read_with_arrow(path: Path, width: int, delimiter: str = ";") -> object:
    """A CSV as text columns, by pyarrow.csv."""
    from pyarrow import csv, string

    types = {f"c{number}": string() for number in range(width)}
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=list(types)),
        parse_options=csv.ParseOptions(delimiter=delimiter),
        convert_options=csv.ConvertOptions(column_types=types),
    )


def read_with_lxml(path: Path) -> object:
    """A page parsed, with the text of every cell."""
    from lxml import etree

    page = etree.parse(str(path), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    return [
        [cell.text if not len(cell) else "".join(map(str, cell.itertext())) for cell in row]
        for row in page.getroot().iter("tr")
    ]


def read_with_fastexcel(path: Path) -> object:
    """Every sheet of a workbook loaded as text."""
    import fastexcel

    reader = fastexcel.read_excel(str(path))
    count = len(reader.sheet_names)
    options = {"header_row": None, "skip_rows": 0, "dtypes": "string"}
    return [reader.load_sheet(place, **options).to_arrow() for place in range(count)]


def read_with_pandas(path: Path) -> object:
    """The tables of a page, by pandas.read_html."""
    import pandas as pd

    return pd.read_html(str(path), encoding="utf-8")


def read_with_lxml_xml(path: Path) -> object:
    """A SpreadsheetML 2003 document parsed, with the text of every cell."""
    from lxml import etree

    page = etree.parse(str(path), etree.XMLParser(huge_tree=True, resolve_entities=False))
    space = "{urn:schemas-microsoft-com:office:spreadsheet}"
    return [[data.text for data in row.iter(f"{space}Data")] for row in page.getroot().iter(f"{space}Row")]
