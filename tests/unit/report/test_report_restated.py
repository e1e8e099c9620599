"""What a report says of figures that were published otherwise before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    CATALOGUE,
    DISTRICT,
    RECKONING,
    THANH_XUAN,
    dossiers,
    inputs,
    papers,
    show,
    show_table,
)
from transforms.history.restatement import CellKey, Counted, Ledger, LedgerContext, explain, roll_up
from transforms.history.restating.model import CONTRIBUTIONS, ENTRIES, POPULATION
from transforms.render.json_context import render_json
from transforms.report.blocks import Figure, Paragraph, Table
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.inputs import Restated
from transforms.report.restated import (
    RESTATED_TABLE,
    facet_words,
    measure_words,
    restated_cell_id,
    sorted_changes,
)

CELLS = dossiers(BINH_LUONG_DOSSIERS) | papers()
EARLIER = CELLS | {
    ("early", "16204", "*"): 1020,
    ("early", "16204", "ho_tich"): 197,
    ("on_time", "16204", "*"): 339,
    ("on_time", "16204", "ho_tich"): 80,
}


def ledger_between(before: dict[CellKey, int], after: dict[CellKey, int], rollup: str = "") -> Ledger:
    """The ledger of two sets of cells whose three dossiers moved from on time to early."""

    def side(cells: dict[CellKey, int], place: str) -> Counted:
        rows = [
            {"dossier_code": f"HS-{number}", "unit_code": "16204", "field_id": "ho_tich", "state": place, "placed_as": place, "due_date": date(2021, 8, 2 if place == "early" else 1)}
            for number in range(3)
        ]  # fmt: skip
        population = pa.Table.from_pylist(rows, POPULATION)
        units = frozenset({"16204", "16210"})
        return Counted(
            cells,
            population,
            ENTRIES.empty_table(),
            RECKONING.start,
            RECKONING.closing_day,
            "tt01",
            units,
            frozenset(),
        )

    def contribute(rows: pa.Table) -> pa.Table:
        found = [
            (number, row["placed_as"], "16204", facet, 1)
            for number, row in enumerate(rows.to_pylist())
            for facet in ("ho_tich", "*")
        ]
        return pa.table([pa.array(column) for column in zip(*found, strict=True)], schema=CONTRIBUTIONS)

    return explain(side(before, "on_time"), side(after, "early"), LedgerContext(contribute, rollup=rollup))


def restated(ledger: Ledger) -> Restated:
    return Restated(1, "45/BC-UBND", date(2021, 9, 6), ledger)


def issued(ledger: Ledger, **others: object) -> object:
    return inputs(CELLS, is_draft=False, document_number="52/BC-UBND", restated=restated(ledger), **others)  # type: ignore[arg-type]


def table_of(context: object) -> Table:
    (found,) = [
        block
        for block in all_blocks(context)
        if isinstance(block, Table) and block.table_id == RESTATED_TABLE
    ]  # type: ignore[arg-type]
    return found


def test_note_names_the_earlier_version_and_counts_cells_and_dossiers() -> None:
    context = build_report(issued(ledger_between(EARLIER, CELLS)))  # type: ignore[arg-type]
    assert (
        "> Số liệu đã điều chỉnh so với bản số 1 (Báo cáo số 45/BC-UBND ngày 06/9/2021): 04 ô số liệu thay đổi "
        "vì 03 hồ sơ được sửa thông tin. Danh sách nêu tại phụ lục kèm theo." in show(context)
    )
    (note,) = [b for b in context.blocks if isinstance(b, Paragraph) and "điều chỉnh" in str(b)]
    assert [inline.value for inline in note.text if isinstance(inline, Figure)] == [4, 3]


def test_table_shows_both_values_as_figures_and_the_new_one_is_the_cell_of_the_form() -> None:
    context = build_report(issued(ledger_between(EARLIER, CELLS)))  # type: ignore[arg-type]
    table = table_of(context)
    assert show_table(table) == [
        "1 | Giải quyết trước hạn | Tổng số | 1.020 | 1.023 | 3 | được sửa thông tin",
        "2 | Giải quyết đúng hạn | Tổng số | 339 | 336 | 3 | được sửa thông tin",
        "3 | Giải quyết trước hạn | Hộ tịch | 197 | 200 | 3 | được sửa thông tin",
        "4 | Giải quyết đúng hạn | Hộ tịch | 80 | 77 | 3 | được sửa thông tin",
    ]
    old, new = table.rows[0].cells[3:5]
    assert isinstance(new, Figure)
    assert new.cell_id == "early/16204/*/2021-9T/nd09/2021-09-05/tt01"
    assert isinstance(old, Figure)
    assert old.cell_id == f"published/1/{new.cell_id}"
    assert render_json(context), "one cell never has two values"
    assert not [finding for finding in check_report(context) if "total" in finding.code]


def test_cell_without_data_says_so_instead_of_zero() -> None:
    before = {key: value for key, value in EARLIER.items() if key[0] != "fee_total_amount"}
    table = table_of(build_report(issued(ledger_between(before, CELLS))))  # type: ignore[arg-type]
    (row,) = [row for row in show_table(table) if "phí" in row]
    assert row == "3 | Tổng số tiền phí, lệ phí đã thu | Tổng số | không có số liệu | 11.250.000 | 0 | "


def test_long_list_shows_twenty_cells_and_says_where_the_rest_is() -> None:
    before = {key: value + 1 for key, value in CELLS.items()}
    context = build_report(issued(ledger_between(before, CELLS)))  # type: ignore[arg-type]
    table = table_of(context)
    assert len(table.rows) == 20
    rest = len(CELLS) - 20
    assert f"và {rest} ô khác, xem dieu-chinh.json." in "".join(part.text for part in table.notes[-1])
    assert rest in [part.value for part in table.notes[-1] if isinstance(part, Figure)]


@pytest.mark.parametrize("ledger", [None, ledger_between(CELLS, CELLS)], ids=["first", "nothing changed"])
def test_report_without_changes_prints_neither_note_nor_table(ledger: Ledger | None) -> None:
    given = replace(inputs(CELLS), restated=restated(ledger) if ledger else None)
    context = build_report(given)
    assert "điều chỉnh" not in repr(context)
    assert context == build_report(inputs(CELLS))


def test_roll_up_lists_its_own_cells_first_and_names_units() -> None:
    units = (BINH_LUONG, THANH_XUAN)
    codes = [unit.code for unit in units]
    sides = [roll_up(cells, DISTRICT.code, codes) for cells in (EARLIER, CELLS)]
    ledger = ledger_between(*sides, rollup=DISTRICT.code)
    context = build_report(issued(ledger, node=DISTRICT, leaf_units=units))  # type: ignore[arg-type]
    rows = show_table(table_of(context))
    assert (
        rows[0]
        == "1 | Giải quyết trước hạn | Tổng số | huyện Như Xuân | 1.020 | 1.023 | 3 | được sửa thông tin"
    )
    assert rows[4].split(" | ")[3] == "xã Bình Lương"
    assert render_json(context)


@pytest.mark.parametrize(
    ("measure", "facet", "words"),
    [
        ("pending_overdue", "ho_tich", ("Đang giải quyết, quá hạn", "Hộ tịch")),
        ("documents_issued", "quyet_dinh", ("Số văn bản hành chính đã ban hành", "Quyết định")),
        ("documents_received", "huyen:to_trinh", ("Số văn bản đến", "Tờ trình, cấp huyện")),
        ("note.withdrawn", "*", ("Hồ sơ do công dân rút", "")),
        ("supplement.staff_total_count", "*", (None, "")),
    ],
)
def test_cells_are_named_in_words(measure: str, facet: str, words: tuple[str | None, str]) -> None:
    assert facet_words(measure, facet, CATALOGUE) == words[1]
    assert measure_words(measure, CATALOGUE) == words[0] or (
        words[0] is None and "_" not in measure_words(measure, CATALOGUE)
    )


def test_ids_of_cells_are_those_that_the_report_prints() -> None:
    cells = {("supplement.staff_total_count", "402", "*"): 3, ("note.paused", "402", "*"): 1}
    changes = {c.measure: c for c in sorted_changes(ledger_between(CELLS, CELLS | cells), "402", CATALOGUE)}
    staff, paused = changes["supplement.staff_total_count"], changes["note.paused"]
    assert restated_cell_id(staff, RECKONING, "402", True) == "supplement_total/402/staff_total_count/2021-9T"
    assert restated_cell_id(staff, RECKONING, "402", False) == "supplement/402/staff_total_count/2021-9T"
    assert restated_cell_id(paused, RECKONING, "402", False) == "note/" + RECKONING.cell_id("paused", "402")
