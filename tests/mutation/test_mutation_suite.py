"""Faults put into clean data are found, each under the code meant for it, and clean data raises nothing."""

from __future__ import annotations

import pytest

from expectations.messages import Messages, parse_messages
from pipelines import package_files
from tests.mutation.district import check_district, clean_district
from tests.mutation.exports import EXPORT_FAULTS, read_damaged
from tests.mutation.records import RECORD_FAULTS
from tests.mutation.suite import Result, run_suite
from tests.mutation.wholes import WHOLE_FAULTS

LEAST_FAULTS, LEAST_KINDS, LEAST_RECALL, MOST_ALARMS = 300, 30, 0.98, 1 / 1000


@pytest.fixture(scope="module")
def result() -> Result:
    return run_suite()


@pytest.fixture(scope="module")
def messages() -> Messages:
    return parse_messages(package_files.message_files())


def test_suite_is_large_enough(result: Result) -> None:
    assert result.injected >= LEAST_FAULTS
    assert len({outcome.name for outcome in result.outcomes}) == len(result.outcomes)
    assert len({outcome.code for outcome in result.outcomes}) >= LEAST_KINDS
    assert all(outcome.injected >= 4 for outcome in result.outcomes)


def test_faults_are_found_under_the_code_meant_for_them(result: Result) -> None:
    missed = {o.name: f"{o.found}/{o.injected}" for o in result.outcomes if o.found < o.injected}

    assert result.found / result.injected >= LEAST_RECALL, missed
    # No kind may hide behind the others.
    assert not [o.name for o in result.outcomes if o.found < 0.7 * o.injected], missed


def test_hardly_anything_is_found_without_a_fault(result: Result) -> None:
    assert len(result.alarms) / result.rows <= MOST_ALARMS, result.alarms[:20]


def test_clean_district_raises_next_to_nothing() -> None:
    district = clean_district()
    findings = check_district(district)

    assert district.row_count > 10_000
    assert sum(finding.count for finding in findings) / district.row_count <= MOST_ALARMS, findings


def test_clean_exports_raise_no_finding_about_a_row() -> None:
    for source in ("dossier", "fee", "document"):
        findings, _, rows = read_damaged(None, source)

        assert rows > 100
        assert [finding for finding in findings if finding.places] == []


def test_every_fault_is_meant_for_a_code_that_has_words(messages: Messages) -> None:
    faults = (*RECORD_FAULTS, *WHOLE_FAULTS, *EXPORT_FAULTS)

    assert sorted({fault.code for fault in faults} - set(messages)) == []


def test_signs_of_filled_in_dates_are_told_to_the_level_above_only(messages: Messages) -> None:
    told = {code: messages[code].audience for code in messages if code.startswith("plausibility.")}

    assert len(told) == 4
    assert set(told.values()) == {"parent"}
