"""Dossiers that fall due within 1, 3 and 7 working days, by who has them in hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.small_catalogue import CATALOGUE
from transforms.calendar.days_off import VERIFIED, DayOff
from transforms.history.as_known import known_dossiers
from transforms.indicators.due_soon import DueCounts, DueSoon, count_due, find_due_soon
from transforms.schema.tables import DOSSIER

UNIT = "16204"
FRIDAY = date(2021, 8, 27)
# 30/8 is taken off, the Saturday after it is worked instead; 02/9 is the National Day.
SWAPPED = replace(
    CATALOGUE,
    days_off=(
        DayOff(date(2021, 8, 30), "swapped_off", "hoán đổi", VERIFIED),
        DayOff(date(2021, 9, 2), "public_holiday", "Quốc khánh", VERIFIED),
        DayOff(date(2021, 9, 4), "swapped_work", "làm bù", VERIFIED),
    ),
)
OPEN = """
    | dossier_code | field_name              | status_code | received_date | due_date   | resolved_date | officer_code | department_name | exported   |
    | qua-han      | Hộ tịch                 | 4           | 20/08/2021    | 26/08/2021 |               | CB01         | Bộ phận Một cửa | 20/08/2021 |
    | hom-nay      | Hộ tịch                 | 4           | 20/08/2021    | 27/08/2021 |               | CB01         |                 | 20/08/2021 |
    | chu-nhat     | Hộ tịch                 | 4           | 20/08/2021    | 29/08/2021 |               | CB02         |                 | 20/08/2021 |
    | ngay-nghi    | Hộ tịch                 | 4           | 20/08/2021    | 30/08/2021 |               |              | Bộ phận Một cửa | 20/08/2021 |
    | mot-ngay     | Hộ tịch                 | 4           | 20/08/2021    | 31/08/2021 |               |              |                 | 20/08/2021 |
    | hai-ngay     | Hộ tịch                 | 2           | 20/08/2021    | 02/09/2021 |               |              |                 | 20/08/2021 |
    | bay-lam-bu   | Hộ tịch                 | 4           | 20/08/2021    | 04/09/2021 |               |              |                 | 20/08/2021 |
    | bay-ngay     | Hộ tịch                 | 4           | 20/08/2021    | 08/09/2021 |               |              |                 | 20/08/2021 |
    | tam-ngay     | Hộ tịch                 | 4           | 20/08/2021    | 09/09/2021 |               |              |                 | 20/08/2021 |
    | khong-hen    | Hộ tịch                 | 4           | 20/08/2021    |            |               |              |                 | 20/08/2021 |
    | bo-sung      | Hộ tịch                 | 5           | 20/08/2021    | 26/08/2021 |               |              |                 | 20/08/2021 |
    | da-xong      | Hộ tịch                 | 9           | 20/08/2021    | 30/08/2021 | 26/08/2021    |              |                 | 20/08/2021 |
    | moi-dang-ky  | Hộ tịch                 | 1           |               | 30/08/2021 |               |              |                 | 20/08/2021 |
    | cu-tru       | Đăng ký, quản lý cư trú | 4           | 20/08/2021    | 30/08/2021 |               |              |                 | 20/08/2021 |
    """


def due_of(as_of: date = FRIDAY) -> DueSoon:
    dossiers = known_dossiers(read_versions(DOSSIER, OPEN))
    return find_due_soon(dossiers, as_of, SWAPPED)[UNIT]


def left(due: DueSoon) -> dict[str, int]:
    return {item.dossier_code: item.working_days for group in due.groups for item in group.dossiers}


def test_working_days_left_leave_out_holidays_and_count_days_worked_by_a_swap() -> None:
    assert left(due_of()) == {
        "qua-han": -1,
        "hom-nay": 0,
        "chu-nhat": 0,
        "ngay-nghi": 0,
        "mot-ngay": 1,
        "hai-ngay": 2,
        "bay-lam-bu": 4,
        "bay-ngay": 7,
    }


def test_spans_hold_each_other_and_overdue_ones_stand_apart() -> None:
    due = due_of()
    assert due.counts == DueCounts(overdue=1, within_1=4, within_3=5, within_7=7)
    assert (due.counts.within(1), due.counts.within(3), due.counts.within(7)) == (4, 5, 7)
    assert (due.paused_count, due.undated_count) == (1, 1)


def test_groups_go_by_officer_then_department_then_nobody() -> None:
    groups = [(g.officer_code, g.department_name, len(g.dossiers)) for g in due_of().groups]
    assert groups == [("CB01", "", 2), ("CB02", "", 1), ("", "Bộ phận Một cửa", 1), ("", "", 4)]
    assert sum(group.counts.within_7 + group.counts.overdue for group in due_of().groups) == 8


def test_asked_on_a_day_off_the_next_working_day_is_one_day_away() -> None:
    saturday = left(due_of(date(2021, 8, 28)))
    assert saturday["hom-nay"] == 0  # late since yesterday, by no working day yet
    assert (saturday["chu-nhat"], saturday["mot-ngay"]) == (0, 1)


def test_unit_with_nothing_open_counts_nothing() -> None:
    assert count_due(None) == DueCounts()
    assert count_due(due_of()) == due_of().counts


def test_doubtful_day_of_the_calendar_is_told() -> None:
    doubtful = replace(
        SWAPPED,
        days_off=(
            *SWAPPED.days_off,
            DayOff(date(2021, 9, 3), "public_holiday", "ngày liền kề", "unverified"),
        ),
    )
    dossiers = known_dossiers(read_versions(DOSSIER, OPEN))
    assert find_due_soon(dossiers, FRIDAY, doubtful)[UNIT].calendar_notes
    assert not due_of().calendar_notes
