"""Cells are trimmed, and what holds nothing is null, in every piece of a column."""

from __future__ import annotations

import pyarrow as pa
import pytest

from transforms.readers.sheet import CellCollector, clean_cells


@pytest.mark.parametrize(
    ("texts", "cleaned"),
    [
        (["a", "b"], ["a", "b"]),
        ([" a\u00a0", "\u200b", None, "", "ế\n"], ["a", None, None, None, "ế"]),
        (["", "", ""], [None, None, None]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_texts_are_trimmed_and_blank_ones_null(texts: list[str | None], cleaned: list[str | None]) -> None:
    column = clean_cells(pa.chunked_array([pa.array(texts, pa.string()), pa.array(["x", *texts]).slice(1)]))
    assert column.to_pylist() == cleaned * 2
    assert column.null_count == 2 * cleaned.count(None)
    column.validate(full=True)


def test_rows_given_one_by_one_and_as_columns_keep_their_order_and_numbers() -> None:
    collector = CellCollector()
    collector.add(1, ["Mã", "Tên"])
    collector.add_columns(2, [pa.array(["a", "", "c"]), pa.array(["1", "", None]), pa.array(["", "", "z"])])
    collector.add(6, ["d"])
    sheet = collector.build("A")
    assert sheet.row_numbers.to_pylist() == [1, 2, 4, 6]
    assert sheet.cells.to_pydict() == {
        "c0": ["Mã", "a", "c", "d"],
        "c1": ["Tên", "1", None, None],
        "c2": [None, None, "z", None],
    }
