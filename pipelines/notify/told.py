"""What everybody was told before, read back from the messages themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expectations.changes import Change
from expectations.life import FIXED, FindingState
from pipelines.notify.owners import Recipient

ESCALATED = "escalated"
DIGEST, CRITICAL, ESCALATION = "digest", "critical", "escalation"
SENDING, SENT, FAILED, GIVEN_UP = "sending", "sent", "failed", "given_up"
SUPERSEDED = "superseded"
"""Reason of a message given up because a later one says what it said."""
_RANK = (SENDING, FAILED, SENT, GIVEN_UP)

Row = Mapping[str, Any]


# Not frozen: it is filled row by row while the messages are read.
@dataclass(slots=True)
class Told:
    """What one recipient knows."""

    states: dict[str, FindingState] = field(default_factory=dict)
    """Findings that were open when last told of, by id."""
    escalated: set[str] = field(default_factory=set)
    digest_days: set[date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands after its attempts."""

    attempt: int = 0
    state: str = ""
    """Empty before the first attempt."""
    reason: str = ""
    at: Any = None
    """Instant of the newest line of the newest attempt."""

    @property
    def is_final(self) -> bool:
        """True when nothing more is tried."""
        return self.state in (SENT, GIVEN_UP)


def find_standing(attempts: Iterable[Row]) -> dict[str, Standing]:
    """Where each message with an attempt stands, by its id.

    A line before an attempt without one after it says that nobody knows whether the message went out.
    """
    found: dict[str, Standing] = {}
    for row in attempts:
        held = found.get(row["alert_id"], Standing(-1))
        key = (row["attempt"], _RANK.index(row["state"]))
        if key >= (held.attempt, _RANK.index(held.state) if held.state else -1):
            found[row["alert_id"]] = Standing(
                row["attempt"], row["state"], row["reason"] or "", row["known_from"]
            )
    return found


def build_told(alerts: Iterable[Row], without: Collection[str] = ()) -> dict[Recipient, Told]:
    """What each recipient was told, from the messages in the order they were written.

    ``without``: ids of messages that never arrived and never will; what they said is told again.
    """
    found: dict[Recipient, Told] = {}
    for alert in alerts:
        if alert["alert_id"] in without:
            continue
        told = found.setdefault(Recipient(alert["recipient"], alert["channel"]), Told())
        if alert["kind"] == DIGEST:
            told.digest_days.add(alert["day"])
        for entry in alert["entries"]:
            identity = entry["finding_id"]
            if entry["change"] == FIXED:
                told.states.pop(identity, None)
                told.escalated.discard(identity)
                continue
            told.states[identity] = FindingState(**{name: entry[name] for name in FindingState.__slots__})
            if entry["change"] == ESCALATED:
                told.escalated.add(identity)
    return found


def build_entry(change: Change) -> dict[str, Any]:
    """The change as it is kept with a message, so that ``build_told`` gives it back."""
    state = change.finding
    return {"change": change.kind, **{name: getattr(state, name) for name in FindingState.__slots__}}
