"""No digit of a document or page comes from anywhere but a figure or a source that is named.

The cases are those on which every template is tried; their units are called "Mẫu 1", "Mẫu 2" and so on, so
that even a name has to say that it is one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from lxml import etree, html

from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from transforms.catalogue.load import load_catalogue
from transforms.render.anchors import cell_stem, context_figures
from transforms.render.docx import render_docx
from transforms.render.html import render_html
from transforms.render.numbering import heading_text, recipient_line
from transforms.report.blocks import Figure, Heading, Paragraph, ParagraphStyle, ReportContext, Run
from transforms.report.bound import Stretch, stretches, unbound_digits
from transforms.report.build import build_report
from transforms.report.check import all_blocks
from transforms.report.inputs import ReportExplanation, ReportFinding, ReportInputs
from transforms.report.names import basis_name, rulebook_name
from transforms.report.numbers_vi import date_long, date_short
from transforms.report.ranking import LEAST_DOSSIERS, LEAST_OTHERS
from transforms.report.template_cases import TemplateCase, build_cases
from transforms.report.words import FINDING, Source, Words, parts_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d+")
CASES = (
    "thang-thuong", "chua-gui", "qua-han", "khong-ho-so", "chua-bo-sung", "cong-bo-lai",
    "huyen-thieu-don-vi", "huyen-du", "huyen-khong-ho-so",
)  # fmt: skip
ALL = [*(("cchc", case) for case in CASES), ("cchc_bnv", "thang-thuong"), ("cchc_bnv", "huyen-thieu-don-vi")]
FOUND = ReportFinding(
    "critical", "dossier.code.missing", "90001", "Có 37 dòng không có mã hồ sơ (dòng 361).", "Bổ sung 37 mã.", "f-1"
)  # fmt: skip
SAID = ReportExplanation(
    "f-2", "d-1", "warning", "dossier.late.many", "90001", "Có 4 hồ sơ quá hạn.", 4, ("HS-000001",),
    "Chờ xác minh lần 2", "Công chức địa chính", date(2021, 9, 4), date(2021, 12, 31), True,
)  # fmt: skip


@cache
def cases(report_type: str) -> dict[str, TemplateCase]:
    catalogue = load_catalogue(packaged_files(), {})
    found = build_cases(catalogue, package_files.narrative_templates(), report_type)
    return {case.case_id: case for case in found}


@cache
def inputs_of(report_type: str, case_id: str) -> ReportInputs:
    """The case with an open critical finding and an explained one, issued where the case is a publication."""
    given = replace(cases(report_type)[case_id].inputs, findings=(FOUND,), explanations=(SAID,))
    issued = {"is_draft": False, "document_number": "52/BC-UBND", "document_date": date(2021, 9, 21)}
    return replace(given, **issued) if given.restated else given


@cache
def context_of(report_type: str, case_id: str) -> ReportContext:
    return build_report(inputs_of(report_type, case_id))


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


# What the report holds


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_every_digit_of_a_report_is_a_figure_or_has_a_source(report_type: str, case_id: str) -> None:
    assert unbound_digits(context_of(report_type, case_id)) == ()


def test_a_number_written_into_a_sentence_is_told_with_its_place() -> None:
    loose = Paragraph(ParagraphStyle.BODY, (Run("Có 5 hồ sơ, ngày "), Run("05/9/2021", source=Source.DATE)))
    context = replace(context_of("cchc", "thang-thuong"), blocks=(loose,))
    assert unbound_digits(context) == (Stretch("paragraph", "Có 5 hồ sơ, ngày ", ""),)


def test_a_number_written_into_a_template_is_told() -> None:
    given = inputs_of("cchc", "thang-thuong")
    name = "cchc_unit.md.j2"
    written = given.templates[name] + "\nĐã kiểm tra 12 bộ phận.\n"
    context = build_report(replace(given, templates={**given.templates, name: written}))
    assert [each.text for each in unbound_digits(context)] == ["Đã kiểm tra 12 bộ phận./."]


def origins(given: ReportInputs) -> dict[str, str]:
    """Source → everything that is known of it, from the inputs and not from the report."""
    reckoning, catalogue = given.table.reckoning, given.catalogue
    days = [reckoning.start, reckoning.end, reckoning.closing_day, reckoning.as_of, *given.data_days.values()]
    days += [day for day in (given.document_date, given.data_date, SAID.decided_on, SAID.expires_on) if day]
    days += [reckoning.end + timedelta(days=after) for after in range(40)]  # the day by which to report
    units = " ".join(unit.full_name for unit in (given.node, *given.leaf_units, *catalogue.units))
    named = (*catalogue.fields, *catalogue.document_types, *catalogue.reform_fields)
    labels = " ".join(item.label for item in catalogue.supplement_items)
    forms = [
        (form.number, form.circular, *form.box, *(part for column in form.columns for part in (column.label, column.group)))
        for form in catalogue.forms
    ]  # fmt: skip
    legal = [basis_name(reckoning, catalogue), *(rule.source for rule in catalogue.deadlines)]
    publication = given.restated
    earlier = (
        f"{publication.number} {publication.document_number} {date_short(publication.document_date)}"
        if publication
        else ""
    )
    written = " ".join(date_short(day) + " " + date_long(day) for day in days)
    period = f"{given.period_name} {' '.join(each.period.period_id for each in given.earlier)}"
    return {
        Source.DATE: f"{written} {given.window_words} {given.place_name}",
        Source.PERIOD: f"{period} {' '.join(f'{int(n)}' for n in NUMBER.findall(period))} {written}",
        Source.DOCUMENT: f"{given.document_number} {written} {earlier}",
        Source.FORM: f"{forms} {rulebook_name(reckoning, catalogue)} {given.period_name} {written} {units}",
        Source.LEGAL: f"{legal} {written}",
        Source.CATALOGUE: f"{units} {named} {labels} {[each.note for each in catalogue.breaks]}",
        Source.SUPPLEMENT: str([lines for items in given.supplement.values() for lines in items.values()]),
        Source.RULE: f"{LEAST_DOSSIERS} {LEAST_OTHERS}",
        Source.RECORD: " ".join(SAID.subjects),
        Source.EXPLANATION: f"{SAID.reason} {SAID.author}",
        f"{FINDING}f-1": f"{FOUND.sentence} {FOUND.remedy}",
        f"{FINDING}f-2": SAID.sentence,
    }


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_digits_of_a_source_stand_in_that_source(report_type: str, case_id: str) -> None:
    """A count that is passed off as a date or as a name is found out here."""
    known = {source: numbers(text) for source, text in origins(inputs_of(report_type, case_id)).items()}
    for each in stretches(context_of(report_type, case_id)):
        if each.has_digits and each.source != Source.COUNTED:
            assert numbers(each.text) <= known[each.source], each


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_what_counts_lines_counts_them(report_type: str, case_id: str) -> None:
    for table in (block for block in all_blocks(context_of(report_type, case_id)) if hasattr(block, "rows")):
        at = [column.key for column in table.columns].index("stt")
        counted = [row.cells[at] for row in table.rows if row.cells[at]]
        told = [int(str(cell)) for cell in counted]
        # a group begins anew at one
        assert all(
            number == 1 or number == before + 1 for before, number in zip([0, *told], told, strict=False)
        )


# What the document prints


def runs_of(content: bytes) -> Iterator[tuple[str, str]]:
    """(text, bookmark it stands under) of every run of the document; fields that count or number left out."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    for paragraph in root.iter(f"{W}p"):
        bookmark, depth = "", 0
        for node in paragraph.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}fldChar", f"{W}r"):
            if node.tag == f"{W}bookmarkStart":
                bookmark = node.get(f"{W}name")
            elif node.tag == f"{W}bookmarkEnd":
                bookmark = ""
            elif node.tag == f"{W}fldChar":
                depth += {"begin": 1, "end": -1}.get(node.get(f"{W}fldCharType"), 0)
            elif depth == 0:
                text = "".join(node.itertext(f"{W}t"))
                if text:
                    yield text, bookmark


