"""Which dossiers could be mended or closed, and what each would then read: one mending per rule.

A value that nobody can know is assumed as ``fix_texts`` says of its rule; the promise holds for that value
and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar import columns
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.aliases import alias_key
from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.catalogue.nearest import name_targets, nearest
from transforms.indicators.due_rule import rule_due_days
from transforms.indicators.fix_texts import CLOSE_NEAR, CLOSE_OVERDUE
from transforms.indicators.model import Reckoning
from transforms.indicators.state import State, column

NEAR_DAYS = 7
"""Working days ahead within which an open dossier is worth closing first."""
_FINISHED, _OVER = (9, 10), (7, 9, 10)
_DONE, _HANDED_OVER, _ONLINE = 9, 10, 2
_NAMES_LOOKED_UP = 20
"""Unknown procedures whose nearest name is looked for, most frequent first; the rest wait for the catalogue."""
_DAY = pa.date32()


@dataclass(frozen=True, slots=True)
class Mending:
    """Everything that one rule would change; row beside row."""

    rule: str
    at: pa.Array
    """Row of the known dossiers, null where the dossier is not counted so far."""
    after: pa.Table
    """Schema of the known dossiers (``DOSSIER``)."""
    columns: pa.Array
    """Column that is mended first, text."""
    was: pa.Array
    value: pa.Array
    """Texts for staff, "" for an empty cell."""
    unpromised: Mapping[str, int]
    """Unit → dossiers that fail the rule, but for which no value can be assumed."""


def find_mendings(
    population: pa.Table, latest: pa.Table, since: pa.Array, reckoning: Reckoning, catalogue: Catalogue
) -> tuple[Mending, ...]:
    """The mendings of dossiers that are known; rules without a row are left out.

    ``population``: ``IndicatorTable.population``; ``latest`` and ``since``: the dossiers as stored and the first
    day of their status (``DossierHistory``), all three row beside row. Work is proposed only where the count goes
    up to the working day: what is done after the last day counted changes nothing in that period.
    """
    finder = _Finder(population, latest, since, reckoning, catalogue)
    return tuple(mending for mending in finder.mendings() if len(mending.at) or mending.unpromised)


class _Finder:
    def __init__(
        self,
        population: pa.Table,
        latest: pa.Table,
        since: pa.Array,
        reckoning: Reckoning,
        catalogue: Catalogue,
    ) -> None:
        self._population, self._latest, self._since = population, latest, since.cast(_DAY)
        self._reckoning, self._catalogue = reckoning, catalogue
        self._as_of = pa.scalar(reckoning.as_of, _DAY)
        self._status = self._col("status_code")
        self._received, self._due = self._col("received_date"), self._col("due_date")
        self._resolved, self._returned = self._col("resolved_date"), self._col("returned_date")

    def mendings(self) -> list[Mending]:
        found = [
            self._resolved_missing(),
            self._resolved_too_early(),
            self._resolved_in_future(),
            *self._due_dates(),
            self._procedure(),
            self._channel(),
            self._status_of("dossier.status.not_closed", self._resolved, _DONE),
            self._status_of("dossier.status.not_returned", self._returned, _HANDED_OVER),
        ]
        if self._reckoning.closing_day == self._reckoning.as_of:
            found += self._work()
        return found

    def _resolved_missing(self) -> Mending:
        fails = pc.and_(
            self._is_in(_FINISHED), pc.and_(pc.is_null(self._resolved), pc.is_valid(self._received))
        )
        told = pc.coalesce(self._returned, self._since)
        is_in_time = _holds(pc.and_(pc.less(self._due, told), pc.greater_equal(self._due, self._received)))
        return self._dated(
            "dossier.resolved_date.missing", "resolved_date", fails, pc.if_else(is_in_time, self._due, told)
        )

    def _resolved_too_early(self) -> Mending:
        fails = _holds(pc.less(self._resolved, self._received))
        other = pc.if_else(
            _holds(
                pc.and_(pc.greater_equal(self._due, self._received), pc.less_equal(self._due, self._as_of))
            ),
            self._due,
            self._received,
        )
        days = pc.coalesce(self._swapped(self._resolved, fails), other)
        return self._dated("dossier.resolved_date.before_received", "resolved_date", fails, days)

    def _resolved_in_future(self) -> Mending:
        fails = _holds(pc.greater(self._resolved, self._as_of))
        return self._dated(
            "dossier.resolved_date.in_future", "resolved_date", fails, self._swapped(self._resolved, fails)
        )

    def _due_dates(self) -> list[Mending]:
        by_rule = rule_due_days(self._population, self._catalogue).cast(_DAY)
        is_counted = self._flag("is_counted")
        missing = pc.and_(is_counted, pc.is_null(self._due))
        too_early = pc.and_(is_counted, _holds(pc.less(self._due, self._received)))
        return [
            self._dated("dossier.due_date.missing", "due_date", missing, by_rule),
            self._dated("dossier.due_date.before_received", "due_date", too_early, by_rule),
        ]

    def _procedure(self) -> Mending:
        fails = pc.and_(self._flag("is_counted"), pc.equal(self._col("field_id"), UNCLASSIFIED))
        rows = pc.indices_nonzero(fails)
        named = self._col("procedure_name").take(rows)
        codes = _nearest_codes(named, self._catalogue)
        names = {procedure.code: procedure.name for procedure in self._catalogue.procedures}
        shown = pa.array(
            [f"{names[code]} [{code}]" if code else None for code in codes.to_pylist()], pa.string()
        )
        is_told = pc.is_valid(codes)
        at = rows.filter(is_told)
        given = {name: codes.filter(is_told) for name in ("procedure_code", "procedure_code_raw")}
        return self._mending(
            "dossier.procedure.unknown",
            "procedure_name",
            at,
            given,
            shown.filter(is_told),
            rows.filter(pc.invert(is_told)),
        )

    def _channel(self) -> Mending:
        fails = pc.and_(self._flag("is_received_in_window"), self._flag("is_channel_unknown"))
        at = pc.indices_nonzero(fails)
        online = pa.repeat(pa.scalar(_ONLINE, pa.int8()), len(at))
        named = next((c.name for c in self._catalogue.channels if c.code == _ONLINE), "Trực tuyến")
        return self._mending(
            "indicator.channel.unknown", "channel_code", at, {"channel_code": online}, _texts(named, len(at))
        )

    def _status_of(self, rule: str, ended: pa.Array, status: int) -> Mending:
        is_past = _holds(pc.less_equal(ended, self._as_of))
        fails = pc.and_(is_past, pc.and_(pc.is_valid(self._status), pc.invert(self._is_in(_OVER))))
        if ended is self._returned:
            fails = pc.and_(fails, pc.is_null(self._resolved))
        at = pc.indices_nonzero(fails)
        return self._mending(
            rule, "status_code", at, self._ended(status, len(at)), self._status_name(status, len(at))
        )

    def _work(self) -> list[Mending]:
        state = self._col("state")
        # A day that is written but lies ahead is to be mended, not done.
        is_undone = pc.and_(pc.is_null(self._resolved), pc.is_null(self._returned))
        is_counted = pc.and_(self._flag("is_counted"), is_undone)
        last = columns.add_working_days(
            pa.array([self._reckoning.as_of], _DAY), NEAR_DAYS, build_calendar(self._catalogue.days_off)
        )[0]
        is_near = _holds(pc.and_(pc.greater_equal(self._due, self._as_of), pc.less_equal(self._due, last)))
        masks = {
            CLOSE_OVERDUE: pc.equal(state, State.OVERDUE.value),
            CLOSE_NEAR: pc.and_(pc.equal(state, State.WITHIN.value), is_near),
        }
        found = []
        for rule, mask in masks.items():
            at = pc.indices_nonzero(pc.and_(is_counted, mask))
            today = pa.repeat(self._as_of, len(at))
            given = {**self._ended(_DONE, len(at)), "resolved_date": today}
            found.append(self._mending(rule, "resolved_date", at, given, _days(today)))
        return found

    def _dated(self, rule: str, name: str, fails: pa.Array, days: pa.Array) -> Mending:
        """The rows that fail with another day in that column; where no day can be assumed nothing is promised."""
        is_told = pc.is_valid(days)
        at = pc.indices_nonzero(pc.and_(fails, is_told))
        told = days.take(at).cast(_DAY)
        rest = pc.indices_nonzero(pc.and_(fails, pc.invert(is_told)))
        return self._mending(rule, name, at, {name: told}, _days(told), rest)

    def _mending(
        self,
        rule: str,
        name: str,
        at: pa.Array,
        given: Mapping[str, pa.Array],
        value: pa.Array,
        rest: pa.Array | None = None,
    ) -> Mending:
        at = at.cast(pa.int64())
        before = self._latest.take(at)
        after = before
        for changed, values in given.items():
            position = after.schema.get_field_index(changed)
            after = after.set_column(position, after.schema.field(position), values)
        shown = "status_label" if name == "status_code" else name
        was = column(before, shown)
        was = _days(was) if pa.types.is_date(was.type) else pc.fill_null(was.cast(pa.string()), "")
        rest = pa.array([], pa.int64()) if rest is None else rest.cast(pa.int64())
        left = pc.value_counts(self._col("unit_code").take(rest)).to_pylist()
        unpromised = {item["values"]: item["counts"] for item in left}
        return Mending(rule, at, after, _texts(name, len(at)), was, value, unpromised)

    def _swapped(self, days: pa.Array, fails: pa.Array) -> pa.Array:
        """Day and month changed places, where that gives a day from reception to the working day; null elsewhere."""
        last = self._reckoning.as_of
        found: list[date | None] = [None] * len(days)
        for row in pc.indices_nonzero(fails).to_pylist():
            day, received = days[row].as_py(), self._received[row].as_py()
            if day.day <= 12:
                other = date(day.year, day.day, day.month)
                if received is not None and received <= other <= last:
                    found[row] = other
        return pa.array(found, _DAY)

    def _ended(self, status: int, size: int) -> dict[str, pa.Array]:
        codes = pa.repeat(pa.scalar(status, pa.int8()), size)
        return {"status_code": codes, "status_label": self._status_name(status, size)}

    def _status_name(self, status: int, size: int) -> pa.Array:
        name = next((s.name for s in self._catalogue.statuses if s.code == status), str(status))
        return _texts(name, size)

    def _is_in(self, codes: Sequence[int]) -> pa.Array:
        return pc.is_in(self._status, value_set=pa.array(codes, self._status.type))

    def _col(self, name: str) -> pa.Array:
        return column(self._population, name)

    def _flag(self, name: str) -> pa.Array:
        return pc.fill_null(self._col(name), False)


def _nearest_codes(names: pa.Array, catalogue: Catalogue) -> pa.Array:
    """The procedure with the nearest name; null where none is near, and for names beyond the most frequent ones."""
    counts = sorted(
        (-item["counts"], item["values"]) for item in pc.value_counts(names.drop_null()).to_pylist()
    )
    targets = name_targets("procedure", catalogue) if counts else {}
    codes: dict[str | None, str | None] = {}
    for _, name in counts[:_NAMES_LOOKED_UP]:
        near = nearest(alias_key("procedure", name), targets)
        codes[name] = near[0][0] if near else None
    return pa.array([codes.get(name) for name in names.to_pylist()], pa.string())


def _days(days: pa.Array) -> pa.Array:
    return pc.fill_null(pc.strftime(days, format="%d/%m/%Y"), "")


def _texts(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), size)


def _holds(comparison: pa.Array) -> pa.Array:
    return pc.fill_null(comparison, False)
