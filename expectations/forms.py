"""Forms of rules: each writes the Great Expectations half and the mask half of one rule side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from expectations import masks
from expectations.masks import Mask
from expectations.rule import Expectation, Rule
from transforms.schema.model import Table


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows to which a rule applies: as a pandas query for Great Expectations and as a mask."""

    query: str
    holds: Mask


def when_present(column: str) -> Condition:
    """Rows where the column has a value."""
    return Condition(f"{column}.notnull()", masks.is_present(column))


def when_missing(column: str) -> Condition:
    """Rows where the column has no value."""
    return Condition(f"{column}.isnull()", masks.is_missing(column))


def when_in(column: str, values: Sequence[str | int]) -> Condition:
    """Rows where the column holds one of the values."""
    return Condition(f"{column} in {list(values)!r}", masks.is_in(column, values))


def when_not_in(column: str, values: Sequence[str | int]) -> Condition:
    """Rows where the column holds none of the values; rows without a value are among them."""
    return Condition(f"{column} not in {list(values)!r}", masks.is_not_in(column, values))


def _rule(
    code: str,
    table: Table,
    column: str,
    name: str,
    arguments: dict[str, object],
    fails: Mask,
    when: Condition | None = None,
) -> Rule:
    if when is not None:
        arguments = {**arguments, "row_condition": when.query, "condition_parser": "pandas"}
        fails = masks.both(when.holds, fails)
    table.column(column)  # KeyError: a rule must name a column of its table
    return Rule(code, table.name, column, Expectation(name, tuple(arguments.items())), fails)


def not_missing(code: str, table: Table, column: str, when: Condition | None = None) -> Rule:
    """The column must have a value."""
    return _rule(
        code,
        table,
        column,
        "expect_column_values_to_not_be_null",
        {"column": column},
        masks.is_missing(column),
        when,
    )


def in_list(
    code: str, table: Table, column: str, values: Sequence[str | int], when: Condition | None = None
) -> Rule:
    """The column must hold one of the values."""
    return _rule(
        code,
        table,
        column,
        "expect_column_values_to_be_in_set",
        {"column": column, "value_set": list(values)},
        masks.both(masks.is_present(column), masks.is_not_in(column, values)),
        when,
    )


def at_least(code: str, table: Table, column: str, minimum: int) -> Rule:
    """The column must not be smaller than the minimum."""
    return _rule(
        code,
        table,
        column,
        "expect_column_values_to_be_between",
        {"column": column, "min_value": minimum},
        masks.is_below(column, minimum),
    )


def at_most(code: str, table: Table, column: str, maximum: int | date) -> Rule:
    """The column must not be greater (a day: later) than the maximum."""
    return _rule(
        code,
        table,
        column,
        "expect_column_values_to_be_between",
        {"column": column, "max_value": maximum},
        masks.is_above(column, maximum),
    )


def matching(code: str, table: Table, column: str, pattern: str) -> Rule:
    """The text must match the regular expression."""
    return _rule(
        code,
        table,
        column,
        "expect_column_values_to_match_regex",
        {"column": column, "regex": pattern},
        masks.is_unlike(column, pattern),
    )


def in_order(
    code: str, table: Table, earlier: str, later: str, mend: str, when: Condition | None = None
) -> Rule:
    """The earlier day must not come after the later one; ``mend`` is the column a clerk looks at first."""
    return _rule(
        code,
        table,
        mend,
        "expect_column_pair_values_a_to_be_greater_than_b",
        {
            "column_A": later,
            "column_B": earlier,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        masks.is_before(later, earlier),
        when,
    )


def equal(code: str, table: Table, first: str, second: str, mend: str) -> Rule:
    """Where both columns have a value, the two must be equal."""
    return _rule(
        code,
        table,
        mend,
        "expect_column_pair_values_to_be_equal",
        {"column_A": first, "column_B": second, "ignore_row_if": "either_value_is_missing"},
        masks.differs(first, second),
    )


def unique_together(code: str, table: Table, columns: Sequence[str], mend: str) -> Rule:
    """The combination of values must occur once; rows with a null among them are left out."""
    return _rule(
        code,
        table,
        mend,
        "expect_compound_columns_to_be_unique",
        {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"},
        masks.is_repeated(columns),
    )
