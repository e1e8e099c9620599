"""xlsx, 100,000 × 15: to the spool and into the store, against loading it with fastexcel alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.data import write_xlsx
from benchmarks.limits import read_with_fastexcel
from benchmarks.measured import Figure, Measured, load, peak_gb, take_turns
from benchmarks.rows.stored import storing


def measure(folder: Path, scale: float) -> Measured:
    """The row."""
    rows, began = int(100_000 * scale), load()
    path = folder / "Danh sach 05-09-2021.xlsx"
    write_xlsx(path, rows)
    times = take_turns(
        {"fastexcel, load alone": partial(read_with_fastexcel, path), "Mot Cua": storing(path, folder)}
    )
    ratio = times["Mot Cua"].seconds / times["fastexcel, load alone"].seconds
    return Measured(
        row="xlsx",
        work=f"xlsx, {rows:,} × 15 → stored",
        times=times,
        figures=(Figure("÷ fastexcel", ratio, target=1.5), Figure("peak memory", peak_gb(), "GB")),
        scale=scale,
        load=began,
    )
