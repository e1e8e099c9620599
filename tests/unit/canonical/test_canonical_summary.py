"""The software's own summary by field: counts beside the window that its titles name."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from tests.support.export_files import html_file, packaged_profiles, xlsx_file
from tests.unit.canonical.small_exports import canonicalise_table, rows_of
from transforms.canonical.summary import COUNT_COLUMNS, find_window
from transforms.readers.model import UnreadableFileError
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

TITLES = ("UBND xã Bình Lương", "Từ ngày 15/12/2020 đến ngày 05/09/2021")
TABLE = """
    | field_name | received_total | carried_over | received_in_window | early | on_time | late | pending_within | pending_overdue |
    | Hộ tịch    | 1.363          | 4            | 1.359              | 1.000 | 300     | 3    | 50             | 10              |
    | Chứng thực | 20             | 0            | 20                 | 20    | 0       | 0    |                | 0               |
"""
SHEET = (
    ("TỔNG HỢP THEO LĨNH VỰC",),
    ("Từ ngày 15/12/2020 đến ngày 05/09/2021",),
    (
        *("STT", "Lĩnh vực", "Tiếp nhận", None, None, None, None, "Đã xử lý", None, None, None),
        *("Đang xử lý", None, "Bổ sung", "Trả lại/Rút HS"),
    ),
    (
        *(None, None, "Tổng số", "Kỳ trước", "Trong kỳ", "Qua mạng", "Qua BCCI"),
        *("Trước hạn", "Đúng hạn", "Quá hạn", "Tỷ lệ", "Trong hạn", "Quá hạn", None, None),
    ),
    ("1", "Hộ tịch", "20", "4", "16", "7", "1", "10", "4", "1", "93.33%", "3", "2", "0", "0"),
    ("", "Tổng cộng", "20", "4", "16", "7", "1", "10", "4", "1", "93.33%", "3", "2", "0", "0"),
)


def test_counts_stand_beside_the_window_of_the_titles() -> None:
    result = canonicalise_table(TABLE, "mau.summary", titles=TITLES)

    first, second = result.records.to_pylist()
    assert (first["window_start"], first["window_end"]) == (date(2020, 12, 15), date(2021, 9, 5))
    assert (first["unit_code"], first["field_name"]) == ("16204", "Hộ tịch")
    assert [first[name] for name in ("received_total", "received_in_window", "late")] == [1363, 1359, 3]
    assert second["pending_within"] is None, "an empty cell is no zero"
    assert first["received_online"] is None


def test_summary_without_a_window_is_refused() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        canonicalise_table(TABLE, "mau.summary", titles=("UBND xã Bình Lương", "Đến ngày 05/09/2021"))

    assert refusal.value.code == "summary.window.missing"


@pytest.mark.parametrize(
    ("titles", "window"),
    [
        (("Từ ngày 01/08/2021 đến ngày 31/08/2021",), (date(2021, 8, 1), date(2021, 8, 31))),
        (("(TỪ 1/8/2021 ĐẾN HẾT NGÀY 31/8/2021)",), (date(2021, 8, 1), date(2021, 8, 31))),
        (
            ("Từ ngày 01 tháng 8 năm 2021 đến ngày 31 tháng 8 năm 2021",),
            (date(2021, 8, 1), date(2021, 8, 31)),
        ),
        (("Từ ngày 01/08/2021 đến ngày 31/08/2021", "Từ ngày 01/07/2021 đến ngày 31/07/2021"), None),
        (("Từ ngày 01/08/2021 đến ngày 31/09/2021",), None),
        (("Từ ngày 31/08/2021 đến ngày 01/08/2021",), None),
        (("Ngày 05/09/2021",), None),
    ],
)
def test_window_is_read_from_exactly_one_range(
    titles: tuple[str, ...], window: tuple[date, date] | None
) -> None:
    assert find_window(titles) == window


def test_lines_that_say_nothing_or_cannot_be_read_are_set_apart() -> None:
    result = canonicalise_table(
        """
        | field_name | received_total | carried_over | why              |
        |            | 20             | 4            | no field         |
        | Hộ tịch    | hai mươi       | 4            | no number        |
        | Đất đai    |                |              | no count at all  |
        | Chứng thực | 20             | 4            |                  |
        | Chứng thực | 21             | 4            | the field again  |
        """,
        "mau.summary",
        titles=TITLES,
    )

    assert rows_of(result, "summary.field.missing") == [5]
    assert rows_of(result, "summary.count.unreadable") == [6]
    assert rows_of(result, "summary.counts.missing") == [7]
    assert rows_of(result, "summary.field.repeated") == [8]
    assert result.records["received_total"].to_pylist() == [21]
    assert result.quarantined.num_rows == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [("tong hop.xls", html_file(SHEET)), ("tong hop.xlsx", xlsx_file({"Sheet1": SHEET}))],
)
def test_header_of_two_merged_rows_gives_every_count(name: str, content: bytes) -> None:
    export = recognise(read_workbook(BytesIO(content), name), packaged_profiles())

    assert export.profile_id == "tandan.summary.v1"
    assert export.unknown_headers == ()
    assert export.structural_counts["total"] == 1
    (row,) = export.body.to_pylist()
    assert row["field_name"] == "Hộ tịch"
    assert [row[name] for name in COUNT_COLUMNS] == [
        *("20", "4", "16", "7", "1", "10", "4", "1", "3", "2", "0", "0")
    ]


def test_overdue_list_is_told_from_a_dossier_list() -> None:
    rows = (
        ("DANH SÁCH HỒ SƠ QUÁ HẠN",),
        (
            *("STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả"),
            *("Đơn vị giải quyết", "Ghi chú"),
        ),
        ("1", "000.09.42.H56-210805-0001", "05/08/2021", "06/08/2021", "", "UBND xã Bình Lương", "chờ"),
    )

    export = recognise(read_workbook(BytesIO(html_file(rows)), "qua han.xls"), packaged_profiles())

    assert (export.profile_id, export.kind, export.data_row_count) == ("tandan.overdue.v1", "overdue", 1)
    assert "chờ" not in str(export.body.to_pylist())
