"""Every rule against its own small table, by the masks alone."""

from __future__ import annotations

import pyarrow as pa
import pytest

from expectations.registry import rules_of
from expectations.rule import Rule
from tests.rules.cases import CASES, PARAMS
from tests.support.pipe_table import read_marks, read_records
from transforms.schema.tables import RECORD_KINDS, RECORD_TABLES

RULES: dict[str, Rule] = {rule.code: rule for kind in RECORD_KINDS for rule in rules_of(kind, PARAMS)}


@pytest.mark.parametrize("code", sorted(CASES))
def test_rule_marks_exactly_the_failing_rows(code: str) -> None:
    table = RECORD_TABLES[code.partition(".")[0]]

    mask = RULES[code].fails(read_records(table, CASES[code]))

    assert mask.to_pylist() == read_marks(CASES[code])
    assert any(mask.to_pylist()), "a case without a failing row proves nothing"
    assert not all(mask.to_pylist())


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_rule_of_an_empty_table_is_an_empty_mask_without_nulls(code: str) -> None:
    mask = RULES[code].fails(RECORD_TABLES[code.partition(".")[0]].empty())

    assert mask.type == pa.bool_()
    assert len(mask) == 0


@pytest.mark.parametrize("code", sorted(RULES))
def test_rule_of_a_chunked_table_gives_one_array(code: str) -> None:
    rows = read_records(RECORD_TABLES[code.partition(".")[0]], CASES[code])

    mask = RULES[code].fails(pa.concat_tables([rows, rows.slice(0, 0)]))

    assert isinstance(mask, pa.BooleanArray)
    assert mask.null_count == 0
