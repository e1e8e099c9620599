"""One reason for every dossier that counts otherwise, for its field and for the rest of its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.history.restating.model import REASONS, SOURCE, Counted, LedgerContext, Numbers, Reason
from transforms.history.restating.pairs import Mask, Pairs, as_mask

_CLOSED = ("early", "on_time", "late", "withdrawn")
_RUNNING = ("within", "overdue")
_WITHDRAWN_STATUS = 7
_ENDED_STATUSES = (7, 9, 10)
"""National Portal list 1-10 (DOMAIN.md 3.5)."""
_DATES = ("received_date", "due_date", "resolved_date", "returned_date")

Labels = np.ndarray[tuple[int], np.dtype[np.str_]]


@dataclass(frozen=True, slots=True)
class DossierReasons:
    """Reasons beside the pairs."""

    place: Labels
    """Why state, channel or presence differ."""
    field: Labels
    """Why the field differs; "" where it does not."""

    def of(self, rows: Numbers, is_total: Mask) -> Numbers:
        """The reason of each part, a place in ``REASONS``: a cell of one field changes with the field, the
        total does not.
        """
        place, field = (_numbers(labels)[rows] for labels in (self.place, self.field))
        return np.where(~is_total & (field >= 0), field, place)


def find_dossier_reasons(
    pairs: Pairs, before: Counted, after: Counted, context: LedgerContext
) -> DossierReasons:
    """The reasons of the pairs of two counts.

    The gravest first: a retraction explains everything that it changes, then what people decided, then what
    the dossier itself went through, then what only the way of counting changed.
    """
    field = _field_reasons(pairs)
    is_out_of_count = pairs.differs("is_excluded") & (field != "")
    place = np.select(
        [
            pairs.is_added,
            pairs.is_removed,
            _is_in(pairs.before["_delivery_id"], context.retracted),
            pairs.differs("unit_code"),
            is_out_of_count,
        ],
        [
            _added_reasons(pairs, before, context),
            _removed_reasons(pairs, after),
            _same(pairs, Reason.RETRACTED),
            np.where(_is_same_row(pairs), Reason.CATALOGUE_CHANGE, Reason.CORRECTED),
            field,
        ],
        _state_reasons(pairs, before, after, context),
    )
    # Where the dossier as a whole came, went or moved, its field says nothing of its own.
    is_whole = (
        pairs.is_added
        | pairs.is_removed
        | pairs.differs("unit_code")
        | _is_in(pairs.before["_delivery_id"], context.retracted)
    )
    return DossierReasons(place.astype(str), np.where(is_whole, "", field).astype(str))


def _numbers(labels: Labels) -> Numbers:
    found = np.full(len(labels), -1, dtype=np.int64)
    for number, reason in enumerate(REASONS):
        found[labels == reason.value] = number
    return found


def _field_reasons(pairs: Pairs) -> Labels:
    reasons = np.where(pairs.differs("procedure"), Reason.RECLASSIFIED, Reason.CATALOGUE_CHANGE)
    return np.where(pairs.differs("field_id", "is_excluded"), reasons, "").astype(str)


def _added_reasons(pairs: Pairs, before: Counted, context: LedgerContext) -> Labels:
    delivery = pairs.after["_delivery_id"]
    return _first_of(
        pairs,
        [
            # The unit was not looked at before: it is the map of units that changed.
            (~_is_in(pairs.after["unit_code"], before.units), Reason.CATALOGUE_CHANGE),
            # A row that was set apart until a decision mended it, or that was left out by one.
            (_is_in(delivery, context.corrections | before.deliveries), Reason.CORRECTED),
        ],
        Reason.NEW_DELIVERY,
    )


def _removed_reasons(pairs: Pairs, after: Counted) -> Labels:
    is_elsewhere = ~_is_in(pairs.before["unit_code"], after.units)
    return np.where(is_elsewhere, Reason.CATALOGUE_CHANGE, Reason.RETRACTED).astype(str)


def _state_reasons(pairs: Pairs, before: Counted, after: Counted, context: LedgerContext) -> Labels:
    was, now = pairs.before, pairs.after
    is_new_fact = pairs.differs(*_DATES, "status_code")
    is_decided = (
        is_new_fact
        & _is_in(now["_delivery_id"], context.corrections)
        & pairs.differs("_delivery_id", "_file", "_row")
    )
    is_withdrawn = (_equals(now["state"], "withdrawn") & ~_equals(was["state"], "withdrawn")) | (
        _equals(now["status_code"], _WITHDRAWN_STATUS) & ~_equals(was["status_code"], _WITHDRAWN_STATUS)
    )
    is_status_only = pairs.differs("status_code") & ~pairs.differs(*_DATES)
    is_same_state = ~pairs.differs("state", "state_at_opening")
    has_other_days = (before.closing_day, before.first_day) != (after.closing_day, after.first_day)
    is_running = _is_in(was["state"], _RUNNING) & _is_in(now["state"], _RUNNING)
    return _first_of(
        pairs,
        [
            (is_decided, Reason.CORRECTED),
            # The same stored row with another status: a label of its own got a meaning.
            (is_status_only & _is_same_row(pairs), Reason.CATALOGUE_CHANGE),
            (
                is_same_state
                & pairs.differs("placed_as")
                & ~pairs.differs("channel_group", "is_received_in_window")
                & (before.rulebook != after.rulebook),
                Reason.RULEBOOK_CHANGE,
            ),
            # The same facts up to the same day: only the way of counting can make another state of them.
            (
                ~is_new_fact
                & ~pairs.differs("channel_group")
                & (not has_other_days)
                & (before.rulebook != after.rulebook),
                Reason.RULEBOOK_CHANGE,
            ),
            (is_withdrawn & is_new_fact, Reason.WITHDRAWN),
            (
                is_running & ~_has_rewritten(pairs, ("received_date", "due_date")) & has_other_days,
                Reason.CLOSING_DAY,
            ),
            (is_new_fact & _has_moved_on(pairs) & ~is_running, Reason.CLOSED_LATE),
            (
                ~is_new_fact & ~is_same_state & has_other_days,
                Reason.CLOSING_DAY,
            ),
            (
                ~is_new_fact & ~pairs.differs("channel_group", "placed_as") & has_other_days,
                Reason.CLOSING_DAY,
            ),
        ],
        Reason.CORRECTED,
    )


def _has_moved_on(pairs: Pairs) -> Mask:
    """True where an end or a status came and nothing that was stated before was taken back."""
    was, now = pairs.before, pairs.after
    gained = pairs.differs("status_code")
    for name in ("received_date", "resolved_date", "returned_date"):
        gained |= as_mask(pc.and_(pc.is_null(was[name]), pc.is_valid(now[name])))
    is_reopened = _is_in(was["state"], _CLOSED) & ~_is_in(now["state"], _CLOSED)
    is_taken_back = _is_in(was["status_code"], _ENDED_STATUSES) & ~_is_in(now["status_code"], _ENDED_STATUSES)
    rewritten = _has_rewritten(pairs, ("received_date", "resolved_date", "returned_date"))
    return gained & ~is_reopened & ~is_taken_back & ~rewritten


def _has_rewritten(pairs: Pairs, names: Sequence[str]) -> Mask:
    """True where a day that was stated reads otherwise or is gone."""
    found = np.zeros(pairs.before.num_rows, dtype=bool)
    for name in names:
        found |= as_mask(pc.is_valid(pairs.before[name])) & pairs.differs(name)
    return found


def _is_same_row(pairs: Pairs) -> Mask:
    return ~pairs.differs(*(name for name, _ in SOURCE))


def _is_in(column: pa.ChunkedArray, values: Sequence[str] | Sequence[int] | frozenset[str]) -> Mask:
    return as_mask(pc.is_in(column, value_set=pa.array(sorted(values), column.type), skip_nulls=True))


def _equals(column: pa.ChunkedArray, value: str | int) -> Mask:
    return as_mask(pc.equal(column, pa.scalar(value, column.type)))


def _same(pairs: Pairs, reason: Reason) -> Labels:
    return np.full(pairs.before.num_rows, reason.value)


def _first_of(pairs: Pairs, choices: Sequence[tuple[Mask, Reason]], otherwise: Reason) -> Labels:
    """The reason of the first condition that holds."""
    conditions = [condition for condition, _ in choices]
    return np.select(
        conditions, [_same(pairs, reason) for _, reason in choices], _same(pairs, otherwise)
    ).astype(str)
