"""Reading and checking with two worker processes of one Arrow thread each, against one such worker."""

from __future__ import annotations

import tempfile
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path

from benchmarks import night
from benchmarks.data import unit_codes, write_inbox, write_units
from benchmarks.measured import Figure, Measured, load, take_turns

_FILES = 24
_catalogue = None


def measure(folder: Path, scale: float) -> Measured:
    """The row; the workers are started and warm before the clock starts."""
    began = load()
    codes = unit_codes(_FILES)
    write_units(folder / "catalogue", codes)
    paths = write_inbox(folder / "inbox", codes, max(10, int(10_000 * scale)))
    context = get_context("spawn")
    with (
        context.Pool(1, _prepare, (folder / "catalogue",)) as one,
        context.Pool(2, _prepare, (folder / "catalogue",)) as two,
    ):
        for pool in (one, two):
            _read_all(pool, paths[:4])
        times = take_turns(
            {"one worker": partial(_read_all, one, paths), "two workers": partial(_read_all, two, paths)}
        )
    one_took, two_took = (each.seconds for each in times.values())
    return Measured(
        row="two_workers",
        work=f"{_FILES} files read and checked by worker processes of one Arrow thread",
        times=times,
        figures=(Figure("two workers ÷ one", two_took / one_took, target=1 / 1.5),),
        notes=("Times of the processor are the parent's alone.",),
        scale=scale,
        load=began,
    )


def _prepare(catalogue: Path) -> None:
    import pyarrow as pa

    from pipelines.catalogue_files import load_workspace_catalogue

    global _catalogue
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _catalogue = load_workspace_catalogue(catalogue)


def _read_all(pool: Pool, paths: tuple[Path, ...]) -> int:
    return sum(pool.map(_read_and_check, paths, chunksize=1))


def _read_and_check(path: Path) -> int:
    from expectations.params import build_rule_params
    from expectations.registry import rules_of
    from expectations.runner import failing_rows, prepare_table
    from pipelines.steps.read import read_spool

    assert _catalogue is not None
    with tempfile.TemporaryDirectory() as spool:
        read = night.spool_file(path, path.parent.name, _catalogue, Path(spool))
        assert read.spool is not None
        rows = read_spool(read.spool, "records")
        params = build_rule_params(_catalogue, night.AS_OF)
        masks = failing_rows(prepare_table("dossier", rows, params), rules_of("dossier", params))
        return sum(mask.true_count for mask in masks.values())
