"""From a printed figure back to the records that it counts: file, sheet, row and the hash of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import UsageProblemError
from pipelines.publications.model import Series, read_publications
from pipelines.session import Session
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.published_sides import Side, counted_side, published_side
from pipelines.steps.quarantined import open_quarantined
from transforms.indicators.contributions import NOTE, SUPPLEMENT_MEASURE, dossier_contributions
from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES, RATIOS
from transforms.indicators.rollup import code_of
from transforms.report.cells import JOIN

_PLAIN_PARTS, _SUPPLEMENT_PARTS = 7, 4
_RATE, _NOTE_PREFIX = "rate", "note"
_SUPPLEMENT, _SUPPLEMENT_TOTAL = "supplement", "supplement_total"
_QUARANTINED = NOTE + "quarantined"


@dataclass(frozen=True, slots=True)
class CellName:
    """The parts of a cell id (DESIGN.md section 2). ``below`` is set for a share: the measures of its denominator."""

    measures: tuple[str, ...]
    unit_key: str
    facets: tuple[str, ...]
    period_id: str
    basis: str | None = None
    closing_day: date | None = None
    rulebook: str | None = None
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedRecord:
    """One record behind a cell; ``amount`` is what it adds: 1 for a dossier, đồng for a receipt."""

    kind: str
    code: str
    unit_code: str
    amount: int
    state: str
    file: str
    sheet: str
    row: int
    delivery_id: str
    sha256: str
    is_above: bool = True
    """False for a record of a share's denominator that its numerator does not hold."""


@dataclass(frozen=True, slots=True)
class Traced:
    """``value``: the cell as counted or published, None where there is no such figure; ``records`` explain it."""

    cell_id: str
    value: int | None
    records: tuple[TracedRecord, ...]
    is_distinct: bool = False
    """True where the cell counts what the records have in common, not the records."""
    denominator: int | None = None

    @property
    def total(self) -> int:
        """What the records add up to; equal to ``value`` but for a distinct count."""
        return sum(record.amount for record in self.records if record.is_above)


def parse_cell_id(text: str) -> CellName:
    """The parts of an id as ``context.json`` prints it; UsageProblemError for what is none, or counts no records."""
    prefix, _, rest = text.strip().partition("/")
    if prefix == _RATE and rest.partition("/")[0] in (_SUPPLEMENT, _SUPPLEMENT_TOTAL):
        return parse_cell_id(rest)  # the id of such a share names its numerator only
    if prefix in (_SUPPLEMENT, _SUPPLEMENT_TOTAL):
        parts = text.strip().split("/")
        if len(parts) == _SUPPLEMENT_PARTS:
            return CellName((SUPPLEMENT_MEASURE + parts[2],), parts[1], (ALL_FIELDS,), parts[3])
    parts = (rest if prefix in (_RATE, _NOTE_PREFIX) else text.strip()).split("/")
    if prefix in ("coverage", "restated", "published"):
        raise UsageProblemError(
            f"Ô {text} không đếm hồ sơ: đó là số đơn vị hoặc số liệu so với lần công bố trước; "
            "hãy dùng “motcua status” hoặc “motcua diff”."
        )
    if len(parts) != _PLAIN_PARTS:
        raise UsageProblemError(
            f"Mã ô “{text}” không đúng dạng; hãy chép nguyên mã từ context.json, ví dụ "
            "resolved_total/16204/*/2021-9T/nd09/2021-09-05/tt01."
        )
    measure, unit, facet, period_id, basis, closing, rulebook = parts
    try:
        closing_day = date.fromisoformat(closing)
    except ValueError as problem:
        raise UsageProblemError(
            f"Mã ô “{text}”: ngày chốt “{closing}” không đúng dạng 2021-09-05."
        ) from problem
    measures: tuple[str, ...] = tuple(measure.split(JOIN))
    below: tuple[str, ...] = ()
    if prefix == _RATE and measure in RATIOS:
        measures, below = RATIOS[measure].numerator, RATIOS[measure].denominator
    elif prefix == _NOTE_PREFIX:
        measures = (NOTE + measure,)
    known = [name for name in (*measures, *below) if name in MEASURES or name.startswith(NOTE)]
    if len(known) != len(measures) + len(below):
        raise UsageProblemError(f"Mã ô “{text}”: không có chỉ tiêu “{measure}”.")
    return CellName(measures, unit, tuple(facet.split(JOIN)), period_id, basis, closing_day, rulebook, below)


