"""Rows of a CSV that an office keeps by itself: headers in its own words, notes between the lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import Row, decode_csv, read_records
from transforms.text_cells import unshield
from transforms.text_vi import fold, tidy

NOTE_MARK = "#"
"""A line whose first cell begins with it is a note to the reader."""


def read_labelled(
    content: bytes,
    file: str,
    headers: Mapping[str, tuple[str, ...]],
    required: Iterable[str],
    problems: Problems,
) -> list[Row]:
    """Rows by column name; sentences name the columns by the first of their header texts.

    ``headers``: column → header texts, compared without case and marks. Notes and blank lines are
    skipped. A file that is no CSV, a missing, unknown or repeated column are problems; then there is no row.
    """
    before = len(problems)
    try:
        records = read_records(decode_csv(content, file, problems))
    except csv.Error:
        problems.add(file, "tệp không phải dạng CSV hợp lệ.")
        return []
    records = [record for record in records if not record[1][0].startswith(NOTE_MARK)]
    if not records:
        return []
    labels = {column: texts[0] for column, texts in headers.items()}
    known = {fold(text): column for column, texts in headers.items() for text in texts}
    header_line, texts = records[0]
    header = [known.get(fold(text), "") for text in texts]
    where = f"{file} dòng {header_line}"
    for text, column in zip(texts, header, strict=True):
        if text and not column:
            problems.add(where, f"cột “{text}” không có trong mẫu của tệp này.")
        elif column and header.count(column) > 1:
            problems.add(where, f"cột “{labels[column]}” bị lặp lại.")
    for column in required:
        if column not in header:
            problems.add(where, f"thiếu cột “{labels[column]}”.")
    if len(problems) > before:
        return []
    return [
        Row(
            f"{file} dòng {line}",
            {c: tidy(unshield(cell)) for c, cell in zip(header, cells, strict=False) if c},
            problems,
            labels,
        )
        for line, cells in records[1:]
    ]
