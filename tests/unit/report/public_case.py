"""A commune and its district with small counts in sensitive fields, as public editions."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    CATALOGUE,
    DISTRICT,
    YEN_CAT,
    dossiers,
    inputs,
    papers,
)
from transforms.indicators.suppression import Rules, hidden_cells
from transforms.report.inputs import PublicEdition, ReportFinding, ReportInputs

SENSITIVE = frozenset({"bao_tro_xa_hoi", "nguoi_co_cong", "xu_ly_don", "nuoi_con_nuoi"})
FIELDS = tuple(replace(each, is_sensitive=each.field_id in SENSITIVE) for each in CATALOGUE.fields)
LISTED = frozenset(each.field_id for each in FIELDS if each.is_listed_when_zero)
YEN_CAT_DOSSIERS = """
    ho_tich       | 1 | 50 | 2 | 0 | 45 | 7 | 0 | 1
    bao_tro_xa_hoi| 0 | 30 | 0 | 4 | 26 | 0 | 0 | 0
    nuoi_con_nuoi | 0 |  1 | 0 | 0 |  0 | 0 | 1 | 0
"""
FINDING = ReportFinding("critical", "x.y", "16204", "Hồ sơ 000.00.01 có điều lạ.", "Hãy sửa hồ sơ 000.00.01.")


def public(made: ReportInputs) -> ReportInputs:
    codes = [leaf.code for leaf in made.leaf_units]
    hidden = hidden_cells(made.table, made.node.code, codes, Rules(SENSITIVE, LISTED, 3))
    return replace(made, public=PublicEdition(3, hidden), catalogue=replace(made.catalogue, fields=FIELDS))


UNIT = public(inputs(findings=(FINDING,)))
ROLLUP = public(
    inputs(
        dossiers(BINH_LUONG_DOSSIERS) | papers() | dossiers(YEN_CAT_DOSSIERS, "16174"),
        DISTRICT,
        (YEN_CAT, BINH_LUONG),
        findings=(FINDING,),
    )
)
