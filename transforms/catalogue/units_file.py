"""A list of units in the words of an office, turned into the overlay's ``units.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from transforms.catalogue.model import SUCCESSOR_SEPARATOR
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.rows import Row, decode_csv, parse_day, read_records
from transforms.catalogue.units import (
    LEVEL_DIGITS,
    TYPE_LEVELS,
    UNIT_COLUMNS,
    UNIT_OPTIONAL,
    check_units,
    parse_unit,
    successor_codes,
)
from transforms.text_cells import shield
from transforms.text_vi import fold

HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("Mã đơn vị", "Mã", "code"),
    "name": ("Tên", "Tên đơn vị", "name"),
    "type": ("Loại", "Loại đơn vị", "type"),
    "level": ("Cấp", "level"),
    "parent_code": ("Mã cấp trên", "Mã đơn vị cấp trên", "parent_code"),
    "agency_code": ("Mã định danh", "agency_code"),
    "valid_from": ("Hiệu lực từ", "Từ ngày", "valid_from"),
    "valid_to": ("Hiệu lực đến", "Đến ngày", "valid_to"),
    "aliases": ("Tên khác", "aliases"),
    "successor_code": ("Mã kế thừa", "Mã đơn vị kế thừa", "successor_code"),
    "source": ("Nguồn", "Căn cứ", "source"),
}
"""Header texts of a units file by column, compared without case and marks."""
ALWAYS = "1900-01-01"
"""Start of validity where the file names none."""
_COLUMNS = (*UNIT_COLUMNS, *UNIT_OPTIONAL)
_REQUIRED = ("code", "name", "type")
_LEVELS = {
    fold(name): level for level, name in (("xa", "Cấp xã"), ("huyen", "Cấp huyện"), ("tinh", "Cấp tỉnh"))
}


def read_units_file(content: bytes, name: str) -> bytes:
    """The overlay's ``units.csv`` from a CSV with Vietnamese or English headers, separated by , ; or tab.

    "Mã đơn vị", "Tên" and "Loại" are needed, the type may also stand before the name ("Xã Bình Lương").
    The level follows from the type, validity starts 1900-01-01 where the file says nothing. Raises
    CatalogueError with a sentence per line that cannot be taken.
    """
    problems = Problems()
    labels = {column: texts[0] for column, texts in HEADERS.items()}
    canonical: list[tuple[str, ...]] = [_COLUMNS]
    units = []
    for line, cells in _cells_by_column(content, name, problems):
        completed = _completed(cells, name)
        canonical.append(tuple(completed[column] for column in _COLUMNS))
        row = Row(f"{name} dòng {line}", completed, problems, labels)
        units.append(Entry(parse_unit(row), row.where))
    check_units(units, problems)
    problems.raise_if_any()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([shield(cell) for cell in row] for row in canonical)
    return text.getvalue().encode("utf-8")


def _cells_by_column(content: bytes, name: str, problems: Problems) -> list[tuple[int, dict[str, str]]]:
    """(line, cells by column name) of every row; unknown headers and missing columns are problems."""
    try:
        records = read_records(decode_csv(content, name, problems))
    except csv.Error:
        problems.add(name, "tệp không phải dạng CSV hợp lệ.")
        return []
    if len(records) < 2 and not problems:
        problems.add(name, "tệp không có đơn vị nào.")
    if problems:
        return []
    known = {fold(text): column for column, texts in HEADERS.items() for text in texts}
    header_line, texts = records[0]
    header = [known.get(fold(text), "") for text in texts]
    at_header = f"{name} dòng {header_line}"
    for text, column in zip(texts, header, strict=True):
        if text and not column and fold(text) not in ("stt", "tt"):
            problems.add(at_header, f"cột “{text}” không có trong mẫu danh sách đơn vị.")
        elif column and header.count(column) > 1:
            problems.add(at_header, f"cột “{HEADERS[column][0]}” bị lặp lại.")
    for column in _REQUIRED:
        if column not in header:
            problems.add(at_header, f"thiếu cột “{HEADERS[column][0]}”.")
    return [
        (line, {column: cell for column, cell in zip(header, cells, strict=False) if column})
        for line, cells in records[1:]
    ]


def _completed(cells: Mapping[str, str], file: str) -> dict[str, str]:
    """Every column of ``units.csv``, with what the file leaves out."""
    row = {column: cells.get(column, "") for column in _COLUMNS}
    row["type"], row["name"] = _split_type(row["type"], row["name"])
    row["level"] = _LEVELS.get(fold(row["level"]), row["level"]) or _level(row["type"], row["code"])
    row["aliases"] = " | ".join(part.strip() for part in row["aliases"].replace(";", "|").split("|"))
    row["successor_code"] = SUCCESSOR_SEPARATOR.join(successor_codes(row["successor_code"]))
    row["valid_from"] = row["valid_from"] or ALWAYS
    for column in ("valid_from", "valid_to"):
        if (day := parse_day(row[column])) is not None:
            row[column] = day.isoformat()
    row["source"] = row["source"] or f"tệp {file}"
    return row


def _split_type(unit_type: str, name: str) -> tuple[str, str]:
    """(type in lower case, name without it): "Xã Bình Lương" is xã and Bình Lương."""
    wanted = fold(unit_type)
    for known in sorted(TYPE_LEVELS, key=len, reverse=True):
        if wanted in ("", fold(known)):
            if name.casefold().startswith(f"{known} "):
                return known, name[len(known) :].strip()
            if wanted:
                return known, name
    return unit_type, name


def _level(unit_type: str, code: str) -> str:
    """The level of a type; a city is a province where its code has the two digits of one."""
    levels = TYPE_LEVELS.get(unit_type, tuple(LEVEL_DIGITS))
    fitting = [level for level in levels if len(code) == LEVEL_DIGITS[level]]
    return (fitting or list(levels))[0]
