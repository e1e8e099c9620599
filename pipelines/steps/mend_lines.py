"""Open findings as the lines that each delivery's sender gets to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.explained import Explanation
from expectations.messages import build_column_labels
from pipelines.session import Session
from pipelines.steps.explanations import read_explanations
from pipelines.steps.open_findings import ABOUT_REPORTS
from pipelines.steps.recording import Describer
from pipelines.store import Store
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding, Place
from transforms.returned.layout import source_names
from transforms.returned.lines import MendLine, sort_lines
from transforms.schema.tables import RECORD_TABLES

TOLD_HERE = "unit"
"""Audience of the findings that go back to their sender; what is for the parent or for IT does not."""
_WHOLE_FILE = Place("", 0)
_NOWHERE: Mapping[str, Any] = {"sheet": "", "row": 0, "subject": "", "value": "", "file": ""}
_NO_NAME = "không ghi tên thủ tục"
_SUBJECTS = ("dossier_code", "symbol", "item_id", "receipt_number", "field_name")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SpotKey:
    """What makes two findings one line: the same rule at the same cell, in however many periods."""

    delivery_id: str
    unit_code: str
    code: str
    sheet: str
    row: int
    column: str
    subject: str


def lines_by_delivery(session: Session, as_of: date) -> dict[str, tuple[MendLine, ...]]:
    """Delivery → its lines in the order in which they are to stand; only deliveries that have any.

    ``as_of``: the working day on which explanations have to be in force.

    Every open finding for the unit counts, each of its rows as one line. Rows are known by delivery where
    the finding belongs to one, else by unit and file; a finding without rows is one line of its file, and so
    is one about a column that the file's format does not have: no row of it can be mended there. What is about
    no single file, such as a finished report, has no line.
    """
    store = session.store
    findings = [
        row
        for row in store.findings().to_pylist()
        if row["state"] == "open"
        and row["audience"] == TOLD_HERE
        and not row["code"].startswith(ABOUT_REPORTS)
    ]
    origins, formats = _Origins(store), _Formats(session.catalogue, store)
    explained = read_explanations(store, as_of)
    given: dict[SpotKey, Explanation] = {}
    asked: set[SpotKey] = set()
    spots: dict[SpotKey, list[tuple[Row, Place]]] = {}
    for row in findings:
        column = row["column_name"] or ""
        wholes: dict[str, SpotKey | None] = {}
        for item, explanation in zip(row["places"] or [_NOWHERE], explained.explain_places(row), strict=True):
            file = item["file"] or ""
            if file not in wholes:
                wholes[file] = key = _whole_file(row, file, origins, formats)
                if key is not None:
                    spots.setdefault(key, []).append((row, _WHOLE_FILE))
            if key := wholes[file]:
                if explanation is None:
                    asked.add(key)
                else:
                    given[key] = explanation
                continue
            place = _place(item)
            if delivery := origins.delivery_of(row, place):
                key = SpotKey(
                    delivery, row["unit_code"], row["code"], place.sheet, place.row, column, place.subject
                )
                spots.setdefault(key, []).append((row, place))
                if explanation is not None:
                    given[key] = explanation
    # A line for the whole file is explained when each of its rows is.
    given = {key: explanation for key, explanation in given.items() if key not in asked}
    wording = _Wording(session, as_of)
    found: dict[str, list[MendLine]] = {}
    for key, told in spots.items():
        found.setdefault(key.delivery_id, []).append(wording.line(key, told, given.get(key)))
    return {delivery: sort_lines(lines) for delivery, lines in found.items()}


def _place(item: Mapping[str, Any]) -> Place:
    return Place(
        item["sheet"] or "", item["row"] or 0, item["subject"] or "", item["value"] or "", item["file"] or ""
    )


def _whole_file(row: Row, file: str, origins: _Origins, formats: _Formats) -> SpotKey | None:
    """The line that stands for all rows of a file; None where its rows can be mended one by one."""
    whole = Place("", 0, file=file)
    column, delivery = row["column_name"] or "", origins.delivery_of(row, whole)
    if not delivery or formats.have_column(delivery, column):
        return None
    return SpotKey(delivery, row["unit_code"], row["code"], "", 0, column, "")


def _first_told(told: tuple[Row, Place]) -> tuple[int, str, str]:
    """The first period goes before the others; for a whole file, the period with most of its rows."""
    row, place = told
    count = 0 if place.row else -len(row["places"] or ())
    return count, row["period_id"] or "", row["finding_id"]


class _Formats:
    """Which columns the formats of the deliveries have."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._columns = {
            profile.profile_id: {column.name for column in profile.columns} | set(profile.constants)
            for profile in catalogue.profiles
        }
        self._sent = frozenset[str]().union(*self._columns.values())
        self._profiles = {row["delivery_id"]: row["profile_id"] for row in store.deliveries().to_pylist()}

    def have_column(self, delivery: str, column: str) -> bool:
        """False where offices send such a column, but this format has neither it nor one that stands in for it."""
        found = self._columns.get(self._profiles.get(delivery) or "")
        return found is None or column not in self._sent or not found.isdisjoint(source_names(column))


