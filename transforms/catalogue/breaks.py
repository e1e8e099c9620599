"""Days on which a series changed its meaning: ``breaks.csv``."""

from __future__ import annotations

from datetime import date

from transforms.catalogue.model import Break
from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import read_rows
from transforms.catalogue.units import LEVEL_DIGITS

BREAKS_FILE = "breaks.csv"
BREAK_SUBJECTS = ("dossier", "fee", "document")
"""What a break is about: dossiers, money collected, documents."""


def parse_breaks(content: bytes, file: str, problems: Problems) -> tuple[Break, ...]:
    """The breaks of a CSV file by day; one about the same units and subject twice on a day is a problem."""
    found: dict[tuple[date, str, str], Break] = {}
    for row in read_rows(content, file, ("date", "level", "subject", "note", "source"), (), problems):
        if not row.text("date"):
            row.required("date")
        day = row.day("date") or date.min
        entry = Break(
            day,
            row.one_of("level", LEVEL_DIGITS),
            row.one_of("subject", BREAK_SUBJECTS),
            row.required("note"),
            row.required("source"),
        )
        key = (entry.day, entry.level, entry.subject)
        if key in found:
            row.problems.add(row.where, "mốc thay đổi này bị lặp lại.")
        found[key] = entry
    return tuple(found[key] for key in sorted(found))
