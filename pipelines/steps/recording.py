"""Keep the life of each finding: what a run found is compared with what was open, and only changes are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

import pyarrow as pa

from expectations.messages import (
    DescribedFinding,
    Messages,
    build_column_labels,
    describe,
    finding_id,
    placeholders,
)
from pipelines.steps.ended_periods import period_texts
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.open_findings import ABOUT_PERIODS, ABOUT_REPORTS
from pipelines.steps.overtaken import SentExports, format_of
from pipelines.steps.retraction import ABOUT_RETRACTION, stands_after_retraction
from pipelines.store import ACCEPTED, REFUSED, RETRACTED, Store
from transforms.canonical.mended import SetApart
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding, Place
from transforms.schema.tables import FINDING

_BY_COUNTING = tuple(code for code in ABOUT_PERIODS if code != "period.closed.")
"""Of these, what counting one period alone tells; closed ones are compared with what was published."""


@dataclass(frozen=True, slots=True)
class Describer:
    """Turns findings into wording; one for a whole run."""

    messages: Messages
    unit_names: Mapping[str, str]
    column_labels: Mapping[str, str]

    @classmethod
    def of(cls, messages: Messages, catalogue: Catalogue, day: date) -> Describer:
        """With the names that the catalogue's units have on that day."""
        return cls(messages, catalogue.unit_names(day), build_column_labels())

    def __call__(self, finding: Finding) -> DescribedFinding:
        """The finding in Vietnamese."""
        return describe(finding, self.messages, self.column_labels, self.unit_names)


def record_findings(
    store: Store,
    about_store: Iterable[Finding],
    about_inbox: Iterable[Finding],
    outcomes: Sequence[DeliveryOutcome],
    word: Describer,
    run_id: str,
    now: datetime,
    is_whole_inbox: bool,
    mended: Set[SetApart] = frozenset(),
    counted: Collection[str] = (),
) -> None:
    """Append the changes of state of every finding but those about finished reports.

    ``about_store`` is complete, so what it no longer says is fixed. A reading finding stays open until a
    later export of the same unit and format was accepted, and is the same finding where that one repeats
    it; a refusal stays until its file leaves the inbox. Rows that were set apart and are ``mended`` by a
    correction leave the finding that named them. What was found by counting a period that the run did not
    count (``counted``: ids of those that it did) stays as it is: the end of a period mends nothing.
    """
    current: dict[str, tuple[DescribedFinding, str]] = {}
    for finding in about_store:
        identity = finding_id(finding)
        # What could not be merged over files is told apart by its file.
        identity = _identity_in_file(finding) if identity in current else identity
        current[identity] = (word(finding), "")
    for finding in about_inbox:
        current[_identity_in_file(finding)] = (word(finding), "")
    before = [row for row in _open_rows(store) if not row["code"].startswith(ABOUT_REPORTS)]
    sent = SentExports(store.deliveries().to_pylist())
    standing = {
        row["finding_id"]
        for row in before
        if row["finding_id"] not in current and _still_stands(row, outcomes, sent, is_whole_inbox, counted)
    }
    for outcome in outcomes:
        own = sent.find(outcome.delivery_id) if outcome.state == ACCEPTED else None
        if own is not None and sent.is_overtaken(own):
            continue  # what the earlier export of one night got wrong is nobody's work any more
        for finding in outcome.findings:
            identity = _reading_identity(finding, outcome, current.keys() | standing)
            current[identity] = (word(finding), outcome.delivery_id)
    standing -= current.keys()
    for row in before if mended else ():
        if row["finding_id"] in standing and (left := _rows_left(row, mended, word)) is not None:
            standing.discard(row["finding_id"])
            if left.places:
                current[row["finding_id"]] = (word(left), row["delivery_id"])
    _append_changes(store, before, current, standing, run_id, now)


def record_report_findings(
    store: Store,
    findings: Iterable[Finding],
    word: Describer,
    run_id: str,
    now: datetime,
    built: Iterable[tuple[str, str]] = (),
) -> None:
    """Append the changes of state of what the night's finished reports say about themselves.

    What was said by a report that is not among the ``built`` ones, (unit, period id), stays as it is.
    """
    current = {finding_id(finding): (word(finding), "") for finding in findings}
    before = [row for row in _open_rows(store) if row["code"].startswith(ABOUT_REPORTS)]
    looked_at = {(unit, text) for unit, period in built for text in period_texts(period)}
    standing = {
        row["finding_id"]
        for row in before
        if row["period_id"] and (row["unit_code"], row["period_id"]) not in looked_at
    }
    _append_changes(store, before, current, standing, run_id, now)


def _open_rows(store: Store) -> list[dict[str, Any]]:
    return [row for row in store.findings().to_pylist() if row["state"] == "open"]


