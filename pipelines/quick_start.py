"""What lets a command that somebody waits for start sooner."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType

_PANDAS = "pandas"
_PATIENCE = 100_000
"""New objects after which the collector looks for cycles; importing makes many objects and no garbage."""


@contextmanager
def quick_start() -> Iterator[None]:
    """Within the block pandas counts as not installed, and the collector of cycles seldom runs.

    pyarrow would import pandas as soon as it makes an array of Python values, a third of a second for nothing.
    Afterwards it looks for pandas again when a frame is asked for. Where pandas is loaded already it stays.
    """
    finder = _Hidden()
    threshold = gc.get_threshold()
    gc.set_threshold(_PATIENCE, *threshold[1:])
    if _PANDAS not in sys.modules:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)


class _Hidden(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == _PANDAS:
            raise ModuleNotFoundError(fullname, name=fullname)
