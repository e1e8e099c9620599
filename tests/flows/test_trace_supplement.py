"""What a district filled in for itself, and the sum over its units: each number leads to the row that somebody filled in."""

from __future__ import annotations

import io

import openpyxl
import pytest

from pipelines.cli.root import motcua
from pipelines.errors import UsageProblemError
from pipelines.session import Session, find_unit
from pipelines.steps.on_demand import answer_request
from pipelines.steps.pack import gather_evidence
from pipelines.steps.tracing import trace_cell_id
from tests.support.published import (
    FIRST_LIST,
    FIRST_NAME,
    PERIOD,
    SIGNED,
    open_at,
    order,
    publish,
    take_in,
)
from tests.support.sent_back import UNIT, send
from transforms.render.anchors import context_figures
from transforms.supplement.workbook import VALUE_COLUMN, write_workbook

DISTRICT, OTHER = "402", "16204"
OWN, SUM = (
    f"supplement/{DISTRICT}/inspection_count/{PERIOD}",
    f"supplement_total/{DISTRICT}/inspection_count/{PERIOD}",
)
NAME = "So lieu bo sung 2021-9T 14-09-2021.xlsx"
COUNTS = {DISTRICT: 7, UNIT: 2, OTHER: 3}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    root = tmp_path_factory.mktemp("supplied") / "workspace"
    first = open_at(root)
    items = tuple(first.catalogue.supplement_items)
    for code, count in COUNTS.items():
        unit = find_unit(first.catalogue, code, SIGNED)
        send(first, NAME, write_workbook(unit, PERIOD, items, {"inspection_count": (str(count),)}), code)
    take_in(first, FIRST_NAME, FIRST_LIST)
    return open_at(root)


def test_own_number_of_a_district_leads_to_its_own_workbook(session: Session) -> None:
    traced = trace_cell_id(session, OWN)
    assert (traced.value, traced.total) == (7, 7)
    (record,) = traced.records
    assert (record.unit_code, record.file, record.sheet) == (DISTRICT, NAME, "Số liệu")
    sheet = openpyxl.load_workbook(session.workspace.inbox / DISTRICT / NAME)["Số liệu"]
    assert sheet.cell(record.row, 1).value == record.code == "inspection_count"
    assert str(sheet.cell(record.row, VALUE_COLUMN + 1).value) == "7"


def test_sum_over_units_leads_to_the_row_of_each_unit_and_never_to_the_districts_own(
    session: Session,
) -> None:
    traced = trace_cell_id(session, SUM)
    assert (traced.value, traced.total) == (5, 5)
    assert {record.unit_code: record.amount for record in traced.records} == {UNIT: 2, OTHER: 3}
    for record in traced.records:
        content = (session.workspace.inbox / record.unit_code / record.file).read_bytes()
        sheet = openpyxl.load_workbook(io.BytesIO(content))[record.sheet]
        assert str(sheet.cell(record.row, VALUE_COLUMN + 1).value) == str(record.amount)


def test_both_are_printed_and_their_lists_in_the_evidence_pack_are_those_of_trace(session: Session) -> None:
    answer = answer_request(session, order(unit=DISTRICT, as_of=SIGNED).request)
    printed = {figure.cell_id: figure.value for figure in context_figures(answer.context)}
    assert (printed[OWN], printed[SUM]) == (7, 5)
    evidence = gather_evidence(session, answer)
    cells = {cell.figure.cell_id: cell for page in evidence.pages for cell in page.cells}
    amounts = evidence.records.amounts
    for cell_id, expected in ((OWN, [7]), (SUM, [2, 3])):
        (part,) = cells[cell_id].parts
        runs = part.above
        rows = [start + n for start, size in zip(runs[::2], runs[1::2], strict=True) for n in range(size)]
        assert sorted(amounts[row] for row in rows) == expected, cell_id


def test_terminal_says_in_which_column_the_number_stands(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    motcua.main(["trace", OWN, "--workspace", str(session.workspace.root)], standalone_mode=False)
    said = capsys.readouterr().out
    assert f"{OWN}: 7, 1 bản ghi" in said
    assert "cột “Giá trị”" in said


def test_publications_of_another_type_are_traced_by_their_type(session: Session) -> None:
    asked = order("60/BC-UBND", SIGNED, report_type="cchc_bnv", as_of=SIGNED, formats=("json",))
    issued = publish(session, asked)
    cell = f"resolved_total/{UNIT}/*/{PERIOD}/nd09/{issued.closing_day}/tt01"
    assert trace_cell_id(session, cell, 1, report_type="cchc_bnv").value == 2
    with pytest.raises(UsageProblemError, match="--type cchc_bnv"):
        trace_cell_id(session, cell, 1)
    with pytest.raises(UsageProblemError, match="loại báo cáo cchc_bnv không có lần công bố 2"):
        trace_cell_id(session, cell, 2, report_type="cchc_bnv")
    with pytest.raises(UsageProblemError, match="chỉ dùng cùng --version"):
        motcua.main(
            ["trace", cell, "--type", "cchc_bnv", "--workspace", str(session.workspace.root)],
            standalone_mode=False,
        )
