"""Rows below a header told apart: records, and rows that only give the sheet its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import HeaderMatch, Row
from transforms.text_vi import fold, tidy

IDENTIFYING = {
    "dossier": ("dossier_code",),
    "fee": ("dossier_code", "receipt_number"),
    "document": ("symbol", "register_number"),
    "supplement": ("item_id",),
}
"""Source columns of which one names the record; the first is its key."""

_SPARSE_CELLS = 3
_GROUP_POSITIONS = 2
_HAS_LETTER = re.compile(r"[^\W\d_]")
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2}|[A-Z])\)?(?:\s*=.*)?$")
_COLUMN_NUMBER_ARROW = r"^\s*\(?(\d{1,2}|[A-Z])\)?(\s*=.*)?\s*$"
_OUTLINE_NUMBER = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)/]?$")
_KEY_TOKEN = re.compile(r"^[a-z][a-z0-9_.]*$")
_DATE = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$|^\d{4}-\d{2}-\d{2}")


class RowKind(IntEnum):
    """What a row below the header is."""

    DATA = 0
    HEADER = 1
    COLUMN_NUMBER = 2
    GROUP = 3
    TOTAL = 4
    SIGNATURE = 5


@dataclass(frozen=True, slots=True)
class SplitRows:
    """``kinds``: one RowKind per row. ``group_names``: text of the group row above each row, or null."""

    kinds: np.ndarray[tuple[int], np.dtype[np.int8]]
    group_names: pa.Array | None


def split_rows(body: pa.Table, match: HeaderMatch) -> SplitRows:
    """Kind of every row below the header.

    Whole columns are masked first; only the few rows that could be something else than a record are
    looked at one by one. A row that fits no kind is a record, so that it is set apart later and named,
    never lost here.
    """
    return _Splitter(body, match).split()


class _Splitter:
    def __init__(self, body: pa.Table, match: HeaderMatch) -> None:
        self._body = body
        self._match = match
        self._kinds = np.zeros(body.num_rows, np.int8)
        self._filled = np.zeros(body.num_rows, np.int16)
        for column in body.columns:
            self._filled += _mask(pc.is_valid(column))
        names = [name for name in IDENTIFYING[match.profile.kind] if name in match.positions]
        self._keys = [match.positions[name][0] for name in names]
        self._others = [
            match.positions[column.name][0]
            for column in match.profile.columns
            if column.is_required and column.name in match.positions and column.name not in names
        ]

    def split(self) -> SplitRows:
        if self._body.num_rows:
            self._mark_repeated_headers()
            self._mark_column_numbers()
            self._mark_totals()
            self._mark_sparse_rows()
        return SplitRows(self._kinds, self._group_names())

    def _mark_repeated_headers(self) -> None:
        """Pages printed into one sheet repeat the header."""
        for header in self._match.block.rows:
            texts = {position: text for position, text in enumerate(header) if text}
            position, text = next(iter(texts.items()))
            for index in np.flatnonzero(_mask(pc.equal(self._body.column(position), text))):
                row = self._row(index)
                if len(texts) > 1 and {p: t for p, t in enumerate(row) if t} == texts:
                    self._kinds[index] = RowKind.HEADER

    def _mark_column_numbers(self) -> None:
        """A row "(1) (2) …" or "1 2 3 …" or "A B 1 2 …": numbers that run on without a gap."""
        candidates = np.flatnonzero(self._filled >= _SPARSE_CELLS)
        for position in self._keys + self._others:
            if not len(candidates):
                return
            column = self._body.column(position).take(pa.array(candidates))
            fits = pc.fill_null(pc.match_substring_regex(column, _COLUMN_NUMBER_ARROW), True)
            candidates = candidates[_mask(fits)]
        for index in candidates:
            found = [_COLUMN_NUMBER.match(tidy(text)) for text in self._row(index) if text]
            numbers = [int(hit[1]) for hit in found if hit and hit[1].isdigit()]
            if all(found) and len(numbers) >= 2 and _run_on(numbers):
                self._kinds[index] = RowKind.COLUMN_NUMBER

    def _mark_totals(self) -> None:
        """Rows whose first text is a word of totals and that name no record."""
        pattern = _words_pattern(self._match.profile.total_words)
        first_text = pc.coalesce(*self._body.columns)
        for index in np.flatnonzero(
            _mask(pc.fill_null(pc.match_substring_regex(first_text, pattern), False))
        ):
            row = self._row(index)
            first = next(position for position, text in enumerate(row) if text)
            names_record = bool(self._keys) and row[self._keys[0]] and first != self._keys[0]
            if not names_record and _is_total(str(row[first]), self._match.profile.total_words):
                self._kinds[index] = RowKind.TOTAL

    def _mark_sparse_rows(self) -> None:
        """Group rows above the last record, signature rows below it; both hold little but text."""
        is_keyed = np.zeros(self._body.num_rows, bool)
        for position in self._keys:
            is_keyed |= _mask(pc.is_valid(self._body.column(position)))
        is_open = self._kinds == RowKind.DATA
        is_sparse = is_open & (self._filled <= _SPARSE_CELLS)
        is_record = is_open & is_keyed & ~is_sparse
        doubtful: list[tuple[int, Row]] = []
        for index in np.flatnonzero(is_sparse):
            row = self._row(index)
            if self._names_record(row):
                is_record[index] = True
            else:
                doubtful.append((int(index), row))
        records = np.flatnonzero(is_record)
        last_record = int(records[-1]) if len(records) else -1
        for place, row in doubtful:
            if place > last_record:
                if all(_HAS_LETTER.search(text) for text in row if text) and not self._fills_others(row):
                    self._kinds[place] = RowKind.SIGNATURE
            elif self._is_group(row):
                self._kinds[place] = RowKind.GROUP

    def _names_record(self, row: Row) -> bool:
        """True when an identifying cell reads like a key and not like a heading that lies in its column."""
        for position in self._keys:
            text = row[position]
            if text and (_KEY_TOKEN.match(text) or (any(map(str.isdigit, text)) and len(text.split()) <= 2)):
                others = [position for position, other in enumerate(row) if other]
                return not (len(others) == 1 and _DATE.match(text))
        return self._fills_others(row)

    def _fills_others(self, row: Row) -> bool:
        return len(self._others) > 1 and all(row[position] for position in self._others)

    def _is_group(self, row: Row) -> bool:
        filled = [position for position, text in enumerate(row) if text]
        texts = [str(row[position]) for position in filled]
        if filled[0] >= _GROUP_POSITIONS:
            return False
        if len(filled) == 1:
            return bool(_HAS_LETTER.search(texts[0]) or _DATE.match(texts[0]))
        return (
            len(filled) == _GROUP_POSITIONS
            and filled == [0, 1]
            and bool(_OUTLINE_NUMBER.match(texts[0]) and _HAS_LETTER.search(texts[1]))
        )

    def _group_names(self) -> pa.Array | None:
        groups = np.flatnonzero(self._kinds == RowKind.GROUP)
        if not len(groups):
            return None
        names = pa.array([tidy(" ".join(text for text in self._row(index) if text)) for index in groups])
        # The number of group rows at or above a row, less one, is the place of its group; -1 has none.
        places = np.cumsum(self._kinds == RowKind.GROUP) - 1
        return names.take(pa.array(places, mask=places < 0))

    def _row(self, index: int | np.integer) -> Row:
        return tuple(column[int(index)].as_py() for column in self._body.columns)


def _mask(values: pa.ChunkedArray | pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    result: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.asarray(
        pc.fill_null(values, False).to_numpy(zero_copy_only=False)
        if isinstance(values, pa.Array)
        else pc.fill_null(values, False).to_numpy(),
        dtype=bool,
    )
    return result


def _run_on(numbers: Sequence[int]) -> bool:
    return numbers[0] in (1, 2) and all(b == a + 1 for a, b in pairwise(numbers))


def _is_total(text: str, words: Iterable[str]) -> bool:
    folded = fold(text)
    for word in words:
        if folded == word:
            return True
        # One word alone is not enough: "Công chứng" folds to the same beginning as "Cộng".
        is_word = " " in word or tidy(text).casefold().startswith("cộng")
        if is_word and folded.startswith(word + " "):
            return True
    return False


def _words_pattern(words: Iterable[str]) -> str:
    """Regular expression that finds folded words at the start of text with its diacritics still on."""
    starts = "|".join(r"[^\pL\pN]+".join(_letters_pattern(part) for part in word.split()) for word in words)
    return rf"(?i)^[^\pL\pN]*(?:{starts})(?:[^\pL\pN]|$)"


def _letters_pattern(word: str) -> str:
    return "".join(f"[{letter}{_VARIANTS.get(letter, '')}]" for letter in word)


def _letter_variants() -> dict[str, str]:
    variants: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        folded = fold(chr(code))
        if len(folded) == 1:
            variants[folded] = variants.get(folded, "") + chr(code)
    return variants


_VARIANTS = _letter_variants()
