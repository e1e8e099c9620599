"""A returned workbook as typed rows: every row ends in exactly one place."""

from __future__ import annotations

import json
from datetime import date, datetime
from types import MappingProxyType

import pyarrow as pa
import pytest

from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.model import Catalogue, SupplementItem
from transforms.readers.model import RawExport, UnreadableFileError
from transforms.schema.tables import QUARANTINED, SUPPLEMENT
from transforms.supplement.canonical import canonicalise_supplement

TITLES = (
    "ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG",
    "SỐ LIỆU BỔ SUNG BÁO CÁO CẢI CÁCH HÀNH CHÍNH",
    "Mã đơn vị: 16204 · Kỳ báo cáo: 2021-9T",
)
ITEMS = (
    SupplementItem("plan_focus", "I.1", "Nhiệm vụ", "text", "", True, False, ""),
    SupplementItem("staff_total_count", "II.4", "Tổng số", "count", "người", False, True, ""),
    SupplementItem("signer_role", "ky", "Chức vụ", "text", "", False, True, "", ("CHỦ TỊCH",)),
)
CATALOGUE = Catalogue(
    version="0" * 12,
    units=(),
    fields=(),
    procedures=(),
    statuses=(),
    channels=(),
    document_types=(),
    profiles=(),
    windows=(),
    supplement_items=ITEMS,
    rulebooks=MappingProxyType({}),
)


def _read(
    rows: list[tuple[str | None, str | None]],
    titles: tuple[str, ...] = TITLES,
    folder: str = "16204",
) -> Canonicalised:
    raw = RawExport(
        profile_id="motcua.supplement.v1",
        kind="supplement",
        body=pa.table(
            {
                "item_id": pa.array([row[0] for row in rows], pa.string()),
                "text_value": pa.array([row[1] for row in rows], pa.string()),
            }
        ),
        row_numbers=pa.array(range(5, 5 + len(rows)), pa.int64()),
        sheets=pa.array(["Số liệu"] * len(rows), pa.string()),
        titles=titles,
        structural_counts={"title": 3, "header": 1},
    )
    context = DeliveryContext(
        "a" * 16,
        folder,
        "So lieu bo sung 2021-9T 05-09-2021.xlsx",
        datetime.fromisoformat("2021-09-06T07:00"),
    )
    read = canonicalise_supplement(raw, context, CATALOGUE)
    structural = sum(read.structural_counts.values())
    assert structural + read.data_row_count == raw.sheet_row_count, "law 1: no row disappears"
    return read


def _records(read: Canonicalised) -> list[tuple[object, ...]]:
    names = ("item_id", "ordinal", "text_value", "number_value", "_row")
    return [tuple(row[name] for name in names) for row in read.records.to_pylist()]


def test_list_items_are_numbered_and_counts_become_numbers() -> None:
    read = _read([("plan_focus", "Việc  một"), ("staff_total_count", "22 người"), ("plan_focus", "Việc hai")])
    assert _records(read) == [
        ("plan_focus", 1, "Việc một", None, 5),
        ("staff_total_count", 1, "22 người", 22, 6),
        ("plan_focus", 2, "Việc hai", None, 7),
    ]
    assert read.records.schema == SUPPLEMENT.arrow_schema()
    assert set(read.records["period_id"].to_pylist()) == {"2021-9T"}
    assert (read.unit_code, read.kind) == ("16204", "supplement")


def test_export_day_comes_from_the_file_name_not_from_the_period() -> None:
    read = _read([("plan_focus", "Việc một")])
    assert read.exported_at.date() == date(2021, 9, 5)
    assert read.exported_at_source == "file_name"


def test_row_without_value_is_structural() -> None:
    read = _read([("plan_focus", "Việc một"), ("plan_focus", None), ("staff_total_count", "  ")])
    assert read.structural_counts == {"title": 3, "header": 1, "empty": 2}
    assert read.data_row_count == 1


def test_unknown_item_is_set_apart_without_its_value() -> None:
    read = _read([("ho_ten", "Người Mẫu 0001"), ("plan_focus", "Việc một")])
    (row,) = read.quarantined.to_pylist()
    assert read.quarantined.schema == QUARANTINED.arrow_schema()
    assert (row["finding_code"], row["column_name"], row["_row"]) == ("supplement.item.unknown", "item_id", 5)
    assert json.loads(row["raw_json"]) == {"item_id": "ho_ten"}
    (finding,) = read.findings
    assert finding.code == "supplement.item.unknown"
    assert [(place.row, place.subject, place.value) for place in finding.places] == [(5, "ho_ten", "ho_ten")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("khoảng 20", "khoảng 20"), ("19/22", "19/22"), ("Người Mẫu 0001", ""), ("hai hai", "")],
)
def test_unreadable_number_is_set_apart_and_shown_only_when_it_is_no_name(text: str, shown: str) -> None:
    read = _read([("staff_total_count", text)])
    (row,) = read.quarantined.to_pylist()
    assert row["finding_code"] == "supplement.number.unreadable"
    assert json.loads(row["raw_json"]) == {"item_id": "staff_total_count", "text_value": shown}
    assert read.findings[0].places[0].value == shown
    assert read.records.num_rows == 0


def test_second_value_of_a_single_item_supersedes_the_first() -> None:
    read = _read([("staff_total_count", "21"), ("staff_total_count", "22")])
    assert _records(read) == [("staff_total_count", 1, "22", 22, 6)]
    assert read.superseded["number_value"].to_pylist() == [21]


def test_value_outside_the_choices_is_kept_with_a_finding() -> None:
    read = _read([("signer_role", "Quyền Chủ tịch")])
    assert read.records.num_rows == 1
    assert [finding.code for finding in read.findings] == ["supplement.choice.unknown"]


def test_title_of_another_unit_is_a_finding_and_the_folder_decides() -> None:
    read = _read([("plan_focus", "Việc một")], folder="16186")
    assert read.unit_code == "16186"
    (finding,) = read.findings
    assert finding.code == "supplement.unit.mismatch"
    assert dict(finding.params) == {"title_unit": "16204", "folder_unit": "16186"}


def test_title_tells_the_unit_where_no_folder_does() -> None:
    assert _read([("plan_focus", "Việc một")], folder="").unit_code == "16204"


@pytest.mark.parametrize(
    ("titles", "folder", "code"),
    [
        (TITLES[:2], "16204", "supplement.period.missing"),
        ((*TITLES[:2], "Mã đơn vị: 16204 · Kỳ báo cáo: quý 3"), "16204", "supplement.period.unreadable"),
        ((*TITLES[:2], "Kỳ báo cáo: 2021-9T"), "", "supplement.unit.missing"),
    ],
)
def test_workbook_without_unit_or_period_is_refused(titles: tuple[str, ...], folder: str, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        _read([("plan_focus", "Việc một")], titles, folder)
    assert refused.value.code == code
