# ruff: noqa: DTZ001 - exports print local time only
"""Dossier lists as typed records."""

from __future__ import annotations

import json
from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.canonical.small_exports import canonicalise_table, codes_of, raw_export, rows_of
from transforms.canonical.build import ConservationError, check_conservation
from transforms.schema.tables import DOSSIER, QUARANTINED

GOOD = """
    | dossier_code              | procedure_name                                          | status_label   | received_date       | due_date   | resolved_date | copies_count |
    | 000.09.42.h56-210803-0001 | 1.001193.000.00.00.H56- Thủ tục  đăng ký khai sinh       | Đã trả kết quả | 03/08/2021 09:15:00 | 04/08/2021 | 03/08/2021    | 2 bộ         |
    | 000.09.42.H56-210804-0001 | Chứng thực bản sao từ bản chính (2.000815)               | XONG RỒI       | 04/08/2021 08:00:00 | -          |               |              |
"""


def test_dossier_rows_become_typed_records_with_provenance() -> None:
    result = canonicalise_table(GOOD)

    assert result.records.schema == DOSSIER.arrow_schema()
    assert codes_of(result) == set()
    first, second = result.records.to_pylist()
    assert (
        first
        | {
            "unit_code": "16204",
            "dossier_code": "000.09.42.H56-210803-0001",
            "procedure_code": "1.001193",
            "procedure_code_raw": "1.001193.000.00.00.H56",
            "procedure_name": "Thủ tục đăng ký khai sinh",
            "status_code": 10,
            "status_label": "Đã trả kết quả",
            "received_date": date(2021, 8, 3),
            "due_date": date(2021, 8, 4),
            "resolved_date": date(2021, 8, 3),
            "copies_count": 2,
            "_delivery_id": "lan-nhan-1",
            "_file": "danh-sach 05-09-2021 16-30.xls",
            "_sheet": "Sheet1",
            "_row": 5,
            "_exported_at": datetime(2021, 9, 5, 16, 30),
            "_known_from": None,
        }
        == first
    )
    assert (second["status_code"], second["status_label"]) == (9, "XONG RỒI")
    assert (second["procedure_code"], second["procedure_name"]) == (
        "2.000815",
        "Chứng thực bản sao từ bản chính",
    )
    assert second["due_date"] is None


def test_delivery_says_unit_profile_and_export_time() -> None:
    result = canonicalise_table(GOOD, structural_counts={"title": 3, "header": 1})

    assert (result.kind, result.unit_code, result.profile_id) == ("dossier", "16204", "mau.dossier")
    assert (result.exported_at, result.exported_at_source) == (datetime(2021, 9, 5, 16, 30), "file_name")
    assert result.structural_counts == {"title": 3, "header": 1}


def test_rows_that_cannot_be_taken_are_set_apart_with_their_reason() -> None:
    result = canonicalise_table("""
        | dossier_code | status_label | received_date | due_date   | free_text       | procedure_name |
        | HS-1         | Đang xử lý   | 03/08/2021    | 04/08/2021 | Người Mẫu 0001  | Khai sinh      |
        |              | Đang xử lý   | 03/08/2021    | 04/08/2021 | Người Mẫu 0002  | Khai sinh      |
        | HS-3         | Đang xử lý   | 31/09/2021    | 30/02/2021 | Người Mẫu 0003  | Khai sinh      |
        | HS-4         | Đang xử lý   |               | 04/08/2021 | Người Mẫu 0004  | Khai sinh      |
        | HS-5         | Mới đăng ký  |               |            | Người Mẫu 0005  | Khai sinh      |
        | HS-6         | Từ chối      |               |            | Người Mẫu 0006  | Khai sinh      |
    """)

    assert result.records["dossier_code"].to_pylist() == ["HS-1", "HS-5", "HS-6"]
    assert result.quarantined.schema == QUARANTINED.arrow_schema()
    assert [
        (row["_row"], row["finding_code"], row["column_name"]) for row in result.quarantined.to_pylist()
    ] == [
        (6, "dossier.code.missing", "dossier_code"),
        (7, "dossier.date.impossible", "received_date"),
        (8, "dossier.received_date.missing", "received_date"),
    ]
    impossible = [finding for finding in result.findings if finding.code == "dossier.date.impossible"]
    assert [(f.column, f.places[0].row, f.places[0].subject, f.places[0].value) for f in impossible] == [
        ("received_date", 7, "HS-3", "31/09/2021"),
        ("due_date", 7, "HS-3", "30/02/2021"),
    ]
    assert rows_of(result, "dossier.code.missing") == [6]
    assert rows_of(result, "dossier.received_date.missing") == [8]


