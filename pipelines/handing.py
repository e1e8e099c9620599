"""Large values of a night in the hands of processes on other machines: written once, read once by each process.

A session with its catalogue and the counted periods go with every task. Sent with each they would cross the network
hundreds of times; so they lie in the run's spool, private and cleared away with it, and the tasks carry their path.
"""

from __future__ import annotations

import copyreg
import pickle
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pipelines.durable import write_whole
from pipelines.workspace import make_private

T = TypeVar("T")
_REMEMBERED = 4
"""Values that a process keeps: those of one night, and of the one before while it ends."""


# Not a dataclass: Prefect would look for futures inside it.
class HandedOver(Generic[T]):
    """A value that lies in a file which every machine sees under the same path."""

    def __init__(self, path: Path) -> None:
        self.path = path


def hand_over(value: T, name: str, spool: Path) -> HandedOver[T]:
    """The value, put into the spool of a run under that name."""
    make_private(spool)
    path = (spool / f"{name}.pickle").resolve()
    write_whole(path, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
    return HandedOver(path)


def taken(value: T | HandedOver[T]) -> T:
    """The value itself, read once by each process where it was handed over."""
    if isinstance(value, HandedOver):
        found: T = _load(value.path)
        return found
    return value


@lru_cache(maxsize=_REMEMBERED)
def _load(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


def _as_view(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


# Tables of a catalogue are views that nobody can write to; the standard library does not pickle them.
copyreg.pickle(MappingProxyType, lambda view: (_as_view, (dict(view),)))
