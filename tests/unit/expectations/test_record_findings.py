"""Findings about rows: one per rule, unit and file, with every failing row."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pyarrow as pa
import pytest

from expectations.checkpoints import Verdict
from expectations.compile import columns_used
from expectations.derived import CODE_PARTS_PATTERN, DERIVED_NAMES, with_code_parts
from expectations.forms import not_missing
from expectations.params import RuleParams
from expectations.registry import rules_of
from expectations.runner import check_records, check_rows, compare_counts, failing_rows
from expectations.summary import SUM_NAMES
from tests.support.pipe_table import read_records
from transforms.findings import Finding, Place
from transforms.schema.tables import (
    DOSSIER,
    DOSSIER_CODE_PATTERN,
    FEE,
    RECORD_KINDS,
    RECORD_TABLES,
    SUPPLEMENT,
)

PARAMS = RuleParams(date(2021, 9, 5), {"16204": "000.09.42.H56"})


def _only(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


def test_failing_rows_are_grouped_by_unit_and_file_in_row_order() -> None:
    table = read_records(
        DOSSIER,
        """
        | unit_code | _file | _sheet  | _row | dossier_code              | received_date | due_date   |
        | 16204     | b.xls | Tháng 8 | 9    | 000.09.42.H56-210805-0001 | 05/08/2021    | 04/08/2021 |
        | 16204     | a.xls |         | 7    | 000.09.42.H56-210805-0002 | 05/08/2021    | 03/08/2021 |
        | 16174     | a.xls |         | 8    | 000.01.42.H56-210805-0003 | 05/08/2021    | 02/08/2021 |
        | 16204     | b.xls | Tháng 8 | 12   | 000.09.42.H56-210805-0004 | 05/08/2021    | 01/08/2021 |
        | 16204     | b.xls | Tháng 8 | 13   | 000.09.42.H56-210805-0005 | 05/08/2021    | 06/08/2021 |
        """,
    )

    found = _only(check_rows("dossier", table, PARAMS), "dossier.due_date.before_received")

    assert [(f.unit_code, f.kind, f.file, f.column, f.count) for f in found] == [
        ("16174", "dossier", "a.xls", "due_date", 1),
        ("16204", "dossier", "a.xls", "due_date", 1),
        ("16204", "dossier", "b.xls", "due_date", 2),
    ]
    assert found[2].places == (
        Place("Tháng 8", 9, "000.09.42.H56-210805-0001", "04/08/2021"),
        Place("Tháng 8", 12, "000.09.42.H56-210805-0004", "01/08/2021"),
    )


def test_row_without_unit_or_value_leaves_its_texts_empty() -> None:
    table = read_records(DOSSIER, "| dossier_code |\n| |")

    (finding,) = _only(check_rows("dossier", table, PARAMS), "dossier.unit_code.missing")

    assert finding == Finding(
        "dossier.unit_code.missing", "", "dossier", "mau.xls", "unit_code", (), (Place("", 5, "", ""),)
    )


def test_fee_without_receipt_number_is_named_by_its_dossier() -> None:
    table = read_records(
        FEE,
        """
        | unit_code | receipt_number | dossier_code              | total_amount |
        | 16204     | 0000123        | 000.09.42.H56-210805-0001 | -5000        |
        | 16204     |                | 000.09.42.H56-210805-0002 | -7000        |
        """,
    )

    (finding,) = check_rows("fee", table, PARAMS)

    assert finding.code == "fee.total_amount.too_small"
    assert [(place.subject, place.value) for place in finding.places] == [
        ("0000123", "-5000"),
        ("000.09.42.H56-210805-0002", "-7000"),
    ]


def test_value_of_an_internal_column_is_not_shown() -> None:
    table = read_records(
        SUPPLEMENT, "| unit_code | item_id | text_value |\n| 16204 | signer_name | Người Mẫu 0001 |"
    )
    rule = not_missing("supplement.text_value.missing", SUPPLEMENT, "text_value")

    (finding,) = check_records("supplement", table, [rule], {rule.code: pa.array([True])})

    assert finding.places == (Place("", 5, "signer_name", ""),)


def test_supplement_rows_bring_their_sums_along() -> None:
    table = read_records(
        SUPPLEMENT,
        """
        | unit_code | period_id | item_id                    | ordinal | number_value |
        | 16204     | 2021-9T   | trained_count              | 1       | 1            |
        | 16204     | 2021-9T   | trained_professional_count | 0       | 2            |
        """,
    )

    assert [finding.code for finding in check_rows("supplement", table, PARAMS)] == [
        "supplement.ordinal.too_small",
        "supplement.staff.trained_too_many",
    ]


def test_clean_rows_raise_nothing() -> None:
    table = read_records(
        DOSSIER,
        """
        | unit_code | dossier_code              | status_code | received_date | due_date   | resolved_date |
        | 16204     | 000.09.42.H56-210805-0001 | 10          | 05/08/2021    | 06/08/2021 | 06/08/2021    |
        | 16204     | 000.09.42.H56-210805-0002 | 4           | 05/08/2021    | 06/08/2021 |               |
        """,
    )

    assert check_rows("dossier", table, PARAMS) == ()


def test_table_without_a_needed_column_raises() -> None:
    table = read_records(DOSSIER, "| dossier_code |\n| X |").drop_columns(["due_date"])

    with pytest.raises(KeyError, match="due_date"):
        failing_rows(table, rules_of("dossier", PARAMS))


def test_equal_counts_are_no_finding_and_unequal_ones_a_disagreement() -> None:
    masks = {"dossier.a": pa.array([True, False]), "dossier.b": pa.array([True, True])}
    verdicts = {
        "dossier.a": Verdict("dossier.a", True, False, 1),
        "dossier.b": Verdict("dossier.b", True, False, 1),
    }

    assert compare_counts(verdicts, masks) == (
        Finding(
            "rule.disagreement",
            kind="dossier",
            params=(("code", "dossier.b"), ("gx_count", 1), ("mask_count", 2)),
        ),
    )


def test_rule_without_verdict_mask_or_evaluation_is_not_evaluated() -> None:
    masks = {"fee.no_verdict": pa.array([], pa.bool_()), "fee.raised": pa.array([False])}
    verdicts = {
        "fee.no_mask": Verdict("fee.no_mask", True, True, 0),
        "fee.raised": Verdict("fee.raised", False, False, 0),
    }

    assert compare_counts(verdicts, masks) == tuple(
        Finding("rule.not_evaluated", kind="fee", params=(("code", code),))
        for code in ("fee.no_mask", "fee.no_verdict", "fee.raised")
    )


def test_code_parts_are_read_with_the_pattern_of_the_schema() -> None:
    assert CODE_PARTS_PATTERN.replace("?P<agency>", "?:").replace("?P<day>", "?:") == (DOSSIER_CODE_PATTERN)


def test_code_parts_are_appended_once() -> None:
    table = read_records(
        DOSSIER,
        "| unit_code | dossier_code | received_date |\n| 16204 | 000.09.42.H56-210805-0001 | 05/08/2021 |",
    )

    once = with_code_parts(table, PARAMS)

    assert {name: once[name].to_pylist() for name in DERIVED_NAMES} == {
        "code_agency": ["000.09.42.H56"],
        "expected_agency": ["000.09.42.H56"],
        "code_day": ["210805"],
        "received_day": ["210805"],
    }
    assert with_code_parts(once, PARAMS) is once


def test_rules_mention_only_columns_of_their_table_and_derived_ones() -> None:
    for kind in RECORD_KINDS:
        known = {*RECORD_TABLES[kind].names, *DERIVED_NAMES, *SUM_NAMES}
        for rule in rules_of(kind, PARAMS):
            arguments = dict(rule.expectation.arguments)
            named = {str(arguments[name]) for name in ("column", "column_A", "column_B") if name in arguments}
            assert named <= known, rule.code
            assert named <= columns_used([rule]), rule.code
            assert rule.column in RECORD_TABLES[kind].names, rule.code
            assert rule.table == RECORD_TABLES[kind].name, rule.code


def test_masks_alone_do_not_import_great_expectations() -> None:
    program = (
        "import sys, expectations.runner, expectations.messages, expectations.registry\n"
        "from datetime import date\n"
        "from expectations.params import RuleParams\n"
        "from transforms.schema.tables import DOSSIER\n"
        "expectations.runner.check_rows('dossier', DOSSIER.empty(), RuleParams(date(2021, 9, 5)))\n"
        "print('great_expectations' in sys.modules)\n"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "False"
