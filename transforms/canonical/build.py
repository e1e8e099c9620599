"""From a recognised export, all text, to one delivery of typed records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled
from transforms.canonical.document import canonicalise_documents
from transforms.canonical.dossier import agency_prefixes, canonicalise_dossiers
from transforms.canonical.fee import canonicalise_fees
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.canonical.overdue import canonicalise_overdue
from transforms.canonical.source import Source, tidied
from transforms.canonical.summary import canonicalise_summary
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.readers.exported_at import FROM_ARRIVAL, exported_at
from transforms.readers.model import RawExport
from transforms.readers.owner_unit import FILING_ANYWHERE_FROM, resolve_unit

_Canonicaliser = Callable[[Source], tuple[Assembled, tuple[Finding, ...]]]
_BY_KIND: Mapping[str, _Canonicaliser] = {
    "dossier": canonicalise_dossiers,
    "fee": canonicalise_fees,
    "overdue": canonicalise_overdue,
    "document": canonicalise_documents,
    "summary": canonicalise_summary,
}


class ConservationError(AssertionError):
    """Rows went missing or were made up between reader and records: a bug, never the data's fault."""


def canonicalise(raw: RawExport, context: DeliveryContext, catalogue: Catalogue) -> Canonicalised:
    """Typed records of one export with its set-apart rows and findings.

    Data rows = records + superseded + quarantined, always. Every kind but the supplement, which has its
    own function. Raises UnreadableFileError where the unit, or the window of a summary, cannot be told,
    ValueError for another kind or an unknown profile, ConservationError where rows do not add up.
    """
    if raw.kind not in _BY_KIND:
        raise ValueError(f"no canonical form for records of kind {raw.kind!r}")
    profile = next((p for p in catalogue.profiles if p.profile_id == raw.profile_id), None)
    if profile is None:
        raise ValueError(f"the catalogue has no profile {raw.profile_id!r}")
    taken_at, taken_from = context.exported or exported_at(context.file, raw.titles, context.arrived_at)
    source = Source(raw, profile, context, catalogue, context.unit_code, taken_at)
    unit_code, unit_findings = resolve_unit(
        context.unit_code,
        raw.titles,
        agency_prefixes(source.text("dossier_code")),
        _unit_names(source),
        catalogue,
        taken_at.date(),
    )
    source = replace(source, unit_code=unit_code)
    parts, row_findings = _BY_KIND[raw.kind](source)
    result = Canonicalised(
        kind=raw.kind,
        unit_code=unit_code,
        profile_id=raw.profile_id,
        exported_at=taken_at,
        exported_at_source=taken_from,
        records=parts.records,
        superseded=parts.superseded,
        quarantined=parts.quarantined,
        structural_counts=raw.structural_counts,
        findings=(
            *(replace(finding, kind=raw.kind, file=context.file) for finding in unit_findings),
            *_file_findings(source, taken_from),
            *parts.findings,
            *row_findings,
        ),
    )
    check_conservation(raw, result)
    return result


def check_conservation(raw: RawExport, result: Canonicalised) -> None:
    """Raise ConservationError unless every data row of the export is in exactly one part of the result."""
    if raw.data_row_count != result.data_row_count:
        raise ConservationError(f"{raw.data_row_count} data rows became {result.data_row_count}")


def _unit_names(source: Source) -> dict[str, int]:
    """Texts that name the rows' unit, with the number of rows each."""
    columns = ["resolving_unit_name", "unit_code"]
    if source.exported_at.date() < FILING_ANYWHERE_FROM:
        # Until then the counter that took a dossier in was the unit's own.
        columns += ["receiving_unit_name", "receiving_unit_code"]
    texts = tidied(source.text(*columns)).drop_null()
    return {item["values"]: item["counts"] for item in pc.value_counts(texts).to_pylist()}


def _file_findings(source: Source, taken_from: str) -> tuple[Finding, ...]:
    """What is doubtful about the file as a whole."""
    unit_code, kind, file = source.unit_code, source.raw.kind, source.context.file
    findings = []
    if taken_from == FROM_ARRIVAL:
        findings.append(Finding("delivery.exported_at.assumed", unit_code, kind, file))
    if source.raw.unknown_headers:
        headers = ", ".join(f"“{header}”" for header in source.raw.unknown_headers)
        findings.append(Finding("file.column.unknown", unit_code, kind, file, params=(("headers", headers),)))
    return tuple(findings)
