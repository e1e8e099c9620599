"""What comes after a published period was closed: it stays out and the level above is told, once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.session import Session
from pipelines.steps.closed import LOOKED_BACK, find_late_deliveries
from pipelines.steps.periods import find_unit_period, reopen_periods
from tests.support.published import (
    FIRST_LIST,
    FIRST_NAME,
    LATER_LIST,
    LATER_NAME,
    PERIOD,
    UNIT,
    open_at,
    order,
    publish,
    take_in,
)

CLOSED = date(2021, 9, 17)
"""The day after the deadline of the nine months."""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A commune's first list, published on 15 September; it is the evening of that day."""
    first = open_at(tmp_path / "w")
    take_in(first, FIRST_NAME, FIRST_LIST)
    publish(first, order(formats=("json",)))
    return open_at(tmp_path / "w", datetime(2021, 9, 15, 12, tzinfo=UTC))


def found(session: Session, day: date = CLOSED) -> list[tuple[str, str, dict[str, str | int]]]:
    return [(f.code, f.unit_code, dict(f.params)) for f in find_late_deliveries(session, day)]


def test_list_that_comes_after_closing_is_a_note_with_the_cells_that_moved(session: Session) -> None:
    take_in(session, LATER_NAME, LATER_LIST)
    ((code, unit, params),) = found(session)
    assert (code, unit, params["period"]) == ("period.closed.late_delivery", UNIT, PERIOD)
    assert params["state"] == "đã khóa từ ngày 17/9/2021, theo hạn gửi"
    assert isinstance(params["cells"], int)
    assert params["cells"] > 5


def test_nothing_is_told_where_nothing_came_or_what_came_changes_no_figure(session: Session) -> None:
    assert found(session) == []
    take_in(session, LATER_NAME, FIRST_LIST)
    assert found(session) == []


def test_open_and_reopened_periods_and_old_ones_are_left_alone(session: Session) -> None:
    take_in(session, LATER_NAME, LATER_LIST)
    assert found(session, date(2021, 9, 16)) == [], "on the last day the period is still open"
    assert found(session, date(2021, 9, 14) + LOOKED_BACK) != []
    assert found(session, date(2021, 9, 15) + LOOKED_BACK) == []
    target = find_unit_period(session, UNIT, PERIOD, None)
    reopen_periods(session, [target], CLOSED, "Xã gửi bổ sung", "Chuyên viên huyện")
    assert found(session) == []


def test_publication_that_was_changed_on_disk_spoils_no_night(session: Session) -> None:
    take_in(session, LATER_NAME, LATER_LIST)
    (cells,) = session.workspace.publications.rglob("1/cells.parquet")
    cells.chmod(0o600)
    cells.write_bytes(b"")
    assert found(session) == []
