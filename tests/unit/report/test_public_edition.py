"""What anybody may read: small counts of sensitive fields are in no file, in no form, and in no choice of words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.unit.report.public_case import FINDING, ROLLUP, UNIT, public
from tests.unit.report.report_case import (
    BINH_LUONG_DOSSIERS,
    ROOT,
    dossiers,
    inputs,
    papers,
    show,
    show_table,
)
from transforms.render.anchors import cell_stem, context_figures
from transforms.render.docx import render_docx
from transforms.render.html import render_html
from transforms.render.json_context import render_json
from transforms.render.xlsx import render_xlsx
from transforms.report.blocks import ReportContext, Table
from transforms.report.bound import unbound_digits
from transforms.report.build import build_report
from transforms.report.check import all_blocks
from transforms.report.inputs import ReportInputs
from transforms.report.public_edition import WithheldFigureError, check_withheld


def form(context: ReportContext) -> Table:
    names = ("bieu_06a", "bieu_06_linh_vuc")
    return next(b for b in all_blocks(context) if isinstance(b, Table) and b.table_id in names)


def contents(context: ReportContext) -> Iterator[tuple[str, str]]:
    """Every file with every part of it as text."""
    pages = {
        f"page/{path.name}": path.read_text(encoding="utf-8")
        for path in (ROOT / "report_templates" / "page").glob("*.j2")
    }
    yield "html", render_html(context, pages).decode()
    yield "json", render_json(context).decode()
    base = (ROOT / "report_templates" / "base.docx").read_bytes()
    for name, content in (("docx", render_docx(context, base)), ("xlsx", render_xlsx(context))):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield f"{name}:{part}", archive.read(part).decode("utf-8", "replace")


@pytest.mark.parametrize("made", [UNIT, ROLLUP], ids=["unit", "rollup"])
def test_no_file_names_or_holds_a_withheld_cell(made: ReportInputs) -> None:
    context = build_report(made)
    assert made.public is not None
    assert made.public.hidden
    names = {made.table.reckoning.cell_id(*key) for key in made.public.hidden}
    stems = {cell_stem(name) for name in names}
    for place, text in contents(context):
        assert not [name for name in names if name in text], place
        assert not [stem for stem in stems if stem in text], place


@pytest.mark.parametrize("made", [UNIT, ROLLUP], ids=["unit", "rollup"])
def test_workbook_has_no_sum_or_check_over_withheld_cells(made: ReportInputs) -> None:
    table = form(build_report(made))
    assert table.checks == ()
    assert table.entry is None
    assert not any(column.formula for column in table.columns)


def test_form_of_a_unit_prints_one_mark_for_small_numbers_and_for_those_that_give_them_away() -> None:
    assert [line for line in show_table(form(build_report(UNIT))) if "…" in line] == [
        "5 | Người có công | … | 0 | … | 0 | … | … | … | 0 | … | … | 0",
        "8 | Xử lý đơn | 5 | 0 | 5 | 0 | … | … | … | 0 | … | … | 0",
        "9 | Nuôi con nuôi | … | 0 | … | 0 | … | 0 | … | 0 | 0 | 0 | 0",
    ]


def test_totals_stay_as_they_are() -> None:
    internal = build_report(replace(UNIT, public=None))
    assert form(build_report(UNIT)).rows[-1] == form(internal).rows[-1]


def test_sentence_about_a_withheld_number_does_not_depend_on_it() -> None:
    assert "- Người có công: … hồ sơ;" in show(build_report(UNIT))
    other = dossiers(
        BINH_LUONG_DOSSIERS.replace(
            "nguoi_co_cong       | 0 |   2 | 0 |   0 |   2", "nguoi_co_cong       | 0 |   1 | 0 |   0 |   1"
        )
    )
    counted = inputs(other | papers(), findings=(FINDING,))
    line = [each for each in show(build_report(public(counted))).splitlines() if "Người có công" in each]
    assert line == [each for each in show(build_report(UNIT)).splitlines() if "Người có công" in each]


def test_findings_and_codes_of_dossiers_are_left_out_of_a_public_edition() -> None:
    context = build_report(UNIT)
    assert context.findings == ()
    assert context.stamps == ("Một số số liệu của báo cáo đang được kiểm tra, đối chiếu.",)
    assert "000.00.01" not in render_json(context).decode()
    assert "000.00.01" in render_json(build_report(replace(UNIT, public=None))).decode()


def test_public_edition_says_what_it_is_and_every_number_is_bound() -> None:
    context = build_report(UNIT)
    assert show(context).startswith(
        "> Bản công khai. Ở các lĩnh vực liên quan đến đời tư, số hồ sơ từ một đến dưới 3"
    )
    assert context.facts[0].key == "edition"
    assert unbound_digits(context) == ()


def test_internal_edition_withholds_nothing() -> None:
    context = build_report(replace(UNIT, public=None))
    assert "…" not in show(context) + " ".join(show_table(form(context)))


def test_figure_that_holds_a_withheld_cell_is_refused() -> None:
    internal = build_report(replace(UNIT, public=None))
    with pytest.raises(WithheldFigureError):
        check_withheld(UNIT, context_figures(internal))
    check_withheld(UNIT, context_figures(build_report(UNIT)))
