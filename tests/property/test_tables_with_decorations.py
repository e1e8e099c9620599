"""Any list with any decoration comes back as the same list, and every row is counted."""

from __future__ import annotations

import io
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.decorated_sheet import (
    COLUMN_NUMBERS,
    GROUPS,
    SIGNATURES,
    SUBTOTALS,
    TOTALS,
    Cells,
    DecoratedList,
    Decoration,
    decorate,
    record,
)
from tests.support.export_files import csv_file, html_file, packaged_profiles, xls_file, xlsx_file
from transforms.readers.model import RawExport
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook

PROFILES = tuple(profile for profile in packaged_profiles() if profile.kind in ("dossier", "fee"))


def _one_of(names: Sequence[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *names])


DECORATIONS = st.builds(
    Decoration,
    first_row=st.integers(1, 6),
    has_motto=st.booleans(),
    has_titles=st.booleans(),
    header_rows=st.integers(1, 4),
    column_numbers=_one_of(sorted(COLUMN_NUMBERS)),
    groups=_one_of(sorted(GROUPS)),
    subtotals=_one_of(sorted(SUBTOTALS)),
    total=_one_of(sorted(TOTALS)),
    signature=_one_of(sorted(SIGNATURES)),
    has_note=st.booleans(),
    empty_before=st.integers(0, 2),
    empty_inside=st.booleans(),
    has_blank_rows=st.booleans(),
    repeated_header=_one_of(("header", "titles")),
    sheets=_one_of(("headed", "bare")),
    has_help_sheet=st.booleans(),
    has_hidden_sheet=st.booleans(),
)
# What a record may hold that a heading, a total or a signature holds too, and gaps.
ODDITIES = st.fixed_dictionaries(
    {},
    optional={
        "procedure_name": st.sampled_from(
            [
                "Tổng hợp hồ sơ đề nghị trợ cấp",
                "Cộng đồng dân cư đề nghị",
                "Tổng cộng",
                "Thủ tục chứng thực",
                "",
            ]
        ),
        "person": st.sampled_from(["Cộng", "Tổng Văn Mẫu", "Chủ tịch Mẫu", "Ghi Chú Mẫu", ""]),
        "status_label": st.sampled_from(["Đang xử lý", "Mới đăng ký", ""]),
        "resolved_date": st.just(""),
        "due_date": st.sampled_from(["", "31/09/2021"]),
        "number": st.just(""),
        "receiving_unit_name": st.sampled_from(["", "Cộng"]),
    },
)
LISTS = st.lists(ODDITIES, min_size=4, max_size=10).map(
    lambda rows: [record(number, **row) for number, row in enumerate(rows, start=1)]
)


def _check(export: RawExport, written: DecoratedList) -> None:
    assert export.profile_id == "tandan.dossier.v1"
    assert export.body.to_pylist() == written.expected_body
    assert {kind: n for kind, n in export.structural_counts.items() if n} == written.expected_counts
    assert export.sheet_row_count == len(written.records) + sum(written.expected_counts.values())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LISTS, DECORATIONS)
def test_decorated_list_comes_back_whole(records: list[Cells], decoration: Decoration) -> None:
    written = decorate(records, decoration)
    export = recognise(written.workbook(), PROFILES)
    _check(export, written)
    places = list(zip(export.sheets.to_pylist(), export.row_numbers.to_pylist(), strict=True))
    assert places == written.expected_places
    codes = {finding.code for finding in export.findings}
    assert ("file.sheet.hidden" in codes) == decoration.has_hidden_sheet
    assert ("file.sheet.continued" in codes) == (decoration.sheets == "bare")
    assert "file.sheet.unread" not in codes


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LISTS, DECORATIONS, st.sampled_from(["xlsx", "html", "csv", "xls"]))
def test_decorated_list_comes_back_from_a_real_file(
    records: list[Cells], decoration: Decoration, container: str
) -> None:
    written = decorate(records, decoration)
    if container != "xlsx":
        # These hold one sheet: keep the first visible one with its records.
        name, first, lines, _ = next(sheet for sheet in written.sheets if not sheet[3])
        count = sum(line.kind == "data" for line in lines)
        written = DecoratedList(records[:count], [(name, first, lines, False)])
    rows = {
        name: [[]] * (first - 1) + [line.cells for line in lines] for name, first, lines, _ in written.sheets
    }
    only = next(iter(rows.values()))
    content = {
        "xlsx": lambda: xlsx_file(rows, hidden=[name for name, _, _, hidden in written.sheets if hidden]),
        "html": lambda: html_file(only),
        "csv": lambda: csv_file(only, ";", "utf-8-sig"),
        "xls": lambda: xls_file(only),
    }[container]()
    _check(recognise(read_workbook(io.BytesIO(content), f"danh-sach.{container}"), PROFILES), written)
