"""LibreOffice opens the workbook, reads its names and calculates our own numbers, cell by cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.recalculated import formula_differences, recalculated
from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    CATALOGUE,
    THANH_XUAN,
    YEN_CAT,
    dossiers,
    inputs,
    number,
    papers,
)
from transforms.render.anchors import cell_stem
from transforms.render.xlsx import render_xlsx
from transforms.report.build import build_report

PROVINCE = next(each for each in CATALOGUE.units if each.code == "38")
CELLS = (
    dossiers(BINH_LUONG_DOSSIERS) | papers() | dossiers(BINH_LUONG_DOSSIERS, YEN_CAT.code) | papers("16174")
)
SUPPLEMENT = {
    "38": {item: number(900) for item in ("workflows_tinh_count", "workflows_huyen_count", "workflows_xa_count")},
    "16204": {"workflows_xa_count": number(110), "staff_total_count": number(22)},
}  # fmt: skip


@pytest.mark.documents
def test_libreoffice_calculates_every_formula_to_our_number_and_keeps_every_name(tmp_path: Path) -> None:
    of = inputs(
        CELLS,
        node=PROVINCE,
        leaf_units=(YEN_CAT, BINH_LUONG, THANH_XUAN),
        supplement=SUPPLEMENT,
        data_date=date(2021, 9, 5),
    )
    content = render_xlsx(build_report(of))
    calculated = recalculated(content, tmp_path)
    count, differing = formula_differences(content, calculated)
    assert differing == []
    assert count > 300, "sums of rows and columns, checks, keying-in order, index"
    assert calculated["Biểu II.07b"]["K11"].value == 2700
    total = cell_stem("received_total/38/*/2021-9T/nd09/2021-09-05/tt01")
    name = calculated.defined_names[f"{total}_1"].attr_text
    sheet, _, place = name.rpartition("!")
    assert calculated[sheet.strip("'")][place.replace("$", "")].value == 2726
    ids = [row[1].value for row in calculated["Chỉ mục"].iter_rows(min_row=2)]
    assert any("/bao_tro_xa_hoi/" in str(cell_id) for cell_id in ids), "an id that looks like an escape"
