"""The packaged ways of counting: the software's own agrees with its predicates, QĐ 766 with its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from tests.unit.indicators.random_dossiers import Version, days, histories, table_of
from tests.unit.indicators.random_rulebooks import packaged
from tests.unit.indicators.small_catalogue import CATALOGUE, indicators_of, reckoning_of
from transforms.catalogue.rulebook import OUTSIDE
from transforms.indicators.identities import check_identities
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.indicators.series import check_series

RULEBOOKS = {name: packaged(name) for name in ("tt01", "phan_mem", "qd766")}
THREE = replace(CATALOGUE, rulebooks=RULEBOOKS)
UNIT = ("16204",)
SHOWN = (
    "received_in_window",
    "carried_over",
    "early",
    "on_time",
    "late",
    "pending_within",
    "pending_overdue",
)


def counted(dossiers: str, rulebook: str, reckoning: Reckoning | None = None) -> IndicatorTable:
    reckoning = replace(reckoning or reckoning_of(), rulebook=rulebook)
    return indicators_of(dossiers, reckoning=reckoning, catalogue=THREE)


def values(table: IndicatorTable) -> dict[str, int]:
    found = {measure: table.value(measure, UNIT) for measure in SHOWN}
    return {measure: value for measure, value in found.items() if value}


def test_default_rulebook_is_exact_and_the_others_do_not_promise_to_be() -> None:
    assert {name: book.is_exact for name, book in RULEBOOKS.items()} == {
        "tt01": True,
        "phan_mem": False,
        "qd766": False,
    }
    assert RULEBOOKS["qd766"].applies_from == date(2022, 6, 23)
    assert RULEBOOKS["qd766"].columns["withdrawn"] == OUTSIDE
    assert [name for name, book in RULEBOOKS.items() if book.is_of_software] == ["phan_mem"]


def test_every_rulebook_names_its_sources_and_how_sure_they_are() -> None:
    for book in RULEBOOKS.values():
        assert book.name
        assert book.sources
        assert all(source.document and source.says and source.certainty in "SMC" for source in book.sources)


def test_points_of_the_index_add_up_to_a_hundred_in_five_groups() -> None:
    groups = RULEBOOKS["qd766"].scores
    assert [group.most for group in groups] == [18, 20, 22, 22, 18]
    assert all(sum(part.most for part in group.parts) == group.most for group in groups)


def test_software_leaves_out_unknown_procedures_and_says_how_many() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | biet         | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
        | la-1         | Khác lạ    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
        | la-2         |            | 4           | 01/03/2021    | 04/03/2021 |               |
        | la-dang-ky   |            | 1           | 01/03/2021    |            |               |
        """
    software = counted(rows, "phan_mem")
    assert values(software) == {"received_in_window": 1, "on_time": 1}
    assert software.notes["left_out", "16204"] == 2
    assert software.notes["unknown_procedure", "16204"] == 0
    plain = counted(rows, "tt01")
    assert values(plain) == {"received_in_window": 3, "on_time": 2, "pending_overdue": 1}
    assert ("left_out", "16204") not in plain.notes


def test_software_goes_by_the_status_of_the_latest_export_even_before_it_was_so() -> None:
    # On 05/9 it was in process and overdue; a later export shows it paused.
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | exported   |
        | HS-1         | Hộ tịch    | 4           | 01/03/2021    | 04/03/2021 | 01/09/2021 |
        | HS-1         | Hộ tịch    | 5           | 01/03/2021    | 04/03/2021 | 10/10/2021 |
        """
    assert values(counted(rows, "tt01")) == {"received_in_window": 1, "pending_overdue": 1}
    assert values(counted(rows, "phan_mem")) == {"received_in_window": 1, "pending_within": 1}


def test_software_keeps_a_dossier_in_process_open_whatever_end_date_it_has() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | HS-1         | Hộ tịch    | 4           | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        """
    assert values(counted(rows, "tt01")) == {"received_in_window": 1, "early": 1}
    assert values(counted(rows, "phan_mem")) == {"received_in_window": 1, "pending_overdue": 1}


def test_software_loses_a_finished_dossier_without_an_end_date() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | returned_date |
        | HS-1         | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 03/03/2021    |
        """
    assert values(counted(rows, "tt01")) == {"received_in_window": 1, "early": 1}
    assert values(counted(rows, "phan_mem")) == {"received_in_window": 1}


def test_software_does_not_carry_over_what_ended_on_the_first_day_but_resolves_it() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | ngay-dau     | Hộ tịch    | 10          | 01/12/2020    | 20/12/2020 | 15/12/2020    |
        | ngay-sau     | Hộ tịch    | 10          | 01/12/2020    | 20/12/2020 | 16/12/2020    |
        """
    assert values(counted(rows, "tt01")) == {"carried_over": 2, "early": 2}
    assert values(counted(rows, "phan_mem")) == {"carried_over": 1, "early": 2}


