"""Rows of a CSV data file with typed cells; every cell that cannot be read becomes a sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.catalogue.problems import Problems
from transforms.text_cells import unshield
from transforms.text_vi import tidy

ALIAS_SEPARATOR = "|"
"""Names of procedures contain commas and semicolons, so aliases are parted by a vertical bar."""
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YES_NO = {"yes": True, "no": False, "có": True, "không": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One row by header name; reading a bad cell records a sentence and gives a harmless value."""

    where: str
    cells: Mapping[str, str]
    problems: Problems
    labels: Mapping[str, str] = field(default_factory=dict)
    """Header texts of the file itself, where they differ from the names of the columns."""

    def label(self, name: str) -> str:
        """What a sentence calls the column."""
        return f"cột “{self.labels.get(name, name)}”"

    def text(self, name: str) -> str:
        """The tidied cell, empty when there is none."""
        return self.cells.get(name, "")

    def required(self, name: str) -> str:
        """The tidied cell; an empty one is a problem."""
        value = self.text(name)
        if not value:
            self.problems.add(self.where, f"{self.label(name)} bị bỏ trống.")
        return value

    def whole(self, name: str, default: int | None = None) -> int | None:
        """A whole number, ``default`` for an empty cell."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?\d+", value, flags=re.ASCII):
            self.problems.add(self.where, f"{self.label(name)} phải là số nguyên, đang ghi “{value}”.")
            return default
        return int(value)

    def required_whole(self, name: str) -> int:
        """A whole number; an empty cell is a problem."""
        if not self.required(name):
            return 0
        return self.whole(name) or 0

    def yes(self, name: str) -> bool:
        """True for yes or có, False for no, không or an empty cell."""
        value = self.text(name).casefold()
        if value and value not in _YES_NO:
            self.problems.add(self.where, f"{self.label(name)} chỉ nhận yes hoặc no, đang ghi “{value}”.")
        return _YES_NO.get(value, False)

    def day(self, name: str) -> date | None:
        """A day written 2025-06-30 or 30/6/2025 (as Excel saves it again); None for an empty cell."""
        value = self.text(name)
        if not value:
            return None
        found = parse_day(value)
        if found is None:
            self.problems.add(self.where, f"{self.label(name)} không phải ngày hợp lệ: “{value}”.")
        return found

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        """One of the allowed words."""
        value, words = self.text(name), tuple(allowed)
        if value not in words:
            listed = ", ".join(word or "(để trống)" for word in words)
            self.problems.add(self.where, f"{self.label(name)} chỉ nhận {listed}, đang ghi “{value}”.")
        return value

    def names(self, name: str, separator: str = ALIAS_SEPARATOR) -> tuple[str, ...]:
        """The parts of a cell, empty parts left out."""
        return tuple(part for raw in self.text(name).split(separator) if (part := raw.strip()))


def parse_day(text: str) -> date | None:
    """The day of an ISO or day-first text; None when it is neither."""
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def decode_csv(content: bytes, file: str, problems: Problems) -> str:
    """Text of a CSV file: UTF-8 with or without a mark, or UTF-16 as Excel's "Unicode Text" has it."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        problems.add(file, "tệp không đọc được theo bảng mã UTF-8; hãy lưu lại dạng CSV UTF-8.")
        return ""


def read_records(text: str) -> list[tuple[int, list[str]]]:
    """(line number, tidied cells) of every row with content; the separator is that of the first line.

    Excel writes ``,``, ``;`` or a tab depending on the regional settings of the machine. Raises
    csv.Error for a file that is not CSV at all.
    """
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    records, line = [], 1
    for cells in reader:
        tidied = [tidy(cell) for cell in cells]
        if any(tidied):
            records.append((line, tidied))
        line = reader.line_num + 1
    return records


def read_rows(
    content: bytes, file: str, required: Iterable[str], optional: Iterable[str], problems: Problems
) -> list[Row]:
    """Rows of a CSV whose header names are all known; cells are tidied text.

    A missing required column, an unknown or repeated one, and a row of another length are problems.
    Blank lines are skipped. The line number is the one a text editor or a spreadsheet shows.
    """
    wanted, known = tuple(required), {*required, *optional}
    try:
        records = read_records(decode_csv(content, file, problems))
    except csv.Error:
        problems.add(file, "tệp không phải dạng CSV hợp lệ.")
        return []
    if not records:
        problems.add(file, "tệp không có dòng tiêu đề.")
        return []
    (header_line, header), body = records[0], records[1:]
    while header and not header[-1]:
        header.pop()
    at_header = f"{file} dòng {header_line}"
    for name in wanted:
        if name not in header:
            problems.add(at_header, f"thiếu cột “{name}”.")
    for position, name in enumerate(header):
        if name not in known:
            problems.add(at_header, f"cột “{name}” không có trong mẫu của tệp này.")
        elif name in header[:position]:
            problems.add(at_header, f"cột “{name}” bị lặp lại.")
    if any(name not in header for name in wanted):
        return []
    rows = []
    for line, cells in body:
        where = f"{file} dòng {line}"
        if any(cells[len(header) :]):
            problems.add(where, f"có nhiều ô hơn số cột của tiêu đề ({len(header)} cột).")
        padded = [*cells, *[""] * (len(header) - len(cells))]
        own = [tidy(unshield(cell)) for cell in padded]
        rows.append(Row(where, dict(zip(header, own, strict=False)), problems))
    return rows
