"""The same with 50 M dossiers, four minutes and 6 GB of disk; the statement itself takes 11 GB of memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measured import Measured
from benchmarks.rows.form_06 import measure_form


def measure(folder: Path, scale: float) -> Measured:
    """The row, once each."""
    return measure_form("form_06_50m", folder, int(50_000_000 * scale), scale, turns=1)
