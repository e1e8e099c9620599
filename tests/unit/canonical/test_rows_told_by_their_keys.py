"""Which rows are records, which a later row of the same file overtakes, and what is kept of those set apart."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from tests.unit.canonical.small_exports import canonicalise_table, rows_of
from transforms.canonical.assemble import latest_of_key
from transforms.canonical.dossier import agency_prefixes
from transforms.canonical.source import places_of
from transforms.findings import Place
from transforms.schema.tables import DOSSIER

_LIST = """
    | dossier_code             | procedure_name            | received_date | due_date   |
    | 000.09.42.H56-210905-01  | Thủ tục đăng ký khai sinh | 05/09/2021    |            |
    | 000.09.42.H56-210905-02  | Thủ tục đăng ký khai sinh | 31/09/2021    |            |
    | 000.09.42.H56-210905-01  | Sao y bản chính           | 06/09/2021    |            |
    |                          | Thủ tục đăng ký khai sinh | 06/09/2021    | không rõ   |
    | 000.09.42.H56-210905-01  | Sao y bản chính           | 07/09/2021    |            |
    | 000.09.42.H56-210905-03  | Sao y bản chính           | 07/09/2021    | 09/09/2021 |
"""


def test_every_row_is_a_record_overtaken_or_set_apart_and_keeps_its_place() -> None:
    result = canonicalise_table(_LIST)
    assert result.records.column("_row").to_pylist() == [9, 10]
    assert result.records.column("dossier_code").to_pylist() == [
        "000.09.42.H56-210905-01",
        "000.09.42.H56-210905-03",
    ]
    assert result.superseded.column("_row").to_pylist() == [5, 7]
    assert result.quarantined.column("_row").to_pylist() == [6, 8]
    for part in (result.records, result.superseded, result.quarantined):
        assert set(part.column("_delivery_id").to_pylist()) == {"lan-nhan-1"}
        assert set(part.column("_sheet").to_pylist()) == {"Sheet1"}


def test_row_that_stands_in_several_pairs_is_named_once() -> None:
    result = canonicalise_table(_LIST)
    # Row 9 overtakes both rows 5 and 7, of which only row 5 is about another procedure.
    assert rows_of(result, "dossier.code.two_dossiers") == [5, 9]
    assert rows_of(result, "dossier.code.repeated") == [7]


def test_rows_set_apart_keep_their_own_texts_where_these_read_like_values() -> None:
    kept = [json.loads(text) for text in canonicalise_table(_LIST).quarantined.column("raw_json").to_pylist()]
    assert kept == [
        {
            "dossier_code": "000.09.42.H56-210905-02",
            "procedure_name": "Thủ tục đăng ký khai sinh",
            "received_date": "31/09/2021",
        },
        {"procedure_name": "Thủ tục đăng ký khai sinh", "received_date": "06/09/2021"},
    ]


@pytest.mark.parametrize(
    ("codes", "latest"),
    [(["a", "b", "a", "c", "a", "b"], [4, 5, 4, 3, 4, 5]), ([None, "a", None], [2, 1, 2]), ([], [])],
)
def test_last_row_of_a_key_is_its_latest(codes: list[str | None], latest: list[int]) -> None:
    units = pa.array(["16204"] * len(codes), pa.string())
    keys = {name: pa.array(codes, pa.string()) if name == "dossier_code" else units for name in DOSSIER.key}
    assert latest_of_key(pa.table(keys), DOSSIER).tolist() == latest


def test_agencies_are_counted_in_front_of_codes_with_any_usual_counter() -> None:
    codes = ["H56-210905-0001", "H56-210905-1", "H56-20210905-0001", "H56.1-210905-0002", "H56-0905-0001"]
    codes += ["-210905-0001", " h56-210905-0003", "000-H56-210905-0004", "abc", ""]
    assert agency_prefixes(pa.array([*codes, None])) == {"H56": 4, "H56.1": 1, "000-H56": 1}


def test_places_share_equal_texts_and_take_null_as_empty() -> None:
    places = places_of(
        pa.array(["A", "A"]), pa.array([5, 6]), pa.array([None, "mã"]), pa.array(["Lạ lùng", "Lạ lùng"])
    )
    assert places == (Place("A", 5, "", "Lạ lùng"), Place("A", 6, "mã", "Lạ lùng"))
    assert places[0].value is places[1].value
