"""Profiles are data that is checked when it is read."""

from __future__ import annotations

import pytest

from tests.support.export_files import packaged_profiles
from transforms.catalogue.profiles import ProfileError, parse_profile
from transforms.text_vi import fold

GOOD = """
profile_id: sample.fee.v1
kind: fee
software: Phần mềm mẫu
label: Danh sách mẫu
containers: [html]
columns:
  - {name: dossier_code, aliases: ["Mã hồ sơ"], required: true, parse: code}
  - {name: total_amount, aliases: ["Tổng", "Tổng tiền"], parse: money}
ignored: ["STT"]
constants: {unit_code: "16204"}
title_hints: ["Thu phí"]
channel_map: {"Tại chỗ": 1}
"""


def test_profile_is_read_with_defaults_for_what_is_not_said() -> None:
    profile = parse_profile(GOOD.encode(), "sources/sample.fee.v1.yml")
    assert [(c.name, c.aliases, c.is_required, c.parse) for c in profile.columns] == [
        ("dossier_code", ("Mã hồ sơ",), True, "code"),
        ("total_amount", ("Tổng", "Tổng tiền"), False, "money"),
    ]
    assert (profile.containers, profile.ignored, profile.title_hints) == (("html",), ("STT",), ("thu phi",))
    assert (dict(profile.constants), dict(profile.channel_map)) == ({"unit_code": "16204"}, {"Tại chỗ": 1})
    assert profile.total_words == ("tong so", "tong cong", "tong hop", "tong", "cong")
    assert profile.shift is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: fee", "kind: fees", "loại dữ liệu “fees” không có"),
        ("kind: fee", "kind: fee\nkind: dossier", "khóa “kind” viết hai lần"),
        ("kind: fee", "kind: fee\ncolour: red", "không hiểu khóa: colour"),
        ("name: total_amount", "name: due_date", "cột “due_date” không có trong bảng fee"),
        ("name: total_amount", "name: dossier_code", "cột “dossier_code” khai hai lần"),
        ('"Tổng tiền"', '"MÃ HỒ SƠ"', "tiêu đề “MÃ HỒ SƠ” thuộc cả dossier_code và total_amount"),
        ('ignored: ["STT"]', 'ignored: ["tổng"]', "tiêu đề “tổng” thuộc cả total_amount và ignored"),
        ("required: true", "required: false", "cần ít nhất một cột bắt buộc"),
        ("parse: money", "parse: dollars", "cách đọc “dollars” không có"),
        ("[html]", "[pdf]", "định dạng tệp không có: pdf"),
        ("unit_code:", "colour:", "hằng “colour” không có trong bảng fee"),
        ("sample.fee.v1", "sample.fee", "phải có dạng ten.loai.v1"),
        ("sample.fee.v1", "other.fee.v1", "tên tệp phải là other.fee.v1.yml"),
        ("label: Danh sách mẫu", "label: ''", "thiếu “label”"),
        ("kind: fee", "kind: [fee", "không đọc được YAML"),
    ],
)
def test_faulty_profile_is_refused_with_a_sentence(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(ProfileError) as refusal:
        parse_profile(GOOD.replace(old, new).encode(), "sources/sample.fee.v1.yml")
    assert said in str(refusal.value)
    assert "sample.fee.v1.yml" in str(refusal.value)


def test_packaged_profiles_have_distinct_names_and_labels() -> None:
    profiles = packaged_profiles()
    assert len({profile.profile_id for profile in profiles}) == len(profiles)
    assert len({profile.label for profile in profiles}) == len(profiles)


SHIFTED = (
    GOOD
    + """
shift: {extra_header: "STT", renames: {total_amount: charge_amount}}
"""
)


def test_known_shift_is_read_with_its_renames() -> None:
    shift = parse_profile(SHIFTED.encode(), "sources/sample.fee.v1.yml").shift
    assert shift is not None
    assert (shift.extra_header, dict(shift.renames)) == ("STT", {"total_amount": "charge_amount"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('extra_header: "STT"', 'extra_header: "Mã hồ sơ"', "“extra_header” là một tiêu đề trong “ignored”"),
        ("renames: {total_amount", "renames: {due_date", "“shift” đổi tên cột “due_date” không có trong mẫu"),
        (": charge_amount", ": dossier_code", "là cột không có trong bảng fee hoặc mẫu đã đọc"),
        ("renames:", "rename:", "“shift” có khóa không hiểu: rename"),
    ],
)
def test_faulty_shift_is_refused_with_a_sentence(old: str, new: str, said: str) -> None:
    assert old in SHIFTED
    with pytest.raises(ProfileError) as refusal:
        parse_profile(SHIFTED.replace(old, new).encode(), "sources/sample.fee.v1.yml")
    assert said in str(refusal.value)


PERSONAL = (
    "Chủ hồ sơ",
    "Người nộp",
    "Địa chỉ",
    "Số điện thoại",
    "ChuHoSo",
    "TenDiaBan",
    "SoDienThoaiChuHoSo",
)


def test_no_packaged_profile_reads_a_column_about_a_person() -> None:
    words = {fold(text) for text in PERSONAL}
    read = {
        (profile.profile_id, alias)
        for profile in packaged_profiles()
        for column in profile.columns
        for alias in column.aliases
        if fold(alias) in words
    }
    assert read == set()


def test_every_status_of_opencps_has_its_place_among_the_ten() -> None:
    profile = next(p for p in packaged_profiles() if p.profile_id == "opencps.dossier.v1")
    known = ["new", "receiving", "waiting", "processing", "pausing", "posting", "correcting", "cancelling",
             "interoperating", "releasing", "denied", "unresolved", "cancelled", "done"]  # fmt: skip
    assert [profile.status_map[name] for name in known] == [1, 1, 5, 4, 8, 9, 5, 7, 4, 9, 3, 9, 7, 10]
