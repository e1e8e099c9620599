"""From the store to the files of a report: count once per period, build and render per unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import package_files
from pipelines.errors import ConfigurationError, RenderingError, UsageProblemError
from pipelines.pdf import convert_to_pdf
from pipelines.steps.covered_lines import cover_lines
from pipelines.steps.earlier import EarlierCount, delivered_lists, earlier_of
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.public_edition import PublicTerms, public_edition
from pipelines.steps.quarantined import open_quarantined
from pipelines.steps.records import read_latest, read_versions
from pipelines.steps.report_findings import concerning_findings, report_explanations, report_findings
from pipelines.steps.rollup import report_units, supplement_of_lines, unit_map
from pipelines.store import Store
from transforms.catalogue.model import Catalogue, Unit
from transforms.history.as_known import known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.earlier import NO_REACH, Reach
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import PeriodError, parse_period, period_name, reckon, window_words
from transforms.indicators.rollup import MapOf, UnitMap, place_documents, place_dossiers, place_fees
from transforms.indicators.sent import Sent, find_sent, register_directions
from transforms.indicators.state import DossierHistory
from transforms.render.anchors import context_figures
from transforms.render.docx import render_docx
from transforms.render.html import render_html
from transforms.render.json_context import render_json
from transforms.render.xlsx import render_xlsx
from transforms.report.blocks import ReportContext
from transforms.report.build import build_report
from transforms.report.inputs import ReportInputs, Restated, SupplementValue
from transforms.report.markup import TemplateProblemError
from transforms.report.names import issuer
from transforms.report.public_edition import check_withheld
from transforms.report.report_types import DEFAULT_TYPE
from transforms.schema.tables import AUDIENCES

FORMATS: Mapping[str, str] = {
    "docx": "bao-cao.docx",
    "xlsx": "bieu-so-lieu.xlsx",
    "html": "bao-cao.html",
    "json": "context.json",
}
"""Format → file name in a report's folder."""
PACK = "pack"
"""The evidence pack; it needs the store, so ``steps.pack`` makes it and ``render_report`` does not."""
ALL_FORMATS: Mapping[str, str] = {**FORMATS, "pdf": "bao-cao.pdf", PACK: "goi-bang-chung.zip"}
"""With what is made only where it is asked for: another program writes the PDF, and it is outside law 3."""

Supplement = Mapping[str, Mapping[str, tuple[SupplementValue, ...]]]


@dataclass(frozen=True, slots=True)
class Issued:
    """Number and date of a document that is issued; a report without them is a draft."""

    document_number: str
    document_date: date
    restated: Restated | None = None
    """The publication that it takes the place of, and what reads otherwise."""


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """What is known of some units at one instant: the latest version of everything."""

    dossiers: DossierHistory
    fees: pa.Table
    documents: pa.Table
    supplement: pa.Table
    deliveries: pa.Table
    """Accepted deliveries of the units, and of others that held rows of them."""
    carried: pa.Table
    """Which of the deliveries held rows of which unit (``Store.carried``)."""
    quarantined_count: Mapping[str, int]
    asked: frozenset[str]
    """Codes of the units."""
    sent: Sent = field(default_factory=lambda: Sent(()))
    """The lists that the units sent."""


@dataclass(frozen=True, slots=True)
class PeriodData:
    """Everything counted of one period, for all units asked for, under the lines of ``units``."""

    table: IndicatorTable
    supplement: Supplement
    deliveries: pa.Table
    """Accepted deliveries of the units, and of others that held rows of them, as known."""
    quarantined_count: Mapping[str, int]
    known: KnownRecords
    """What it was counted from: every record under the line that it counts for."""
    units: UnitMap
    earlier: tuple[EarlierCount, ...] = ()
    """The periods that it is compared with; empty where nobody asked for them."""
    reach: Reach = NO_REACH

    @property
    def carried(self) -> pa.Table:
        """Which of the deliveries held rows of which unit."""
        return self.known.carried


