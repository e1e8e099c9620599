"""Taking a wrongly accepted delivery back, and letting it count again: one decision, and what it leaves of the rest.

Everything hangs on the line in ``decisions``: it is appended last, and the versions that go with it count only
under its instant. A retraction changes nothing before that instant and deletes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.clock import VIETNAM, today
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.commit import commit_deliveries
from pipelines.steps.corrections import load_standing
from pipelines.steps.decisions import CORRECTION, decision_table, ended_row, masked, newest_lines
from pipelines.steps.model import DeliveryOutcome, RowCounts
from pipelines.store import ACCEPTED, REFUSED, RETRACTED, RETRACTION, Store
from pipelines.store_format import read_format
from transforms.canonical.corrections import CORRECTION_PROFILE
from transforms.findings import Finding
from transforms.history.retracted import Commit, restate
from transforms.report.numbers_vi import date_short
from transforms.schema.tables import CONFIRMED, DECISION, DELIVERY, RECORD_TABLES

AGAIN = "delivery.retracted.again"
"""The bytes of a retracted delivery came again: judged wrong once, they are not taken until it counts again."""
INCOMPLETE = "delivery.retracted.incomplete"
"""What other deliveries said of the same records was not fully kept, so something may be missing."""
ABOUT_RETRACTION = (AGAIN, INCOMPLETE)
_RETRACT, _UNDO = "retract", "undo"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retracted:
    """What became of a decision about one delivery."""

    delivery: Row
    restated: Mapping[str, int]
    """Kind of record → versions written because other deliveries had said the same."""
    outcomes: tuple[DeliveryOutcome, ...]
    """The delivery, with what has to be said about it, and what standing corrections mended anew."""


def list_deliveries(store: Store, unit_code: str | None = None) -> list[Row]:
    """Every delivery, newest first; one that was taken back with ``retracted_at``, ``retracted_by`` and ``reason``."""
    lines = _lines(store)
    rows = []
    for row in reversed(store.deliveries().to_pylist()):
        if unit_code is not None and row["unit_code"] != unit_code:
            continue
        line = lines.get(row["delivery_id"]) if row["state"] == RETRACTED else None
        row["retracted_at"] = line["known_from"] if line else None
        row["retracted_by"] = line["author"] if line else None
        row["reason"] = line["reason"] if line else None
        rows.append(row)
    return rows


def find_delivery(store: Store, delivery_id: str) -> Row:
    """The delivery of that id or of the only id that begins so; UsageProblemError where there is none or several."""
    wanted = delivery_id.strip().lower()
    # The same content may have been refused before it was accepted; the newest line says what it is now.
    found = {
        r["delivery_id"]: r for r in store.deliveries().to_pylist() if r["delivery_id"].startswith(wanted)
    }
    if not wanted or not found:
        raise UsageProblemError(
            f"Không có lần nhận tệp nào mang mã {delivery_id}; hãy xem mã trong “motcua delivery list”."
        )
    if len(found) > 1:
        raise UsageProblemError(
            f"Có {len(found)} lần nhận tệp có mã bắt đầu bằng {delivery_id}; hãy ghi đủ 16 ký tự của mã."
        )
    row: Row = next(iter(found.values()))
    return row


def retract_delivery(
    session: Session, delivery_id: str, reason: str, author: str, *, undo: bool = False
) -> Retracted:
    """Take a delivery out of every later answer, or with ``undo`` let it count again.

    What other deliveries said of the same records stays, also where the store had kept it only under this one
    (``transforms.history.retracted``); standing corrections are laid over what is left. Corrections that came
    with a returned workbook end with it. Raises UsageProblemError for a delivery that is not known, refused,
    made by corrections, retracted already, or, with ``undo``, not retracted; and for an empty reason. The
    caller holds the workspace's lock.
    """
    store = session.store
    delivery = find_delivery(store, delivery_id)
    _require(delivery, reason, undo)
    retracted = _retracted_ids(store) ^ {delivery["delivery_id"]}
    deliveries = store.read(DELIVERY).sort_by("known_from")
    accepted = deliveries.filter(pc.equal(deliveries.column("state"), ACCEPTED)).to_pylist()
    ever = retracted | set(_lines(store))
    out = {row["known_from"] for row in accepted if row["delivery_id"] in retracted}
    judged = {row["known_from"] for row in accepted if row["delivery_id"] in ever}
    commits = [
        Commit(
            row["known_from"], row["delivery_id"], row["file"], row["exported_at"],
            is_correction=row["profile_id"] == CORRECTION_PROFILE,
        )
        for row in accepted
    ]  # fmt: skip
    ranges = store.read(CONFIRMED)
    instant = store.next_instants(session.clock.now(), 1)[0]
    written: dict[str, pa.Table] = {}
    all_out = set(out)
    for kind, table in RECORD_TABLES.items():
        of_kind = ranges.filter(pc.equal(ranges.column("kind"), kind))
        own = [commit for commit, row in zip(commits, accepted, strict=True) if row["kind"] == kind]
        found = restate(store.read(table), of_kind, own, store.verdicts(), table, judged, out)
        written[kind] = found.rows
        all_out |= found.out
    for kind, rows in written.items():
        store.append(RECORD_TABLES[kind], _known_from(rows, instant))
    details = {
        "action": _UNDO if undo else _RETRACT,
        "retracted": sorted(retracted),
        "out": sorted(at.isoformat() for at in all_out),
        "file": delivery["file"],
    }
    line = {
        "decision_id": hashlib.sha256(f"{RETRACTION}\n{delivery['delivery_id']}".encode()).hexdigest()[:16],
        "kind": RETRACTION,
        "unit_code": delivery["unit_code"],
        "record_kind": delivery["kind"] or None,
        "subject": delivery["delivery_id"],
        "author": masked(author.strip()) or "không rõ",
        "reason": masked(reason.strip()),
        "details_json": json.dumps(details, ensure_ascii=False),
        "source": "motcua delivery retract" + (" --undo" if undo else ""),
        "decided_on": today(session.clock),
    }
    brought = _brought_corrections(session, delivery["delivery_id"], undo)
    store.append(DECISION, decision_table([line, *brought], frozenset(), instant))
    findings = () if undo else _incomplete(store, delivery)
    outcome = replace(_outcome(delivery, ACCEPTED if undo else RETRACTED), findings=findings)
    return Retracted(
        delivery,
        {kind: rows.num_rows for kind, rows in written.items() if rows.num_rows},
        (outcome, *_mend(session)),
    )


def retracted_outcome(file: str, unit_code: str, stored: Mapping[str, Any]) -> DeliveryOutcome:
    """A file whose bytes were taken back before: refused without being read."""
    params = (("first_file", stored["file"]), ("delivery", stored["delivery_id"]))
    finding = Finding(AGAIN, unit_code=stored["unit_code"] or unit_code, file=file, params=params)
    outcome = _outcome(stored, REFUSED)
    return replace(outcome, file=file, kind="", profile_id="", refusal_code=AGAIN, findings=(finding,))


def stands_after_retraction(
    finding: Mapping[str, Any], same_format: Sequence[Mapping[str, Any]], is_whole_inbox: bool
) -> bool:
    """True while an open finding about a retracted delivery still has to be told; ``same_format``: accepted ones."""
    if finding["code"] == AGAIN:
        return not is_whole_inbox
    # A later export of the same unit and format says anew what is known.
    return finding["code"] == INCOMPLETE and not any(
        delivery["known_from"] > finding["known_from"] for delivery in same_format
    )


def _require(delivery: Row, reason: str, undo: bool) -> None:
    name = f"Lần nhận {delivery['delivery_id']} (tệp {delivery['file']})"
    if delivery["state"] == REFUSED:
        raise UsageProblemError(f"{name} đã bị từ chối khi đọc nên không có số liệu nào để thu hồi.")
    if delivery["profile_id"] == CORRECTION_PROFILE:
        raise UsageProblemError(
            f"{name} là phần sửa của corrections.yml hoặc tệp trả lại; hãy sửa chính mục đó, không thu hồi."
        )
    if undo and delivery["state"] != RETRACTED:
        raise UsageProblemError(f"{name} đang được tính, không có gì để khôi phục.")
    if not undo and delivery["state"] == RETRACTED:
        raise UsageProblemError(
            f"{name} đã được thu hồi trước đó; muốn tính lại, hãy dùng “motcua delivery retract {delivery['delivery_id']} --undo”."
        )
    if not reason.strip():
        raise UsageProblemError(
            "Lý do (--reason) bị bỏ trống; hãy ghi vì sao tệp được thu hồi hoặc tính lại."
        )


def _lines(store: Store) -> dict[str, Row]:
    """Delivery → the newest decision about it."""
    return {row["subject"]: row for row in newest_lines(store.decisions(), RETRACTION).values()}


def _retracted_ids(store: Store) -> set[str]:
    return {
        subject
        for subject, row in _lines(store).items()
        if json.loads(row["details_json"])["action"] == _RETRACT
    }


def _brought_corrections(session: Session, delivery_id: str, undo: bool) -> list[Row]:
    """Ends of the corrections that a returned workbook brought; with ``undo`` those that ended so hold again."""
    lines = session.store.decisions()
    verdicts = {verdict.known_from for verdict in session.store.verdicts()}
    found: list[Row] = []
    for row in newest_lines(lines, CORRECTION).values():
        if json.loads(row["details_json"])["brought_by"] != delivery_id:
            continue
        if undo and row["expires_on"] is not None and row["known_from"] in verdicts:
            found.append({**row, "expires_on": None})
        if not undo and row["expires_on"] is None:
            found.append(ended_row(row, today(session.clock)))
    return found


def _incomplete(store: Store, delivery: Row) -> tuple[Finding, ...]:
    """``INCOMPLETE`` where later deliveries may have repeated its records before that was put on record."""
    since = read_format(store.root).confirmed_since
    if since is None:
        return ()
    carried = store.read(RECORD_TABLES[delivery["kind"]], columns=["unit_code", "_known_from"])
    own = carried.filter(
        pc.equal(carried["_known_from"], pa.scalar(delivery["known_from"], pa.timestamp("us", "UTC")))
    )
    units = {delivery["unit_code"], *own["unit_code"].to_pylist()}
    doubtful = [
        row["file"]
        for row in store.deliveries().to_pylist()
        if row["state"] == ACCEPTED
        and row["kind"] == delivery["kind"]
        and row["unit_code"] in units
        and delivery["known_from"] < row["known_from"] < since
        and row["unchanged_count"]
    ]
    if not doubtful:
        return ()
    params = (("files", ", ".join(dict.fromkeys(doubtful))), ("total", len(doubtful)))
    return (Finding(INCOMPLETE, delivery["unit_code"], delivery["kind"], delivery["file"], params=params),)


def _mend(session: Session) -> tuple[DeliveryOutcome, ...]:
    """Standing corrections laid over what is left, as a night would."""
    now = session.clock.now()
    standing = load_standing(
        session.store, session.corrections(), session.catalogue, now.astimezone(VIETNAM).date()
    )
    return commit_deliveries(session.store, (), now, standing)


def _outcome(delivery: Mapping[str, Any], state: str) -> DeliveryOutcome:
    return DeliveryOutcome(
        delivery_id=delivery["delivery_id"],
        unit_code=delivery["unit_code"],
        file=delivery["file"],
        state=state,
        kind=delivery["kind"],
        profile_id=delivery["profile_id"],
        counts=RowCounts(),
    )


def _known_from(rows: pa.Table, instant: datetime) -> pa.Table:
    position = rows.schema.get_field_index("_known_from")
    field = rows.schema.field(position)
    return rows.set_column(position, field, pa.repeat(pa.scalar(instant, field.type), rows.num_rows))


def retracted_words(row: Mapping[str, Any]) -> str:
    """ "thu hồi ngày 7/9/2021: gửi nhầm tệp"."""
    at: datetime = row["retracted_at"]
    return f"thu hồi ngày {date_short(at.astimezone(VIETNAM).date())}: {row['reason']}"
