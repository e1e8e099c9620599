"""A rule, once: Great Expectations gets the verdict from it and our own mask the failing rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Expectation:
    """The declarative half: the name and arguments of a Great Expectations class.

    ``name`` is the snake-case expectation type, for example ``expect_column_values_to_not_be_null``;
    ``arguments`` are its keyword arguments, in a fixed order.
    """

    name: str
    arguments: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold for every row of one table.

    ``fails``: Arrow table of the record table's schema → boolean array, true where the row breaks
    the rule, never null. ``column`` is the column that a clerk would mend.
    """

    code: str
    table: str
    column: str
    expectation: Expectation
    fails: Callable[[pa.Table], pa.Array]
