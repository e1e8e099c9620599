"""Which unit a file belongs to."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.canonical.small_exports import CATALOGUE
from transforms.readers.model import UnreadableFileError
from transforms.readers.owner_unit import resolve_unit
from transforms.readers.unit_names import UnitNames

IN_2021 = date(2021, 9, 5)
IN_2026 = date(2026, 9, 5)
BINH_LUONG, HOA_QUY, NHU_XUAN = "16204", "16186", "402"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UBND xã Bình Lương", BINH_LUONG),
        ("ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG", BINH_LUONG),
        ("UBND huyện Như Xuân - UBND xã Bình Lương", BINH_LUONG),
        ("Bộ phận Một cửa UBND Bình Lương", BINH_LUONG),
        ("Bình Lương", BINH_LUONG),
        ("Xã Hoá Quỳ, huyện Như Xuân", HOA_QUY),
        ("TT Yên Cát", "16174"),
        ("UBND HUYỆN NHƯ XUÂN", NHU_XUAN),
        ("UBND TỈNH THANH HÓA", "38"),
        ("UBND xã Thanh Hòa, huyện Như Xuân, tỉnh Thanh Hóa", "16213"),
        ("xã Như Xuân", None),
        ("thị xã Bình Lương", None),
        ("Nguyễn Bình Lương Người Mẫu", None),
        ("xã Bình Lương và xã Hóa Quỳ", None),
        ("Danh sách hồ sơ", None),
    ],
)
def test_unit_named_in_a_text_of_2021_is_found_with_its_type(text: str, code: str | None) -> None:
    assert UnitNames(CATALOGUE, IN_2021).find(text) == code


def test_unit_of_2025_is_found_only_when_it_exists() -> None:
    assert UnitNames(CATALOGUE, IN_2026).find("UBND XÃ NHƯ XUÂN") == "16174"
    assert UnitNames(CATALOGUE, IN_2026).find("UBND HUYỆN NHƯ XUÂN") is None


@pytest.mark.parametrize(
    "titles",
    [(), ("DANH SÁCH HỒ SƠ",), ("UBND HUYỆN NHƯ XUÂN",), ("UBND HUYỆN NHƯ XUÂN", "UBND XÃ BÌNH LƯƠNG")],
)
def test_folder_names_the_unit_and_the_parents_letterhead_does_not_contradict(
    titles: tuple[str, ...],
) -> None:
    assert resolve_unit(BINH_LUONG, titles, {}, {}, CATALOGUE, IN_2021) == (BINH_LUONG, ())


@pytest.mark.parametrize(
    ("titles", "prefixes", "names"),
    [
        (("ỦY BAN NHÂN DÂN XÃ HÓA QUỲ",), {}, {}),
        ((), {"000.05.42.H56": 6, "000.09.42.H56": 4}, {}),
        ((), {}, {"UBND xã Hóa Quỳ": 6, "UBND xã Bình Lương": 4}),
    ],
)
def test_file_of_another_unit_is_a_finding_and_read_under_its_folder(
    titles: tuple[str, ...], prefixes: dict[str, int], names: dict[str, int]
) -> None:
    code, findings = resolve_unit(BINH_LUONG, titles, prefixes, names, CATALOGUE, IN_2021)

    assert code == BINH_LUONG
    assert [(finding.code, finding.unit_code) for finding in findings] == [
        ("delivery.unit.mismatch", BINH_LUONG)
    ]
    assert dict(findings[0].params) == {"expected_unit": "xã Bình Lương", "named_unit": "xã Hóa Quỳ"}


def test_half_of_the_rows_of_another_unit_is_not_most() -> None:
    prefixes = {"000.05.42.H56": 5, "000.09.42.H56": 5}

    assert resolve_unit(BINH_LUONG, (), prefixes, {}, CATALOGUE, IN_2021) == (BINH_LUONG, ())


def test_foreign_prefixes_after_the_reform_are_normal() -> None:
    prefixes = {"000.00.00.H56": 10}

    assert resolve_unit("16174", (), prefixes, {}, CATALOGUE, IN_2026) == ("16174", ())


def test_district_folder_may_hold_the_rows_of_its_communes() -> None:
    names = {"UBND xã Hóa Quỳ": 9, "UBND xã Bình Lương": 1}

    assert resolve_unit(NHU_XUAN, (), {}, names, CATALOGUE, IN_2021) == (NHU_XUAN, ())


def test_file_outside_any_folder_takes_title_then_column_then_codes() -> None:
    title = ("UBND XÃ BÌNH LƯƠNG",)

    assert resolve_unit("", title, {}, {}, CATALOGUE, IN_2021)[0] == BINH_LUONG
    assert resolve_unit("", (), {}, {"xã Hóa Quỳ": 3}, CATALOGUE, IN_2021)[0] == HOA_QUY
    assert resolve_unit("", (), {"000.05.42.H56": 3}, {}, CATALOGUE, IN_2021)[0] == HOA_QUY
    assert resolve_unit("", ("UBND HUYỆN NHƯ XUÂN",), {"000.05.42.H56": 3}, {}, CATALOGUE, IN_2021) == (
        HOA_QUY,
        (),
    )


def test_title_and_rows_that_disagree_without_a_folder_are_a_finding() -> None:
    code, findings = resolve_unit("", ("UBND XÃ BÌNH LƯƠNG",), {"000.05.42.H56": 3}, {}, CATALOGUE, IN_2021)

    assert code == BINH_LUONG
    assert [finding.code for finding in findings] == ["delivery.unit.mismatch"]


@pytest.mark.parametrize(
    ("folder", "code"), [("", "delivery.unit.unknown"), ("99999", "delivery.unit.unlisted")]
)
def test_file_of_no_known_unit_is_refused(folder: str, code: str) -> None:
    with pytest.raises(UnreadableFileError) as error:
        resolve_unit(folder, ("DANH SÁCH HỒ SƠ",), {"H99": 2}, {}, CATALOGUE, IN_2021)

    assert error.value.code == code


def test_old_unit_whose_file_comes_late_keeps_its_folder() -> None:
    titles = ("UBND XÃ BÌNH LƯƠNG",)

    assert resolve_unit(BINH_LUONG, titles, {}, {}, CATALOGUE, IN_2026) == (BINH_LUONG, ())
