"""Errors of a spreadsheet are no values."""

from __future__ import annotations

import pytest

from tests.support.decorated_sheet import HEADER, record
from tests.support.export_files import packaged_profiles
from transforms.findings import Place
from transforms.readers.model import Workbook
from transforms.readers.recognise import recognise
from transforms.readers.sheet import CellCollector


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "Err:502"])
def test_error_is_left_empty_and_named_with_its_row(error: str) -> None:
    collector = CellCollector()
    rows = (HEADER, record(1), record(2, due_date=error), record(3, procedure_name="#1 của danh sách"))
    for number, cells in enumerate(rows, start=1):
        collector.add(number, cells)
    export = recognise(Workbook("csv", (collector.build("Sheet1"),)), packaged_profiles())
    assert export.body.column("due_date").to_pylist() == [record(1)[10], None, record(3)[10]]
    assert export.body.column("procedure_name").to_pylist()[2] == "#1 của danh sách"
    (finding,) = export.findings
    assert (finding.code, finding.column, finding.kind) == ("file.cell.error", "due_date", "dossier")
    assert finding.places == (Place("Sheet1", 3, value=error),)
    assert dict(finding.params) == {"column": "Ngày hẹn trả"}
