"""Cell formats and sheet names of a workbook."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any

from transforms.render.tables import decimals
from transforms.report.blocks import Figure, Table
from transforms.text_cells import is_formula_like

FONT = "Times New Roman"
LONGEST_SHEET_NAME = 31
_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{1,4}_)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")


def number_format(figure: Figure) -> str:
    """Excel's pattern for a figure as it is printed.

    Separators follow the reader's own settings. A rate in 0..1 that is printed as a percentage gets
    Excel's percentage; one that is stored as it is printed (98.5 for "98,5%") only the sign.
    """
    digits = decimals(figure)
    places = "." + "0" * digits if digits else ""
    if figure.text.endswith("%"):
        shown = _read_percent(figure.text)
        # A fall is printed without its sign: "giảm 12,5%".
        is_share = shown is not None and abs(abs(figure.value) * 100 - shown) <= 0.5 * 10**-digits + 1e-9
        return f"0{places}%" if is_share else f'0{places}"%"'
    return f"#,##0{places}"


def _read_percent(text: str) -> float | None:
    try:
        return float(text.rstrip("%").strip().replace(".", "").replace(",", "."))
    except ValueError:
        return None


class Formats:
    """Formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._properties: dict[int, dict[str, Any]] = {}

    def get(self, **properties: Any) -> Any:
        """A format in the font of the report."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format(base | properties)
            self._properties[id(self._made[key])] = properties
        return self._made[key]

    def write_text(self, sheet: Any, row: int, column: int, text: str, style: Any) -> None:
        """Write a text as text; one that looks like a formula stays a text also after somebody edits the cell."""
        if is_formula_like(text):
            style = self.get(**self._properties[id(style)], quote_prefix=True)
        if pieces := _split_escapes(text):
            # In a text of several runs the look-alike is cut in two.
            runs = [part for piece in pieces for part in (style, piece)]
            sheet.write_rich_string(row, column, *runs, style)
        else:
            sheet.write_string(row, column, text, style)

    def title(self) -> Any:
        """Caption of a sheet."""
        return self.get(bold=True, font_size=14, align="center", text_wrap=True)

    def header(self) -> Any:
        """Header cell."""
        return self.get(bold=True, font_size=11, align="center", text_wrap=True, border=1, bg_color="#E7ECF1")

    def column_number(self) -> Any:
        """Printed column number."""
        return self.get(italic=True, font_size=10, align="center", border=1)

    def cell(self, kind: str, **properties: Any) -> Any:
        """Cell of a body, group or total row."""
        return self.get(border=1, **({} if kind == "body" else {"bold": True}), **properties)

    def check(self) -> Any:
        """Cell of the checks beside and below the printed table."""
        return self.get(font_size=10, font_color="#595959", align="center", text_wrap=True)


def _split_escapes(text: str) -> list[str]:
    """The text in pieces, none of which reads as an escape; empty where it has none.

    ``_xHHHH_`` stands for a character in these files. LibreOffice takes fewer digits too, and so the field
    id bao_tro_xa_hoi for a line break.
    """
    ends = [found.start() + 1 for found in _ESCAPE.finditer(text)] if "_x" in text else []
    bounds = [0, *ends, len(text)]
    return [text[start:end] for start, end in pairwise(bounds)] if ends else []


def sheet_names(tables: tuple[Table, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    """A name per table: "Biểu II.06a" for a numbered form, else the caption; unique, at most 31 characters.

    Where a form has several lists, what their lines are is told too: "Biểu II.06d, đơn vị".
    """
    used = {name.casefold() for name in taken}
    names: list[str] = []
    forms = Counter(table.form_number for table in tables)
    for table in tables:
        stem = table.form_number.split("/")[0].replace("Biểu số", "Biểu") or table.caption or table.table_id
        if table.form_number and forms[table.form_number] > 1:
            stem = f"{stem}, {_line_noun(table)}"
        name = stem = _fit(_FORBIDDEN.sub(" ", stem), LONGEST_SHEET_NAME)
        number = 2
        while name.casefold() in used:
            name = f"{_fit(stem, LONGEST_SHEET_NAME - 4)} ({number})"
            number += 1
        used.add(name.casefold())
        names.append(name)
    return tuple(names)


def _line_noun(table: Table) -> str:
    """What the lines of a form are: "lĩnh vực", "đơn vị"."""
    label = next((column.label for column in table.columns if column.key == "name"), "")
    return label.partition(",")[0].lower()


def _fit(text: str, length: int) -> str:
    """Text cut at a space where it is too long; Excel allows no apostrophe at either end."""
    text = " ".join(text.split()).strip("'")
    if len(text) <= length:
        return text or "Bảng"
    cut = text[: length + 1].rpartition(" ")[0]
    return (cut or text[:length]).strip("' ,;")
