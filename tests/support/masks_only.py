"""Findings without the verdicts of Great Expectations, which take seconds a night, for tests that ask for none."""

from __future__ import annotations

import pyarrow as pa

from expectations.checkpoints import CheckpointRecord
from expectations.params import RuleParams
from expectations.runner import check_rows
from transforms.findings import Finding


def check_by_masks(
    kind: str, rows: pa.Table, params: RuleParams
) -> tuple[tuple[Finding, ...], CheckpointRecord]:
    """Takes the place of ``expectations.runner.check_table``."""
    return check_rows(kind, rows, params), CheckpointRecord(kind, rows.num_rows, {})