def printed_in_word(context: ReportContext) -> Counter[str]:
    """The stretches with digits that a document prints, each as often as it prints it."""
    shown = replace(context, facts=(), key_numbers=(), charts=(), findings=(), page_stamp="")
    found: Counter[str] = Counter()
    for each in stretches(shown):
        apart = ("title", "unit", "period", "heading number", "signature")
        if each.has_digits and each.place not in apart and not each.source.startswith(FINDING):
            found[each.text] += 1
    headings = [block for block in context.blocks if isinstance(block, Heading)]
    found.update(part.text for h in headings if numbers((part := parts_of(heading_text(h))[0]).text))
    recipients = context.signature.recipients
    lines = [recipient_line(line, is_last=line == recipients[-1]) for line in recipients]
    lines += [context.signature.authority, context.signature.role, context.signature.name]
    found.update(line for line in lines if numbers(line))
    return found


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_every_digit_in_word_is_under_a_bookmark_or_printed_from_a_source(
    report_type: str, case_id: str
) -> None:
    context = context_of(report_type, case_id)
    figures = {(cell_stem(figure.cell_id), figure.text) for figure in context_figures(context)}
    findings = {(cell_stem(f"{FINDING}{each}")) for each in ("f-1", "f-2")}
    loose: Counter[str] = Counter()
    for text, bookmark in runs_of(render_docx(context, package_files.word_base())):
        stem = bookmark.rpartition("_")[0]
        if stem and stem not in findings:
            assert (stem, text) in figures
        elif not stem and numbers(text):
            loose[text] += 1
    assert loose == printed_in_word(context)


