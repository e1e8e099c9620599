"""Check what the store now holds, and keep the life of each finding: opened, changed, fixed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from expectations.across import HeldRecords, check_across
from expectations.dossier import check_shared_codes
from expectations.fee import check_fee_dossiers
from expectations.messages import (
    DescribedFinding,
    Messages,
    build_column_labels,
    describe,
    finding_id,
    placeholders,
)
from expectations.overdue import check_overdue
from expectations.params import build_rule_params
from expectations.runner import check_rows, check_table
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.open_findings import ABOUT_REPORTS
from pipelines.steps.quarantined import open_quarantined
from pipelines.steps.records import read_joined, read_latest
from pipelines.steps.retraction import ABOUT_RETRACTION, stands_after_retraction
from pipelines.store import RETRACTED, Store
from transforms.canonical.mended import SetApart
from transforms.canonical.source import tidied_codes
from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.catalogue.unknown import check_unknown
from transforms.findings import Finding, Place
from transforms.history.as_known import latest_versions
from transforms.history.joined import Joined
from transforms.indicators.build import check_indicators
from transforms.indicators.due_rule import check_due_dates
from transforms.indicators.identities import check_identities, check_rollup
from transforms.indicators.model import IndicatorTable
from transforms.indicators.series import check_series
from transforms.schema.tables import FINDING, RECORD_TABLES

_SHOWN_FILES = 3


def check_store(
    store: Store, catalogue: Catalogue, as_of: date, with_great_expectations: bool = True
) -> tuple[Finding, ...]:
    """Every finding about the rows that count now, over all units.

    With Great Expectations each rule also gets its verdict, and a difference from our own count is a
    finding; without it (``motcua check``, tests) only the masks are reckoned.
    """
    params = build_rule_params(catalogue, as_of)
    findings: list[Finding] = []
    joined = read_joined(store, catalogue)
    latest = {
        kind: latest_versions(joined.versions, table)
        if kind == "dossier"
        else read_latest(store, kind, catalogue)
        for kind, table in RECORD_TABLES.items()
    }
    classified = classify(latest["dossier"], catalogue)
    for kind, rows in latest.items():
        if rows.num_rows == 0:
            continue
        if with_great_expectations:
            found, _ = check_table(kind, rows, params)
        else:
            found = check_rows(kind, rows, params)
        findings.extend(found)
        if kind == "dossier":
            findings.extend(_unknown_by_unit(classified, catalogue))
            findings.extend(check_due_dates(classified, catalogue))
    findings.extend(check_overdue(joined.listed, joined.overdue, joined.only))
    findings.extend(check_shared_codes(latest["dossier"]))
    findings.extend(check_fee_dossiers(latest["fee"], latest["dossier"]))
    held = _held(store, catalogue, classified, joined, latest)
    findings.extend(check_across(held, catalogue, params))
    return merge_files(findings)


def _held(
    store: Store,
    catalogue: Catalogue,
    classified: pa.Table,
    joined: Joined,
    latest: Mapping[str, pa.Table],
) -> HeldRecords:
    apart = open_quarantined(store, catalogue, "dossier", latest["dossier"])
    texts = [json.loads(text).get("dossier_code") for text in apart["raw_json"].to_pylist()]
    coded = [text or None for text in texts]
    without = Counter(
        unit for unit, code in zip(apart["unit_code"].to_pylist(), coded, strict=True) if code is None
    )
    only = joined.only["dossier_code"].to_pylist()
    data_days: dict[str, date] = {}
    for delivery in store.deliveries().to_pylist():
        if (delivery["state"], delivery["kind"]) == ("accepted", "dossier") and delivery["exported_at"]:
            unit, day = delivery["unit_code"], delivery["exported_at"].date()
            data_days[unit] = max(day, data_days.get(unit, day))
    return HeldRecords(
        classified,
        joined.versions,
        latest["fee"],
        latest["document"],
        latest["summary"],
        data_days,
        pa.array([*tidied_codes(pa.array(coded, pa.string())).to_pylist(), *only], pa.string()),
        without,
    )


def merge_files(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding per rule, unit and column; where rows lie in several files, each place names its own."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.unit_code, finding.kind, finding.column), []).append(finding)
    merged: list[Finding] = []
    for group in groups.values():
        is_mergeable = all(finding.places and finding.params == group[0].params for finding in group)
        if len(group) == 1 or not is_mergeable:
            merged.extend(group)
            continue
        files = [finding.file for finding in group]
        shown = ", ".join(files[:_SHOWN_FILES]) + (
            f" và {len(files) - _SHOWN_FILES} tệp khác" if len(files) > _SHOWN_FILES else ""
        )
        places = tuple(replace(place, file=finding.file) for finding in group for place in finding.places)
        merged.append(replace(group[0], file=shown, places=places))
    return tuple(merged)


def check_periods(
    tables: Iterable[IndicatorTable], neighbours: Iterable[IndicatorTable] = ()
) -> tuple[Finding, ...]:
    """What makes the counted figures of a night's periods doubtful: identities, guesses, missing dates.

    ``neighbours``: counts of the periods before and of parts, with which the figures have to agree.
    """
    counted = tuple(tables)
    within = (
        finding
        for table in counted
        for finding in (*check_identities(table), *check_rollup(table), *check_indicators(table))
    )
    return (*within, *check_series((*counted, *neighbours)))


@dataclass(frozen=True, slots=True)
class Describer:
    """Turns findings into wording; one for a whole run."""

    messages: Messages
    unit_names: Mapping[str, str]
    column_labels: Mapping[str, str]

    @classmethod
    def of(cls, messages: Messages, catalogue: Catalogue) -> Describer:
        """With the unit names of the catalogue."""
        return cls(messages, {unit.code: unit.full_name for unit in catalogue.units}, build_column_labels())

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
) -> None:
    """Append the changes of state of every finding but those about finished reports.

    ``about_store`` is complete, so what it no longer says is fixed. A reading finding stays open until a
    later export of the same unit and format was accepted; a refusal until its file leaves the inbox. Rows
    that were set apart and are ``mended`` by a correction leave the finding that named them.
    """
    current: dict[str, tuple[DescribedFinding, str]] = {}
    for finding in about_store:
        identity = finding_id(finding)
        # What could not be merged over files is told apart by its file.
        identity = _identity_in_file(finding) if identity in current else identity
        current[identity] = (word(finding), "")
    for finding in about_inbox:
        current[_identity_in_file(finding)] = (word(finding), "")
    for outcome in outcomes:
        for finding in outcome.findings:
            current[_identity_in_file(finding)] = (word(finding), outcome.delivery_id)
    before = [row for row in _open_rows(store) if not row["code"].startswith(ABOUT_REPORTS)]
    deliveries = store.deliveries().to_pylist()
    standing = {
        row["finding_id"]
        for row in before
        if row["finding_id"] not in current and _still_stands(row, outcomes, deliveries, is_whole_inbox)
    }
    for row in before if mended else ():
        if row["finding_id"] in standing and (left := _rows_left(row, mended, word)) is not None:
            standing.discard(row["finding_id"])
            if left.places:
                current[row["finding_id"]] = (word(left), row["delivery_id"])
    _append_changes(store, before, current, standing, run_id, now)


def record_report_findings(
    store: Store, findings: Iterable[Finding], word: Describer, run_id: str, now: datetime
) -> None:
    """Append the changes of state of what the night's finished reports say about themselves."""
    current = {finding_id(finding): (word(finding), "") for finding in findings}
    before = [row for row in _open_rows(store) if row["code"].startswith(ABOUT_REPORTS)]
    _append_changes(store, before, current, set(), run_id, now)


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
        if identity not in known or _has_changed(known[identity], described)
    ]
    changes += [
        {**row, "state": "fixed", "run_id": run_id, "known_from": instant}
        for row in before
        if row["finding_id"] not in current and row["finding_id"] not in standing
    ]
    store.append(FINDING, pa.Table.from_pylist(changes, schema=FINDING.arrow_schema()))


