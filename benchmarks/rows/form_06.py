"""Biểu II.06a for all units from the store as known at an instant, 1 M dossiers, against one DuckDB statement."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from benchmarks import form_06, night
from benchmarks.measured import TURNS, Figure, Measured, load, peak_gb_of, take_turns
from benchmarks.stores import KNOWN_AT, UNITS, write_store
from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.steps.report import reckoning_of
from pipelines.store import Store
from transforms.catalogue.model import Catalogue
from transforms.indicators.model import Reckoning


def measure(folder: Path, scale: float) -> Measured:
    """The row."""
    return measure_form("form_06", folder, int(1_000_000 * scale), scale)


def measure_form(name: str, folder: Path, dossiers: int, scale: float, turns: int = TURNS) -> Measured:
    """The row for that many dossiers; RuntimeError where the two do not count the same."""
    began = load()
    write_store(folder, dossiers)
    ours, statement = partial(_ours, folder), partial(_statement, folder)
    if ours() != statement():
        raise RuntimeError("the statement counts otherwise")
    times = take_turns({"DuckDB, one statement": statement, "Mot Cua": ours}, turns)
    return Measured(
        row=name,
        work=f"Biểu II.06a, {UNITS} units, {dossiers:,} dossiers as known",
        times=times,
        figures=(
            Figure("÷ DuckDB", times["Mot Cua"].seconds / times["DuckDB, one statement"].seconds, target=1.2),
            Figure("peak memory", peak_gb_of(_ours, folder), "GB", target=4),
        ),
        notes=(
            f"Both count the same in every cell. The statement alone takes {peak_gb_of(_statement, folder):.1f} GB.",
        ),
        scale=scale,
        load=began,
    )


def _ours(folder: Path) -> form_06.Cells:
    catalogue, reckoning = _counted(folder)
    return night.count_dossiers(Store.at(folder / "store"), catalogue, reckoning, KNOWN_AT)


def _statement(folder: Path) -> form_06.Cells:
    catalogue, reckoning = _counted(folder)
    return form_06.count_form(folder / "store", KNOWN_AT, reckoning, catalogue)


@cache
def _counted(folder: Path) -> tuple[Catalogue, Reckoning]:
    catalogue = load_workspace_catalogue(folder / "catalogue")
    return catalogue, reckoning_of(night.PERIOD, "nd09", catalogue, night.AS_OF)
