"""From the store to the files of a report: count once per period, build and render per unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import package_files
from pipelines.errors import RenderingError, UsageProblemError
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.records import read_latest, read_versions
from pipelines.store import Store
from transforms.catalogue.model import Catalogue, Unit
from transforms.history.as_known import KnownDossiers, known_dossiers
from transforms.indicators.build import build_indicators
from transforms.indicators.coverage import coverage
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import PeriodError, parse_period, period_name, reckon, window_words
from transforms.render.docx import render_docx
from transforms.render.html import render_html
from transforms.render.json_context import render_json
from transforms.render.xlsx import render_xlsx
from transforms.report.blocks import ReportContext
from transforms.report.build import build_report
from transforms.report.inputs import ReportFinding, ReportInputs, SupplementValue

FORMATS: Mapping[str, str] = {
    "docx": "bao-cao.docx",
    "xlsx": "bieu-so-lieu.xlsx",
    "html": "bao-cao.html",
    "json": "context.json",
}
"""Format → file name in a report's folder."""

Supplement = Mapping[str, Mapping[str, tuple[SupplementValue, ...]]]


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """What is known of some units at one instant: the latest version of everything."""

    dossiers: KnownDossiers
    fees: pa.Table
    documents: pa.Table
    supplement: pa.Table
    deliveries: pa.Table
    """Accepted deliveries of the units."""
    quarantined_count: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PeriodData:
    """Everything counted of one period, for all units asked for."""

    table: IndicatorTable
    supplement: Supplement
    deliveries: pa.Table
    """Accepted deliveries of the units, as known."""
    quarantined_count: Mapping[str, int]


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
    """The units without children below a node on that day; the node itself when it has none."""
    children = catalogue.children(node.code, day)
    if not children:
        return (node,)
    return tuple(leaf for child in children for leaf in leaf_units(catalogue, child, day))


def read_known(
    store: Store, catalogue: Catalogue, units: Sequence[str], known_at: datetime | None = None
) -> KnownRecords:
    """What is known of those units, read once for however many periods are counted from it."""
    deliveries = store.deliveries(known_at)
    deliveries = deliveries.filter(
        pc.and_(
            pc.equal(deliveries.column("state"), "accepted"),
            pc.is_in(deliveries.column("unit_code"), value_set=pa.array(list(units), pa.string())),
        )
    )
    apart = store.quarantined(known_at)
    apart = apart.filter(pc.equal(apart.column("kind"), "dossier"))
    return KnownRecords(
        dossiers=known_dossiers(read_versions(store, "dossier", catalogue, known_at, units), known_at),
        fees=read_latest(store, "fee", catalogue, known_at, units),
        documents=read_latest(store, "document", catalogue, known_at, units),
        supplement=read_latest(store, "supplement", catalogue, known_at, units),
        deliveries=deliveries,
        quarantined_count={
            row["values"]: row["counts"] for row in pc.value_counts(apart.column("unit_code")).to_pylist()
        },
    )


def count_period(known: KnownRecords, catalogue: Catalogue, reckoning: Reckoning) -> PeriodData:
    """The cells of the known units under the reckoning, with what a report needs beside them."""
    table = build_indicators(
        known.dossiers, known.fees, known.documents, reckoning, catalogue, _delivered(known.deliveries)
    )
    supplement = supplement_of(known.supplement, reckoning.period.period_id)
    return PeriodData(table, supplement, known.deliveries, known.quarantined_count)


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
) -> ReportContext:
    """The content of one unit's or one roll-up's report from what was counted."""
    reckoning = data.table.reckoning
    leaves = leaf_units(catalogue, node, reckoning.closing_day)
    codes = [leaf.code for leaf in leaves]
    sent = coverage(codes, data.deliveries)
    wanted = {*codes, node.code}
    return build_report(
        ReportInputs(
            table=data.table,
            node=node,
            leaf_units=leaves,
            catalogue=catalogue,
            templates=templates,
            supplement={code: lines for code, lines in data.supplement.items() if code in wanted},
            data_date=sent.data_date,
            period_name=period_name(reckoning.period),
            window_words=window_words(reckoning),
            place_name=node.name,
            missing_units=tuple(leaf for leaf in leaves if leaf.code in sent.missing),
            findings=tuple(
                ReportFinding(f.severity, f.code, f.unit_code, f.sentence, f.remedy)
                for f in findings
                if f.unit_code in wanted and f.period_id in ("", reckoning.period.period_id)
            ),
            quarantined_count={
                code: data.quarantined_count[code] for code in codes if code in data.quarantined_count
            },
        )
    )


def render_report(context: ReportContext, formats: Sequence[str] = tuple(FORMATS)) -> dict[str, bytes]:
    """File name → content, one for each format. Raises RenderingError naming unit, period and format."""
    files: dict[str, bytes] = {}
    for name in formats:
        try:
            files[FORMATS[name]] = _render(context, name)
        except Exception as problem:
            raise RenderingError(
                f"Không tạo được tệp {FORMATS[name]} cho {context.unit_name}, {context.period_name}; "
                "số liệu không bị ảnh hưởng, hãy gửi nhật ký của lượt chạy cho bộ phận kỹ thuật."
            ) from problem
    return files


def _delivered(deliveries: pa.Table) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for kind, unit in zip(
        *(deliveries.column(name).to_pylist() for name in ("kind", "unit_code")), strict=True
    ):
        found.setdefault(kind, set()).add(unit)
    return {kind: sorted(codes) for kind, codes in found.items()}


def _render(context: ReportContext, name: str) -> bytes:
    if name == "docx":
        return render_docx(context, package_files.word_base())
    if name == "xlsx":
        return render_xlsx(context)
    if name == "html":
        return render_html(context, package_files.page_templates())
    return render_json(context)
