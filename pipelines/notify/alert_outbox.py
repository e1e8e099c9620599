"""The outbox of messages, writing side: what is to be sent becomes rows of the store before the run ends."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.notify.channels import channel_problem
from pipelines.notify.digest import Day, PlannedAlert, plan_alerts
from pipelines.notify.owners import Owners, Recipient, open_owners
from pipelines.notify.sending import append_attempts, attempt_row, read_alerts, sending_lock
from pipelines.notify.told import (
    DIGEST,
    FAILED,
    GIVEN_UP,
    SUPERSEDED,
    Standing,
    build_entry,
    build_told,
    find_standing,
)
from pipelines.notify.wording import SHOWN_SUBJECTS, Facts, FindingText, word_alert
from pipelines.session import Session
from pipelines.steps.finding_life import read_opened_on
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.todo import read_due_counts
from pipelines.store import Store
from transforms.calendar.work_calendar import build_calendar
from transforms.schema.tables import ALERT, ALERT_ATTEMPT

log = logging.getLogger("motcua.alerts")

_SENDING_WAIT = 60.0


def write_alerts(
    session: Session,
    run_id: str,
    as_of: date,
    open_now: Sequence[OpenFinding],
    workbooks: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
) -> int:
    """How many messages were written to be sent after the run.

    ``open_now``: every open finding; ``workbooks``: names below the workspace's outbox. Writing again for the
    same day and the same state of the store writes nothing.
    """
    owners = open_owners(session, as_of)
    if not owners.rows:
        return 0
    # What waits must not be given up while another process is just sending it.
    with sending_lock(session.workspace.alerts, _SENDING_WAIT) as is_held:
        return _write(session, owners, run_id, as_of, open_now, workbooks, environment, is_held)


def _write(
    session: Session,
    owners: Owners,
    run_id: str,
    as_of: date,
    open_now: Sequence[OpenFinding],
    workbooks: Iterable[str],
    environment: Mapping[str, str] | None,
    may_give_up: bool,
) -> int:
    alerts = read_alerts(session.store)
    standing = find_standing(session.store.read(ALERT_ATTEMPT).to_pylist())
    today = Day(as_of, build_calendar(session.catalogue.days_off))
    # A digest that never got through by now gives way to today's, which says the same and what came since.
    stale = [] if today.is_quiet or not may_give_up else _stale(alerts, standing, as_of)
    undelivered = {identity for identity, at in standing.items() if at.state == GIVEN_UP} | set(stale)
    history = _OpenedOn(session.store)
    planned = plan_alerts(
        owners,
        build_told(alerts, undelivered),
        {finding.finding_id: finding.state() for finding in open_now},
        today,
        history.day,
        _reachable(owners, environment),
    )
    facts = Facts(
        as_of,
        read_texts(session.store, {c.finding.finding_id for alert in planned for c in alert.changes}),
        session.catalogue.unit_names(as_of),
        _by_unit(workbooks),
        history.day,
        read_due_counts(session, _told_units(planned), as_of),
    )
    known = {alert["alert_id"] for alert in alerts}
    now = session.clock.now()
    rows = [_row(alert, facts, run_id) for alert in planned if _alert_id(alert, as_of) not in known]
    ended = [
        attempt_row(identity, standing.get(identity, Standing()).attempt, GIVEN_UP, SUPERSEDED)
        for identity in stale
    ]
    append_attempts(session.store, ended, now)
    if rows:
        instant = session.store.next_instants(now, 1)[0]
        stamped = [{**row, "known_from": instant} for row in rows]
        session.store.append(ALERT, pa.Table.from_pylist(stamped, schema=ALERT.arrow_schema()))
    log.info("alerts written", extra={"count": len(rows)})
    return len(rows)


def read_texts(store: Store, ids: Collection[str]) -> dict[str, FindingText]:
    """What the store says of these findings, also of fixed ones; of their records only the first few."""
    rows = store.findings()
    rows = rows.filter(pc.is_in(rows.column("finding_id"), value_set=pa.array(sorted(ids), pa.string())))
    found = {}
    for row in rows.to_pylist():
        subjects = dict.fromkeys(place["subject"] for place in row["places"] or [] if place["subject"])
        found[row["finding_id"]] = FindingText(
            row["sentence"], row["remedy"], row["file"] or "", tuple(subjects)[:SHOWN_SUBJECTS]
        )
    return found


class _OpenedOn:
    """Since when findings are open without a break; the history is read when first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[str, date] | None = None

    def day(self, identity: str) -> date:
        """The day in Vietnam."""
        if self._days is None:
            self._days = read_opened_on(self._store)
        return self._days[identity]


def _stale(alerts: Iterable[Mapping[str, Any]], standing: Mapping[str, Standing], day: date) -> list[str]:
    return [
        alert["alert_id"]
        for alert in alerts
        if alert["kind"] == DIGEST
        and alert["day"] != day
        and standing.get(alert["alert_id"], Standing()).state in ("", FAILED)
    ]


def _told_units(planned: Iterable[PlannedAlert]) -> frozenset[str]:
    """Units that a digest tells their own owner about."""
    return frozenset(
        change.finding.unit_code
        for alert in planned
        if alert.kind == DIGEST
        for change in alert.changes
        if change.finding.unit_code in alert.own_units
    )


def _reachable(owners: Owners, environment: Mapping[str, str] | None) -> frozenset[Recipient]:
    refs = {recipient.channel for recipient in owners.recipients}
    opened = {ref for ref in refs if channel_problem(ref, environment) == ""}
    return frozenset(recipient for recipient in owners.recipients if recipient.channel in opened)


def _by_unit(workbooks: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(workbooks):
        found.setdefault(name.partition("/")[0], []).append(f"outbox/{name}")
    return found


def _alert_id(alert: PlannedAlert, day: date) -> str:
    told = sorted([c.finding.finding_id, c.kind, c.finding.severity, c.finding.count] for c in alert.changes)
    identity = [alert.recipient.name, alert.recipient.channel, alert.kind, day.isoformat(), told]
    return hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest()[:16]


def _row(alert: PlannedAlert, facts: Facts, run_id: str) -> dict[str, Any]:
    wording = word_alert(alert, facts)
    return {
        "alert_id": _alert_id(alert, facts.day),
        "kind": alert.kind,
        "recipient": alert.recipient.name,
        "channel": alert.recipient.channel,
        "day": facts.day,
        "title": wording.title,
        "body_text": wording.text,
        "body_html": wording.html,
        "entries": [build_entry(change) for change in alert.changes],
        "run_id": run_id,
    }
