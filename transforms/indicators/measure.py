"""What a measure is, and that some of them must not be added."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ALL_FIELDS = "*"
"""Field id of a cell that is the sum over fields."""


class MeasureType(StrEnum):
    """How a measure adds over time and units (DESIGN.md section 2)."""

    FLOW = "flow"
    OPENING_STOCK = "opening_stock"
    CLOSING_STOCK = "closing_stock"
    CUMULATIVE = "cumulative"
    DISTINCT = "distinct"
    RATIO = "ratio"


class MeasureError(ValueError):
    """A measure was added in a way that its type forbids."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A counted quantity, apart from any period."""

    measure_id: str
    label: str
    type: MeasureType
    column_number: int | None = None
    """Printed column of Biểu II.06a (TT 01/2020/TT-VPCP), where it has one."""
    parts: tuple[str, ...] = ()
    """Measures whose sum it is, where the form prints an identity."""
    numerator: tuple[str, ...] = ()
    """Of a ratio: the measures whose sum stands above the line."""
    denominator: tuple[str, ...] = ()
    """Of a ratio: the measures whose sum stands below the line."""
    among: str = ""
    """Of a distinct count: the measure whose dossiers are looked at."""
    counted_columns: tuple[str, ...] = ()
    """Of a distinct count: the columns that tell what is counted, the first that is not empty."""
