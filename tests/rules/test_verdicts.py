"""The two halves of every rule, through real Great Expectations."""

from __future__ import annotations

import os
import re
from itertools import product

import pyarrow as pa
import pytest

from expectations.checkpoints import run_checkpoint
from expectations.compile import columns_used
from expectations.registry import rules_of
from expectations.runner import check_table, compare_counts, failing_rows, prepare_table
from tests.rules.cases import CASES, PARAMS
from tests.support.pipe_table import read_records
from transforms.schema.tables import RECORD_KINDS, RECORD_TABLES

ODD_YEAR = re.compile("/(0021|3021)")
os.environ["GX_ANALYTICS_ENABLED"] = "false"


def _all_cases(kind: str, *, with_odd_years: bool = True) -> pa.Table:
    """The rows of every case of a kind, one under the other; odd years do not fit into nanoseconds."""
    texts = (text for code, text in CASES.items() if code.startswith(f"{kind}."))
    if not with_odd_years:
        texts = ("\n".join(row for row in text.splitlines() if not ODD_YEAR.search(row)) for text in texts)
    return pa.concat_tables([read_records(RECORD_TABLES[kind], text) for text in texts])


@pytest.mark.slow
def test_great_expectations_and_masks_count_the_same_for_every_rule() -> None:
    for kind, with_odd_years in product(RECORD_KINDS, (False, True)):
        rules = rules_of(kind, PARAMS)
        table = prepare_table(kind, _all_cases(kind, with_odd_years=with_odd_years), PARAMS)
        masks = failing_rows(table, rules)

        record = run_checkpoint(kind, table, rules)
        verdicts = record.verdicts

        assert {code: verdict.unexpected_count for code, verdict in verdicts.items()} == {
            code: mask.true_count for code, mask in masks.items()
        }
        assert all(verdict.is_evaluated and not verdict.success for verdict in verdicts.values())
        assert compare_counts(verdicts, masks) == ()
        assert (record.kind, record.row_count, record.error) == (kind, table.num_rows, "")

    # A column that is not there: not evaluated, which is not the same as failed; the other rules still run.
    rules = rules_of("dossier", PARAMS)
    table = prepare_table("dossier", _all_cases("dossier"), PARAMS)
    masks = failing_rows(table, rules)
    verdicts = run_checkpoint("dossier", table.drop_columns(["returned_date"]), rules).verdicts
    unevaluated = {code for code, verdict in verdicts.items() if not verdict.is_evaluated}
    assert unevaluated == {rule.code for rule in rules if "returned_date" in columns_used([rule])}
    assert "dossier.returned_date.before_resolved" in unevaluated
    findings = compare_counts(verdicts, masks)
    assert [finding.code for finding in findings] == ["rule.not_evaluated"] * len(unevaluated)
    assert {dict(finding.params)["code"] for finding in findings} == unevaluated

    # Nothing delivered: every rule holds, none is doubted.
    for kind in RECORD_KINDS:
        findings, record = check_table(kind, RECORD_TABLES[kind].empty(), PARAMS)
        assert findings == ()
        assert {verdict.state for verdict in record.verdicts.values()} == {"passed"}
