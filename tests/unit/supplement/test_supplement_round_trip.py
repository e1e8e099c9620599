"""The workbook handed out, filled in and read back through its own profile."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest

from transforms.canonical.model import DeliveryContext
from transforms.catalogue.model import Catalogue, SupplementItem, Unit
from transforms.catalogue.profiles import parse_profile
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook
from transforms.supplement.canonical import canonicalise_supplement
from transforms.supplement.workbook import DATA_SHEET, write_workbook

CATALOGUE_FOLDER = Path(__file__).parents[3] / "transforms" / "catalogue"
PROFILE_FILE = "motcua.supplement.v1.yml"
UNIT = Unit("16174", "Yên Cát", "thị trấn", "xa", "402", date(2019, 12, 1), date(2025, 6, 30), "")
ITEMS = (
    SupplementItem("plan_focus", "I.1", "Nhiệm vụ", "text", "", True, False, "Mỗi dòng một nhiệm vụ"),
    SupplementItem("inspection_count", "I.2", "Số cuộc", "count", "cuộc", False, True, "Số nguyên"),
    SupplementItem("signer_name", "ky", "Họ và tên", "text", "", False, True, "Như chữ ký"),
)
CATALOGUE = Catalogue("0" * 12, (), (), (), (), (), (), (), (), ITEMS, MappingProxyType({}))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    profile = parse_profile((CATALOGUE_FOLDER / "sources" / PROFILE_FILE).read_bytes(), PROFILE_FILE)
    return replace(CATALOGUE, profiles=(profile,))


def test_values_typed_by_a_clerk_come_back_and_every_row_is_counted(catalogue: Catalogue) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(UNIT, "2021-Q3", ITEMS)))
    sheet = book[DATA_SHEET]
    sheet["D5"], sheet["D6"] = "- Rút ngắn thời gian giải quyết", "=Không phải công thức"
    sheet["D6"].data_type = "s"
    sheet["D8"], sheet["D9"] = 3, "Người Ký Mẫu"
    saved = io.BytesIO()
    book.save(saved)

    name = "So lieu bo sung 05-09-2021.xlsx"
    raw = recognise(read_workbook(saved, name), catalogue.profiles)
    context = DeliveryContext("a" * 16, "16174", name, datetime.fromisoformat("2021-09-06T07:00"))
    read = canonicalise_supplement(raw, context, catalogue)

    assert [tuple(row.values())[:6] for row in read.records.to_pylist()] == [
        ("16174", "2021-Q3", "plan_focus", 1, "- Rút ngắn thời gian giải quyết", None),
        ("16174", "2021-Q3", "plan_focus", 2, "=Không phải công thức", None),
        ("16174", "2021-Q3", "inspection_count", 1, "3", 3),
        ("16174", "2021-Q3", "signer_name", 1, "Người Ký Mẫu", None),
    ]
    assert read.structural_counts["empty"] == 1
    assert read.data_row_count + sum(read.structural_counts.values()) == raw.sheet_row_count
    assert read.findings == ()


def test_empty_workbook_is_no_error(catalogue: Catalogue) -> None:
    content = io.BytesIO(write_workbook(UNIT, "2021", ITEMS))
    raw = recognise(read_workbook(content, "bieu.xlsx"), catalogue.profiles)
    context = DeliveryContext("a" * 16, "16174", "bieu.xlsx", datetime.fromisoformat("2021-09-06T07:00"))
    read = canonicalise_supplement(raw, context, catalogue)
    assert read.data_row_count == 0
    assert read.structural_counts["empty"] == 5
    assert read.findings == ()