def test_software_counts_no_promised_date_and_withdrawn_as_on_time() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | khong-hen    | Hộ tịch    | 10          | 01/03/2021    |            | 09/03/2021    |
        | rut          | Hộ tịch    | 7           | 01/03/2021    | 04/03/2021 | 09/03/2021    |
        """
    for rulebook in ("tt01", "phan_mem"):
        assert values(counted(rows, rulebook)) == {"received_in_window": 2, "on_time": 2}


def test_index_leaves_withdrawn_dossiers_out_of_what_was_resolved() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | xong         | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 | 04/03/2021    |
        | rut          | Hộ tịch    | 7           | 01/03/2021    | 04/03/2021 | 09/03/2021    |
        """
    table = counted(rows, "qd766")
    assert values(table) == {"received_in_window": 2, "on_time": 1}
    assert table.value("resolved_total", UNIT) == 1


ASKED_TWICE = """
    | dossier_code | field_name | status_code | received_date | due_date   | resolved_date | exported   |
    | hai-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 05/03/2021 |
    | hai-lan      | Hộ tịch    | 4           | 01/03/2021    | 30/04/2021 |               | 10/03/2021 |
    | hai-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 15/03/2021 |
    | hai-lan      | Hộ tịch    | 10          | 01/03/2021    | 30/04/2021 | 20/04/2021    | 21/04/2021 |
    | mot-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 05/03/2021 |
    | mot-lan      | Hộ tịch    | 5           | 01/03/2021    | 30/04/2021 |               | 15/03/2021 |
    | mot-lan      | Hộ tịch    | 10          | 01/03/2021    | 30/04/2021 | 20/04/2021    | 21/04/2021 |
    """


def test_index_counts_a_second_request_for_papers_as_late() -> None:
    assert values(counted(ASKED_TWICE, "tt01")) == {"received_in_window": 2, "early": 2}
    assert values(counted(ASKED_TWICE, "qd766")) == {"received_in_window": 2, "early": 1, "late": 1}


def test_identities_are_asked_only_of_a_rulebook_that_promises_them() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   | resolved_date |
        | khong-ngay   | Hộ tịch    | 10          | 01/03/2021    | 04/03/2021 |               |
        """
    table = counted(rows, "phan_mem")
    assert table.value("received_total", UNIT) == 1
    assert table.value("resolved_total", UNIT) == table.value("pending_total", UNIT) == 0
    assert check_identities(table) == ()
    assert check_series([table, table]) == ()
    assert check_identities(replace(table, is_exact=True))


def software_in_words(latest: Version, first: date, last: date) -> tuple[str, ...]:
    """The columns of one dossier as the software's own predicates tell them (DOMAIN.md 2.3)."""
    status, received, end = latest.status, latest.received, latest.resolved
    is_unknown = latest.number % 3 == 2  # no field, see table_of
    if status in (1, 3) or received is None or is_unknown or received > last:
        return ()
    is_in_process = status in (2, 4) or (status is None and end is None)
    is_waiting = status in (5, 6, 8)
    is_done = not is_in_process and not is_waiting
    found = []
    if first <= received <= last:
        found.append("received_in_window")
    if received < first and (not is_done or (end is not None and end > first)):
        found.append("carried_over")
    if is_done and end is not None and first <= end <= last:
        if status == 7 or latest.due is None or end == latest.due:
            found.append("on_time")
        else:
            found.append("early" if end < latest.due else "late")
    if is_waiting:
        found.append("pending_within")
    elif is_in_process or (end is not None and end > last):
        is_overdue = latest.due is not None and latest.due < last
        found.append("pending_overdue" if is_overdue else "pending_within")
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(history=histories, first=days, last=days)
def test_software_rulebook_agrees_with_the_predicates_of_the_software(
    history: list[Version], first: date, last: date
) -> None:
    first, last = sorted((first, last))
    reckoning = Reckoning(Period("2021", "year", 2021, None), "nd09", first, last, last, last, "phan_mem")
    table = indicators_of(table_of(history), reckoning=reckoning, catalogue=THREE)
    expected: dict[str, int] = {}
    for number in {version.number for version in history if version.number < 4}:
        own = [version for version in history if version.number == number]
        latest = sorted(own, key=lambda version: version.exported)[-1]  # stable: later knowledge wins
        for measure in software_in_words(latest, first, last):
            expected[measure] = expected.get(measure, 0) + 1
    assert values(table) == expected
