"""Corrections laid over what the store already holds: records that count, and rows that were set apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.build import canonicalise
from transforms.canonical.corrections import (
    CORRECTION_PROFILE,
    CORRECTIONS_FILE,
    REMOVE,
    Correction,
    apply_corrections,
    find_matches,
    take_rows,
)
from transforms.canonical.corrections_file import merged_profile
from transforms.canonical.model import DeliveryContext
from transforms.catalogue.model import Catalogue
from transforms.readers.model import RawExport
from transforms.schema.model import Table
from transforms.schema.tables import ASSIGNED_COLUMNS, RECORD_TABLES

Row = dict[str, Any]
# What an export's dropped text told; a row taken from quarantine has it no more and keeps what was known.
_FROM_DROPPED_TEXT = (
    *("receiving_unit_code", "field_hint", "document_type_id", "issuer_level"),
    *ASSIGNED_COLUMNS,
)
_NOT_TEXT = ("unit_code", "receiving_unit_code", "field_hint", *ASSIGNED_COLUMNS)


@dataclass(frozen=True, slots=True)
class SetApart:
    """One row that a delivery set apart and a correction mends: where it was."""

    delivery_id: str
    sheet: str
    row: int


def mend_records(
    latest: pa.Table, kind: str, corrections: Sequence[Correction], catalogue: Catalogue
) -> pa.Table:
    """New versions of the records that corrections change or remove, in the schema of the kind's table.

    ``latest``: the records that count now. A new version keeps the ``_exported_at`` of the one it mends,
    so that a later export still wins, and its ``_delivery_id`` too, for the writer to tell whose it was;
    ``_file`` and ``_row`` name the entry, ``_known_from`` is null. A record whose key changes is removed
    under the old key. Columns that the correction does not touch keep what the export said, also those
    that were read from text that is dropped.
    """
    table = RECORD_TABLES[kind]
    own = [c for c in corrections if c.kind == kind]
    known_units = {unit.code for unit in catalogue.units}
    found: list[Row] = []
    for unit_code in sorted({c.unit_code for c in own} & known_units):
        rows = latest.filter(pc.equal(latest.column("unit_code"), unit_code))
        if rows.num_rows:
            found.extend(_mend_unit(rows, table, kind, unit_code, own, catalogue))
    return pa.Table.from_pylist(found, schema=table.arrow_schema())


def _mend_unit(
    rows: pa.Table,
    table: Table,
    kind: str,
    unit_code: str,
    corrections: Sequence[Correction],
    catalogue: Catalogue,
) -> Iterable[Row]:
    raw = texts_of(rows, kind)
    laid = apply_corrections(raw, corrections, {unit_code}, catalogue)
    by_id = {correction.correction_id: correction for correction in corrections}
    if laid.removed is not None:
        for position, removed_by in zip(laid.removed.row_numbers.to_pylist(), laid.removed_by, strict=True):
            yield _removal(rows.slice(position, 1).to_pylist()[0], by_id[removed_by])
    if not laid.changed_by:
        return
    after = take_rows(laid.raw, sorted(laid.changed_by))
    at = after.row_numbers.to_pylist()
    last = {
        position: laid.changed_by[new][-1] for position, new in zip(at, sorted(laid.changed_by), strict=True)
    }
    typed_before = _typed(take_rows(raw, at), unit_code, rows, catalogue)
    typed_after = _typed(after, unit_code, rows, catalogue)
    for position in at:
        stored = rows.slice(position, 1).to_pylist()[0]
        if position not in typed_before or position not in typed_after:
            continue  # it would be set apart as it is; the entry then stays unmatched and is said
        changes = {
            name: typed_after[position][name]
            for name in table.content_names
            if typed_after[position][name] != typed_before[position][name] and name != "unit_code"
        }
        mended = {**stored, **changes}
        if all(mended[name] == stored[name] for name in table.content_names):
            continue
        if any(mended[name] != stored[name] for name in table.key):
            yield _removal(stored, last[position])
        yield {**mended, **_written_in(last[position]), "_removal": None}


def mend_quarantined(
    apart: pa.Table,
    profile_ids: Mapping[str, str],
    latest: pa.Table,
    kind: str,
    corrections: Sequence[Correction],
    catalogue: Catalogue,
) -> tuple[pa.Table, tuple[SetApart, ...]]:
    """Versions of the set-apart rows that corrections make readable, and every row that is mended or removed.

    ``apart`` has the schema of ``QUARANTINED``; ``profile_ids``: delivery → its export profile; ``latest``:
    newest version of each record, removed ones too. A row whose record is known from the same or a later
    export needs no version, so that the next night finds nothing to add. Only the raw text of
    allow-listed columns was kept: what the dropped text said stays as an earlier version knew it.
    """
    table = RECORD_TABLES[kind]
    units = {c.unit_code for c in corrections if c.kind == kind}
    apart = apart.filter(
        pc.and_(
            pc.equal(apart.column("kind"), kind),
            pc.is_in(apart.column("unit_code"), pa.array(sorted(units), pa.string())),
        )
    )
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in apart.to_pylist():
        groups.setdefault((row["_delivery_id"], row["unit_code"]), []).append(row)
    known = {unit.code for unit in catalogue.units}
    profiles = {profile.profile_id for profile in catalogue.profiles}
    newest: dict[tuple[object, ...], Row] = {}
    mended: list[SetApart] = []
    for (delivery_id, unit_code), group in groups.items():
        profile_id = profile_ids.get(delivery_id, "")
        if profile_id not in profiles or unit_code not in known:
            continue
        raw = raw_of_quarantined(group, kind, profile_id)
        laid = apply_corrections(raw, corrections, {unit_code}, catalogue)
        gone = laid.removed.row_numbers.to_pylist() if laid.removed is not None else []
        mended.extend(_apart(group[position]) for position in gone)
        if not laid.changed_by:
            continue
        after = take_rows(laid.raw, sorted(laid.changed_by))
        at = dict(zip(after.row_numbers.to_pylist(), sorted(laid.changed_by), strict=True))
        typed = _typed(after, unit_code, pa.Table.from_pylist(group, schema=apart.schema), catalogue)
        for position, record in typed.items():
            mended.append(_apart(group[position]))
            provenance = {name: group[position][name] for name in ("_delivery_id", "_exported_at")}
            record = {
                **record,
                **provenance,
                **_written_in(laid.changed_by[at[position]][-1]),
                "_removal": None,
            }
            key = tuple(record[name] or "" for name in table.key)
            if key not in newest or newest[key]["_exported_at"] < record["_exported_at"]:
                newest[key] = record
    versions = _unknown_to(newest, latest, table)
    return pa.Table.from_pylist(versions, schema=table.arrow_schema()), tuple(mended)


def read_again(
    rows: Sequence[Row],
    texts: Sequence[Mapping[str, str]],
    unit_code: str,
    profile_id: str,
    catalogue: Catalogue,
) -> dict[int, Row]:
    """Position → typed dossier, as the set-apart rows would be read with these texts in place of their own.

    ``rows``: rows of ``QUARANTINED`` of one unit and export profile, ``texts`` beside them. A row that still
    cannot be taken is left out.
    """
    changed = [
        {**row, "raw_json": json.dumps({**json.loads(row["raw_json"]), **text})}
        for row, text in zip(rows, texts, strict=True)
    ]
    raw = raw_of_quarantined(changed, "dossier", profile_id)
    exported = pa.table({"_exported_at": [row["_exported_at"] for row in rows]})
    return _typed(raw, unit_code, exported, catalogue)


def check_matches(
    latest: pa.Table,
    with_removed: pa.Table,
    apart: pa.Table,
    profile_ids: Mapping[str, str],
    kind: str,
    corrections: Sequence[Correction],
    catalogue: Catalogue,
) -> tuple[tuple[Correction, str | None], ...]:
    """Corrections of that kind that are about nothing any more: with the text that stands there, None where no record matches.

    A correction is settled while a record reads what it sets, or is gone where it removes one. A row
    that is still set apart counts as found: its own finding says what is wrong with it.
    """
    table = RECORD_TABLES[kind]
    own = [c for c in corrections if c.kind == kind]
    found: list[tuple[Correction, str | None]] = []
    for unit_code in sorted({c.unit_code for c in own}):
        mine = [c for c in own if c.unit_code == unit_code]
        settled = {c.correction_id: _settled(c, table) for c in mine}
        live = _of_unit(latest, kind, unit_code)
        fulfilled = find_matches(live, tuple(settled.values()), {unit_code}, catalogue)
        standing = find_matches(live, mine, {unit_code}, catalogue)
        ever = set(find_matches(_of_unit(with_removed, kind, unit_code), mine, {unit_code}, catalogue))
        for group in _groups(apart, kind, unit_code):
            raw = raw_of_quarantined(group, kind, profile_ids.get(group[0]["_delivery_id"], ""))
            ever |= set(find_matches(raw, mine, {unit_code}, catalogue))
        for correction in mine:
            identity = correction.correction_id
            if correction.action == REMOVE:
                if identity not in ever:
                    found.append((correction, None))
            elif settled[identity].correction_id not in fulfilled:
                if identity in standing:
                    found.append((correction, standing[identity][0]))
                elif identity not in ever:
                    found.append((correction, None))
    return tuple(found)


def texts_of(rows: pa.Table, kind: str) -> RawExport:
    """Typed records as an export would spell them; row numbers are positions in ``rows``."""
    table = RECORD_TABLES[kind]
    texts: dict[str, pa.Array] = {}
    for name in table.content_names:
        if name in _NOT_TEXT:
            continue
        column = rows.column(name)
        is_day = pa.types.is_date(table.column(name).type)
        texts[name] = pc.strftime(column, format="%d/%m/%Y") if is_day else column.cast(pa.string())
    return RawExport(
        profile_id=CORRECTION_PROFILE,
        kind=kind,
        body=pa.table(texts),
        row_numbers=pa.array(range(rows.num_rows), pa.int64()),
        sheets=pa.repeat(pa.scalar("", pa.string()), rows.num_rows),
    )


def raw_of_quarantined(group: Sequence[Row], kind: str, profile_id: str) -> RawExport:
    """Set-apart rows of one delivery as the export they came from; row numbers are positions in ``group``."""
    texts = [json.loads(row["raw_json"]) for row in group]
    names = sorted({name for text in texts for name in text if name in RECORD_TABLES[kind].content_names})
    body = {name: pa.array([text.get(name) for text in texts], pa.string()) for name in names}
    return RawExport(
        profile_id=profile_id,
        kind=kind,
        body=pa.table(body) if body else pa.table({"_none": pa.nulls(len(group), pa.string())}),
        row_numbers=pa.array(range(len(group)), pa.int64()),
        sheets=pa.repeat(pa.scalar("", pa.string()), len(group)),
    )


def _typed(raw: RawExport, unit_code: str, rows: pa.Table, catalogue: Catalogue) -> dict[int, Row]:
    """Row number → typed record, of the rows that can be taken. Rows with one key twice all count."""
    taken_at: datetime = pc.max(rows.column("_exported_at")).as_py()
    own = replace(merged_profile(raw.kind, catalogue), profile_id=CORRECTION_PROFILE)
    with_own = replace(catalogue, profiles=(*catalogue.profiles, own))
    context = DeliveryContext("", unit_code, CORRECTIONS_FILE, taken_at, (taken_at, ""))
    result = canonicalise(raw, context, with_own)
    both = pa.concat_tables([result.records, result.superseded])
    return {row["_row"]: row for row in both.to_pylist()}


def _unknown_to(newest: Mapping[tuple[object, ...], Row], latest: pa.Table, table: Table) -> list[Row]:
    """The records that no version of the same or a later export knows, completed from an earlier one."""
    units = sorted({str(record["unit_code"]) for record in newest.values()})
    near = latest.filter(pc.is_in(latest.column("unit_code"), pa.array(units, pa.string())))
    known = {tuple(row[name] or "" for name in table.key): row for row in near.to_pylist()} if newest else {}
    found: list[Row] = []
    for key, record in newest.items():
        earlier = known.get(key)
        if earlier is not None and earlier["_exported_at"] >= record["_exported_at"]:
            continue
        for name in _FROM_DROPPED_TEXT:
            if earlier is not None and name in record and record[name] is None:
                record[name] = earlier[name]
        found.append(record)
    return found


def _settled(correction: Correction, table: Table) -> Correction:
    """The same correction looking for what it sets."""
    texts = {**dict(correction.match), correction.column: correction.value}
    order = table.content_names
    names = sorted((name for name in texts if name), key=order.index)
    return replace(correction, match=tuple((name, texts[name]) for name in names))


def _of_unit(rows: pa.Table, kind: str, unit_code: str) -> RawExport:
    return texts_of(rows.filter(pc.equal(rows.column("unit_code"), unit_code)), kind)


def _groups(apart: pa.Table, kind: str, unit_code: str) -> Iterable[list[Row]]:
    own = apart.filter(
        pc.and_(pc.equal(apart.column("kind"), kind), pc.equal(apart.column("unit_code"), unit_code))
    )
    groups: dict[str, list[Row]] = {}
    for row in own.to_pylist():
        groups.setdefault(row["_delivery_id"], []).append(row)
    return groups.values()


def _removal(stored: Row, correction: Correction) -> Row:
    return {**stored, **_written_in(correction), "_removal": correction.correction_id}


def _written_in(correction: Correction) -> Row:
    return {"_file": correction.file, "_sheet": None, "_row": correction.line, "_known_from": None}


def _apart(row: Row) -> SetApart:
    return SetApart(row["_delivery_id"], row["_sheet"] or "", row["_row"])
