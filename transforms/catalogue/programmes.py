"""What the six fields of administrative reform are called, from when to when: ``programmes.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import read_rows

PROGRAMMES_FILE = "programmes.csv"
REFORM_FIELDS = ("institutions", "procedures", "organisation", "civil_service", "finance", "egovernment")
"""The six fields in the order of both programmes."""


@dataclass(frozen=True, slots=True)
class ReformField:
    """The name of one of the six fields under one programme (NQ 30c/NQ-CP, NQ 76/NQ-CP; DOMAIN.md 5.1)."""

    field_id: str
    """One of ``REFORM_FIELDS``."""
    name: str
    valid_from: date
    valid_to: date | None
    source: str


def parse_programmes(content: bytes, file: str, problems: Problems) -> tuple[ReformField, ...]:
    """The names of a CSV file in its order."""
    columns = ("field_id", "name", "valid_from", "valid_to", "source")
    return tuple(
        ReformField(
            row.one_of("field_id", REFORM_FIELDS),
            row.required("name"),
            row.day("valid_from") or date.min,
            row.day("valid_to"),
            row.required("source"),
        )
        for row in read_rows(content, file, columns, (), problems)
    )


def reform_field_names(fields: Sequence[ReformField], day: date) -> Mapping[str, str]:
    """Field id → its name on that day: that of the programme in force, else of the last before it, else of the first."""
    names: dict[str, str] = {}
    for field_id in REFORM_FIELDS:
        known = sorted((f for f in fields if f.field_id == field_id), key=lambda field: field.valid_from)
        begun = [field for field in known if field.valid_from <= day]
        if known:
            names[field_id] = (begun[-1] if begun else known[0]).name
    return names
