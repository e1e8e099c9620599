"""Resolving and receiving unit of each row of a list of dossiers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import Source, tidied
from transforms.findings import Finding
from transforms.readers.unit_names import UnitNames
from transforms.readers.values import parse_unique


def resolve_row_units(source: Source, subjects: pa.Array) -> tuple[dict[str, pa.Array], tuple[Finding, ...]]:
    """``unit_code`` and ``receiving_unit_code`` of each row, and what is doubtful about them.

    Rows belong to the delivery's unit. Only a file of a higher body (a district's list of its communes)
    gives each row to the unit that it names; anywhere else another unit's name is the finding
    ``<kind>.unit.foreign``. A receiving unit that the catalogue does not know is
    ``<kind>.receiving_unit.unknown``. ``subjects``: what to call a row.
    """
    kind = source.raw.kind
    names = UnitNames(source.catalogue, source.exported_at.date())
    resolving_text = tidied(source.text("resolving_unit_name", "unit_code"))
    receiving_text = tidied(source.text("receiving_unit_name", "receiving_unit_code"))
    named = parse_unique(resolving_text, names.find, pa.string())[0]
    receiving = parse_unique(receiving_text, names.find, pa.string())[0]
    below = [unit.code for unit in source.catalogue.units if source.unit_code in names.ancestors(unit.code)]
    is_below = pc.is_in(named, value_set=pa.array(below, pa.string()))
    own = pa.repeat(pa.scalar(source.unit_code, pa.string()), len(subjects))
    foreign = pc.fill_null(pc.and_(pc.not_equal(named, source.unit_code), pc.invert(is_below)), False)
    unknown = pc.and_(pc.is_valid(receiving_text), pc.is_null(receiving))
    findings = (
        *source.find(f"{kind}.unit.foreign", "unit_code", foreign, subjects, resolving_text),
        *source.find(
            f"{kind}.receiving_unit.unknown", "receiving_unit_code", unknown, subjects, receiving_text
        ),
    )
    return {"unit_code": pc.if_else(is_below, named, own), "receiving_unit_code": receiving}, findings
