"""From inputs to the finished content of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transforms.indicators.deadline import deadline_words, find_deadline
from transforms.report.blocks import (
    Annex,
    Block,
    Chart,
    Fact,
    Figure,
    KeyNumber,
    Paragraph,
    ParagraphStyle,
    ReportContext,
    Run,
    Table,
)
from transforms.report.cells import Cells
from transforms.report.charts import build_charts
from transforms.report.comparison_table import COMPARISON_TABLE, comparison_title
from transforms.report.coverage import late_start_stamp, page_stamp, share_remark
from transforms.report.explained import EXPLAINED_TITLE, build_explained_table
from transforms.report.form_06 import form_title
from transforms.report.indicator_annex import INDICATOR_TABLE
from transforms.report.inputs import ReportFinding, ReportInputs
from transforms.report.letterhead import build_letterhead, build_signature, number_and_symbol, subject
from transforms.report.markup import Outline
from transforms.report.names import (
    basis_name,
    committee,
    issuer,
    join_names,
    rulebook_name,
    sentence_case,
)
from transforms.report.narrative import build_narrative
from transforms.report.numbers_vi import date_long, date_short, roman
from transforms.report.public_edition import (
    OPEN_QUESTIONS,
    public_facts,
    public_inputs,
    public_lead,
)
from transforms.report.ranking import RANKING_TABLE, UNUSUAL_TABLE
from transforms.report.report_types import REPORT_TYPES
from transforms.report.restated import RESTATED_TABLE
from transforms.report.supplied import missing_words
from transforms.report.tables import build_tables, build_workbook_tables
from transforms.report.words import Source, Words, finding_source, joined_words, named, sourced
from transforms.schema.tables import SEVERITY_NAMES

SUPPLEMENT_FACT = "supplement_missing"
"""Key of the fact that says what the unit's supplement lacks; absent when nothing is missing."""
NO_SUPPLEMENT_FACT = "supplement_absent"
"""Key of that fact where no supplement of the period came at all."""
OUTLINE_FACT = "outline_left_out"
"""Key of the fact that names the sections without content; absent when there is none."""
_FORM_TABLES = ("bieu_06_don_vi", "bieu_06a", "bieu_06_linh_vuc")


def build_report(inputs: ReportInputs) -> ReportContext:
    """The whole report as blocks: letterhead, narrative, annexes, charts, stamps.

    A commune gets the unit report, any other node the roll-up over ``leaf_units``. Equal inputs give an
    equal context. Raises TemplateProblemError when a template cannot be used; missing data never raise.
    """
    is_questioned = any(each.severity == "critical" for each in inputs.findings)
    inputs = public_inputs(_with_all_units(inputs))
    cells = Cells(inputs)
    tables, charts = build_tables(inputs, cells), build_charts(inputs, cells)
    kind = REPORT_TYPES[inputs.report_type]
    narrative = _narrative(inputs, cells, tables, charts)
    return ReportContext(
        report_type=kind.type_id,
        unit_code=inputs.node.code,
        unit_name=inputs.node.full_name,
        period_id=inputs.table.reckoning.period.period_id,
        period_name=inputs.period_name,
        title=_title(inputs),
        letterhead=build_letterhead(inputs),
        facts=(*public_facts(inputs), *_facts(inputs), *_left_out(narrative)),
        key_numbers=_key_numbers(inputs, cells),
        stamps=(*_stamps(inputs, cells), *((OPEN_QUESTIONS,) if inputs.public and is_questioned else ())),
        blocks=(*public_lead(inputs), *narrative.blocks),
        annexes=_annexes(inputs, tables),
        signature=build_signature(inputs),
        charts=tuple(charts.values()),
        findings=_findings(inputs),
        workbook_tables=build_workbook_tables(inputs, cells),
        page_stamp=page_stamp(inputs, cells),
    )


def _title(inputs: ReportInputs) -> Words:
    about = subject(inputs)
    return Words(
        "Báo cáo ",
        sourced(about[:1].lower() + about[1:], Source.PERIOD),
        " - ",
        sourced(inputs.node.full_name, Source.CATALOGUE),
    )


def build_outline(inputs: ReportInputs) -> Outline:
    """The wording alone, with the headings that had no content; raises as ``build_report`` does."""
    inputs = _with_all_units(inputs)
    cells = Cells(inputs)
    return _narrative(inputs, cells, build_tables(inputs, cells), build_charts(inputs, cells))


def _narrative(
    inputs: ReportInputs, cells: Cells, tables: Mapping[str, Table], charts: Mapping[str, Chart]
) -> Outline:
    kind = REPORT_TYPES[inputs.report_type]
    template = kind.rollup_template if inputs.is_rollup else kind.unit_template
    return build_narrative(template, inputs, cells, tables, charts)