def _append_changes(
    store: Store,
    before: Sequence[dict[str, Any]],
    current: Mapping[str, tuple[DescribedFinding, str]],
    standing: Set[str],
    run_id: str,
    now: datetime,
) -> None:
    known = {row["finding_id"]: row for row in before}
    instant = store.next_instants(now, 1)[0]
    changes = [
        _row(identity, described, delivery, run_id, instant)
        for identity, (described, delivery) in current.items()
        if identity not in known or _has_changed(known[identity], described, delivery)
    ]
    changes += [
        {**row, "state": "fixed", "run_id": run_id, "known_from": instant}
        for row in before
        if row["finding_id"] not in current and row["finding_id"] not in standing
    ]
    store.append(FINDING, pa.Table.from_pylist(changes, schema=FINDING.arrow_schema()))


def _identity_in_file(finding: Finding) -> str:
    return hashlib.sha256(f"{finding_id(finding)}\n{finding.file}".encode()).hexdigest()[:16]


def _reading_identity(finding: Finding, outcome: DeliveryOutcome, taken: Set[str]) -> str:
    """The same for every export of one format, whatever its file is called; a refused file is its own matter.

    Parts of a list that were sent together are told apart by their number.
    """
    if outcome.state != ACCEPTED:
        return _identity_in_file(finding)
    about = f"{finding_id(finding)}\n{format_of(outcome.profile_id)}"
    identities = (hashlib.sha256(f"{about}\n{number}".encode()).hexdigest()[:16] for number in count(1))
    return next(identity for identity in identities if identity not in taken)


def _has_changed(row: Mapping[str, Any], described: DescribedFinding, delivery: str) -> bool:
    """True also where only the rows, what stands in them or the file that they came in are others.

    Explanations are bound to the rows, and a reading finding lives as long as its own delivery is the newest.
    """
    finding = described.finding
    before = (row["count"], row["sentence"], row["severity"], row["file"], row["delivery_id"])
    after = (finding.count, described.sentence, described.severity, finding.file, delivery)
    return before != after or (row["places"] or []) != _places(finding)


def _places(finding: Finding) -> list[dict[str, str | int]]:
    return [
        {"sheet": p.sheet, "row": p.row, "subject": p.subject, "value": p.value, "file": p.file}
        for p in finding.places
    ]


def _rows_left(row: Mapping[str, Any], mended: Set[SetApart], word: Describer) -> Finding | None:
    """The finding about its rows that are not mended; None where all of them stand or it cannot be worded again."""
    places = row["places"] or []
    left = [p for p in places if SetApart(row["delivery_id"] or "", p["sheet"] or "", p["row"]) not in mended]
    if len(left) == len(places) or placeholders(word.messages[row["code"]]):
        return None
    return Finding(
        code=row["code"],
        unit_code=row["unit_code"],
        kind=row["kind"] or "",
        file=row["file"] or "",
        column=row["column_name"] or "",
        places=tuple(
            Place(p["sheet"] or "", p["row"], p["subject"] or "", p["value"] or "", p["file"] or "")
            for p in left
        ),
    )


def _still_stands(
    row: Mapping[str, Any],
    outcomes: Sequence[DeliveryOutcome],
    sent: SentExports,
    is_whole_inbox: bool,
    counted: Collection[str],
) -> bool:
    delivery = row["delivery_id"]
    if row["period_id"] and row["code"].startswith(_BY_COUNTING):
        return row["period_id"] not in counted
    if not delivery:
        # An ingest sees only some of the inbox and counts no period.
        return not is_whole_inbox and str(row["code"]).startswith(("file.", *ABOUT_PERIODS))
    own = sent.find(delivery)
    if own is not None and (own["state"] == RETRACTED or row["code"] in ABOUT_RETRACTION):
        return own["state"] == RETRACTED and stands_after_retraction(row, sent.alike(own), is_whole_inbox)
    if any(outcome.delivery_id == delivery and outcome.state != "unchanged" for outcome in outcomes):
        return False
    if own is None:
        return False
    if own["state"] == REFUSED:
        return not is_whole_inbox
    return not sent.is_overtaken(own, row["known_from"])


def _row(
    identity: str, described: DescribedFinding, delivery: str, run_id: str, instant: datetime
) -> dict[str, object]:
    finding = described.finding
    return {
        "finding_id": identity,
        "code": finding.code,
        "state": "open",
        "severity": described.severity,
        "audience": described.audience,
        "unit_code": finding.unit_code,
        "period_id": str(dict(finding.params).get("period", "")),
        "kind": finding.kind,
        "file": finding.file,
        "column_name": finding.column,
        "count": finding.count,
        "sentence": described.sentence,
        "remedy": described.remedy,
        "places": _places(finding),
        "params_json": json.dumps(dict(finding.params), ensure_ascii=False),
        "delivery_id": delivery,
        "run_id": run_id,
        "known_from": instant,
    }
