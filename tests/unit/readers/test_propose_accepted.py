"""A proposal file as an analyst left it: checked with file and line, stamped with day and person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.readers.propose_cases import LISTS, list_rows, small_catalogue, workbook_of
from transforms.catalogue.accepted import build_accepted, next_version, parse_proposal, same_profile
from transforms.catalogue.profiles import ProfileError, parse_profile
from transforms.catalogue.proposal import Fate, Proposal, ProposedColumn, ValueShape, write_proposal
from transforms.readers.renamed import find_renamed
from transforms.text_vi import fold, tidy


def _proposal_file() -> bytes:
    found = find_renamed(workbook_of(list_rows({"Ngày hẹn trả": "Hạn trả kết quả"})), small_catalogue())
    assert found is not None
    return write_proposal(found, "ds.xlsx", "16204", "motcua profile accept ds.yml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: due_date", "name: due_dat", "dòng 11: cột “due_dat” không có trong bảng dossier; có phải “due_date” không?"),
        ("kind: dossier", "kind: dossier\nmau: do", "dòng 4: không hiểu khóa: mau"),
        ('ignored: ["STT"', 'ignored: ["Ngày hẹn trả"', "dòng 16: tiêu đề “Ngày hẹn trả” thuộc cả due_date và ignored"),
        ("parse: status}", "parse: status", "không đọc được YAML; hãy xem lại dấu ngoặc"),
        (
            '  - {name: received_date, aliases: ["Ngày tiếp nhận"], required: true, parse: date}\n',
            "",
            "thiếu cột bắt buộc received_date (Ngày tiếp nhận); hãy chuyển tiêu đề tương ứng",
        ),
        ("software: Phần mềm mẫu", "software: ", "thiếu “software”"),
    ],
)  # fmt: skip
def test_faulty_proposal_is_refused_with_file_and_line(old: str, new: str, said: str) -> None:
    assert old in LISTS
    with pytest.raises(ProfileError) as refusal:
        parse_proposal(LISTS.replace(old, new).encode(), "de-xuat.yml")
    assert str(refusal.value).startswith("Tệp de-xuat.yml")
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00", b"\xd0\xcf\x11\xe0", b"", b"- a\n- b\n", b"a: \x01"]
)
def test_file_that_is_no_proposal_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(ProfileError, match="de-xuat"):
        parse_proposal(content, "de-xuat.yml")


def test_own_workbook_of_the_product_takes_no_other_profile() -> None:
    text = 'profile_id: x.v1\nkind: supplement\nsoftware: a\nlabel: b\ncolumns:\n  - {name: item_id, aliases: ["A"], required: true}\n'
    with pytest.raises(ProfileError, match="không nhận mẫu cho loại supplement"):
        parse_proposal(text.encode(), "x.yml")


def test_accepted_profile_has_day_and_person_and_keeps_the_evidence() -> None:
    content = build_accepted(_proposal_file(), date(2021, 9, 5), "Người Mẫu")
    profile = parse_profile(content, "mau.dossier.v2.yml")
    assert (profile.accepted_on, profile.accepted_by) == (date(2021, 9, 5), "Người Mẫu")
    text = content.decode()
    assert "# Tệp: ds.xlsx (đơn vị 16204)" in text
    assert "# “Hạn trả kết quả” → Ngày hẹn trả" in text
    assert "chưa được dùng" not in text
    assert same_profile(profile, parse_proposal(_proposal_file(), "ds.yml"))


def test_accepting_an_accepted_file_again_replaces_day_and_person() -> None:
    first = build_accepted(_proposal_file(), date(2021, 9, 5), "Người Mẫu")
    again = parse_profile(build_accepted(first, date(2021, 9, 6), ""), "mau.dossier.v2.yml")
    assert (again.accepted_on, again.accepted_by) == (date(2021, 9, 6), "")


@given(st.text(min_size=1, max_size=40).map(tidy).filter(fold))
def test_any_header_text_survives_writing_and_reading(header: str) -> None:
    profile = replace(small_catalogue().profiles[1], ignored=(header,), label=header)
    column = ProposedColumn(header, Fate.UNCLEAR, ValueShape(1, 1, 1))
    proposal = Proposal(profile, (column,), header, 1, 1, reasons=(header,))
    assume(fold(header) not in {fold(text) for c in profile.columns for text in c.aliases})
    assert parse_proposal(write_proposal(proposal, header, "16204", header), "de-xuat.yml") == profile


def test_free_version_is_the_one_after_the_newest() -> None:
    profiles = small_catalogue().profiles
    assert next_version(profiles, "mau.dossier") == 2
    assert next_version(profiles, "mau_moi.dossier_abc") == 1
