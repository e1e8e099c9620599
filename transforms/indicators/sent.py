"""The lists that units sent, one value a unit, kind and file, ready to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import SUPPLEMENT_LIST, Catalogue

DOCUMENT = "document"
DIRECTIONS = ("outgoing", "incoming")
_VIETNAM = timezone(timedelta(hours=7))
_LISTS = ("dossier", "fee", DOCUMENT)


@dataclass(frozen=True, slots=True)
class SentList:
    """One list of one unit that was taken."""

    unit_code: str
    kind: str
    exported_on: date
    arrived_on: date
    row_count: int | None = None
    """Rows of data in the file; None where the rows came in the list of another unit."""
    period_id: str = ""
    """Period of a supplement."""


class Sent:
    """Everything that was sent, by unit and kind.

    ``row_days``: days on which records of a (unit, kind) lie, ascending; None where they are not known, so
    that nothing is called empty for want of rows.
    """

    def __init__(
        self,
        lists: Iterable[SentList],
        row_days: Mapping[tuple[str, str], Sequence[date]] | None = None,
    ) -> None:
        self._lists: dict[tuple[str, str], list[SentList]] = defaultdict(list)
        for each in sorted(lists, key=lambda each: (each.exported_on, each.arrived_on)):
            self._lists[each.unit_code, each.kind].append(each)
        self.row_days = row_days

    @property
    def watched_from(self) -> date | None:
        """The day the first file of all was taken; None where none was."""
        return min((e.arrived_on for found in self._lists.values() for e in found), default=None)

    def lists(self, unit_code: str, kind: str, first: date = date.min) -> list[SentList]:
        """The lists exported on that day or later, oldest first."""
        return [each for each in self._lists.get((unit_code, kind), ()) if each.exported_on >= first]

    def supplements(self, unit_code: str, period_id: str) -> list[SentList]:
        """The supplements of one period, oldest first."""
        found = self._lists.get((unit_code, SUPPLEMENT_LIST), ())
        return [each for each in found if each.period_id == period_id]

    def is_silent(self, unit_code: str) -> bool:
        """True when the unit has never sent anything that could be taken."""
        return not any(found for (unit, _), found in self._lists.items() if unit == unit_code)


def register_directions(catalogue: Catalogue) -> dict[str, str]:
    """Profile of a document register → its direction; one that holds both directions is left out."""
    return {
        profile.profile_id: direction
        for profile in catalogue.profiles
        if profile.kind == DOCUMENT and (direction := profile.constants.get("direction"))
    }


def list_kinds(kind: str, direction: str | None) -> tuple[str, ...]:
    """Kinds of list that a delivery of a kind of record is: a register without a known direction is both."""
    if kind != DOCUMENT:
        return (kind,) if kind in _LISTS else ()
    return tuple(f"{DOCUMENT}.{each}" for each in DIRECTIONS if direction in (None, "", each))


def find_sent(
    deliveries: pa.Table,
    carried: pa.Table,
    supplement: pa.Table,
    directions: Mapping[str, str],
    as_of: date = date.max,
    row_days: Mapping[tuple[str, str], Sequence[date]] | None = None,
) -> Sent:
    """What the accepted deliveries brought, as known.

    ``carried``: whose rows each delivery held (``Store.carried``); ``supplement``: versions of supplement lines;
    ``directions``: profile of a register → outgoing or incoming, absent where one file holds both. A list that
    the store knew after ``as_of``, because a past day is run again, counts as arrived on ``as_of``.
    """
    accepted = deliveries.filter(pc.equal(deliveries["state"], "accepted")).to_pylist()
    by_id: dict[str, dict[str, Any]] = {row["delivery_id"]: row for row in accepted}
    found: list[SentList] = []
    for row in accepted:
        found += _lists_of(row, row["unit_code"], row["kind"], row["exported_at"], directions, as_of)
    for row in carried.to_pylist():
        source = by_id.get(row["delivery_id"])
        if source is not None and source["unit_code"] != row["unit_code"]:
            foreign = {**source, "data_row_count": None}
            found += _lists_of(foreign, row["unit_code"], row["kind"], row["exported_at"], directions, as_of)
    found += _supplements(supplement, as_of)
    return Sent(found, row_days)


def _lists_of(
    delivery: Mapping[str, Any],
    unit: str,
    kind: str | None,
    exported_at: datetime | None,
    directions: Mapping[str, str],
    as_of: date,
) -> list[SentList]:
    if exported_at is None:
        return []
    arrived = _day(delivery["known_from"], as_of)
    return [
        SentList(unit, each, exported_at.date(), arrived, delivery["data_row_count"])
        for each in list_kinds(kind or "", directions.get(delivery["profile_id"] or ""))
    ]


def _supplements(supplement: pa.Table, as_of: date) -> list[SentList]:
    keys = ["unit_code", "period_id", "_exported_at", "_known_from"]
    rows = supplement.select(keys).group_by(keys, use_threads=False).aggregate([]).to_pylist()
    return [
        SentList(
            row["unit_code"],
            SUPPLEMENT_LIST,
            row["_exported_at"].date(),
            _day(row["_known_from"], as_of),
            period_id=row["period_id"],
        )
        for row in rows
    ]


def _day(instant: datetime, as_of: date) -> date:
    return min(instant.astimezone(_VIETNAM).date(), as_of)
