"""Every rule over 1 M dossiers with the failing rows complete: our masks, the same in DuckDB, pandera and pointblank."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks import night, rule_peers
from benchmarks.data import unit_codes, write_units
from benchmarks.measured import Figure, Measured, load, take_turns, time_of
from benchmarks.stores import UNITS, dossier_rows
from expectations.params import RuleParams, build_rule_params
from expectations.registry import rules_of
from expectations.runner import check_table, failing_rows, prepare_table
from pipelines.catalogue_files import load_workspace_catalogue
from transforms.schema.tables import DOSSIER


def measure(folder: Path, scale: float) -> Measured:
    """The row; RuntimeError where a peer finds other rows than we do."""
    rows, began = int(1_000_000 * scale), load()
    write_units(folder, unit_codes(UNITS))
    params = build_rule_params(load_workspace_catalogue(folder), night.AS_OF)
    table = _dossiers(rows)
    contestants: dict[str, Callable[[], dict[str, int]]] = {
        "Mot Cua, masks": partial(count_with_masks, table, params),
        "DuckDB, SQL": partial(rule_peers.count_with_duckdb, table, params),
        "pandera": partial(rule_peers.count_with_pandera, rule_peers.as_polars(table), params),
        "pointblank": partial(rule_peers.count_with_pointblank, rule_peers.as_polars(table), params),
    }
    expected = contestants["Mot Cua, masks"]()
    for name, count in contestants.items():
        if (found := count()) != expected:
            differing = {code: (n, found.get(code)) for code, n in expected.items() if found.get(code) != n}
            raise RuntimeError(f"{name} finds other rows: {differing}")
    times = take_turns(contestants)
    ours = times["Mot Cua, masks"].seconds
    fastest = min(times[name].seconds for name in contestants if name != "Mot Cua, masks")
    _with_great_expectations(table.slice(0, 1000), params)  # what it imports is not the rules' time
    seconds, cpu = time_of(partial(_with_great_expectations, table, params))
    times["Mot Cua, with Great Expectations' verdicts"] = type(times["pandera"])(seconds, cpu)
    return Measured(
        row="validation",
        work=f"{len(expected)} rules over {rows:,} dossiers, failing rows complete",
        times=times,
        figures=(
            Figure("masks ÷ the fastest of the others", ours / fastest, target=2),
            Figure("with verdicts ÷ the fastest of the others", seconds / fastest, target=8),
        ),
        notes=(
            f"All find the same {sum(expected.values()):,} failing rows; tables are in memory in the form that each takes.",
        ),
        scale=scale,
        load=began,
    )


def count_with_masks(table: pa.Table, params: RuleParams) -> dict[str, int]:
    """Rule code → failing rows, from complete masks."""
    masks = failing_rows(prepare_table("dossier", table, params), rules_of("dossier", params))
    return {code: mask.true_count for code, mask in masks.items()}


def _with_great_expectations(table: pa.Table, params: RuleParams) -> Any:
    return check_table("dossier", table, params)


def _dossiers(count: int) -> pa.Table:
    parts = [dossier_rows(code, seed, count // UNITS) for seed, code in enumerate(unit_codes(UNITS))]
    rows = pa.concat_tables(parts)
    # One code in five hundred comes twice in its delivery.
    codes = rows["dossier_code"].combine_chunks()
    same = pa.array([place - 1 if place % 500 == 499 else place for place in range(len(codes))])
    values = {
        "dossier_code": codes.take(same),
        "_delivery_id": rows["unit_code"].combine_chunks(),
        "_file": pa.repeat("danh sach.csv", len(codes)),
    }
    for name, column in values.items():
        rows = rows.set_column(rows.schema.get_field_index(name), DOSSIER.arrow_schema().field(name), column)
    return rows.combine_chunks()
