"""What a rule demands, in one Vietnamese sentence: read off the expectation, so that nothing is written twice."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from expectations import derived, summary
from expectations.rule import Rule
from transforms.calendar.day_words import official_date
from transforms.schema.tables import RECORD_TABLES

DERIVED_LABELS: Mapping[str, str] = {
    derived.CODE_AGENCY: "Mã cơ quan trong mã hồ sơ",
    derived.EXPECTED_AGENCY: "Mã cơ quan của đơn vị giải quyết",
    derived.CODE_DAY: "Ngày trong mã hồ sơ",
    derived.RECEIVED_DAY: "Ngày tiếp nhận",
    summary.RECEIVED_PARTS: "Kỳ trước chuyển sang cộng tiếp nhận trong kỳ",
    summary.ACCOUNTED_TOTAL: "Đã giải quyết cộng đang giải quyết",
    summary.SENT_IN: "Nộp trực tuyến cộng nộp qua bưu chính công ích",
}
"""Names for people of the columns that rules compare but no record holds."""

_CODE_NAMES: Mapping[object, str] = {
    "incoming": "đến",
    "outgoing": "đi",
    "trung_uong": "trung ương",
    "tinh": "tỉnh",
    "huyen": "huyện",
    "xa": "xã",
    "khac": "khác",
}
"""Our own code words as people say them; numbers are the codes that the software itself shows."""
_TABLES = {table.name: table for table in RECORD_TABLES.values()}
_CONDITION = re.compile(r"(\w+)(?:\.(notnull|isnull)\(\)| (not in|in) (\[.*\]))", re.ASCII)
_Arguments = Mapping[str, Any]


def describe_rule(rule: Rule) -> str:
    """The sentence, with the labels of the columns; KeyError for a form of expectation that has no wording."""
    arguments = dict(rule.expectation.arguments)
    said = _FORMS[rule.expectation.name](rule, arguments)
    condition = arguments.get("row_condition")
    return f"{said}{f' khi {_condition(rule, str(condition))}' if condition else ''}."


def _label(rule: Rule, column: str) -> str:
    known = DERIVED_LABELS.get(column)
    return f"“{known if known is not None else _TABLES[rule.table].column(column).label}”"


def _condition(rule: Rule, query: str) -> str:
    found = _CONDITION.fullmatch(query)
    if found is None:
        return query
    column, test, membership, values = found.groups()
    label = _label(rule, column)
    if test:
        return f"{label} {'có giá trị' if test == 'notnull' else 'để trống'}"
    return f"{label} {'không phải là' if membership == 'not in' else 'là'} {_listed(literal_eval(values))}"


def _listed(values: list[object]) -> str:
    *first, last = [_CODE_NAMES.get(value, str(value)) for value in values]
    listed = f"{', '.join(first)} hoặc {last}" if first else last
    return f"mã {listed}" if all(isinstance(value, int) for value in values) else listed


def _not_null(rule: Rule, arguments: _Arguments) -> str:
    return f"{_label(rule, arguments['column'])} phải có giá trị"


def _in_set(rule: Rule, arguments: _Arguments) -> str:
    return f"{_label(rule, arguments['column'])} phải là {_listed(arguments['value_set'])}"


def _between(rule: Rule, arguments: _Arguments) -> str:
    bounds = []
    if (least := arguments.get("min_value")) is not None:
        bounds.append(f"không được nhỏ hơn {least}")
    if (most := arguments.get("max_value")) is not None:
        is_day = isinstance(most, date)
        bounds.append(
            f"không được muộn hơn ngày {official_date(most)}" if is_day else f"không được lớn hơn {most}"
        )
    return f"{_label(rule, arguments['column'])} {' và '.join(bounds)}"


def _regex(rule: Rule, arguments: _Arguments) -> str:
    return f"{_label(rule, arguments['column'])} phải đúng cấu trúc quy định"


def _in_order(rule: Rule, arguments: _Arguments) -> str:
    is_day = pa.types.is_date(_TABLES[rule.table].column(rule.column).type)
    later, earlier = (_label(rule, arguments[name]) for name in ("column_A", "column_B"))
    return f"{later} không được {'sớm' if is_day else 'nhỏ'} hơn {earlier}"


def _equal(rule: Rule, arguments: _Arguments) -> str:
    return f"{_label(rule, arguments['column_A'])} phải khớp với {_label(rule, arguments['column_B'])}"


def _unique(rule: Rule, arguments: _Arguments) -> str:
    names = ", ".join(_label(rule, name) for name in arguments["column_list"])
    return f"Không có hai dòng trùng nhau ở tất cả các cột {names}"


_FORMS: Mapping[str, Callable[[Rule, _Arguments], str]] = {
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_match_regex": _regex,
    "expect_column_pair_values_a_to_be_greater_than_b": _in_order,
    "expect_column_pair_values_to_be_equal": _equal,
    "expect_compound_columns_to_be_unique": _unique,
}
