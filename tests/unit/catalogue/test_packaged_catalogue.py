"""The reference data that comes with the product."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

import pytest

from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.catalogue.procedure_code import procedure_core

IN_2021 = date(2021, 9, 5)
IN_2025 = date(2025, 7, 1)


def test_packaged_files_load_without_a_problem(catalogue: Catalogue) -> None:
    assert len(catalogue.fields) == 37
    assert len(catalogue.procedures) == 144
    assert [status.code for status in catalogue.statuses] == list(range(1, 11))
    assert [channel.code for channel in catalogue.channels] == [1, 2, 3]
    assert len(catalogue.document_types) == 32
    assert len(catalogue.supplement_items) == len({item.item_id for item in catalogue.supplement_items})
    assert "tandan.dossier.v1" in {profile.profile_id for profile in catalogue.profiles}


def test_every_row_of_every_list_names_its_source(files: Mapping[str, bytes]) -> None:
    for key in sorted(files):
        if key.endswith(".csv") and key != "supplement_items.csv":
            for line, row in enumerate(csv.DictReader(io.StringIO(files[key].decode())), start=2):
                assert row["source"], f"{key} line {line}"


def test_như_xuân_had_sixteen_units_in_2021_and_none_of_them_as_huyện_in_2025(catalogue: Catalogue) -> None:
    assert [unit.code for unit in catalogue.children("402", IN_2021)] == [
        "16174", "16177", "16180", "16183", "16186", "16195", "16198", "16201",
        "16204", "16207", "16210", "16213", "16216", "16219", "16222", "16225",
    ]  # fmt: skip
    assert catalogue.unit("402").valid_to == date(2025, 6, 30)
    assert [unit.full_name for unit in catalogue.children("38", IN_2025)] == [
        "xã Như Xuân", "xã Xuân Bình", "xã Hóa Quỳ", "xã Thanh Phong", "xã Thanh Quân", "xã Thượng Ninh",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name_in_2021", "name_in_2025"),
    [
        ("16174", "thị trấn Yên Cát", "xã Như Xuân"),
        ("16177", "xã Bãi Trành", "xã Xuân Bình"),
        ("16213", "xã Thanh Hòa", "xã Thanh Phong"),
        ("16222", "xã Thanh Sơn", "xã Thanh Quân"),
    ],
)
def test_reused_code_means_the_unit_of_its_day(
    catalogue: Catalogue, code: str, name_in_2021: str, name_in_2025: str
) -> None:
    assert catalogue.unit(code, IN_2021).full_name == name_in_2021
    assert catalogue.unit(code, IN_2025).full_name == name_in_2025


def test_bình_lương_carries_its_invented_identifier_and_its_successor(catalogue: Catalogue) -> None:
    unit = catalogue.unit("16204")
    assert (unit.full_name, unit.agency_code, unit.successor_code) == (
        "xã Bình Lương",
        "000.09.42.H56",
        "16186",
    )
    assert "định danh tự đặt cho dữ liệu mẫu" in unit.source


def test_fields_listed_when_zero_are_the_eight_in_their_printed_order(catalogue: Catalogue) -> None:
    listed = [field for field in catalogue.fields if field.is_listed_when_zero]
    assert [field.field_id for field in listed] == [
        "bao_tro_xa_hoi", "chung_thuc", "dat_dai", "ho_tich",
        "nguoi_co_cong", "pbgdpl", "thi_dua_khen_thuong", "xu_ly_don",
    ]  # fmt: skip
    assert [field.order for field in catalogue.fields] == list(range(1, 38))
    assert [field.field_id for field in catalogue.fields if field.is_excluded] == ["cu_tru"]


def test_every_procedure_code_is_its_own_core(catalogue: Catalogue) -> None:
    assert all(procedure_core(procedure.code) == procedure.code for procedure in catalogue.procedures)


def test_status_groups_follow_the_national_list(catalogue: Catalogue) -> None:
    assert {status.code: status.group for status in catalogue.statuses} == {
        1: "not_received", 2: "processing", 3: "refused", 4: "processing", 5: "paused",
        6: "paused", 7: "withdrawn", 8: "paused", 9: "resolved", 10: "resolved",
    }  # fmt: skip


def test_only_legal_document_types_are_the_council_resolution_and_the_committee_decision(
    catalogue: Catalogue,
) -> None:
    legal = [found.type_id for found in catalogue.document_types if found.is_legal]
    assert legal == ["nghi_quyet_qppl", "quyet_dinh_qppl"]
    assert catalogue.document_types[-1].type_id == "khac"


def test_nine_months_is_practice_and_every_other_nd09_window_is_law(catalogue: Catalogue) -> None:
    practice = [w.kind for w in catalogue.windows if w.basis == "nd09" and not w.is_legal]
    assert practice == ["nine_months"]
    nine = next(w for w in catalogue.windows if w.basis == "nd09" and w.kind == "nine_months")
    assert (nine.start_month_offset, nine.start_day, nine.end_month_offset, nine.end_day) == (-1, 15, 8, 14)


def test_tt01_puts_withdrawn_on_time_and_paused_within(catalogue: Catalogue) -> None:
    assert catalogue.rulebooks["tt01"].columns == {
        "early": "early",
        "on_time": "on_time",
        "late": "late",
        "withdrawn": "on_time",
        "within": "pending_within",
        "paused": "pending_within",
        "overdue": "pending_overdue",
    }


def test_version_changes_with_any_byte_and_with_nothing_else(files: Mapping[str, bytes]) -> None:
    version = load_catalogue(files).version
    assert len(version) == 12
    assert load_catalogue(dict(reversed(list(files.items())))).version == version
    assert load_catalogue({**files, "fields.csv": files["fields.csv"] + b"\n"}).version != version
    assert load_catalogue(files, {"fields.csv": b"field_id,name\n"}).version != version
