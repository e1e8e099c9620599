"""Mendings of what is not counted at all: rows that were set apart, and dossiers that lost their code to another."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.steps.quarantined import open_quarantined
from pipelines.steps.records import read_versions
from pipelines.store import Store
from transforms.canonical.identity import TWO_DOSSIERS, is_other_dossier
from transforms.canonical.mended import read_again
from transforms.canonical.source import tidied_codes
from transforms.catalogue.model import Catalogue
from transforms.indicators.fix_rules import Mending
from transforms.schema.tables import DOSSIER

_NEW_CODE = "CHUA-CO-MA-{number}"
_SECOND_CODE = "{code}-HS2"
_NEW_CODE_WORDS = "mã mới"
_DATE = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\b")
_DAY_IN_CODE = re.compile(r"-(\d{2})(\d{2})(\d{2})-")
_KEY = list(DOSSIER.key)
_PLACE = ("_delivery_id", "_file", "_sheet", "_row", "_exported_at")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """One row that would count, with what the clerk writes."""

    record: Row
    column: str
    was: str
    value: str
    at: int | None = None
    """Known dossier that it takes the place of."""


def find_apart(
    store: Store, catalogue: Catalogue, latest: pa.Table, units: Collection[str], known_at: datetime
) -> tuple[Mending, ...]:
    """Mendings of set-apart rows of those units, one per rule, with the value assumed that ``RULES`` says.

    ``latest``: the dossiers that count. A row that several exports repeat is one row.
    """
    apart = open_quarantined(store, catalogue, "dossier", latest, known_at)
    rows = [row for row in apart.to_pylist() if row["unit_code"] in units]
    deliveries = store.deliveries(known_at).to_pylist()
    profiles = {row["delivery_id"]: row["profile_id"] for row in deliveries}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in _newest(rows, _last_exports(deliveries), profiles):
        groups.setdefault((row["unit_code"], profiles.get(row["_delivery_id"], "")), []).append(row)
    known_profiles = {profile.profile_id for profile in catalogue.profiles}
    found: dict[str, list[_Found]] = {}
    unpromised: dict[str, Counter[str]] = {}
    for (unit, profile), group in groups.items():
        texts = [_assumed(row, number) for number, row in enumerate(group)]
        typed = read_again(group, texts, unit, profile, catalogue) if profile in known_profiles else {}
        for number, (row, text) in enumerate(zip(group, texts, strict=True)):
            rule = row["finding_code"]
            if text and number in typed:
                found.setdefault(rule, []).append(_as_found(row, text, typed[number]))
            else:
                unpromised.setdefault(rule, Counter())[unit] += 1
    codes = [item.record["dossier_code"] for items in found.values() for item in items]
    positions = _positions(latest, codes)
    return tuple(
        _mending(
            rule,
            [replace(item, at=positions.get(_key(item.record))) for item in found.get(rule, [])],
            unpromised.get(rule, {}),
        )
        for rule in sorted({*found, *unpromised})
    )


def find_second_dossiers(
    store: Store,
    catalogue: Catalogue,
    latest: pa.Table,
    units: Sequence[str],
    known_at: datetime,
    codes: Collection[str],
) -> tuple[Mending, ...]:
    """The dossiers that stand behind another one under the same code, each as if it had a code of its own.

    ``codes``: those that the open findings name.
    """
    positions = _positions(latest, codes)
    if not positions:
        return ()
    versions = read_versions(store, "dossier", catalogue, known_at, units)
    is_named = pc.is_in(versions["dossier_code"], value_set=pa.array(sorted(codes), pa.string()))
    versions = versions.filter(pc.and_(is_named, pc.is_null(versions["_removal"])))
    at = pa.array([positions.get(_key(row)) for row in versions.select(_KEY).to_pylist()], pa.int64())
    versions, at = versions.filter(pc.is_valid(at)), at.drop_null()
    others = versions.filter(is_other_dossier(versions, latest.take(at)))
    newest: dict[tuple[str, str, date | None], Row] = {}
    for row in others.sort_by([("_exported_at", "ascending"), ("_known_from", "ascending")]).to_pylist():
        newest[*_key(row), row["received_date"]] = row
    found = [
        _Found(
            {**row, "dossier_code": _SECOND_CODE.format(code=row["dossier_code"])},
            "dossier_code",
            row["dossier_code"],
            _NEW_CODE_WORDS,
        )
        for row in newest.values()
    ]
    return (_mending(TWO_DOSSIERS, found, {}),) if found else ()


def _as_found(row: Row, text: Mapping[str, str], record: Row) -> _Found:
    name = row["column_name"] or ""
    value = _NEW_CODE_WORDS if name == "dossier_code" else text.get(name, "")
    was = json.loads(row["raw_json"]).get(name) or ""
    return _Found({**record, **{key: row[key] for key in _PLACE}}, name, was, value)


def _mending(rule: str, found: Sequence[_Found], unpromised: Mapping[str, int]) -> Mending:
    return Mending(
        rule=rule,
        at=pa.array([item.at for item in found], pa.int64()),
        after=pa.Table.from_pylist([item.record for item in found], schema=DOSSIER.arrow_schema()),
        columns=pa.array([item.column for item in found], pa.string()),
        was=pa.array([item.was for item in found], pa.string()),
        value=pa.array([item.value for item in found], pa.string()),
        unpromised=unpromised,
    )


def _last_exports(deliveries: Sequence[Row]) -> dict[tuple[str, str], datetime]:
    """(unit, profile) → time of the newest export that was taken."""
    last: dict[tuple[str, str], datetime] = {}
    for row in deliveries:
        if row["state"] == "accepted" and row["exported_at"]:
            key = row["unit_code"], row["profile_id"]
            last[key] = max(row["exported_at"], last.get(key, row["exported_at"]))
    return last


def _newest(
    rows: Sequence[Row], last: Mapping[tuple[str, str], datetime], profiles: Mapping[str, str]
) -> list[Row]:
    """Each row once, as the newest export has it: by its code, else by all that was kept of it.

    A row without a code cannot be found again, so it counts only while no newer export of the same unit and
    format was taken, as its finding does.
    """
    codes = tidied_codes(
        pa.array([json.loads(row["raw_json"]).get("dossier_code") for row in rows], pa.string())
    ).to_pylist()
    newest: dict[tuple[str, str], Row] = {}
    ordered = sorted(
        zip(rows, codes, strict=True), key=lambda item: (item[0]["_exported_at"], item[0]["_row"])
    )
    for row, code in ordered:
        at = last.get((row["unit_code"], profiles.get(row["_delivery_id"], "")))
        if code or at is None or row["_exported_at"] >= at:
            newest[row["unit_code"], code or f"{row['_row']} {row['raw_json']}"] = row
    return list(newest.values())


def _positions(latest: pa.Table, codes: Collection[str]) -> dict[tuple[str, str], int]:
    """(unit, code) → row of ``latest``, of the dossiers with one of these codes."""
    named = pc.is_in(latest["dossier_code"], value_set=pa.array(sorted(set(codes)), pa.string()))
    rows = pc.indices_nonzero(named)
    keys = map(_key, latest.select(_KEY).take(rows).to_pylist())
    return dict(zip(keys, rows.to_pylist(), strict=True))


def _key(row: Row) -> tuple[str, str]:
    return row["unit_code"], row["dossier_code"]


def _assumed(row: Row, number: int) -> dict[str, str]:
    """The texts that are assumed in place of what could not be read; empty where nothing can be assumed."""
    texts, name = json.loads(row["raw_json"]), row["column_name"] or ""
    if name == "dossier_code":
        return {name: _NEW_CODE.format(number=number + 1)}
    if texts.get(name):
        day = _nearest_day(texts[name])
        return {name: f"{day:%d/%m/%Y}"} if day else {}
    if name == "received_date":
        told = _day_in_code(texts.get("dossier_code") or "") or texts.get("filed_date")
        return {name: told} if told else {}
    return {}


def _nearest_day(text: str) -> date | None:
    """The last day of the month for a day that it does not have; day and month in their order for swapped ones."""
    found = _DATE.match(text)
    if not found:
        return None
    day, month, year = map(int, found.groups())
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= month <= 12 and day >= 1 and 1990 <= year <= 2100):
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _day_in_code(code: str) -> str | None:
    found = _DAY_IN_CODE.search(code)
    if not found:
        return None
    year, month, day = map(int, found.groups())
    try:
        return f"{date(2000 + year, month, day):%d/%m/%Y}"
    except ValueError:
        return None