def trace_cell_id(
    session: Session, cell_id: str, version: int | None = None, known_at: datetime | None = None
) -> Traced:
    """The records behind a figure: as known now or at ``known_at``, or those of publication ``version``.

    A publication's dossiers are the ones that it keeps; its receipts and register lines are read as known then.
    UsageProblemError for an id that is none, a publication that is none, and what ``answer_request`` refuses.
    """
    name = parse_cell_id(cell_id)
    side = _published(session, name, version) if version is not None else _counted(session, name, known_at)
    at = side.publication.known_at if side.publication else known_at
    return trace_on(session, side, name, cell_id, at)


def trace_on(
    session: Session, side: Side, name: CellName, cell_id: str, known_at: datetime | None = None
) -> Traced:
    """The records behind a figure of one count."""
    if name.measures == (_QUARANTINED,):
        apart = _quarantined(session, side, known_at)
        return Traced(cell_id, len(apart), apart)
    is_distinct = len(name.measures) == 1 and _is_distinct(name.measures[0])
    above = _records(session, side, name, name.measures)
    if name.below:
        whole = _records(session, side, name, name.below)
        inside = {(record.kind, record.unit_code, record.code) for record in above}
        below = tuple(
            replace(record, is_above=False)
            for record in whole
            if (record.kind, record.unit_code, record.code) not in inside
        )
        value, under = _value(side, name, name.measures), _value(side, name, name.below)
        return Traced(cell_id, value, (*above, *below), denominator=under)
    return Traced(cell_id, _value(side, name, name.measures), above, is_distinct)


def _quarantined(session: Session, side: Side, known_at: datetime | None) -> tuple[TracedRecord, ...]:
    """Rows that were set apart and that nothing has mended; named by the code that they hold, where they hold one."""
    latest = side.data.known.dossiers.latest
    rows = open_quarantined(session.store, side.catalogue, "dossier", latest, known_at)
    codes = {code_of(leaf.code) for leaf in side.leaves}
    rows = rows.filter(pc.is_in(rows["unit_code"], value_set=pa.array(sorted(codes), pa.string())))
    texts = [json.loads(text).get("dossier_code") or "" for text in rows["raw_json"].to_pylist()]
    ones = pa.chunked_array([pa.array([1] * rows.num_rows, pa.int64())])
    named = pa.chunked_array([pa.array(texts, pa.string())])
    return tuple(_as_records(rows, "quarantined", named, ones, None, _sources(session, rows)))


def _counted(session: Session, name: CellName, known_at: datetime | None) -> Side:
    # Counted to the day that the id names, whatever day it is.
    request = Request(
        code_of(name.unit_key), name.period_id, name.basis, as_of=name.closing_day, known_at=known_at,
        rulebook=name.rulebook,
    )  # fmt: skip
    answer = answer_request(session, request)
    if name.closing_day not in (None, answer.data.table.reckoning.closing_day):
        raise UsageProblemError(
            f"Ngày chốt {name.closing_day} của mã ô nằm ngoài kỳ {name.period_id}; hãy chép nguyên mã từ context.json."
        )
    return counted_side(answer.data, answer.node, answer.leaves, answer.catalogue)


