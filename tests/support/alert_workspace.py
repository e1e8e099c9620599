"""A workspace whose findings are written by hand, night by night, for tests of messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa

from expectations.messages import Messages
from pipelines.clock import VIETNAM, FixedClock
from pipelines.notify.alert_outbox import write_alerts
from pipelines.notify.sending import Round, read_alerts, send_pending
from pipelines.session import Session
from pipelines.steps.open_findings import open_findings
from transforms.catalogue.model import Catalogue
from transforms.schema.tables import DECISION, FINDING

UNIT, OTHER = "16204", "16174"
HEADER = "Mã đơn vị,Mã quy tắc,Cấp nhận,Người nhận,Kênh,Ngày nghỉ,Báo tiếp cho,Sau số ngày làm việc\n"
MONDAY = date(2021, 9, 6)


@dataclass(frozen=True, slots=True)
class Said:
    """One finding as a test speaks of it."""

    name: str
    unit: str = UNIT
    severity: str = "warning"
    audience: str = "unit"
    count: int = 3
    code: str = "dossier.due_date.missing"


class AlertWorkspace:
    """Findings in, messages out; every call of ``night`` is one run on one day."""

    def __init__(self, root: Path, owners: str, settings: str = "") -> None:
        root.mkdir(parents=True, exist_ok=True)
        (root / "motcua.toml").write_text(settings, encoding="utf-8")
        self.root = root
        self.session = self.at(datetime.combine(MONDAY, time(1, 30), VIETNAM))
        self.session.workspace.create()
        self.write_owners(owners)
        self.run_count = 0

    def at(self, instant: datetime) -> Session:
        """A session at that instant."""
        session = Session(self.root, FixedClock(instant.astimezone(UTC)))
        # The same for every night and every test of messages, and slow to load.
        session.catalogue, session.messages = _packaged()
        return session

    def write_owners(self, lines: str) -> None:
        """Put these lines, without a header, into owners.csv."""
        (self.root / "catalogue" / "owners.csv").write_text(HEADER + lines, encoding="utf-8")

    def record(self, day: date, *said: Said) -> None:
        """Make the store say that exactly these findings are open from that night on."""
        store = self.session.store
        before = {row["finding_id"]: row for row in store.findings().to_pylist() if row["state"] == "open"}
        now = {item.name: item for item in said}
        instant = store.next_instants(datetime.combine(day, time(1, 30), VIETNAM), 1)[0]
        rows = [finding_row(item, instant) for item in now.values()]
        rows += [
            {**row, "state": "fixed", "known_from": instant}
            for name, row in before.items()
            if name not in now
        ]
        store.append(FINDING, pa.Table.from_pylist(rows, schema=FINDING.arrow_schema()))

    def explain(self, day: date, said: Said) -> None:
        """Make the store hold an explanation of every row of that finding."""
        instant = self.session.store.next_instants(datetime.combine(day, time(2), VIETNAM), 1)[0]
        rows = [
            {
                "decision_id": f"{said.name}{number}",
                "kind": "explanation",
                "unit_code": said.unit,
                "rule_code": said.code,
                "column_name": "due_date",
                "subject": subject_of(said, number),
                "author": "Công chức một cửa",
                "reason": "Thủ tục không quy định thời hạn",
                "source": "tệp trả lại",
                "decided_on": day,
                "known_from": instant,
            }
            for number in range(1, said.count + 1)
        ]
        self.session.store.append(DECISION, pa.Table.from_pylist(rows, schema=DECISION.arrow_schema()))

    def write(self, day: date, environment: Mapping[str, str] | None = None, **more: object) -> int:
        """What a run of that day writes to be sent."""
        session = self.at(datetime.combine(day, time(1, 40), VIETNAM))
        self.run_count += 1
        found = open_findings(session.store, day=day)
        workbooks = tuple(more.get("workbooks", ()))  # type: ignore[call-overload]
        return write_alerts(session, f"run-{self.run_count}", day, found, workbooks, environment)

    def send(self, day: date, environment: Mapping[str, str] | None = None, minutes: int = 0) -> Round:
        """One round of sending, so many minutes after the night."""
        moment = datetime.combine(day, time(2), VIETNAM) + timedelta(minutes=minutes)
        return send_pending(self.at(moment), environment)

    def night(self, day: date, *said: Said, environment: Mapping[str, str] | None = None) -> Round:
        """Findings, messages and sending of one night."""
        self.record(day, *said)
        self.write(day, environment)
        return self.send(day, environment)

    def told(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """(day, kind, recipient, changes as "kind name") of every message in the order of writing."""
        return [
            (
                f"{alert['day']:%d/%m}",
                alert["kind"],
                alert["recipient"],
                tuple(f"{entry['change']} {entry['finding_id']}" for entry in alert["entries"]),
            )
            for alert in read_alerts(self.session.store)
        ]


@cache
def _packaged() -> tuple[Catalogue, Messages]:
    session = Session(Path("khong-co"), FixedClock(datetime(2021, 9, 6, tzinfo=UTC)))
    return session.catalogue, session.messages


def finding_row(said: Said, instant: datetime) -> dict[str, object]:
    """A line of the findings table."""
    return {
        "finding_id": said.name,
        "code": said.code,
        "state": "open",
        "severity": said.severity,
        "audience": said.audience,
        "unit_code": said.unit,
        "period_id": "",
        "kind": "dossier",
        "file": "thang-8.xls",
        "column_name": "due_date",
        "count": said.count,
        "sentence": f"Có {said.count} hồ sơ không có ngày hẹn trả (dòng 12).",
        "remedy": "Hãy bổ sung ngày hẹn trả trong phần mềm một cửa.",
        "places": [
            {"sheet": "", "row": 11 + number, "subject": subject_of(said, number), "value": "Người Mẫu 0001", "file": ""}
            for number in range(1, said.count + 1)
        ],
        "delivery_id": "",
        "run_id": "run",
        "known_from": instant,
    }  # fmt: skip


def subject_of(said: Said, number: int) -> str:
    """The dossier code of the finding's n-th row."""
    return f"000.09.42.H56-2108{number:02d}-{said.name[-4:].zfill(4)}"


def worse(said: Said, count: int) -> Said:
    """The same finding with another number of rows."""
    return replace(said, count=count)
