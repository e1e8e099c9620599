"""What becomes of a finding between two looks, and how much was open on each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from expectations.life import (
    FindingHistory,
    FindingState,
    build_histories,
    life_state,
    life_states,
    opened_on,
)

ONE = FindingState("a", "dossier.due_date.missing", "16204", "warning", "unit", 3)
EXPLAINED = replace(ONE, is_explained=True)
CRITICAL = replace(ONE, severity="critical")
NOTE = replace(ONE, severity="info")


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (None, ONE, "new"),
        (ONE, ONE, "persisting"),
        (ONE, replace(ONE, count=4), "worse"),
        (ONE, replace(ONE, count=2), "better"),
        (ONE, replace(CRITICAL, count=1), "worse"),
        (CRITICAL, replace(ONE, count=9), "better"),
        (NOTE, replace(NOTE, count=4), "worse"),
        (ONE, EXPLAINED, "explained"),
        (None, EXPLAINED, "explained"),
        (EXPLAINED, replace(EXPLAINED, count=9), "explained"),
        (EXPLAINED, ONE, "reopened"),
        (EXPLAINED, None, "fixed"),
        (ONE, None, "fixed"),
    ],
)
def test_state_of_one_finding_between_two_looks(
    before: FindingState | None, after: FindingState | None, state: str
) -> None:
    assert life_state(before, after) == state
    assert life_states({"a": before} if before else {}, {"a": after} if after else {}) == {"a": state}


def test_finding_that_was_open_at_neither_look_has_no_state() -> None:
    assert life_states({}, {}) == {}
    with pytest.raises(ValueError, match="never open"):
        life_state(None, None)


def line(day: int, identity: str, count: int, state: str = "open", code: str = "x", unit: str = "1") -> dict[str, object]:  # fmt: skip
    """A line of the findings table, known on that day of September."""
    return {
        "finding_id": identity, "code": code, "unit_code": unit, "state": state, "count": count,
        "known_from": datetime(2021, 9, day, 1, tzinfo=UTC),
    }  # fmt: skip


def days(first: int, last: int) -> tuple[date, ...]:
    return tuple(date(2021, 9, number) for number in range(first, last + 1))


def test_open_rows_are_counted_at_the_end_of_every_day_also_of_quiet_ones() -> None:
    changes = [
        line(1, "a", 5), line(3, "a", 2), line(3, "b", 4), line(5, "a", 2, "fixed"),
        line(5, "c", 1, code="y"), line(9, "b", 40),
    ]  # fmt: skip
    found = build_histories(changes, date(2021, 9, 2), date(2021, 9, 6), datetime.date)
    assert found == (
        FindingHistory("1", "x", days(2, 6), (5, 6, 6, 4, 4)),
        FindingHistory("1", "y", days(2, 6), (0, 0, 0, 1, 1)),
    )


def test_rule_that_was_fixed_before_the_first_day_has_no_curve_and_one_fixed_on_it_neither() -> None:
    changes = [
        line(1, "a", 5),
        line(1, "b", 2, unit="2"),
        line(1, "a", 5, "fixed"),
        line(2, "b", 2, "fixed", unit="2"),
    ]
    assert build_histories(changes, date(2021, 9, 2), date(2021, 9, 4), datetime.date) == ()


def test_finding_is_open_since_the_last_time_it_came() -> None:
    changes = [line(1, "a", 5), line(2, "a", 7), line(3, "b", 1), line(4, "b", 1, "fixed"), line(6, "b", 2)]
    assert opened_on(changes, datetime.date) == {"a": date(2021, 9, 1), "b": date(2021, 9, 6)}
