"""Rows that hold little but text: headings of groups, titles printed again, remarks, the block of signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.header import HeaderMatch, Row, head_rows
from transforms.readers.repeating import as_strings
from transforms.readers.row_kinds import (
    LEFT_RANKS,
    SPARSE_CELLS,
    Kinds,
    Mask,
    RowKind,
    joined,
    rank_of,
    to_mask,
)
from transforms.readers.row_texts import (
    HAS_LETTER,
    OUTLINE_NUMBER,
    is_group_heading,
    is_note,
    is_period,
    is_place_and_day,
    is_quantity,
    is_signing,
)
from transforms.text_vi import fold, tidy


def tell_rows(
    body: pa.Table,
    match: HeaderMatch,
    kinds: Kinds,
    is_record: Mask,
    doubtful: Mapping[int, Row],
    *,
    is_continued: bool,
) -> Iterator[tuple[int, RowKind]]:
    """Place and kind of every doubtful row: those without a key, a day or an amount where one should be.

    ``kinds``: what is known of all rows so far; ``is_record``: the rows that are records for certain.
    What a row is depends on where it stands: the same name is a group between records and a signatory
    below the last one. A doubtful row that fits no kind is a record.
    """
    records = np.flatnonzero(is_record)
    last_record = int(records[-1]) if len(records) else -1
    with_gaps = _records_with_gaps(body, doubtful, is_record)
    teller = _Teller(body, match, kinds, is_continued)
    for run in _runs(list(doubtful), kinds):
        found = teller.kinds_of_run(run, doubtful, with_gaps, is_last=run[0] > last_record)
        yield from zip(run, found, strict=True)


class _Teller:
    def __init__(self, body: pa.Table, match: HeaderMatch, kinds: Kinds, is_continued: bool) -> None:
        self._body = body
        self._match = match
        self._kinds = kinds
        self._is_continued = is_continued
        self._heads = match.block.head_positions

    def kinds_of_run(
        self, run: Sequence[int], rows: Mapping[int, Row], with_gaps: frozenset[int], *, is_last: bool
    ) -> list[RowKind]:
        """Kinds of rows without a record between them; ``is_last``: no record follows."""
        # What stands over a header printed again, or at the top of a sheet that goes on, are titles; but a
        # text right above the first record of such a sheet heads a group.
        before_header = run[-1] + 1 < len(self._kinds) and self._kinds[run[-1] + 1] == RowKind.HEADER
        at_top = self._is_continued and run[0] == 0
        kinds: list[RowKind] = []
        is_signing_on = False
        for index in run:
            above_header = before_header or (at_top and index < run[-1])
            kind = RowKind.DATA
            if index not in with_gaps:
                kind = self._kind_of(
                    rows[index], is_last=is_last, above_header=above_header, is_signing_on=is_signing_on
                )
            is_signing_on = kind is RowKind.SIGNATURE or (is_signing_on and kind is not RowKind.DATA)
            kinds.append(kind)
        return kinds

    def _kind_of(self, row: Row, *, is_last: bool, above_header: bool, is_signing_on: bool) -> RowKind:
        texts = [text for text in row if text]
        if (is_last or above_header) and joined(row) in self._titles:
            return RowKind.TITLE
        at_left = rank_of(row, self._heads) < LEFT_RANKS
        may_sign = is_last or above_header or len(texts) > 1 or not at_left
        if may_sign and any(map(is_signing, texts)) and not any(text.isdigit() for text in texts):
            return RowKind.SIGNATURE
        if is_note(texts[0]) and len(texts) <= SPARSE_CELLS:
            return RowKind.NOTE
        if any(is_place_and_day(text) for text in texts) and (is_last or len(fold(texts[-1]).split()) > 6):
            return RowKind.SIGNATURE
        is_words = all(HAS_LETTER.search(text) for text in texts)
        if len(texts) > SPARSE_CELLS:
            return RowKind.SIGNATURE if is_signing_on and is_words else RowKind.DATA
        if self._is_group(row, is_strict=is_last or above_header or is_signing_on):
            return RowKind.GROUP
        if is_words:
            if is_signing_on:
                return RowKind.SIGNATURE
            if above_header:
                return RowKind.TITLE
            if is_last and len(texts) == 1:
                return RowKind.NOTE
        return RowKind.DATA

    def _is_group(self, row: Row, *, is_strict: bool) -> bool:
        """A heading at the left, with its outline number before it or a count behind it."""
        if rank_of(row, self._heads) >= LEFT_RANKS:
            return False
        texts = [tidy(text) for text in row if text]
        is_outlined = len(texts) > 1 and bool(OUTLINE_NUMBER.match(texts[0]))
        is_counted_off = len(texts) > 1 and texts[0].rstrip(".").isdigit() and is_group_heading(texts[1])
        label, *beside = texts[1:] if is_outlined or is_counted_off else texts
        if not (HAS_LETTER.search(label) or is_period(label)) or not all(map(is_quantity, beside)):
            return False
        is_headed = is_outlined or is_counted_off or is_group_heading(label)
        return is_headed if is_strict or beside else True

    @cached_property
    def _titles(self) -> frozenset[str]:
        """Folded titles above the header, which a later page may repeat."""
        rows = head_rows(self._match.sheet, self._match.block.start)
        if self._is_continued and self._body.num_rows >= self._match.sheet.cells.num_rows:
            return frozenset()
        return frozenset(joined(row) for row in rows)


def _records_with_gaps(body: pa.Table, doubtful: Mapping[int, Row], is_record: Mask) -> frozenset[int]:
    """Of the doubtful rows those of which two cells stand in the same columns of records too."""
    several = {index: row for index, row in doubtful.items() if sum(map(bool, row)) > 1}
    shared = Counter[int]()
    for position in range(body.num_columns):
        texts = sorted({text for row in several.values() if (text := row[position])})
        if not texts:
            continue
        column = as_strings(body.column(position))
        same = to_mask(pc.is_in(column, value_set=pa.array(texts, pa.string()))) & is_record
        found = set(pc.unique(column.filter(pa.array(same))).to_pylist()) if same.any() else set()
        shared.update(index for index, row in several.items() if row[position] in found)
    return frozenset(index for index, count in shared.items() if count > 1)


def _runs(indices: Sequence[int], kinds: Kinds) -> list[list[int]]:
    """Indices with nothing but totals between them."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and (kinds[runs[-1][-1] + 1 : index] == RowKind.TOTAL).all():
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
