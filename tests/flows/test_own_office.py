"""A district that takes in dossiers itself: its file goes through the whole way into a line of its own roll-up."""

from __future__ import annotations

from pathlib import Path

from pipelines.steps.on_demand import answer_request
from pipelines.steps.tracing import trace_cell_id
from tests.support.published import FIRST_LIST, FIRST_NAME, LATER_LIST, SIGNED, open_at, order, take_in
from tests.unit.report.report_case import show_table
from transforms.report.blocks import Figure, Table
from transforms.report.check import all_blocks, check_report


def test_own_dossiers_of_a_district_are_a_line_and_lead_back_to_its_file(tmp_path: Path) -> None:
    session = open_at(tmp_path)
    take_in(session, FIRST_NAME, FIRST_LIST)
    own = LATER_LIST.replace("02-0", "05-0").replace("03-0", "06-0").replace("04-0", "07-0")
    take_in(session, FIRST_NAME, own, "402")
    session = open_at(tmp_path)
    context = answer_request(session, order(unit="402", as_of=SIGNED).request).context
    tables = {block.table_id: block for block in all_blocks(context) if isinstance(block, Table)}
    form = tables["bieu_06_don_vi"]
    (line,) = [row for row in form.rows if "cơ quan cấp huyện" in str(row.cells[1])]
    total = next(row for row in form.rows if row.kind == "total")
    assert str(line.cells[1]) == "huyện Như Xuân (cơ quan cấp huyện)"
    assert [cell.text for cell in (line.cells[2], total.cells[2]) if isinstance(cell, Figure)] == ["4", "7"]
    assert not [each for each in check_report(context) if each.code == "report.total.mismatch"]
    assert any("ít hồ sơ" in each for each in show_table(tables["ket_qua_don_vi"]))
    figure = line.cells[2]
    assert isinstance(figure, Figure)
    traced = trace_cell_id(session, figure.cell_id)
    assert (traced.value, traced.total) == (4, 4)
    assert "các xã, thị trấn" in " ".join(str(b.text) for b in context.blocks if hasattr(b, "text"))
