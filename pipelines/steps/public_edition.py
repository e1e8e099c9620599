"""What the edition that anybody may read withholds: which counts, and what earlier such editions told already."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.editions import PUBLIC
from pipelines.errors import UsageProblemError
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import CELLS, Publication, Series, read_publications
from pipelines.session import Session
from transforms.indicators.hidden_in_family import FamilyLeakError, hide_in_family
from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES
from transforms.indicators.model import Reckoning
from transforms.indicators.period import PeriodError, parse_period, period_name, window
from transforms.indicators.published import WITHHELD
from transforms.indicators.published_family import Edition, FamilyTooLargeError, Leak
from transforms.indicators.rollup import code_of
from transforms.indicators.suppression import FORMS, Before, CellKey, Rules, SuppressionError, hidden_cells
from transforms.report.inputs import PublicEdition, ReportInputs
from transforms.report.numbers_vi import date_short
from transforms.report.ordering import field_name

PACK = "pack"
"""The format that holds codes of dossiers."""
_NEXT_DAY = datetime.timedelta(days=1)
_NAMED_EDITIONS = 3
"""How many earlier editions the sentence names that refuses one."""


@dataclass(frozen=True, slots=True)
class PublicTerms:
    """What is asked of a public edition. ``before``: unit or roll-up → what earlier public editions tell of it."""

    threshold: int
    before: Mapping[str, Before] = field(default_factory=dict)
    earlier: tuple[Edition, ...] = ()
    """Public editions of other documents that share days and units with it, or stand next to it."""
    own_versions: tuple[Edition, ...] = ()
    """Public editions that are earlier versions of the report itself."""
    found: dict[frozenset[CellKey], frozenset[CellKey]] = field(default_factory=dict, compare=False)
    """What was worked out already, by what the report withholds by itself: its text and its cells are the same counts."""


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
    try:
        if hidden not in terms.found:
            own = _own_edition(inputs, codes, hidden)
            versions = [still_true(each, own) for each in terms.own_versions]
            terms.found[hidden] = hide_in_family(own, [*terms.earlier, *versions], rules)
        return PublicEdition(terms.threshold, terms.found[hidden])
    except FamilyTooLargeError as problem:
        raise UsageProblemError(
            f"Không lập được bản công khai này: có {len(terms.earlier)} bản công khai đã ban hành trùng thời gian và đơn vị với nó, nhiều đến mức không kiểm tra "
            "hết được số nhỏ có bị lộ hay không; hãy chỉ ban hành bản dành cho cơ quan, hoặc công khai từng đơn vị hay một kỳ ngắn hơn."
        ) from problem
    except FamilyLeakError as problem:
        raise UsageProblemError(_told_together(inputs, terms, problem.leak)) from problem


def _own_edition(inputs: ReportInputs, codes: Sequence[str], hidden: frozenset[CellKey]) -> Edition:
    table, node = inputs.table, inputs.node.code
    units = tuple(code for code in codes if table.value("received_total", (code,)) is not None)
    values = {key: value for key, value in table.cells.items() if key[0] in FORMS and key[1] in units}
    if tuple(codes) != (node,):
        for (measure, _, name), value in tuple(values.items()):
            values[measure, node, name] = values.get((measure, node, name), 0) + value
    days = table.reckoning.start, table.reckoning.closing_day
    return Edition("", node, units, *days, hidden, values)


def _told_together(inputs: ReportInputs, terms: PublicTerms, leak: Leak) -> str:
    names = inputs.catalogue.unit_names(inputs.table.reckoning.closing_day)
    unit = names.get(code_of(leak.unit), leak.unit)
    # Of several that tell it together, those of the unit itself that are nearest to it come first.
    near = sorted(
        terms.earlier,
        key=lambda each: (
            leak.unit not in (each.node, *each.units), each.node != leak.unit,
            abs(each.start - leak.start) + abs(each.end - leak.end),
        ),
    )  # fmt: skip
    listed = "; ".join(each.name for each in near[:_NAMED_EDITIONS])
    others = len(near) - _NAMED_EDITIONS
    listed += f"; và {others} bản khác" if others > 0 else ""
    return (
        f"Không lập được bản công khai này: đặt cạnh các bản công khai đã ban hành ({listed}), người đọc tính ra được một số hồ sơ nhỏ của lĩnh vực "
        f"{field_name(inputs.catalogue, leak.field)} ở {unit}, từ ngày {date_short(leak.start)} đến ngày "
        f"{date_short(leak.end)}; hãy chỉ ban hành bản dành cho cơ quan, hoặc công khai một kỳ không trùng với các bản đó."
    )


def refuse_formats(edition: str, formats: Sequence[str]) -> None:
    """Raise UsageProblemError for a format that nobody outside the offices may have."""
    if edition == PUBLIC and PACK in formats:
        raise UsageProblemError(
            "Bản công khai không kèm gói bằng chứng, vì gói có mã hồ sơ; hãy bỏ pack khỏi --formats."
        )


def public_terms(
    session: Session, unit_code: str, leaf_codes: Sequence[str], reckoning: Reckoning, report_type: str
) -> PublicTerms:
    """The terms of a workspace, with the public editions that bear on this report.

    These are the one that closed the day before it starts, those that started with it and closed earlier, and every
    other one that shares days and units with it or with one that does.
    """
    published = [
        each
        for each in read_publications(session.store)
        if each.edition == PUBLIC and each.rulebook == reckoning.rulebook
    ]
    issued = [
        each
        for each in published
        if (each.unit_code, each.basis) == (unit_code, reckoning.basis)
        and each.closing_day < reckoning.closing_day
    ]
    own = Series(unit_code, reckoning.period.period_id, reckoning.basis, report_type, PUBLIC)
    versions: dict[Series, list[Publication]] = {}
    for each in sorted(_near(published, reckoning, session), key=lambda each: each.number):
        versions.setdefault(each.series, []).append(each)
    own_versions = [_edition_of(session, each) for each in versions.pop(own, [])]
    editions: list[Edition] = []
    for several in versions.values():
        *before, newest = (_edition_of(session, each) for each in several)
        editions += [*(still_true(each, newest) for each in before), newest]
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
        _sharing_units(editions, leaf_codes),
        tuple(own_versions),
    )


def _near(published: Sequence[Publication], reckoning: Reckoning, session: Session) -> Iterator[Publication]:
    """What shares days with the report or with a neighbour of these; one of a basis that is gone cannot be placed."""
    days = [(_start_of(each, session), each.closing_day) for each in published]
    start, end = reckoning.start, reckoning.closing_day
    near = [day for day in days if day[0] and day[0] <= end + _NEXT_DAY and day[1] + _NEXT_DAY >= start]
    start, end = min([start, *(d for d, _ in near if d)]), max([end, *(d for _, d in near)])
    for each, (first, last) in zip(published, days, strict=True):
        if first is not None and first <= end and last >= start:
            yield each


def still_true(earlier: Edition, newer: Edition) -> Edition:
    """An earlier version as it still holds: what was mended since tells nothing about the numbers of the newer one."""
    mended = {
        key[1:]
        for key, value in earlier.values.items()
        if key not in newer.hidden and newer.values.get(key, 0) != value
    }
    gone = frozenset(key for key in earlier.values if key[1:] in mended)
    return replace(earlier, hidden=earlier.hidden | gone)


def _sharing_units(editions: Sequence[Edition], leaf_codes: Sequence[str]) -> tuple[Edition, ...]:
    """The editions that share units with the report, or with one that does."""
    units, chosen = set(leaf_codes), list[Edition]()
    while more := [each for each in editions if each not in chosen and units & {each.node, *each.units}]:
        chosen += more
        units |= {unit for each in more for unit in each.units}
    return tuple(sorted(chosen, key=lambda each: (each.start, each.end, each.node, each.name)))


def _edition_of(session: Session, publication: Publication) -> Edition:
    """What a public edition prints. UsageProblemError where its numbers are gone, for nobody knows what it told then."""
    path = publication_folder(session.workspace.publications, publication.series, publication.number) / CELLS
    start = _start_of(publication, session)
    if start is None or not path.is_file():
        raise UsageProblemError(
            f"Không lập được bản công khai này: bản công khai số {publication.document_number} đã ban hành của {publication.unit_code}, kỳ "
            f"{publication.period_id}, không còn tệp số liệu {path} để đối chiếu; hãy khôi phục tệp đó từ bản sao lưu rồi chạy lại."
        )
    rows = pq.read_table(path, columns=["kind", "measure_id", "unit_code", "facet", "value"]).to_pylist()
    rows = [row for row in rows if row["measure_id"] in FORMS and row["kind"] in ("count", WITHHELD)]
    keys = {(row["measure_id"], row["unit_code"], row["facet"]): row for row in rows}
    codes = {unit for _, unit, _ in keys}
    names = session.catalogue.unit_names(publication.closing_day)
    unit = names.get(code_of(publication.unit_code), publication.unit_code)
    name = f"{period_name(parse_period(publication.period_id))} của {unit}, số {publication.document_number}"
    return Edition(
        name,
        publication.unit_code,
        tuple(sorted(codes - {publication.unit_code} or codes)),
        start,
        publication.closing_day,
        frozenset(key for key, row in keys.items() if row["kind"] == WITHHELD),
        {key: row["value"] for key, row in keys.items() if row["kind"] == "count"},
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
