"""One source against another: receipts against dossiers, the register of documents against results issued."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from expectations.sources import find_rows
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding, Place
from transforms.indicators.plausibility import OUTSIDE_STATUSES, closing_days
from transforms.indicators.state import column
from transforms.report.numbers_vi import percent

AFTER_WITHDRAWAL = "fee.collected.after_withdrawal"
BEFORE_FILED = "fee.collected.before_filed"
FEW_RECEIPTS = "fee.receipts.few"
FEW_DECISIONS = "document.decisions.few"
CROSS_CODES = (AFTER_WITHDRAWAL, BEFORE_FILED, FEW_RECEIPTS, FEW_DECISIONS)

WITHDRAWN, ONLINE = 7, 2
FEE_BEARING_SHARE, FEE_BEARING_LEAST, FEE_BEARING_UNITS = 0.9, 5, 3
"""A procedure bears a fee where in the middle one of at least 3 units, each with at least 5 dossiers of it,
9 in 10 have a receipt."""
FEW_SHARE, FEW_LEAST = 0.3, 10
"""Receipts are few where 3 in 10, and at least 10, dossiers of such procedures have none."""
DECISION_FIELDS = ("bao_tro_xa_hoi", "thi_dua_khen_thuong")
"""Fields whose results are decisions, of the commune or on its proposal; the other fields end in extracts,
certifications and letters."""
DECISIONS_PER_RESULT, LEAST_RESULTS = 0.1, 10
"""A decision often covers several people, so only far fewer decisions than results are worth a look."""
DECISION_TYPE = "quyet_dinh"


def check_fee_dates(fees: pa.Table, dossiers: pa.Table) -> tuple[Finding, ...]:
    """Receipts collected after their dossier was withdrawn, or before it was filed; per unit and file.

    ``fees`` and ``dossiers``: the version of each that counts. Money for a dossier filed online may be paid
    the moment it is filed, days before reception, so such a receipt needs the day of filing; without it the
    receipt is not judged, and neither is one whose dossier no list of the same unit holds.
    """
    if fees.num_rows == 0 or dossiers.num_rows == 0:
        return ()
    at = pc.index_in(_keys(fees), value_set=_keys(dossiers))
    fees, at = fees.filter(pc.is_valid(at)), at.drop_null()
    owned = dossiers.take(at)
    collected = column(fees, "collected_date")
    closed = closing_days(owned)
    is_withdrawn = pc.fill_null(pc.equal(column(owned, "status_code"), WITHDRAWN), False)
    is_after = pc.and_(is_withdrawn, pc.fill_null(pc.greater(collected, closed), False))
    filed, received = (column(owned, name) for name in ("filed_date", "received_date"))
    channel = pc.coalesce(column(fees, "channel_code"), column(owned, "channel_code"))
    may_be_early = pc.and_(pc.is_null(filed), pc.fill_null(pc.equal(channel, ONLINE), True))
    first = pc.min_element_wise(filed, received)
    is_before = pc.and_(pc.invert(may_be_early), pc.fill_null(pc.less(collected, first), False))
    return (
        *find_rows(AFTER_WITHDRAWAL, "fee", "collected_date", fees.filter(is_after), "collected_date"),
        *find_rows(BEFORE_FILED, "fee", "collected_date", fees.filter(is_before), "collected_date"),
    )


def _keys(table: pa.Table) -> pa.Array:
    parts = (pc.fill_null(column(table, name), "") for name in ("unit_code", "dossier_code"))
    return pc.binary_join_element_wise(*parts, "\x1f")


def check_few_receipts(fees: pa.Table, classified: pa.Table) -> tuple[Finding, ...]:
    """``fee.receipts.few``: units whose fee list lacks many dossiers of procedures that always bear a fee.

    Which procedures do is read off the receipts of all units together, so a procedure that is often free is
    never judged. Only dossiers received between the first and the last reception of the unit's own fee list
    count; a unit without a fee list is not judged here (its delivery is what is missing). A place is a
    dossier without a receipt.
    """
    if fees.num_rows == 0 or classified.num_rows == 0:
        return ()
    spans = fees.group_by("unit_code").aggregate([("received_date", "min"), ("received_date", "max")])
    at = pc.index_in(column(classified, "unit_code"), value_set=spans["unit_code"].combine_chunks())
    first, last = (spans[f"received_date_{end}"].combine_chunks().take(at) for end in ("min", "max"))
    received = column(classified, "received_date")
    inside = pc.and_(pc.greater_equal(received, first), pc.less_equal(received, last))
    status = column(classified, "status_code")
    is_outside = pc.is_in(status, value_set=pa.array([*OUTSIDE_STATUSES, WITHDRAWN], status.type))
    judged = classified.filter(pc.and_(pc.fill_null(inside, False), pc.invert(is_outside)))
    judged = judged.filter(pc.is_valid(judged["procedure_id"]))
    has_receipt = pc.is_in(_keys(judged), value_set=_keys(fees))
    judged = judged.append_column("has_receipt", has_receipt.cast(pa.int64()))
    bearing = pa.array(_fee_bearing(judged), pa.string())
    paid = judged.filter(pc.is_in(judged["procedure_id"], value_set=bearing))
    by_unit = paid.group_by("unit_code").aggregate([("has_receipt", "sum"), ("has_receipt", "count")])
    few = {
        unit: total
        for unit, receipts, total in zip(
            *(by_unit[name].to_pylist() for name in ("unit_code", "has_receipt_sum", "has_receipt_count")),
            strict=True,
        )
        if unit and total - receipts >= max(FEW_LEAST, FEW_SHARE * total)
    }
    without = paid.filter(
        pc.and_(
            pc.equal(paid["has_receipt"], 0),
            pc.is_in(paid["unit_code"], value_set=pa.array(list(few), pa.string())),
        )
    )
    places: defaultdict[str, list[Place]] = defaultdict(list)
    names = ("unit_code", "_file", "_sheet", "_row", "dossier_code")
    for unit, file, sheet, row, code in zip(*(without[name].to_pylist() for name in names), strict=True):
        places[unit].append(Place(sheet or "", row or 0, code or "", "", file or ""))
    return tuple(
        Finding(
            FEW_RECEIPTS,
            unit,
            "dossier",
            "",
            "dossier_code",
            (("total", few[unit]), ("share", percent(len(found), few[unit]) or "")),
            tuple(found),
        )
        for unit, found in sorted(places.items())
    )


def _fee_bearing(judged: pa.Table) -> list[str]:
    """Procedures that bear a fee, read off the units' own receipts."""
    groups = judged.group_by(["procedure_id", "unit_code"]).aggregate(
        [("has_receipt", "mean"), ("has_receipt", "count")]
    )
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for procedure, share, count in zip(
        *(groups[name].to_pylist() for name in ("procedure_id", "has_receipt_mean", "has_receipt_count")),
        strict=True,
    ):
        if count >= FEE_BEARING_LEAST:
            shares[procedure].append(share)
    return sorted(
        procedure
        for procedure, found in shares.items()
        if len(found) >= FEE_BEARING_UNITS and median(found) >= FEE_BEARING_SHARE
    )


