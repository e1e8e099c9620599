"""From inputs to the finished content of a report."""

from __future__ import annotations

from dataclasses import replace

from transforms.report.blocks import (
    Annex,
    Block,
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
from transforms.report.form_06 import form_title
from transforms.report.inputs import ReportInputs
from transforms.report.letterhead import build_letterhead, build_signature, number_and_symbol, subject
from transforms.report.names import (
    SEVERITY_NAMES,
    basis_name,
    committee,
    issuer,
    join_names,
    rulebook_name,
    sentence_case,
)
from transforms.report.narrative import build_narrative
from transforms.report.numbers_vi import date_long, date_short, roman, thousands
from transforms.report.restated import RESTATED_TABLE
from transforms.report.supplied import missing_words
from transforms.report.tables import build_tables

REPORT_TYPE = "cchc"
UNIT_TEMPLATE = "cchc_unit.md.j2"
ROLLUP_TEMPLATE = "cchc_rollup.md.j2"
SUPPLEMENT_FACT = "supplement_missing"
"""Key of the fact that says what the unit's supplement lacks; absent when nothing is missing."""
_FORM_TABLES = ("bieu_06_don_vi", "bieu_06a", "bieu_06_linh_vuc")


def build_report(inputs: ReportInputs) -> ReportContext:
    """The whole report as blocks: letterhead, narrative, annexes, charts, stamps.

    A commune gets the unit report, any other node the roll-up over ``leaf_units``. Equal inputs give an
    equal context. Raises TemplateProblemError when a template cannot be used; missing data never raise.
    """
    inputs = _with_all_units(inputs)
    cells = Cells(inputs)
    tables, charts = build_tables(inputs, cells), build_charts(inputs, cells)
    template = ROLLUP_TEMPLATE if inputs.is_rollup else UNIT_TEMPLATE
    return ReportContext(
        report_type=REPORT_TYPE,
        unit_code=inputs.node.code,
        unit_name=inputs.node.full_name,
        period_id=inputs.table.reckoning.period.period_id,
        period_name=inputs.period_name,
        title=f"Báo cáo {subject(inputs)[0].lower()}{subject(inputs)[1:]} - {inputs.node.full_name}",
        letterhead=build_letterhead(inputs),
        facts=_facts(inputs),
        key_numbers=_key_numbers(inputs, cells),
        stamps=_stamps(inputs),
        blocks=build_narrative(template, inputs, cells, tables, charts),
        annexes=_annexes(inputs, tables),
        signature=build_signature(inputs),
        charts=tuple(charts.values()),
        findings=_findings(inputs),
    )


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
    data_day = date_short(inputs.data_date) if inputs.data_date else "chưa có tệp kết xuất"
    facts = [
        Fact("period", "Kỳ báo cáo", sentence_case(inputs.period_name)),
        Fact("window", "Khoảng thời gian", f"{window} ({basis_name(reckoning, inputs.catalogue)})"),
        Fact("closing_day", "Số liệu tính đến", date_short(reckoning.closing_day)),
        Fact("data_date", "Ngày kết xuất sớm nhất", data_day),
        Fact("rulebook", "Quy tắc đếm", rulebook_name(reckoning.rulebook)),
    ]
    if not inputs.is_rollup and (missing := missing_words(inputs, inputs.node.code)):
        facts.append(Fact(SUPPLEMENT_FACT, "Số liệu bổ sung còn thiếu", missing))
    return tuple(facts)


def _key_numbers(inputs: ReportInputs, cells: Cells) -> tuple[KeyNumber, ...]:
    """The figures at the head of the page; those without data are left out rather than shown as 0."""
    resolved, on_time = cells.figure("resolved_total"), cells.figure("early+on_time")
    base = f"{on_time.text}/{resolved.text} hồ sơ đã giải quyết" if on_time and resolved else ""
    overdue, carried = cells.figure("pending_overdue"), cells.figure("carried_over")
    candidates: list[tuple[str, Figure | None, str]] = []
    if inputs.is_rollup:
        sent = len(inputs.leaf_units) - len(inputs.missing_units)
        remark = f"trên tổng số {thousands(len(inputs.leaf_units))} đơn vị"
        candidates.append(("Đơn vị đã gửi số liệu", cells.coverage_figure("sent", sent), remark))
    candidates += [
        (
            "Hồ sơ tiếp nhận trong kỳ",
            cells.figure("received_in_window"),
            f"kỳ trước chuyển sang {carried.text}" if carried else "",
        ),
        ("Hồ sơ đã giải quyết", resolved, ""),
        ("Giải quyết trước hạn và đúng hạn", cells.rate_figure("on_time_rate"), base),
        (
            "Hồ sơ đang giải quyết",
            cells.figure("pending_total"),
            f"trong đó quá hạn {overdue.text}" if overdue else "",
        ),
        ("Văn bản hành chính đã ban hành", cells.figure("documents_issued"), ""),
        ("Phí, lệ phí đã thu", cells.figure("fee_total_amount"), "đồng"),
    ]
    return tuple(KeyNumber(label, figure, remark) for label, figure, remark in candidates if figure)


def _stamps(inputs: ReportInputs) -> tuple[str, ...]:
    """Missing units first, then the open critical findings; no sentence twice."""
    stamps: list[str] = []
    if inputs.missing_units and inputs.is_rollup:
        count = f"{thousands(len(inputs.missing_units))}/{thousands(len(inputs.leaf_units))}"
        stamps.append(f"Chưa có số liệu của {count} đơn vị: {join_names(inputs.missing_units)}.")
    elif inputs.missing_units:
        stamps.append("Đơn vị chưa gửi tệp số liệu nào của kỳ báo cáo này.")
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
    return [(each.severity, _prefixed(names[each.unit_code], each.sentence), each.remedy) for each in told]


def _prefixed(name: str, sentence: str) -> str:
    if not name or name in sentence:
        return sentence
    return f"{sentence_case(name)}: {sentence}"


def _annexes(inputs: ReportInputs, tables: dict[str, Table]) -> tuple[Annex, ...]:
    """The form on its own, then the remaining tables; numbered only when there are two."""
    forms = tuple(table for table_id, table in tables.items() if table_id in _FORM_TABLES)
    restated = tuple(table for table_id, table in tables.items() if table_id == RESTATED_TABLE)
    others = tuple(t for table_id, t in tables.items() if table_id not in (*_FORM_TABLES, RESTATED_TABLE))
    contents = [
        (form_title(inputs), forms),
        ("Văn bản, phí, lệ phí và số liệu bổ sung", others),
        ("Số liệu đã điều chỉnh", restated),
    ]
    filled = [(title, found) for title, found in contents if found]
    return tuple(
        Annex(f"Phụ lục {roman(index)}" if len(filled) > 1 else "Phụ lục", title, (_attached(inputs), *found))
        for index, (title, found) in enumerate(filled, 1)
    )


def _attached(inputs: ReportInputs) -> Block:
    """ "(Kèm theo Báo cáo số .../BC-UBND ngày ... của ...)" under an annex title."""
    day = inputs.document_date or inputs.table.reckoning.as_of
    words = (
        f"(Kèm theo Báo cáo số {number_and_symbol(inputs.document_number)} {date_long(day)} "
        f"của {committee(issuer(inputs.node, inputs.catalogue, inputs.table.reckoning.closing_day))})"
    )
    return Paragraph(ParagraphStyle.NOTE, (Run(words, italic=True),))
