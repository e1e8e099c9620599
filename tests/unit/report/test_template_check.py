"""``check_templates``: every fault with its file and line before a report has to be written."""

from __future__ import annotations

from functools import cache

import pytest

from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.report.report_types import REPORT_TYPES
from transforms.report.template_cases import TemplateCase, build_cases
from transforms.report.template_check import TemplateFault, check_on_cases, check_templates

TEMPLATES = dict(package_files.narrative_templates())
LAST = "_next_period.md.j2"
NEXT_LINE = TEMPLATES[LAST].count("\n") + 1


@cache
def catalogue() -> Catalogue:
    return load_catalogue(packaged_files(), {})


@cache
def cases() -> tuple[TemplateCase, ...]:
    """The cases of the usual type of report, built once for all tests."""
    return build_cases(catalogue(), TEMPLATES)


def faults(added: str, name: str = LAST, own: tuple[str, ...] = ()) -> tuple[TemplateFault, ...]:
    """What is found when that is written at the end of a template."""
    return check_on_cases({**TEMPLATES, name: TEMPLATES.get(name, "") + added}, cases(), own)


def test_packaged_templates_have_no_fault_in_any_type_of_report() -> None:
    assert check_templates(TEMPLATES, catalogue()) == ()


def test_every_type_of_report_has_its_templates() -> None:
    for kind in REPORT_TYPES.values():
        assert {kind.unit_template, kind.rollup_template} <= set(TEMPLATES)


@pytest.mark.parametrize(
    ("added", "kind", "words"),
    [
        ("{% if has('late') %}", "syntax", "mẫu kết thúc khi một khối còn mở"),
        ("{% neu has('late') %}", "syntax", "không có lệnh “neu”"),
        ("{{ count('late') }", "syntax", "gặp “}” ở chỗ không đúng"),
        ("{{ period | vietfilter }}", "syntax", "không có bộ lọc “vietfilter”"),
        # In a branch that no case ever takes.
        ("{% if value('late') == 987654 %}{{ cout('late') }}{% endif %}", "unknown_name", "“cout”"),
        ("{{ unt }}", "unknown_name", "“unt”"),
        ("{{ sent.cout }}", "failed", "không có thuộc tính “cout”"),
        ("{{ count('lete') }}", "failed", "không có chỉ tiêu lete"),
        ("{{ count() }}", "failed", "hàm được gọi thiếu giá trị"),
        ("{{ value('received_total') }}", "failed", "mẫu chỉ được in chữ"),
        ("{{ value('late') + 1 }}", "failed", "mẫu không được tính toán"),
        ("@bang khong_co", "failed", "chỉ hiểu"),
        ("{% include 'khong_co.j2' %}", "failed", "không tìm thấy mẫu này"),
        ("**mở mà không đóng", "failed", "dấu ** mở mà không đóng"),
    ],
)
def test_fault_is_found_with_its_line(added: str, kind: str, words: str) -> None:
    found = faults(f"\n{added}\n")
    assert [fault.kind for fault in found[:1]] == [kind]
    assert words in found[0].sentence
    if "include" not in added:
        assert found[0].template == LAST
    if kind in ("unknown_name", "failed") and "include" not in added:
        assert found[0].line == NEXT_LINE + 1
    assert found[0].remedy


def test_name_close_to_a_known_one_is_offered() -> None:
    (found,) = faults("\n{{ cout('late') }}\n")
    assert found.remedy == "Có phải là “count”?"


def test_fault_in_a_macro_names_the_line_that_called_it() -> None:
    (found,) = faults('\n{{ m.bullets("khong_co") }}\n')
    assert found.template == "_macros.md.j2"
    assert f"không có mục số liệu bổ sung khong_co (gọi từ {LAST} dòng {NEXT_LINE + 1})" in found.sentence


def test_fault_of_some_cases_names_them() -> None:
    (found,) = faults("\n{% if value('received_total') == 1 %}{{ count('lete') }}{% endif %}\n")
    assert found.cases == ("chỉ có một hồ sơ", "tổng hợp, chỉ có một hồ sơ")


def test_heading_that_nothing_ever_stands_under_is_named() -> None:
    (found,) = faults("\n# MỤC TRỐNG\n\n## Mục có nội dung\n\nNội dung.\n\n## Mục con trống\n")
    assert (found.kind, found.line) == ("empty_heading", NEXT_LINE + 7)
    assert "“Mục con trống”" in found.sentence


def test_own_template_that_no_report_uses_is_named_with_the_likely_one() -> None:
    (found,) = faults("x", "cchc_unt.md.j2", ("cchc_unt.md.j2",))
    assert (found.template, found.line, found.kind) == ("cchc_unt.md.j2", 0, "unused")
    assert "cchc_unit.md.j2" in found.remedy