def check_few_decisions(
    documents: pa.Table, classified: pa.Table, catalogue: Catalogue
) -> tuple[Finding, ...]:
    """``document.decisions.few``: far fewer decisions in the outgoing register than results that are decisions.

    Compared over the days that the unit's register covers, from its first to its last document. A unit
    without an outgoing register is not judged.
    """
    outgoing = documents.filter(
        pc.and_(pc.equal(documents["direction"], "outgoing"), pc.is_valid(documents["issued_date"]))
    )
    if outgoing.num_rows == 0 or classified.num_rows == 0:
        return ()
    is_decision = pc.fill_null(pc.equal(outgoing["document_type_id"], DECISION_TYPE), False).cast(pa.int64())
    spans = (
        outgoing.append_column("decision", is_decision)
        .group_by("unit_code")
        .aggregate([("issued_date", "min"), ("issued_date", "max"), ("decision", "sum")])
    )
    at = pc.index_in(column(classified, "unit_code"), value_set=spans["unit_code"].combine_chunks())
    first, last = (spans[f"issued_date_{end}"].combine_chunks().take(at) for end in ("min", "max"))
    ended = closing_days(classified)
    inside = pc.and_(pc.greater_equal(ended, first), pc.less_equal(ended, last))
    is_result = pc.and_(
        pc.is_in(column(classified, "field_id"), value_set=pa.array(DECISION_FIELDS)),
        pc.invert(pc.fill_null(pc.equal(column(classified, "status_code"), WITHDRAWN), False)),
    )
    results = classified.filter(pc.and_(pc.fill_null(inside, False), is_result))
    counted = {item["values"]: item["counts"] for item in pc.value_counts(results["unit_code"]).to_pylist()}
    names = {field.field_id: field.name for field in catalogue.fields}
    shown = ", ".join(names.get(field, field) for field in DECISION_FIELDS)
    return tuple(
        Finding(
            FEW_DECISIONS,
            unit,
            "document",
            "",
            "document_type_id",
            (("results", counted[unit]), ("decisions", decisions), ("fields", shown)),
        )
        for unit, decisions in sorted(
            zip(spans["unit_code"].to_pylist(), spans["decision_sum"].to_pylist(), strict=True)
        )
        if counted.get(unit, 0) >= LEAST_RESULTS and decisions < DECISIONS_PER_RESULT * counted[unit]
    )
