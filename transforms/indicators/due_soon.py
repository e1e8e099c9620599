"""Open dossiers that fall due within the next working days, by who has them in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.calendar import columns
from transforms.calendar.due import late_working_days
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.indicators.state import DossierHistory, State, column, state_on

WITHIN = (1, 3, 7)
"""Working days ahead that are counted apart."""
_LONGEST = max(WITHIN)


@dataclass(frozen=True, slots=True)
class DueCounts:
    """Dossiers by how soon they fall due; each span holds the ones before it, overdue ones apart."""

    overdue: int = 0
    within_1: int = 0
    within_3: int = 0
    within_7: int = 0

    def within(self, days: int) -> int:
        """Dossiers due within 1, 3 or 7 working days."""
        return {1: self.within_1, 3: self.within_3, 7: self.within_7}[days]


@dataclass(frozen=True, slots=True)
class DueDossier:
    """One open dossier with its promised day."""

    dossier_code: str
    procedure_name: str
    received_date: date | None
    due_date: date
    working_days: int
    """Working days left after the day asked about, 0 when it has to be ready on that day; negative when late."""
    is_overdue: bool
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class DueGroup:
    """The dossiers in one pair of hands; both names empty where no export tells whose they are."""

    officer_code: str
    department_name: str
    counts: DueCounts
    dossiers: tuple[DueDossier, ...]
    """Overdue ones and those due within 7 working days, soonest first."""


@dataclass(frozen=True, slots=True)
class DueSoon:
    """What one unit has to finish soon."""

    unit_code: str
    as_of: date
    counts: DueCounts
    groups: tuple[DueGroup, ...]
    """Officers by code, then departments by name, then what nobody is named for."""
    paused_count: int
    """Open dossiers that wait for papers or money: their time stands still, so they are not listed."""
    undated_count: int
    """Open dossiers without a promised day."""
    calendar_notes: tuple[str, ...] = ()
    """What about the working calendar of the next days is not certain."""


def find_due_soon(
    dossiers: DossierHistory,
    as_of: date,
    catalogue: Catalogue,
    place: Callable[[DossierHistory], DossierHistory] = lambda dossiers: dossiers,
) -> dict[str, DueSoon]:
    """Unit → its open dossiers that are overdue at the end of ``as_of`` or fall due within 7 working days.

    A day on which one works by a swap is a working day, a holiday is none; what is promised for a day off
    has to be ready on the last working day before it. A promise for ``as_of`` itself leaves 0 working days.
    Fields that are not the People's Committee's own are left out, as in the form. Units without open
    dossiers are left out.
    """
    calendar = build_calendar(catalogue.days_off)
    placed = place(dossiers)
    rows = classify(placed.latest, catalogue)
    excluded = [field.field_id for field in catalogue.fields if field.is_excluded]
    state = state_on(placed, as_of)
    is_own = pc.invert(pc.is_in(column(rows, "field_id"), value_set=pa.array(excluded, pa.string())))
    rows = rows.append_column("_state", state).filter(
        pc.and_(is_own, pc.is_in(state, value_set=pa.array([State.WITHIN, State.OVERDUE, State.PAUSED])))
    )
    today = pa.repeat(pa.scalar(as_of, pa.date32()), rows.num_rows)
    due = column(rows, "due_date")
    left = columns.working_days_between(today, due, calendar)
    late = late_working_days(due, today, calendar, paused=None)
    is_overdue = pc.equal(column(rows, "_state"), State.OVERDUE.value)
    rows = rows.append_column("_left", pc.if_else(is_overdue, pc.negate(late), left))
    last = calendar.add_working_days(as_of, _LONGEST)
    units = pc.unique(column(rows, "unit_code")).to_pylist()
    return {
        unit: _of_unit(rows.filter(pc.equal(rows["unit_code"], unit)), unit, as_of, last.notes)
        for unit in sorted(units)
    }


def count_due(due: DueSoon | None) -> DueCounts:
    """The counts of a unit; zeros where it has nothing open."""
    return due.counts if due else DueCounts()


def _of_unit(rows: pa.Table, unit: str, as_of: date, notes: tuple[str, ...]) -> DueSoon:
    state = column(rows, "_state")
    is_paused = pc.equal(state, State.PAUSED.value)
    is_undated = pc.and_(pc.invert(is_paused), pc.is_null(column(rows, "due_date")))
    is_overdue = pc.equal(state, State.OVERDUE.value)
    is_near = pc.fill_null(pc.less_equal(column(rows, "_left"), _LONGEST), False)
    listed = rows.filter(pc.and_(pc.invert(is_paused), pc.or_(is_overdue, is_near)))
    names = [
        *("dossier_code", "procedure_name", "received_date", "due_date", "_left", "_state", "officer_code"),
        *("department_name", "_file", "_sheet", "_row"),
    ]
    hands: dict[tuple[str, str], list[DueDossier]] = {}
    for row in listed.select(names).to_pylist():
        officer = row["officer_code"] or ""
        # The code says more than the office that the officer sits in.
        hand = (officer, "" if officer else row["department_name"] or "")
        hands.setdefault(hand, []).append(
            DueDossier(
                row["dossier_code"],
                row["procedure_name"] or "",
                row["received_date"],
                row["due_date"],
                row["_left"] or 0,
                row["_state"] == State.OVERDUE,
                row["_file"] or "",
                row["_sheet"] or "",
                row["_row"] or 0,
            )
        )
    groups = []
    for officer, department in sorted(hands, key=lambda hand: (not hand[0], not hand[1], hand)):
        dossiers = sorted(hands[officer, department], key=lambda item: (item.due_date, item.dossier_code))
        groups.append(DueGroup(officer, department, _counts(dossiers), tuple(dossiers)))
    everything = [dossier for group in groups for dossier in group.dossiers]
    return DueSoon(
        unit,
        as_of,
        _counts(everything),
        tuple(groups),
        pc.sum(is_paused).as_py() or 0,
        pc.sum(is_undated).as_py() or 0,
        notes,
    )


def _counts(dossiers: list[DueDossier]) -> DueCounts:
    ahead = [dossier.working_days for dossier in dossiers if not dossier.is_overdue]
    return DueCounts(len(dossiers) - len(ahead), *(sum(left <= days for left in ahead) for days in WITHIN))
