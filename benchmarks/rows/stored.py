"""One file into a fresh store: what the rows of the readers time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks import night
from benchmarks.data import UNIT
from pipelines.store import Store


def storing(path: Path, folder: Path) -> Callable[[], object]:
    """The file read, recognised, typed, spooled and appended to an empty store."""
    catalogue = night.packaged_catalogue()

    def run() -> None:
        spool, root = folder / "spool", folder / "store"
        for old in (spool, root):
            shutil.rmtree(old, ignore_errors=True)
        night.commit(night.spool_file(path, UNIT, catalogue, spool), Store.at(root))

    return run
