"""Columns that a rule compares but no record holds: parts of the dossier code."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from expectations.params import RuleParams
from transforms.readers.owner_unit import FILING_ANYWHERE_FROM

CODE_AGENCY = "code_agency"
"""Agency identifier that prefixes the dossier code; null where the code is not well formed."""
EXPECTED_AGENCY = "expected_agency"
"""Agency identifier of the resolving unit; null where any prefix is allowed or none is known."""
CODE_DAY = "code_day"
"""Day in the dossier code as yymmdd; null where the code is not well formed."""
RECEIVED_DAY = "received_day"
"""Reception day as yymmdd."""
DERIVED_NAMES = (CODE_AGENCY, EXPECTED_AGENCY, CODE_DAY, RECEIVED_DAY)

# The groups of transforms.schema.tables.DOSSIER_CODE_PATTERN, with names; a test holds the two together.
CODE_PARTS_PATTERN = (
    r"^(?P<agency>(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,2})"
    r"-(?P<day>\d{6}|\d{8})-(?:[A-Z0-9]{0,2}\d{4,7})$"
)


def with_code_parts(dossiers: pa.Table, params: RuleParams) -> pa.Table:
    """The dossier table with ``DERIVED_NAMES`` appended (string columns); unchanged when it has them.

    An impossible day in a code, such as 211331, stays as text and so differs from every reception day.
    """
    if all(name in dossiers.column_names for name in DERIVED_NAMES):
        return dossiers
    parts = _one(pc.extract_regex(dossiers["dossier_code"], CODE_PARTS_PATTERN))
    agency = pc.struct_field(parts, "agency")
    # Newer codes write the year with four digits: the last six are yymmdd in both generations.
    day = pc.utf8_slice_codeunits(pc.struct_field(parts, "day"), -6)
    return (
        dossiers.append_column(CODE_AGENCY, agency)
        .append_column(EXPECTED_AGENCY, _expected_agency(dossiers, params))
        .append_column(CODE_DAY, day)
        .append_column(RECEIVED_DAY, _day_text(dossiers["received_date"]))
    )


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _expected_agency(dossiers: pa.Table, params: RuleParams) -> pa.Array:
    units = _one(dossiers["unit_code"]).dictionary_encode()
    agencies = pa.array([params.agency_codes.get(code) for code in units.dictionary.to_pylist()], pa.string())
    expected = agencies.take(units.indices)
    is_bound = pc.fill_null(pc.less(_one(dossiers["received_date"]), pa.scalar(FILING_ANYWHERE_FROM)), False)
    return pc.if_else(is_bound, expected, pa.scalar(None, pa.string()))


def _day_text(days: pa.ChunkedArray) -> pa.Array:
    encoded = _one(days).dictionary_encode()
    # Few distinct days: formatting them once is many times faster than formatting every row.
    return pc.strftime(encoded.dictionary, format="%y%m%d").take(encoded.indices)