def test_finding_in_the_box_of_warnings_stands_under_a_bookmark_of_its_id() -> None:
    content = render_docx(context_of("cchc", "thang-thuong"), package_files.word_base())
    marked = dict(runs_of(content))
    assert marked[FOUND.sentence] == f"{cell_stem(f'{FINDING}f-1')}_1"


# What the page prints


@pytest.mark.parametrize(("report_type", "case_id"), ALL)
def test_every_digit_of_the_page_belongs_to_a_cell_or_to_a_source(report_type: str, case_id: str) -> None:
    context = context_of(report_type, case_id)
    page = html.fromstring(render_html(context, package_files.page_templates()).decode())
    figures = {(figure.cell_id, figure.text) for figure in context_figures(context)}
    figures |= {
        (part.cell_id, part.text)
        for text in (*context.stamps, context.page_stamp, *(each.remark for each in context.key_numbers))
        for part in parts_of(text)
        if isinstance(part, Figure)
    }
    sources = {(each.source, each.text) for each in stretches(context)}
    whole = {context.title, f"{context.title} ({context.letterhead.draft_mark})"}
    whole |= {str(text) for chart in context.charts for text in (chart.title, chart.alt_text)}
    count = sum(len(block.rows) for block in all_blocks(context) if hasattr(block, "rows"))
    for text in page.xpath("//text()[not(ancestor::style)]"):
        if not numbers(text):
            continue
        parent = text.getparent()
        (cell,) = parent.xpath("ancestor-or-self::*[@data-cell][1]/@data-cell") or ("",)
        (source,) = parent.xpath("ancestor-or-self::*[@data-source][1]/@data-source") or ("",)
        if cell:
            assert (cell, text) in figures, text
        elif source == Source.COUNTED:
            assert int(NUMBER.findall(text)[0]) <= count, text
        elif source:
            assert any(kind == source and numbers(text) <= numbers(words) for kind, words in sources), text
        elif parent.tag in ("title", "desc"):
            assert text in whole, text
        else:
            # the running number of a line, the name of a category beside its bar
            is_line = parent.tag == "td" and parent.get("class") == "narrow" and text.isdigit()
            is_category = parent.tag == "text" and (Source.CATALOGUE, text) in sources
            assert is_line or is_category, etree.tostring(parent, encoding="unicode")[:300]


def test_words_keep_their_parts_and_read_as_plain_text() -> None:
    words = Words("Có ", Figure(5, "05", "a/b"), " hồ sơ đến ngày ", Run("05/9/2021", source=Source.DATE))
    assert words == "Có 05 hồ sơ đến ngày 05/9/2021"
    assert [type(part) for part in parts_of(words)] == [Run, Figure, Run, Run]
    assert parts_of("Có 5") == (Run("Có 5"),)
    assert parts_of("") == ()
