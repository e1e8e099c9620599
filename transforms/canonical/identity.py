"""Whether two rows with one dossier code are about one dossier."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import folded

TWO_DOSSIERS = "dossier.code.two_dossiers"
"""Finding: one code stands for two dossiers; its places name the rows of both."""


def is_other_dossier(one: pa.Table, other: pa.Table) -> pa.Array:
    """True where two rows with the same code are two dossiers, row beside row; never null.

    They are when both the procedure and the day of reception differ: a one-stop counter gives a code once
    (TT 01/2018/TT-VPCP, Điều 19), and what is typed wrong and mended later is one of the two, hardly both.
    Procedures are compared by their core code where both rows have one, else by their folded names. A value
    that one of the rows lacks is no difference; status, due day and end change in the life of one dossier.
    Both tables have the columns of ``DOSSIER``.
    """
    by_code = pc.not_equal(one["procedure_code"], other["procedure_code"])
    names = [folded(_one_piece(rows["procedure_name"])) for rows in (one, other)]
    by_name = pc.not_equal(*names)
    by_day = pc.not_equal(one["received_date"], other["received_date"])
    return pc.and_(
        pc.fill_null(pc.coalesce(_one_piece(by_code), by_name), False),
        pc.fill_null(_one_piece(by_day), False),
    )


def _one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