def test_quarantined_row_keeps_raw_text_of_allow_listed_columns_only() -> None:
    result = canonicalise_table("""
        | dossier_code | received_date  | due_date   | free_text      | author_name    | receiving_unit_name |
        | HS-1         | 31/09/2021     | 0000000001 | Người Mẫu 0001 | Người Mẫu 0002 | UBND xã Bình Lương  |
        | HS-2         | Người Mẫu 0003 | 04/08/2021 |                |                |                     |
    """)

    assert [json.loads(text) for text in result.quarantined["raw_json"].to_pylist()] == [
        {"dossier_code": "HS-1", "received_date": "31/09/2021"},
        {"dossier_code": "HS-2", "due_date": "04/08/2021"},
    ]
    assert "Người Mẫu" not in str(result)
    assert "0000000001" not in str(result)


def test_same_code_twice_keeps_the_later_row_and_tells() -> None:
    result = canonicalise_table("""
        | dossier_code | procedure_name      | status_label   | received_date |
        | HS-1         | Đăng ký khai sinh   | Đang xử lý     | 03/08/2021    |
        | HS-2         | Đăng ký khai sinh   | Đang xử lý     | 03/08/2021    |
        | hs-1         | ĐĂNG KÝ KHAI SINH   | Đã trả kết quả | 03/08/2021    |
    """)

    assert result.records["_row"].to_pylist() == [6, 7]
    assert result.superseded["_row"].to_pylist() == [5]
    assert rows_of(result, "dossier.code.repeated") == [5]
    assert rows_of(result, "dossier.code.two_dossiers") == []


def test_same_code_for_two_dossiers_names_both_rows() -> None:
    result = canonicalise_table("""
        | dossier_code | procedure_code | procedure_name    | status_label | received_date |
        | HS-1         |                | Đăng ký khai sinh | Đang xử lý   | 03/08/2021    |
        | HS-1         |                | Sao y bản chính   | Đang xử lý   | 04/08/2021    |
        | HS-2         | 1.001193       | Khai sinh         | Đang xử lý   | 03/08/2021    |
        | HS-2         | 2.000815       | Sao y             | Đang xử lý   | 04/08/2021    |
    """)

    (two,) = (finding for finding in result.findings if finding.code == "dossier.code.two_dossiers")
    assert [(place.row, place.subject, place.value) for place in two.places] == [
        (5, "HS-1", "03/08/2021"),
        (6, "HS-1", "04/08/2021"),
        (7, "HS-2", "03/08/2021"),
        (8, "HS-2", "04/08/2021"),
    ]
    assert rows_of(result, "dossier.code.repeated") == []
    assert result.records["_row"].to_pylist() == [6, 8], "the later row counts"
    assert result.superseded["_row"].to_pylist() == [5, 7]


