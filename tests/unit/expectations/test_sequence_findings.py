"""Gaps in the daily sequence: told where they mean something, and only there."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pyarrow as pa

from expectations.daily_numbers import NUMBERED_PATTERN
from expectations.sequence import GAP, PARTIAL, SKIPPING, UNREADABLE, check_sequences
from tests.unit.expectations.across_cases import (
    AGENCY,
    OTHER,
    OTHER_AGENCY,
    PARAMS,
    UNIT,
    coded,
    full_days,
    rows_of,
)
from transforms.findings import Finding, Place
from transforms.schema.tables import DOSSIER

FIRST = date(2021, 3, 1)


def _check(rows: list[dict[str, object]], **more: object) -> tuple[Finding, ...]:
    return check_sequences(rows_of(DOSSIER, rows), PARAMS, **more)  # type: ignore[arg-type]


def _without(days: dict[date, object], at: int, *numbers: int) -> dict[date, object]:
    day = sorted(days)[at]
    return {**days, day: [n for n in days[day] if n not in numbers]}  # type: ignore[attr-defined]


def test_full_days_raise_nothing() -> None:
    assert _check(coded(full_days(FIRST, 10, 6))) == ()
    assert check_sequences(DOSSIER.empty(), PARAMS) == ()


def test_gap_names_unit_day_numbers_and_the_row_after_it() -> None:
    days = _without(full_days(FIRST, 10, 9), 4, 3, 5, 6, 7)

    (finding,) = _check(coded(days))

    assert (finding.code, finding.unit_code, finding.kind, finding.column) == (
        GAP,
        UNIT,
        "dossier",
        "dossier_code",
    )
    assert finding.places == (Place("", 5 + 4 * 9 + 2, f"{AGENCY}-210305", "0003, 0005–0007"),)
    assert dict(finding.params) == {
        "missing": 4, "numbers": 90, "share": "4,4%", "days": 1, "day": "05/3/2021", "example": "0003, 0005–0007",
    }  # fmt: skip
    assert finding.file == "mau.xls"


def test_first_number_of_a_day_is_missing_too() -> None:
    (finding,) = _check(coded(_without(full_days(FIRST, 10, 6), 0, 1)))

    assert finding.places[0].value == "0001"


def test_number_that_another_unit_holds_is_not_missing() -> None:
    rows = coded(_without(full_days(FIRST, 10, 6), 2, 2))
    held = coded({FIRST + timedelta(days=2): [2]}, OTHER, AGENCY)

    assert [finding.code for finding in _check(rows)] == [GAP]
    assert _check(rows + held + coded(full_days(FIRST, 5, 3), OTHER, OTHER_AGENCY)) == ()


def test_number_of_a_row_that_was_set_apart_is_not_missing() -> None:
    rows = coded(_without(full_days(FIRST, 10, 6), 2, 2))

    assert _check(rows, set_apart=pa.array([f"{AGENCY}-210303-0002", None])) == ()
    assert _check(rows, without_code={UNIT: 1}) == ()
    assert len(_check(rows, without_code={OTHER: 1})) == 1


def test_single_foreign_code_makes_no_sequence_for_its_agency() -> None:
    rows = coded(full_days(FIRST, 10, 6)) + coded({FIRST: [7]}, UNIT, OTHER_AGENCY)

    assert _check(rows) == ()


def test_dossiers_carried_over_from_before_the_list_are_no_gaps() -> None:
    earlier = {date(2021, 1, day): [number] for day, number in ((4, 17), (7, 3), (12, 9), (20, 1), (27, 6))}

    assert _check(coded({**earlier, **full_days(FIRST, 20, 6)})) == ()


def test_thin_month_between_two_lists_is_no_gap() -> None:
    april = {date(2021, 4, 1) + timedelta(days=n): [5] for n in range(1, 60, 6)}
    days = {**full_days(FIRST, 20, 6), **april, **full_days(date(2021, 6, 10), 20, 6)}

    assert _check(coded(days)) == ()


def test_number_far_above_its_place_is_no_end_of_the_sequence() -> None:
    days = full_days(FIRST, 10, 6)
    days[FIRST] = [*range(1, 7), 9001]

    assert _check(coded(days)) == ()


def test_running_numbers_that_do_not_begin_anew_each_day_are_not_judged() -> None:
    days = {FIRST + timedelta(days=n): range(1000 + 10 * n, 1008 + 10 * n) for n in range(20)}

    assert _check(coded(days)) == ()


def test_many_missing_numbers_are_a_partial_list() -> None:
    days = full_days(FIRST, 20, 8)
    for at in range(6, 11):
        days = _without(days, at, 1, 2, 3, 4, 5)

    (finding,) = _check(coded(days))

    assert finding.code == PARTIAL
    assert (finding.count, dict(finding.params)["missing"]) == (5, 25)


def test_list_of_every_third_dossier_is_partial_without_naming_every_day() -> None:
    days = {FIRST + timedelta(days=n): [3, 6, 9, 12] for n in range(40)}

    (finding,) = _check(coded(days))

    assert (finding.code, finding.places) == (PARTIAL, ())
    assert dict(finding.params)["share"] == "66,7%"


def test_software_that_skips_everywhere_is_one_note() -> None:
    days = full_days(FIRST, 90, 9)
    for at in range(0, 90, 3):
        days = _without(days, at, 4)

    (finding,) = _check(coded(days))

    assert (finding.code, finding.places) == (SKIPPING, ())
    assert dict(finding.params) == {"missing": 30, "numbers": 810, "share": "3,7%"}


def test_half_a_day_missing_stands_out_from_software_that_skips() -> None:
    days = full_days(FIRST, 90, 20)
    for at in range(0, 90, 3):
        days = _without(days, at, 4)
    days = _without(days, 40, *range(1, 13))

    findings = _check(coded(days))

    assert [finding.code for finding in findings] == [SKIPPING, GAP]
    assert [place.subject for place in findings[1].places] == [f"{AGENCY}-210410"]


def test_month_without_gaps_shows_that_the_software_does_not_skip() -> None:
    days = {**full_days(FIRST, 30, 9), **full_days(date(2021, 4, 1), 30, 9)}
    for at in range(0, 30, 2):
        days = _without(days, at, 4)

    (finding,) = _check(coded(days))

    assert (finding.code, finding.count) == (GAP, 15)


def test_codes_without_day_and_counter_are_said_not_to_be_judged() -> None:
    rows = [
        {"unit_code": UNIT, "dossier_code": f"0035211200{n:04d}", "received_date": FIRST} for n in range(120)
    ]

    (finding,) = _check(rows)

    assert (finding.code, dict(finding.params)) == (UNREADABLE, {"numbered": 0, "total": 120})
    assert _check(rows[:50]) == ()


def test_days_that_do_not_exist_or_lie_ahead_are_left_out() -> None:
    rows = coded(full_days(FIRST, 10, 6))
    odd = [f"{AGENCY}-211331-0009", f"{AGENCY}-211231-0009", f"{AGENCY}-210305-0000"]
    rows += [{"unit_code": UNIT, "dossier_code": code, "received_date": FIRST} for code in odd]

    assert _check(rows) == ()


def test_after_july_2025_many_missing_numbers_are_no_proof_of_a_partial_list() -> None:
    days = full_days(date(2025, 8, 1), 20, 8)
    for at in range(6, 11):
        days = _without(days, at, 1, 2, 3, 4, 5)
    later = type(PARAMS)(date(2025, 12, 1), PARAMS.agency_codes)

    (finding,) = check_sequences(rows_of(DOSSIER, coded(days)), later)

    assert finding.code == GAP


def test_pattern_keeps_to_codes_with_a_daily_counter() -> None:
    good = ("000.00.53.H48-220921-0099", "H21.65-220914-0011", "H56.42.09-260105-AA0001")
    bad = ("G09.20-20260609-0092637", "00352112000539", "HS-DT-2026-003", "H21.65-220914-011")

    assert all(re.match(NUMBERED_PATTERN, code) for code in good)
    assert not any(re.match(NUMBERED_PATTERN, code) for code in bad)


def test_dossier_that_only_an_overdue_list_names_is_no_row_of_a_list() -> None:
    rows = coded({FIRST + timedelta(days=n): [9] for n in range(120)})
    codes = pa.array([row["dossier_code"] for row in rows])

    assert [finding.code for finding in _check(rows)] == [PARTIAL]
    assert _check(rows, set_apart=codes) == ()
