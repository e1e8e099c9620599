"""Due days from a procedure's time, lateness in working days, and promised days beside the rule."""

from __future__ import annotations

from datetime import date, datetime, time

import pyarrow as pa
import pytest

from transforms.calendar.due import due_day, due_days, late_working_days
from transforms.calendar.work_calendar import WorkCalendar
from transforms.catalogue.model import Catalogue
from transforms.indicators.due_rule import check_due_dates, late_days, rule_due_days


def moment(text: str) -> datetime:
    """A wall-clock moment in Vietnam, as exports print it."""
    day, hour = text.split(" ")
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))


CASES = [
    ("2021-09-01", 3, "working_day", "2021-09-08"),
    ("2021-09-01", 0, "same_day", "2021-09-01"),
    ("2021-09-04", 0, "same_day", "2021-09-06"),  # filed online on a Saturday
    ("2021-09-04", 1, "working_day", "2021-09-07"),
    ("2021-08-24", 10, "calendar_day", "2021-09-06"),  # the tenth day is 3/9, a holiday
    ("2021-08-23", 10, "calendar_day", "2021-09-06"),
    ("2021-08-22", 10, "calendar_day", "2021-09-01"),
    ("2025-04-25", 1, "working_day", "2025-04-26"),
    ("2021-09-01", 3, "", None),
    ("2021-09-01", None, "working_day", None),
]


@pytest.mark.parametrize(("received", "value", "unit", "due"), CASES)
def test_due_day_follows_the_procedures_time(
    work_calendar: WorkCalendar, received: str, value: int | None, unit: str, due: str | None
) -> None:
    found = due_day(date.fromisoformat(received), value, unit, work_calendar)
    assert (found.day if found else None) == (date.fromisoformat(due) if due else None)


def test_column_of_due_days_says_what_single_ones_say(work_calendar: WorkCalendar) -> None:
    received = pa.array([*(date.fromisoformat(case[0]) for case in CASES), None], pa.date32())
    values = pa.array([*(case[1] for case in CASES), 3], pa.int64())
    units = pa.array([*(case[2] or None for case in CASES), "working_day"], pa.string())
    due = [date.fromisoformat(case[3]) if case[3] else None for case in CASES]
    assert due_days(received, values, units, work_calendar).to_pylist() == [*due, None]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2021-09-01 14:59", "2021-09-01"),
        ("2021-09-01 15:00", "2021-09-01"),
        ("2021-09-01 15:30", "2021-09-06"),
        ("2021-09-04 16:00", "2021-09-06"),  # on a day off the hour no longer matters
    ],
)
def test_same_day_procedure_received_after_three_is_due_on_the_next_working_day(
    work_calendar: WorkCalendar, received: str, due: str
) -> None:
    found = due_day(moment(received), 0, "same_day", work_calendar)
    assert found is not None
    assert found.day == date.fromisoformat(due)


def test_hour_does_not_matter_to_longer_times(work_calendar: WorkCalendar) -> None:
    found = due_day(moment("2021-08-30 15:30"), 2, "working_day", work_calendar)
    assert found is not None
    assert found.day == date(2021, 9, 1)


def test_due_day_over_an_unverified_holiday_is_flagged_once(work_calendar: WorkCalendar) -> None:
    found = due_day(date(2021, 9, 3), 1, "working_day", work_calendar)
    assert found is not None
    assert found.notes == ("ngày 03/9/2021 (Quốc khánh, ngày liền kề: chưa kiểm chứng)",)


def test_lateness_counts_working_days_and_takes_pauses_off(work_calendar: WorkCalendar) -> None:
    due = pa.array([date(2021, 9, 1)] * 5 + [None], pa.date32())
    ended = pa.array(
        [date(2021, 9, 6), date(2021, 9, 8), date(2021, 8, 30), date(2021, 9, 5), None, date(2021, 9, 6)],
        pa.date32(),
    )
    assert late_working_days(due, ended, work_calendar).to_pylist() == [1, 3, 0, 0, None, None]
    paused = pa.array([1, 2, 5, None, 0, 0], pa.int64())
    assert late_working_days(due, ended, work_calendar, paused).to_pylist() == [0, 1, 0, 0, None, None]


