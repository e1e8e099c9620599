"""Check what the store now holds, and what was counted from it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa

from expectations.across import HeldRecords, check_across
from expectations.checkpoints import CheckpointRecord
from expectations.dossier import check_shared_codes
from expectations.fee import check_fee_dossiers
from expectations.overdue import check_overdue
from expectations.params import build_rule_params
from expectations.runner import check_rows, check_table
from pipelines.steps.quarantined import open_quarantined
from pipelines.steps.records import read_joined, read_latest
from pipelines.store import Store
from transforms.canonical.source import tidied_codes
from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.catalogue.unknown import check_unknown
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.history.joined import Joined
from transforms.indicators.build import check_indicators
from transforms.indicators.due_rule import check_due_dates
from transforms.indicators.identities import check_identities, check_rollup
from transforms.indicators.model import IndicatorTable
from transforms.indicators.series import check_series
from transforms.schema.tables import RECORD_TABLES

_SHOWN_FILES = 3


def check_store(
    store: Store,
    catalogue: Catalogue,
    as_of: date,
    with_great_expectations: bool = True,
    keep: Callable[[CheckpointRecord], None] | None = None,
) -> tuple[Finding, ...]:
    """Every finding about the rows that count now, over all units.

    With Great Expectations each rule also gets its verdict, and a difference from our own count is a
    finding; without it (``motcua check``, tests) only the masks are reckoned. ``keep`` is called with what
    the checkpoint of each table said; a table without any record has none.
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
            found, record = check_table(kind, rows, params)
            if keep is not None:
                keep(record)
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


def _unknown_by_unit(classified: pa.Table, catalogue: Catalogue) -> list[Finding]:
    found: list[Finding] = []
    for unit in sorted(set(classified.column("unit_code").to_pylist())):
        found.extend(check_unknown(classified, catalogue, unit))
    return found