def test_same_code_with_one_field_corrected_is_the_same_dossier() -> None:
    result = canonicalise_table("""
        | dossier_code | procedure_code | procedure_name    | status_label | received_date | what was mended          |
        | HS-1         |                | Đăng ký khai sinh | Đang xử lý   | 03/08/2021    |                          |
        | HS-1         |                | ĐĂNG KÝ KHAI SINH | Đang xử lý   | 04/08/2021    | the day of reception     |
        | HS-2         |                | Đăng ký khai sinh | Đang xử lý   | 04/08/2021    |                          |
        | HS-2         |                | Sao y bản chính   | Đang xử lý   | 04/08/2021    | the procedure            |
        | HS-3         |                | Đăng ký khai sinh | Đang xử lý   | 04/08/2021    |                          |
        | HS-3         |                |                   | Đang xử lý   | 05/08/2021    | nothing against the name |
        | HS-4         | 1.001193       | Khai sinh         | Đang xử lý   | 04/08/2021    |                          |
        | HS-4         | 1.001193       | Đăng ký khai sinh | Đang xử lý   | 05/08/2021    | codes go before names    |
    """)

    assert rows_of(result, "dossier.code.two_dossiers") == []
    assert rows_of(result, "dossier.code.repeated") == [5, 7, 9, 11]


def test_unmapped_status_and_channel_keep_the_label_and_raise_findings() -> None:
    result = canonicalise_table("""
        | dossier_code | status_label  | channel_code | received_date | copies_count | procedure_code |
        | HS-1         | Chờ ký duyệt  | Bồ câu       | 03/08/2021    | nhiều        | TT-01          |
        | HS-2         | 9             | qua  mạng    | 03/08/2021    | 1            | 1.001193.H56   |
        | HS-3         | Đang xử lý    |              | 03/08/2021    |              | 2.00081        |
    """)

    assert result.records["status_code"].to_pylist() == [None, 9, 4]
    assert result.records["status_label"].to_pylist() == ["Chờ ký duyệt", "9", "Đang xử lý"]
    assert result.records["channel_code"].to_pylist() == [None, 2, None]
    assert result.records["procedure_code"].to_pylist() == [None, "1.001193", None]
    assert result.records["procedure_code_raw"].to_pylist() == ["TT-01", "1.001193.H56", "2.00081"]
    # "2.00081" is no code of the catalogue: 2.000810.
    assert rows_of(result, "dossier.procedure_code.unreadable") == [5, 7]
    assert rows_of(result, "dossier.status.unknown") == [5]
    assert rows_of(result, "dossier.channel.unknown") == [5]
    assert rows_of(result, "dossier.copies_count.unreadable") == [5]


@pytest.mark.parametrize(
    ("free_text", "group", "file", "hint"),
    [
        ("Xin đăng ký khai sinh cho con", None, "ho-so.xls", "ho_tich"),
        ("Đề nghị sao y bản chính giấy tờ đất đai", None, "ho-so.xls", "chung_thuc"),
        (None, "II. Lĩnh vực Hộ tịch (277 hồ sơ)", "ho-so-dat-dai.xls", "ho_tich"),
        (None, "HT", "ho-so.xls", "ho_tich"),
        (None, "Nội dung khác", "ho-so-dat-dai.xls", "dat_dai"),
        (None, None, "Hồ sơ chứng thực 05-09-2021.xls", "chung_thuc"),
        (None, None, "ho-tich-va-dat-dai.xls", None),
        ("HT xong", None, "ho-so.xls", None),
    ],
)
def test_field_hint_comes_from_free_text_else_group_row_else_file_name(
    free_text: str | None, group: str | None, file: str, hint: str | None
) -> None:
    text = f"""
        | dossier_code | status_label | received_date | free_text         |
        | HS-1         | Đang xử lý   | 03/08/2021    | {free_text or ""} |
    """

    result = canonicalise_table(text, file=file, group_names=pa.array([group], pa.string()))

    assert result.records["field_hint"].to_pylist() == [hint]


