"""Identities over time: what is open when one period closes is what the next one begins with.

A stored unit code stands for the same dossiers in every period, whoever held the code meanwhile, so periods
are compared by code and field: lines that are told apart within a period are taken together here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from transforms.findings import Finding
from transforms.indicators.measure import MeasureError
from transforms.indicators.measures import FORM_06A, MEASURES, add_form_over_time
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.period import HALF, MONTH, NINE_MONTHS, QUARTER, YEAR, parse_period
from transforms.indicators.rollup import code_of

BROKEN = "indicator.series.broken"
_NEXT_DAY = timedelta(days=1)
_FORM_IDS = tuple(measure.measure_id for measure in FORM_06A)
_CLOSING = ("pending_total", "pending_within", "pending_overdue")


def parts_of(period: Period) -> tuple[Period, ...]:
    """The periods that tile a period, in order, as few as there are; none for a month.

    A year is two halves, nine months the first half and quarter III, a half two quarters, a quarter three months.
    """
    year, index = period.year, period.index or 1
    ids = {
        YEAR: (f"{year}-6T", f"{year}-6C"),
        NINE_MONTHS: (f"{year}-6T", f"{year}-Q3"),
        HALF: (f"{year}-Q{2 * index - 1}", f"{year}-Q{2 * index}"),
        QUARTER: tuple(f"{year}-{month:02d}" for month in range(3 * index - 2, 3 * index + 1)),
        MONTH: (),
    }[period.kind]
    return tuple(parse_period(period_id) for period_id in ids)


def just_before(period: Period) -> Period:
    """The period that ends on the day before this one begins, of the same kind where there is one.

    Nine months begin with the year, so the year before stands before them.
    """
    if period.kind in (YEAR, NINE_MONTHS):
        return parse_period(str(period.year - 1))
    count = {MONTH: 12, QUARTER: 4, HALF: 2}[period.kind]
    index = period.index or 1
    year, index = (period.year, index - 1) if index > 1 else (period.year - 1, count)
    suffix = {MONTH: f"{index:02d}", QUARTER: f"Q{index}", HALF: "6T" if index == 1 else "6C"}[period.kind]
    return parse_period(f"{year}-{suffix}")


def check_series(tables: Iterable[IndicatorTable]) -> tuple[Finding, ...]:
    """A critical finding per unit and identity over time that does not hold; normally none.

    ``tables``: counts of one set of dossiers under one basis and rulebook, in any order. Checked wherever the
    days allow: the closing of one count is the opening of the one that begins on the next day; counts that
    close on one day agree on what is open, counts that begin on one day on what was carried over; the form of
    a whole is made of the forms of its parts, opening of the first, flows, closing of the last (DOMAIN.md 1.4).
    MeasureError for counts of different bases or rulebooks: their figures are not of one series.
    """
    counted = sorted(tables, key=lambda table: (table.reckoning.start, table.reckoning.closing_day))
    if len({(t.reckoning.rulebook, t.reckoning.basis) for t in counted}) > 1:
        raise MeasureError("counts of several bases or rulebooks are no series")
    # A rulebook that follows the status of the day of asking promises nothing over time.
    counted = [table for table in counted if table.is_exact]
    forms = {id(table): _forms(table) for table in counted}
    found: list[Finding] = []
    for one, other in combinations(counted, 2):
        found += _check_pair(one, other, forms[id(one)], forms[id(other)])
    for whole in counted:
        for parts in _tilings(whole.reckoning, counted):
            found += _check_whole(whole, parts, forms[id(whole)], [forms[id(part)] for part in parts])
    return tuple(dict.fromkeys(found))


_Forms = Mapping[tuple[str, str], Mapping[str, int]]
"""(unit code, field) → form measure → value."""


def _forms(table: IndicatorTable) -> _Forms:
    added: dict[tuple[str, str], Counter[str]] = {}
    for (measure, unit, field), value in table.cells.items():
        if measure in _FORM_IDS:
            added.setdefault((code_of(unit), field), Counter())[measure] += value
    return added


def _check_pair(
    one: IndicatorTable, other: IndicatorTable, first: _Forms, second: _Forms
) -> Iterator[Finding]:
    """``one`` begins before ``other``, or with it."""
    a, b = one.reckoning, other.reckoning
    if a.closing_day + _NEXT_DAY == b.start:
        yield from _compare(other, "carried_over", second, one, "pending_total", first)
    if a.closing_day == b.closing_day:
        # Counts of the same days agree in everything, whatever their periods are called.
        for measure in _FORM_IDS if a.start == b.start else _CLOSING:
            yield from _compare(other, measure, second, one, measure, first)
    elif a.start == b.start:
        yield from _compare(other, "carried_over", second, one, "carried_over", first)


def _compare(
    table: IndicatorTable,
    measure: str,
    forms: _Forms,
    other: IndicatorTable,
    other_measure: str,
    others: _Forms,
) -> Iterator[Finding]:
    words = f"“{MEASURES[other_measure].label}” kỳ {other.reckoning.period.period_id}"
    for key in sorted(forms.keys() | others.keys()):
        # A field that one period lists and the other does not has nothing in the other.
        stated, expected = (
            each.get(key, {}).get(name, 0) for each, name in ((forms, measure), (others, other_measure))
        )
        if stated != expected:
            yield _finding(table, key, measure, words, stated, expected)


def _check_whole(
    whole: IndicatorTable, parts: Sequence[IndicatorTable], form: _Forms, part_forms: Sequence[_Forms]
) -> Iterator[Finding]:
    words = "các kỳ " + ", ".join(part.reckoning.period.period_id for part in parts)
    for key in sorted(form.keys() | {key for forms in part_forms for key in forms}):
        added = add_form_over_time(
            [{m: forms.get(key, {}).get(m, 0) for m in _FORM_IDS} for forms in part_forms]
        )
        for measure in _FORM_IDS:
            stated = form.get(key, {}).get(measure, 0)
            if stated != added[measure]:
                yield _finding(whole, key, measure, words, stated, added[measure])


def _tilings(whole: Reckoning, tables: Sequence[IndicatorTable]) -> Iterator[tuple[IndicatorTable, ...]]:
    """Every way to lay at least two of the counts end to end over the days of the whole."""
    inside = [
        table
        for table in tables
        if whole.start <= table.reckoning.start and table.reckoning.closing_day <= whole.closing_day
    ]

    def laid(start: date) -> Iterator[tuple[IndicatorTable, ...]]:
        if start > whole.closing_day:
            yield ()
            return
        for table in inside:
            if table.reckoning.start == start:
                for rest in laid(table.reckoning.closing_day + _NEXT_DAY):
                    yield (table, *rest)

    # A chain of months, quarters and halves can be laid in many ways; each pair of neighbours is checked
    # already, so one tiling by every first part is enough.
    seen: set[int] = set()
    for tiling in laid(whole.start):
        if len(tiling) > 1 and id(tiling[0]) not in seen:
            seen.add(id(tiling[0]))
            yield tiling


def _finding(
    table: IndicatorTable, key: tuple[str, str], measure: str, words: str, stated: int, expected: int
) -> Finding:
    unit, field = key
    params = (
        ("measure", MEASURES[measure].label),
        ("parts", words),
        ("stated", stated),
        ("added", expected),
        ("period", table.reckoning.period.period_id),
        ("subject", f"{field}: {measure} = {words}"),
    )
    return Finding(BROKEN, unit, "dossier", params=params)
