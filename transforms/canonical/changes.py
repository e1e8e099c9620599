"""What a unit changed in its own file before it sent it back, as corrections of the next exports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.comparing import Comparer
from transforms.canonical.corrections import SET, Correction
from transforms.canonical.corrections_file import NOT_CORRECTED, NOT_MENDABLE
from transforms.schema.keys import key_texts
from transforms.schema.model import Table
from transforms.schema.tables import ASSIGNED_COLUMNS, RECORD_TABLES

Row = dict[str, Any]
Spot = tuple[str, int]
"""Sheet and row number in the file as it was sent."""

_LEADS = {"dossier": "dossier_code", "fee": "dossier_code", "overdue": "dossier_code", "document": "symbol"}
_STEADY = {
    "dossier": ("received_date", "procedure_code_raw", "procedure_name"),
    "fee": ("receipt_number", "collected_date", "total_amount"),
    "overdue": ("received_date", "due_date"),
    "document": ("register_number", "issued_date", "arrived_date"),
}
"""Columns that do not change while a record lives; they tell two rows with one code apart."""
_UNREADABLE = ("impossible", "unreadable")


@dataclass(frozen=True, slots=True)
class Remark:
    """What the list that went out said about one row, and what came back beside it."""

    subject: str = ""
    columns: frozenset[str] = frozenset()
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class SentBack:
    """The rows of a returned workbook beside what was known of them when it went out."""

    kind: str
    edited: pa.Table
    """Typed records that say something else than before (``split_edited``)."""
    keys: frozenset[str]
    """Keys of all its records (``key_texts``)."""
    raw: pa.Table
    """Texts of all its rows by source column, with ``_sheet`` and ``_row``."""
    known: pa.Table
    """Newest version of each record at the time of the export, in the schema of the kind's table."""
    apart: Sequence[Row]
    """Rows that were set apart by the delivery and by those it answers in its turn, as rows of ``QUARANTINED``."""
    remarks: Mapping[Spot, Remark]
    file: str
    brought_by: str
    """Delivery of the returned workbook."""
    day: date


@dataclass(frozen=True, slots=True)
class Changes:
    """The decisions of a returned workbook, and the records that it gave another key."""

    corrections: tuple[Correction, ...]
    removed: tuple[tuple[Row, str], ...]
    """Known records that now have another key, each with the correction that says so."""


def split_edited(records: pa.Table, known: Sequence[pa.Table], table: Table) -> pa.Array:
    """True for the records that say something else than each of the known tables; nothing else was edited."""
    told = [_contents(rows, table) for rows in known]
    return pc.invert(pc.is_in(_contents(records, table), value_set=pa.concat_arrays(told)))


def find_changes(sent: SentBack, comparer: Comparer) -> Changes:
    """The corrections that make the next export read as the unit mended this one.

    A record is found by its key. A row that was set apart is found by its code, else by its row number
    where nothing but what the list complained about has changed; where that does not fit it is a new row.
    A changed code is a correction of the code, told by the list's own line about that row, and the record
    under the old code is taken out unless another row still carries it. No correction is made of columns
    that are read from text which is dropped, and none of supplements and summaries.
    """
    if sent.kind in NOT_CORRECTED or sent.edited.num_rows == 0:
        return Changes((), ())
    return _Finder(sent, comparer).find()


