"""Identities over time, over chains of real periods under both bases, and what breaks them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import expectations
from expectations.messages import build_column_labels, describe, finding_id, parse_messages, placeholders
from tests.unit.indicators.period_windows import WINDOWS
from tests.unit.indicators.random_dossiers import FIRST_DAY, Version, histories, table_of
from tests.unit.indicators.small_catalogue import indicators_of
from transforms.indicators.identities import check_rollup
from transforms.indicators.measure import MeasureError
from transforms.indicators.model import IndicatorTable, Period
from transforms.indicators.period import parse_period, previous, reckon, window
from transforms.indicators.series import BROKEN, check_series, just_before, parts_of

MONTHS = [f"2021-{month:02d}" for month in range(1, 13)]
CHAIN = ["2020", *MONTHS, "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2021-6T", "2021-6C", "2021-9T", "2021"]


def count(dossiers: object, period_ids: list[str], basis: str, as_of: date) -> list[IndicatorTable]:
    """The periods that have begun by the day."""
    tables = []
    for period_id in period_ids:
        period = parse_period(period_id)
        if window(period, basis, WINDOWS)[0] <= as_of:
            tables.append(indicators_of(dossiers, reckoning=reckon(period, basis, WINDOWS, as_of)))  # type: ignore[arg-type]
    return tables


def stretched(history: list[Version], factor: int) -> list[Version]:
    """The same history over more of the year: days grow apart by the factor."""

    def later(day: date | None) -> date | None:
        return None if day is None else FIRST_DAY + (day - FIRST_DAY) * factor

    return [
        replace(
            version,
            **{
                name: later(getattr(version, name))
                for name in ("received", "due", "resolved", "returned", "exported")
            },
        )
        for version in history
    ]


@settings(max_examples=14, deadline=None)
@given(
    history=histories,
    factor=st.sampled_from([1, 9]),
    basis=st.sampled_from(["nd09", "lich"]),
    as_of=st.dates(date(2020, 12, 20), date(2022, 1, 31)),
)
def test_months_quarters_halves_nine_months_and_year_agree_for_any_dossiers(
    history: list[Version], factor: int, basis: str, as_of: date
) -> None:
    tables = count(table_of(stretched(history, factor)), CHAIN, basis, as_of)
    assert check_series(tables) == ()
    # Every dossier that is open when the year before ends is where the new year begins.
    by_id = {table.reckoning.period.period_id: table for table in tables}
    for table in tables:
        before = by_id.get(just_before(table.reckoning.period).period_id)
        if before is not None and before.reckoning.closing_day < table.reckoning.start:
            for unit in table.units("carried_over"):
                assert table.value("carried_over", (unit,)) == before.value("pending_total", (unit,))


@settings(max_examples=15, deadline=None)
@given(history=histories, number=st.integers(0, 20))
def test_any_figure_of_a_quarter_that_is_wrong_by_one_is_found(history: list[Version], number: int) -> None:
    tables = count(
        table_of(history),
        ["2020", "2021-01", "2021-02", "2021-03", "2021-Q1", "2021-Q2"],
        "nd09",
        date(2021, 6, 14),
    )
    quarter = next(table for table in tables if table.reckoning.period.period_id == "2021-Q1")
    form = sorted(
        key
        for key in quarter.cells
        if key[0] in ("early", "carried_over", "pending_total", "received_online")
    )
    key = form[number % len(form)]
    wrong = replace(quarter, cells={**quarter.cells, key: quarter.cells[key] + 1})
    found = check_series([wrong if table is quarter else table for table in tables])
    assert found
    assert {finding.code for finding in found} == {BROKEN}
    assert any(finding.unit_code == key[1] for finding in found)


DOSSIERS = """
    | dossier_code | field_name | status_code | channel_code | received_date | due_date   | resolved_date |
    | HS-1         | Hộ tịch    | 10          | 1            | 20/12/2020    | 23/12/2020 | 22/12/2020    |
    | HS-2         | Hộ tịch    | 10          | 1            | 01/03/2021    | 04/03/2021 | 20/03/2021    |
    | HS-3         | Hộ tịch    | 4           | 1            | 01/05/2021    | 04/05/2021 |               |
    """


def test_finding_names_both_periods_and_both_numbers() -> None:
    first, second = count(DOSSIERS, ["2021-Q1", "2021-Q2"], "nd09", date(2021, 9, 5))
    wrong = {**second.cells, ("carried_over", "16204", "ho_tich"): 3}
    (finding,) = check_series([first, replace(second, cells=wrong)])
    assert (finding.code, finding.unit_code) == (BROKEN, "16204")
    assert dict(finding.params) == {
        "measure": "Từ kỳ trước chuyển sang",
        "parts": "“Số hồ sơ đang giải quyết” kỳ 2021-Q1",
        "stated": 3,
        "added": 1,
        "period": "2021-Q2",
        "subject": "ho_tich: carried_over = “Số hồ sơ đang giải quyết” kỳ 2021-Q1",
    }


def test_code_that_passes_to_another_unit_is_one_series() -> None:
    first, second = count(DOSSIERS, ["2021-Q1", "2021-Q2"], "nd09", date(2021, 9, 5))
    renamed = {(m, f"{unit}@2019-12-01", field): value for (m, unit, field), value in first.cells.items()}
    assert check_series([replace(first, cells=renamed), second]) == ()


def test_counts_of_the_same_days_must_agree_in_everything() -> None:
    whole, nine = count(DOSSIERS, ["2021", "2021-9T"], "nd09", date(2021, 9, 5))
    assert check_series([whole, nine]) == ()
    cells = {**nine.cells, ("late", "16204", "*"): 9}
    assert [dict(f.params)["measure"] for f in check_series([whole, replace(nine, cells=cells)])] == [
        "Giải quyết quá hạn"
    ]


def test_periods_that_do_not_touch_are_not_compared() -> None:
    first, third = count(DOSSIERS, ["2021-Q1", "2021-Q3"], "nd09", date(2021, 9, 5))
    cells = {**third.cells, ("carried_over", "16204", "*"): 7}
    assert check_series([first, replace(third, cells=cells)]) == ()


def test_counts_of_two_rulebooks_are_no_series() -> None:
    first, second = count(DOSSIERS, ["2021-Q1", "2021-Q2"], "nd09", date(2021, 9, 5))
    other = replace(second, reckoning=replace(second.reckoning, rulebook="qd766"))
    with pytest.raises(MeasureError, match="rulebooks"):
        check_series([first, other])


@pytest.mark.parametrize("period_id", CHAIN)
@pytest.mark.parametrize("basis", ["nd09", "lich"])
def test_parts_tile_their_period_and_the_one_before_touches_it(period_id: str, basis: str) -> None:
    def days(period: Period) -> tuple[int, int]:
        first, last = window(period, basis, WINDOWS)
        return first.toordinal(), last.toordinal()

    period = parse_period(period_id)
    parts = [days(part) for part in parts_of(period)]
    assert (days(just_before(period))[1] + 1) == days(period)[0]
    if period.kind == "month":
        assert parts == []
        assert just_before(period) == previous(period)
    else:
        assert parts[0][0] == days(period)[0]
        assert parts[-1][1] == days(period)[1]
        assert all(one[1] + 1 == other[0] for one, other in itertools.pairwise(parts))


MESSAGES = parse_messages(
    {"units.vi.yml": (Path(expectations.__file__).parent / "messages" / "units.vi.yml").read_bytes()}
)


def test_every_finding_over_time_and_units_has_a_sentence_that_its_params_fill() -> None:
    first, second = count(DOSSIERS, ["2021-Q1", "2021-Q2"], "nd09", date(2021, 9, 5))
    wrong = replace(second, cells={**second.cells, ("carried_over", "16204", "*"): 3})
    findings = (*check_series([first, wrong]), *check_rollup(wrong))
    assert {finding.code for finding in findings} == set(MESSAGES)
    names = {"16204": "xã Bình Lương"}
    described = [describe(finding, MESSAGES, build_column_labels(), names) for finding in findings]
    assert [each.sentence for each in described] == [
        "Kỳ quý II năm 2021, xã Bình Lương: số liệu “Từ kỳ trước chuyển sang” là 3, trong khi theo “Số hồ sơ đang giải quyết” "
        "kỳ 2021-Q1 phải là 1 (*: carried_over = “Số hồ sơ đang giải quyết” kỳ 2021-Q1).",
        "Kỳ quý II năm 2021: số liệu “Từ kỳ trước chuyển sang” cộng theo các đơn vị là 3, trong khi đếm toàn bộ hồ sơ là 1 "
        "(carried_over).",
    ]
    for finding in findings:
        assert placeholders(MESSAGES[finding.code]) <= {name for name, _ in finding.params}
    assert len({finding_id(finding) for finding in findings}) == len(findings)
