"""Rules into Great Expectations: nothing is dropped silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest

from expectations.compile import CompileError, build_frame, columns_used, compile_suite
from expectations.forms import at_most, in_list, in_order, not_missing, unique_together, when_present
from expectations.rule import Expectation
from transforms.schema.tables import DOSSIER

AS_OF = date(2021, 9, 5)
FUTURE = at_most("dossier.received_date.in_future", DOSSIER, "received_date", AS_OF)


@pytest.mark.slow
def test_suite_holds_one_expectation_per_rule_with_its_code() -> None:
    rules = [FUTURE, not_missing("dossier.unit_code.missing", DOSSIER, "unit_code")]

    suite = compile_suite("dossier", rules)

    assert suite.name == "dossier"
    assert [expectation.meta["code"] for expectation in suite.expectations] == [rule.code for rule in rules]
    assert [expectation.expectation_type for expectation in suite.expectations] == [
        "expect_column_values_to_be_between",
        "expect_column_values_to_not_be_null",
    ]
    assert [expectation.description for expectation in suite.expectations] == [
        "“Ngày tiếp nhận” không được muộn hơn ngày 05/9/2021.",
        "“Đơn vị giải quyết” phải có giá trị.",
    ]
    assert suite.expectations[0].max_value == datetime(2021, 9, 5)  # noqa: DTZ001


@pytest.mark.slow
@pytest.mark.parametrize(
    "expectation",
    [
        Expectation("expect_column_values_to_be_nice", (("column", "unit_code"),)),
        Expectation("expect_column_values_to_not_be_null", ()),
        Expectation("expect_column_values_to_not_be_null", (("column", "unit_code"), ("colour", "red"))),
    ],
    ids=["unknown type", "argument missing", "argument unknown"],
)
def test_rule_that_cannot_be_compiled_raises_with_its_code(expectation: Expectation) -> None:
    with pytest.raises(CompileError, match=r"dossier\.received_date\.in_future"):
        compile_suite("dossier", [replace(FUTURE, expectation=expectation)])


@pytest.mark.slow
def test_code_that_occurs_twice_raises() -> None:
    with pytest.raises(CompileError, match="more than once"):
        compile_suite("dossier", [FUTURE, FUTURE])


def test_used_columns_include_those_of_conditions_and_pairs() -> None:
    rules = [
        in_list("a", DOSSIER, "status_code", (9, 10), when_present("resolved_date")),
        in_order("b", DOSSIER, "received_date", "due_date", mend="due_date"),
        unique_together("c", DOSSIER, ("unit_code", "dossier_code"), mend="dossier_code"),
    ]

    assert columns_used(rules) >= {
        "status_code",
        "resolved_date",
        "received_date",
        "due_date",
        "unit_code",
        "dossier_code",
    }


def test_frame_holds_only_used_columns_in_types_that_are_fast() -> None:
    table = pa.table(
        {
            "received_date": pa.array([AS_OF, None], pa.date32()),
            "copies_count": pa.array([1, None], pa.int64()),
            "status_code": pa.array([9, 10], pa.int8()),
            "unit_code": ["16204", None],
            "procedure_name": ["Chứng thực bản sao", None],
        }
    )
    rules = [
        FUTURE,
        *(not_missing(name, DOSSIER, name) for name in ("copies_count", "status_code", "unit_code")),
    ]

    frame = build_frame(table, rules)

    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "received_date": "datetime64[ns]",
        "copies_count": "float64",
        "status_code": "int64",
        "unit_code": "str",
    }
    assert frame["unit_code"].isna().tolist() == [False, True]


def test_frame_keeps_a_year_that_nanoseconds_cannot_hold() -> None:
    table = pa.table({"received_date": pa.array([date(3021, 9, 5)], pa.date32())})

    frame = build_frame(table, [FUTURE])

    assert frame["received_date"].iloc[0].year == 3021
