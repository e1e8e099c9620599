"""What a fix-list promises is what counting anew gives once the records are mended: one by one and together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.fix_cases import apply, count, fix_lists_of, of_unit, promised
from tests.unit.indicators.random_dossiers import FIRST_DAY, SPAN, Version, histories, table_of
from tests.unit.indicators.small_catalogue import CATALOGUE, reckoning_of
from transforms.catalogue.model import Channel, Procedure, Status
from transforms.history.as_known import known_dossiers
from transforms.indicators.effect import Counting
from transforms.indicators.fix_list import FixList, build_fix_lists
from transforms.indicators.fix_rules import Mending
from transforms.indicators.fix_texts import CLOSE_NEAR, CLOSE_OVERDUE, RULES
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.schema.tables import DOSSIER, FEE

UNIT = "16204"
KNOWN = replace(
    CATALOGUE,
    procedures=(
        Procedure("1.001193", "Thủ tục đăng ký khai sinh", "ho_tich", (), 1, "working_day"),
        Procedure("2.000815", "Thủ tục chứng thực bản sao từ bản chính", "chung_thuc", (), 0, "same_day"),
    ),
    statuses=(Status(9, "Đã xử lý xong", "resolved"), Status(10, "Đã trả kết quả", "resolved")),
    channels=(Channel(2, "Trực tuyến"),),
)
EVERY_RULE = """
    | dossier_code | procedure_code | procedure_name             | status_code | channel_code | received_date | due_date   | resolved_date | returned_date | exported   |
    | khong-ngay   | 1.001193       | Thủ tục đăng ký khai sinh  | 10          | 1            | 01/03/2021    | 03/03/2021 |               |               | 05/03/2021 |
    | xong-truoc   | 1.001193       | Thủ tục đăng ký khai sinh  | 9           | 1            | 05/03/2021    | 09/03/2021 | 08/02/2021    |               | 05/09/2021 |
    | xong-sau-nay | 1.001193       | Thủ tục đăng ký khai sinh  | 9           | 1            | 01/03/2021    | 04/03/2021 | 03/12/2021    |               | 05/09/2021 |
    | khong-hen    | 1.001193       | Thủ tục đăng ký khai sinh  | 9           | 1            | 01/03/2021    |            | 05/03/2021    |               | 05/09/2021 |
    | hen-truoc    | 1.001193       | Thủ tục đăng ký khai sinh  | 9           | 1            | 01/03/2021    | 04/02/2021 | 02/03/2021    |               | 05/09/2021 |
    | la           |                | Thủ tục ĐK khai sinh mới   | 9           | 1            | 01/03/2021    | 04/03/2021 | 02/03/2021    |               | 05/09/2021 |
    | khong-kenh   | 1.001193       | Thủ tục đăng ký khai sinh  | 9           |              | 01/03/2021    | 04/03/2021 | 02/03/2021    |               | 05/09/2021 |
    | van-dang-ky  | 1.001193       | Thủ tục đăng ký khai sinh  | 1           | 1            | 01/03/2021    | 04/03/2021 | 02/03/2021    |               | 05/09/2021 |
    | van-bo-sung  | 1.001193       | Thủ tục đăng ký khai sinh  | 5           | 1            | 01/03/2021    | 04/03/2021 |               | 08/03/2021    | 05/09/2021 |
    | qua-han      | 1.001193       | Thủ tục đăng ký khai sinh  | 4           | 2            | 01/03/2021    | 04/03/2021 |               |               | 05/09/2021 |
    | sap-den-han  | 1.001193       | Thủ tục đăng ký khai sinh  | 4           | 2            | 03/09/2021    | 07/09/2021 |               |               | 05/09/2021 |
    | binh-thuong  | 1.001193       | Thủ tục đăng ký khai sinh  | 10          | 2            | 03/03/2021    | 05/03/2021 | 04/03/2021    | 05/03/2021    | 05/09/2021 |
    """
APART = {
    "dossier.code.missing",
    "dossier.date.impossible",
    "dossier.received_date.missing",
    "dossier.code.two_dossiers",
}
"""Rules about rows that are not counted yet, which the whole night shows."""


def check_promises(
    versions: pa.Table,
    reckoning: Reckoning,
    lists_of: tuple[IndicatorTable, tuple[Mending, ...], dict[str, FixList]],
) -> int:
    """How many promises were held to a new count: every fix alone, and every rule as a whole."""
    table, mendings, lists = lists_of
    checked = 0
    for mending in mendings:
        units = mending.after["unit_code"].to_pylist()
        codes = mending.after["dossier_code"].to_pylist()
        for unit in set(units):
            rows = [number for number, own in enumerate(units) if own == unit]
            group = next(g for g in lists[unit].groups if g.rule == mending.rule)
            assert group.count == len(rows)
            again = count(apply(versions, mending, rows, reckoning.as_of), reckoning, KNOWN)
            assert of_unit(again, unit) == promised(table, unit, group.effect), mending.rule
            checked += 1
            fixes = {fix.dossier_code: fix for fix in lists[unit].fixes if fix.rule == mending.rule}
            assert len(fixes) == group.moving_count
            for row in rows:
                again = count(apply(versions, mending, [row], reckoning.as_of), reckoning, KNOWN)
                fix = fixes.get(codes[row])
                expected = promised(table, unit, fix.effect) if fix else of_unit(table, unit)
                assert of_unit(again, unit) == expected, (mending.rule, codes[row])
                checked += 1
    return checked


def test_every_kind_of_fix_keeps_its_promise_alone_and_as_a_group() -> None:
    versions, reckoning = read_versions(DOSSIER, EVERY_RULE), reckoning_of()
    lists = fix_lists_of(versions, reckoning, KNOWN)
    assert {mending.rule for mending in lists[1]} == set(RULES) - APART
    assert {fix.rule for fix in lists[2][UNIT].fixes} >= set(RULES) - APART
    assert check_promises(versions, reckoning, lists) >= 2 * (len(RULES) - len(APART))


@settings(max_examples=25, deadline=None)
@given(
    history=histories,
    as_of=st.integers(SPAN // 2, SPAN + 5),
    ends=st.integers(-8, 8),
    start=st.integers(0, 20),
)
def test_promises_hold_whatever_the_offices_sent(
    history: list[Version], as_of: int, ends: int, start: int
) -> None:
    day = FIRST_DAY + timedelta(days=as_of)
    first = FIRST_DAY + timedelta(days=start)
    end = max(first, day + timedelta(days=ends))
    period = Period("2021", "year", 2021, None)
    reckoning = Reckoning(period, "tuy_chon", first, end, min(end, day), max(day, first))
    versions = table_of(history)
    check_promises(versions, reckoning, fix_lists_of(versions, reckoning, KNOWN))


def fixes_of(rule: str) -> FixList:
    versions = read_versions(DOSSIER, EVERY_RULE)
    found = fix_lists_of(versions, reckoning_of(), KNOWN)[2][UNIT]
    return replace(found, fixes=tuple(fix for fix in found.fixes if fix.rule == rule))


def test_closing_an_overdue_dossier_is_said_to_lower_the_on_time_rate() -> None:
    (fix,) = fixes_of(CLOSE_OVERDUE).fixes
    assert fix.effect.after("pending_overdue") == 1
    before, after = next((r.before, r.after) for r in fix.effect.rates if r.measure_id == "on_time_rate")
    assert after == (before[0], before[1] + 1)


def test_closing_in_time_is_said_to_keep_the_on_time_rate() -> None:
    (fix,) = fixes_of(CLOSE_NEAR).fixes
    assert (fix.was, fix.value) == ("", "05/09/2021")
    before, after = next((r.before, r.after) for r in fix.effect.rates if r.measure_id == "on_time_rate")
    assert after == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    ("rule", "was", "value"),
    [
        ("dossier.resolved_date.missing", "", "03/03/2021"),
        ("dossier.resolved_date.before_received", "08/02/2021", "02/08/2021"),
        ("dossier.resolved_date.in_future", "03/12/2021", "12/03/2021"),
        ("dossier.due_date.missing", "", "02/03/2021"),
        ("dossier.due_date.before_received", "04/02/2021", "02/03/2021"),
        ("dossier.procedure.unknown", "Thủ tục ĐK khai sinh mới", "Thủ tục đăng ký khai sinh [1.001193]"),
        ("indicator.channel.unknown", "", "Trực tuyến"),
    ],
)
def test_value_that_a_promise_reckons_with_is_told(rule: str, was: str, value: str) -> None:
    (fix,) = fixes_of(rule).fixes
    assert (fix.was, fix.value) == (was, value)


def test_work_is_not_proposed_for_a_period_that_is_over() -> None:
    versions = read_versions(DOSSIER, EVERY_RULE)
    over = reckoning_of("2021-06")
    rules = {group.rule for group in fix_lists_of(versions, over, KNOWN)[2][UNIT].groups}
    assert rules
    assert not rules & {CLOSE_OVERDUE, CLOSE_NEAR}


def test_list_begins_with_what_moves_the_on_time_rate_most() -> None:
    versions = read_versions(DOSSIER, EVERY_RULE)
    found = fix_lists_of(versions, reckoning_of(), KNOWN)[2][UNIT]

    def moved(number: int) -> float:
        rates = [r for r in found.fixes[number].effect.rates if r.measure_id == "on_time_rate"]
        return sum(abs(r.after[0] / r.after[1] - r.before[0] / r.before[1]) for r in rates)

    sizes = [round(moved(number), 9) for number in range(len(found.fixes))]
    assert sizes[0] > 0
    assert sizes == sorted(sizes, reverse=True)
    assert found.total_count == len(found.fixes)


def test_dossier_without_a_value_to_assume_is_counted_and_not_promised() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | field_name | status_code | channel_code | received_date | due_date | resolved_date |
        | khong-hen    | Hộ tịch    | 9           | 1            | 01/03/2021    |          | 05/03/2021    |
        """,
    )
    (group,) = fix_lists_of(versions, reckoning_of(), KNOWN)[2][UNIT].groups
    assert (group.rule, group.count, group.unpromised_count) == ("dossier.due_date.missing", 0, 1)


def test_what_people_explained_is_not_asked_for_again() -> None:
    versions, reckoning = read_versions(DOSSIER, EVERY_RULE), reckoning_of()
    counting = Counting(known_dossiers(versions), FEE.empty(), reckoning, KNOWN)
    table = count(versions, reckoning, KNOWN)
    found = build_fix_lists(table, counting, explained={("dossier.due_date.missing", UNIT)})[UNIT]
    assert "dossier.due_date.missing" not in {group.rule for group in found.groups}
    assert "dossier.due_date.before_received" in {group.rule for group in found.groups}
