"""The digest says what falls due soon when it is sent anyway; that never causes a message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.notify import alert_outbox
from pipelines.notify.sending import read_alerts
from pipelines.session import Session
from tests.support.alert_workspace import MONDAY, OTHER, UNIT, AlertWorkspace, Said
from transforms.indicators.due_soon import DueCounts

OWNERS = (
    f"{UNIT},*,đơn vị,Một cửa Bình Lương,file://binh-luong,,,\n"
    f"{OTHER},*,đơn vị,Một cửa Yên Cát,file://yen-cat,,,\n"
    "402,*,cấp trên,Phòng Nội vụ,file://noi-vu,,,\n"
)
LINE = "Hạn trả kết quả: 2 hồ sơ đang quá hạn; đến hạn trong 1 ngày làm việc: 0, trong 3 ngày: 1, trong 7 ngày: 4."
DUE = {UNIT: DueCounts(2, 0, 1, 4), OTHER: DueCounts()}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The units whose due dossiers were counted, call by call."""
    calls: list[set[str]] = []

    def counts(_: Session, units: Collection[str], __: date) -> dict[str, DueCounts]:
        calls.append(set(units))
        return {unit: DUE[unit] for unit in units}

    monkeypatch.setattr(alert_outbox, "read_due_counts", counts)
    return calls


def bodies(space: AlertWorkspace) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (alert["recipient"], alert["kind"]): (alert["body_text"], alert["body_html"])
        for alert in read_alerts(space.session.store)
    }


def test_digest_to_the_unit_itself_carries_the_line_and_others_do_not(
    tmp_path: Path, asked: list[set[str]]
) -> None:
    space = AlertWorkspace(tmp_path / "w", OWNERS)
    space.record(
        MONDAY, Said("a"), Said("b", OTHER), Said("c", audience="parent"), Said("d", severity="critical")
    )
    space.write(MONDAY)
    told = bodies(space)
    assert all(LINE in body for body in told["Một cửa Bình Lương", "digest"])
    without = {key for key, parts in told.items() if not any("Hạn trả kết quả" in body for body in parts)}
    assert without == set(told) - {("Một cửa Bình Lương", "digest")}
    assert ("Một cửa Bình Lương", "critical") in without
    assert ("Một cửa Yên Cát", "digest") in without
    assert asked == [{UNIT, OTHER}]


def test_day_without_changes_sends_nothing_however_much_falls_due(
    tmp_path: Path, asked: list[set[str]]
) -> None:
    space = AlertWorkspace(tmp_path / "w", OWNERS)
    space.record(MONDAY, Said("a"))
    assert space.write(MONDAY) == 1
    space.send(MONDAY)
    assert space.write(MONDAY + timedelta(days=1)) == 0
    assert asked == [{UNIT}, set()]
