"""Findings about lists that units were to send: missing, late, empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.calendar.day_words import official_date
from transforms.catalogue.model import SUPPLEMENT_LIST, Unit
from transforms.findings import Finding, Place
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState

MISSING, LATE, EMPTY, NONE, UNITS_MISSING = (
    "delivery.missing", "delivery.late", "delivery.empty", "delivery.none", "delivery.units.missing",
)  # fmt: skip
DELIVERY_CODES = (MISSING, LATE, EMPTY, NONE, UNITS_MISSING)
"""Every code that ``check_deliveries`` can raise."""
LIST_WORDS: Mapping[str, str] = {
    "dossier": "danh sách hồ sơ",
    "fee": "danh sách thu phí, lệ phí",
    "document.outgoing": "sổ văn bản đi",
    "document.incoming": "sổ văn bản đến",
    SUPPLEMENT_LIST: "số liệu bổ sung",
}
"""Kind of list → what a sentence calls it."""


_Params = list[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class EmptyLists:
    """Lists that came without a row of a period."""

    lists: tuple[DeliveryCoverage, ...] = ()
    period_name: str = ""


@dataclass(frozen=True, slots=True)
class OwedSupplements:
    """Supplements that a unit owes: (name of the period, last day for sending)."""

    periods: tuple[tuple[str, date], ...]


def check_deliveries(
    units: Sequence[Unit],
    present: Sequence[DeliveryCoverage],
    empty: EmptyLists,
    owed: Mapping[str, OwedSupplements],
    silent: Collection[str],
) -> tuple[Finding, ...]:
    """One finding per unit and list that is missing, late or empty, and one per list for the unit above.

    ``present``: every list of those units now; ``empty``: lists without a row of a period that is over; ``silent``:
    units that never sent anything, which get one finding instead of one per list. Nothing is said of what is
    not due yet. They are fixed by themselves once the lists are there.
    """
    missing: defaultdict[str, list[str]] = defaultdict(list)
    for each in present:
        if each.state is DeliveryState.MISSING:
            missing[each.kind].append(each.unit_code)
    missing[SUPPLEMENT_LIST] = sorted(owed)
    return (
        *(Finding(NONE, code) for code in sorted(silent)),
        *(found for each in present if each.unit_code not in silent for found in _of_list(each)),
        *(_of_supplements(code, owed[code]) for code in sorted(owed) if code not in silent),
        *_of_empty(empty),
        *_for_parents(units, present, missing),
    )


def _of_list(each: DeliveryCoverage) -> Iterator[Finding]:
    if each.state is DeliveryState.MISSING:
        details = [f"hạn ngày {official_date(each.due)}"] if each.due is not None else []
        if each.exported_on is not None:
            details.append(f"bản gửi gần nhất kết xuất ngày {official_date(each.exported_on)}")
        yield _missing(each.unit_code, each.kind, f" ({'; '.join(details)})")
    elif each.state is DeliveryState.LATE and each.due is not None:
        params: _Params = [
            ("list", LIST_WORDS[each.kind]),
            ("days", each.late_days),
            ("due", official_date(each.due)),
        ]
        yield _about(LATE, each.unit_code, each.kind, params)


def _of_supplements(unit: str, owed: OwedSupplements) -> Finding:
    words = "; ".join(f"{name} (hạn ngày {official_date(due)})" for name, due in owed.periods)
    return _missing(unit, SUPPLEMENT_LIST, f" cho {words}")


def _missing(unit: str, kind: str, details: str) -> Finding:
    return _about(MISSING, unit, kind, [("list", LIST_WORDS[kind]), ("details", details)])


def _of_empty(empty: EmptyLists) -> Iterator[Finding]:
    for each in empty.lists:
        if each.exported_on is not None:
            day = official_date(each.exported_on)
            params: _Params = [
                ("list", LIST_WORDS[each.kind]),
                ("day", day),
                ("period_name", empty.period_name),
            ]
            yield _about(EMPTY, each.unit_code, each.kind, params)


def _for_parents(
    units: Sequence[Unit], present: Iterable[DeliveryCoverage], missing: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """What the unit above is told: who of its units sends nothing, in one sentence per list."""
    expected = {
        (each.unit_code, each.kind) for each in present if each.state is not DeliveryState.NOT_EXPECTED
    }
    by_parent: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.parent_code:
            by_parent[unit.parent_code].append(unit)
    for parent, children in sorted(by_parent.items()):
        for kind in LIST_WORDS:
            late = [unit for unit in children if unit.code in missing.get(kind, ())]
            # Every unit owes a supplement; the other lists only where the unit has such software.
            total = sum(kind == SUPPLEMENT_LIST or (unit.code, kind) in expected for unit in children)
            if late:
                params: _Params = [
                    ("list", LIST_WORDS[kind]),
                    ("missing", len(late)),
                    ("total", total),
                    ("units", ", ".join(unit.full_name for unit in late)),
                ]
                places = tuple(Place("", 0, unit.code) for unit in late)
                yield _about(UNITS_MISSING, parent, kind, params, places)


def _about(
    code: str,
    unit: str,
    kind: str,
    params: _Params,
    places: tuple[Place, ...] = (),
) -> Finding:
    # The two registers are one kind of record: the subject tells them apart.
    return Finding(code, unit, kind.partition(".")[0], params=(("subject", kind), *params), places=places)
