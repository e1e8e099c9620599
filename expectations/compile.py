"""Rules into a Great Expectations suite, and Arrow columns into the frame it is run on.

Great Expectations is imported inside the functions: it takes seconds and the on-demand path has no use
for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations.rule import Expectation, Rule
from expectations.rule_words import describe_rule

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite

_WORD = re.compile(r"[A-Za-z_]\w*")


class CompileError(Exception):
    """A rule that cannot become an expectation; never dropped silently."""


def compile_suite(name: str, rules: Sequence[Rule]) -> ExpectationSuite:
    """The suite of the rules, one expectation each, with ``meta["code"]`` to map verdicts back.

    What each demands is its description in Vietnamese, which Data Docs print. Raises CompileError for an
    unknown expectation type, an argument it does not take, a form without wording, or a code that occurs
    twice (verdicts could not be told apart).
    """
    from great_expectations import ExpectationSuite

    codes = [rule.code for rule in rules]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise CompileError(f"rule codes occur more than once: {', '.join(repeated)}")
    return ExpectationSuite(name=name, expectations=[_compile(rule) for rule in rules])


def _compile(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    expectation = rule.expectation
    class_name = "".join(part.capitalize() for part in expectation.name.split("_"))
    expectation_class = getattr(gxe, class_name, None)
    if expectation_class is None:
        raise CompileError(f"rule {rule.code}: unknown expectation {expectation.name}")
    arguments = {name: _as_argument(value) for name, value in expectation.arguments}
    try:
        return expectation_class(**arguments, description=describe_rule(rule), meta={"code": rule.code})
    except (KeyError, TypeError, ValueError) as error:
        raise CompileError(f"rule {rule.code}: {expectation.name} does not take {arguments}") from error


def _as_argument(value: object) -> object:
    """A day as an instant: the frame holds days as datetime64."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
    return value


def columns_used(rules: Iterable[Rule]) -> frozenset[str]:
    """Names of columns that the expectations mention (words of row conditions included)."""
    names: set[str] = set()
    for rule in rules:
        names.update(_mentioned(rule.expectation))
    return frozenset(names)


def _mentioned(expectation: Expectation) -> Iterable[str]:
    for name, value in expectation.arguments:
        if name in ("column", "column_A", "column_B"):
            yield str(value)
        elif name == "column_list" and isinstance(value, list):
            yield from value
        elif name == "row_condition":
            yield from _WORD.findall(str(value))


def build_frame(table: pa.Table, rules: Sequence[Rule]) -> pd.DataFrame:
    """The columns that the rules mention, in types on which Great Expectations runs vectorised.

    Text as pandas ``str``; days as datetime64[ns] (any other unit makes it loop over rows); whole numbers
    as int64, or float64 with NaN where there are nulls (exact up to 2**53). Columns that the table lacks
    are left out, so that their expectations come back as not evaluated.
    """
    import pandas as pd

    used = columns_used(rules)
    series = {name: _to_series(table[name]) for name in table.column_names if name in used}
    return pd.DataFrame(series, index=pd.RangeIndex(table.num_rows))


def _to_series(column: pa.ChunkedArray) -> pd.Series[Any]:
    if pa.types.is_date(column.type):
        try:
            column = column.cast(pa.timestamp("ns"))
        except pa.ArrowInvalid:
            # A mistyped year such as 3021 does not fit into nanoseconds: slower, but still judged.
            column = column.cast(pa.timestamp("ms"))
    elif pa.types.is_integer(column.type):
        column = column.cast(pa.float64() if column.null_count else pa.int64(), safe=False)
    series: pd.Series[Any] = column.to_pandas()
    return series
