"""Explanations among the decisions: written from returned workbooks, read back as values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from expectations.explained import Band, ExplainedRow, Explanation, Explanations, value_mark
from pipelines.steps.decisions import EXPLANATION, NO_AUTHOR, WAIVER, Row, masked
from pipelines.steps.model import ReadDelivery, SentBack
from pipelines.store import Store
from transforms.text_vi import fold

_KINDS = (EXPLANATION, WAIVER)


def read_explanations(store: Store, day: date, known_at: datetime | None = None) -> Explanations:
    """The explanations known at that instant and in force on that day."""
    return Explanations(parse_explanations(store.decisions(known_at)), day)


def parse_explanations(decisions: pa.Table) -> tuple[Explanation, ...]:
    """Every explanation that was not withdrawn, in the order in which they were first made; the expired ones too."""
    return tuple(parse_explanation(row) for row in explanation_lines(decisions) if not is_withdrawn(row))


def explanation_lines(decisions: pa.Table) -> list[Row]:
    """The newest line of every explanation, from workbooks and from the command line, the withdrawn ones too."""
    newest: dict[str, Row] = {}
    for row in decisions.to_pylist():
        if row["kind"] in _KINDS:
            newest[row["decision_id"]] = row
    return list(newest.values())


def is_withdrawn(row: Mapping[str, Any]) -> bool:
    """True for an explanation that somebody took back."""
    return bool(_details(row).get("is_withdrawn"))


def withdrawn_row(row: Mapping[str, Any], author: str, reason: str) -> Row:
    """The line that says an explanation counts no more, from its instant on, and who said so."""
    details = {**_details(row), "is_withdrawn": True, "withdrawn_by": author, "withdrawn_reason": reason}
    return {**row, "details_json": json.dumps(details, ensure_ascii=False), "known_from": None}


def explanation_rows(read: ReadDelivery, sent_back: SentBack, day: date) -> tuple[list[Row], list[Row]]:
    """The explanations of a returned workbook as lines, and its rows whose line nobody can tell any more.

    The id comes from rule, record, value and words, not from the file: the same explanation sent again, or
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
        spot = ExplainedRow(line.subject, line.sheet, line.row).spot
        mark = "" if explanation.value is None or not line.row else value_mark(explanation.value)
        about = (unit_code, line.code, line.column, *spot)
        # Without a mark the id is what it was before explanations were bound to a value.
        identity = json.dumps(
            [EXPLANATION, *about, fold(text), fold(author), *filter(None, [mark])], ensure_ascii=False
        )
        details = {
            "finding_id": line.finding_id,
            "file": sent_back.marker.file,
            "sheet": line.sheet,
            "row": line.row,
            "value_mark": mark,
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


def parse_explanation(row: Mapping[str, Any]) -> Explanation:
    """The explanation that a line holds, whether it still counts or not."""
    details = _details(row)
    return Explanation(
        decision_id=row["decision_id"],
        unit_code=row["unit_code"],
        rule_code=row["rule_code"] or "",
        reason=row["reason"],
        author=row["author"],
        decided_on=row["decided_on"],
        expires_on=row.get("expires_on"),
        column=row["column_name"] or "",
        period_id=row.get("period_id") or "",
        subject=details.get("about", ""),
        rows=tuple(_rows(row, details)),
        band=Band(details.get("low"), details.get("high")),
    )


def _rows(row: Mapping[str, Any], details: Mapping[str, Any]) -> Iterable[ExplainedRow]:
    if row["kind"] == WAIVER:
        return (ExplainedRow(**spot) for spot in details.get("rows", ()))
    subject, number = row["subject"] or "", details.get("row", 0)
    if not subject and not number:
        return ()  # about the finding as a whole
    return (ExplainedRow(subject, details.get("sheet", ""), number, details.get("value_mark", "")),)


def _details(row: Mapping[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = json.loads(row["details_json"] or "{}")
    return details
