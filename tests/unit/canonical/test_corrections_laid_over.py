"""Corrections laid over the text of an export and over records that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from tests.unit.canonical.small_exports import ARRIVED_AT, CATALOGUE, canonicalise_table, raw_export
from transforms.canonical.build import canonicalise
from transforms.canonical.corrections import CorrectedExport, Correction, apply_corrections
from transforms.canonical.mended import mend_quarantined, mend_records
from transforms.canonical.model import DeliveryContext
from transforms.schema.tables import DOSSIER

LIST = """
    | dossier_code | procedure_name            | received_date | due_date         | status_label | channel_code |
    | HS-1         | Thủ tục đăng ký khai sinh | 02/08/2021    | 31/08/2021 08:00 | Đang xử lý   | Trực tiếp    |
    | HS-2         | Thủ tục đăng ký khai sinh | 03/08/2021    | 31/09/2021       | Đang xử lý   | Qua mạng     |
    |              | Sao y bản chính           | 04/08/2021    | 04/08/2021       | Xong rồi     |              |
"""


def correction(
    match: dict[str, str], column: str = "", was: str | None = "", value: str = "", **other: str
) -> Correction:
    values = {
        "unit_code": "16204", "kind": "dossier", "action": "set" if column else "remove", "reason": "Tra sổ",
        "owner": "Văn phòng", "source": "corrections.yml dòng 1", "file": "corrections.yml", **other,
    }  # fmt: skip
    return Correction(
        match=tuple(match.items()),
        column=column,
        was=was,
        value=value,
        decided_on=date(2021, 9, 5),
        line=1,
        **values,
    )


def lay(*corrections: Correction, text: str = LIST, unit: str = "16204") -> CorrectedExport:
    return apply_corrections(raw_export(text), corrections, {unit}, CATALOGUE)


def column(laid: CorrectedExport, name: str) -> list[str | None]:
    return list(laid.raw.body.column(name).to_pylist())


@pytest.mark.parametrize("was", ["31/08/2021", "31/08/2021 08:00", "2021-08-31", "31-8-2021"])
def test_old_value_fits_in_any_spelling(was: str) -> None:
    laid = lay(correction({"dossier_code": "hs-1"}, "due_date", was, "30/08/2021"))
    assert column(laid, "due_date")[0] == "30/08/2021"
    assert laid.unmatched == ()
    assert list(laid.applied.values()) == [1]


def test_quarantined_row_is_read_like_any_other_after_its_correction() -> None:
    laid = lay(correction({"dossier_code": "HS-2"}, "due_date", "31/09/2021", "30/09/2021"))
    context = DeliveryContext("d", "16204", "danh-sach 05-09-2021.xls", ARRIVED_AT)
    result = canonicalise(laid.raw, context, CATALOGUE)
    assert result.records.column("dossier_code").to_pylist() == ["HS-1", "HS-2"]
    assert result.records.column("due_date").to_pylist()[1] == date(2021, 9, 30)


def test_row_without_a_code_is_found_by_its_other_texts() -> None:
    match = {"procedure_name": "Sao y  bản chính", "received_date": "4/8/2021"}
    laid = lay(correction(match, "dossier_code", "", "HS-3"))
    assert column(laid, "dossier_code") == ["HS-1", "HS-2", "HS-3"]


def test_label_and_code_of_a_status_or_channel_are_the_same() -> None:
    laid = lay(
        correction({"dossier_code": "HS-2"}, "channel_code", "2", "Trực tiếp"),
        correction({"dossier_code": "HS-1"}, "status_code", "4", "Đã xử lý xong"),
    )
    assert column(laid, "channel_code")[1] == "Trực tiếp"
    assert column(laid, "status_label")[0] == "Đã xử lý xong"
    assert "status_code" not in laid.raw.body.column_names


def test_record_with_neither_value_is_told_with_what_stands_there() -> None:
    laid = lay(correction({"dossier_code": "HS-1"}, "due_date", "01/08/2021", "02/08/2021"))
    ((_, now),) = laid.unmatched
    assert now == "31/08/2021 08:00"
    assert laid.applied == {}
    assert column(laid, "due_date") == list(raw_export(LIST).body.column("due_date").to_pylist())


def test_value_that_is_mended_already_is_neither_changed_nor_told() -> None:
    laid = lay(correction({"dossier_code": "HS-1"}, "due_date", "01/08/2021", "31/08/2021"))
    assert (laid.applied, laid.unmatched) == ({}, ())


def test_any_unreadable_text_fits_where_the_old_one_was_not_kept() -> None:
    text = LIST.replace("31/09/2021", "chưa rõ   ")
    laid = lay(correction({"dossier_code": "HS-2"}, "due_date", None, "30/09/2021"), text=text)
    assert column(laid, "due_date")[1] == "30/09/2021"
    assert lay(correction({"dossier_code": "HS-1"}, "due_date", None, "30/09/2021")).applied == {}


def test_later_correction_mends_what_an_earlier_one_set() -> None:
    laid = lay(
        correction({"dossier_code": "HS-2"}, "due_date", "31/09/2021", "30/09/2021"),
        correction({"dossier_code": "HS-2"}, "due_date", "30/09/2021", "29/09/2021"),
        correction({"dossier_code": "HS-2"}, "dossier_code", "HS-2", "HS-4"),
        correction({"dossier_code": "HS-4"}, "channel_code", "2", "1"),
    )
    assert (column(laid, "due_date")[1], column(laid, "dossier_code")[1]) == ("29/09/2021", "HS-4")
    assert column(laid, "channel_code")[1] == "1"
    assert len(laid.changed_by[1]) == 4


def test_column_that_the_export_lacks_is_added_for_the_row_alone() -> None:
    laid = lay(correction({"dossier_code": "HS-1"}, "returned_date", "", "31/08/2021"))
    assert column(laid, "returned_date") == ["31/08/2021", None, None]


def test_removed_rows_are_taken_out_and_handed_on_with_their_decision() -> None:
    removal = correction({"dossier_code": "HS-1"})
    laid = lay(removal, correction({"dossier_code": "HS-2"}, "due_date", "31/09/2021", "30/09/2021"))
    assert laid.removed is not None
    assert laid.removed.row_numbers.to_pylist() == [5]
    assert laid.removed_by == (removal.correction_id,)
    assert laid.raw.row_numbers.to_pylist() == [6, 7]
    assert set(laid.changed_by) == {0}, "positions are those of the rows that are left"
    assert laid.raw.data_row_count + laid.removed.data_row_count == 3


def test_other_units_and_kinds_are_left_alone() -> None:
    own = correction({"dossier_code": "HS-1"})
    assert lay(own, unit="16186").removed is None
    assert lay(replace(own, kind="fee")).removed is None


def mend(*corrections: Correction) -> list[dict[str, object]]:
    records = canonicalise_table(LIST, file="danh-sach 05-09-2021.xls").records
    return list(mend_records(records, "dossier", corrections, CATALOGUE).to_pylist())


def test_known_record_gets_a_version_of_the_same_export_that_keeps_everything_else() -> None:
    records = canonicalise_table(LIST).records
    position = records.schema.get_field_index("field_hint")
    records = records.set_column(position, "field_hint", pa.array(["ho_tich"] * records.num_rows))
    change = correction({"dossier_code": "HS-1"}, "due_date", "31/08/2021", "30/08/2021")
    (row,) = mend_records(records, "dossier", [change], CATALOGUE).to_pylist()
    (before,) = records.slice(0, 1).to_pylist()
    changed = {name for name in DOSSIER.content_names if row[name] != before[name]}
    assert changed == {"due_date"}
    assert row["field_hint"] == "ho_tich"
    assert (row["_exported_at"], row["_delivery_id"]) == (before["_exported_at"], before["_delivery_id"])
    assert (row["_file"], row["_row"], row["_known_from"]) == ("corrections.yml", 1, None)


def test_status_follows_its_corrected_label_and_nothing_follows_an_equal_value() -> None:
    (row,) = mend(correction({"dossier_code": "HS-1"}, "status_label", "Đang xử lý", "Đã trả kết quả"))
    assert (row["status_code"], row["status_label"]) == (10, "Đã trả kết quả")
    assert mend(correction({"dossier_code": "HS-1"}, "due_date", "01/08/2021", "31/08/2021")) == []


def test_changed_key_takes_the_old_record_out() -> None:
    change = correction({"dossier_code": "HS-1"}, "dossier_code", "HS-1", "HS-9")
    removed, renamed = mend(change)
    assert (removed["dossier_code"], removed["_removal"]) == ("HS-1", change.correction_id)
    assert (renamed["dossier_code"], renamed["_removal"]) == ("HS-9", None)


def test_set_apart_row_is_taken_once_and_only_where_no_later_export_knows_the_record() -> None:
    result = canonicalise_table(LIST)
    change = correction({"dossier_code": "HS-2"}, "due_date", "31/09/2021", "30/09/2021")
    profiles = {"lan-nhan-1": "mau.dossier"}
    taken, spots = mend_quarantined(
        result.quarantined, profiles, DOSSIER.empty(), "dossier", [change], CATALOGUE
    )
    (row,) = taken.to_pylist()
    assert (row["dossier_code"], row["due_date"], row["channel_code"]) == ("HS-2", date(2021, 9, 30), 2)
    assert [(spot.sheet, spot.row) for spot in spots] == [("Sheet1", 6)]
    again, spots = mend_quarantined(result.quarantined, profiles, taken, "dossier", [change], CATALOGUE)
    assert again.num_rows == 0
    assert len(spots) == 1, "it is still the row that is mended"
