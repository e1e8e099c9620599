"""The outbox of messages, sending side: each attempt on record, nothing sent twice.

Before a message is sent a row "sending" of ``alert_attempts`` says so, after it another one says what came of
it. A message whose last row is "sending" was being sent when the process died: nobody knows whether it went
out, so it is sent again under the same id (Message-ID of a letter, ``alert_id`` of a web hook, name of a
file), and the receiving side can drop the copy. That is the only way in which a message may arrive twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.notify.channels import Channel, ChannelError, Message, Outcome, deliver, open_channel
from pipelines.notify.told import FAILED, GIVEN_UP, SENDING, SENT, Standing, find_standing
from pipelines.session import Session
from pipelines.store import Store
from pipelines.workspace import make_private
from transforms.schema.tables import ALERT, ALERT_ATTEMPT

_JOURNAL, _LOCK = ".dang-gui.jsonl", ".khoa"
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=20)
"""Wait after the first failure, four times longer after each further one; never so long that a night is skipped."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending did."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0
    """Messages that failed before and whose next attempt is not due yet."""


def send_pending(
    session: Session, environment: Mapping[str, str] | None = None, wait_seconds: float = 0
) -> Round:
    """Try every message that is due once, the oldest first; nothing while another process is sending.

    A failure is tried again after 5 minutes, 20, 80 and so on up to 20 hours, and given up after the
    workspace's ``alert_attempts``; what was given up is told again with the next digest. Needs no lock of
    the workspace: sending may take minutes and must not keep a night from starting.
    """
    if not read_alerts(session.store):
        return Round()
    with sending_lock(session.workspace.alerts, wait_seconds) as is_held:
        return _send_due(session, environment) if is_held else Round()


@contextmanager
def sending_lock(folder: Path, wait_seconds: float) -> Iterator[bool]:
    """True for the only process that sends or decides about what waits; False when another one still does."""
    make_private(folder)
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + wait_seconds
        while not (is_held := _locked(handle)) and time.monotonic() < deadline:
            time.sleep(0.2)
        yield is_held
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _send_due(session: Session, environment: Mapping[str, str] | None) -> Round:
    store, journal = session.store, session.workspace.alerts / _JOURNAL
    _recover(store, journal, session.clock.now())
    standing = find_standing(store.read(ALERT_ATTEMPT).to_pylist())
    pending = [a for a in read_alerts(store) if not standing.get(a["alert_id"], Standing()).is_final]
    now = session.clock.now()
    due = [alert for alert in pending if _is_due(standing.get(alert["alert_id"]), now)]
    if not due:
        return Round(waiting=len(pending))
    numbers = {a["alert_id"]: standing.get(a["alert_id"], Standing()).attempt + 1 for a in due}
    append_attempts(store, [attempt_row(i, number, SENDING) for i, number in numbers.items()], now)
    sender = _Sender(session.workspace.alerts, environment)
    outcomes: list[dict[str, Any]] = []
    try:
        for alert in due:
            identity = alert["alert_id"]
            outcome = sender.send(alert, now)
            state = SENT if outcome.is_sent else FAILED
            if state == FAILED and numbers[identity] >= session.settings.alert_attempts:
                state = GIVEN_UP
            outcomes.append(attempt_row(identity, numbers[identity], state, outcome.reason))
            # On disk at once: a process that dies now must not send it again.
            _note(journal, outcomes[-1])
    finally:
        append_attempts(store, outcomes, session.clock.now())
        journal.unlink(missing_ok=True)
    counts = {state: sum(o["state"] == state for o in outcomes) for state in (SENT, FAILED, GIVEN_UP)}
    return Round(counts[SENT], counts[FAILED], counts[GIVEN_UP], len(pending) - len(due))


def read_alerts(store: Store) -> list[dict[str, Any]]:
    """Every message in the order of writing."""
    rows = store.read(ALERT).sort_by([("known_from", "ascending"), ("alert_id", "ascending")])
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def attempt_row(identity: str, number: int, state: str, reason: str = "") -> dict[str, Any]:
    """A line of ``alert_attempts`` without its instant."""
    return {"alert_id": identity, "attempt": number, "state": state, "reason": reason or None}


def append_attempts(store: Store, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Put the lines on record; nothing happens for none. The caller holds the lock of sending."""
    if rows:
        stamped = [{**row, "known_from": now} for row in rows]
        store.append(ALERT_ATTEMPT, pa.Table.from_pylist(stamped, schema=ALERT_ATTEMPT.arrow_schema()))


class _Sender:
    """One round: channels are opened once, and a server that does not answer is not asked again."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None) -> None:
        self._folder = folder
        self._environment = environment
        self._channels: dict[str, Channel | ChannelError] = {}
        self._dead: dict[str, str] = {}

    def send(self, alert: Mapping[str, Any], now: datetime) -> Outcome:
        """One attempt."""
        ref = alert["channel"]
        if ref not in self._channels:
            try:
                self._channels[ref] = open_channel(ref, self._environment)
            except ChannelError as problem:
                self._channels[ref] = problem
        channel = self._channels[ref]
        if isinstance(channel, ChannelError):
            return Outcome(False, channel.reason)
        server = _server(channel)
        if server in self._dead:
            return Outcome(False, self._dead[server])
        message = Message(
            alert["alert_id"], alert["recipient"], alert["title"], alert["body_text"], alert["body_html"], now
        )
        outcome = deliver(channel, message, self._folder)
        if outcome.server:
            self._dead[outcome.server] = outcome.reason
        return outcome


def _server(channel: Channel) -> str:
    return f"{channel.plugin.smtp_host}:{channel.plugin.port}" if channel.is_mail else channel.ref


def _is_due(standing: Standing | None, now: datetime) -> bool:
    if standing is None or standing.state == SENDING:
        return True
    wait = min(_FIRST_WAIT * 4 ** (standing.attempt - 1), _LONGEST_WAIT)
    return bool(standing.at + wait <= now)


def _note(journal: Path, row: Mapping[str, Any]) -> None:
    make_private(journal.parent)
    handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, (json.dumps(dict(row)) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _recover(store: Store, journal: Path, now: datetime) -> None:
    """Put on record what a round that died had sent already."""
    if not journal.exists():
        return
    known = {(row["alert_id"], row["attempt"], row["state"]) for row in store.read(ALERT_ATTEMPT).to_pylist()}
    rows = []
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:  # the line that was being written when the power went
            continue
        if (row["alert_id"], row["attempt"], row["state"]) not in known:
            rows.append(row)
    append_attempts(store, rows, now)
    journal.unlink()
