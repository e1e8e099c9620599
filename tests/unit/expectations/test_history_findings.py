"""A month against the unit's own past: told when it is far off, never when chance or a short past explains it."""

from __future__ import annotations

from datetime import date

import pytest

from expectations.history import ON_TIME, RATE, SHARE, TOO_SHORT, VOLUME, check_history, unit_histories
from expectations.plausibility import (
    ABOVE_DISTRICT,
    ABOVE_PAST,
    MASS_CLOSING,
    REPEATED_SUPPLEMENT,
    check_due_days,
    check_mass_closing,
    check_repeated_supplements,
)
from tests.unit.expectations.across_cases import UNIT, Month, months, rows_of
from tests.unit.history.version_rows import read_versions
from transforms.calendar.work_calendar import build_calendar
from transforms.findings import Finding
from transforms.indicators.plausibility import count_closings, count_months
from transforms.schema.tables import DOSSIER

AS_OF = date(2021, 9, 5)
CALENDAR = build_calendar(())
NAMES = {"ho_tich": "Hộ tịch", "chung_thuc": "Chứng thực"}
USUAL = [Month(40), Month(44), Month(38), Month(41), Month(43), Month(39), Month(42)]


def _history(*plan: Month, data_day: date = AS_OF) -> list[Finding]:
    counts = count_months(months(plan), AS_OF)
    return list(check_history(counts, {UNIT: data_day}, CALENDAR, NAMES))


def _params(finding: Finding) -> dict[str, str | int]:
    return dict(finding.params)


def test_months_alike_raise_nothing() -> None:
    assert _history(*USUAL, Month(41)) == []


@pytest.mark.parametrize("received", [6, 120])
def test_month_far_below_or_above_its_past_is_unusual(received: int) -> None:
    (finding,) = _history(*USUAL, Month(received))

    assert (finding.code, finding.unit_code) == (VOLUME, UNIT)
    assert _params(finding)["month"] == "8/2021"
    assert _params(finding)["subject"] == "2021-08"
    assert _params(finding)["total"] == received
    assert 38 <= int(_params(finding)["usual"]) <= 44


def test_month_that_has_not_ended_when_the_list_was_taken_is_not_judged() -> None:
    assert _history(*USUAL, Month(6), data_day=date(2021, 8, 20)) == []


def test_too_little_past_is_said_once_and_nothing_else() -> None:
    findings = _history(Month(40), Month(44), Month(6), data_day=date(2021, 3, 31))

    assert [(finding.code, _params(finding)["months"]) for finding in findings] == [(TOO_SHORT, 2)]


def test_thin_months_before_the_first_full_one_are_no_past() -> None:
    counts = count_months(months([Month(2), Month(3), *USUAL[:6]]), AS_OF)

    ((_, history),) = unit_histories(counts, {UNIT: AS_OF}, CALENDAR)

    assert counts.months[history.first] == date(2021, 3, 1)
    assert [finding.code for finding in _history(Month(2), Month(3), *USUAL[:6])] == [TOO_SHORT]


def test_series_do_not_go_across_july_2025() -> None:
    first = date(2024, 12, 1)
    plan = [*USUAL, Month(300), Month(310)]
    counts = count_months(months(plan, first), date(2025, 9, 5))

    findings = check_history(counts, {UNIT: date(2025, 9, 5)}, CALENDAR, NAMES)

    assert [(finding.code, _params(finding)["months"]) for finding in findings] == [(TOO_SHORT, 1)]


def test_unit_without_a_list_is_not_judged() -> None:
    counts = count_months(months(USUAL), AS_OF)

    assert check_history(counts, {}, CALENDAR, NAMES) == ()
    assert check_history(count_months(months([]), AS_OF), {UNIT: AS_OF}, CALENDAR, NAMES) == ()


def test_month_in_which_little_was_closed_has_an_unusual_rate() -> None:
    (finding,) = _history(*USUAL, Month(41, ended=12))

    assert finding.code == RATE
    assert (_params(finding)["part"], _params(finding)["whole"]) == (12, 41)
    assert _params(finding)["usual"] == "100%"


def test_month_that_is_suddenly_late_has_an_unusual_share_on_time() -> None:
    table = months([*USUAL, Month(41)])
    due = [
        d if r.month < 8 else r
        for d, r in zip(table["due_date"].to_pylist(), table["received_date"].to_pylist(), strict=True)
    ]
    late = table.set_column(table.schema.get_field_index("due_date"), "due_date", [due])

    (finding,) = check_history(count_months(late, AS_OF), {UNIT: AS_OF}, CALENDAR, NAMES)

    assert (finding.code, _params(finding)["rate"]) == (ON_TIME, "0%")


def test_field_that_takes_over_a_month_is_named_with_both_shares() -> None:
    mixed = [Month(20, others=20) for _ in range(7)]

    findings = _history(*mixed, Month(4, others=36))

    assert [finding.code for finding in findings] == [SHARE]
    assert _params(findings[0])["fields"] == (
        "Chứng thực 90% (thường khoảng 50%); Hộ tịch 10% (thường khoảng 50%)"
    )


def test_few_dossiers_say_nothing_about_rates_and_shares() -> None:
    few = [Month(10, others=10) for _ in range(7)]

    assert _history(*few, Month(1, ended=0, others=19)) == []


