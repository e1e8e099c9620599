"""Open until the deadline, then closed, until someone reopens it; and what a closed period refuses to notice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from transforms.catalogue.model import Catalogue
from transforms.indicators.closing import (
    PeriodDecision,
    PeriodState,
    Standing,
    check_closed_draft,
    period_state,
    state_words,
)
from transforms.indicators.period import parse_period

PERIOD = parse_period("2021-09")


def decided(
    kind: str,
    day: str,
    until: str | None = None,
    unit: str = "16204",
    basis: str = "nd09",
    period: str = "2021-09",
) -> PeriodDecision:
    made = date.fromisoformat(day)
    known = datetime(made.year, made.month, made.day, 9, tzinfo=UTC)
    last = date.fromisoformat(until) if until else None
    return PeriodDecision(
        kind, unit, period, basis, "chuyên viên huyện", "số liệu gửi muộn", made, known, last
    )


def state(catalogue: Catalogue, as_of: str, *decisions: PeriodDecision, basis: str = "nd09") -> PeriodState:
    return period_state(
        catalogue.unit("16204"), PERIOD, basis, date.fromisoformat(as_of), decisions, catalogue
    )


CLOSE, REOPEN = "closing", "reopening"


@pytest.mark.parametrize(
    ("as_of", "decisions", "words"),
    [
        pytest.param("2021-09-16", (), "đang mở", id="on the deadline itself"),
        pytest.param("2021-09-17", (), "đã khóa từ ngày 17/9/2021, theo hạn gửi", id="after the deadline"),
        pytest.param(
            "2021-09-10", (decided(CLOSE, "2021-09-08"),),
            "đã khóa từ ngày 08/9/2021, người quyết định: chuyên viên huyện", id="closed before the deadline",
        ),
        pytest.param(
            "2021-09-20", (decided(REOPEN, "2021-09-18"),),
            "đã mở lại từ ngày 18/9/2021, người quyết định: chuyên viên huyện", id="reopened",
        ),
        pytest.param(
            "2021-09-22", (decided(REOPEN, "2021-09-18"), decided(CLOSE, "2021-09-21")),
            "đã khóa từ ngày 21/9/2021, người quyết định: chuyên viên huyện", id="closed again",
        ),
        pytest.param(
            "2021-09-25", (decided(CLOSE, "2021-09-21"), decided(REOPEN, "2021-09-18")),
            "đã khóa từ ngày 21/9/2021, người quyết định: chuyên viên huyện", id="order of the lines does not matter",
        ),
        pytest.param(
            "2021-09-20", (decided(REOPEN, "2021-09-18", "2021-09-20"),),
            "đã mở lại từ ngày 18/9/2021 đến hết ngày 20/9/2021, người quyết định: chuyên viên huyện",
            id="last day of a reopening",
        ),
        pytest.param(
            "2021-09-21", (decided(REOPEN, "2021-09-18", "2021-09-20"),),
            "đã khóa từ ngày 21/9/2021, người quyết định: chuyên viên huyện", id="day after it",
        ),
        pytest.param(
            "2021-09-20", (decided(REOPEN, "2021-09-18", unit="16207"), decided(REOPEN, "2021-09-18", basis="lich"),
            decided(REOPEN, "2021-09-18", period="2021-9T")),
            "đã khóa từ ngày 17/9/2021, theo hạn gửi", id="decisions about others",
        ),
    ],
)  # fmt: skip
def test_state_follows_the_newest_decision_else_the_deadline(
    catalogue: Catalogue, as_of: str, decisions: tuple[PeriodDecision, ...], words: str
) -> None:
    assert state_words(state(catalogue, as_of, *decisions)) == words


def test_without_a_deadline_only_a_decision_closes(catalogue: Catalogue) -> None:
    assert state(catalogue, "2026-01-01", basis="lich").standing is Standing.OPEN
    closed = state(catalogue, "2026-01-01", decided(CLOSE, "2021-10-02", basis="lich"), basis="lich")
    assert closed.is_closed
    assert closed.deadline is None


def test_reopened_period_takes_publications_and_keeps_its_deadline(catalogue: Catalogue) -> None:
    reopened = state(catalogue, "2021-09-20", decided(REOPEN, "2021-09-18"))
    assert not reopened.is_closed
    assert reopened.reason == "số liệu gửi muộn"
    assert reopened.deadline is not None
    assert reopened.deadline.day == date(2021, 9, 16)


def test_draft_of_a_closed_period_that_moved_is_a_note_to_the_parent(catalogue: Catalogue) -> None:
    published = {("received_total", "16204", "*"): 10, ("late", "16204", "*"): 0, ("early", "16204", "*"): 4}
    drafted = {("received_total", "16204", "*"): 12, ("late", "16204", "*"): 0, ("on_time", "16204", "*"): 1}
    unit, closed = catalogue.unit("16204"), state(catalogue, "2021-09-20")
    finding = check_closed_draft(unit, PERIOD, closed, published, drafted)
    assert finding is not None
    assert (finding.code, finding.unit_code) == ("period.closed.late_delivery", "16204")
    assert dict(finding.params) == {
        "period": "2021-09", "cells": 3, "state": "đã khóa từ ngày 17/9/2021, theo hạn gửi",
    }  # fmt: skip


def test_draft_that_did_not_move_or_of_an_open_period_is_no_finding(catalogue: Catalogue) -> None:
    cells = {("received_total", "16204", "*"): 10}
    unit = catalogue.unit("16204")
    assert check_closed_draft(unit, PERIOD, state(catalogue, "2021-09-20"), cells, dict(cells)) is None
    for still_open in (
        state(catalogue, "2021-09-16"),
        state(catalogue, "2021-09-20", decided(REOPEN, "2021-09-18")),
    ):
        assert check_closed_draft(unit, PERIOD, still_open, cells, {}) is None
