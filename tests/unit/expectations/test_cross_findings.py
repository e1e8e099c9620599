"""Receipts, registers and summaries against the dossiers, and the words of every check across rows."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.across import ACROSS_CODES
from expectations.cross import (
    AFTER_WITHDRAWAL,
    BEFORE_FILED,
    FEW_DECISIONS,
    FEW_RECEIPTS,
    check_fee_dates,
    check_few_decisions,
    check_few_receipts,
)
from expectations.history import HISTORY_CODES
from expectations.messages import Messages, parse_messages, placeholders
from expectations.plausibility import PLAUSIBILITY_CODES
from expectations.sequence import SEQUENCE_CODES
from expectations.summary_counts import DIFFERS, NOT_EVALUATED, UNKNOWN_FIELD, check_summary_counts
from pipelines.catalogue_files import packaged_files
from tests.support.pipe_table import read_records
from tests.unit.expectations.across_cases import UNIT, rows_of
from tests.unit.history.version_rows import read_versions
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE, SUMMARY

MESSAGES = Path(__file__).parents[3] / "expectations/messages"
FILES = ("sequence", "history", "cross", "plausibility")
AS_OF = date(2021, 9, 5)


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return load_catalogue(packaged_files())


DOSSIERS = """
    | unit_code | dossier_code | status_code | channel_code | filed_date | received_date | resolved_date | what it is      |
    | 16204     | HS-1         | 10          | 1            | 03/08/2021 | 03/08/2021    | 05/08/2021    |                 |
    | 16204     | HS-2         | 7           | 1            | 03/08/2021 | 03/08/2021    | 05/08/2021    | withdrawn       |
    | 16204     | HS-3         | 10          | 2            | 01/08/2021 | 03/08/2021    | 05/08/2021    | filed online    |
    | 16204     | HS-4         | 10          | 2            |            | 03/08/2021    | 05/08/2021    | filing unknown  |
    | 16204     | HS-5         | 10          | 1            |            | 03/08/2021    | 05/08/2021    | in person       |
    | 16204     | HS-6         | 10          |              |            | 03/08/2021    | 05/08/2021    | channel unknown |
"""
FEES = """
    | unit_code | receipt_number | dossier_code | collected_date | _row | why                              |
    | 16204     | 1              | HS-1         | 03/08/2021     | 5    |                                  |
    | 16204     | 2              | HS-2         | 05/08/2021     | 6    | the day it was withdrawn         |
    | 16204     | 3              | HS-2         | 06/08/2021     | 7    | after it                         |
    | 16204     | 4              | HS-3         | 01/08/2021     | 8    | paid when filed                  |
    | 16204     | 5              | HS-3         | 31/07/2021     | 9    | before it was filed              |
    | 16204     | 6              | HS-4         | 01/08/2021     | 10   | the day of filing is not known   |
    | 16204     | 7              | HS-5         | 02/08/2021     | 11   | in person: before it was there   |
    | 16204     | 8              | HS-6         | 02/08/2021     | 12   | may have been filed online       |
    | 16174     | 9              | HS-1         | 01/08/2021     | 13   | another unit's code              |
    | 16204     | 10             | HS-9         | 01/08/2021     | 14   | no such dossier                  |
    | 16204     | 11             | HS-1         |                | 15   | no day                           |
