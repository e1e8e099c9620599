"""What reports say in ordinary and in strange periods, one readable golden a case, each clean under the audit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from tests.support.golden import assert_golden
from tests.support.report_text import report_text
from tests.support.word_text import word_text
from tests.unit.report.report_case import show, show_table
from transforms.audit import audit_text
from transforms.catalogue.load import load_catalogue
from transforms.render.docx import render_docx
from transforms.report.blocks import ReportContext, Table
from transforms.report.build import OUTLINE_FACT, build_report
from transforms.report.comparison_table import COMPARISON_TABLE
from transforms.report.figures import flatten
from transforms.report.indicator_annex import INDICATOR_TABLE
from transforms.report.template_cases import TemplateCase, build_cases

UNIT_CASES = (
    "thang-thuong",
    "ky-dau",
    "chua-gui",
    "qua-han",
    "khong-ho-so",
    "mot-ho-so",
    "chua-bo-sung",
    "cong-bo-lai",
)
ROLLUP_CASES = (
    "huyen-thieu-don-vi",
    "huyen-du",
    "huyen-ky-dau",
    "huyen-qua-han",
    "huyen-khong-ho-so",
    "huyen-mot-ho-so",
)
BNV_CASES = ("thang-thuong", "chua-gui", "huyen-thieu-don-vi")
"""Where the second outline reads otherwise than the first."""
ALL = [("cchc", case) for case in (*UNIT_CASES, *ROLLUP_CASES)] + [("cchc_bnv", case) for case in BNV_CASES]


@cache
def cases(report_type: str) -> Mapping[str, TemplateCase]:
    catalogue = load_catalogue(packaged_files(), {})
    found = build_cases(catalogue, package_files.narrative_templates(), report_type)
    return {case.case_id: case for case in found}


@cache
def context_of(report_type: str, case_id: str) -> ReportContext:
    return build_report(cases(report_type)[case_id].inputs)


def readable(context: ReportContext) -> str:
    """The body, the facts about missing sections, and the tables of comparison and indicators."""
    lines = [show(context), ""]
    lines += [
        f"{fact.label}: {fact.text}" for fact in context.facts if fact.key in ("deadline", OUTLINE_FACT)
    ]
    for annex in context.annexes:
        for block in annex.blocks:
            if isinstance(block, Table) and block.table_id in (COMPARISON_TABLE, INDICATOR_TABLE):
                groups = list(dict.fromkeys(column.group for column in block.columns if column.group))
                lines += ["", f"[{annex.number}] {block.caption}", *groups]
                lines += [" | ".join(column.label for column in block.columns), *show_table(block)]
                lines += [f"* {flatten(note)}" for note in block.notes]
    return "\n".join(lines) + "\n"


def test_every_case_of_the_check_has_its_golden() -> None:
    assert set(cases("cchc")) == {*UNIT_CASES, *ROLLUP_CASES}
    assert set(cases("cchc_bnv")) >= set(BNV_CASES)


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_report_reads_as_its_golden(report_type: str, case_id: str, update_golden: bool) -> None:
    text = readable(context_of(report_type, case_id))
    assert_golden(f"narrative/{report_type}-{case_id}.txt", text, update_golden)


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_own_sentences_pass_the_audit(report_type: str, case_id: str) -> None:
    document = render_docx(context_of(report_type, case_id), package_files.word_base())
    audit = audit_text(report_text(word_text(document)))
    assert [alarm.sentence for alarm in audit.alarms] == []
    assert [remark.sentence for remark in audit.remarks] == []


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_no_sentence_is_nonsense(report_type: str, case_id: str) -> None:
    text = show(context_of(report_type, case_id))
    for nonsense in (
        "(0%)",
        " 0 hồ sơ (",
        "tăng 0 ",
        "giảm 0 ",
        "None",
        "  ",
        " ,",
        " ;",
        " .",
        "..",
        ";;",
        "()",
        "đều 0",
    ):
        assert nonsense not in text, nonsense
    for line in text.splitlines():
        assert line[-1] in ".:;" or line[:1] in "IVX123456abđ" or line.endswith("./."), line