def _with_all_units(inputs: ReportInputs) -> ReportInputs:
    """The inputs with every missing unit among the leaves, so that it is counted as missing."""
    known = {unit.code for unit in inputs.leaf_units}
    added = tuple(unit for unit in inputs.missing_units if unit.code not in known)
    if not added:
        return inputs
    return replace(inputs, leaf_units=tuple(sorted((*inputs.leaf_units, *added), key=lambda u: u.code)))


def _facts(inputs: ReportInputs) -> tuple[Fact, ...]:
    reckoning = inputs.table.reckoning
    window = f"từ ngày {date_short(reckoning.start)} đến ngày {date_short(reckoning.end)}"
    basis = sourced(basis_name(reckoning, inputs.catalogue), Source.LEGAL)
    data_day = (
        named(date_short(inputs.data_date), Source.DATE) if inputs.data_date else "chưa có tệp kết xuất"
    )
    facts = [
        Fact("period", "Kỳ báo cáo", named(sentence_case(inputs.period_name), Source.PERIOD)),
        Fact("window", "Khoảng thời gian", Words(sourced(window, Source.DATE), " (", basis, ")")),
        Fact("closing_day", "Số liệu tính đến", named(date_short(reckoning.closing_day), Source.DATE)),
        Fact("data_date", "Ngày kết xuất sớm nhất", data_day),
        Fact("rulebook", "Quy tắc đếm", named(rulebook_name(reckoning, inputs.catalogue), Source.FORM)),
    ]
    if deadline := _deadline(inputs):
        facts.append(Fact("deadline", "Hạn gửi báo cáo", named(deadline, Source.LEGAL)))
    if not inputs.is_rollup and (missing := missing_words(inputs, inputs.node.code)):
        # Of one that never came nothing is asked item by item: it is missing as a whole once it is due.
        key = SUPPLEMENT_FACT if inputs.supplement.get(inputs.node.code) else NO_SUPPLEMENT_FACT
        facts.append(Fact(key, "Số liệu bổ sung còn thiếu", named(missing, Source.CATALOGUE)))
    return tuple(facts)


def _deadline(inputs: ReportInputs) -> str:
    """ "ngày 16/9/2021 (NĐ 09/2019/NĐ-CP, ...)"; empty where no rule of the basis sets a day."""
    reckoning = inputs.table.reckoning
    found = find_deadline(reckoning.period, reckoning.basis, inputs.node, inputs.catalogue)
    return "" if found is None else deadline_words(found).removeprefix("hạn gửi ")


def _left_out(outline: Outline) -> tuple[Fact, ...]:
    """The sections that nobody gave any content for: no empty heading is printed, so the page says so."""
    # Headings of the first level are written in capitals; inside a sentence they are not.
    names = [text.capitalize() if text.isupper() else text for text in outline.missing_sections]
    return (
        (Fact(OUTLINE_FACT, "Mục của đề cương chưa có nội dung", named("; ".join(names), Source.CATALOGUE)),)
        if names
        else ()
    )


def _key_numbers(inputs: ReportInputs, cells: Cells) -> tuple[KeyNumber, ...]:
    """The figures at the head of the page; those without data are left out rather than shown as 0."""
    resolved, on_time = cells.figure("resolved_total"), cells.figure("early+on_time")
    base = Words(on_time, "/", resolved, " hồ sơ đã giải quyết") if on_time and resolved else ""
    overdue, carried = cells.figure("pending_overdue"), cells.figure("carried_over")
    candidates: list[tuple[str, Figure | None, str]] = []

    def beside(measure: str, remark: str = "") -> str:
        return joined_words("; ", *filter(None, (remark, share_remark(inputs, cells, measure))))

    if inputs.is_rollup:
        sent = len(inputs.leaf_units) - len(inputs.missing_units)
        remark = Words("trên tổng số ", cells.coverage_figure("units", len(inputs.leaf_units)), " đơn vị")
        candidates.append(("Đơn vị đã gửi số liệu", cells.coverage_figure("sent", sent), remark))
    candidates += [
        (
            "Hồ sơ tiếp nhận trong kỳ",
            cells.figure("received_in_window"),
            beside("received_total", Words("kỳ trước chuyển sang ", carried) if carried else ""),
        ),
        ("Hồ sơ đã giải quyết", resolved, beside("received_total")),
        (
            "Giải quyết trước hạn và đúng hạn",
            cells.rate_figure("on_time_rate"),
            beside("received_total", base),
        ),
        (
            "Hồ sơ đang giải quyết",
            cells.figure("pending_total"),
            beside("received_total", Words("trong đó quá hạn ", overdue) if overdue else ""),
        ),
        ("Văn bản hành chính đã ban hành", cells.figure("documents_issued"), beside("documents_issued")),
        ("Phí, lệ phí đã thu", cells.figure("fee_total_amount"), beside("fee_total_amount", "đồng")),
    ]
    return tuple(KeyNumber(label, figure, remark) for label, figure, remark in candidates if figure)


