"""Regimes as data: the packaged rows, a workspace's own over them, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from tests.unit.calendar.conftest import WithOverlay
from transforms.calendar.work_calendar import build_calendar
from transforms.catalogue.model import Catalogue
from transforms.indicators.deadline import deadline_words, find_deadline
from transforms.indicators.period import PeriodError, parse_period, periods_containing, window

Problems = Callable[[Mapping[str, str]], tuple[str, ...]]

WINDOWS = "basis,kind,index,start_month_offset,start_day,end_month_offset,end_day,is_legal,source,valid_from,valid_to\n"
BASES = "basis,name,source\n"
DEADLINES = (
    "basis,kind,sender_level,unit_code,period_id,working_days,day_of_month,day,source,valid_from,valid_to\n"
)
DAYS_OFF = "date,kind,name,decision,status,source\n"
REFORM = {
    "calendars/bases.csv": BASES + "cchc,theo Công văn số 581/BNV-CCHC,Công văn 581/BNV-CCHC\n",
    "calendars/windows.csv": WINDOWS
    + "cchc,quarter,1,-1,15,2,14,no,Công văn 581/BNV-CCHC,,\n"
    + "cchc,half,1,-1,15,5,14,no,Công văn 581/BNV-CCHC,,\n"
    + "cchc,quarter,3,5,15,8,14,no,Công văn 581/BNV-CCHC,,\n"
    + "cchc,year,,-1,15,11,14,no,Công văn 581/BNV-CCHC,,\n",
    "calendars/deadlines.csv": DEADLINES
    + "cchc,,,,,,20,,Công văn 581/BNV-CCHC: ngày 20 của tháng cuối kỳ,,\n",
}
"""A regime that a workspace may add: reports on administrative reform, sent by day 20 of the last month."""


def deadline_of(catalogue: Catalogue, period_id: str, unit: str = "16204", basis: str = "nd09") -> str:
    return deadline_words(find_deadline(parse_period(period_id), basis, catalogue.unit(unit), catalogue))


# --- what the package says ------------------------------------------------------------------------


def test_every_packaged_row_names_what_it_comes_from(catalogue: Catalogue) -> None:
    for row in (*catalogue.windows, *catalogue.bases, *catalogue.deadlines):
        assert "NĐ 09/2019/NĐ-CP" in row.source or "Lịch dương" in row.source, row
    assert [basis.basis for basis in catalogue.bases] == ["nd09", "lich"]


def test_commune_sends_one_full_working_day_after_the_cutoff_and_the_province_by_day_25(
    catalogue: Catalogue,
) -> None:
    assert deadline_of(catalogue, "2021-9T") == (
        "hạn gửi ngày 16/9/2021 (NĐ 09/2019/NĐ-CP, Điều 8 khoản 5, mức tối thiểu: "
        "giữa ngày chốt số liệu và hạn gửi có một ngày làm việc)"
    )
    assert deadline_of(catalogue, "2021-Q3", "402").startswith("hạn gửi ngày 16/9/2021 (")
    # 25/9/2021 is a Saturday.
    assert deadline_of(catalogue, "2021-9T", "38") == (
        "hạn gửi ngày 27/9/2021 (NĐ 09/2019/NĐ-CP, Điều 13: ngày 25 của tháng cuối kỳ)"
    )


def test_deadline_over_an_unverified_holiday_says_so(catalogue: Catalogue) -> None:
    words = deadline_of(catalogue, "2021-02")
    assert words.startswith("hạn gửi ngày 18/02/2021 (")
    assert "lịch làm việc chưa chắc chắn: ngày 15/02/2021 (nghỉ bù Tết Nguyên đán" in words


def test_calendar_basis_has_no_deadline(catalogue: Catalogue) -> None:
    assert deadline_of(catalogue, "2021-09", basis="lich") == "chưa có quy định về hạn gửi"


def test_decree_does_not_reach_back_before_it_was_in_force(catalogue: Catalogue) -> None:
    assert window(parse_period("2019"), "nd09", catalogue.windows) == (date(2018, 12, 15), date(2019, 12, 14))
    with pytest.raises(PeriodError, match=r"chỉ áp dụng từ ngày 12/3/2019\.$"):
        window(parse_period("2019-02"), "nd09", catalogue.windows)
    assert window(parse_period("2019-02"), "lich", catalogue.windows) == (date(2019, 2, 1), date(2019, 2, 28))


# --- what a workspace adds --------------------------------------------------------------------------


def test_own_regime_has_its_windows_its_name_and_its_deadline(with_overlay: WithOverlay) -> None:
    loaded = with_overlay(REFORM)
    assert window(parse_period("2021-Q3"), "cchc", loaded.windows) == (date(2021, 6, 15), date(2021, 9, 14))
    assert loaded.basis_name("cchc") == "theo Công văn số 581/BNV-CCHC"
    assert deadline_of(loaded, "2021-Q3", basis="cchc").startswith("hạn gửi ngày 20/9/2021 (Công văn 581")
    with pytest.raises(PeriodError, match="chưa quy định ngày chốt số liệu của 9 tháng năm 2021"):
        window(parse_period("2021-9T"), "cchc", loaded.windows)
    found = periods_containing(date(2021, 9, 5), ("month", "quarter", "year"), "cchc", loaded.windows)
    assert [period.period_id for period in found] == ["2021-Q3", "2021"]


def test_unknown_basis_is_told_with_the_known_ones(with_overlay: WithOverlay) -> None:
    with pytest.raises(PeriodError, match=r"“nd9”; các cách hiện có: cchc, lich, nd09\.$"):
        window(parse_period("2021-Q3"), "nd9", with_overlay(REFORM).windows)


def test_window_end_decides_which_of_two_regimes_holds(with_overlay: WithOverlay) -> None:
    # The district closed on the 5th until the end of 2021.
    own = "nd09,month,,-1,6,0,5,no,Quyết định của huyện,2021-01-01,2021-12-31\n"
    loaded = with_overlay({"calendars/windows.csv": WINDOWS + own})
    ends = {
        period_id: window(parse_period(period_id), "nd09", loaded.windows)[1].day
        for period_id in ("2020-12", "2021-01", "2021-12", "2022-01")
    }
    assert ends == {"2020-12": 14, "2021-01": 5, "2021-12": 5, "2022-01": 14}


def test_regime_that_has_ended_is_refused_with_its_last_day(with_overlay: WithOverlay) -> None:
    ended = {
        **REFORM,
        "calendars/windows.csv": WINDOWS + "cchc,year,,-1,15,11,14,no,Công văn,2020-01-01,2021-12-31\n",
    }
    loaded = with_overlay(ended)
    with pytest.raises(PeriodError, match="chỉ áp dụng đến ngày 31/12/2021"):
        window(parse_period("2022"), "cchc", loaded.windows)


@pytest.mark.parametrize(
    ("row", "day"),
    [
        pytest.param("nd09,,,,,3,,,QĐ của huyện,,", "17/9/2021", id="district's own for everyone"),
        pytest.param("nd09,nine_months,,,,,20,,QĐ của huyện,,", "20/9/2021", id="kind of period"),
        pytest.param("nd09,,xa,,,1,,,QĐ của huyện,,", "15/9/2021", id="level of the sender"),
        pytest.param("nd09,,,16204,,5,,,QĐ của huyện,,", "21/9/2021", id="one unit"),
        pytest.param(
            "nd09,,,,2021-9T,,,2021-09-30,Công văn gia hạn,,", "30/9/2021", id="one period, by a day"
        ),
        pytest.param("nd09,,,,,9,,,QĐ của huyện,2022-01-01,", "16/9/2021", id="not yet in force"),
        pytest.param("nd09,quarter,,,,9,,,QĐ của huyện,,", "16/9/2021", id="another kind"),
        pytest.param("nd09,,,16207,,9,,,QĐ của huyện,,", "16/9/2021", id="another unit"),
    ],
)
def test_own_deadline_goes_before_the_packaged_one(with_overlay: WithOverlay, row: str, day: str) -> None:
    loaded = with_overlay({"calendars/deadlines.csv": f"{DEADLINES}{row}\n"})
    assert deadline_of(loaded, "2021-9T").startswith(f"hạn gửi ngày {day} (")


def test_most_particular_deadline_counts(with_overlay: WithOverlay) -> None:
    rows = "nd09,,xa,,,3,,,cấp xã,,\nnd09,,,16204,,4,,,riêng đơn vị,,\nnd09,,,16204,2021-9T,5,,,riêng kỳ,,\n"
    loaded = with_overlay({"calendars/deadlines.csv": DEADLINES + rows})
    assert "riêng kỳ" in deadline_of(loaded, "2021-9T")
    assert "riêng đơn vị" in deadline_of(loaded, "2021-09")
    assert "cấp xã" in deadline_of(loaded, "2021-09", "16207")


def test_own_day_off_takes_the_place_of_the_packaged_one(with_overlay: WithOverlay) -> None:
    rows = (
        "2021-09-03,public_holiday,Quốc khánh,Thông báo số 1/TB,verified,công báo\n"
        "2021-09-07,swapped_off,nghỉ hoán đổi,,unverified,thử\n"
        "2028-01-03,compensation,nghỉ bù,Thông báo số 2/TB,verified,công báo\n"
    )
    loaded = with_overlay({"calendars/days_off.csv": DAYS_OFF + rows})
    calendar = build_calendar(loaded.days_off)
    assert calendar.add_working_days(date(2021, 9, 1), 1).notes == ()
    assert calendar.add_working_days(date(2021, 9, 1), 2).day == date(2021, 9, 8)
    assert calendar.add_working_days(date(2027, 12, 31), 1).day == date(2028, 1, 4)
    assert not calendar.add_working_days(date(2027, 12, 31), 1).is_flagged


# --- what contradicts itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("windows", WINDOWS + "cchc,year,,-1,15,11,14,no,x,,\n",
         "Cách tính “cchc” có trong calendars/windows.csv nhưng chưa có tên; hãy thêm một dòng vào catalogue/calendars/bases.csv."),
        ("windows", WINDOWS + "Huyện,year,,-1,15,11,14,no,x,,\n",
         "catalogue/calendars/windows.csv dòng 2: mã cách tính “Huyện” chỉ được có chữ thường không dấu, chữ số và dấu gạch dưới, tối đa 16 ký tự."),
        ("windows", WINDOWS + "nd09,year,,-1,15,11,14,no,x,,2020-12-31\nnd09,year,,-1,15,11,9,no,x,2020-01-01,\n",
         "catalogue/calendars/windows.csv dòng 3: kỳ năm bị lặp lại."),
        ("windows", WINDOWS + "nd09,year,,-1,15,11,14,no,x,2021-12-31,2021-01-01\n",
         "catalogue/calendars/windows.csv dòng 2: ngày hết hiệu lực đứng trước ngày có hiệu lực."),
        ("bases", BASES + "lich,theo lịch,x\nlich,theo lịch,x\n",
         "catalogue/calendars/bases.csv dòng 3: cách tính “lich” bị lặp lại."),
        ("deadlines", DEADLINES + "huyen,,,,,2,,,x,,\n",
         "catalogue/calendars/deadlines.csv dòng 2: không có cách tính “huyen” trong calendars/windows.csv."),
        ("deadlines", DEADLINES + "nd09,,,99999,,2,,,x,,\n",
         "catalogue/calendars/deadlines.csv dòng 2: mã đơn vị “99999” không có trong danh mục."),
        ("deadlines", DEADLINES + "nd09,,,,,2,25,,x,,\n",
         "catalogue/calendars/deadlines.csv dòng 2: cần điền đúng một trong ba cột working_days, day_of_month, day."),
        ("deadlines", DEADLINES + "nd09,,,,,,,2021-09-30,x,,\n",
         "catalogue/calendars/deadlines.csv dòng 2: hạn ghi bằng ngày cụ thể phải kèm mã kỳ ở cột period_id."),
        ("deadlines", DEADLINES + "nd09,,,,,,31,,x,,\n",
         "catalogue/calendars/deadlines.csv dòng 2: ngày trong tháng phải từ 1 đến 28."),
        ("deadlines", DEADLINES + "nd09,,,,,2,,,x,,\nnd09,,,,,3,,,x,2022-01-01,\n",
         "catalogue/calendars/deadlines.csv dòng 3: hạn gửi này bị lặp lại."),
        ("days_off", DAYS_OFF + "2028-01-01,public_holiday,Tết Dương lịch,,verified,x\n",
         "catalogue/calendars/days_off.csv dòng 2: dòng đã kiểm chứng phải ghi điều luật hoặc số, ngày văn bản ở cột “decision”."),
        ("days_off", DAYS_OFF + "2028-01-01,swapped_off,nghỉ,,planned,x\n",
         "catalogue/calendars/days_off.csv dòng 2: ngày nghỉ hoán đổi phải là ngày từ thứ Hai đến thứ Sáu."),
        ("days_off", DAYS_OFF + "2028-01-03,swapped_off,nghỉ,,planned,x\n2028-01-03,swapped_off,nghỉ,,planned,x\n",
         "catalogue/calendars/days_off.csv dòng 3: ngày 03/01/2028 đã có ở catalogue/calendars/days_off.csv dòng 2."),
        ("days_off", DAYS_OFF + "2128-01-03,swapped_off,nghỉ,,planned,x\n",
         "catalogue/calendars/days_off.csv dòng 2: năm phải từ 1990 đến 2100."),
        ("days_off", DAYS_OFF + "2028-01-03,nghi,nghỉ,,planned,x\n",
         "catalogue/calendars/days_off.csv dòng 2: cột “kind” chỉ nhận public_holiday, compensation, swapped_off, swapped_work, đang ghi “nghi”."),
    ],
)  # fmt: skip
def test_contradiction_is_named_with_file_and_line(
    problems_with: Problems, file: str, content: str, problem: str
) -> None:
    assert problem in problems_with({f"calendars/{file}.csv": content})
