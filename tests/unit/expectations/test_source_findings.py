"""What the sources say against each other: both rows are named, and what agrees raises nothing."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from expectations.dossier import check_shared_codes
from expectations.fee import UNKNOWN_DOSSIER, check_fee_dossiers
from expectations.messages import build_column_labels, describe, describe_rows, parse_messages, placeholders
from expectations.overdue import OVERDUE_CODES, check_overdue
from tests.support.pipe_table import read_records
from transforms.canonical.identity import TWO_DOSSIERS
from transforms.findings import Finding, Place
from transforms.history.joined import join_overdue
from transforms.schema.tables import DOSSIER, FEE, OVERDUE

MESSAGES = Path(__file__).parents[3] / "expectations/messages"
LISTED = """
    | unit_code | dossier_code | due_date   | resolved_date | _file      | _row | what it is                 |
    | 16204     | HS-1         | 10/08/2021 | 09/08/2021    | ho-so.xls  | 5    | resolved within time       |
    | 16204     | HS-2         | 10/08/2021 | 12/08/2021    | ho-so.xls  | 6    | late: both agree           |
    | 16204     | HS-3         | 10/08/2021 |               | ho-so.xls  | 7    | another promised day       |
    | 16204     | HS-4         | 10/08/2021 | 12/08/2021    | ho-so.xls  | 8    | another day of the result  |
    | 16204     | HS-5         |            |               | ho-so.xls  | 9    | the list tells nothing     |
    | 16174     | HS-1         | 10/08/2021 | 12/08/2021    | khac.xls   | 5    | another unit's             |
"""
OVERDUE_LIST = """
    | unit_code | dossier_code | received_date | due_date   | resolved_date | _file       | _row |
    | 16204     | HS-1         | 01/08/2021    | 10/08/2021 |               | qua-han.xls | 4    |
    | 16204     | HS-2         | 01/08/2021    | 10/08/2021 | 12/08/2021    | qua-han.xls | 5    |
    | 16204     | HS-3         | 01/08/2021    | 08/08/2021 |               | qua-han.xls | 6    |
    | 16204     | HS-4         | 01/08/2021    | 10/08/2021 | 13/08/2021    | qua-han.xls | 7    |
    | 16204     | HS-5         | 01/08/2021    | 10/08/2021 | 13/08/2021    | qua-han.xls | 8    |
    | 16204     | HS-8         | 01/08/2021    | 10/08/2021 |               | qua-han.xls | 9    |
    | 16204     | HS-9         |               | 10/08/2021 |               | qua-han.xls | 10   |
"""


def _contradictions() -> dict[str, Finding]:
    joined = join_overdue(read_records(DOSSIER, LISTED), read_records(OVERDUE, OVERDUE_LIST))
    findings = check_overdue(joined.listed, joined.overdue, joined.only)
    assert len({finding.code for finding in findings}) == len(findings)
    return {finding.code: finding for finding in findings}


def test_contradictions_name_the_rows_of_both_files() -> None:
    found = _contradictions()

    assert set(found) == set(OVERDUE_CODES)
    assert found["overdue.not_overdue"].places == (
        Place("", 5, "HS-1", "09/08/2021", "ho-so.xls"),
        Place("", 4, "HS-1", "", "qua-han.xls"),
    )
    assert found["overdue.due_date.differs"].places == (
        Place("", 7, "HS-3", "10/08/2021", "ho-so.xls"),
        Place("", 6, "HS-3", "08/08/2021", "qua-han.xls"),
    )
    assert found["overdue.resolved_date.differs"].places == (
        Place("", 8, "HS-4", "12/08/2021", "ho-so.xls"),
        Place("", 7, "HS-4", "13/08/2021", "qua-han.xls"),
    )
    assert {finding.unit_code for finding in found.values()} == {"16204"}


def test_dossiers_that_only_the_overdue_list_knows_are_named_there() -> None:
    found = _contradictions()

    assert [place.subject for place in found["dossier.only_in_overdue_list"].places] == ["HS-8", "HS-9"]
    assert [place.subject for place in found["overdue.received_date.missing"].places] == ["HS-9"]
    assert found["dossier.only_in_overdue_list"].file == "qua-han.xls"


def test_lists_that_agree_raise_nothing() -> None:
    rows = [line for line in OVERDUE_LIST.splitlines() if "HS-2" in line or "unit_code" in line]
    joined = join_overdue(read_records(DOSSIER, LISTED), read_records(OVERDUE, "\n".join(rows)))

    assert joined.overdue.num_rows == 1
    assert check_overdue(joined.listed, joined.overdue, joined.only) == ()


def test_one_code_under_two_units_is_told_to_both_of_them() -> None:
    dossiers = read_records(
        DOSSIER,
        """
        | unit_code | dossier_code | procedure_code | procedure_name | received_date | _file | _row |
        | 16204     | HS-1         | 1.001193       | Khai sinh      | 03/08/2021    | a.xls | 5    |
        | 16174     | HS-1         | 2.000815       | Sao y          | 04/08/2021    | b.xls | 9    |
        | 16204     | HS-2         | 1.001193       | Khai sinh      | 03/08/2021    | a.xls | 6    |
        | 16174     | HS-2         | 1.001193       | Khai sinh      | 04/08/2021    | b.xls | 10   |
        | 16204     | HS-3         | 1.001193       | Khai sinh      | 03/08/2021    | a.xls | 7    |
        """,
    )

    findings = check_shared_codes(dossiers)

    assert [(f.code, f.unit_code, f.file) for f in findings] == [
        (TWO_DOSSIERS, "16204", "b.xls, a.xls"),
        (TWO_DOSSIERS, "16174", "a.xls, b.xls"),
    ]
    for finding in findings:
        assert {(place.file, place.row) for place in finding.places} == {("a.xls", 5), ("b.xls", 9)}


def test_shared_codes_of_nothing_are_nothing() -> None:
    assert check_shared_codes(DOSSIER.empty()) == ()
    missing = read_records(DOSSIER, "| unit_code | received_date |\n| 1 | 03/08/2021 |\n| 2 | 04/08/2021 |")
    assert check_shared_codes(missing) == ()


FEES = """
    | unit_code | dossier_code | received_date | collected_date | total_amount | _row | why                           |
    | 16204     | HS-1         | 03/08/2021    |                | 8000         | 5    |                               |
    | 16204     | HS-7         | 03/08/2021    |                | 8000         | 6    | nobody knows it               |
    | 16204     | HS-8         |               | 04/08/2021     | 8000         | 7    | the day of collection will do |
    | 16204     | HS-2         | 03/08/2021    |                | 8000         | 8    | another unit's dossier        |
    | 16204     | HS-9         | 01/07/2021    |                | 8000         | 9    | before every list             |
    | 16204     | HS-6         |               |                | 8000         | 10   | no day at all                 |
    | 16207     | HS-5         | 03/08/2021    |                | 8000         | 11   | this unit has sent no list    |
