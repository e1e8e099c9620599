"""A known format with renamed headers becomes its own next version."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.readers.propose_cases import list_rows, small_catalogue, workbook_of
from transforms.catalogue.accepted import parse_proposal
from transforms.catalogue.proposal import Fate, Proposal, write_proposal
from transforms.readers.propose import propose
from transforms.readers.recognise import recognise
from transforms.readers.renamed import find_renamed, find_renamed_optional


def _renamed(renamed: dict[str, str]) -> Proposal | None:
    return find_renamed(workbook_of(list_rows(renamed)), small_catalogue())


def _pairs(found: Proposal | None) -> dict[str, str]:
    assert found is not None
    return {c.best.column: c.header for c in found.placed if c.best}


def test_two_renamed_headers_are_named_with_their_columns() -> None:
    found = _renamed({"Ngày hẹn trả": "Hạn trả kết quả", "Trạng thái hồ sơ": "Tình trạng hồ sơ"})
    assert _pairs(found) == {"due_date": "Hạn trả kết quả", "status_label": "Tình trạng hồ sơ"}
    assert found is not None
    assert found.base is not None
    assert (found.base.profile_id, found.profile.profile_id) == ("mau.dossier.v1", "mau.dossier.v2")


def test_new_version_is_the_old_profile_with_the_new_alias() -> None:
    found = _renamed({"Ngày hẹn trả": "Hạn trả kết quả"})
    assert found is not None
    base = small_catalogue().profiles[0]
    changed = {c.name: c.aliases for c in found.profile.columns if c not in base.columns}
    assert changed == {"due_date": ("Ngày hẹn trả", "Hạn trả kết quả")}
    assert replace(found.profile, profile_id=base.profile_id, columns=base.columns) == base


def test_new_version_reads_old_and_new_files_and_goes_before_the_old_one() -> None:
    new = {"Ngày hẹn trả": "Hạn trả kết quả"}
    found = _renamed(new)
    assert found is not None
    content = write_proposal(found, "ds.xlsx", "16204", "motcua profile accept ds.yml")
    profile = parse_proposal(content, "ds.yml")
    assert profile == found.profile
    profiles = (*small_catalogue().profiles, profile)
    for renamed in ({}, new):
        assert recognise(workbook_of(list_rows(renamed)), profiles).profile_id == "mau.dossier.v2"


def test_header_without_a_word_in_common_is_found_where_only_its_values_fit() -> None:
    assert _pairs(_renamed({"Ngày kết thúc xử lý": "Xử lý xong lúc"})) == {"resolved_date": "Xử lý xong lúc"}


def test_missing_column_without_any_header_for_it_is_no_rename() -> None:
    rows = [tuple(cell for place, cell in enumerate(row) if place != 4) for row in list_rows()]
    assert find_renamed(workbook_of(rows), small_catalogue()) is None


def test_known_name_of_another_column_is_no_rename() -> None:
    assert _renamed({"Ngày hẹn trả": "Ngày phải trả"}) is not None
    assert _renamed({"Ngày hẹn trả": "Ngày trả kết quả"}) is None


def test_personal_header_is_never_taken_for_a_renamed_column() -> None:
    assert _renamed({"Tên thủ tục": "Tên người yêu cầu"}) is None


def test_format_with_too_much_missing_is_proposed_as_a_new_one() -> None:
    new = {"Ngày hẹn trả": "Hạn trả", "Trạng thái hồ sơ": "Tình trạng", "Ngày tiếp nhận": "Ngày nhận hồ sơ"}
    assert _renamed(new) is None
    found = propose(workbook_of(list_rows(new)), small_catalogue())
    assert isinstance(found, Proposal)
    assert found.base is None


def test_renamed_optional_column_is_proposed_though_the_file_is_read() -> None:
    workbook = workbook_of(list_rows({"Hình thức nộp": "Hình thức nộp hồ sơ"}))
    found = find_renamed_optional(workbook, "mau.dossier.v1", small_catalogue())
    assert _pairs(found) == {"channel_code": "Hình thức nộp hồ sơ"}


def test_new_column_that_is_no_renamed_one_gives_no_proposal() -> None:
    workbook = workbook_of(list_rows({"Hình thức nộp": "Mã QR"}))
    assert find_renamed_optional(workbook, "mau.dossier.v1", small_catalogue()) is None


def test_other_unknown_headers_are_ignored_only_when_they_are_personal() -> None:
    rows = list_rows({"Ngày hẹn trả": "Hạn trả kết quả"})
    rows = [
        (*row, *extra)
        for row, extra in zip(
            rows, [("Số CCCD", "Mã QR"), *[(f"{n:012d}", f"q{n}x") for n in range(1, len(rows))]], strict=True
        )
    ]
    found = find_renamed(workbook_of(rows), small_catalogue())
    assert found is not None
    assert {c.header: c.fate for c in found.columns} == {
        "Hạn trả kết quả": Fate.PLACED,
        "Số CCCD": Fate.PERSONAL,
        "Mã QR": Fate.UNCLEAR,
    }
    assert found.profile.ignored[-1] == "Số CCCD"
    text = write_proposal(found, "ds.xlsx", "16204", "x").decode()
    assert '# - "Mã QR"  # chưa rõ' in text
