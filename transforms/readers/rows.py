"""Rows below a header told apart: records, and rows that only give the sheet its shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import HeaderMatch, Row
from transforms.readers.repeating import as_strings, is_repeating, match, on_texts
from transforms.readers.row_kinds import LEFT_RANKS, SPARSE_CELLS, Kinds, Mask, RowKind, rank_of, to_mask
from transforms.readers.row_runs import tell_rows
from transforms.readers.row_texts import (
    OUTLINE_NUMBER,
    is_bare_total_label,
    is_group_heading,
    is_note,
    is_period,
    is_quantity,
    is_total_label,
    total_words_pattern,
)
from transforms.readers.shapes import SHAPES
from transforms.readers.text_bytes import Places, are_words_with_number, begin_without_digit
from transforms.text_vi import fold, tidy

__all__ = ["IDENTIFYING", "RowKind", "SplitRows", "split_rows"]

IDENTIFYING = {
    "dossier": ("dossier_code",),
    "fee": ("dossier_code", "receipt_number"),
    "overdue": ("dossier_code",),
    "document": ("symbol", "register_number"),
    "summary": ("field_name",),
    "supplement": ("item_id",),
}
"""Source columns of which one names the record; the first is its key."""

_SHOWN_NUMBER = r"[(\[]?(\d{1,2}|[A-Z])[)\]]?(?:\.0)?"
_COLUMN_NUMBER = re.compile(rf"^{_SHOWN_NUMBER}(?:\s*=.*)?$")
_COLUMN_NUMBER_ARROW = rf"^\s*{_SHOWN_NUMBER}(\s*=.*)?\s*$"
_KEY_TOKEN = r"^[a-z][a-z0-9_.]*$"
_KEY = rf"^\s*\S*\d\S*(?:\s+\S+)?\s*$|^\s*\S+\s+\S*\d\S*\s*$|{_KEY_TOKEN}"
"""A code, a symbol, a number, at most two words; headings that lie in the key column are longer."""
_COUNTED = re.compile(r"^\d[\d.]* (?!\d)[^\d/]")
"""Beside "Tổng cộng": "8 hồ sơ, trong đó 2 quá hạn"."""
_TYPED = frozenset(("code", "procedure_code", "date", "symbol", "money"))


@dataclass(frozen=True, slots=True)
class SplitRows:
    """``kinds``: one RowKind per row. ``group_names``: text of the group row above each row, or null."""

    kinds: Kinds
    group_names: pa.Array | None


def split_rows(body: pa.Table, match: HeaderMatch, *, is_continued: bool = False) -> SplitRows:
    """Kind of every row below the header; ``is_continued``: a later sheet that has no header of its own.

    Whole columns are masked first; only the few rows that could be something else than a record are
    looked at one by one. A row that fits no kind is a record, so that it is set apart later and named,
    never lost here: a code, a day or an amount in its column, or a text that the column's records hold
    too, keep a row among the records whatever else it says.
    """
    return _Splitter(body, match, is_continued).split()


class _Splitter:
    def __init__(self, body: pa.Table, match: HeaderMatch, is_continued: bool) -> None:
        self._body = body
        self._match = match
        self._is_continued = is_continued
        self._kinds = np.zeros(body.num_rows, np.int8)
        self._filled = np.zeros(body.num_rows, np.int16)
        for column in body.columns:
            self._filled += to_mask(pc.is_valid(column)) if column.null_count else True
        self._heads = match.block.head_positions
        identifying = IDENTIFYING[match.profile.kind]
        self._keys = [match.positions[name][0] for name in identifying if name in match.positions]
        self._others = [
            match.positions[column.name][0]
            for column in match.profile.columns
            if column.is_required and column.name in match.positions and column.name not in identifying
        ]
        self._parse = {
            match.positions[column.name][0]: column.parse
            for column in match.profile.columns
            if column.name in match.positions
        }

    def split(self) -> SplitRows:
        if self._body.num_rows:
            is_keyed = self._keyed_rows()
            self._mark_repeated_headers()
            self._mark_column_numbers()
            self._mark_totals()
            self._mark_sparse_rows(is_keyed)
        return SplitRows(self._kinds, self._group_names())

    def _keyed_rows(self) -> Mask:
        """Rows with a key that reads like one; alone in its row "Tháng 01/2021" is a heading, not a key."""
        is_keyed = np.zeros(self._body.num_rows, bool)
        for position in self._keys:
            column = self._body.column(position)
            looks = _look_like_keys(column)
            for index in np.flatnonzero(looks & (self._filled == 1)).tolist():
                text = column[index].as_py()
                looks[index] = not (is_group_heading(text) or is_note(text))
            is_keyed |= looks
        return is_keyed

    def _mark_repeated_headers(self) -> None:
        """Pages printed into one sheet repeat the header, all of its rows or the lowest."""
        blocks = [[_folded_texts(row) for row in self._match.block.rows]]
        if len(blocks[0]) > 1:
            blocks.append(blocks[0][-1:])
        for block in blocks:
            leading = block[-1]
            if len(leading) < 2:
                continue
            position = min(leading)
            texts = [row[position] for row in self._match.block.rows if row[position]]
            column = self._body.column(position)
            for index in _places_of_texts(column, [text.lower() for text in texts if text]):
                first = int(index) - len(block) + 1
                if first >= 0 and all(
                    _folded_texts(self._row(first + step)) == texts_of for step, texts_of in enumerate(block)
                ):
                    self._kinds[first : index + 1] = RowKind.HEADER

    def _mark_column_numbers(self) -> None:
        """A row "(1) (2) …" or "1 2 3 …" or "A B 1 2 …": numbers that run on without a gap."""
        candidates = np.flatnonzero(self._filled >= SPARSE_CELLS)
        # Columns of few texts first: they leave few rows to look at in the others.
        columns = [self._body.column(position) for position in self._keys + self._others]
        for column in sorted(columns, key=is_repeating, reverse=True):
            if not len(candidates):
                return
            fits = pc.fill_null(match(column.take(pa.array(candidates)), _COLUMN_NUMBER_ARROW), True)
            candidates = candidates[to_mask(fits)]
        for index in candidates:
            found = [_COLUMN_NUMBER.match(tidy(text)) for text in self._row(index) if text]
            numbers = [int(hit[1]) for hit in found if hit and hit[1].isdigit()]
            if all(found) and len(numbers) >= 2 and _run_on(numbers):
                self._kinds[index] = RowKind.COLUMN_NUMBER

    def _mark_totals(self) -> None:
        """Rows that a word of totals begins and that hold nothing else than quantities."""
        words = self._match.profile.total_words
        pattern = total_words_pattern(words)
        columns = [_first_texts(self._body)]
        columns += [self._body.column(position) for position in self._match.block.head_positions[1:2]]
        find = _find_lettered if all(word[0].isalpha() for word in words) else _find
        looks = np.logical_or.reduce([find(column, pattern) for column in columns])
        places = np.flatnonzero(looks & (self._kinds == RowKind.DATA))
        for position in self._keys[:1]:
            if self._parse.get(position) == "code":
                keys = as_strings(self._body.column(position).take(pa.array(places)))
                places = places[~to_mask(pc.match_substring_regex(keys, SHAPES["code"]))]
        for index in places:
            if self._is_total(self._row(index), words):
                self._kinds[index] = RowKind.TOTAL

    def _is_total(self, row: Row, words: Sequence[str]) -> bool:
        filled = [position for position, text in enumerate(row) if text]
        if len(filled) > 1 and OUTLINE_NUMBER.match(str(row[filled[0]])):
            filled = filled[1:]
        label = str(row[filled[0]])
        if not is_total_label(label, words):
            return False
        beside = [str(row[position]) for position in filled[1:]]
        if not beside:
            # Alone a procedure's name may begin so; a label stands at the left, is bare, or says a number.
            at_left = rank_of(row, self._heads) < LEFT_RANKS
            return at_left or is_bare_total_label(label, words) or any(map(str.isdigit, label))
        is_bare = is_bare_total_label(label, words)
        return all(is_quantity(t) or t == label or (is_bare and _COUNTED.match(t)) for t in beside)

    def _mark_sparse_rows(self, is_keyed: Mask) -> None:
        """Group rows between records, the block of signatures and notes below them; all hold little but text."""
        is_open = self._kinds == RowKind.DATA
        is_record = is_open & is_keyed
        doubtful: dict[int, Row] = {}
        wide = is_open & ~is_keyed & (self._filled > SPARSE_CELLS)
        is_record |= wide & self._typed_rows(wide)
        for place in np.flatnonzero(is_open & ~is_record).tolist():
            row = self._row(place)
            if self._fills_others(row) or self._is_named(row):
                is_record[place] = True
            else:
                doubtful[place] = row
        for place, kind in tell_rows(
            self._body, self._match, self._kinds, is_record, doubtful, is_continued=self._is_continued
        ):
            self._kinds[place] = kind

    def _typed_rows(self, rows: Mask) -> Mask:
        """Of the given rows those with a day, code or amount where the profile has one."""
        typed = np.zeros(self._body.num_rows, bool)
        if rows.any():
            for position, parse in self._parse.items():
                if parse in _TYPED:
                    shape = SHAPES.get(parse, r"\d")
                    typed |= _find(self._body.column(position), shape)
        return typed

    def _is_named(self, row: Row) -> bool:
        """True for a line that a name identifies, not a code: a field of the software's own summary."""
        numbers = [p for p, parse in self._parse.items() if parse in ("count", "money")]
        return (
            self._match.profile.kind == "summary"
            and any(row[position] for position in self._keys)
            and any(row[position] and any(map(str.isdigit, str(row[position]))) for position in numbers)
        )

    def _fills_others(self, row: Row) -> bool:
        return len(self._others) > 1 and all(row[position] for position in self._others)

    def _group_names(self) -> pa.Array | None:
        groups = np.flatnonzero(self._kinds == RowKind.GROUP)
        if not len(groups):
            return None
        names: list[str] = []
        heading = ""
        for index in groups:
            text = tidy(" ".join(text for text in self._row(index) if text))
            # A month inside a field's group does not take the field away.
            if is_period(text):
                names.append(f"{heading} · {text}" if heading else text)
            else:
                heading = text
                names.append(text)
        # The number of group rows at or above a row, less one, is the place of its group; -1 has none.
        places = np.cumsum(self._kinds == RowKind.GROUP) - 1
        return pa.array(names, pa.string()).take(pa.array(places, mask=places < 0))

    def _row(self, index: int | np.integer) -> Row:
        return tuple(column[int(index)].as_py() for column in self._body.columns)


