"""The field of a dossier: from its code, else its name, else the exported field, else a hint."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.catalogue.classify import CLASSIFYING, classify, distinct_groups
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.catalogue.statuses import fill_status_codes
from transforms.schema.tables import DOSSIER


def dossiers(*rows: dict[str, object]) -> pa.Table:
    """Dossier rows with only the columns a test is about."""
    return pa.Table.from_pylist(list(rows), schema=DOSSIER.arrow_schema())


def verdict(catalogue: Catalogue, **columns: str) -> tuple[str, str | None, str]:
    row = classify(dossiers(columns), catalogue).to_pylist()[0]
    return row["field_id"], row["procedure_id"], row["classified_by"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param(
            {"procedure_code": "2.000815"}, ("chung_thuc", "2.000815", "code"), id="code"
        ),
        pytest.param(
            {"procedure_code": "2.000815", "procedure_name": "Đăng ký khai sinh", "field_name": "Đất đai"},
            ("chung_thuc", "2.000815", "code"),
            id="code goes before name and field",
        ),
        pytest.param(
            {"procedure_code_raw": "2.000815.000.00.00.H56"}, ("chung_thuc", "2.000815", "code"), id="raw code"
        ),
        pytest.param(
            {"procedure_name": "1.001193.000.00.00.H41- Thủ tục đăng ký khai sinh"},
            ("ho_tich", "1.001193", "code"),
            id="code glued to the name",
        ),
        pytest.param(
            {"procedure_name": "Thủ tục đăng ký khai sinh"}, ("ho_tich", "1.001193", "name"), id="official name"
        ),
        pytest.param(
            {"procedure_name": "ĐĂNG KÝ  KHAI SINH"}, ("ho_tich", "1.001193", "name"), id="name as printed"
        ),
        pytest.param(
            {"procedure_name": "Chứng thực bản sao từ bản chính"},
            ("chung_thuc", "2.000815", "name"),
            id="short name",
        ),
        pytest.param(
            {"procedure_code": "1.999999", "procedure_name": "Đăng ký khai sinh"},
            ("ho_tich", "1.001193", "name"),
            id="unknown code, known name",
        ),
        pytest.param(
            {"procedure_name": "Thủ tục lạ", "field_name": "CÔNG CHỨNG - CHỨNG THỰC", "field_hint": "dat_dai"},
            ("chung_thuc", None, "field_name"),
            id="field as exported",
        ),
        pytest.param({"field_name": "Lĩnh vực: Hoà giải cơ sở"}, ("hoa_giai_co_so", None, "field_name"), id="field prefix"),
        pytest.param(
            {"procedure_name": "Thủ tục lạ", "field_name": "Lĩnh vực lạ", "field_hint": "dat_dai"},
            ("dat_dai", None, "hint"),
            id="hint",
        ),
        pytest.param({"procedure_name": "Thủ tục lạ"}, (UNCLASSIFIED, None, "none"), id="unknown"),
        pytest.param({}, (UNCLASSIFIED, None, "none"), id="nothing"),
        pytest.param({"field_hint": "khong_co"}, (UNCLASSIFIED, None, "none"), id="hint unknown"),
        pytest.param({"procedure_code": "1.004222"}, ("cu_tru", "1.004222", "code"), id="excluded keeps its field"),
    ],
)  # fmt: skip
def test_field_comes_from_the_strongest_column(
    catalogue: Catalogue, columns: dict[str, str], expected: tuple[str, str | None, str]
) -> None:
    assert verdict(catalogue, **columns) == expected


@pytest.fixture(scope="module")
def decided(files: Mapping[str, bytes]) -> Catalogue:
    """A workspace that has named a procedure without a code, a replaced code and a status label."""
    rows = (
        "kind,text,target,reason,decided_on,decided_by\n"
        "procedure,Xác nhận đơn xin học nghề,giao_duc,,2021-09-06,X\n"
        "procedure,1.777777,ho_tich,,2021-09-06,X\n"
        "procedure,1.888888,1.001193,,2021-09-06,X\n"
        "status,Đã ký số,9,,2021-09-06,X\n"
    )
    return load_catalogue(files, {"aliases.csv": rows.encode()})


def test_name_decided_in_the_workspace_gives_its_field(decided: Catalogue) -> None:
    assert verdict(decided, procedure_name="Thủ tục xác nhận đơn xin học nghề") == ("giao_duc", None, "name")
    assert verdict(decided, procedure_code="1.777777", field_name="Đất đai") == ("ho_tich", None, "code")
    assert verdict(decided, procedure_code="1.888888") == ("ho_tich", "1.001193", "code")


def test_clipped_code_is_repaired_by_look_up(files: Mapping[str, bytes]) -> None:
    own = "code,name,field_id\n2.000890,Thủ tục thử số không cuối,chung_thuc\n"
    loaded = load_catalogue(files, {"procedures.csv": own.encode()})
    assert verdict(loaded, procedure_code_raw="2.00089") == ("chung_thuc", "2.000890", "code")


def test_label_accepted_later_fills_the_missing_status_only(decided: Catalogue) -> None:
    rows = dossiers(
        {"status_code": None, "status_label": "Đã ký số"},
        {"status_code": 4, "status_label": "Đã ký số"},
        {"status_code": None, "status_label": "Lạ"},
        {"status_code": None, "status_label": None},
    )
    filled = fill_status_codes(rows, decided)
    assert filled["status_code"].to_pylist() == [9, 4, None, None]
    assert filled.schema == rows.schema


def test_rows_and_their_order_stay_and_classifying_twice_changes_nothing(catalogue: Catalogue) -> None:
    table = dossiers(
        *({"dossier_code": f"H-{n}", "procedure_name": name}
          for n, name in enumerate(["Đăng ký kết hôn", None, "Thủ tục lạ", "Đăng ký kết hôn"]))
    )  # fmt: skip
    once = classify(table, catalogue)
    assert once.select(table.column_names).equals(table)
    assert once["field_id"].to_pylist() == ["ho_tich", UNCLASSIFIED, UNCLASSIFIED, "ho_tich"]
    assert classify(once, catalogue).equals(once)
    assert classify(table.slice(0, 0), catalogue).num_rows == 0


TEXTS = st.sampled_from([None, "", "a", "b", "Đăng ký khai sinh"])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=30), st.integers(1, 7))
def test_groups_are_the_distinct_combinations(rows: list[tuple[str | None, ...]], chunk: int) -> None:
    names = CLASSIFYING[:3]
    columns = [pa.array([row[n] for row in rows], pa.string()) for n in range(3)]
    table = pa.table(dict(zip(names, columns, strict=True)))
    parts = [table.slice(at, chunk) for at in range(0, len(rows), chunk)] or [table]
    groups, samples = distinct_groups(pa.concat_tables(parts), names)
    rebuilt = [tuple(samples[group][name] for name in names) for group in groups.to_pylist()]
    assert rebuilt == rows
    assert len(samples) == len(set(rows))