def _stamps(inputs: ReportInputs, cells: Cells) -> tuple[str, ...]:
    """Missing units first, then the open critical findings; no sentence twice."""
    stamps: list[str] = []
    if inputs.missing_units and inputs.is_rollup:
        missing = cells.coverage_figure("missing", len(inputs.missing_units))
        total = cells.coverage_figure("units", len(inputs.leaf_units))
        names = sourced(join_names(inputs.missing_units), Source.CATALOGUE)
        stamps.append(Words("Chưa có số liệu của ", missing, "/", total, " đơn vị: ", names, "."))
    elif inputs.missing_units:
        stamps.append("Đơn vị chưa gửi tệp số liệu nào của kỳ báo cáo này.")
    if late_start := late_start_stamp(inputs):
        stamps.append(late_start)
    stamps += [sentence for severity, sentence, _ in _told(inputs) if severity == "critical"]
    return tuple(dict.fromkeys(stamps))


def _findings(inputs: ReportInputs) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        dict.fromkeys(
            (SEVERITY_NAMES.get(severity, severity), sentence, remedy)
            for severity, sentence, remedy in _told(inputs)
        )
    )


def _told(inputs: ReportInputs) -> list[tuple[str, str, str]]:
    """(severity, sentence, remedy) of the node's and its units' findings, the gravest first.

    A roll-up names the unit before the sentence. Findings about no unit belong to the IT officer's list.
    """
    names = {unit.code: unit.full_name for unit in inputs.leaf_units} | {inputs.node.code: ""}
    order = list(SEVERITY_NAMES)
    told = sorted(
        (finding for finding in inputs.findings if finding.unit_code in names),
        key=lambda each: (
            order.index(each.severity) if each.severity in order else len(order),
            each.unit_code,
            each.code,
        ),
    )
    return [
        (each.severity, _prefixed(names[each.unit_code], each), named(each.remedy, _source(each)))
        for each in told
    ]


def _prefixed(name: str, finding: ReportFinding) -> Words:
    sentence = sourced(finding.sentence, _source(finding))
    if not name or name in finding.sentence:
        return Words(sentence)
    return Words(sourced(sentence_case(name), Source.CATALOGUE), ": ", sentence)


def _source(finding: ReportFinding) -> str:
    return finding_source(finding.finding_id or finding.code)


def _annexes(inputs: ReportInputs, tables: dict[str, Table]) -> tuple[Annex, ...]:
    """The form on its own, then the remaining tables; numbered only when there are two."""
    forms = tuple(table for table_id, table in tables.items() if table_id in _FORM_TABLES)
    restated = tuple(table for table_id, table in tables.items() if table_id == RESTATED_TABLE)
    compared = tuple(table for table_id, table in tables.items() if table_id == COMPARISON_TABLE)
    indicators = tuple(table for table_id, table in tables.items() if table_id == INDICATOR_TABLE)
    ranked = tuple(t for table_id, t in tables.items() if table_id in (RANKING_TABLE, UNUSUAL_TABLE))
    apart = (*_FORM_TABLES, COMPARISON_TABLE, INDICATOR_TABLE, RESTATED_TABLE, RANKING_TABLE, UNUSUAL_TABLE)
    others = tuple(t for table_id, t in tables.items() if table_id not in apart)
    contents = [
        (form_title(inputs), forms),
        ("So sánh giữa các đơn vị", ranked),
        (comparison_title(inputs), compared),
        ("Các chỉ tiêu cải cách hành chính", indicators),
        ("Văn bản, phí, lệ phí và số liệu bổ sung", others),
        ("Số liệu đã điều chỉnh", restated),
        (EXPLAINED_TITLE, (explained,) if (explained := build_explained_table(inputs)) else ()),
    ]
    filled = [(title, found) for title, found in contents if found]
    return tuple(
        Annex(f"Phụ lục {roman(index)}" if len(filled) > 1 else "Phụ lục", title, (_attached(inputs), *found))
        for index, (title, found) in enumerate(filled, 1)
    )


def _attached(inputs: ReportInputs) -> Block:
    """ "(Kèm theo Báo cáo số .../BC-UBND ngày ... của ...)" under an annex title."""
    day = inputs.document_date or inputs.table.reckoning.as_of
    number = f"{number_and_symbol(inputs.document_number)} {date_long(day)}"
    body = committee(issuer(inputs.node, inputs.catalogue, inputs.table.reckoning.closing_day))
    parts = (
        ("(Kèm theo Báo cáo số ", ""),
        (number, Source.DOCUMENT),
        (" của ", ""),
        (body, Source.CATALOGUE),
        (")", ""),
    )
    words = tuple(Run(text, italic=True, source=source) for text, source in parts)
    return Paragraph(ParagraphStyle.NOTE, words)
