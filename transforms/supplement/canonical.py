"""A returned supplement workbook as typed rows of the supplement table."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import Catalogue, SupplementItem
from transforms.findings import Finding, Place
from transforms.readers.exported_at import exported_at
from transforms.readers.model import RawExport, UnreadableFileError
from transforms.schema.tables import QUARANTINED, SUPPLEMENT
from transforms.supplement.numbers import parse_whole_number
from transforms.text_vi import fold, tidy

EMPTY = "empty"
"""Structural kind of a prefilled row whose value was left out."""

_UNIT = re.compile(r"\bma don vi\s+(\w+)")
_PERIOD = re.compile(r"kỳ báo cáo\s*:?\s*(\S+)", re.IGNORECASE)
# A failed number is shown where it looks like one; a name or a long number may be a person's.
_IS_SHOWABLE = re.compile(
    r"^(?=.*\d)(?!.*\d{9})(?:\W|\d|_|người|đ|đồng|cuộc|tin|bài|khoảng|gần|hơn|trên|dưới)+$"
)
_PERIOD_ID = re.compile(r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]|6T|6C|9T))?$")


@dataclass(slots=True)
class _Sorting:
    """Rows as they are sorted into records, superseded, quarantined and empty."""

    records: dict[tuple[str, int], dict[str, object]] = field(default_factory=dict)
    superseded: list[dict[str, object]] = field(default_factory=list)
    quarantined: list[dict[str, object]] = field(default_factory=list)
    empty: int = 0
    ordinals: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[Place]] = field(default_factory=dict)


def canonicalise_supplement(raw: RawExport, context: DeliveryContext, catalogue: Catalogue) -> Canonicalised:
    """Typed rows of one supplement workbook; key (unit, period, item, ordinal).

    Unit and period come from the title row ("Mã đơn vị: 16204 · Kỳ báo cáo: 2021-9T"). The inbox
    folder decides where the two name different units; the difference is a critical finding. A row
    without a value is counted as structural (``empty``), so that a workbook handed back half filled
    still adds up. A second value of an item that takes only one supersedes the first. Raises
    UnreadableFileError where neither folder nor title tells the unit, or no title tells the period.
    """
    period_id = _period(raw.titles, context.file)
    unit_code, findings = _unit(raw.titles, context)
    taken_at, source = context.exported or exported_at(context.file, raw.titles, context.arrived_at)
    items = {item.item_id: item for item in catalogue.supplement_items}

    sorting = _Sorting()
    names = _column(raw, "item_id")
    values = _column(raw, "text_value")
    sheets: list[str | None] = raw.sheets.to_pylist()
    rows: list[int] = raw.row_numbers.to_pylist()
    for name, value, sheet, row in zip(names, values, sheets, rows, strict=True):
        provenance = _provenance(context, sheet, row, taken_at)
        _sort_row(sorting, items, (unit_code, period_id), tidy(name or ""), tidy(value or ""), provenance)

    structural = dict(raw.structural_counts)
    if sorting.empty:
        structural[EMPTY] = structural.get(EMPTY, 0) + sorting.empty
    findings += tuple(
        Finding(code, unit_code, "supplement", context.file, _COLUMNS[code], places=tuple(places))
        for code, places in sorted(sorting.places.items())
    )
    return Canonicalised(
        kind="supplement",
        unit_code=unit_code,
        profile_id=raw.profile_id,
        exported_at=taken_at,
        exported_at_source=source,
        records=pa.Table.from_pylist(list(sorting.records.values()), schema=SUPPLEMENT.arrow_schema()),
        superseded=pa.Table.from_pylist(sorting.superseded, schema=SUPPLEMENT.arrow_schema()),
        quarantined=pa.Table.from_pylist(sorting.quarantined, schema=QUARANTINED.arrow_schema()),
        structural_counts=structural,
        findings=findings,
    )


UNKNOWN_ITEM = "supplement.item.unknown"
UNREADABLE_NUMBER = "supplement.number.unreadable"
UNKNOWN_CHOICE = "supplement.choice.unknown"
_COLUMNS = {UNKNOWN_ITEM: "item_id", UNREADABLE_NUMBER: "number_value", UNKNOWN_CHOICE: "text_value"}


def _sort_row(
    sorting: _Sorting,
    items: dict[str, SupplementItem],
    owner: tuple[str, str],
    name: str,
    value: str,
    provenance: dict[str, object],
) -> None:
    """Put one row where it belongs; every row ends in exactly one place."""
    item = items.get(name)
    if not value:
        sorting.empty += 1
        return
    if item is None:
        # The value is not kept: without its item nobody can say that it is not a citizen's name.
        _set_apart(sorting, owner, UNKNOWN_ITEM, {"item_id": name}, name, provenance)
        return
    number = None if item.type == "text" else parse_whole_number(value)
    if item.type != "text" and number is None:
        shown = value if _IS_SHOWABLE.match(value) else ""
        raw = {"item_id": name, "text_value": shown}
        _set_apart(sorting, owner, UNREADABLE_NUMBER, raw, shown, provenance)
        return
    if item.choices and fold(value) not in {fold(choice) for choice in item.choices}:
        _note(sorting, UNKNOWN_CHOICE, name, "", provenance)
    ordinal = sorting.ordinals[name] + 1 if item.is_list else 1
    sorting.ordinals[name] = ordinal
    earlier = sorting.records.pop((name, ordinal), None)
    if earlier is not None:
        sorting.superseded.append(earlier)
    sorting.records[(name, ordinal)] = {
        "unit_code": owner[0],
        "period_id": owner[1],
        "item_id": name,
        "ordinal": ordinal,
        "text_value": value,
        "number_value": number,
        **provenance,
    }


def _set_apart(
    sorting: _Sorting,
    owner: tuple[str, str],
    code: str,
    raw: dict[str, str],
    shown: str,
    provenance: dict[str, object],
) -> None:
    sorting.quarantined.append(
        {
            "unit_code": owner[0],
            "kind": "supplement",
            "finding_code": code,
            "column_name": _COLUMNS[code],
            "raw_json": json.dumps(raw, ensure_ascii=False, sort_keys=True),
            **provenance,
        }
    )
    _note(sorting, code, raw["item_id"], shown, provenance)


def _note(sorting: _Sorting, code: str, subject: str, value: str, provenance: dict[str, object]) -> None:
    sheet, row = provenance["_sheet"], provenance["_row"]
    place = Place(str(sheet or ""), int(str(row)), subject=subject, value=value)
    sorting.places.setdefault(code, []).append(place)


def _provenance(
    context: DeliveryContext, sheet: str | None, row: int, taken_at: datetime
) -> dict[str, object]:
    return {
        "_delivery_id": context.delivery_id,
        "_file": context.file,
        "_sheet": sheet,
        "_row": row,
        "_exported_at": taken_at,
        "_known_from": None,
    }


def _column(raw: RawExport, name: str) -> list[str | None]:
    values: list[str | None] = raw.body.column(name).to_pylist()
    return values


def _period(titles: tuple[str, ...], file: str) -> str:
    for title in titles:
        found = _PERIOD.search(tidy(title))
        if found is None:
            continue
        period_id = found[1].strip(".,;·").upper()
        if not _PERIOD_ID.match(period_id):
            raise UnreadableFileError("supplement.period.unreadable", file=file, value=period_id)
        return period_id
    raise UnreadableFileError("supplement.period.missing", file=file)


def _unit(titles: tuple[str, ...], context: DeliveryContext) -> tuple[str, tuple[Finding, ...]]:
    """The unit and the finding, if any, that the title names another one than the folder."""
    found = next((match[1] for title in titles if (match := _UNIT.search(fold(title)))), "")
    if not found and not context.unit_code:
        raise UnreadableFileError("supplement.unit.missing", file=context.file)
    if not found or not context.unit_code or found == context.unit_code:
        return context.unit_code or found, ()
    mismatch = Finding(
        "supplement.unit.mismatch",
        unit_code=context.unit_code,
        kind="supplement",
        file=context.file,
        params=(("title_unit", found), ("folder_unit", context.unit_code)),
    )
    return context.unit_code, (mismatch,)