"""


def test_receipts_are_held_against_the_days_of_their_dossiers() -> None:
    findings = check_fee_dates(read_records(FEE, FEES), read_records(DOSSIER, DOSSIERS))

    assert [(f.code, [place.row for place in f.places]) for f in findings] == [
        (AFTER_WITHDRAWAL, [7]),
        (BEFORE_FILED, [9, 11]),
    ]
    assert findings[0].places[0].value == "06/08/2021"
    assert check_fee_dates(FEE.empty(), read_records(DOSSIER, DOSSIERS)) == ()


def _paid(receipts: dict[str, int], size: int = 40) -> tuple[pa.Table, pa.Table]:
    """Dossiers of one procedure in several units, of which so many have a receipt."""
    day = date(2021, 8, 2)
    rows = [
        {
            "unit_code": unit,
            "dossier_code": f"{unit}-{n}",
            "status_code": 10,
            "received_date": day + timedelta(days=n % 20),
        }
        for unit in receipts
        for n in range(size)
    ]
    dossiers = rows_of(DOSSIER, rows).append_column("procedure_id", pa.array(["2.000815"] * len(rows)))
    # The first and the last one are paid: the fee list spans all of them.
    fees = [
        {
            "unit_code": unit,
            "dossier_code": f"{unit}-{size - 1 - n}",
            "received_date": day + timedelta(days=(size - 1 - n) % 20),
        }
        for unit, count in receipts.items()
        for n in range(count)
    ]
    return rows_of(FEE, fees), dossiers


def test_unit_without_many_receipts_that_others_have_is_told_which_dossiers() -> None:
    (finding,) = check_few_receipts(*_paid({"16174": 40, "16177": 40, "16180": 39, UNIT: 22}))

    assert (finding.code, finding.unit_code, finding.count) == (FEW_RECEIPTS, UNIT, 18)
    assert dict(finding.params) == {"total": 40, "share": "45%"}


def test_procedure_that_is_often_free_and_unit_without_a_fee_list_are_not_judged() -> None:
    assert check_few_receipts(*_paid({"16174": 20, "16177": 25, "16180": 30, UNIT: 22})) == ()
    assert check_few_receipts(*_paid({"16174": 40, "16177": 40, "16180": 39, UNIT: 0})) == ()
    assert check_few_receipts(*_paid({"16174": 40, UNIT: 22})) == ()


def _register(decisions: int, others: int = 5) -> pa.Table:
    kinds = ["quyet_dinh"] * decisions + ["bao_cao"] * others
    days = [date(2021, 1, 4), *[date(2021, 8, 31)] * len(kinds)]
    rows = [
        {
            "unit_code": UNIT,
            "direction": "outgoing",
            "symbol": f"{n}/X",
            "document_type_id": kind,
            "issued_date": days[n],
        }
        for n, kind in enumerate(kinds)
    ]
    return rows_of(DOCUMENT, rows)


@pytest.mark.parametrize(
    ("decisions", "results", "is_found"), [(0, 12, True), (1, 12, True), (2, 12, False), (0, 9, False)]
)
def test_far_fewer_decisions_than_results_are_worth_a_look(
    decisions: int, results: int, is_found: bool
) -> None:
    rows = [
        {
            "unit_code": UNIT,
            "dossier_code": f"{n}",
            "status_code": 10,
            "received_date": date(2021, 3, 1),
            "resolved_date": date(2021, 3, 5),
        }
        for n in range(results)
    ]
    classified = rows_of(DOSSIER, rows).append_column("field_id", pa.array(["bao_tro_xa_hoi"] * results))

    findings = check_few_decisions(_register(decisions), classified, _catalogue())

    assert [finding.code for finding in findings] == ([FEW_DECISIONS] if is_found else [])


SUMMARISED = """
    | unit_code | dossier_code | procedure_code | status_code | channel_code | received_date | due_date   | resolved_date | exported         |
    | 16204     | HS-1         | 1.001193       | 10          | 1            | 16/12/2020    | 16/12/2020 | 16/12/2020    | 05/09/2021 16:30 |
    | 16204     | HS-2         | 1.001193       | 10          | 2            | 02/08/2021    | 03/08/2021 | 02/08/2021    | 05/09/2021 16:30 |
    | 16204     | HS-3         | 1.001193       | 7           | 1            | 02/08/2021    | 03/08/2021 | 02/08/2021    | 05/09/2021 16:30 |
    | 16204     | HS-4         | 2.000815       | 4           | 1            | 03/08/2021    | 30/09/2021 |               | 05/09/2021 16:30 |
    | 16204     | HS-5         | 2.000815       | 10          | 1            | 01/12/2020    | 20/12/2020 | 21/12/2020    | 05/09/2021 16:30 |
