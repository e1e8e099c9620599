"""Which earlier periods a report is compared with, to which day they count, and whose figures compare."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from tests.unit.indicators.period_windows import WINDOWS
from transforms.catalogue.model import Unit
from transforms.indicators.earlier import (
    Obstacle,
    Reach,
    Relation,
    compare_lines,
    dense_since,
    earlier_periods,
    earlier_reckoning,
    resolving_since,
)
from transforms.indicators.period import parse_period, reckon
from transforms.indicators.rollup import Line

NOW = reckon(parse_period("2021-09"), "nd09", WINDOWS, date(2021, 9, 20))
BEFORE = reckon(parse_period("2021-08"), "nd09", WINDOWS, date(2021, 9, 20))


def unit(code: str = "16204", since: date = date(2004, 1, 1)) -> Unit:
    return Unit(code, "Bình Lương", "xã", "xa", "402", since, None, "")


def line(key: str, *members: Unit) -> Line:
    return Line(Unit(key, "Bình Lương", "xã", "xa", "402", date(2004, 1, 1), None, ""), members)


@pytest.mark.parametrize(
    ("period_id", "expected"),
    [
        ("2021-09", [("before", "2021-08"), ("last_year", "2020-09")]),
        ("2021-01", [("before", "2020-12"), ("last_year", "2020-01")]),
        ("2021-Q1", [("before", "2020-Q4"), ("last_year", "2020-Q1")]),
        ("2021-6T", [("before", "2020-6C"), ("last_year", "2020-6T")]),
        ("2021-9T", [("last_year", "2020-9T")]),
        ("2021", [("last_year", "2020")]),
    ],
)
def test_periods_to_compare_with(period_id: str, expected: list[tuple[str, str]]) -> None:
    found = earlier_periods(parse_period(period_id))
    assert [(relation.value, period.period_id) for relation, period in found] == expected


@pytest.mark.parametrize(
    ("period_id", "as_of", "relation", "other", "closing_day"),
    [
        ("2021-09", date(2021, 9, 20), Relation.BEFORE, "2021-08", date(2021, 8, 14)),
        ("2021-09", date(2021, 9, 5), Relation.BEFORE, "2021-08", date(2021, 8, 5)),
        ("2021-09", date(2021, 9, 5), Relation.LAST_YEAR, "2020-09", date(2020, 9, 5)),
        ("2021-9T", date(2021, 9, 5), Relation.LAST_YEAR, "2020-9T", date(2020, 9, 5)),
        # 31/8 has no like in the month before but one that ends sooner: the last day of that month.
        ("2021-Q3", date(2021, 8, 31), Relation.BEFORE, "2021-Q2", date(2021, 5, 31)),
        ("2021-03", date(2021, 3, 1), Relation.BEFORE, "2021-02", date(2021, 2, 1)),
    ],
)
def test_part_of_a_period_is_compared_with_the_same_part(
    period_id: str, as_of: date, relation: Relation, other: str, closing_day: date
) -> None:
    own = reckon(parse_period(period_id), "nd09", WINDOWS, as_of)
    found = earlier_reckoning(own, relation, parse_period(other), WINDOWS)
    assert found is not None
    assert (found.period.period_id, found.closing_day, found.rulebook) == (other, closing_day, own.rulebook)


def test_period_without_a_window_in_the_calendar_is_not_compared_with() -> None:
    assert earlier_reckoning(NOW, Relation.BEFORE, parse_period("2021-08"), ()) is None


def days(unit_code: str, first: date, count: int, a_day: int = 1) -> list[dict[str, object]]:
    return [
        {"unit_code": unit_code, "day": first + timedelta(days=at)}
        for at in range(count)
        for _ in range(a_day)
    ]


def records(*rows: list[dict[str, object]]) -> pa.Table:
    schema = pa.schema([("unit_code", pa.string()), ("day", pa.date32())])
    return pa.Table.from_pylist([row for group in rows for row in group], schema=schema)


def test_old_dossiers_in_a_newer_list_do_not_reach_back() -> None:
    leftovers = [{"unit_code": "A", "day": date(2020, month, 3)} for month in range(1, 12)]
    found = dense_since(records(leftovers, days("A", date(2020, 12, 15), 200, 5)), date(2021, 12, 31))
    assert found == {"A": date(2020, 12, 15)}


@pytest.mark.parametrize(
    ("resolved", "day"),
    [
        ({"A": date(2020, 12, 15)}, date(2020, 12, 15)),
        ({"A": date(2020, 11, 17)}, date(2020, 11, 3)),
        ({}, date(2020, 11, 3)),
    ],
)
def test_list_that_begins_with_open_dossiers_reaches_back_to_the_first_ones_finished(
    resolved: dict[str, date], day: date
) -> None:
    assert resolving_since({"A": date(2020, 11, 3)}, resolved) == {"A": day}


def test_quiet_unit_reaches_back_as_long_as_no_month_is_empty() -> None:
    monthly = [{"unit_code": "A", "day": date(2020, month, 10)} for month in (1, 3, 4, 5, 6, 7, 8, 9)]
    assert dense_since(records(monthly), date(2020, 12, 31)) == {"A": date(2020, 3, 10)}


def test_day_in_the_future_and_missing_day_say_nothing() -> None:
    strange = [{"unit_code": "A", "day": date(2031, 1, 1)}, {"unit_code": "A", "day": None}]
    strange += [{"unit_code": "B", "day": None}]
    found = dense_since(records(strange, days("A", date(2021, 6, 1), 60)), date(2021, 9, 5))
    assert found == {"A": date(2021, 6, 1)}


@pytest.mark.parametrize(
    ("since", "until", "obstacle", "day"),
    [
        (date(2021, 7, 15), date(2021, 9, 14), Obstacle.NONE, None),
        (date(2021, 7, 22), date(2021, 9, 14), Obstacle.NONE, None),
        (date(2021, 7, 23), date(2021, 9, 14), Obstacle.UNCOVERED, date(2021, 7, 23)),
        (None, date(2021, 9, 14), Obstacle.UNCOVERED, None),
        (date(2021, 1, 1), date(2021, 9, 13), Obstacle.OUTDATED, date(2021, 9, 13)),
        (date(2021, 1, 1), None, Obstacle.OUTDATED, None),
    ],
)
def test_unit_compares_only_where_its_lists_tell_both_periods_whole(
    since: date | None, until: date | None, obstacle: Obstacle, day: date | None
) -> None:
    key = ("dossier", "16204")
    reach = Reach({key: since} if since else {}, {key: until} if until else {})
    lines = (line("16204", unit()),)
    (found,) = compare_lines(lines, lines, "dossier", reach, NOW, BEFORE)
    assert (found.code, found.earlier_code, found.obstacle, found.day) == ("16204", "16204", obstacle, day)


def test_unit_made_of_others_then_does_not_compare() -> None:
    now = (line("16204", unit(), unit("16201")),)
    (found,) = compare_lines(now, (line("16204", unit()),), "dossier", Reach({}, {}), NOW, BEFORE)
    assert (found.obstacle, found.earlier_code) == (Obstacle.CHANGED, "")


def test_line_of_several_units_is_as_old_as_the_newest_of_their_lists() -> None:
    members = (unit(), unit("16201"))
    since = {("fee", "16204"): date(2020, 1, 1), ("fee", "16201"): date(2021, 8, 1)}
    until = {("fee", code): date(2021, 9, 20) for code in ("16204", "16201")}
    lines = (line("16204", *members),)
    (found,) = compare_lines(lines, lines, "fee", Reach(since, until), NOW, BEFORE)
    assert (found.obstacle, found.day) == (Obstacle.UNCOVERED, date(2021, 8, 1))
