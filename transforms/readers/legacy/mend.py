"""A sheet of text in which nothing is left in an old Vietnamese character set.

The software and fonts of before Unicode put Vietnamese letters where other letters stand, so that a
cell holds "Hå s¬" and a .VnTime font shows "Hồ sơ". The character set belongs to the font of each cell
and is written nowhere; it shows in the words. Each column is judged by its distinct texts, then each
text by itself (columns.py). Text that is Unicode, or that no set makes better, stays untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.findings import Finding, Place
from transforms.readers.legacy.charsets import Charset, decode_as, read_as_windows_1252
from transforms.readers.legacy.columns import ColumnTexts, settle_columns
from transforms.readers.legacy.fonts import FontRuns, charset_of_font, is_capital_font
from transforms.readers.legacy.scan import is_ascii, scan_column
from transforms.readers.model import RawSheet
from transforms.readers.repeating import on_texts

SUBSTITUTE = "\ufffd"
"""Stands where bytes were no text; what they meant is lost."""

FontSource = Callable[[str], Mapping[int, FontRuns]]
"""Sheet name → the old fonts of its columns; asked only where the words do not decide."""


@dataclass(frozen=True, slots=True)
class MendedSheets:
    """The sheets in Unicode (NFC), and what was noticed; unit and file of the findings are filled in later."""

    sheets: tuple[RawSheet, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Mended:
    sheet: RawSheet
    charsets: Mapping[int, frozenset[Charset]]
    """Position → the sets that its texts were in."""
    doubtful: Mapping[int, pa.Array]
    """Position → row numbers of the texts left as they are."""
    damaged: pa.Array
    """Row numbers with a substitute character."""
    damaged_count: int


def mend_sheets(sheets: Sequence[RawSheet], fonts: FontSource | None = None) -> MendedSheets:
    """The sheets with every text of TCVN3, VNI, VISCII, windows-1258 or misread UTF-8 as what it says.

    Findings: ``file.encoding.legacy`` (``charsets``, ``columns``), ``file.encoding.doubtful``
    (``columns``, rows) for texts that fit two sets equally well, ``file.text.damaged`` (``characters``,
    rows) for characters lost before the file came here. Columns are named by their letters in Excel.
    """
    mended = [_mend(sheet, fonts) for sheet in sheets]
    return MendedSheets(tuple(found.sheet for found in mended), tuple(_findings(mended)))


def mend_sheet(sheet: RawSheet, fonts: FontSource | None = None) -> MendedSheets:
    """``mend_sheets`` for one sheet."""
    return mend_sheets((sheet,), fonts)


def _mend(sheet: RawSheet, fonts: FontSource | None) -> _Mended:
    nothing = pa.array([], pa.int64())
    unchanged = _Mended(sheet, {}, {}, nothing, 0)
    positions = [place for place, column in enumerate(sheet.cells.columns) if not is_ascii(column)]
    signs = {place: scan_column(sheet.cells.column(place)) for place in positions}
    damaged, damaged_count = _damage(sheet, [p for p, found in signs.items() if found.is_damaged])
    odd = [place for place, found in signs.items() if found.is_odd]
    if not odd:
        return replace(unchanged, damaged=damaged, damaged_count=damaged_count)
    columns = {place: ColumnTexts.of(place, sheet.cells.column(place)) for place in odd}
    settle_columns(columns)
    if any(column.charsets for column in columns.values()) and len(odd) < len(positions):
        # Columns without an odd letter of their own may be in the set of their neighbours.
        columns = {place: ColumnTexts.of(place, sheet.cells.column(place)) for place in positions}
        settle_columns(columns)
    old = {charset for column in columns.values() for charset in column.charsets.values()}
    has_doubt = any(column.doubtful for column in columns.values())
    runs = fonts(sheet.name) if fonts is not None and (has_doubt or Charset.TCVN3 in old) else {}
    cells = sheet.cells
    doubtful: dict[int, pa.Array] = {}
    for place, column in columns.items():
        mended, left = _mend_column(column, sheet.row_numbers, runs.get(place, ()))
        if mended is not None:
            cells = cells.set_column(place, cells.column_names[place], pa.chunked_array([mended]))
        if len(left):
            doubtful[place] = left
    return _Mended(
        replace(sheet, cells=cells),
        {place: frozenset(c.charsets.values()) for place, c in columns.items() if c.charsets},
        doubtful,
        damaged,
        damaged_count,
    )


def _mend_column(
    column: ColumnTexts, row_numbers: pa.Array, runs: FontRuns
) -> tuple[pa.Array | None, pa.Array]:
    """The mended column, or None when nothing changes, and the row numbers of what stays doubtful."""
    texts: list[str | None] = column.encoded.dictionary.to_pylist()
    plain = [text and (column.mended.get(text) or read_as_windows_1252(text)) for text in texts]
    indices = column.encoded.indices
    values = pa.array(plain, pa.string()).take(indices)
    is_doubtful = _where(texts, column.doubtful, indices)
    was_tcvn3 = _where(texts, {t for t, c in column.charsets.items() if c is Charset.TCVN3}, indices)
    has_changed = plain != texts
    for first, last, font in runs:
        inside = pc.and_(pc.greater_equal(row_numbers, first), pc.less_equal(row_numbers, last))
        charset = charset_of_font(font)
        unsure = pc.and_(inside, is_doubtful)
        if charset is not None and pc.any(unsure).as_py():
            shown = [text and (decode_as(charset, read_as_windows_1252(text)) or text) for text in texts]
            values = pc.if_else(unsure, pa.array(shown, pa.string()).take(indices), values)
            is_doubtful = pc.and_not(is_doubtful, unsure)
            has_changed = True
        if is_capital_font(font):
            values = pc.if_else(pc.and_(inside, was_tcvn3), pc.utf8_upper(values), values)
            has_changed = True
    return (values if has_changed else None), pc.filter(row_numbers, is_doubtful)


def _where(texts: Sequence[str | None], wanted: Collection[str], indices: pa.Array) -> pa.Array:
    """A mask, never null, of the rows whose text is one of those."""
    found = pa.array([text in wanted for text in texts], pa.bool_()).take(indices)
    return pc.fill_null(found, False)


def _damage(sheet: RawSheet, positions: Sequence[int]) -> tuple[pa.Array, int]:
    """Row numbers of the rows with substitute characters, and how many such characters there are."""
    rows = np.zeros(sheet.cells.num_rows, np.bool_)
    count = 0
    for place in positions:
        counted = on_texts(sheet.cells.column(place), partial(pc.count_substring, pattern=SUBSTITUTE))
        found = pc.fill_null(counted, 0).to_numpy()
        count += int(found.sum())
        rows |= found > 0
    return pc.filter(sheet.row_numbers, pa.array(rows)), count


def _findings(mended: Sequence[_Mended]) -> Iterator[Finding]:
    """One finding of each code over all sheets, as a finding is known by its code and unit."""
    charsets = {charset for found in mended for sets in found.charsets.values() for charset in sets}
    if charsets:
        names = ", ".join(charset.value for charset in Charset if charset in charsets)
        columns = {place for found in mended for place in found.charsets}
        yield Finding(
            "file.encoding.legacy", params=(("charsets", names), ("columns", _column_names(columns)))
        )
    doubtful = {
        (found.sheet.name, int(row))
        for found in mended
        for rows in found.doubtful.values()
        for row in rows.to_pylist()
    }
    if doubtful:
        columns = {place for found in mended for place in found.doubtful}
        yield Finding(
            "file.encoding.doubtful",
            params=(("columns", _column_names(columns)),),
            places=tuple(Place(sheet, row) for sheet, row in sorted(doubtful)),
        )
    if damaged_count := sum(found.damaged_count for found in mended):
        yield Finding(
            "file.text.damaged",
            params=(("characters", damaged_count),),
            places=tuple(Place(m.sheet.name, row) for m in mended for row in m.damaged.to_pylist()),
        )


def _column_names(positions: Iterable[int]) -> str:
    """ "A, C–F": columns by their letters, three and more in a row as a range."""
    runs: list[list[int]] = []
    for place in sorted(positions):
        if runs and runs[-1][-1] + 1 == place:
            runs[-1].append(place)
        else:
            runs.append([place])
    named = (
        f"{_column_name(run[0])}–{_column_name(run[-1])}"
        if len(run) > 2
        else ", ".join(map(_column_name, run))
        for run in runs
    )
    return ", ".join(named)


def _column_name(position: int) -> str:
    """The letters of a column in Excel, where the clerk opens any of these files: 0 is A, 26 is AA."""
    name = ""
    number = position + 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
