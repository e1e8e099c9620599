"""Rows of the software's own overdue list as typed records."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled, Refusal, assemble_rows, find_repeats
from transforms.canonical.dates import read_dates, refuse_dates
from transforms.canonical.source import Source, tidied_codes
from transforms.canonical.units import resolve_row_units
from transforms.findings import Finding

DATE_COLUMNS = ("received_date", "due_date", "resolved_date")


def canonicalise_overdue(source: Source) -> tuple[Assembled, tuple[Finding, ...]]:
    """Typed lines of one overdue list and what is doubtful about them.

    Set apart: lines without a dossier code, with a date that does not exist, or without any date, which
    say nothing. Of lines with the same code the later one wins (``overdue.code.repeated``). Remarks are
    not read.
    """
    codes = tidied_codes(source.text("dossier_code"))
    dates, impossible = read_dates(source, DATE_COLUMNS)
    units, unit_findings = resolve_row_units(source, codes)
    no_date = pc.and_(pc.is_null(dates["received_date"]), pc.is_null(dates["due_date"]))
    no_date = pc.and_(no_date, pc.is_null(dates["resolved_date"]))
    for mask in impossible.values():
        no_date = pc.and_(no_date, pc.invert(mask))  # an impossible day is its own reason
    refusals = (
        Refusal("overdue.code.missing", "dossier_code", pc.is_null(codes)),
        *refuse_dates(source, impossible),
        Refusal("overdue.dates.missing", "due_date", no_date),
    )
    columns = {**dates, "unit_code": units["unit_code"], "dossier_code": codes}
    assembled = assemble_rows(source, columns, refusals, codes)
    same = pa.repeat(pa.scalar(False), assembled.repeat.earlier.num_rows)
    repeated = "overdue.code.repeated"
    repeats = find_repeats(source, assembled.repeat, same, (repeated, repeated), ("dossier_code", "due_date"))
    return assembled, (*unit_findings, *repeats)
