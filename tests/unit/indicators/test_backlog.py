"""Open dossiers by age, overdue ones by lateness: every open dossier stands in one band."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from transforms.calendar.work_calendar import build_calendar
from transforms.indicators.backlog import AGE, LATENESS, UNKNOWN, count_backlog, parse_band

CLOSING = date(2021, 9, 3)  # a Friday
CALENDAR = build_calendar(())


def population(*rows: tuple[str, str | None, date | None, date | None]) -> pa.Table:
    names = ("unit_code", "placed_as", "received_date", "due_date")
    types = (pa.string(), pa.string(), pa.date32(), pa.date32())
    return pa.table({name: pa.array([row[at] for row in rows], types[at]) for at, name in enumerate(names)})


def test_open_dossiers_stand_in_the_band_of_their_working_days() -> None:
    rows = population(
        ("16204", "pending_within", date(2021, 8, 27), date(2021, 9, 9)),  # 5 working days
        ("16204", "pending_within", date(2021, 8, 26), date(2021, 9, 9)),  # 6
        ("16204", "pending_overdue", date(2021, 5, 3), date(2021, 9, 2)),  # 88, one day late
        ("16204", "early", date(2021, 5, 3), date(2021, 9, 2)),
        ("16204", None, date(2021, 5, 3), date(2021, 9, 2)),
        ("16210", "pending_overdue", date(2021, 9, 3), date(2021, 7, 1)),  # 46 days late
    )
    assert count_backlog(rows, CLOSING, CALENDAR) == {
        (AGE, "0-5", "pending_within", "16204"): 1,
        (AGE, "6-10", "pending_within", "16204"): 1,
        (AGE, "61-", "pending_overdue", "16204"): 1,
        (AGE, "0-5", "pending_overdue", "16210"): 1,
        (LATENESS, "0-5", "pending_overdue", "16204"): 1,
        (LATENESS, "31-", "pending_overdue", "16210"): 1,
    }


def test_dossier_without_a_day_is_not_lost() -> None:
    rows = population(("16204", "pending_within", None, None))
    assert count_backlog(rows, CLOSING, CALENDAR) == {(AGE, UNKNOWN, "pending_within", "16204"): 1}


def test_first_part_of_an_id_names_a_band_or_nothing() -> None:
    assert parse_band("age.6-10") == (AGE, "6-10")
    assert parse_band("overdue.31-") == (LATENESS, "31-")
    assert parse_band("overdue.6-11") is None
    assert parse_band("rate") is None
