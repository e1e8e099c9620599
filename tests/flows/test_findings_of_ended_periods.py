"""What is found about a period stays with it when the night turns to the next one, and ends when it is mended."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from pipelines.clock import VIETNAM
from pipelines.notify.sending import read_alerts, send_pending
from pipelines.session import Session
from pipelines.steps.open_findings import open_findings
from tests.support.alert_workspace import HEADER
from tests.support.plain_night import open_session, run_plain_night
from tests.support.sent_back import UNIT, dossier_list, send

CODE = "indicator.channel.unknown"
LAST_DAY, NEXT_DAY = date(2021, 9, 14), date(2021, 9, 15)
"""Under the decree September and the nine months end on the 14th."""
LIST = """
| Mã hồ sơ | Ngày nộp   | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Hình thức nộp |
| 20-0001  | 20/08/2021 | 20/08/2021     | 23/08/2021   | 23/08/2021          | 23/08/2021       | {channel}     |
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    session = open_session(tmp_path / "w")
    owners = f"{UNIT},*,đơn vị,Một cửa,file://xa,,,\n"
    (session.workspace.catalogue / "owners.csv").write_text(HEADER + owners, encoding="utf-8")
    return session.workspace.root


def night(root: Path, day: date, **files: bytes) -> Session:
    session = open_session(root, datetime.combine(day, time(1, 30), VIETNAM))
    for name, content in files.items():
        send(session, f"{name}.csv", content)
    run_plain_night(session, session.workspace.inbox, day, set())
    send_pending(session)
    return session


def open_periods(session: Session, day: date) -> set[str]:
    return {finding.period_id for finding in open_findings(session.store, day=day) if finding.code == CODE}


def told(session: Session) -> list[str]:
    return [
        e["change"] for alert in read_alerts(session.store) for e in alert["entries"] if e["code"] == CODE
    ]


def test_end_of_a_period_is_not_told_as_a_fix_and_a_later_mending_is(root: Path) -> None:
    session = night(root, LAST_DAY, ho_so_14_09_2021=dossier_list(LIST.format(channel="-")))
    assert open_periods(session, LAST_DAY) == {"2021-09", "2021-9T", "2021"}
    session = night(root, NEXT_DAY)
    assert open_periods(session, NEXT_DAY) == {"2021-09", "2021-9T", "2021"}
    assert told(session) == ["new"] * 3
    later = date(2021, 9, 16)
    session = night(root, later, ho_so_16_09_2021=dossier_list(LIST.format(channel="Trực tiếp")))
    assert open_periods(session, later) == set()
    assert told(session) == ["new"] * 3 + ["fixed"] * 3
