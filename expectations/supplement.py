"""Sums that a unit's supplement must respect; they go across rows, so they are plain functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.findings import Finding, Place

PARTS_DIFFER = "supplement.staff.parts_differ"
QUALIFIED_TOO_MANY = "supplement.staff.qualified_too_many"
TRAINED_TOO_MANY = "supplement.staff.trained_too_many"
SUPPLEMENT_CODES = (PARTS_DIFFER, QUALIFIED_TOO_MANY, TRAINED_TOO_MANY)

_WITHIN = (
    (QUALIFIED_TOO_MANY, "staff_qualified_count", "staff_official_count"),
    (TRAINED_TOO_MANY, "trained_professional_count", "trained_count"),
)
_ITEMS = (
    "staff_total_count",
    "staff_official_count",
    "staff_part_time_count",
    *(item for _, part, whole in _WITHIN for item in (part, whole)),
)


@dataclass(frozen=True, slots=True)
class _Form:
    """The numbers of one filled-in supplement: item id → (value, place)."""

    unit_code: str
    period_id: str
    file: str
    numbers: dict[str, tuple[int, Place]]

    def value(self, item: str) -> int:
        return self.numbers[item][0]

    def has(self, *items: str) -> bool:
        return all(item in self.numbers for item in items)

    def finding(self, code: str, item: str, **params: int) -> Finding:
        named: tuple[tuple[str, str | int], ...] = (("period", self.period_id), *params.items())
        place = self.numbers[item][1]
        return Finding(code, self.unit_code, "supplement", self.file, "number_value", named, (place,))


def check_supplement(table: pa.Table) -> tuple[Finding, ...]:
    """Findings of sums that do not hold, one per filled-in supplement and sum.

    ``table``: rows of the SUPPLEMENT schema. Official + part-time staff = all staff; qualified ≤ official;
    professionally trained ≤ trained. A sum with a missing part is not judged.
    """
    return tuple(finding for form in _forms(table) for finding in _check_form(form))


def _check_form(form: _Form) -> Iterator[Finding]:
    parts = ("staff_official_count", "staff_part_time_count")
    if form.has("staff_total_count", *parts):
        official, part_time = (form.value(item) for item in parts)
        total = form.value("staff_total_count")
        if official + part_time != total:
            yield form.finding(
                PARTS_DIFFER, "staff_total_count", official=official, part_time=part_time, total=total
            )
    for code, part, whole in _WITHIN:
        if form.has(part, whole) and form.value(part) > form.value(whole):
            yield form.finding(code, part, part=form.value(part), whole=form.value(whole))


def _forms(table: pa.Table) -> tuple[_Form, ...]:
    is_number = pc.and_(
        pc.is_in(table["item_id"], value_set=pa.array(_ITEMS)), pc.is_valid(table["number_value"])
    )
    names = ["unit_code", "period_id", "_delivery_id", "_file", "_sheet", "_row", "item_id", "number_value"]
    forms: dict[tuple[str, str, str, str], _Form] = {}
    # A supplement holds a handful of numbers: a loop over rows is fine here.
    for row in table.filter(is_number).select(names).to_pylist():
        unit_code, period_id, file = row["unit_code"] or "", row["period_id"] or "", row["_file"] or ""
        key = (unit_code, period_id, row["_delivery_id"] or "", file)
        form = forms.setdefault(key, _Form(unit_code, period_id, file, {}))
        value, item = int(row["number_value"]), str(row["item_id"])
        form.numbers[item] = (value, Place(row["_sheet"] or "", row["_row"] or 0, item, str(value)))
    return tuple(forms.values())