def _published(session: Session, name: CellName, version: int) -> Side:
    series = Series(code_of(name.unit_key), name.period_id, name.basis or session.settings.basis)
    issued = {p.number: p for p in read_publications(session.store) if p.series == series}
    if version not in issued:
        known = ", ".join(map(str, issued)) or "chưa có lần nào"
        raise UsageProblemError(
            f"Đơn vị {series.unit_code}, kỳ {series.period_id} không có lần công bố {version} ({known})."
        )
    publication = issued[version]
    wanted = (name.closing_day, name.rulebook)
    if None not in wanted and wanted != (publication.closing_day, publication.rulebook):
        raise UsageProblemError(
            f"Mã ô chốt ngày {name.closing_day} theo {name.rulebook}, còn lần công bố {version} chốt ngày "
            f"{publication.closing_day} theo {publication.rulebook}; hãy chép mã từ context.json của lần đó."
        )
    return published_side(session, publication)


def _is_distinct(measure: str) -> bool:
    return measure in MEASURES and MEASURES[measure].type is MeasureType.DISTINCT


def _value(side: Side, name: CellName, measures: Sequence[str]) -> int | None:
    """The cell as the side has it: the sum of its measures and facets, None where a measure is not there at all."""
    unit, cells = name.unit_key, side.counted.cells
    if any(_is_distinct(measure) for measure in measures):
        return None
    if any(
        (measure, unit, ALL_FIELDS) not in cells and (measure, unit, name.facets[0]) not in cells
        for measure in measures
    ):
        return None
    return sum(cells.get((measure, unit, facet), 0) for measure in measures for facet in name.facets)


def _records(
    session: Session, side: Side, name: CellName, measures: Sequence[str]
) -> tuple[TracedRecord, ...]:
    counted = side.counted
    measures = [MEASURES[m].among if _is_distinct(m) else m for m in measures]
    is_rollup = side.is_rollup and name.unit_key == side.node.code
    units = [leaf.code for leaf in side.leaves] if is_rollup else [name.unit_key]
    contributions = dossier_contributions(counted.population)
    own = contributions.filter(_wanted(contributions, measures, units, name.facets))
    rows = counted.population.take(own["row"])
    dossiers = _as_records(
        rows, "dossier", rows["dossier_code"], own["amount"], rows["state"], _sources(session, rows)
    )
    entries = counted.entries.filter(_wanted(counted.entries, measures, units, name.facets))
    others = _as_records(
        entries, None, entries["record"], entries["amount"], None, _sources(session, entries)
    )
    return tuple(
        sorted((*dossiers, *others), key=lambda record: (record.unit_code, record.kind, record.code))
    )


def _wanted(
    rows: pa.Table, measures: Sequence[str], units: Sequence[str], facets: Sequence[str]
) -> pa.ChunkedArray:
    parts = (("measure", measures), ("unit_code", units), ("facet", facets))
    masks = [pc.is_in(rows[name], value_set=pa.array(list(values), pa.string())) for name, values in parts]
    return pc.and_(masks[0], pc.and_(masks[1], masks[2]))


def _sources(session: Session, rows: pa.Table) -> Mapping[str, Mapping[str, Any]]:
    """Delivery → its file and hash, of the deliveries of these rows."""
    wanted = set(rows["_delivery_id"].unique().to_pylist())
    return {
        row["delivery_id"]: row
        for row in session.store.deliveries().to_pylist()
        if row["delivery_id"] in wanted
    }


def _as_records(
    rows: pa.Table,
    kind: str | None,
    codes: pa.ChunkedArray,
    amounts: pa.ChunkedArray,
    states: pa.ChunkedArray | None,
    deliveries: Mapping[str, Mapping[str, Any]],
) -> list[TracedRecord]:
    kinds = [kind] * rows.num_rows if kind else rows["kind"].to_pylist()
    told = states.to_pylist() if states is not None else [""] * rows.num_rows
    names = ("unit_code", "_file", "_sheet", "_row", "_delivery_id")
    columns = (rows[name].to_pylist() for name in names)
    found = []
    for own, code, amount, state, unit, file, sheet, row, identity in zip(
        kinds, codes.to_pylist(), amounts.to_pylist(), told, *columns, strict=True
    ):
        delivery = deliveries.get(identity, {})
        found.append(
            TracedRecord(
                own, code, unit, amount, state or "", file or delivery.get("file", ""), sheet or "", row or 0,
                identity or "", delivery.get("sha256", ""),
            )
        )  # fmt: skip
    return found