def _look_like_keys(column: pa.ChunkedArray) -> Mask:
    """Rows whose text is found by ``_KEY``; one word that ends with a number is, whatever else it says."""
    if is_repeating(column):
        return _find(column, _KEY)
    looks = np.concatenate([np.zeros(0, bool), *map(are_words_with_number, column.chunks)])
    others = np.flatnonzero(~looks)
    if len(others):
        looks[others] = _find(column.take(pa.array(others)), _KEY)
    return looks


def _places_of_texts(column: pa.ChunkedArray, texts: Sequence[str]) -> Places:
    """Rows whose text in lower case is one of those."""
    wanted = pa.array(texts, pa.string())

    def _is_one(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        return pc.is_in(pc.utf8_lower(values), value_set=wanted)

    if is_repeating(column) or any(text[0].isdecimal() for text in texts):
        return np.flatnonzero(to_mask(on_texts(column, _is_one)))
    rows = _without_digit(column)
    return rows[to_mask(_is_one(column.take(pa.array(rows))))] if len(rows) else rows


def _find(column: pa.ChunkedArray, pattern: str) -> Mask:
    return to_mask(match(column, pattern))


def _find_lettered(column: pa.ChunkedArray, pattern: str) -> Mask:
    """Rows in which the pattern is found, which no text has that begins with a digit."""
    if is_repeating(column):
        return _find(column, pattern)
    looks = np.zeros(len(column), bool)
    rows = _without_digit(column)
    if len(rows):
        looks[rows] = _find(column.take(pa.array(rows)), pattern)
    return looks


def _without_digit(column: pa.ChunkedArray) -> Places:
    starts = np.cumsum([0, *map(len, column.chunks)])
    found = [begin_without_digit(chunk) + start for chunk, start in zip(column.chunks, starts, strict=False)]
    return np.concatenate([np.zeros(0, np.intp), *found])


def _first_texts(body: pa.Table) -> pa.ChunkedArray:
    """The leftmost text of each row."""
    columns = body.columns
    # What stands right of a column without gaps is never the first.
    last = next((place for place, column in enumerate(columns) if not column.null_count), len(columns) - 1)
    return columns[0] if last == 0 else pc.coalesce(*(as_strings(column) for column in columns[: last + 1]))


def _folded_texts(row: Row) -> dict[int, str]:
    return {position: fold(text) for position, text in enumerate(row) if text}


def _run_on(numbers: Sequence[int]) -> bool:
    return numbers[0] in (1, 2) and all(b == a + 1 for a, b in pairwise(numbers))
