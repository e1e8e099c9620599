"""One unit, one period from a store of 1 M dossiers in a cold process, against importing three libraries."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.data import unit_codes
from benchmarks.measured import Figure, Measured, load, take_turns
from benchmarks.stores import AS_OF, PERIOD, UNITS, write_store

_BARE = "import pandas, pyarrow, docx"
_TURNS = 5


def measure(folder: Path, scale: float) -> Measured:
    """The row; the first, colder run of each is not counted."""
    dossiers, began = int(1_000_000 * scale), load()
    write_store(folder, dossiers)
    command = [
        *(str(Path(sys.executable).with_name("motcua")), "report", "--out", str(folder / "out")),
        *("--workspace", str(folder)),
        *("--unit", unit_codes(UNITS)[4], "--period", PERIOD, "--as-of", AS_OF.isoformat()),
    ]
    contestants = {
        "python -c 'import pandas, pyarrow, docx'": partial(_run, [sys.executable, "-c", _BARE]),
        "motcua report, docx + xlsx + html + json": partial(_run, command),
    }
    for run in contestants.values():
        run()
    times = take_turns(contestants, _TURNS)
    bare, ours = (each.seconds for each in times.values())
    return Measured(
        row="on_demand",
        work=f"one unit, one period, cold process, store of {dossiers:,} dossiers",
        times=times,
        figures=(
            Figure("motcua report", ours, "s", target=2),
            Figure("÷ bare import", ours / bare, target=2),
        ),
        scale=scale,
        load=began,
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
