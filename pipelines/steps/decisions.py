"""Lines of the decisions table: corrections and explanations, each written once and read back as values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipelines.steps.model import ReadDelivery, SentBack
from transforms.canonical.corrections import SET, Correction
from transforms.schema.tables import DECISION
from transforms.text_vi import fold

Row = dict[str, Any]

CORRECTION, EXPLANATION = "correction", "explanation"
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


def explanation_rows(read: ReadDelivery, sent_back: SentBack, day: date) -> tuple[list[Row], list[Row]]:
    """The explanations of a returned workbook as lines, and its rows whose line nobody can tell any more.

    The id comes from rule, record and words, not from the file: the same explanation sent again, or
    handed on from one workbook to the next, is the same decision.
    """
    lines = {line.line: line for line in sent_back.marker.lines}
    rows: list[Row] = []
    lost: list[Row] = []
    for explanation in sent_back.explanations:
        line = lines.get(explanation.line)
        if line is None:
            lost.append({"row": explanation.row})
            continue
        unit_code = line.unit_code or read.unit_code
        text, author = masked(explanation.text), masked(explanation.author) or NO_AUTHOR
        about = (unit_code, line.code, line.column, *_about(line.subject, line.sheet, line.row))
        identity = json.dumps([EXPLANATION, *about, fold(text), fold(author)], ensure_ascii=False)
        details = {
            "finding_id": line.finding_id,
            "file": sent_back.marker.file,
            "sheet": line.sheet,
            "row": line.row,
        }
        rows.append(
            {
                "decision_id": hashlib.sha256(identity.encode()).hexdigest()[:16],
                "kind": EXPLANATION,
                "unit_code": unit_code,
                "rule_code": line.code,
                "record_kind": sent_back.marker.kind or None,
                "subject": line.subject or None,
                "column_name": line.column or None,
                "author": author,
                "reason": text,
                "details_json": json.dumps(details, ensure_ascii=False),
                "source": f"{read.file} › Cần sửa dòng {explanation.row}",
                "decided_on": day,
            }
        )
    return rows, lost


class Explained:
    """Which findings people have explained."""

    def __init__(self, decisions: pa.Table) -> None:
        self._spots: set[tuple[str, ...]] = set()
        for row in newest_lines(decisions, EXPLANATION).values():
            if row["expires_on"] is not None:
                continue
            details = json.loads(row["details_json"] or "{}")
            about = _about(row["subject"] or "", details.get("sheet", ""), details.get("row", 0))
            self._spots.add((row["unit_code"], row["rule_code"] or "", row["column_name"] or "", *about))

    def covers(self, finding: Mapping[str, Any]) -> bool:
        """True when every failing row of a stored finding was explained, or the finding itself where it has none.

        Rows go by their record where they have one, so an explanation still counts after the file came
        again under another name or in another order.
        """
        about = (finding["unit_code"], finding["code"], finding["column_name"] or "")
        places = finding["places"] or [{"subject": "", "sheet": "", "row": 0}]
        return all(
            (*about, *_about(place["subject"] or "", place["sheet"] or "", place["row"])) in self._spots
            for place in places
        )


def decision_table(rows: Iterable[Row], known: Set[str], instant: datetime) -> pa.Table:
    """The lines as a table to append; those whose id is known already are left out, and so are repeats."""
    seen, fresh = set(known), []
    for row in rows:
        if row["decision_id"] not in seen:
            seen.add(row["decision_id"])
            fresh.append({**row, "known_from": instant})
    return pa.Table.from_pylist(fresh, schema=DECISION.arrow_schema())


def _about(subject: str, sheet: str, row: int) -> tuple[str, ...]:
    return (subject,) if subject else ("", sheet, str(row))
