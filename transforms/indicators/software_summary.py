"""The summary that a unit's software printed, beside what a rulebook counts of the same window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from transforms.indicators.model import Reckoning
from transforms.indicators.reconcile_model import ON_TIME_PARTS, Counting

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "received_in_window": ("received_in_window",),
        "received_online": ("received_online",),
        "carried_over": ("carried_over",),
        "received_total": ("received_total",),
        "early": ("early",),
        "on_time": ("on_time",),
        "late": ("late",),
        ON_TIME_PARTS: ("early", "on_time"),
        "resolved_total": ("early", "on_time", "late"),
        "pending_within": ("pending_within",),
        "pending_overdue": ("pending_overdue",),
        "pending_total": ("pending_within", "pending_overdue"),
    }
)
"""Measure → columns of the summary that make it (EXPORTS.md section 1)."""
_APART: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "on_time": ("withdrawn",),
        ON_TIME_PARTS: ("withdrawn",),
        "resolved_total": ("withdrawn",),
        "pending_within": ("awaiting_supplement",),
        "pending_total": ("awaiting_supplement",),
    }
)
"""Measure → what some versions of the software print in a column of its own instead."""


class Fit(StrEnum):
    """How a printed number stands to a counted one."""

    EQUAL = "equal"
    APART = "apart"
    """Equal once withdrawn dossiers or those waiting for papers, printed apart, are added."""
    DIFFERS = "differs"
    UNTOLD = "untold"
    """The summary has no such number."""


@dataclass(frozen=True, slots=True)
class SoftwareSummary:
    """What the software of all those units printed for one window."""

    start: date
    end: date
    values: Mapping[str, int | None]
    """Measure → sum over units and fields; None where a line does not state it."""
    apart: Mapping[str, int]
    """Measure → what is printed in a column of its own."""
    missing_units: tuple[str, ...]
    """Units that sent no summary of the window; the sums are not comparable while there is any."""

    def fit(self, counting: Counting, measure_id: str) -> Fit:
        """Whether the counted number is the printed one."""
        printed = self.values.get(measure_id)
        if printed is None:
            return Fit.UNTOLD
        counted = counting.value(measure_id)
        if printed == counted:
            return Fit.EQUAL
        return Fit.APART if printed + self.apart.get(measure_id, 0) == counted else Fit.DIFFERS

    def is_reproduced_by(self, counting: Counting) -> bool:
        """True when every printed number is a counted one."""
        return all(self.fit(counting, measure) is not Fit.DIFFERS for measure in self.values)


def find_summary(lines: pa.Table, units: Sequence[str], reckoning: Reckoning) -> SoftwareSummary | None:
    """The summary of those units over the reckoning's window; None when none of them sent one.

    ``lines``: the latest version of each line of ``summary_versions``. A summary to the closing day goes before
    one to the end of the window.
    """
    own = pc.is_in(lines["unit_code"], value_set=pa.array(list(units), pa.string()))
    lines = lines.filter(pc.and_(own, pc.equal(lines["window_start"], pa.scalar(reckoning.start))))
    for end in dict.fromkeys((reckoning.closing_day, reckoning.end)):
        found = lines.filter(pc.equal(lines["window_end"], pa.scalar(end)))
        if found.num_rows:
            sent = set(found["unit_code"].to_pylist())
            values = {measure: _total(found, names) for measure, names in _COLUMNS.items()}
            apart = {measure: _total(found, names) or 0 for measure, names in _APART.items()}
            missing = tuple(unit for unit in units if unit not in sent)
            return SoftwareSummary(reckoning.start, end, values, apart, missing)
    return None


def _total(lines: pa.Table, names: Sequence[str]) -> int | None:
    if any(lines[name].null_count for name in names):
        return None
    return sum(pc.sum(lines[name]).as_py() or 0 for name in names)
