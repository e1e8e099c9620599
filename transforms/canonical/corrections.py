"""Corrections as data: what people decided about single records, laid over the text of an export."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.comparing import Comparer, raw_names
from transforms.canonical.source import one_array, tidied_codes
from transforms.catalogue.model import Catalogue
from transforms.readers.model import RawExport
from transforms.readers.values import parse_unique
from transforms.schema.tables import RECORD_TABLES

SET, REMOVE = "set", "remove"
CORRECTION_PROFILE = "motcua.correction.v1"
"""Profile of the deliveries that mend what the store already holds."""
CORRECTIONS_FILE = "corrections.yml"


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision about the records that ``match``: a column that must read otherwise, or the record removed.

    The same value comes from ``corrections.yml`` and from a returned workbook.
    """

    unit_code: str
    kind: str
    match: tuple[tuple[str, str], ...]
    """Canonical column → text: the record's key, or raw texts of a row that has none."""
    action: str
    """``set`` or ``remove``."""
    column: str
    """Canonical column to set; empty for a removal."""
    was: str | None
    """Text that stands there now, "" for an empty cell; None for any text that cannot be read."""
    value: str
    """Text to read instead; "" empties the cell."""
    reason: str
    owner: str
    decided_on: date | None
    source: str
    """Where it is written: "corrections.yml dòng 12"."""
    file: str
    line: int
    brought_by: str = ""
    """Delivery of the returned workbook; empty for an entry of corrections.yml."""

    @property
    def correction_id(self) -> str:
        """16 hex digits over what was decided, by whom and why; where it is written does not count."""
        day = self.decided_on.isoformat() if self.decided_on else ""
        parts = (self.unit_code, self.kind, self.match, self.action, self.column, self.was, self.value)
        text = json.dumps([*parts, self.reason, self.owner, day, self.brought_by], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def subject(self) -> str:
        """What to call the record: its code where the match has one, else the first text of the match."""
        texts = dict(self.match)
        for name in RECORD_TABLES[self.kind].key:
            if texts.get(name):
                return texts[name]
        return next((text for text in texts.values() if text), "")


@dataclass(frozen=True, slots=True)
class CorrectedExport:
    """An export with its corrections laid over it.

    ``raw`` lacks the removed rows; ``removed`` holds them alone, and ``removed_by`` beside them the
    correction that took each out. ``applied``: correction id → rows changed or removed. ``changed_by``:
    position in ``raw`` → the corrections that changed that row. ``unmatched``: corrections that found
    their record with neither the old nor the new text, each with the text that stands there.
    """

    raw: RawExport
    removed: RawExport | None = None
    removed_by: tuple[str, ...] = ()
    applied: Mapping[str, int] = field(default_factory=dict)
    changed_by: Mapping[int, tuple[Correction, ...]] = field(default_factory=dict)
    unmatched: tuple[tuple[Correction, str], ...] = ()


def apply_corrections(
    raw: RawExport, corrections: Sequence[Correction], unit_codes: Set[str], catalogue: Catalogue
) -> CorrectedExport:
    """The export as it reads with the corrections of its kind and of those units.

    They are laid over one after the other, so that a later one may mend what an earlier one set. Two texts
    are equal when they are equal after tidying, or when both are read as the same value ("31/08/2021
    08:00" is "31/08/2021"). Nothing is parsed here: a row with an impossible day that a correction mends
    is simply read like any other afterwards.
    """
    wanted = [c for c in corrections if c.kind == raw.kind and c.unit_code in unit_codes]
    if not wanted or not raw.body.num_rows:
        return CorrectedExport(raw)
    return _Overlay(raw, wanted, catalogue).lay()


def find_matches(
    raw: RawExport, corrections: Sequence[Correction], unit_codes: Set[str], catalogue: Catalogue
) -> Mapping[str, tuple[str, ...]]:
    """Correction id → the text of its column in every row that it matches now; corrections without a row are left out."""
    wanted = [c for c in corrections if c.kind == raw.kind and c.unit_code in unit_codes]
    if not wanted or not raw.body.num_rows:
        return {}
    return _Overlay(raw, wanted, catalogue).matches()


class _Overlay:
    """The rows that any correction may be about, as texts that change while corrections are laid over."""

    def __init__(self, raw: RawExport, corrections: Sequence[Correction], catalogue: Catalogue) -> None:
        profile = next((p for p in catalogue.profiles if p.profile_id == raw.profile_id), None)
        self._raw, self._corrections = raw, corrections
        self._comparer = Comparer(raw.kind, catalogue, profile)
        self._constants: Mapping[str, str] = profile.constants if profile else {}
        self._leads = {c.correction_id: self._lead(c) for c in corrections}
        self._index: dict[tuple[str, str], list[int]] = {}
        self._rows: dict[int, dict[str, str]] = {}
        self._find_candidates()

    def lay(self) -> CorrectedExport:
        applied: dict[str, int] = {}
        removed: dict[int, str] = {}
        changed: dict[int, list[Correction]] = {}
        texts: dict[str, dict[int, str]] = {}
        unmatched: list[tuple[Correction, str]] = []
        for correction in self._corrections:
            for position in sorted(self._index.get(self._leads[correction.correction_id], ())):
                row = self._rows[position]
                if position in removed or not self._fits(correction, row):
                    continue
                if correction.action == REMOVE:
                    removed[position] = correction.correction_id
                else:
                    now = self._text(row, correction.column)
                    if not self._comparer.was(correction.column, correction.was, now):
                        if not self._comparer.same(correction.column, now, correction.value):
                            unmatched.append((correction, now))
                        continue
                    name = self._target(row, correction.column)
                    row[name] = correction.value
                    texts.setdefault(name, {})[position] = correction.value
                    self._add(correction.column, correction.value, position)
                    changed.setdefault(position, []).append(correction)
                applied[correction.correction_id] = applied.get(correction.correction_id, 0) + 1
        return self._result(texts, removed, applied, changed, unmatched)

    def matches(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for correction in self._corrections:
            near = (self._rows[at] for at in self._index.get(self._leads[correction.correction_id], ()))
            rows = [row for row in near if self._fits(correction, row)]
            if rows:
                found[correction.correction_id] = tuple(self._text(row, correction.column) for row in rows)
        return found

    def _lead(self, correction: Correction) -> tuple[str, str]:
        """The part of the match by which rows are looked up: the first key column that it states."""
        match = dict(correction.match)
        names = [name for name in (*RECORD_TABLES[self._raw.kind].key, *match) if match.get(name)]
        return names[0], self._comparer.comparable(names[0], match[names[0]])

    def _find_candidates(self) -> None:
        body = self._raw.body
        wanted: dict[str, set[str]] = {}
        for column, text in self._leads.values():
            wanted.setdefault(column, set()).add(text)
        for column, values in wanted.items():
            for name in raw_names(column):
                if name not in body.column_names:
                    continue
                texts = self._comparables(column, one_array(body.column(name)))
                hits = pc.indices_nonzero(pc.is_in(texts, value_set=pa.array(sorted(values), pa.string())))
                self._fetch(hits)
                for position, text in zip(hits.to_pylist(), texts.take(hits).to_pylist(), strict=True):
                    self._index.setdefault((column, text), []).append(position)

    def _comparables(self, column: str, texts: pa.Array) -> pa.Array:
        if column == "dossier_code":
            return tidied_codes(texts)  # codes hardly repeat, so they must not be looked at one by one
        return parse_unique(texts, lambda text: self._comparer.comparable(column, text), pa.string())[0]

    def _fetch(self, positions: pa.Array) -> None:
        rows = self._raw.body.take(positions).to_pylist()
        for position, row in zip(positions.to_pylist(), rows, strict=True):
            self._rows.setdefault(position, {name: text or "" for name, text in row.items()})

    def _add(self, column: str, text: str, position: int) -> None:
        places = self._index.setdefault((column, self._comparer.comparable(column, text)), [])
        if position not in places:
            places.append(position)

    def _fits(self, correction: Correction, row: Mapping[str, str]) -> bool:
        return all(self._comparer.same(name, self._text(row, name), text) for name, text in correction.match)

    def _text(self, row: Mapping[str, str], column: str) -> str:
        texts = (row[name] for name in raw_names(column) if name in row)
        return next((text for text in texts if text), self._constants.get(column, ""))

    def _target(self, row: Mapping[str, str], column: str) -> str:
        """The source column that holds the canonical column in this row, or should."""
        present = [name for name in raw_names(column) if name in row]
        return next((name for name in present if row[name]), (present or raw_names(column))[0])

    def _result(
        self,
        texts: Mapping[str, Mapping[int, str]],
        removed: Mapping[int, str],
        applied: Mapping[str, int],
        changed: Mapping[int, Sequence[Correction]],
        unmatched: Sequence[tuple[Correction, str]],
    ) -> CorrectedExport:
        raw = replace(self._raw, body=_with_texts(self._raw.body, texts, self._constants))
        gone = sorted(removed)
        kept = (
            [position for position in range(raw.data_row_count) if position not in removed] if gone else None
        )
        at = {position: new for new, position in enumerate(kept)} if kept is not None else None
        return CorrectedExport(
            raw=raw if kept is None else take_rows(raw, kept),
            removed=take_rows(raw, gone) if gone else None,
            removed_by=tuple(removed[position] for position in gone),
            applied=applied,
            changed_by={
                position if at is None else at[position]: tuple(corrections)
                for position, corrections in changed.items()
                if at is None or position in at
            },
            unmatched=tuple(unmatched),
        )


def take_rows(raw: RawExport, positions: Iterable[int]) -> RawExport:
    """The export with only those data rows, in that order; its other rows are counted as before."""
    at = pa.array(list(positions), pa.int64())
    return replace(
        raw,
        body=raw.body.take(at),
        row_numbers=one_array(raw.row_numbers).take(at),
        sheets=one_array(raw.sheets).take(at),
        group_names=None if raw.group_names is None else one_array(raw.group_names).take(at),
    )


def _with_texts(
    body: pa.Table, texts: Mapping[str, Mapping[int, str]], constants: Mapping[str, str]
) -> pa.Table:
    """The body with some texts replaced; a column that the export lacks is added."""
    for name, by_row in texts.items():
        if name in body.column_names:
            column = one_array(body.column(name)).cast(pa.string())
        else:
            column = pa.repeat(pa.scalar(constants.get(name), pa.string()), body.num_rows)
        rows = sorted(by_row)
        mask = pc.is_in(pa.array(range(body.num_rows), pa.int64()), value_set=pa.array(rows, pa.int64()))
        column = pc.replace_with_mask(
            column, mask, pa.array([by_row[row] or None for row in rows], pa.string())
        )
        if name in body.column_names:
            body = body.set_column(body.column_names.index(name), name, column)
        else:
            body = body.append_column(name, column)
    return body
