"""State of a dossier on a day (DESIGN.md section 3)."""

from __future__ import annotations

from datetime import date

from tests.support.pipe_table import read_rows
from tests.unit.history.version_rows import read_versions
from transforms.history.as_known import known_dossiers
from transforms.indicators.state import State, state_on, undated_on
from transforms.schema.tables import DOSSIER

DAY = date(2021, 9, 5)
RECEIVED = "01/08/2021"


def states(text: str, day: date = DAY) -> dict[str, str]:
    """Dossier code → state; every dossier is received on 01/08/2021 unless the table says otherwise."""
    known = known_dossiers(read_versions(DOSSIER, _with_reception(text)))
    return dict(zip(known.latest["dossier_code"].to_pylist(), state_on(known, day).to_pylist(), strict=True))


def undated(text: str, day: date = DAY) -> set[str]:
    known = known_dossiers(read_versions(DOSSIER, _with_reception(text)))
    codes = zip(known.latest["dossier_code"].to_pylist(), undated_on(known, day).to_pylist(), strict=True)
    return {code for code, is_undated in codes if is_undated}


def expected(text: str) -> dict[str, str]:
    return {row["dossier_code"]: row["state"] for row in read_rows(text)}


def _with_reception(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    if "received_date" in lines[0]:
        return text
    return "\n".join([f"| received_date {lines[0]}", *(f"| {RECEIVED} {line}" for line in lines[1:])])


def test_resolved_dossier_is_early_on_time_or_late_by_day() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | state   |
        | truoc        | 10          | 10/08/2021 | 09/08/2021    | early   |
        | dung         | 10          | 10/08/2021 | 10/08/2021    | on_time |
        | qua          | 9           | 10/08/2021 | 11/08/2021    | late    |
        | khong-hen    | 10          |            | 11/08/2021    | on_time |
        | ngay-chot    | 10          | 10/09/2021 | 05/09/2021    | early   |
        """
    assert states(table) == expected(table)


def test_status_says_processing_but_an_end_date_stands_so_it_is_resolved() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | returned_date | state |
        | dang-xu-ly   | 4           | 10/08/2021 | 09/08/2021    |               | early |
        | trong        |             | 10/08/2021 | 12/08/2021    |               | late  |
        | da-tra       | 2           | 10/08/2021 |               | 12/08/2021    | late  |
        """
    assert states(table) == expected(table)


def test_open_dossier_is_within_or_overdue_against_the_promised_day() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | state   |
        | con-han      | 4           | 10/09/2021 |               | within  |
        | dung-ngay    | 4           | 05/09/2021 |               | within  |
        | het-han      | 4           | 04/09/2021 |               | overdue |
        | khong-hen    | 2           |            |               | within  |
        | xong-sau     | 10          | 10/09/2021 | 06/09/2021    | within  |
        | xong-sau-qua | 10          | 04/09/2021 | 06/09/2021    | overdue |
        """
    assert states(table) == expected(table)


def test_dossiers_outside_the_population_are_told_apart() -> None:
    table = """
        | dossier_code | status_code | received_date | resolved_date | state        |
        | moi-dang-ky  | 1           |               |               | registered   |
        | tu-choi      | 3           | 01/08/2021    | 02/08/2021    | refused      |
        | nhan-sau     | 4           | 06/09/2021    |               | not_received |
        | nhan-sau-xong| 10          | 06/09/2021    | 05/09/2021    | not_received |
        | khong-ngay   | 4           |               |               | not_received |
        | nhan-dung    | 4           | 05/09/2021    |               | within       |
        """
    assert states(table) == expected(table)


def test_withdrawn_on_its_end_date_else_on_the_first_export_that_showed_it() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | returned_date | exported   | state     |
        | co-ngay      | 7           | 02/08/2021 | 09/08/2021    |               | 20/09/2021 | withdrawn |
        | ngay-tra     | 7           | 02/08/2021 |               | 09/08/2021    | 20/09/2021 | withdrawn |
        | thay-truoc   | 7           | 02/08/2021 |               |               | 01/09/2021 | withdrawn |
        | thay-sau     | 7           | 02/08/2021 |               |               | 20/09/2021 | overdue   |
        | rut-sau      | 7           | 30/09/2021 | 09/09/2021    |               | 20/09/2021 | within    |
        """
    assert states(table) == expected(table)


def test_finished_without_any_date_ends_on_the_first_export_that_showed_it() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | returned_date | exported   | state   |
        | thay-truoc   | 9           | 01/09/2021 |               |               | 01/09/2021 | on_time |
        | thay-muon    | 10          | 30/08/2021 |               |               | 01/09/2021 | late    |
        | ngay-tra     | 10          | 30/08/2021 |               | 29/08/2021    | 01/09/2021 | early   |
        | thay-sau     | 10          | 10/09/2021 |               |               | 06/09/2021 | within  |
        """
    assert states(table) == expected(table)


def test_paused_dossier_is_never_resolved_and_never_overdue() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | returned_date | exported   | state   |
        | bo-sung      | 5           | 02/08/2021 |               |               | 01/09/2021 | paused  |
        | tai-chinh    | 6           | 02/08/2021 | 09/08/2021    |               | 20/09/2021 | paused  |
        | dung         | 8           |            | 05/09/2021    |               | 20/09/2021 | paused  |
        | dung-sau     | 8           | 02/08/2021 | 06/09/2021    |               | 20/09/2021 | overdue |
        | bo-sung-sau  | 5           | 30/09/2021 |               |               | 20/09/2021 | within  |
        | da-tra       | 5           | 02/08/2021 |               | 03/08/2021    | 20/09/2021 | overdue |
        """
    assert states(table) == expected(table)


def test_dossier_that_was_paused_then_and_went_on_since_is_paused_then() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | exported   | state  |
        | HS-1         | 5           | 02/08/2021 |               | 01/09/2021 | paused |
        | HS-1         | 10          | 02/08/2021 | 15/09/2021    | 20/09/2021 | paused |
        | HS-2         | 5           | 02/08/2021 |               | 01/09/2021 | paused |
        | HS-2         | 4           | 02/08/2021 |               | 20/09/2021 | paused |
        """
    assert states(table) == expected(table)
    assert states(table, date(2021, 9, 20)) == {"HS-1": "late", "HS-2": "overdue"}


def test_what_happened_after_the_day_does_not_count_on_it() -> None:
    table = """
        | dossier_code | status_code | due_date   | resolved_date | exported   |
        | HS-1         | 4           | 10/09/2021 |               | 01/09/2021 |
        | HS-1         | 7           | 10/09/2021 |               | 20/09/2021 |
        """
    assert states(table) == {"HS-1": "within"}
    assert states(table, date(2021, 9, 19)) == {"HS-1": "overdue"}
    assert states(table, date(2021, 9, 20)) == {"HS-1": "withdrawn"}


def test_status_seen_only_later_without_a_date_is_undated() -> None:
    table = """
        | dossier_code | status_code | resolved_date | returned_date | exported   |
        | dung         | 8           |               |               | 20/09/2021 |
        | rut          | 7           |               |               | 20/09/2021 |
        | xong         | 9           |               |               | 20/09/2021 |
        | bo-sung-tra  | 5           |               | 01/09/2021    | 20/09/2021 |
        | co-ngay      | 8           | 01/09/2021    |               | 20/09/2021 |
        | da-tra       | 10          |               | 01/09/2021    | 20/09/2021 |
        | thay-truoc   | 8           |               |               | 05/09/2021 |
        | dang-xu-ly   | 4           |               |               | 20/09/2021 |
        """
    assert undated(table) == {"dung", "rut", "xong", "bo-sung-tra"}


def test_status_that_an_earlier_export_did_not_show_yet_is_not_undated() -> None:
    table = """
        | dossier_code | status_code | exported   |
        | HS-1         | 4           | 01/09/2021 |
        | HS-1         | 8           | 20/09/2021 |
        """
    assert undated(table) == set()


def test_dossier_received_later_is_not_undated() -> None:
    table = """
        | dossier_code | status_code | received_date | exported   |
        | HS-1         | 8           | 06/09/2021    | 20/09/2021 |
        """
    assert undated(table) == set()


def test_no_dossiers_have_no_states() -> None:
    known = known_dossiers(DOSSIER.empty())
    assert state_on(known, DAY).to_pylist() == []
    assert undated_on(known, DAY).to_pylist() == []


def test_states_are_named_once() -> None:
    assert len({state.value for state in State}) == len(State) == 11