def dossiers(*rows: tuple[str, str | None, str, str | None]) -> pa.Table:
    """Classified dossiers: (code, procedure, received, promised)."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return pa.table(
        {
            "unit_code": pa.array(["16204"] * len(rows)),
            "dossier_code": pa.array([row[0] for row in rows]),
            "procedure_id": pa.array([row[1] for row in rows], pa.string()),
            "received_date": pa.array([day(row[2]) for row in rows], pa.date32()),
            "due_date": pa.array([day(row[3]) for row in rows], pa.date32()),
            "_file": pa.array(["ds.xls"] * len(rows)),
            "_sheet": pa.array([""] * len(rows)),
            "_row": pa.array(range(8, 8 + len(rows)), pa.int64()),
        }
    )


BIRTH, GUARDIAN, PATROL = "1.001193", "1.004837", "1.003583"
"""Same day; three working days; no time set."""


def test_promised_days_that_differ_from_the_rule_are_found_with_their_rows(catalogue: Catalogue) -> None:
    table = dossiers(
        ("H-1", GUARDIAN, "2021-09-01", "2021-09-08"),  # as the rule says
        ("H-2", GUARDIAN, "2021-09-01", "2021-09-06"),  # earlier
        ("H-3", GUARDIAN, "2021-09-01", "2021-09-10"),  # later
        ("H-4", BIRTH, "2021-09-01", "2021-09-01"),
        ("H-5", BIRTH, "2021-09-01", "2021-09-06"),  # received after 15:00, as far as one can tell
        ("H-6", BIRTH, "2021-09-01", "2021-09-07"),  # later
        ("H-7", PATROL, "2021-09-01", "2021-12-31"),
        ("H-8", None, "2021-09-01", "2021-12-31"),
        ("H-9", GUARDIAN, "2021-09-01", None),
    )
    (finding,) = check_due_dates(table, catalogue)
    assert (finding.code, finding.unit_code, finding.file, finding.column) == (
        "dossier.due_date.differs_from_rule", "16204", "ds.xls", "due_date",
    )  # fmt: skip
    assert dict(finding.params) == {"later": 2, "earlier": 1}
    assert [(place.row, place.subject, place.value) for place in finding.places] == [
        (9, "H-2", "06/09/2021"), (10, "H-3", "10/09/2021"), (13, "H-6", "07/09/2021"),
    ]  # fmt: skip
    assert rule_due_days(table, catalogue).to_pylist()[5:8] == [date(2021, 9, 1), None, None]


def test_promised_days_as_the_rule_says_give_no_finding(catalogue: Catalogue) -> None:
    assert check_due_dates(dossiers(("H-1", GUARDIAN, "2021-09-01", "2021-09-08")), catalogue) == ()
    assert check_due_dates(dossiers(), catalogue) == ()


def test_late_days_of_a_population_run_to_the_end_or_to_the_closing_day(catalogue: Catalogue) -> None:
    states = ["late", "overdue", "early", "within", "paused", "late", "on_time", "refused"]
    due = [date(2021, 9, 1)] * 6 + [None, date(2021, 9, 1)]
    ended = [date(2021, 9, 7), None, date(2021, 8, 30), None, None, None, date(2021, 9, 1), None]
    population = pa.table(
        {
            "state": pa.array(states),
            "due_date": pa.array(due, pa.date32()),
            "resolved_date": pa.array(ended, pa.date32()),
            "returned_date": pa.array([None] * 8, pa.date32()),
        }
    )
    assert late_days(population, date(2021, 9, 14), catalogue).to_pylist() == [
        2, 7, 0, 0, None, None, None, None,
    ]  # fmt: skip
