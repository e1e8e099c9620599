"""Findings about two rows at once: what one source says against what another does."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import tidied
from transforms.findings import Finding, Place

_SHOWN_FILES = 3
_PLACE = ("_file", "_sheet", "_row", "dossier_code")


def find_pairs(
    code: str, kind: str, column: str, one: pa.Table, other: pa.Table, file: str = ""
) -> tuple[Finding, ...]:
    """One finding per unit of ``other`` whose places name both rows of every pair, pair after pair.

    ``one`` and ``other`` run row beside row and may be of different kinds; both have ``column``, whose
    values are shown (a day as dd/mm/yyyy), ``unit_code``, ``dossier_code`` and provenance. ``file`` names
    the finding's file where one delivery raised it; each place names its own where there are several.
    Param ``dossiers``: how many codes the pairs are about.
    """
    if other.num_rows == 0:
        return ()
    units = pc.fill_null(other["unit_code"], "").to_pylist()
    pairs = sorted(
        zip(units, _rows(one, column), _rows(other, column), strict=True), key=lambda pair: (pair[0], pair[2])
    )
    findings = []
    for unit, group in groupby(pairs, key=itemgetter(0)):
        # A row that stands in several pairs is one place.
        rows = list(dict.fromkeys(row for _, *both in group for row in both))
        files = list(dict.fromkeys(row[0] for row in rows))
        shown = file or ", ".join(files[:_SHOWN_FILES])
        places = tuple(
            Place(sheet, number, subject, value, name if len(files) > 1 else "")
            for name, sheet, number, subject, value in rows
        )
        count = len({row[3] for row in rows})
        findings.append(Finding(code, unit, kind, shown, column, (("dossiers", count),), places))
    return tuple(findings)


def text_of(column: pa.ChunkedArray) -> pa.Array:
    """Values as a clerk reads them: a day as dd/mm/yyyy, empty for null."""
    is_day = pa.types.is_date(column.type)
    shown = pc.strftime(column, format="%d/%m/%Y") if is_day else tidied(column.cast(pa.string()))
    return pc.fill_null(shown, "")


def _rows(table: pa.Table, column: str) -> list[tuple[str, str, int, str, str]]:
    files, sheets, numbers, codes = (table[name] for name in _PLACE)
    texts = [pc.fill_null(values, "").to_pylist() for values in (files, sheets, codes)]
    shown = text_of(table[column]).to_pylist()
    return list(zip(texts[0], texts[1], pc.fill_null(numbers, 0).to_pylist(), texts[2], shown, strict=True))
