"""Units through time in the catalogue: holders of a code, successors, groupings of units, breaks of a series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from transforms.catalogue.lineage import Lineage, identity
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.catalogue.units_file import read_units_file

LAST_OLD_DAY, FIRST_NEW_DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def lineage(catalogue: Catalogue) -> Lineage:
    return Lineage(catalogue.units)


def name_of(lineage: Lineage, code: str, day: date) -> str | None:
    holder = lineage.holder(code, day)
    return holder.full_name if holder else None


def test_code_means_the_unit_of_its_day_and_never_nobody(lineage: Lineage) -> None:
    assert name_of(lineage, "16174", LAST_OLD_DAY) == "thị trấn Yên Cát"
    assert name_of(lineage, "16174", FIRST_NEW_DAY) == "xã Như Xuân"
    assert name_of(lineage, "16174", date(2019, 1, 1)) == "thị trấn Yên Cát"
    assert name_of(lineage, "16204", date(2026, 1, 1)) == "xã Bình Lương"
    assert name_of(lineage, "99999", FIRST_NEW_DAY) is None


def test_successor_is_the_unit_that_took_the_place_by_that_day(lineage: Lineage) -> None:
    binh_luong = lineage.holder("16204", LAST_OLD_DAY)
    assert binh_luong is not None
    assert lineage.successor(binh_luong, LAST_OLD_DAY) == binh_luong
    heir = lineage.successor(binh_luong, FIRST_NEW_DAY)
    assert heir is not None
    assert (heir.full_name, heir.valid_from) == ("xã Hóa Quỳ", FIRST_NEW_DAY)


def test_divided_unit_has_several_successors_and_no_single_one(catalogue: Catalogue) -> None:
    units = [
        replace(unit, successor_code="16186;16222") if unit.code == "16204" else unit
        for unit in catalogue.units
    ]
    lineage = Lineage(units)
    binh_luong = lineage.holder("16204", LAST_OLD_DAY)
    assert binh_luong is not None
    assert lineage.successor(binh_luong, FIRST_NEW_DAY) is None
    found = lineage.successors(binh_luong, FIRST_NEW_DAY)
    assert [unit.full_name for unit in found] == ["xã Hóa Quỳ", "xã Thanh Quân"]


def test_unit_whose_successor_also_ended_is_followed_to_the_day(catalogue: Catalogue) -> None:
    again = date(2027, 1, 1)
    units = [
        replace(unit, valid_to=date(2026, 12, 31), successor_code="16174")
        if (unit.code, unit.valid_from) == ("16186", FIRST_NEW_DAY)
        else unit
        for unit in catalogue.units
    ]
    lineage = Lineage(units)
    binh_luong = lineage.holder("16204", LAST_OLD_DAY)
    assert binh_luong is not None
    heir = lineage.successor(binh_luong, again)
    assert heir is not None
    assert heir.full_name == "xã Như Xuân"


def test_district_without_a_successor_ends_there(lineage: Lineage) -> None:
    district = lineage.holder("402", LAST_OLD_DAY)
    assert district is not None
    assert lineage.successor(district, FIRST_NEW_DAY) is None
    assert lineage.successors(district, FIRST_NEW_DAY) == ()


def test_above_a_commune_stand_its_district_and_province_of_the_day(lineage: Lineage) -> None:
    old, new = (lineage.holder("16186", day) for day in (LAST_OLD_DAY, FIRST_NEW_DAY))
    assert old is not None
    assert new is not None
    assert {code for code, _ in lineage.above(old, LAST_OLD_DAY, FIRST_NEW_DAY)} == {"16186", "402", "38"}
    assert {code for code, _ in lineage.above(new, FIRST_NEW_DAY, FIRST_NEW_DAY)} == {"16186", "38"}
    assert identity(new) not in lineage.above(old, LAST_OLD_DAY, FIRST_NEW_DAY)


UNITS = """code,name,type,level,parent_code,valid_from,valid_to,agency_code,successor_code
38,Thanh Hóa,tỉnh,tinh,,1900-01-01,,,
16204,Bình Lương,xã,xa,38,2019-12-01,2025-06-30,,{successors}
16186,Hóa Quỳ,xã,xa,38,2019-12-01,,,
16222,Thanh Quân,xã,xa,38,2019-12-01,,,
"""


@pytest.mark.parametrize("written", ["16186; 16222", "16186|16222", '"16186,16222"'])
def test_successors_may_be_parted_in_several_ways(files: Mapping[str, bytes], written: str) -> None:
    loaded = load_catalogue(files, {"units.csv": UNITS.format(successors=written).encode()})
    assert loaded.unit("16204").successor_codes == ("16186", "16222")


def test_every_successor_has_to_exist_the_day_after(problems_of: Callable[..., tuple[str, ...]]) -> None:
    problems = problems_of(overlay={"units.csv": UNITS.format(successors="16186;16999;16186")})
    assert problems == (
        "catalogue/units.csv dòng 3: đơn vị kế thừa “16186” bị lặp lại.",
        "catalogue/units.csv dòng 3: đơn vị kế thừa “16999” không có hiệu lực vào ngày liền sau ngày hết hiệu lực.",
    )


def test_list_of_an_office_may_name_several_successors(files: Mapping[str, bytes]) -> None:
    content = (
        "Mã đơn vị,Tên,Loại,Hiệu lực đến,Mã kế thừa\n"
        "16204,Xã Bình Lương,,30/6/2025,16186 | 16222\n16186,Xã Hóa Quỳ,,,\n16222,Xã Thanh Quân,,,\n"
    )
    loaded = load_catalogue(files, {"units.csv": read_units_file(content.encode(), "units.csv")})
    assert loaded.unit("16204").successor_codes == ("16186", "16222")


GROUPS = """group_code,name,unit_code,valid_from,valid_to,is_drafted
CUM-1,Cụm thi đua số 1,16204,2021-01-01,,yes
CUM-1,Cụm thi đua số 1,16207,1/1/2021,31/12/2021,
CUM-2,Cụm thi đua số 2,402,2021-01-01,,no
"""


def test_groups_are_nodes_with_the_members_of_the_day(files: Mapping[str, bytes]) -> None:
    catalogue = load_catalogue(files, {"groups.csv": GROUPS.encode()})
    first = catalogue.unit("CUM-1")
    assert (first.full_name, first.parent_code, first.is_group) == ("Cụm thi đua số 1", "402", True)
    assert [unit.full_name for unit in catalogue.children("CUM-1", date(2021, 9, 5))] == [
        "xã Bình Lương",
        "xã Thanh Quân",
    ]
    assert [unit.code for unit in catalogue.children("CUM-1", date(2022, 1, 1))] == ["16204"]
    # An open end is the end of the unit: the code may mean another unit afterwards.
    assert catalogue.children("CUM-1", FIRST_NEW_DAY) == ()
    assert first.valid_to == LAST_OLD_DAY
    assert [unit.code for unit in catalogue.children("CUM-2", date(2021, 9, 5))] == ["402"]
    assert [group.is_drafted for group in catalogue.groups] == [True, False]


def test_groups_change_the_version_of_the_catalogue(files: Mapping[str, bytes]) -> None:
    versions = {load_catalogue(files, overlay).version for overlay in ({}, {"groups.csv": GROUPS.encode()})}
    assert len(versions) == 2


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("X,Nhóm,99999,2021-01-01,", "dòng 2: mã đơn vị “99999” không có trong danh sách đơn vị vào ngày 01/01/2021."),
        ("X,Nhóm,16204,2025-07-01,", "dòng 2: mã đơn vị “16204” chưa có hoặc đã hết hiệu lực vào ngày 01/7/2025."),
        ("X,Nhóm,16174,2021-01-01,2025-12-31",
         "dòng 2: thị trấn Yên Cát (16174) chỉ có hiệu lực đến ngày 30/6/2025; từ ngày sau đó mã này là xã Như Xuân. "
         "Hãy ghi valid_to không quá ngày đó và thêm một dòng cho thời gian sau."),
        ("X,Nhóm,16204,2021-01-01,2020-01-01", "dòng 2: ngày hết hiệu lực đứng trước ngày bắt đầu."),
        ("X,Nhóm,16204,2021-01-01,\nX,Nhóm,16204,2022-01-01,", "dòng 3: đơn vị “16204” đã có trong nhóm (catalogue/groups.csv dòng 2)."),
        ("X,Nhóm,402,2021-01-01,\nX,Nhóm,16204,2022-01-01,",
         "dòng 3: đơn vị “16204” đã nằm trong đơn vị “402” của nhóm (catalogue/groups.csv dòng 2)."),
        ("X,Nhóm,16204,2021-01-01,\nX,Khối,16207,2022-01-01,", "dòng 3: cột “name” khác với dòng đầu của nhóm “X” (catalogue/groups.csv dòng 2)."),
        ("X,Nhóm,16204,,", "dòng 2: cột “valid_from” bị bỏ trống."),
        ("16 A,Nhóm,16204,2021-01-01,",
         "dòng 2: mã nhóm “16 A” phải bắt đầu bằng chữ cái và chỉ gồm chữ không dấu, số, gạch nối hoặc gạch dưới."),
    ],
)  # fmt: skip
def test_line_that_cannot_be_taken_is_named(
    problems_of: Callable[..., tuple[str, ...]], lines: str, sentence: str
) -> None:
    header = "group_code,name,unit_code,valid_from,valid_to\n"
    assert problems_of(overlay={"groups.csv": header + lines + "\n"}) == (f"catalogue/groups.csv {sentence}",)


def test_same_unit_in_a_group_twice_is_fine_when_the_times_do_not_meet(files: Mapping[str, bytes]) -> None:
    text = (
        "group_code,name,unit_code,valid_from,valid_to\n"
        "X,Nhóm,16174,2021-01-01,2025-06-30\nX,Nhóm,16174,2025-07-01,\n"
    )
    catalogue = load_catalogue(files, {"groups.csv": text.encode()})
    names = [catalogue.children("X", day)[0].full_name for day in (LAST_OLD_DAY, FIRST_NEW_DAY)]
    assert names == ["thị trấn Yên Cát", "xã Như Xuân"]


def test_names_are_those_of_the_day_and_of_what_is_no_more_the_last_one(catalogue: Catalogue) -> None:
    old, new = catalogue.unit_names(LAST_OLD_DAY), catalogue.unit_names(FIRST_NEW_DAY)
    assert (old["16174"], new["16174"]) == ("thị trấn Yên Cát", "xã Như Xuân")
    # The district ended with the reform; what was said of it still has to name it.
    assert old["402"] == new["402"] == "huyện Như Xuân"


def test_reform_of_2025_is_a_break_for_communes_with_its_source(catalogue: Catalogue) -> None:
    assert [(each.day, each.level, each.subject) for each in catalogue.breaks] == [
        (FIRST_NEW_DAY, "xa", "document"),
        (FIRST_NEW_DAY, "xa", "dossier"),
        (FIRST_NEW_DAY, "xa", "fee"),
    ]
    assert all(each.source and each.note.startswith("từ ngày 01/7/2025") for each in catalogue.breaks)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2025-07-01,lang,dossier,vì,nguồn", "cột “level” chỉ nhận tinh, huyen, xa, đang ghi “lang”."),
        ("2025-07-01,xa,tien,vì,nguồn", "cột “subject” chỉ nhận dossier, fee, document, đang ghi “tien”."),
        (",xa,fee,vì,nguồn", "cột “date” bị bỏ trống."),
        ("2025-07-01,xa,fee,,nguồn", "cột “note” bị bỏ trống."),
    ],
)
def test_break_that_cannot_be_taken_is_named(
    problems_of: Callable[..., tuple[str, ...]], line: str, sentence: str
) -> None:
    changed = {"breaks.csv": "date,level,subject,note,source\n" + line + "\n"}
    assert problems_of(changed) == (f"breaks.csv dòng 2: {sentence}",)
