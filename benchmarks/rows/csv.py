"""CSV, 1 M dossiers: read, stored, validated and counted, against programs that only read or only count."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from benchmarks import night
from benchmarks.data import CSV_HEADER, UNIT, write_csv
from benchmarks.limits import read_with_arrow
from benchmarks.measured import Figure, Measured, Times, load, take_turns_apart, time_of
from pipelines.steps.model import ReadDelivery
from pipelines.store import Store
from transforms.catalogue.model import Catalogue

_STEPS = ("read", "commit", "check", "count")
_CODE, _FIELD, _STATUS, _RECEIVED, _DUE, _END = (CSV_HEADER[place] for place in (0, 3, 5, 7, 8, 9))


def measure(folder: Path, scale: float) -> Measured:
    """The row; ours in parts as well."""
    rows, began = int(1_000_000 * scale), load()
    path = folder / "danh-sach 05-09-2021.csv"
    write_csv(path, rows)
    found = take_turns_apart(
        {
            "pyarrow.csv, all text": partial(_limit, path),
            "DuckDB, parse and count": partial(count_with_duckdb, path),
            "Polars, parse and count": partial(count_with_polars, path),
            "pandas, parse and count": partial(count_with_pandas, path),
            "Mot Cua": partial(_whole, path, folder),
        }
    )
    ours = found["Mot Cua"]
    limit, pandas = (found[name].times for name in ("pyarrow.csv, all text", "pandas, parse and count"))
    steps = {f"Mot Cua: {step}": _middle([turn[step] for turn in ours.results]) for step in _STEPS}
    return Measured(
        row="csv",
        work=f"CSV, {rows:,} dossiers → stored, validated, counted",
        times={name: each.times for name, each in found.items()} | steps,
        figures=(
            Figure("÷ pyarrow.csv all text", ours.times.seconds / limit.seconds, target=8),
            Figure("÷ pandas script", ours.times.seconds / pandas.seconds, target=1),
            Figure("peak memory", ours.peak_gb, "GB"),
        ),
        notes=("The scripts neither validate nor keep anything; dates are parsed by all but the limit.",),
        scale=scale,
        load=began,
    )


def _limit(path: Path) -> None:
    read_with_arrow(path, len(CSV_HEADER))


def _whole(path: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds and seconds of the processor of each step."""
    spool, root = folder / "spool", folder / "store"
    for old in (spool, root):
        shutil.rmtree(old, ignore_errors=True)
    catalogue, store = _catalogue(), Store.at(root)
    reads: list[ReadDelivery] = []
    steps: dict[str, Callable[[], object]] = {
        "read": lambda: reads.append(night.spool_file(path, UNIT, catalogue, spool)),
        "commit": lambda: night.commit(reads[0], store),
        "check": lambda: night.check(store, catalogue),
        "count": lambda: night.count(store, catalogue, [UNIT]),
    }
    return {name: time_of(step) for name, step in steps.items()}


@cache
def _catalogue() -> Catalogue:
    return night.packaged_catalogue()


def _middle(found: list[tuple[float, float]]) -> Times:
    seconds, cpu = (statistics.median(column) for column in zip(*found, strict=True))
    return Times(round(seconds, 4), round(cpu, 4), len(found))


def count_with_duckdb(path: Path) -> list[tuple[object, ...]]:
    """Dossiers by field and state, dates parsed; nothing is kept."""
    import duckdb

    day = "CAST(strptime(\"{}\", '%d/%m/%Y %H:%M:%S') AS DATE)"
    return duckdb.sql(
        f"""SELECT "{_FIELD}", CASE WHEN e IS NULL THEN (CASE WHEN due < DATE '2021-09-05' THEN 'o' ELSE 'w' END)
                   WHEN e < due THEN 'e' WHEN e = due THEN 't' ELSE 'l' END AS state, count(*)
            FROM (SELECT "{_FIELD}", {day.format(_RECEIVED)} AS r, {day.format(_DUE)} AS due, {day.format(_END)} AS e
                  FROM read_csv('{path}', delim=';', header=true, all_varchar=true))
            WHERE r BETWEEN DATE '2020-12-15' AND DATE '2021-09-05' GROUP BY ALL"""
    ).fetchall()


def count_with_polars(path: Path) -> list[tuple[object, ...]]:
    """The same in Polars, lazily."""
    import polars as pl

    def day(name: str) -> pl.Expr:
        return pl.col(name).str.to_datetime("%d/%m/%Y %H:%M:%S", strict=False).dt.date()

    lists = pl.scan_csv(path, separator=";", infer_schema=False)
    rows = lists.select(_FIELD, r=day(_RECEIVED), due=day(_DUE), e=day(_END))
    from datetime import date

    rows = rows.filter(pl.col("r").is_between(date(2020, 12, 15), date(2021, 9, 5)))
    state = (
        pl.when(pl.col("e").is_null() & (pl.col("due") < date(2021, 9, 5)))
        .then(pl.lit("o"))
        .when(pl.col("e").is_null())
        .then(pl.lit("w"))
        .when(pl.col("e") < pl.col("due"))
        .then(pl.lit("e"))
        .when(pl.col("e") == pl.col("due"))
        .then(pl.lit("t"))
        .otherwise(pl.lit("l"))
    )
    return rows.group_by(_FIELD, state.alias("state")).len().collect().rows()


def count_with_pandas(path: Path) -> object:
    """The same in pandas, as a script would have it."""
    import numpy as np
    import pandas as pd

    rows = pd.read_csv(path, sep=";", dtype=str, usecols=[_CODE, _FIELD, _STATUS, _RECEIVED, _DUE, _END])
    days = {
        name: pd.to_datetime(rows[name], format="%d/%m/%Y %H:%M:%S").dt.normalize()
        for name in (_RECEIVED, _DUE, _END)
    }
    inside = days[_RECEIVED].between("2020-12-15", "2021-09-05")
    is_open = days[_END].isna()
    state = np.select(
        [is_open & (days[_DUE] < "2021-09-05"), is_open, days[_END] < days[_DUE], days[_END] == days[_DUE]],
        ["o", "w", "e", "t"],
        "l",
    )
    return rows.assign(state=state)[inside].groupby([_FIELD, "state"]).size()
