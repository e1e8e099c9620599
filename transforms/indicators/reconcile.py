"""The same dossiers counted under several rulebooks, and for each difference the dossiers with one reason each.

Two rulebooks differ in rules that are data (``Rulebook``). The rules are switched one after the other, in the
order of ``reconcile_rules.SWITCHES``, from the first rulebook to the second; the first switch after which a
dossier counts as it does under the second is its reason. Every dossier that makes a difference therefore has
exactly one reason for it, and the reasons of a measure add up to its difference whatever the dossiers are: a
dossier that differs at the two ends must have changed at one of the steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.classify import classify
from transforms.catalogue.model import Catalogue
from transforms.indicators.channel import ChannelGroup, channel_group, join_channel
from transforms.indicators.model import Reckoning
from transforms.indicators.population import PLACES, Placement, RulebookError, find_placement
from transforms.indicators.reconcile_model import (
    ON_TIME_PARTS,
    PAUSED,
    RECONCILED,
    UNKNOWN_CHANNEL,
    Comparison,
    Counting,
    Difference,
    DifferingDossier,
    ReasonCount,
    Reconciliation,
    Standing,
)
from transforms.indicators.reconcile_rules import REASON_CODES, switches_between
from transforms.indicators.state import DossierHistory, State, column

Masks = Mapping[str, pa.Array]
"""Measure of ``RECONCILED`` → True for the dossiers that it counts."""


def reconcile(
    history: DossierHistory,
    fees: pa.Table,
    reckoning: Reckoning,
    catalogue: Catalogue,
    units: Sequence[str],
) -> Reconciliation:
    """The dossiers of those units under the reckoning's rulebook, which is the base, and every other one.

    ``history`` and ``fees`` as for ``build_indicators``, placed under the lines of their units. RulebookError when
    the catalogue lacks the base.
    """
    if reckoning.rulebook not in catalogue.rulebooks:
        raise RulebookError(f"the catalogue has no rulebook {reckoning.rulebook}")
    base = catalogue.rulebooks[reckoning.rulebook]
    others = [book for key, book in sorted(catalogue.rulebooks.items()) if key != reckoning.rulebook]
    excluded = [field.field_id for field in catalogue.fields if field.is_excluded]
    classified = classify(history.latest, catalogue)
    fields = column(classified, "field_id")
    is_excluded = pc.is_in(fields, value_set=pa.array(excluded, fields.type))
    unit_codes = column(classified, "unit_code")
    own = pc.is_in(unit_codes, value_set=pa.array(list(units), pa.string()))
    channels = join_channel(classified, fees)
    placements: list[Placement] = []
    masks: list[Masks] = []
    for book in (base, *others):
        placements.append(find_placement(history, fields, is_excluded, reckoning, book))
        masks.append(measure_masks(placements[-1], channels))
    countings = tuple(
        Counting(
            book, replace(reckoning, rulebook=book.rulebook_id), _by_unit(counted, unit_codes, own, units)
        )
        for book, counted in zip((base, *others), masks, strict=True)
    )
    comparisons: list[Comparison] = []
    told: dict[int, list[tuple[str, str, str, int]]] = {}
    for counting, counted in zip(countings[1:], masks[1:], strict=True):
        other = counting.rulebook
        steps = [
            (code, measure_masks(find_placement(history, fields, is_excluded, reckoning, book), channels))
            for code, book in switches_between(base, other)
        ]
        differences = []
        for measure_id, rows, codes, signs in _reasons(own, masks[0], counted, steps):
            for row, code, sign in zip(rows, codes, signs, strict=True):
                told.setdefault(row, []).append((other.rulebook_id, measure_id, code, sign))
            values = countings[0].value(measure_id), counting.value(measure_id)
            differences.append(Difference(measure_id, *values, _counts(codes, signs)))
        comparisons.append(Comparison(base, other, tuple(differences)))
    return Reconciliation(countings, tuple(comparisons), _dossiers(classified, placements, told))


def measure_masks(placement: Placement, channels: pa.Array) -> Masks:
    """Measure of ``RECONCILED`` → True for the dossiers that it counts; ``channels``: ``join_channel``."""
    placed = placement.placed_as
    is_received = placement.is_received
    by_column = {place: _is_one_of(placed, (place,)) for place in PLACES}
    is_paused = _is_one_of(placement.state, (State.PAUSED,))
    return {
        **by_column,
        "received_in_window": is_received,
        "received_online": pc.and_(is_received, pc.equal(channel_group(channels), ChannelGroup.ONLINE.value)),
        "carried_over": placement.is_carried,
        "received_total": pc.or_(is_received, placement.is_carried),
        ON_TIME_PARTS: _is_one_of(placed, PLACES[:2]),
        "resolved_total": _is_one_of(placed, PLACES[:3]),
        "pending_total": _is_one_of(placed, PLACES[3:]),
        PAUSED: pc.and_(placement.is_counted, is_paused),
        UNKNOWN_CHANNEL: pc.and_(is_received, pc.is_null(channels)),
    }


def _reasons(
    own: pa.Array, before: Masks, after: Masks, steps: Sequence[tuple[str, Masks]]
) -> Iterator[tuple[str, list[int], list[str], list[int]]]:
    """(measure, rows that differ, the reason of each, +1 or -1 of each) for each measure that differs."""
    for measure_id in RECONCILED:
        differs = pc.xor(before[measure_id], after[measure_id])
        rows = pc.indices_nonzero(pc.and_(differs, own))
        if len(rows) == 0:
            continue
        final = after[measure_id].take(rows)
        reason = pa.nulls(len(rows), pa.string())
        for code, masks in steps:
            is_final = pc.equal(masks[measure_id].take(rows), final)
            reason = pc.if_else(pc.and_(pc.is_null(reason), is_final), code, reason)
        yield measure_id, rows.to_pylist(), reason.to_pylist(), pc.if_else(final, 1, -1).to_pylist()


def _counts(codes: Sequence[str], signs: Sequence[int]) -> tuple[ReasonCount, ...]:
    pairs = Counter(zip(codes, signs, strict=True))
    present = set(codes)
    return tuple(
        ReasonCount(code, pairs[code, 1], pairs[code, -1]) for code in REASON_CODES if code in present
    )


def _by_unit(
    masks: Masks, unit_codes: pa.Array, own: pa.Array, units: Sequence[str]
) -> dict[tuple[str, str], int]:
    found = {(measure, unit): 0 for measure in RECONCILED for unit in units}
    for measure in RECONCILED:
        for entry in pc.value_counts(unit_codes.filter(pc.and_(masks[measure], own))).to_pylist():
            found[measure, entry["values"]] = entry["counts"]
    return found


_TOLD = (
    "unit_code", "dossier_code", "field_id", "procedure_code", "procedure_name", "status_label",
    "received_date", "due_date", "resolved_date", "returned_date", "_file", "_sheet", "_row",
)  # fmt: skip


def _dossiers(
    classified: pa.Table,
    placements: Sequence[Placement],
    told: Mapping[int, Sequence[tuple[str, str, str, int]]],
) -> tuple[DifferingDossier, ...]:
    at = sorted(told)
    rows = classified.select(list(_TOLD)).take(pa.array(at, pa.int64())).to_pylist()
    standings = [_standings(placement, pa.array(at, pa.int64())) for placement in placements]
    found = [
        DifferingDossier(
            row["unit_code"],
            row["dossier_code"],
            row["field_id"],
            row["procedure_code"] or row["procedure_name"] or "",
            row["status_label"] or "",
            row["received_date"],
            row["due_date"],
            row["resolved_date"],
            row["returned_date"],
            tuple(each[number] for each in standings),
            tuple(told[at[number]]),
            row["_file"] or "",
            row["_sheet"] or "",
            row["_row"] or 0,
        )
        for number, row in enumerate(rows)
    ]
    return tuple(sorted(found, key=lambda each: (each.unit_code, each.dossier_code)))


def _standings(placement: Placement, at: pa.Array) -> list[Standing]:
    names = pc.if_else(placement.is_received, "received", pc.if_else(placement.is_carried, "carried", ""))
    columns = pc.fill_null(placement.placed_as, "")
    pairs = zip(names.take(at).to_pylist(), columns.take(at).to_pylist(), strict=True)
    return [Standing(entry, place) for entry, place in pairs]


def _is_one_of(values: pa.Array, names: Sequence[str]) -> pa.Array:
    return pc.is_in(values, value_set=pa.array([str(name) for name in names], values.type))
