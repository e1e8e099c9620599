"""Lines of the decisions table: each decision is written once and read back; corrections as values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from transforms.canonical.corrections import SET, Correction
from transforms.schema.tables import DECISION

Row = dict[str, Any]

CORRECTION, EXPLANATION, WAIVER = "correction", "explanation", "waiver"
"""Kinds of decision; a waiver is an explanation from the command line."""
NO_AUTHOR = "đơn vị"
HIDDEN = "[đã ẩn số]"
# An identity or phone number as people write it: 9 to 12 digits in one run, or a number from 0 in groups.
# Dossier codes do not look like that: their runs are shorter and parted by letters or dashes.
_PERSONAL_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)|(?<![\d.\-])(?:\+84|0)(?:[ .]?\d){8,11}(?![\d])")


def masked(text: str) -> str:
    """The text without numbers that may be a citizen's (law 7).

    People write explanations freely, and a name in one cannot be told from any other words; the text is
    needed in full by whoever judges it. Identity and phone numbers can be told, so they are taken out.
    """
    return _PERSONAL_NUMBER.sub(HIDDEN, text)


def newest_lines(decisions: pa.Table, kind: str) -> dict[str, Row]:
    """The newest line of every decision of that kind by its id; ids in the order in which they were first made."""
    lines: dict[str, Row] = {}
    for row in decisions.to_pylist():
        if row["kind"] == kind:
            lines[row["decision_id"]] = row
    return lines


def correction_row(correction: Correction, instant: datetime | None = None) -> Row:
    """A correction as a line; ``details_json`` holds what it matches and sets."""
    details = {
        "match": dict(correction.match),
        "action": correction.action,
        "was": correction.was,
        "set": correction.value,
        "file": correction.file,
        "line": correction.line,
        "brought_by": correction.brought_by,
    }
    return {
        "decision_id": correction.correction_id,
        "kind": CORRECTION,
        "unit_code": correction.unit_code,
        "record_kind": correction.kind,
        "subject": correction.subject,
        "column_name": correction.column or None,
        "author": masked(correction.owner),
        "reason": masked(correction.reason),
        "details_json": json.dumps(details, ensure_ascii=False),
        "source": correction.source,
        "decided_on": correction.decided_on,
        "known_from": instant,
    }


def parse_correction(row: Mapping[str, Any]) -> Correction:
    """The correction that a line holds."""
    details = json.loads(row["details_json"])
    return Correction(
        unit_code=row["unit_code"],
        kind=row["record_kind"],
        match=tuple(details["match"].items()),
        action=details["action"],
        column=row["column_name"] or "",
        was=details["was"] if details["action"] == SET else "",
        value=details["set"],
        reason=row["reason"],
        owner=row["author"],
        decided_on=row["decided_on"],
        source=row["source"],
        file=details["file"],
        line=details["line"],
        brought_by=details["brought_by"],
    )


def ended_row(row: Mapping[str, Any], day: date) -> Row:
    """The line that says a decision holds no longer: its last day was the one before."""
    return {**row, "expires_on": day - timedelta(days=1), "known_from": None}


def masked_correction(correction: Correction) -> Correction:
    """The correction as it may be kept, so that its id stays the same when it is read back."""
    return replace(correction, reason=masked(correction.reason), owner=masked(correction.owner))


def decision_table(rows: Iterable[Row], known: Set[str], instant: datetime) -> pa.Table:
    """The lines as a table to append; those whose id is known already are left out, and so are repeats."""
    seen, fresh = set(known), []
    for row in rows:
        if row["decision_id"] not in seen:
            seen.add(row["decision_id"])
            fresh.append({**row, "known_from": instant})
    return pa.Table.from_pylist(fresh, schema=DECISION.arrow_schema())