def reckoning_of(
    period_id: str,
    basis: str,
    catalogue: Catalogue,
    as_of: date,
    cutoff: date | None = None,
    rulebook: str = "tt01",
) -> Reckoning:
    """The days that the period covers. Raises UsageProblemError with a Vietnamese sentence."""
    if rulebook not in catalogue.rulebooks:
        known = ", ".join(sorted(catalogue.rulebooks))
        raise UsageProblemError(f"Không có quy tắc đếm “{rulebook}”; các quy tắc hiện có: {known}.")
    try:
        return reckon(parse_period(period_id), basis, catalogue.windows, as_of, cutoff, rulebook)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem


def leaf_units(catalogue: Catalogue, node: Unit, day: date) -> tuple[Unit, ...]:
    """The units without children below a node on that day; the node itself when it has none.

    The lines of a report may be others where the day is not the whole period: ``rollup.report_units``.
    """
    children = catalogue.children(node.code, day)
    if not children:
        return (node,)
    found = (leaf for child in children for leaf in leaf_units(catalogue, child, day))
    return tuple(dict.fromkeys(found))


def read_known(
    store: Store, catalogue: Catalogue, units: Sequence[str], known_at: datetime | None = None
) -> KnownRecords:
    """What is known of those units, read once for however many periods are counted from it."""
    wanted = pa.array(list(units), pa.string())
    carried = store.carried(known_at, units)
    deliveries = store.deliveries(known_at)
    deliveries = deliveries.filter(
        pc.and_(
            pc.equal(deliveries.column("state"), "accepted"),
            pc.or_(
                pc.is_in(deliveries.column("unit_code"), value_set=wanted),
                pc.is_in(
                    deliveries.column("delivery_id"), value_set=carried.column("delivery_id").combine_chunks()
                ),
            ),
        )
    )
    dossiers = known_dossiers(read_versions(store, "dossier", catalogue, known_at, units), known_at)
    apart = open_quarantined(store, catalogue, "dossier", dossiers.latest, known_at)
    supplement = read_latest(store, "supplement", catalogue, known_at, units)
    return KnownRecords(
        dossiers=dossiers,
        fees=read_latest(store, "fee", catalogue, known_at, units),
        documents=read_latest(store, "document", catalogue, known_at, units),
        supplement=supplement,
        deliveries=deliveries,
        carried=carried,
        quarantined_count={
            row["values"]: row["counts"] for row in pc.value_counts(apart.column("unit_code")).to_pylist()
        },
        asked=frozenset(units),
        sent=find_sent(deliveries, carried, supplement, register_directions(catalogue)),
    )


def count_period(
    known: KnownRecords, catalogue: Catalogue, reckoning: Reckoning, map_of: str = MapOf.THEN
) -> PeriodData:
    """The cells of the known units under the reckoning, with what a report needs beside them.

    ``map_of``: whether units stand as they were in the period ("then") or as they are now ("now").
    """
    units = unit_map(catalogue, reckoning, map_of)
    placed = replace(
        known,
        dossiers=place_dossiers(known.dossiers, units),
        fees=place_fees(known.fees, units),
        documents=place_documents(known.documents, units),
    )
    delivered = delivered_lists(known, units)
    table = build_indicators(placed.dossiers, placed.fees, placed.documents, reckoning, catalogue, delivered)
    supplement = supplement_of_lines(supplement_of(known.supplement, reckoning.period.period_id), units)
    return PeriodData(table, supplement, known.deliveries, known.quarantined_count, placed, units)


def supplement_of(rows: pa.Table, period_id: str) -> Supplement:
    """Unit → item → its lines in order, for one period; units without a supplement are left out.

    ``rows``: the latest version of each line.
    """
    rows = rows.filter(pc.equal(rows.column("period_id"), period_id))
    rows = rows.sort_by([("unit_code", "ascending"), ("item_id", "ascending"), ("ordinal", "ascending")])
    found: dict[str, dict[str, tuple[SupplementValue, ...]]] = {}
    for row in rows.select(["unit_code", "item_id", "text_value", "number_value"]).to_pylist():
        lines = found.setdefault(row["unit_code"], {})
        value = SupplementValue(row["text_value"] or "", row["number_value"])
        lines[row["item_id"]] = (*lines.get(row["item_id"], ()), value)
    return found


