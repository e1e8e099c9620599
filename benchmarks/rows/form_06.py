"""Biểu II.06a for all units from the store as known at an instant, 1 M dossiers, against one DuckDB statement."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from benchmarks import form_06, night
from benchmarks.measured import TURNS, Figure, Measured, load, take_turns_apart
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
    found = take_turns_apart(
        {"DuckDB, one statement": partial(_statement, folder), "Mot Cua": partial(_ours, folder)}, turns
    )
    statement, ours = found.values()
    if ours.results != statement.results:
        raise RuntimeError("the statement counts otherwise")
    return Measured(
        row=name,
        work=f"Biểu II.06a, {UNITS} units, {dossiers:,} dossiers as known",
        times={name: each.times for name, each in found.items()},
        figures=(
            Figure("÷ DuckDB", ours.times.seconds / statement.times.seconds, target=1.2),
            Figure("peak memory", ours.peak_gb, "GB", target=4),
        ),
        notes=(
            f"Both count the same in every cell. The statement's process takes {statement.peak_gb:.1f} GB.",
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