class _Origins:
    """Which delivery a row came with, from the rows that the store holds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._deliveries = {row["delivery_id"]: row for row in store.deliveries().to_pylist()}
        self._by_file: dict[tuple[str, str], set[str]] | None = None
        self._by_row: dict[tuple[str, str], dict[tuple[str, int, str], str]] = {}
        self._versions: dict[str, pa.Table] = {}

    def delivery_of(self, row: Row, place: Place) -> str:
        """The delivery's id; empty where none is known."""
        own = self._deliveries.get(row["delivery_id"] or "")
        if own is not None and place.file in ("", own["file"]):
            return str(own["delivery_id"])
        file = place.file or row["file"] or ""
        if not file:
            return ""
        spot = (row["unit_code"] or "", file)
        candidates = self._files().get(spot, set())
        if len(candidates) > 1 and place.row:
            rows = self._rows(spot)
            return rows.get((place.sheet, place.row, place.subject)) or self._newest(candidates)
        if candidates:
            return self._newest(candidates)
        named = {
            identity
            for identity, delivery in self._deliveries.items()
            if (delivery["unit_code"] or "", delivery["file"]) == spot
        }
        return self._newest(named)

    def _newest(self, candidates: set[str]) -> str:
        known = [self._deliveries[identity] for identity in candidates if identity in self._deliveries]
        newest = max(known, key=lambda row: row["known_from"], default=None)
        return str(newest["delivery_id"]) if newest else ""

    def _files(self) -> dict[tuple[str, str], set[str]]:
        """(unit of the rows, file) → deliveries: a district's own file holds rows of other units."""
        if self._by_file is None:
            self._by_file = {}
            for kind in RECORD_TABLES:
                rows = self._store.versions(kind)
                self._versions[kind] = rows
                names = ["unit_code", "_file", "_delivery_id"]
                for row in rows.group_by(names).aggregate([]).to_pylist():
                    spot = (row["unit_code"] or "", row["_file"])
                    self._by_file.setdefault(spot, set()).add(row["_delivery_id"])
        return self._by_file

    def _rows(self, spot: tuple[str, str]) -> dict[tuple[str, int, str], str]:
        """(sheet, row, subject) → the latest delivery among files that were sent under one name."""
        if spot not in self._by_row:
            found: dict[tuple[str, int, str], str] = {}
            for rows in self._versions.values():
                is_here = pc.and_(pc.equal(rows["unit_code"], spot[0]), pc.equal(rows["_file"], spot[1]))
                subjects = [name for name in _SUBJECTS if name in rows.column_names]
                names = ["_sheet", "_row", "_delivery_id", "_known_from", *subjects]
                for row in rows.select(names).filter(is_here).sort_by("_known_from").to_pylist():
                    for subject in {"", *(row[name] or "" for name in subjects)}:
                        found[row["_sheet"] or "", row["_row"], subject] = row["_delivery_id"]
            self._by_row[spot] = found
        return self._by_row[spot]


class _Wording:
    """Sentences about single rows."""

    def __init__(self, session: Session, as_of: date) -> None:
        self._describe = Describer.of(session.messages, session.catalogue, as_of)
        self._labels = build_column_labels()

    def line(self, key: SpotKey, told: list[tuple[Row, Place]], explanation: Explanation | None) -> MendLine:
        """One line for the same rule at the same cell; its periods are named together.

        ``explanation``: what covers it still. One that does not any more is not filled in: sent back by
        chance it would explain what nobody looked at.
        """
        row, place = min(told, key=_first_told)
        sentence, remedy = self._sentences(told, row, place)
        kind, column = row["kind"] or "", row["column_name"] or ""
        return MendLine(
            finding_id=row["finding_id"],
            code=row["code"],
            severity=row["severity"],
            unit_code=key.unit_code,
            sentence=sentence,
            remedy=remedy,
            sheet=place.sheet,
            row=place.row,
            column=column,
            column_label=self._labels.get(f"{kind}.{column}", column),
            subject=place.subject,
            value=place.value,
            explanation=explanation.reason if explanation else "",
            author=explanation.author if explanation else "",
        )

    def _sentences(self, told: list[tuple[Row, Place]], row: Row, place: Place) -> tuple[str, str]:
        """The finding's wording about this row alone; as stored where it needs more than a row tells."""
        if not place.row:
            return row["sentence"], row["remedy"]
        periods = ", ".join(sorted({item["period_id"] for item, _ in told if item["period_id"]}))
        params: tuple[tuple[str, str | int], ...] = (
            ("names", f"“{place.value}”" if place.value else _NO_NAME),
            *((("period", periods),) if periods else ()),
        )
        finding = Finding(
            row["code"], row["unit_code"], row["kind"] or "", place.file or row["file"] or "",
            row["column_name"] or "", params, (place,),
        )  # fmt: skip
        try:
            described = self._describe(finding)
        except KeyError:
            return row["sentence"], row["remedy"]
        return described.sentence, described.remedy