def test_months_count_what_was_open_when_they_began() -> None:
    counts = count_months(months([Month(10, ended=4), Month(5)]), date(2021, 3, 5))

    assert counts.months[-3:] == (date(2021, 1, 1), date(2021, 2, 1), date(2021, 3, 1))
    assert counts.received[0, -3:].tolist() == [10, 5, 0]
    assert counts.resolved[0, -3:].tolist() == [4, 5, 0]
    assert counts.open_before[0, -3:].tolist() == [0, 6, 6]
    assert counts.received_by_field[0, -3:, counts.fields.index("ho_tich")].tolist() == [10, 5, 0]


def _due_days(plans: dict[str, list[Month]], parents: dict[str, str] | None = None) -> list[Finding]:
    import pyarrow as pa

    table = pa.concat_tables([months(plan, unit=unit) for unit, plan in plans.items()])
    counts = count_months(table, AS_OF)
    histories = unit_histories(counts, dict.fromkeys(plans, AS_OF), CALENDAR)
    return list(check_due_days(counts, histories, parents or dict.fromkeys(plans, "402")))


def test_unit_that_always_ends_on_the_promised_day_stands_out_from_its_district() -> None:
    plans = {f"1620{n}": [Month(40, on_due_day=8)] * 3 for n in range(5)} | {
        UNIT: [Month(40, on_due_day=36)] * 3
    }

    (finding,) = _due_days(plans)

    assert (finding.code, finding.unit_code) == (ABOVE_DISTRICT, UNIT)
    assert _params(finding) == {"part": 108, "whole": 120, "rate": "90%", "usual": "20%"}
    # Without neighbours, or with those of another district, there is nothing to stand out from.
    assert _due_days({UNIT: plans[UNIT]}) == []
    assert _due_days(plans, {**dict.fromkeys(plans, "402"), UNIT: "403"}) == []


def test_month_that_ends_on_the_promised_day_stands_out_from_its_past() -> None:
    plan = [Month(40, on_due_day=8)] * 7 + [Month(40, on_due_day=38)]

    (finding,) = _due_days({UNIT: plan})

    assert (finding.code, _params(finding)["subject"]) == (ABOVE_PAST, "2021-08")
    assert _due_days({UNIT: [Month(20, on_due_day=4)] * 7 + [Month(20, on_due_day=20)]}) == []


def test_mass_closing_names_the_day_and_leaves_small_months_alone() -> None:
    ordinary = {(UNIT, date(2021, 7, day)): 2 for day in range(1, 20)}
    last = {(UNIT, date(2021, 7, 30)): 40}

    (finding,) = check_mass_closing({**ordinary, **last}, AS_OF)

    assert (finding.code, _params(finding)["subject"]) == (MASS_CLOSING, "2021-07-30")
    assert (_params(finding)["part"], _params(finding)["whole"]) == (40, 78)
    assert check_mass_closing(ordinary, AS_OF) == ()
    assert check_mass_closing({(UNIT, date(2021, 7, 30)): 20}, AS_OF) == ()
    assert check_mass_closing({(UNIT, date(2019, 7, 30)): 90}, AS_OF) == ()


def test_dossiers_that_end_the_day_they_came_are_no_closing() -> None:
    rows = [
        {
            "unit_code": UNIT,
            "status_code": status,
            "received_date": received,
            "resolved_date": date(2021, 7, 30),
        }
        for status, received in (
            (10, date(2021, 7, 30)),
            (10, date(2021, 7, 29)),
            (5, date(2021, 7, 1)),
            (10, None),
        )
    ]

    assert count_closings(rows_of(DOSSIER, rows)) == {(UNIT, date(2021, 7, 30)): 1}


VERSIONS = """
    | dossier_code | status_code | exported   | what it is               |
    | HS-1         | 5           | 01/08/2021 | asked                    |
    | HS-1         | 4           | 02/08/2021 |                          |
    | HS-1         | 5           | 03/08/2021 | asked again              |
    | HS-2         | 5           | 01/08/2021 | asked once, seen twice   |
    | HS-2         | 5           | 02/08/2021 |                          |
    | HS-3         | 5           | 01/08/2021 |                          |
    | HS-3         | 4           | 02/08/2021 |                          |
    | HS-3         | 10          | 03/08/2021 |                          |
"""


def test_repeated_requests_for_papers_need_three_dossiers_among_thirty() -> None:
    import pyarrow as pa

    one = read_versions(DOSSIER, VERSIONS)
    asked = [
        read_versions(DOSSIER, VERSIONS.replace("HS-1", f"HS-1{n}").replace("HS-2", f"HS-2{n}"))
        for n in range(3)
    ]
    others = rows_of(
        DOSSIER, [{"unit_code": UNIT, "dossier_code": f"K-{n}", "status_code": 10} for n in range(30)]
    )

    assert check_repeated_supplements(pa.concat_tables([one, others])) == ()
    assert check_repeated_supplements(pa.concat_tables(asked)) == ()
    (finding,) = check_repeated_supplements(pa.concat_tables([*asked, others]))
    assert (finding.code, finding.unit_code) == (REPEATED_SUPPLEMENT, UNIT)
    assert [place.subject for place in finding.places] == ["HS-10", "HS-11", "HS-12"]
