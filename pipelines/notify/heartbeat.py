"""When nights stay away: what counts as a good one, and telling IT without needing store or night.

What says that nothing runs must not depend on what does not run: it reads the folders of the runs and the
owners file, sends at once, and remembers in one small file what was told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipelines.clock import VIETNAM, Clock
from pipelines.durable import write_whole
from pipelines.errors import UserError
from pipelines.notify.channels import ChannelError, Message, deliver, open_channel
from pipelines.notify.owners import Recipient
from pipelines.notify.wording import word_heartbeat
from pipelines.session import Session
from pipelines.workspace import Workspace, make_private
from transforms.calendar.work_calendar import WorkCalendar, build_calendar
from transforms.catalogue.owners import OWNERS_FILE, OwnerRow, parse_owners
from transforms.catalogue.problems import Problems

GOOD_FOR = timedelta(hours=26)
"""A night over 26 hours old means that the last scheduled one was missed."""
_MEMORY = "nhip.json"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last good night, seen from now."""

    last: datetime | None
    is_good: bool


def read_heartbeat(runs: Path, now: datetime) -> Heartbeat:
    """Whether a night ended well within 26 hours; runs whose index cannot be read are no good nights."""
    last = find_last_good_night(runs)
    return Heartbeat(last, last is not None and now - last <= GOOD_FOR)


def find_last_good_night(runs: Path) -> datetime | None:
    """When the last night that succeeded ended; None when there was none."""
    ended: list[datetime] = []
    for index in runs.glob("*-nightly*/index.json"):
        try:
            content = json.loads(index.read_text(encoding="utf-8"))
            if content.get("state") == "success":
                ended.append(datetime.fromisoformat(content["ended_at"]))
        except (OSError, ValueError, KeyError, AttributeError):
            continue
    return max(ended, default=None)


def tell_missing_night(
    root: Path, clock: Clock, environment: Mapping[str, str] | None = None
) -> tuple[Recipient, ...]:
    """Who of IT was told now that the last good night is over 26 hours old; nobody while it is not.

    Each is told once a working day until a night ends well; on days off only rows marked "ngay" are. A
    catalogue, store or settings file that cannot be read does not matter. Never raises for a channel.
    """
    workspace, now = Workspace(root), clock.now()
    beat, day = read_heartbeat(workspace.runs, now), now.astimezone(VIETNAM).date()
    memory = workspace.alerts / _MEMORY
    if beat.is_good:
        memory.unlink(missing_ok=True)
        return ()
    since = beat.last.isoformat() if beat.last else ""
    told = _read_memory(memory, since, day)
    is_quiet = not _calendar(root, clock).is_working_day(day)
    told_now: list[Recipient] = []
    for row in _it_rows(workspace.catalogue / OWNERS_FILE):
        if is_quiet and not row.is_urgent:
            continue
        for recipient in (Recipient(row.recipient, ref) for ref in row.channels):
            key = f"{recipient.name} · {recipient.channel}"
            if key not in told and _send(recipient, beat, workspace, now, day, environment):
                told.append(key)
                told_now.append(recipient)
                _write_memory(memory, since, day, told)
    return tuple(told_now)


def _send(
    recipient: Recipient,
    beat: Heartbeat,
    workspace: Workspace,
    now: datetime,
    day: date,
    environment: Mapping[str, str] | None,
) -> bool:
    last = f"{beat.last.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if beat.last else ""
    hours = int(GOOD_FOR.total_seconds()) // 3600
    wording = word_heartbeat(recipient.name, last, hours, str(workspace.root))
    identity = hashlib.sha256(f"{recipient.name}\n{recipient.channel}\n{last}\n{day}".encode()).hexdigest()[
        :16
    ]
    message = Message(identity, recipient.name, wording.title, wording.text, wording.html, now)
    try:
        channel = open_channel(recipient.channel, environment)
    except ChannelError:
        return False
    return deliver(channel, message, workspace.alerts).is_sent


def _it_rows(path: Path) -> tuple[OwnerRow, ...]:
    """Rows for IT; units and rules are not compared with anything: the catalogue may be what is broken."""
    if not path.is_file():
        return ()
    problems = Problems()
    rows = parse_owners(path.read_bytes(), path.name, None, None, problems)
    return tuple(dict.fromkeys(row for row in rows if row.audience == "it"))


def _calendar(root: Path, clock: Clock) -> WorkCalendar:
    try:
        return build_calendar(Session(root, clock).catalogue.days_off)
    except (UserError, OSError):
        return build_calendar(())


def _read_memory(memory: Path, since: str, day: date) -> list[str]:
    try:
        content = json.loads(memory.read_text(encoding="utf-8"))
        if (content["since"], content["day"]) == (since, day.isoformat()):
            return [str(name) for name in content["told"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return []


def _write_memory(memory: Path, since: str, day: date, told: list[str]) -> None:
    """A disk that takes nothing more costs a second message, not the first one."""
    content = {"since": since, "day": day.isoformat(), "told": told}
    try:
        make_private(memory.parent)
        write_whole(memory, json.dumps(content, ensure_ascii=False).encode())
    except OSError:
        return
