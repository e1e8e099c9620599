"""The rules of a dossier, written once more for DuckDB, pandera and pointblank, as their users would write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from expectations.derived import CODE_PARTS_PATTERN
from expectations.params import RuleParams
from transforms.readers.owner_unit import FILING_ANYWHERE_FROM
from transforms.schema.tables import DOSSIER_CODE_PATTERN, PROCEDURE_CODE_PATTERN

_CODE = "regexp_extract(dossier_code, '{pattern}', ['agency', 'day'])"


def sql_rules(params: RuleParams) -> dict[str, str]:
    """Rule code → SQL that is true where a row fails; ``agency``, ``expected``, ``day`` and ``copies`` are derived."""
    as_of = f"DATE '{params.as_of}'"
    return {
        "dossier.unit_code.missing": "unit_code IS NULL",
        "dossier.dossier_code.missing": "dossier_code IS NULL",
        "dossier.dossier_code.malformed": "dossier_code IS NOT NULL AND agency = ''",
        "dossier.procedure_code.malformed": f"NOT regexp_matches(procedure_code, '{PROCEDURE_CODE_PATTERN}')",
        "dossier.status_code.not_in_list": "status_code NOT BETWEEN 1 AND 10",
        "dossier.channel_code.not_in_list": "channel_code NOT BETWEEN 1 AND 3",
        "dossier.copies_count.too_small": "copies_count < 1",
        "dossier.due_date.missing": "due_date IS NULL AND (status_code IS NULL OR status_code NOT IN (1, 3))",
        "dossier.resolved_date.missing": "resolved_date IS NULL AND status_code IN (9, 10)",
        "dossier.status.not_closed": "resolved_date IS NOT NULL AND status_code NOT IN (7, 9, 10)",
        "dossier.status.not_returned": "returned_date IS NOT NULL AND status_code NOT IN (7, 10)",
        "dossier.filed_date.after_received": "received_date < filed_date",
        "dossier.due_date.before_received": "due_date < received_date",
        "dossier.resolved_date.before_received": "resolved_date < received_date",
        "dossier.returned_date.before_resolved": "returned_date < resolved_date",
        "dossier.returned_date.before_received": "resolved_date IS NULL AND returned_date < received_date",
        "dossier.filed_date.in_future": f"filed_date > {as_of}",
        "dossier.received_date.in_future": f"received_date > {as_of}",
        "dossier.resolved_date.in_future": f"resolved_date > {as_of}",
        "dossier.returned_date.in_future": f"returned_date > {as_of}",
        "dossier.code.foreign_unit": f"agency <> '' AND received_date < DATE '{FILING_ANYWHERE_FROM}' AND agency <> expected",
        "dossier.code.other_day": "agency <> '' AND right(day, 6) <> strftime(received_date, '%y%m%d')",
        "dossier.dossier_code.duplicate": "copies > 1",
    }


def count_with_duckdb(dossiers: pa.Table, params: RuleParams) -> dict[str, int]:
    """Rule code → failing rows; every failing row is fetched with the rules that it fails."""
    import duckdb

    rules = sql_rules(params)
    agencies = pa.table(
        {"unit_code": list(params.agency_codes), "expected": list(params.agency_codes.values())}
    )
    pattern = CODE_PARTS_PATTERN.replace("(?:[A-Z0-9]{0,2}", "(?:[A-Z0-9]{0,2}")
    with duckdb.connect() as connection:
        connection.register("dossiers", dossiers)
        connection.register("agencies", agencies)
        flags = ", ".join(f"coalesce({sql}, false) AS r{place}" for place, sql in enumerate(rules.values()))
        failing = connection.sql(
            f"""WITH parts AS (SELECT *, regexp_extract(dossier_code, '{pattern}', ['agency', 'day']) AS code,
                       count(*) OVER (PARTITION BY _delivery_id, unit_code, dossier_code) AS copies FROM dossiers),
                 named AS (SELECT parts.*, code.agency AS agency, code.day AS day, expected
                           FROM parts LEFT JOIN agencies USING (unit_code)),
                 judged AS (SELECT _row, unit_code, dossier_code, {flags} FROM named)
            SELECT * FROM judged WHERE {" OR ".join(f"r{place}" for place in range(len(rules)))}"""
        ).to_arrow_table()
    return {code: failing[f"r{place}"].combine_chunks().true_count for place, code in enumerate(rules)}


def as_polars(dossiers: pa.Table) -> Any:
    """The rows as pandera and pointblank like them best."""
    import polars as pl

    return pl.from_arrow(dossiers)


def polars_rules(params: RuleParams) -> Mapping[str, Any]:
    """Rule code → Polars expression that is true where a row fails; null where it says nothing."""
    import polars as pl

    code, status, received = pl.col("dossier_code"), pl.col("status_code"), pl.col("received_date")
    filed, due, end, back = (pl.col(f"{name}_date") for name in ("filed", "due", "resolved", "returned"))
    agency = code.str.extract(CODE_PARTS_PATTERN, 1)
    day = code.str.extract(CODE_PARTS_PATTERN, 2).str.slice(-6)
    expected = pl.col("unit_code").replace_strict(dict(params.agency_codes), default=None)
    return {
        "dossier.unit_code.missing": pl.col("unit_code").is_null(),
        "dossier.dossier_code.missing": code.is_null(),
        "dossier.dossier_code.malformed": ~code.str.contains(DOSSIER_CODE_PATTERN),
        "dossier.procedure_code.malformed": ~pl.col("procedure_code").str.contains(PROCEDURE_CODE_PATTERN),
        "dossier.status_code.not_in_list": ~status.is_between(1, 10),
        "dossier.channel_code.not_in_list": ~pl.col("channel_code").is_between(1, 3),
        "dossier.copies_count.too_small": pl.col("copies_count") < 1,
        "dossier.due_date.missing": due.is_null() & ~status.is_in([1, 3]).fill_null(value=False),
        "dossier.resolved_date.missing": end.is_null() & status.is_in([9, 10]),
        "dossier.status.not_closed": end.is_not_null() & ~status.is_in([7, 9, 10]),
        "dossier.status.not_returned": back.is_not_null() & ~status.is_in([7, 10]),
        "dossier.filed_date.after_received": received < filed,
        "dossier.due_date.before_received": due < received,
        "dossier.resolved_date.before_received": end < received,
        "dossier.returned_date.before_resolved": back < end,
        "dossier.returned_date.before_received": end.is_null() & (back < received),
        "dossier.filed_date.in_future": filed > params.as_of,
        "dossier.received_date.in_future": received > params.as_of,
        "dossier.resolved_date.in_future": end > params.as_of,
        "dossier.returned_date.in_future": back > params.as_of,
        "dossier.code.foreign_unit": (agency != expected) & (received < FILING_ANYWHERE_FROM),
        "dossier.code.other_day": day != received.dt.strftime("%y%m%d"),
        "dossier.dossier_code.duplicate": pl.struct(
            "_delivery_id", "unit_code", "dossier_code"
        ).is_duplicated(),
    }


def count_with_pandera(dossiers: Any, params: RuleParams) -> dict[str, int]:
    """Rule code → failing rows, from one lazy validation with all its failure cases."""
    import pandera.polars as pandera
    import polars as pl

    def passes(rule: Any) -> Any:
        return lambda data: data.lazyframe.select((~rule).fill_null(value=True).alias("passes"))

    rules = polars_rules(params)
    schema = pandera.DataFrameSchema(
        checks=[pandera.Check(passes(rule), name=code) for code, rule in rules.items()]
    )
    try:
        schema.validate(dossiers, lazy=True)
    except pandera.errors.SchemaErrors as found:
        counts = found.failure_cases.group_by("check").len()
        failing = dict(counts.iter_rows())
    else:
        failing = {}
    assert isinstance(pl.DataFrame, type)
    return {code: failing.get(code, 0) for code in rules}


def count_with_pointblank(dossiers: Any, params: RuleParams) -> dict[str, int]:
    """Rule code → failing rows, from one interrogation with an extract of every failing row."""
    import pointblank as pb

    rules = polars_rules(params)
    validation = pb.Validate(data=dossiers)
    for rule in rules.values():
        validation = validation.col_vals_expr(expr=(~rule).fill_null(value=True))
    validation = validation.interrogate(collect_extracts=True, get_first_n=None, extract_limit=10**9)
    extracts = validation.get_data_extracts()
    return {
        code: len(extracts[place]) if extracts.get(place) is not None else 0
        for place, code in enumerate(rules, start=1)
    }
