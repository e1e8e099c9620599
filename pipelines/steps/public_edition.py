"""What the edition that anybody may read withholds: which counts, and what earlier such editions told already."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.editions import PUBLIC
from pipelines.errors import UsageProblemError
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import CELLS, Publication, read_publications
from pipelines.session import Session
from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES
from transforms.indicators.model import Reckoning
from transforms.indicators.period import PeriodError, parse_period, window
from transforms.indicators.published import WITHHELD
from transforms.indicators.suppression import FORMS, Before, Rules, SuppressionError, hidden_cells
from transforms.report.inputs import PublicEdition, ReportInputs

PACK = "pack"
"""The format that holds codes of dossiers."""
_NEXT_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublicTerms:
    """What is asked of a public edition. ``before``: unit or roll-up → what earlier public editions tell of it."""

    threshold: int
    before: Mapping[str, Before] = field(default_factory=dict)


def public_edition(inputs: ReportInputs, terms: PublicTerms) -> PublicEdition:
    """The counts that one report withholds. UsageProblemError where they cannot be hidden at all."""
    fields = [each for each in inputs.catalogue.fields if not each.is_excluded]
    rules = Rules(
        frozenset(each.field_id for each in fields if each.is_sensitive),
        frozenset(each.field_id for each in fields if each.is_listed_when_zero),
        terms.threshold,
        inputs.table.is_exact,
    )
    codes = [leaf.code for leaf in inputs.leaf_units]
    try:
        hidden = hidden_cells(inputs.table, inputs.node.code, codes, rules, terms.before)
    except SuppressionError as problem:
        raise UsageProblemError(
            "Không lập được bản công khai: danh mục chỉ liệt kê một lĩnh vực nên không che được số nhỏ của lĩnh vực đó; "
            "hãy thêm lĩnh vực luôn liệt kê (is_listed_when_zero) vào catalogue/fields.csv."
        ) from problem
    return PublicEdition(terms.threshold, hidden)


def refuse_formats(edition: str, formats: Sequence[str]) -> None:
    """Raise UsageProblemError for a format that nobody outside the offices may have."""
    if edition == PUBLIC and PACK in formats:
        raise UsageProblemError(
            "Bản công khai không kèm gói bằng chứng, vì gói có mã hồ sơ; hãy bỏ pack khỏi --formats."
        )


def public_terms(session: Session, unit_code: str, reckoning: Reckoning) -> PublicTerms:
    """The terms of a workspace, with the public editions that bear on this period: the one that closed the day before
    it starts, and those that started with it and closed earlier."""
    issued = [
        each
        for each in read_publications(session.store)
        if each.edition == PUBLIC
        and (each.unit_code, each.basis, each.rulebook) == (unit_code, reckoning.basis, reckoning.rulebook)
        and each.closing_day < reckoning.closing_day
    ]
    found: dict[str, dict[str, Any]] = {}
    for publication in issued:
        is_right_before = publication.closing_day + _NEXT_DAY == reckoning.start
        folder = publication_folder(session.workspace.publications, publication.series, publication.number)
        if is_right_before or _start_of(publication, session) == reckoning.start:
            _add_told(found, folder, is_right_before=is_right_before)
    return PublicTerms(
        session.settings.public_threshold,
        {
            unit: Before(frozenset(told["hidden"]), told["has_closing"], told["published"])
            for unit, told in found.items()
        },
    )


def _add_told(found: dict[str, dict[str, Any]], folder: Path, *, is_right_before: bool) -> None:
    path = folder / CELLS
    if not path.is_file():
        return  # what is gone is for ``motcua verify`` to say
    for row in pq.read_table(path).to_pylist():
        measure, unit, facet = row["measure_id"], row["unit_code"], row["facet"]
        if measure not in FORMS or facet == ALL_FIELDS:
            continue
        told = found.setdefault(unit, {"hidden": set(), "has_closing": False, "published": {}})
        if is_right_before:
            told["has_closing"] = True
            if measure == "pending_total" and row["kind"] == WITHHELD:
                told["hidden"].add(facet)
        elif row["kind"] == "count" and MEASURES[measure].type is MeasureType.FLOW:
            known = told["published"].get((measure, facet), 0)
            told["published"][measure, facet] = max(known, row["value"])


def _start_of(publication: Publication, session: Session) -> datetime.date | None:
    try:
        return window(parse_period(publication.period_id), publication.basis, session.catalogue.windows)[0]
    except PeriodError:
        return None  # a basis that the catalogue does not know any more