def test_receiving_unit_is_a_code_and_a_foreign_resolving_unit_a_finding() -> None:
    result = canonicalise_table("""
        | dossier_code | status_label | received_date | receiving_unit_name | resolving_unit_name |
        | HS-1         | Đang xử lý   | 03/08/2021    | UBND xã Bình Lương  | UBND xã Bình Lương  |
        | HS-2         | Đang xử lý   | 03/08/2021    | Quầy số 1           | UBND xã Bình Lương  |
        | HS-3         | Đang xử lý   | 03/08/2021    | Bình Lương          | UBND xã Hóa Quỳ     |
    """)

    assert result.records["receiving_unit_code"].to_pylist() == ["16204", None, "16204"]
    assert result.records["unit_code"].to_pylist() == ["16204"] * 3
    assert rows_of(result, "dossier.receiving_unit.unknown") == [6]
    assert rows_of(result, "dossier.unit.foreign") == [7]


def test_file_of_the_district_gives_each_row_to_its_commune() -> None:
    result = canonicalise_table(
        """
        | dossier_code | status_label | received_date | resolving_unit_name |
        | HS-1         | Đang xử lý   | 03/08/2021    | UBND xã Bình Lương  |
        | HS-2         | Đang xử lý   | 03/08/2021    | UBND xã Hóa Quỳ     |
        | HS-3         | Đang xử lý   | 03/08/2021    |                     |
        """,
        unit_code="402",
    )

    assert result.records["unit_code"].to_pylist() == ["16204", "16186", "402"]
    assert rows_of(result, "dossier.unit.foreign") == []


def test_file_of_another_unit_and_unknown_columns_are_findings_about_the_file() -> None:
    text = """
        | dossier_code              | status_label | received_date |
        | 000.05.42.H56-210803-0001 | Đang xử lý   | 03/08/2021    |
    """

    result = canonicalise_table(text, file="ho-so.xls", unknown_headers=("Mã QR", "Ghi chú 2"))

    assert {(f.code, f.unit_code, f.kind, f.file) for f in result.findings} == {
        ("delivery.unit.mismatch", "16204", "dossier", "ho-so.xls"),
        ("delivery.exported_at.assumed", "16204", "dossier", "ho-so.xls"),
        ("file.column.unknown", "16204", "dossier", "ho-so.xls"),
    }
    unknown = next(f for f in result.findings if f.code == "file.column.unknown")
    assert unknown.params == (("headers", "“Mã QR”, “Ghi chú 2”"),)


def test_file_without_folder_is_owned_by_its_codes() -> None:
    assert canonicalise_table(GOOD, unit_code="").unit_code == "16204"


def test_export_without_rows_has_empty_typed_tables() -> None:
    result = canonicalise_table("| dossier_code | status_label | received_date |")

    assert result.data_row_count == 0
    assert result.records.schema == result.superseded.schema == DOSSIER.arrow_schema()
    assert result.quarantined.schema == QUARANTINED.arrow_schema()
    assert result.findings == ()


CELLS = {
    "dossier_code": st.sampled_from(["", "HS-1", "HS-2", "hs-2", "HS-3", "–"]),
    "status_label": st.sampled_from(["", "Đang xử lý", "Từ chối", "Lạ"]),
    "received_date": st.sampled_from(["", "03/08/2021", "04/08/2021", "31/09/2021"]),
    "due_date": st.sampled_from(["", "05/08/2021", "x"]),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12))
def test_every_data_row_is_in_exactly_one_part(rows: list[dict[str, str]]) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in (CELLS, *(row.values() for row in rows))]

    result = canonicalise_table("\n".join(lines))

    parts = (result.records, result.superseded, result.quarantined)
    assert sorted(number for part in parts for number in part["_row"].to_pylist()) == list(
        range(5, 5 + len(rows))
    )
    codes = result.records["dossier_code"].to_pylist()
    assert len(codes) == len(set(codes))
    assert set(result.superseded["dossier_code"].to_pylist()) <= set(codes)


def test_rows_that_do_not_add_up_are_an_internal_error() -> None:
    result = canonicalise_table(GOOD)

    with pytest.raises(ConservationError, match="3 data rows became 2"):
        check_conservation(raw_export(GOOD + "    | HS-9 | | | | | | |"), result)
