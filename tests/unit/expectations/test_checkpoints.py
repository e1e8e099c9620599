"""One checkpoint per table: its verdicts, what is kept of it, and every failing row beside it."""

from __future__ import annotations

import json
import os
from datetime import date

import pyarrow as pa
import pytest

from expectations import checkpoints
from expectations.checkpoints import CheckpointRecord, Verdict, count_states, run_checkpoint
from expectations.forms import matching, not_missing
from expectations.params import RuleParams
from expectations.registry import rules_of
from expectations.rule import Rule
from expectations.runner import check_table, compare_counts, failing_rows, prepare_table
from tests.support.pipe_table import read_records
from transforms.schema.tables import DOSSIER

os.environ["GX_ANALYTICS_ENABLED"] = "false"
PARAMS = RuleParams(date(2021, 9, 5), {"16204": "000.09.42.H56"})
FAILING = 3000
DOSSIERS = """
| unit_code | dossier_code              | status_code | received_date | due_date   |
| 16204     | 000.09.42.H56-210805-0001 | 4           | 05/08/2021    | 09/08/2021 |
| 16204     | Người Mẫu 0001            | 4           | 05/08/2021    |            |
"""


def _rules() -> tuple[Rule, ...]:
    return (
        matching("dossier.dossier_code.malformed", DOSSIER, "dossier_code", r"^\d{3}\."),
        not_missing("dossier.due_date.missing", DOSSIER, "due_date"),
        not_missing("dossier.returned_date.missing", DOSSIER, "returned_date"),
    )


def test_verdicts_are_counted_by_what_they_come_to() -> None:
    verdicts = {
        "a": Verdict("a", True, True, 0),
        "b": Verdict("b", True, False, 2),
        "c": Verdict("c", False, False, 0),
        "d": Verdict("d", True, True, 0),
    }

    assert count_states(verdicts) == {"unevaluated": 1, "failed": 1, "passed": 2}
    assert count_states({}) == {"unevaluated": 0, "failed": 0, "passed": 0}


def test_record_that_was_kept_is_read_back_as_it_was() -> None:
    record = CheckpointRecord("fee", 3, {"a": Verdict("a", True, False, 2)}, {"results": []}, "ValueError")

    assert CheckpointRecord.from_json(json.loads(json.dumps(record.as_json()))) == record


@pytest.mark.slow
def test_checkpoint_keeps_counts_and_kinds_of_exceptions_but_no_value() -> None:
    table = read_records(DOSSIER, DOSSIERS).drop_columns(["returned_date"])

    record = run_checkpoint("dossier", table, _rules())

    assert record.verdicts == {
        "dossier.dossier_code.malformed": Verdict("dossier.dossier_code.malformed", True, False, 1),
        "dossier.due_date.missing": Verdict("dossier.due_date.missing", True, False, 1),
        "dossier.returned_date.missing": Verdict("dossier.returned_date.missing", False, False, 0),
    }
    kept = json.dumps(record.as_json(), ensure_ascii=False)
    assert "Người Mẫu" not in kept
    assert "Traceback" not in kept
    raised = [item["exception_info"] for item in record.result["results"] if not item["result"]]
    assert [(info["raised_exception"], info["exception_message"]) for info in raised] == [
        (True, "MetricResolutionError")
    ]
    assert record.result["suite_name"] == "dossier"
    assert record.result["meta"]["checkpoint_id"]
    assert record.result["meta"]["validation_id"]


@pytest.mark.slow
def test_checkpoint_that_breaks_off_evaluates_nothing_and_costs_no_failing_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(*_: object) -> dict[str, object]:
        raise ValueError("Người Mẫu 0001")

    monkeypatch.setattr(checkpoints, "_validate", break_off)
    table = read_records(DOSSIER, DOSSIERS)

    findings, record = check_table("dossier", table, PARAMS)

    assert (record.result, record.error) == ({}, "ValueError")
    codes = {rule.code for rule in rules_of("dossier", PARAMS)}
    unevaluated = {dict(f.params)["code"] for f in findings if f.code == "rule.not_evaluated"}
    assert unevaluated == codes
    assert {f.code for f in findings} - {"rule.not_evaluated"} == {
        "dossier.due_date.missing",
        "dossier.dossier_code.malformed",
    }


@pytest.mark.slow
def test_mask_that_counts_otherwise_than_great_expectations_is_a_disagreement() -> None:
    table = prepare_table("dossier", read_records(DOSSIER, DOSSIERS), PARAMS)
    rules = _rules()
    masks = failing_rows(table, rules) | {"dossier.due_date.missing": pa.array([True, True])}

    findings = compare_counts(run_checkpoint("dossier", table, rules).verdicts, masks)

    assert [(finding.code, dict(finding.params)) for finding in findings] == [
        ("rule.disagreement", {"code": "dossier.due_date.missing", "gx_count": 1, "mask_count": 2})
    ]


@pytest.mark.slow
def test_every_one_of_many_failing_rows_is_a_place() -> None:
    (row,) = read_records(DOSSIER, "\n".join(DOSSIERS.strip().splitlines()[:2])).to_pylist()
    rows = [
        row | {"dossier_code": f"000.09.42.H56-210805-{n:04d}", "due_date": None, "_row": n + 5}
        for n in range(FAILING)
    ]

    findings, record = check_table("dossier", pa.Table.from_pylist(rows, DOSSIER.arrow_schema()), PARAMS)

    (finding,) = findings
    assert finding.code == "dossier.due_date.missing"
    assert [place.row for place in finding.places] == list(range(5, FAILING + 5))
    assert record.verdicts[finding.code].unexpected_count == FAILING