"""
SUMMARY_HEADER = (
    "| unit_code | window_start | window_end | field_name | received_total | carried_over | received_in_window "
    "| received_online | early | on_time | late | pending_within | pending_overdue | _row |\n"
)
AGREES = (
    "| 16204 | 15/12/2020 | 31/08/2021 | HỘ TỊCH    | 3 | 0 | 3 | 1 | 1 | 2 | 0 | 0 | 0 | 7 |",
    "| 16204 | 15/12/2020 | 31/08/2021 | Công chứng, chứng thực | 2 | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 8 |",
)


def _compared(*lines: str, dossiers: str = SUMMARISED, data_day: date = AS_OF) -> tuple[Finding, ...]:
    return check_summary_counts(
        read_records(SUMMARY, SUMMARY_HEADER + "\n".join(lines)),
        read_versions(DOSSIER, dossiers),
        FEE.empty(),
        {UNIT: data_day},
        AS_OF,
        _catalogue(),
    )


def test_summary_that_agrees_raises_nothing_whatever_it_calls_its_fields() -> None:
    assert _compared(*AGREES) == ()
    assert check_summary_counts(SUMMARY.empty(), DOSSIER.empty(), FEE.empty(), {}, AS_OF, _catalogue()) == ()


def test_difference_names_both_numbers_measure_and_field() -> None:
    (finding,) = _compared(AGREES[0].replace("| 3 | 0 | 3 | 1 | 1 | 2", "| 9 | 0 | 9 | 1 | 1 | 8"), AGREES[1])

    assert (finding.code, finding.unit_code, finding.kind) == (DIFFERS, UNIT, "summary")
    assert [(place.row, place.subject, place.value) for place in finding.places] == [
        (7, "Hộ tịch · Tiếp nhận: tổng số", "Tiếp nhận: tổng số: phần mềm 9, đếm được 3"),
        (7, "Hộ tịch · Tiếp nhận: trong kỳ", "Tiếp nhận: trong kỳ: phần mềm 9, đếm được 3"),
        (7, "Hộ tịch · Đã xử lý: đúng hạn", "Đã xử lý: đúng hạn: phần mềm 8, đếm được 2"),
    ]
    params = dict(finding.params)
    assert (params["field"], params["theirs"], params["ours"]) == ("Hộ tịch", 9, 3)
    assert (params["start"], params["end"]) == ("15/12/2020", "31/8/2021")


def test_withdrawn_dossiers_printed_apart_are_no_difference() -> None:
    apart = AGREES[0].replace("| 3 | 0 | 3 | 1 | 1 | 2", "| 3 | 0 | 3 | 1 | 1 | 1")

    assert _compared(apart, AGREES[1]) == ()


def test_field_that_the_summary_does_not_print_is_a_difference() -> None:
    (finding,) = _compared(AGREES[0])

    assert finding.places[0].value == "Tiếp nhận: tổng số: phần mềm 0, đếm được 2"


def test_dossiers_that_the_catalogue_cannot_place_may_stand_under_any_field() -> None:
    unplaced = SUMMARISED.replace("| HS-2         | 1.001193", "| HS-2         |         ")

    assert _compared(*AGREES, dossiers=unplaced) == ()
    assert [
        f.code
        for f in _compared(AGREES[0].replace("| 3 | 0 | 3 |", "| 1 | 0 | 1 |"), AGREES[1], dossiers=unplaced)
    ] == [DIFFERS]


def test_unknown_field_names_are_said_once_and_the_rest_is_compared() -> None:
    lines = [
        "| 16204 | 15/12/2020 | 31/08/2021 | Lĩnh vực lạ | 4 | 0 | 4 | 0 | 0 | 4 | 0 | 0 | 0 | 9 |",
        AGREES[1],
    ]

    (finding,) = _compared(*lines)

    assert (finding.code, finding.count, dict(finding.params)["names"]) == (UNKNOWN_FIELD, 1, "Lĩnh vực lạ")


def test_summary_beyond_the_lists_is_said_not_to_be_compared() -> None:
    late = _compared(*AGREES, data_day=date(2021, 8, 30))
    early = _compared(*(line.replace("15/12/2020", "15/09/2020") for line in AGREES))

    assert [finding.code for finding in (*late, *early)] == [NOT_EVALUATED, NOT_EVALUATED]


def test_channels_are_compared_only_where_every_one_is_known() -> None:
    unknown = SUMMARISED.replace("| 10          | 2  ", "| 10          |    ")

    assert _compared(*AGREES, dossiers=unknown) == ()


@pytest.fixture(scope="module")
def messages() -> Messages:
    return parse_messages({f"{name}.vi.yml": (MESSAGES / f"{name}.vi.yml").read_bytes() for name in FILES})


def test_every_check_across_rows_has_its_words_and_every_word_its_check(messages: Messages) -> None:
    assert set(messages) == set(ACROSS_CODES)
    assert len(set(ACROSS_CODES)) == len(ACROSS_CODES)


def test_words_are_single_sentences_about_params_that_findings_carry(messages: Messages) -> None:
    month = {"month", "subject"}
    share = {"part", "whole", "rate", "usual"}
    given = {
        **{code: {"missing", "numbers", "share"} for code in SEQUENCE_CODES},
        SEQUENCE_CODES[0]: {"missing", "numbers", "share", "days", "day", "example"},
        SEQUENCE_CODES[3]: {"numbered", "total"},
        HISTORY_CODES[0]: month | {"total", "usual"},
        HISTORY_CODES[1]: month | share,
        HISTORY_CODES[2]: month | share,
        HISTORY_CODES[3]: month | {"fields", "total"},
        HISTORY_CODES[4]: {"months", "needed"},
        FEW_RECEIPTS: {"total", "share"},
        FEW_DECISIONS: {"results", "decisions", "fields"},
        DIFFERS: {"start", "end", "field", "measure", "theirs", "ours"},
        UNKNOWN_FIELD: {"names"},
        NOT_EVALUATED: {"start", "end"},
        PLAUSIBILITY_CODES[0]: share,
        PLAUSIBILITY_CODES[1]: month | share,
        PLAUSIBILITY_CODES[2]: {"part", "whole", "rate", "month", "day"},
    }
    for code in messages:
        message = messages[code]
        assert placeholders(message) <= given.get(code, set()), code
        for text in (message.sentence, message.why, message.remedy):
            assert text.endswith("."), code
            assert ". " not in text, code
            assert text[0].isupper() or text.startswith("{"), code


def test_signs_of_filled_in_dates_are_notes_for_the_level_above(messages: Messages) -> None:
    for code in PLAUSIBILITY_CODES:
        assert (messages[code].severity, messages[code].audience) == ("info", "parent")
        assert "Có thể" in messages[code].remedy