def build_unit_report(
    data: PeriodData,
    node: Unit,
    catalogue: Catalogue,
    templates: Mapping[str, str],
    findings: Sequence[OpenFinding],
    issued: Issued | None = None,
    report_type: str = DEFAULT_TYPE,
    public: PublicTerms | None = None,
) -> ReportContext:
    """The content of one unit's or one roll-up's report from what was counted; a draft unless it is issued.

    ``public``: set for the edition that anybody may read.
    """
    inputs = report_inputs(data, node, catalogue, templates, findings, issued, report_type)
    return _worded(replace(inputs, public=public_edition(inputs, public)) if public else inputs)


def report_inputs(
    data: PeriodData,
    node: Unit,
    catalogue: Catalogue,
    templates: Mapping[str, str],
    findings: Sequence[OpenFinding],
    issued: Issued | None = None,
    report_type: str = DEFAULT_TYPE,
) -> ReportInputs:
    """Everything that decides the content of one unit's or one roll-up's report."""
    reckoning = data.table.reckoning
    about = report_units(data, node)
    lines = {leaf.code for leaf in about.leaves} | {about.node.code}
    own = {code: data.units.key(code) for code in about.stored_codes} | {node.code: about.node.code}
    # What is meant for the level above or for IT is not shown to the unit itself.
    audiences = ("unit",) if lines == {about.node.code} else AUDIENCES
    concerning = concerning_findings(findings, own, reckoning.period.period_id, audiences)
    quarantined: Counter[str] = Counter()
    for code in about.stored_codes & data.quarantined_count.keys():
        quarantined[data.units.record_key(code)] += data.quarantined_count[code]
    covered = cover_lines(data, about, catalogue)
    return ReportInputs(
        table=covered.table,
        node=about.node,
        leaf_units=tuple(leaf for leaf in about.leaves if leaf.code not in covered.unasked),
        catalogue=catalogue,
        templates=templates,
        supplement={code: given for code, given in data.supplement.items() if code in lines},
        data_date=about.data_date,
        period_name=period_name(reckoning.period),
        window_words=window_words(reckoning),
        place_name=issuer(node, catalogue, reckoning.closing_day).name,
        missing_units=tuple(unit for unit in about.missing if unit.code not in covered.unasked),
        findings=report_findings(concerning, own),
        explanations=report_explanations(concerning, own),
        quarantined_count=dict(quarantined),
        is_draft=issued is None,
        document_number=issued.document_number if issued else "",
        document_date=issued.document_date if issued else None,
        restated=issued.restated if issued else None,
        earlier=earlier_of(data, node, catalogue),
        report_type=report_type,
        not_expected=covered.not_expected,
        data_days=covered.data_days,
        first_days=covered.first_days,
    )


def _worded(inputs: ReportInputs) -> ReportContext:
    """The report; ConfigurationError for a template that cannot be used."""
    try:
        context = build_report(inputs)
    except TemplateProblemError as problem:
        line = f", dòng {problem.line}" if problem.line else ""
        raise ConfigurationError(
            f"Mẫu báo cáo {problem.template}{line}: {problem.message}; "
            "hãy sửa mẫu trong catalogue/templates/ rồi chạy “motcua templates check”."
        ) from problem
    check_withheld(inputs, context_figures(context))
    return context


def render_report(context: ReportContext, formats: Sequence[str] = tuple(FORMATS)) -> dict[str, bytes]:
    """File name → content, one for each format. Raises RenderingError naming unit, period and format."""
    files: dict[str, bytes] = {}
    for name in formats:
        try:
            files[ALL_FORMATS[name]] = _render(context, name)
        except RenderingError:
            raise
        except Exception as problem:
            raise RenderingError(
                f"Không tạo được tệp {ALL_FORMATS[name]} cho {context.unit_name}, {context.period_name}; "
                "số liệu không bị ảnh hưởng, hãy gửi nhật ký của lượt chạy cho bộ phận kỹ thuật."
            ) from problem
    return files


def _render(context: ReportContext, name: str) -> bytes:
    if name == "docx":
        return render_docx(context, package_files.word_base())
    if name == "pdf":
        return convert_to_pdf(render_docx(context, package_files.word_base(), for_libreoffice=True))
    if name == "xlsx":
        return render_xlsx(context)
    if name == "html":
        return render_html(context, package_files.page_templates())
    return render_json(context)