def _unknown_by_unit(classified: pa.Table, catalogue: Catalogue) -> list[Finding]:
    found: list[Finding] = []
    for unit in sorted(set(classified.column("unit_code").to_pylist())):
        found.extend(check_unknown(classified, catalogue, unit))
    return found


def _identity_in_file(finding: Finding) -> str:
    return hashlib.sha256(f"{finding_id(finding)}\n{finding.file}".encode()).hexdigest()[:16]


def _has_changed(row: Mapping[str, Any], described: DescribedFinding) -> bool:
    return (row["count"], row["sentence"], row["severity"]) != (
        described.finding.count, described.sentence, described.severity,
    )  # fmt: skip


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
    deliveries: Sequence[dict[str, Any]],
    is_whole_inbox: bool,
) -> bool:
    delivery = row["delivery_id"]
    if not delivery:
        return not is_whole_inbox and str(row["code"]).startswith("file.")
    own = next((item for item in reversed(deliveries) if item["delivery_id"] == delivery), None)
    same = [
        d
        for d in deliveries
        if own is not None
        and d["state"] == "accepted"
        and (d["unit_code"], _format(d["profile_id"])) == (own["unit_code"], _format(own["profile_id"]))
    ]
    if own is not None and (own["state"] == RETRACTED or row["code"] in ABOUT_RETRACTION):
        return own["state"] == RETRACTED and stands_after_retraction(row, same, is_whole_inbox)
    if any(outcome.delivery_id == delivery and outcome.state != "unchanged" for outcome in outcomes):
        return False
    if own is None:
        return False
    if own["state"] == "refused":
        return not is_whole_inbox
    newest = max(same, key=lambda item: (item["exported_at"], item["known_from"]))
    return bool(newest["delivery_id"] == delivery)


def _format(profile_id: str) -> str:
    """The profile without its version: a newer version reads the same exports."""
    return profile_id.rpartition(".v")[0] or profile_id


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
        "places": [
            {"sheet": p.sheet, "row": p.row, "subject": p.subject, "value": p.value, "file": p.file}
            for p in finding.places
        ],
        "delivery_id": delivery,
        "run_id": run_id,
        "known_from": instant,
    }
