"""The same with 10 M dossiers."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.rows.form_06 import measure_form


def measure(folder: Path, scale: float) -> Measured:
    """The row, once each."""
    return measure_form("form_06_10m", folder, int(10_000_000 * scale), scale, turns=1)
