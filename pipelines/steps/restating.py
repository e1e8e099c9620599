"""A publication and what became of its figures since: both sides are compared and explained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow.compute as pc

from expectations.messages import describe
from pipelines.publications.model import Publication, Series
from pipelines.session import Session
from pipelines.steps.on_demand import Answer
from pipelines.steps.published_sides import Side, counted_side, published_side
from pipelines.steps.records import read_versions
from pipelines.steps.report import Issued
from transforms.canonical.corrections import CORRECTION_PROFILE
from transforms.findings import Finding
from transforms.history.as_known import latest_versions
from transforms.history.restatement import Ledger, LedgerContext, explain
from transforms.indicators.contributions import document_entries, dossier_contributions, fee_entries
from transforms.indicators.rollup import code_of
from transforms.report.inputs import Restated
from transforms.report.restated import (
    LEDGER_FILE,
    REASON_NAMES,
    facet_words,
    measure_words,
    restated_cell_id,
    sorted_changes,
)
from transforms.schema.tables import RECORD_TABLES

FORMAT = "motcua.restatement.v1"
UNEXPLAINED = "restatement.unexplained"
_KINDS = ("fee", "document")
"""Kinds of record, besides dossiers, that a decision can take out."""


# Not a dataclass, for the reason given at Session.
class Restatement:
    """A publication and what it is compared with."""

    def __init__(self, ledger: Ledger, before: Side, after: Side) -> None:
        self.ledger = ledger
        self.before = before
        self.after = after

    @property
    def told(self) -> Restated | None:
        """What the report says of it; None where the earlier side is no publication."""
        publication = self.before.publication
        if publication is None:
            return None
        return Restated(
            publication.number, publication.document_number, publication.document_date, self.ledger
        )

    @property
    def files(self) -> dict[str, bytes]:
        """What is kept beside the report."""
        return {LEDGER_FILE: render_ledger(self.ledger, self.before, self.after)}


def compare_sides(session: Session, before: Side, after: Side) -> Ledger:
    """Every cell that reads otherwise after than before, with its records and reasons."""
    deliveries = session.store.deliveries()
    is_correction = pc.or_(
        pc.equal(deliveries["profile_id"], CORRECTION_PROFILE), pc.is_valid(deliveries["answers_delivery_id"])
    )
    corrections = deliveries.filter(pc.fill_null(is_correction, False))["delivery_id"].to_pylist()
    decisions = session.store.decisions().select(["kind", "subject"]).to_pylist()
    retracted = {row["subject"] for row in decisions if row["kind"] == "retraction"}
    context = LedgerContext(
        dossier_contributions,
        frozenset(corrections),
        # One that counts on the later side again, or that the earlier one left out already, changed nothing.
        frozenset(retracted & before.counted.deliveries - after.counted.deliveries),
        _removed(session, after),
        after.node.code if after.is_rollup else "",
    )
    return explain(before.counted, after.counted, context)


def restate(
    session: Session, answer: Answer, issued: Sequence[Publication], document: Issued
) -> Restatement | None:
    """What an answer that is about to be issued changes of the version before it; None for the first version.

    A document that was issued already under this number and date is compared with what that one took the
    place of: so issuing it twice gives the same files.
    """
    reckoning = answer.data.table.reckoning
    series = Series(answer.node.code, reckoning.period.period_id, reckoning.basis, answer.context.report_type)
    own = {publication.number: publication for publication in issued if publication.series == series}
    again = [
        publication
        for publication in own.values()
        if (publication.document_number, publication.document_date)
        == (document.document_number, document.document_date)
    ]
    earlier = own.get(again[-1].restates or 0) if again else own.get(max(own, default=0))
    if earlier is None:
        return None
    before = published_side(session, earlier)
    after = counted_side(answer.data, answer.node, answer.leaves, answer.catalogue)
    return Restatement(compare_sides(session, before, after), before, after)


def unexplained_sentences(session: Session, ledger: Ledger, side: Side) -> tuple[str, ...]:
    """What to tell a person of ``check_ledger``, in Vietnamese."""
    names = side.catalogue.unit_names(side.reckoning.closing_day)
    told = (describe(finding, session.messages, {}, names) for finding in check_ledger(ledger, side))
    return tuple(f"{each.sentence} {each.remedy}" for each in told)


def check_ledger(ledger: Ledger, side: Side) -> tuple[Finding, ...]:
    """A finding when records do not account for every difference; normally none."""
    count = len(ledger.unexplained)
    if not count:
        return ()
    params = (("total", count), ("period", side.reckoning.period.period_id))
    return (Finding(UNEXPLAINED, side.node.code, params=params),)


def render_ledger(ledger: Ledger, before: Side, after: Side) -> bytes:
    """``dieu-chinh.json``: every changed cell with its records, then each record once; equal ledgers give equal bytes."""
    content = {
        "format": FORMAT,
        "unit_code": after.node.code,
        "unit_name": after.node.full_name,
        "period_id": after.reckoning.period.period_id,
        "basis": after.reckoning.basis,
        "restates": _side_json(before),
        "closing_day": after.reckoning.closing_day.isoformat(),
        "rulebook": after.reckoning.rulebook,
        "reasons": [
            {"kind": kind, "reason": reason.value, "words": REASON_NAMES[reason], "records": count}
            for (kind, reason), count in ledger.reasons.items()
        ],
        **_cells_json(ledger, after),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _cells_json(ledger: Ledger, after: Side) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    records: dict[tuple[str, str, str], dict[str, Any]] = {}
    for change in sorted_changes(ledger, after.node.code, after.catalogue):
        parts = change.dossiers
        cells.append(
            {
                "cell_id": restated_cell_id(change, after.reckoning, after.node.code, after.is_rollup),
                "measure": measure_words(change.measure, after.catalogue),
                "facet": facet_words(change.measure, change.facet, after.catalogue),
                "unit_code": change.unit,
                "old": change.old,
                "new": change.new,
                "unexplained": change.unexplained,
                "records": [
                    {"code": p.code, "unit_code": p.unit_code, "kind": p.kind, "reason": p.reason.value,
                     "before": p.before, "after": p.after}
                    for p in parts
                ],
            }
        )  # fmt: skip
        for part in parts:
            records.setdefault(
                (part.kind, part.unit_code, part.code),
                {
                    "kind": part.kind, "unit_code": part.unit_code, "code": part.code,
                    "state": [part.state_before, part.state_after],
                    "field": [part.field_before, part.field_after],
                    "file": part.file, "sheet": part.sheet, "row": part.row,
                },
            )  # fmt: skip
    return {"cells": cells, "records": [records[key] for key in sorted(records)]}


def _side_json(side: Side) -> dict[str, Any] | None:
    publication = side.publication
    if publication is None:
        return None
    return {
        "number": publication.number,
        "document_number": publication.document_number,
        "document_date": publication.document_date.isoformat(),
        "known_at": publication.known_at.isoformat(),
        "closing_day": publication.closing_day.isoformat(),
        "rulebook": publication.rulebook,
    }


def _removed(session: Session, side: Side) -> frozenset[tuple[str, str, str]]:
    """Receipts and register lines that decisions took out, named as entries are."""
    units = sorted({code_of(leaf.code) for leaf in side.leaves})
    found: set[tuple[str, str, str]] = set()
    for kind in _KINDS:
        table = RECORD_TABLES[kind]
        rows = read_versions(session.store, kind, side.catalogue, None, units)
        rows = latest_versions(rows, table, with_removed=True)
        rows = rows.filter(pc.is_valid(rows["_removal"]))
        if rows.num_rows == 0:
            continue
        entries = (
            fee_entries(rows, side.reckoning)
            if kind == "fee"
            else document_entries(rows, side.reckoning, side.catalogue.document_types)
        )
        names = (entries[name].to_pylist() for name in ("kind", "unit_code", "record"))
        found.update(zip(*names, strict=True))
    return frozenset(found)
