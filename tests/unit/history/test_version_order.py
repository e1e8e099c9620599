"""Rows that lie in the order of their keys are not sorted again, and nothing else about them changes."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from expectations.masks import is_repeated
from tests.unit.history.version_rows import read_versions
from transforms.history.as_known import known_dossiers
from transforms.history.order import ascends, order_versions, sorted_by_key
from transforms.schema.tables import DOSSIER

KEYS = ["unit_code", "dossier_code"]
PAIRS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=8)


def keyed(pairs: list[tuple[str, str]]) -> pa.Table:
    rows = [
        {"unit_code": unit, "dossier_code": code, "_row": number} for number, (unit, code) in enumerate(pairs)
    ]
    return pa.Table.from_pylist(rows, schema=DOSSIER.arrow_schema())


@given(PAIRS)
def test_rows_ascend_where_sorting_them_changes_nothing_and_no_key_comes_twice(
    pairs: list[tuple[str, str]],
) -> None:
    columns = [keyed(pairs)[name].combine_chunks() for name in KEYS]
    assert ascends(columns) == (len(pairs) > 1 and sorted(set(pairs)) == pairs)


@given(PAIRS)
def test_rows_sorted_by_key_keep_the_order_of_those_with_one_key(pairs: list[tuple[str, str]]) -> None:
    found = sorted_by_key(keyed(pairs), KEYS)
    expected = sorted(range(len(pairs)), key=lambda number: pairs[number])
    assert found["_row"].to_pylist() == expected


@given(PAIRS)
def test_row_is_repeated_where_its_values_come_more_than_once(pairs: list[tuple[str, str]]) -> None:
    assert is_repeated(KEYS)(keyed(pairs)).to_pylist() == [pairs.count(pair) > 1 for pair in pairs]


def test_versions_in_order_give_what_the_same_versions_in_disorder_give() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | exported   |
        | HS-1         | 4           | 01/08/2021 |
        | HS-2         | 10          | 20/08/2021 |
        | HS-3         |             | 01/08/2021 |
        """,
    )
    mixed = versions.take([2, 0, 1])
    assert order_versions(versions, DOSSIER.key).is_in_place
    assert not order_versions(mixed, DOSSIER.key).is_in_place
    one, other = known_dossiers(versions), known_dossiers(mixed)
    assert one.latest.equals(other.latest)
    assert one.status_since.equals(other.status_since)


def test_versions_in_order_of_which_one_was_taken_out_leave_it_out() -> None:
    versions = keyed([("a", "x"), ("a", "y")])
    removal = pa.array([None, "rút"], pa.string())
    removed = versions.set_column(versions.schema.get_field_index("_removal"), "_removal", removal)
    assert order_versions(removed, KEYS).latest()["dossier_code"].to_pylist() == ["x"]
    kept = order_versions(removed, KEYS, with_removed=True)
    assert kept.latest()["dossier_code"].to_pylist() == ["x", "y"]
