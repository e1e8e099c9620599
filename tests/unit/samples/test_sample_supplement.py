"""What the sample units fill in: figures of xã Bình Lương, clean citations, no other unit's name."""

from __future__ import annotations

import re

import pytest

from sample_exports.generator.supplement_texts import supplement_of
from sample_exports.generator.supplements import supplement_items
from sample_exports.generator.units import UNITS, SampleUnit, unit_of

IN_FORCE = {
    "192/KH-UBND", "13/KH-UBND", "01/KH-UBND", "342/QĐ-UBND", "76/NQ-CP", "26/CT-TTg", "61/2018/NĐ-CP",
    "01/2018/TT-VPCP", "45/2016/QĐ-TTg", "130/2005/NĐ-CP", "117/2013/NĐ-CP",
}  # fmt: skip
"""Documents in force in September 2021."""
SENDING = [unit for unit in UNITS if unit.dossier_format and unit.has_supplement]


def test_binh_luong_staff_is_22_of_whom_19_officials_all_qualified() -> None:
    values = supplement_of(unit_of("16204"))
    names = ("staff_total_count", "staff_official_count", "staff_part_time_count", "staff_qualified_count")
    assert [values[name] for name in names] == [("22",), ("19",), ("3",), ("19",)]
    assert values["trained_count"] == values["trained_professional_count"] == ("0",)


def test_binh_luong_fills_in_every_item() -> None:
    assert set(supplement_of(unit_of("16204"))) == {item.item_id for item in supplement_items()}


@pytest.mark.parametrize("unit", SENDING, ids=lambda unit: unit.code)
def test_required_items_are_filled_in_and_counts_are_whole_numbers(unit: SampleUnit) -> None:
    values = supplement_of(unit)
    for item in supplement_items():
        texts = values.get(item.item_id, ())
        assert texts or not item.is_required, item.item_id
        assert item.is_list or len(texts) <= 1
        assert item.type == "text" or all(text.isdigit() for text in texts)
        assert not item.choices or set(texts) <= set(item.choices)
    total, officials, part_time = (
        int(values[f"staff_{name}_count"][0]) for name in ("total", "official", "part_time")
    )
    assert total == officials + part_time
    assert int(values["staff_qualified_count"][0]) <= officials


@pytest.mark.parametrize("unit", SENDING, ids=lambda unit: unit.code)
def test_prose_names_no_other_unit(unit: SampleUnit) -> None:
    prose = " ".join(text for texts in supplement_of(unit).values() for text in texts)
    for other in UNITS:
        assert other.code == unit.code or other.full_name not in prose
    assert "thị xã" not in prose


def test_binh_luong_cites_only_documents_in_force() -> None:
    prose = " ".join(text for texts in supplement_of(unit_of("16204")).values() for text in texts)
    cited = set(re.findall(r"\d+(?:/\d{4})?/[A-ZĐ]+-[A-ZĐa-z]+", prose))
    assert cited == IN_FORCE
