# ruff: noqa: DTZ001 - exports print local time only
"""When an export was taken."""

from __future__ import annotations

from datetime import datetime

import pytest

from transforms.readers.exported_at import exported_at

ARRIVED_AT = datetime(2021, 9, 6, 1, 30)
TITLES = ("UBND XÃ BÌNH LƯƠNG", "Từ ngày 15/12/2020 đến ngày 04/09/2021")


@pytest.mark.parametrize(
    ("file_name", "moment"),
    [
        ("danh-sach-ho-so 05-09-2021 16-30.xls", datetime(2021, 9, 5, 16, 30)),
        ("ho_so_5_9_2021 16_30.xls", datetime(2021, 9, 5, 16, 30)),
        ("ds 20210905_1630.xlsx", datetime(2021, 9, 5, 16, 30)),
        ("ds_20210905163015.csv", datetime(2021, 9, 5, 16, 30, 15)),
        ("bao cao 5.9.2021.xls", datetime(2021, 9, 5)),
        ("export-2021-09-05.csv", datetime(2021, 9, 5)),
        ("ds 05092021.xls", datetime(2021, 9, 5)),
        ("16204-5-9-2021.xls", datetime(2021, 9, 5)),
        ("Danh sách ngày 05 tháng 9 năm 2021.xls", datetime(2021, 9, 5)),
        ("Từ ngày 15 tháng 12 năm 2020 đến ngày 3 tháng 9 năm 2021.xls", datetime(2021, 9, 3)),
        ("tu 15-12-2020 den 03-09-2021 xuat 05-09-2021.xls", datetime(2021, 9, 5)),
        ("tu ngay 15-12-2020 den ngay 03-09-2021.xls", datetime(2021, 9, 3)),
        ("000.09.42.H56-210803-0001 05-09-2021.xls", datetime(2021, 9, 5)),
        ("ds 05-09-2021 99-99.xls", datetime(2021, 9, 5)),
    ],
)
def test_date_in_the_file_name_dates_the_export(file_name: str, moment: datetime) -> None:
    assert exported_at(file_name, TITLES, ARRIVED_AT) == (moment, "file_name")


@pytest.mark.parametrize(
    "file_name",
    [
        "danh-sach-ho-so.xls",
        "000.09.42.H56-210803-0001.xls",
        "G09.20-20210803-0092637.xls",
        "1.001193.000.00.00.H56.xls",
        "ho-so-2021-9T.xls",
        "ho-so-2021-09.xls",
        "bao cao quy 3-2021.xls",
        "9 thang 2021.xls",
        "00352112000539.csv",
        "ds 31-09-2021.xls",
        "ds 05-12-2021.xls",
    ],
)
def test_codes_periods_and_impossible_days_in_the_file_name_leave_it_to_the_title(file_name: str) -> None:
    assert exported_at(file_name, TITLES, ARRIVED_AT) == (datetime(2021, 9, 4), "title")


@pytest.mark.parametrize(
    "title",
    [
        "Số liệu tính đến ngày 4/9/2021",
        "Từ ngày: 15/12/2020 - Đến ngày: 04/09/2021",
        "Từ 15-12-2020 đến 04-09-2021",
        "(đến hết ngày 04 tháng 9 năm 2021)",
    ],
)
def test_end_of_the_range_in_a_title_dates_the_export(title: str) -> None:
    assert exported_at("ho-so.xls", ("DANH SÁCH", title), ARRIVED_AT) == (datetime(2021, 9, 4), "title")


def test_export_without_any_date_is_dated_by_its_arrival() -> None:
    assert exported_at("ho-so.xls", ("Năm 2021",), ARRIVED_AT) == (ARRIVED_AT, "arrival")


def test_range_that_ends_after_the_arrival_is_no_export_time() -> None:
    titles = ("Từ ngày 15/12/2020 đến ngày 14/09/2021",)

    assert exported_at("ho-so.xls", titles, ARRIVED_AT) == (ARRIVED_AT, "arrival")
