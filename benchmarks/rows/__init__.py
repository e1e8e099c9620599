"""The rows of the table: each module has ``measure(folder, scale)``, which writes its data below the folder."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.measured import Measured

ROWS = (
    *("csv", "xlsx", "html", "validation", "form_06", "form_06_10m", "form_06_50m", "on_demand"),
    *("full_night", "two_workers"),
)
"""Names of the rows in the order of the table."""


def measure_row(name: str, folder: Path, scale: float) -> Measured:
    """One row, measured in this process; KeyError for a name that there is not."""
    if name not in ROWS:
        raise KeyError(name)
    module = import_module(f"benchmarks.rows.{name}")
    measure: Callable[[Path, float], Measured] = module.measure
    return measure(folder, scale)
