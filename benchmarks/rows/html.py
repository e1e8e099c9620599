"""An HTML page named .xls, 100,000 rows: into the store, against lxml's DOM and pandas.read_html."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.data import write_html
from benchmarks.limits import read_with_lxml, read_with_pandas
from benchmarks.measured import Figure, Measured, load, peak_gb, take_turns
from benchmarks.rows.stored import storing


def measure(folder: Path, scale: float) -> Measured:
    """The row."""
    rows, began = int(100_000 * scale), load()
    path = folder / "Danh sach ho so 05-09-2021.xls"
    write_html(path, rows)
    times = take_turns(
        {
            "lxml, DOM and text of cells": partial(read_with_lxml, path),
            "pandas.read_html": partial(read_with_pandas, path),
            "Mot Cua": storing(path, folder),
        }
    )
    ours = times["Mot Cua"].seconds
    return Measured(
        row="html",
        work=f"HTML named .xls, {rows:,} rows → stored",
        times=times,
        figures=(
            Figure("÷ lxml DOM", ours / times["lxml, DOM and text of cells"].seconds, target=1.5),
            Figure("÷ read_html", ours / times["pandas.read_html"].seconds, target=0.2),
            Figure("peak memory", peak_gb(), "GB"),
        ),
        scale=scale,
        load=began,
    )
