"""The filled supplement workbook of a unit, written by the product's own template."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from sample_exports.generator.supplement_texts import supplement_of
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import SampleFile
from transforms.catalogue.model import SupplementItem, Unit
from transforms.supplement.workbook import INSTRUCTIONS, SPARE_ROWS, write_workbook

PERIOD = "2021-9T"
_FORM_ITEMS = ("procedures_local_", "procedures_one_stop_", "workflows_")
"""Beginnings of the items of Biểu II.07b, which the sample units were not asked for."""
_ITEMS = Path(__file__).parents[2] / "transforms" / "catalogue" / "supplement_items.csv"


def supplement_items() -> tuple[SupplementItem, ...]:
    """The items of the supplement catalogue that the sample units fill in, in its order."""
    with _ITEMS.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            SupplementItem(
                item_id=row["item_id"],
                section=row["section"],
                label=row["label"],
                type=row["type"],
                unit_of_measure=row["unit_of_measure"],
                is_list=row["is_list"] == "yes",
                is_required=row["is_required"] == "yes",
                help=row["help"],
                choices=tuple(choice.strip() for choice in row["choices"].split(";") if choice.strip()),
            )
            for row in csv.DictReader(file)
            if not row["item_id"].startswith(_FORM_ITEMS) and not row["report_types"]
        )


def supplement_file(unit: SampleUnit) -> SampleFile:
    """The workbook for the nine months of 2021 with the unit's values in it."""
    items = supplement_items()
    values = supplement_of(unit)
    unknown = set(values) - {item.item_id for item in items}
    if unknown:
        raise ValueError(f"the supplement catalogue has no items {sorted(unknown)}")
    owner = Unit(unit.code, unit.name, unit.type, "xa", "402", date(2019, 12, 1), date(2025, 6, 30), "")
    filled = sum(len(texts) for texts in values.values())
    empty = sum(SPARE_ROWS if item.is_list else item.item_id not in values for item in items)
    return SampleFile(
        unit.code,
        f"So lieu bo sung {PERIOD} 05-09-2021.xlsx",
        write_workbook(owner, PERIOD, items, values),
        kind="supplement",
        profile_id="motcua.supplement.v1",
        exported_at="2021-09-05T00:00:00",
        exported_at_source="file_name",
        structural={"empty": empty, "header": 1, "other_sheet": 1 + len(INSTRUCTIONS), "title": 3},
        accepted=filled,
    )
