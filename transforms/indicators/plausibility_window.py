"""Our own counts over the window of a summary that the unit's software printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.history.as_known import known_dossiers
from transforms.indicators.channel import join_channel
from transforms.indicators.model import Period, Reckoning
from transforms.indicators.population import build_population
from transforms.indicators.state import State

_SUPPLEMENT, _ONLINE, _POSTAL = 5, 2, 3
_KEYS = ("unit_code", "field_id", "is_received_in_window", "is_carried_over", "placed_as", "state", "status_code", "channel")  # fmt: skip


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """Numbers of dossiers by unit and field, under the names of the summary's columns.

    ``cells``: (unit, field) → column → number; besides them ``unknown_channel`` and ``paused``. A field
    that has no dossier has no entry.
    """

    cells: Mapping[tuple[str, str], Mapping[str, int]]

    def of(self, unit: str, field: str) -> Mapping[str, int]:
        """The numbers of one field; nothing counted is all zeros."""
        return self.cells.get((unit, field), Counter())


def count_window(
    versions: pa.Table, fees: pa.Table, start: date, end: date, as_of: date, catalogue: Catalogue
) -> WindowCounts:
    """Columns of the software's summary, counted by the rulebook ``tt01`` from the dossiers of the units.

    ``versions``: all versions of the dossiers of the units concerned. Withdrawn ones stand under on time and
    paused ones under within time, as the software counts them (EXPORTS.md section 1), and again apart.
    """
    reckoning = Reckoning(
        Period(f"{start.isoformat()}..{end.isoformat()}", "window", end.year, None),
        "tuy_chon",
        start,
        end,
        min(end, as_of),
        as_of,
    )
    known = known_dossiers(versions)
    excluded = [field.field_id for field in catalogue.fields if field.is_excluded]
    classified = classify(known.latest, catalogue)
    rulebook = catalogue.rulebooks[reckoning.rulebook]
    population = build_population(classified, known, fees, reckoning, rulebook, excluded)
    population = population.append_column("channel", join_channel(classified, fees))
    counted = population.filter(population["is_counted"]).select(list(_KEYS))
    cells: dict[tuple[str, str], Counter[str]] = {}
    for row in counted.group_by(list(_KEYS)).aggregate([([], "count_all")]).to_pylist():
        cell = cells.setdefault((row["unit_code"], row["field_id"]), Counter())
        for name in _columns_of(row):
            cell[name] += row["count_all"]
    return WindowCounts(cells)


def _columns_of(row: Mapping[str, object]) -> list[str]:
    names = ["received_total", str(row["placed_as"])]
    if row["is_received_in_window"]:
        channel = row["channel"]
        by_channel = {_ONLINE: "received_online", _POSTAL: "received_postal", None: "unknown_channel"}
        names += ["received_in_window", *([by_channel[channel]] if channel in by_channel else [])]
    else:
        names.append("carried_over")
    if row["state"] == State.WITHDRAWN:
        names.append("withdrawn")
    if row["state"] == State.PAUSED:
        names += ["paused", *(["awaiting_supplement"] if row["status_code"] == _SUPPLEMENT else [])]
    return names


def received_spans(dossiers: pa.Table) -> Mapping[str, date]:
    """Unit → the first day of reception in its lists."""
    spans = dossiers.group_by("unit_code").aggregate([("received_date", "min")])
    firsts = zip(spans["unit_code"].to_pylist(), spans["received_date_min"].to_pylist(), strict=True)
    return {unit: first for unit, first in firsts if first is not None}
