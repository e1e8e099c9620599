"""Faults of report templates, each with file and line: read, looked up and tried on every case before they print.

A fault that only some periods would show is found here and not on the evening of the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, meta, nodes

from transforms.catalogue.model import Catalogue
from transforms.report.build import build_outline
from transforms.report.markup import HeadingPlace, TemplateProblemError
from transforms.report.narrative import template_environment, template_words
from transforms.report.report_types import REPORT_TYPES
from transforms.report.template_cases import TemplateCase, build_cases, with_templates

_SYNTAX: Sequence[tuple[str, str]] = (
    (r"Unexpected end of template.*", "mẫu kết thúc khi một khối còn mở; hãy thêm dòng đóng khối"),
    (r"Encountered unknown tag '(.+?)'.*", "không có lệnh “{0}”"),
    (r"expected token '(.+?)', got '(.+?)'", "chờ “{0}” nhưng gặp “{1}”"),
    (r"unexpected '(.+?)'", "gặp “{0}” ở chỗ không đúng"),
    (r"unexpected char '(.+?)' at \d+", "gặp ký tự lạ “{0}”"),
    (r"No filter named '(.+?)'\.?", "không có bộ lọc “{0}”"),
    (r"No test named '(.+?)'\.?", "không có phép thử “{0}”"),
)
_RUNNING: Sequence[tuple[str, str]] = (
    (r"'(.+?)' is undefined", "không có tên “{0}”"),
    (r"'.+?' has no attribute '(.+?)'", "không có thuộc tính “{0}”"),
    (r".*missing \d+ required positional arguments?: (.+)", "hàm được gọi thiếu giá trị ({0})"),
    (r".*takes .+ positional arguments? but .+ (?:was|were) given", "hàm được gọi thừa giá trị"),
    (r".*got an unexpected keyword argument '(.+?)'", "hàm không nhận giá trị tên “{0}”"),
    (r".*object is not callable", "tên này không phải là hàm, không gọi được"),
    (r"(mẫu chỉ được in chữ; .*), nhận được: .+", "{0}"),
)


_CALLED = re.compile(r"(.*?)((?: \(gọi từ \S+ dòng \d+\))?)", re.DOTALL)
"""A message, and from where the line that failed was called."""


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """One thing wrong with one template. ``cases``: names of the cases that show it, empty where every one does."""

    template: str
    line: int
    """0 where the file as a whole is meant."""
    kind: str
    """syntax, unknown_name, failed, empty_heading, unused."""
    sentence: str
    remedy: str
    cases: tuple[str, ...] = ()


def check_templates(
    templates: Mapping[str, str], catalogue: Catalogue, own: Sequence[str] = ()
) -> tuple[TemplateFault, ...]:
    """Every fault of the templates, by file and line; none when each type of report can be written in every case.

    ``own``: names of templates that the workspace put in place of packaged ones or added.
    """
    return check_on_cases(templates, build_cases(catalogue, templates, *REPORT_TYPES), own)


def check_on_cases(
    templates: Mapping[str, str], cases: Sequence[TemplateCase], own: Sequence[str] = ()
) -> tuple[TemplateFault, ...]:
    """As ``check_templates``, on cases that were built already, whatever templates they were built with."""
    faults = [*_syntax_faults(templates)]
    if not faults:
        # What cannot be read cannot be looked into or tried.
        cases = [with_templates(case, templates) for case in cases]
        faults += _unknown_names(templates, cases[0])
        faults += _trial_faults(cases, {(fault.template, fault.line) for fault in faults})
        faults += _unused(templates, own)
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.template, fault.line, fault.kind)))


def _syntax_faults(templates: Mapping[str, str]) -> Iterator[TemplateFault]:
    environment = template_environment(templates)
    for name, source in templates.items():
        try:
            environment.compile(source, name, name)
        except TemplateSyntaxError as error:
            yield TemplateFault(
                name, error.lineno, "syntax", f"Sai cú pháp: {_translated(error.message or '', _SYNTAX)}.",
                "Sửa dòng này; so với mẫu đi kèm phần mềm để xem cách viết đúng.",
            )  # fmt: skip


def _unknown_names(templates: Mapping[str, str], case: TemplateCase) -> Iterator[TemplateFault]:
    """Names that nothing defines, also in branches that no case takes."""
    environment = template_environment(templates)
    known = {*template_words(case.inputs), *environment.globals}
    trees = {name: environment.parse(source, name, name) for name, source in templates.items()}
    # An included template sees what the one around it has set.
    known |= {
        node.name
        for tree in trees.values()
        for node in tree.find_all(nodes.Name)
        if node.ctx == "store"
    }  # fmt: skip
    for name, tree in trees.items():
        unknown = meta.find_undeclared_variables(tree) - known
        for node in tree.find_all(nodes.Name):
            if node.name in unknown and node.ctx == "load":
                near = get_close_matches(node.name, sorted(known), 1)
                hint = (
                    f"Có phải là “{near[0]}”?" if near else "Xem các tên dùng được trong mẫu đi kèm phần mềm."
                )
                sentence = f"Không có tên “{node.name}”: không phải số liệu, cũng không phải hàm của báo cáo."
                yield TemplateFault(name, node.lineno, "unknown_name", sentence, hint)


def _trial_faults(cases: Sequence[TemplateCase], known: set[tuple[str, int]]) -> Iterator[TemplateFault]:
    """What goes wrong when reports are written; a heading that nothing ever stands under."""
    failed: dict[tuple[str, int, str], list[str]] = {}
    printed: set[tuple[str, int]] = set()
    left_out: dict[tuple[str, int], HeadingPlace] = {}
    for case in cases:
        try:
            outline = build_outline(case.inputs)
        except TemplateProblemError as problem:
            if (problem.template, problem.line) not in known:
                words = _translated(problem.message, _RUNNING)
                failed.setdefault((problem.template, problem.line, words), []).append(case.name)
            continue
        printed |= {(place.template, place.line) for place in outline.printed}
        left_out |= {(place.template, place.line): place for place in outline.left_out}
    for (template, line, words), names in failed.items():
        shown = () if len(names) == len(cases) else tuple(dict.fromkeys(names))
        yield TemplateFault(
            template, line, "failed", f"Không viết được báo cáo: {words}.",
            "Sửa dòng này rồi kiểm tra lại.", shown,
        )  # fmt: skip
    if not failed:
        for place, heading in left_out.items():
            if place not in printed:
                yield TemplateFault(
                    *place, "empty_heading",
                    f"Mục “{heading.text}” không có nội dung trong mọi trường hợp thử, nên không bao giờ được in.",
                    "Thêm nội dung dưới tiêu đề này hoặc bỏ tiêu đề.",
                )  # fmt: skip


def _unused(templates: Mapping[str, str], own: Sequence[str]) -> Iterator[TemplateFault]:
    """Own templates that no report reaches: often the name of the file is mistyped."""
    environment = template_environment(templates)
    reached: set[str] = set()
    waiting = [name for kind in REPORT_TYPES.values() for name in (kind.unit_template, kind.rollup_template)]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in templates:
            continue
        reached.add(name)
        tree = environment.parse(templates[name], name, name)
        waiting += [found for found in meta.find_referenced_templates(tree) if found is not None]
    for name in sorted(set(own) - reached):
        near = get_close_matches(name, sorted(reached), 1)
        hint = f"Có phải là {near[0]}? " if near else ""
        yield TemplateFault(
            name, 0, "unused", "Không báo cáo nào dùng tệp này, nên sửa ở đây không có tác dụng.",
            f"{hint}Đổi tên tệp trùng với mẫu muốn thay, hoặc xóa tệp.",
        )  # fmt: skip


def _translated(message: str, patterns: Sequence[tuple[str, str]]) -> str:
    """The message in Vietnamese where it is a known one of the template language; its own words otherwise."""
    text, called = _CALLED.fullmatch(message.strip().rstrip(".")).groups()  # type: ignore[union-attr]  # matches anything
    for pattern, words in patterns:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return words.format(*found.groups()) + called
    return f"{text}{called}"
