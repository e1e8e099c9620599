"""Date columns of a record kind, and the rows whose dates do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Refusal
from transforms.canonical.source import Source, showable
from transforms.readers.values import parse_dates


def read_dates(source: Source, names: Iterable[str]) -> tuple[dict[str, pa.Array], dict[str, pa.Array]]:
    """Days of each named column, and per column the never-null mask of the texts that are no existing day."""
    days: dict[str, pa.Array] = {}
    impossible: dict[str, pa.Array] = {}
    for name in names:
        days[name], impossible[name] = parse_dates(source.text(name))
    return days, impossible


def refuse_dates(source: Source, impossible: Mapping[str, pa.Array]) -> tuple[Refusal, ...]:
    """One refusal per column that holds an impossible day: ``<kind>.date.impossible``."""
    return tuple(
        Refusal(f"{source.raw.kind}.date.impossible", name, mask, showable(source.text(name), mask))
        for name, mask in impossible.items()
        if pc.any(mask).as_py()
    )
