"""A written report read and audited, by itself or against the data of a unit and a period."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from expectations.messages import build_column_labels, describe, parse_messages
from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from pipelines.errors import UnreadableInputError, reason_of
from pipelines.session import Session, find_unit
from pipelines.steps.on_demand import Answer, Request, answer_request
from transforms.audit.audit import audit_text
from transforms.audit.dates import months
from transforms.audit.documents import ReadReport, read_report
from transforms.audit.legal import parse_legal_documents
from transforms.audit.model import (
    Audit,
    AuditFacts,
    KnownFigure,
    OtherReport,
    PeriodFacts,
    TitleFacts,
    UnitFacts,
)
from transforms.audit.printed_figures import PrintedFigure, judge_printed_figures, with_data
from transforms.audit.reading import find_marker
from transforms.audit.title import read_title
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue, Unit
from transforms.findings import Finding
from transforms.indicators.model import Period, Reckoning
from transforms.indicators.period import (
    HALF,
    MONTH,
    NINE_MONTHS,
    QUARTER,
    PeriodError,
    parse_period,
    period_name,
)
from transforms.readers.model import UnreadableFileError
from transforms.render.anchors import cell_stem, context_figures
from transforms.report.cells import JOIN
from transforms.text_vi import fold, tidy

# What a written report calls a thing → the measure that counts it. "Tiếp nhận" is what came in during the
# period; what was carried over is named apart (DOMAIN.md 2.2, columns 3 to 6 of Biểu II.06a).
_STATED: Mapping[str, str] = {
    "received_total": "received_in_window",
    "received_online": "received_online",
    "received_direct": "received_direct",
    "carried_over": "carried_over",
    "resolved_total": "resolved_total",
    "early": "early",
    "on_time": "on_time",
    "early_or_on_time": "early+on_time",
    "late": "late",
    "pending_total": "pending_total",
    "pending_within": "pending_within",
    "pending_overdue": "pending_overdue",
    "documents_issued": "documents_issued",
    "fees_collected": "fee_total_amount",
}
_BY_FIELD = ("received_total", "resolved_total", "pending_total")
_DOCUMENTS = "documents_issued"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class AgainstData:
    """Whose data a report is held against; None where a default holds.

    ``as_of`` defaults to the day that the report itself is dated, so that it is held against the figures of
    its own day.
    """

    unit_code: str
    period_id: str
    basis: str | None = None
    as_of: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditedReport:
    """A report with everything that was found in it."""

    file: str
    read: ReadReport
    audit: Audit
    unit: UnitFacts | None
    reckoning: Reckoning | None
    """Of the data that it was held against; None without data."""
    known_at: datetime | None


def audit_report(
    file: Path,
    session: Session | None = None,
    against: AgainstData | None = None,
    others: Sequence[Path] = (),
) -> AuditedReport:
    """The report in a file, audited.

    Without a session only the text itself is judged, with the packaged catalogue of units and legal
    documents. Raises UnreadableInputError with the sentence of ``audit.vi.yml``, and what
    ``answer_request`` raises.
    """
    read = open_report(file)
    title = read_title(read.text.blocks)
    documents = parse_legal_documents(package_files.legal_documents())
    known_others = tuple(_other(path) for path in others)
    if session is None or against is None:
        catalogue = load_catalogue(packaged_files())
        unit = _titled_unit(catalogue, title)
        facts = AuditFacts(documents=documents, unit=unit, others=known_others)
        return AuditedReport(file.name, read, audit_text(read.text, facts), unit, None, None)
    answer = answer_request(session, _request(against, title))
    catalogue = session.catalogue_at(against.known_at)
    reckoning = answer.data.table.reckoning
    unit = unit_facts(catalogue, answer.node, reckoning.closing_day)
    facts = AuditFacts(
        documents=documents,
        unit=unit,
        period=period_facts(reckoning.period),
        figures=tuple(known_figures(answer, catalogue)),
        others=known_others,
    )
    own = tuple(judge_printed_figures(read.text, read.figures, printed_figures(answer)))
    audit = with_data(audit_text(read.text, facts), own)
    return AuditedReport(file.name, read, audit, unit, reckoning, answer.known_at)


def open_report(file: Path) -> ReadReport:
    """The report in a file; UnreadableInputError with one Vietnamese sentence and what to do."""
    # Its warnings about fonts of other people's files are nothing that a user could act on.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with file.open("rb") as content:
            return read_report(content)
    except UnreadableFileError as problem:
        finding = Finding(problem.code, file=file.name, params=problem.params)
        messages = parse_messages(package_files.message_files())
        told = describe(finding, messages, build_column_labels(), {})
        raise UnreadableInputError(f"{told.sentence} {told.remedy}") from problem
    except OSError as problem:
        raise UnreadableInputError(
            f"Không mở được tệp {file} ({reason_of(problem)}); hãy kiểm tra đường dẫn và quyền đọc."
        ) from problem


def unit_facts(catalogue: Catalogue, unit: Unit, day: date) -> UnitFacts:
    """The unit with the names above and beside it on that day."""
    parents: list[Unit] = []
    parent_code = unit.parent_code
    while parent_code and len(parents) < len(catalogue.units):
        parent = find_unit(catalogue, parent_code, day)
        parents.append(parent)
        parent_code = parent.parent_code
    beside = [other for other in catalogue.children(unit.parent_code, day) if other.code != unit.code]
    return UnitFacts(
        unit.code,
        unit.type,
        unit.name,
        unit.level,
        tuple((parent.type, parent.name) for parent in parents),
        tuple((other.type, other.name) for other in beside),
    )


def period_facts(period: Period) -> PeriodFacts:
    """The period as days under both reckonings; nine months have no window in law (DOMAIN.md 1.1)."""
    first, last = _months(period)
    return months(period_name(period), period.year, first, last, is_open=period.kind == NINE_MONTHS)


def known_figures(answer: Answer, catalogue: Catalogue) -> Iterator[KnownFigure]:
    """What the data say of the unit and period, with the cells; what has no data is left out."""
    reckoning = answer.data.table.reckoning
    codes = tuple(leaf.code for leaf in answer.leaves)
    table = answer.data.table
    for stated, measure in _STATED.items():
        parts = [table.value(part, codes) for part in measure.split(JOIN)]
        if any(part is None for part in parts):
            continue
        cell_id = reckoning.cell_id(measure, answer.node.code)
        yield KnownFigure(stated, Decimal(sum(part or 0 for part in parts)), cell_id)
    for stated in (*_BY_FIELD, _DOCUMENTS):
        measure = _STATED[stated]
        for facet in table.facets(measure, codes):
            value = table.value(measure, codes, facet)
            if value is not None:
                name, aliases = _facet_names(catalogue, facet, stated == _DOCUMENTS)
                cell_id = reckoning.cell_id(measure, answer.node.code, facet)
                yield KnownFigure(stated, Decimal(value), cell_id, name, aliases)


def printed_figures(answer: Answer) -> Mapping[str, Sequence[PrintedFigure]]:
    """Stem of a bookmark → every way in which the report of the same unit, period and day writes that cell."""
    found: dict[str, list[PrintedFigure]] = {}
    for figure in context_figures(answer.context):
        written = PrintedFigure(figure.text, Decimal(str(figure.value)), figure.cell_id)
        found.setdefault(cell_stem(figure.cell_id), []).append(written)
    return found


def _request(against: AgainstData, title: TitleFacts) -> Request:
    as_of = against.as_of or (title.report_date if against.known_at is None else None)
    if as_of is not None and against.as_of is None:
        # A date that lies before the period is a slip of the report; the audit of the text says so.
        try:
            first, _ = _months(parse_period(against.period_id))
            as_of = as_of if as_of >= date(parse_period(against.period_id).year, first, 1) else None
        except PeriodError:
            as_of = None
    return Request(against.unit_code, against.period_id, against.basis, as_of, known_at=against.known_at)


def _months(period: Period) -> tuple[int, int]:
    index = period.index or 1
    if period.kind == MONTH:
        return index, index
    if period.kind == QUARTER:
        return index * 3 - 2, index * 3
    if period.kind == HALF:
        return index * 6 - 5, index * 6
    return 1, 9 if period.kind == NINE_MONTHS else 12


def _facet_names(catalogue: Catalogue, facet: str, is_document: bool) -> tuple[str, tuple[str, ...]]:
    if is_document:
        found = next((kind for kind in catalogue.document_types if kind.type_id == facet), None)
        return (found.name, found.aliases) if found else (facet, ())
    field = next((field for field in catalogue.fields if field.field_id == facet), None)
    return (field.name, field.aliases) if field else (catalogue.field_name(facet), ())


def _titled_unit(catalogue: Catalogue, title: TitleFacts) -> UnitFacts | None:
    """The one unit of the catalogue that the report's head names, None where there is none or several."""
    day = title.report_date or (title.period.end if title.period else None)
    found = [
        unit
        for unit in catalogue.units
        if fold(unit.name) == fold(title.unit_name)
        and unit.type == title.unit_type
        and (day is None or unit.is_valid_on(day))
    ]
    if not title.unit_name or len({unit.code for unit in found}) != 1:
        return None
    return unit_facts(catalogue, found[-1], day or found[-1].valid_from)


def _other(path: Path) -> OtherReport:
    """A report to compare with, called by what its head says."""
    read = open_report(path)
    title = read_title(read.text.blocks)
    unit = f"{title.unit_type} {title.unit_name}".strip()
    said = " của ".join(part for part in (title.period.label if title.period else "", unit) if part)
    name = f"báo cáo {said}" if said else f"tệp {tidy(path.name)[:_LONGEST_NAME]}"
    return OtherReport(
        name, tuple(_unmarked(block.text) for block in read.text.blocks if block.table is None)
    )


def _unmarked(text: str) -> str:
    """The words of a paragraph: the same one may be numbered otherwise in another report."""
    marker = find_marker(text)
    return text[marker.end :] if marker else text
