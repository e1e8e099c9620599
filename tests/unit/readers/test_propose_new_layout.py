"""A layout that no profile knows becomes a proposed profile with its evidence, or an honest refusal to guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.readers.propose_cases import PEOPLE, land_rows, small_catalogue, workbook_of
from transforms.catalogue.accepted import parse_proposal
from transforms.catalogue.proposal import Fate, NoProposal, Proposal, write_proposal
from transforms.readers.propose import propose
from transforms.readers.recognise import recognise
from transforms.readers.renamed import find_clashes


def _propose(rows: list[tuple[str, ...]]) -> Proposal:
    found = propose(workbook_of(rows), small_catalogue())
    assert isinstance(found, Proposal), found
    return found


def _reasons(rows: list[tuple[str, ...]], hidden: bool = False) -> str:
    found = propose(workbook_of(rows, hidden), small_catalogue())
    assert isinstance(found, NoProposal), found
    return "; ".join(found.reasons)


def _placed(found: Proposal) -> dict[str, str]:
    return {c.best.column: c.header for c in found.placed if c.best}


def _fates(found: Proposal) -> dict[str, Fate]:
    return {column.header: column.fate for column in found.columns}


def _yaml(found: Proposal) -> str:
    return write_proposal(found, "so.xlsx", "16204", "motcua profile accept so.yml").decode()


def test_land_registry_list_is_placed_column_by_column() -> None:
    found = _propose(land_rows())
    assert found.profile.kind == "dossier"
    assert _placed(found) == {
        "dossier_code": "Mã biên nhận",
        "procedure_name": "Loại thủ tục",
        "received_date": "Ngày nhận hồ sơ",
        "due_date": "Hạn trả kết quả",
        "resolved_date": "Ngày hoàn tất xử lý",
        "status_label": "Tình trạng",
    }
    assert (found.header_row, found.row_count, found.base) == (3, 30, None)


def test_people_are_ignored_and_what_nobody_can_place_is_unclear() -> None:
    fates = _fates(_propose(land_rows()))
    assert fates["STT"] is Fate.NUMBERING
    assert {fates[header] for header in ("Họ và tên người nộp", "Địa chỉ thường trú", "SĐT")} == {
        Fate.PERSONAL
    }
    assert fates["Số thửa"] is Fate.UNCLEAR


def test_people_are_known_by_their_values_where_the_header_does_not_say_so() -> None:
    hidden_words = {
        "Họ và tên người nộp": "Thông tin A",
        "Địa chỉ thường trú": "Thông tin B",
        "SĐT": "Thông tin C",
    }
    rows = land_rows()
    rows[2] = tuple(hidden_words.get(header, header) for header in rows[2])
    found = _propose(rows)
    reasons = {c.header: c.reason for c in found.columns if c.fate is Fate.PERSONAL}
    assert set(reasons) == {"Thông tin A", "Thông tin B", "Thông tin C"}
    assert "tên riêng 100%" in reasons["Thông tin A"]
    assert "địa chỉ 100%" in reasons["Thông tin B"]
    assert "số điện thoại 100%" in reasons["Thông tin C"]


def test_codes_are_found_by_their_values_under_any_header() -> None:
    rows = land_rows()
    rows[2] = tuple("Ký hiệu túi" if header == "Mã biên nhận" else header for header in rows[2])
    assert _placed(_propose(rows))["dossier_code"] == "Ký hiệu túi"


def test_exact_header_over_values_of_another_sort_is_left_unclear() -> None:
    rows = land_rows()
    place = rows[2].index("Hạn trả kết quả")
    rows[3:] = [(*row[:place], "theo quy định", *row[place + 1 :]) for row in rows[3:]]
    found = _propose(rows)
    assert _fates(found)["Hạn trả kết quả"] is Fate.UNCLEAR
    assert any("due_date" in warning for warning in found.warnings)


def test_date_of_birth_is_no_day_of_reception() -> None:
    rows = land_rows()
    rows[2] = tuple("Ngày sinh" if header == "Ngày nhận hồ sơ" else header for header in rows[2])
    found = _propose(rows)
    assert _fates(found)["Ngày sinh"] is Fate.PERSONAL
    assert any("bắt buộc received_date" in warning for warning in found.warnings)


def test_fee_list_with_unknown_headers_is_a_fee_list() -> None:
    header = ("STT", "Số phiếu thu", "Mã số hồ sơ", "Người nộp tiền", "Ngày nộp tiền", "Số tiền phí", "Số tiền lệ phí",
              "Tổng số tiền", "Mã QR")  # fmt: skip
    rows = [
        (str(n), f"{n:07d}", f"000.09.42.H56-210801-{n:04d}", f"Người Mẫu {n:04d}", "05/08/2021", "10.000", "5.000", "15.000", f"qr{n}x")
        for n in range(1, 21)
    ]  # fmt: skip
    found = _propose([header, *rows])
    assert found.profile.kind == "fee"
    assert _placed(found) == {
        "receipt_number": "Số phiếu thu",
        "dossier_code": "Mã số hồ sơ",
        "collected_date": "Ngày nộp tiền",
        "charge_amount": "Số tiền phí",
        "duty_amount": "Số tiền lệ phí",
        "total_amount": "Tổng số tiền",
    }
    assert any("“Phí, lệ phí”" in reason for reason in found.reasons)
    assert any("loại “Hồ sơ”" in reason for reason in found.reasons)


def test_register_keeps_the_constant_of_its_kind() -> None:
    header = ("TT", "Số và ký hiệu", "Ngày ký", "Trích yếu văn bản", "Người ký")
    rows = [
        (str(n), f"{n}/QĐ-UBND", "01/08/2021", "Quyết định mẫu", f"Người Mẫu {n:04d}") for n in range(1, 9)
    ]
    found = _propose([header, *rows])
    assert (found.profile.kind, dict(found.profile.constants)) == ("document", {"direction": "outgoing"})
    assert _fates(found)["Người ký"] is Fate.PERSONAL


def test_written_proposal_is_the_same_profile_and_reads_the_file() -> None:
    found = _propose(land_rows())
    profile = parse_proposal(_yaml(found).encode(), "so.yml")
    assert profile == found.profile
    catalogue = small_catalogue()
    export = recognise(workbook_of(land_rows()), (*catalogue.profiles, profile))
    assert (export.profile_id, export.data_row_count, export.unknown_headers) == (profile.profile_id, 30, ())


def test_written_proposal_shows_headers_shares_and_counts_but_no_value() -> None:
    text = _yaml(_propose(land_rows()))
    assert (
        "“Hạn trả kết quả” → Ngày hẹn trả: gần “Hạn trả kết quả” 90%; giá trị: ngày 100%; 28 giá trị khác nhau"
        in text
    )
    assert "# chưa rõ: giá trị số 100%; 30 giá trị khác nhau" in text
    assert '- "SĐT"  # thông tin cá nhân (theo tiêu đề)' in text
    assert not any(word in text for word in (*PEOPLE, "Đăng ký biến động", "H56-210801"))


def test_same_layout_of_two_units_is_one_profile() -> None:
    assert _propose(land_rows(5)).profile == _propose(land_rows(25)).profile


def test_new_layout_does_not_clash_with_known_formats() -> None:
    catalogue = small_catalogue()
    profile = _propose(land_rows()).profile
    assert find_clashes(profile, catalogue.profiles) == ()
    copy = replace(catalogue.profiles[0], profile_id="khac.dossier.v1")
    assert [p.profile_id for p in find_clashes(copy, catalogue.profiles)] == ["mau.dossier.v1"]


def test_holiday_schedule_gets_no_proposal_but_a_reason() -> None:
    rows = [
        ("LỊCH NGHỈ LỄ NĂM 2021",),
        ("TT", "Ngày lễ", "Từ ngày", "Đến ngày", "Số ngày nghỉ", "Ghi chú"),
        ("1", "Tết Dương lịch", "01/01/2021", "01/01/2021", "1", ""),
        ("2", "Quốc khánh", "02/09/2021", "03/09/2021", "2", ""),
    ]
    assert "không hàng nào trong 40 hàng đầu có từ 3 tiêu đề quen thuộc" in _reasons(rows)


def test_duty_roster_with_a_few_familiar_words_says_what_is_missing() -> None:
    rows = [
        ("STT", "Ngày tiếp nhận", "Ghi chú", "Tình trạng", "Ca trực"),
        *[(str(n), f"{n:02d}/08/2021", "", "Đủ", "Sáng") for n in range(1, 15)],
    ]
    told = _reasons(rows)
    assert "chỉ nhận ra 2 cột" in told
    assert "không thấy cột nào là" in told


@pytest.mark.parametrize("rows", [land_rows()[3:], [("a", "b"), ("1", "2")], [("",)]])
def test_rows_without_a_header_are_never_taken_for_one(rows: list[tuple[str, ...]]) -> None:
    assert _reasons(rows)


def test_table_on_a_hidden_sheet_is_not_proposed() -> None:
    assert "trang tính không ẩn" in _reasons(land_rows(), hidden=True)
