"""What keeps messages from their readers, as findings for IT; told in ``motcua check`` like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pipelines.notify.channels import channel_problem
from pipelines.notify.owners import Owners, Recipient, open_owners
from pipelines.notify.sending import read_alerts
from pipelines.notify.told import FAILED, GIVEN_UP, SENT, SUPERSEDED, find_standing
from pipelines.session import Session
from transforms.catalogue.owners import AUDIENCE_NAMES, OWNERS_FILE
from transforms.findings import Finding
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import ALERT_ATTEMPT, AUDIENCES, DELIVERY, FINDING

UNREADABLE, EMPTY, MISSING, UNUSABLE, UNDELIVERED = (
    "alert.owners.unreadable", "alert.owners.empty", "alert.owner.missing", "alert.channel.unusable",
    "alert.undelivered",
)  # fmt: skip
_SHOWN = 3
_CHANNEL_FAULTS = {
    "not_set": "biến môi trường này chưa được đặt",
    "unreadable": "địa chỉ không đúng dạng nào được biết",
    "no_secret": "khối bí mật này không có hoặc không đọc được",
}


def check_alerts(
    session: Session, as_of: date, environment: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Lines that cannot be used, levels without an owner, channels that cannot be opened, messages that came back.

    Nothing where the workspace has no owners file: it has not asked for messages.
    """
    if not (session.workspace.catalogue / OWNERS_FILE).is_file():
        return ()
    owners = open_owners(session, as_of)
    found: list[Finding] = []
    if owners.problems:
        params = (("total", len(owners.problems)), ("first", owners.problems[0]))
        found.append(Finding(UNREADABLE, params=params))
    if not owners.rows:
        return (*found, Finding(EMPTY)) if not owners.problems else tuple(found)
    return (
        *found,
        *_missing_owners(owners, _known_units(session)),
        *_unusable_channels(owners, environment),
        *_undelivered(session, owners),
    )


def _known_units(session: Session) -> list[str]:
    """Units that ever sent something or were spoken of."""
    columns = (session.store.read(table).column("unit_code") for table in (DELIVERY, FINDING))
    return sorted({code for column in columns for code in column.unique().to_pylist() if code})


def _missing_owners(owners: Owners, units: Sequence[str]) -> list[Finding]:
    found = []
    for position, level in enumerate(AUDIENCES):
        # What IT is told of is about the whole workspace as a rule, so one row for any unit is enough.
        wanted = units if level != "it" else [""]
        missing = [code for code in wanted if not owners.has_owner(code, level)]
        if level == "it" and any(row.audience == "it" for row in owners.rows):
            continue
        if missing:
            instead = [AUDIENCE_NAMES[other] for other in AUDIENCES[position + 1 :]]
            params = (
                ("subject", level),
                ("level", AUDIENCE_NAMES[level]),
                ("units", _listed(missing) if level != "it" else "tất cả đơn vị"),
                ("instead", f"được gửi lên {' hoặc '.join(instead)}" if instead else "không tới được ai"),
            )
            found.append(Finding(MISSING, params=params))
    return found


def _unusable_channels(owners: Owners, environment: Mapping[str, str] | None) -> list[Finding]:
    found = []
    for ref in sorted({recipient.channel for recipient in owners.recipients}):
        if fault := channel_problem(ref, environment):
            names = [recipient.name for recipient in owners.recipients if recipient.channel == ref]
            params = (("subject", ref), ("recipients", _listed(names)), ("fault", _CHANNEL_FAULTS[fault]))
            found.append(Finding(UNUSABLE, params=params))
    return found


def _undelivered(session: Session, owners: Owners) -> list[Finding]:
    """One finding per recipient whose newest attempt did not get through to everybody."""
    standing = find_standing(session.store.read(ALERT_ATTEMPT).to_pylist())
    newest: dict[Recipient, Any] = {}
    for alert in read_alerts(session.store):
        at = standing.get(alert["alert_id"])
        if at is None or at.state not in (SENT, FAILED, GIVEN_UP) or at.reason == SUPERSEDED:
            continue
        recipient = Recipient(alert["recipient"], alert["channel"])
        if recipient not in newest or newest[recipient].at <= at.at:
            newest[recipient] = at
    return [
        Finding(
            UNDELIVERED,
            params=(
                ("subject", f"{recipient.name} · {recipient.channel}"),
                ("recipient", recipient.name),
                ("channel", recipient.channel),
            ),
        )
        for recipient, at in sorted(newest.items())
        if (at.state != SENT or at.reason) and recipient in owners.recipients
    ]


def _listed(names: Iterable[str]) -> str:
    all_names = list(dict.fromkeys(names))
    rest = len(all_names) - _SHOWN
    shown = ", ".join(all_names[:_SHOWN])
    return f"{shown} và {thousands(rest)} mục khác" if rest > 0 else shown