class _Finder:
    def __init__(self, sent: SentBack, comparer: Comparer) -> None:
        self._sent, self._comparer = sent, comparer
        self._table = RECORD_TABLES[sent.kind]
        self._lead = _LEADS[sent.kind]
        names = [name for name in self._table.content_names if name in sent.raw.column_names]
        self._names = [name for name in names if name not in NOT_MENDABLE]
        rows = _rows_of(sent.edited, sent.raw)
        self._raw = {_spot(row): {name: row[name] or "" for name in names} for row in rows}
        wanted = key_texts(sent.edited, self._table)
        near = sent.known.filter(
            pc.is_in(sent.known.column("unit_code"), sent.edited.column("unit_code").unique())
        )
        self._known = dict(zip(key_texts(near, self._table).to_pylist(), near.to_pylist(), strict=True))
        self._keys = wanted.to_pylist()
        self._apart = [(row, json.loads(row["raw_json"])) for row in sent.apart if row["kind"] == sent.kind]

    def find(self) -> Changes:
        renamed: list[Correction] = []
        others: list[Correction] = []
        removed: list[tuple[Row, str]] = []
        for row, key in zip(self._sent.edited.to_pylist(), self._keys, strict=True):
            raw = self._raw.get(_spot(row), {})
            if key in self._known:
                others.extend(self._of_known(row, raw, self._known[key]))
            elif apart := self._set_apart(row, raw):
                for item in apart:
                    others.extend(self._of_set_apart(row, raw, item))
            elif (correction := self._of_renamed(row, raw)) is not None:
                renamed.append(correction)
                if (gone := self._left_behind(row, correction.was or "")) is not None:
                    removed.append((gone, correction.correction_id))
        # A code is mended before the columns of the record that keeps it.
        return Changes((*renamed, *others), tuple(removed))

    def _of_known(self, row: Row, raw: Mapping[str, str], known: Row) -> Iterator[Correction]:
        match = [(name, _text(known[name])) for name in self._table.key if name != "unit_code"]
        for name in self._names:
            if name in self._table.key or row[name] == known[name]:
                continue
            if not raw.get(name) and row[name] is not None:
                continue  # worked out from other columns, which are corrected themselves
            yield self._correction(row, match, name, _text(known[name]), raw.get(name, ""))

    def _set_apart(self, row: Row, raw: Mapping[str, str]) -> list[tuple[Row, dict[str, str]]]:
        """The set-apart rows that this record was, one of each delivery at most."""
        found = [item for item in self._apart if self._has_code(item[1], row)]
        if not found:
            found = [item for item in self._apart if self._fits(*item, row, raw)]
        # Of two rows with one code the one that stands in the same place is meant.
        found.sort(key=lambda item: _spot(item[0]) != _spot(row))
        by_delivery: dict[str, tuple[Row, dict[str, str]]] = {}
        for apart, texts in found:
            by_delivery.setdefault(apart["_delivery_id"], (apart, texts))
        return list(by_delivery.values())

    def _fits(self, apart: Row, texts: Mapping[str, str], row: Row, raw: Mapping[str, str]) -> bool:
        """True for a row without a code in the same place of which only what was complained about has changed."""
        if _spot(apart) != _spot(row) or texts.get(self._lead):
            return False
        remark = self._sent.remarks.get(_spot(row), Remark())
        steady = [name for name in texts if name not in {*remark.columns, apart["column_name"], self._lead}]
        return bool(steady) and all(
            self._comparer.same(name, texts[name], raw.get(name, "")) for name in steady
        )

    def _has_code(self, texts: Mapping[str, str], row: Row) -> bool:
        """True when the set-apart row carries the key of the record, as far as it has one."""
        if not texts.get(self._lead):
            return False
        names = [n for n in self._table.key if texts.get(n) and self._comparer.is_readable(n, texts[n])]
        return all(
            self._comparer.same(name, texts[name], _text(row[name])) for name in names if name != "unit_code"
        )

    def _of_set_apart(
        self, row: Row, raw: Mapping[str, str], found: tuple[Row, dict[str, str]]
    ) -> Iterator[Correction]:
        apart, texts = found
        changed: list[tuple[str, str | None]] = []
        for name in self._names:
            was: str | None = texts.get(name, "")
            if not was and name == "channel_code":
                continue  # a label that nobody knows is not kept, so nobody can tell whether it was changed
            if not was and name == apart["column_name"] and apart["finding_code"].endswith(_UNREADABLE):
                was = None  # the text was not one that may be kept
            if was is None or not self._comparer.same(name, was, raw.get(name, "")):
                changed.append((name, was))
        names = {name for name, _ in changed}
        key = [(name, texts[name]) for name in self._table.key if texts.get(name) and name not in names]
        steady = [
            (name, texts[name]) for name in self._table.content_names if texts.get(name) and name not in names
        ]
        match = key if any(name == self._lead for name, _ in key) else steady
        if match:
            for name, was in changed:
                yield self._correction(row, match, name, was, raw.get(name, ""))

    def _of_renamed(self, row: Row, raw: Mapping[str, str]) -> Correction | None:
        old = self._sent.remarks.get(_spot(row), Remark()).subject
        if not old or self._lead not in raw or self._comparer.same(self._lead, old, raw[self._lead]):
            return None
        steady = [(name, raw[name]) for name in _STEADY[self._sent.kind] if raw.get(name)]
        return self._correction(row, [(self._lead, old), *steady], self._lead, old, raw[self._lead])

    def _left_behind(self, row: Row, old: str) -> Row | None:
        """The known record under the old code, where it is this very record and no other row carries it."""
        code = self._comparer.comparable(self._lead, old)
        before = {**row, self._lead: code}
        key = "\x1f".join(_key_text(before[name]) for name in self._table.key)
        known = self._known.get(key)
        if known is None or key in self._sent.keys:
            return None
        is_same = all(known[name] == before[name] for name in _compared(self._table))
        return known if is_same else None

    def _correction(
        self, row: Row, match: Iterable[tuple[str, str]], column: str, was: str | None, value: str
    ) -> Correction:
        remark = self._sent.remarks.get(_spot(row), Remark())
        where = f"{row['_sheet']} dòng {row['_row']}" if row["_sheet"] else f"dòng {row['_row']}"
        order = self._table.content_names
        return Correction(
            unit_code=row["unit_code"],
            kind=self._sent.kind,
            match=tuple(sorted(match, key=lambda item: order.index(item[0]))),
            action=SET,
            column=column,
            was=was,
            value=value,
            reason=remark.reason or "Đơn vị sửa trong tệp gửi lại.",
            owner=remark.owner or "đơn vị",
            decided_on=self._sent.day,
            source=f"{self._sent.file} › {where}",
            file=self._sent.file,
            line=row["_row"],
            brought_by=self._sent.brought_by,
        )


def _rows_of(edited: pa.Table, raw: pa.Table) -> list[Row]:
    """The raw rows of the edited records."""
    wanted = pa.array(sorted(set(edited.column("_row").to_pylist())), pa.int64())
    return list(raw.filter(pc.is_in(raw.column("_row"), value_set=wanted)).to_pylist())


def _contents(rows: pa.Table, table: Table) -> pa.Array:
    parts = [pc.fill_null(rows.column(name).cast(pa.string()), "\x00") for name in _compared(table)]
    joined = pc.binary_join_element_wise(*parts, "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _compared(table: Table) -> list[str]:
    """Columns that a unit can have edited: who works on it follows from the officers file of the day."""
    return [name for name in table.content_names if name not in ASSIGNED_COLUMNS]


def _spot(row: Row) -> Spot:
    return row["_sheet"] or "", row["_row"]


def _text(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _key_text(value: object) -> str:
    """As ``key_texts`` spells it."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
