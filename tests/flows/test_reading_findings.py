"""What was found while a file was read: the same finding when the mistake comes again, open until it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from pipelines.clock import VIETNAM
from pipelines.notify.sending import read_alerts, send_pending
from pipelines.session import Session
from pipelines.steps.open_findings import open_findings
from tests.support.alert_workspace import HEADER
from tests.support.plain_night import open_session, run_plain_night
from tests.support.sent_back import UNIT, Clerk, dossier_list, send

MONDAY = date(2021, 9, 6)
NO_CODE = "dossier.code.missing"
GOOD = "| Mã hồ sơ | Ngày hẹn trả |\n| 02-0001 | 03/08/2021 |\n"
BAD = GOOD + "| - | 04/08/2021 |\n"
WORSE = BAD + "| - | 05/08/2021 |\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    session = open_session(tmp_path / "w")
    owners = f"{UNIT},*,đơn vị,Một cửa,file://xa,,,\n"
    (session.workspace.catalogue / "owners.csv").write_text(HEADER + owners, encoding="utf-8")
    return session.workspace.root


def night(root: Path, number: int, files: Mapping[str, str | bytes]) -> Session:
    """One night some days after the Monday, with these files put beside the others."""
    day = MONDAY + timedelta(days=number)
    session = open_session(root, datetime.combine(day, time(1, 30), VIETNAM))
    for name, text in files.items():
        # The same bytes under another name would be no new export.
        own = f"| 03-{len(name):02}{number:02} | 04/08/2021 |\n"
        send(session, name, dossier_list(text + own) if isinstance(text, str) else text)
    run_plain_night(session, session.workspace.inbox, day, set())
    send_pending(session)
    return session


def without_code(session: Session) -> list[tuple[str, int, str]]:
    """(state, rows, file) of every finding about rows without a code."""
    return [
        (row["state"], row["count"], row["file"])
        for row in session.store.findings().sort_by("file").to_pylist()
        if row["code"] == NO_CODE
    ]


def told(session: Session) -> list[tuple[str, str]]:
    """(kind of message, change) about rows without a code, in order."""
    return [
        (alert["kind"], entry["change"])
        for alert in read_alerts(session.store)
        for entry in alert["entries"]
        if entry["code"] == NO_CODE
    ]


def test_mistake_that_the_next_export_repeats_is_the_same_finding_and_told_once(root: Path) -> None:
    night(root, 0, {"ho_so_05-09-2021.csv": BAD})
    session = night(root, 1, {"ho_so_06-09-2021.csv": BAD})
    assert without_code(session) == [("open", 1, "ho_so_06-09-2021.csv")]
    assert without_code(night(root, 1, {})) == without_code(session)
    session = night(root, 2, {"ho_so_07-09-2021.csv": WORSE})
    assert without_code(session) == [("open", 2, "ho_so_07-09-2021.csv")]
    session = night(root, 3, {"ho_so_08-09-2021.csv": GOOD})
    assert [state for state, *_ in without_code(session)] == ["fixed"]
    assert told(session) == [("critical", "new"), ("digest", "worse"), ("digest", "fixed")]


def test_row_explained_in_the_returned_workbook_is_told_as_explained_not_as_fixed_and_new(root: Path) -> None:
    session = night(root, 0, {"ho_so_05-09-2021.csv": BAD})
    clerk = Clerk(session)
    clerk.explain(NO_CODE, "Dòng trống do phần mềm sinh ra", "Công chức một cửa")
    session = night(root, 1, {clerk.name: clerk.content()})
    assert told(session) == [("critical", "new"), ("digest", "explained")]
    (finding,) = (f for f in open_findings(session.store, day=MONDAY) if f.code == NO_CODE)
    assert finding.is_explained


def test_parts_of_one_list_sent_together_stay_open_side_by_side(root: Path) -> None:
    session = night(root, 0, {"ho_so_phan_1_05-09-2021.csv": BAD, "ho_so_phan_02_05-09-2021.csv": WORSE})
    first = without_code(session)
    assert [(state, count) for state, count, _ in first] == [("open", 2), ("open", 1)]
    session = night(root, 1, {})
    assert without_code(session) == first
    assert told(session) == [("critical", "new"), ("critical", "new")]


def test_list_of_an_earlier_day_is_not_told_beside_a_later_one_of_the_same_night(root: Path) -> None:
    session = night(root, 0, {"ho_so_27-08-2021.csv": WORSE, "ho_so_05-09-2021.csv": BAD})
    assert without_code(session) == [("open", 1, "ho_so_05-09-2021.csv")]


def test_list_of_an_earlier_day_that_comes_later_stays_open_until_the_next_export(root: Path) -> None:
    night(root, 0, {"ho_so_05-09-2021.csv": GOOD})
    night(root, 1, {"ho_so_27-08-2021.csv": BAD})
    session = night(root, 2, {})
    assert without_code(session) == [("open", 1, "ho_so_27-08-2021.csv")]
    session = night(root, 3, {"ho_so_08-09-2021.csv": GOOD})
    assert told(session) == [("critical", "new"), ("digest", "fixed")]
