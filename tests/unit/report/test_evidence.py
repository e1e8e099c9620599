"""The content of an evidence pack: records once, every number as ranges of them, nothing lost on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.support.sample_context import sample_context
from transforms.report.blocks import Figure
from transforms.report.evidence import (
    Evidence,
    FoundCell,
    FoundPage,
    FoundPart,
    Proof,
    SourceFile,
    build_evidence,
    runs_of,
)
from transforms.report.evidence_rows import RECORDS, RowIndex
from transforms.report.evidence_words import told_words

NOTHING = np.empty(0, np.int64)


def record(code: str, **told: Any) -> dict[str, Any]:
    """A dossier of one list, or what is told otherwise."""
    usual = {
        "kind": "dossier", "unit_code": "16204", "facet": "Chứng thực", "state": "late", "code": code,
        "procedure_code": "2.000815", "procedure_name": "Chứng thực bản sao", "received_date": date(2021, 8, 2),
        "due_date": None, "resolved_date": None, "returned_date": None, "amount": 1, "delivery_id": "d1",
        "file": "ds.csv", "sheet": "", "row": 2,
    }  # fmt: skip
    return {**usual, **told}


def frame(*records: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(records), schema=RECORDS)


def cell(cell_id: str, value: int, *positions: int) -> FoundCell:
    part = FoundPart(cell_id, "", value, None, np.array(positions, np.int64), NOTHING)
    return FoundCell(Figure(value, str(value), cell_id), cell_id, Proof.SUM, (part,))


def evidence(frames: list[pa.Table], *cells: FoundCell) -> Evidence:
    sources = [SourceFile("d1", "16204", "xã Bình Lương", "ds.csv", "05/9/2021", "0" * 64)]
    return build_evidence(frames, [FoundPage("", sample_context(), cells)], sources, {})


def codes_behind(found: Evidence, at: int) -> list[str]:
    runs = found.pages[0].cells[at].parts[0].above
    rows = [start + n for start, length in zip(runs[::2], runs[1::2], strict=True) for n in range(length)]
    return [found.records.codes[row] for row in rows]


@pytest.mark.parametrize(
    ("positions", "runs"),
    [
        ([], ()),
        ([4], (4, 1)),
        ([0, 1, 2, 5, 6, 9], (0, 3, 5, 2, 9, 1)),
        ([3, 3, 4], (3, 1, 3, 2)),
    ],
)
def test_ascending_numbers_become_runs(positions: list[int], runs: tuple[int, ...]) -> None:
    assert runs_of(np.array(positions, np.int64)) == runs


def test_record_behind_several_numbers_is_kept_once_and_unused_ones_not_at_all() -> None:
    rows = frame(record("A"), record("B", row=3), record("C", row=4))
    found = evidence([rows], cell("late", 2, 0, 2), cell("resolved_total", 1, 2))
    assert found.records.codes == ("A", "C")
    assert [codes_behind(found, at) for at in (0, 1)] == [["A", "C"], ["C"]]
    assert found.sources[0].record_count == 2


def test_dossier_in_two_states_of_two_periods_is_two_records() -> None:
    then = frame(record("A", state="overdue"))
    found = evidence([frame(record("A")), then], cell("late", 1, 0), cell("pending_overdue", 1, 1))
    assert found.records.codes == ("A", "A")
    states = found.records.coded["state"]
    assert {states.values[at] for at in states.at} == {"late", "overdue"}


def test_document_counted_by_type_and_in_sum_is_one_record_with_its_type() -> None:
    by_type = record("12/BC-UBND", kind="document", state="", facet="Báo cáo")
    in_sum = {**by_type, "facet": ""}
    found = evidence([frame(in_sum, by_type)], cell("all", 1, 0), cell("by_type", 1, 1))
    assert found.records.codes == ("12/BC-UBND",)
    facets = found.records.coded["facet"]
    assert [facets.values[at] for at in facets.at] == ["Báo cáo"]


def test_order_of_the_rows_does_not_change_the_records() -> None:
    rows = [record("B", row=3), record("A"), record("C", row=4, unit_code="16174")]
    one = evidence([frame(*rows)], cell("all", 3, 0, 1, 2))
    other = evidence([frame(*reversed(rows))], cell("all", 3, 0, 1, 2))
    assert one == other
    assert one.records.codes == ("C", "A", "B")


def test_days_are_numbers_and_missing_ones_nought() -> None:
    found = evidence([frame(record("A"))], cell("late", 1, 0))
    assert found.records.days["received_date"] == ((date(2021, 8, 2) - date(1970, 1, 1)).days,)
    assert found.records.days["due_date"] == (0,)


def test_rows_of_a_cell_are_found_by_measure_unit_and_facet() -> None:
    rows = pa.table(
        {
            "measure": ["late", "late", "early", "late"],
            "unit_code": ["16204", "16174", "16204", "16204"],
            "facet": ["*", "*", "*", "ho_tich"],
        }
    )
    index = RowIndex(rows)
    assert index.rows(["late"], ["16204"], ["*"]).tolist() == [0]
    assert index.rows(["late", "early"], ["16174", "16204"], ["*"]).tolist() == [0, 1, 2]
    assert index.rows(["late"], ["16204"], ["ho_tich", "ho_tich"]).tolist() == [3]
    assert index.rows(["khong_co"], ["16204"], ["*"]).tolist() == []


@pytest.mark.parametrize("prefix", ["coverage", "published", "restated", "explained", "usual"])
def test_number_that_counts_no_records_is_told_in_a_sentence(prefix: str) -> None:
    told = told_words(f"{prefix}/sent/402/*/2021-9T/nd09/2021-09-05/tt01")
    assert told is not None
    name, sentence = told
    assert name
    assert sentence.endswith(".")
    assert told_words("late/402/*/2021-9T/nd09/2021-09-05/tt01") is None