"""
DOSSIERS = """
    | unit_code | dossier_code | received_date |
    | 16204     | HS-1         | 02/08/2021    |
    | 16204     | HS-3         | 31/08/2021    |
    | 16174     | HS-2         | 03/08/2021    |
"""


def test_receipt_of_a_dossier_unknown_to_every_list_is_found_where_lists_reach() -> None:
    (finding,) = check_fee_dossiers(read_records(FEE, FEES), read_records(DOSSIER, DOSSIERS))

    assert (finding.code, finding.unit_code, finding.count) == (UNKNOWN_DOSSIER, "16204", 2)
    assert [(place.row, place.subject, place.value) for place in finding.places] == [
        (6, "HS-7", "8000"),
        (7, "HS-8", "8000"),
    ]


def test_receipts_are_not_judged_without_dossiers() -> None:
    assert check_fee_dossiers(read_records(FEE, FEES), DOSSIER.empty()) == ()
    assert check_fee_dossiers(FEE.empty(), read_records(DOSSIER, DOSSIERS)) == ()


def test_every_code_about_sources_has_its_words_and_every_word_its_code() -> None:
    path = MESSAGES / "sources.vi.yml"
    messages = parse_messages({path.name: path.read_bytes()})

    assert set(messages) == {*OVERDUE_CODES, UNKNOWN_DOSSIER, "dossier.status.conflict"}
    for code in messages:
        assert placeholders(messages[code]) <= {"dossiers"}, code
    sentences = [
        describe(finding, messages, build_column_labels(), {"16204": "xã Bình Lương"}).sentence
        for finding in _contradictions().values()
    ]
    assert sentences[0] == (
        "Có 1 hồ sơ nằm trong danh sách quá hạn, nhưng danh sách hồ sơ ghi đã giải quyết xong trong hạn "
        "(dòng 5 (tệp ho-so.xls), 4 (tệp qua-han.xls))."
    )


def test_rows_of_one_file_do_not_name_it() -> None:
    assert describe_rows((Place("", 5), Place("", 6))) == "dòng 5, 6"
    assert describe_rows((Place("", 5, file="a.xls"), Place("", 6, file="a.xls"))) == "dòng 5, 6"
    assert describe_rows((Place("T", 5, file="a.xls"), Place("U", 6, file="b.xls"))) == (
        "dòng 5 (trang tính T, tệp a.xls), 6 (trang tính U, tệp b.xls)"
    )


def test_checks_take_tables_in_pieces() -> None:
    rows = read_records(DOSSIER, DOSSIERS)
    pieces = pa.concat_tables([rows.slice(0, 1), rows.slice(1)])

    assert check_shared_codes(pieces) == ()
    assert len(check_fee_dossiers(read_records(FEE, FEES), pieces)) == 1
