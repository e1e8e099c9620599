"""From a printed figure back to the records that it counts: file, sheet, row and the hash of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import UsageProblemError
from pipelines.publications.model import Series, read_publications
from pipelines.session import Session, find_unit
from pipelines.steps.cell_names import QUARANTINED, CellName, parse_cell_id, parse_change_id
from pipelines.steps.on_demand import Request, answer_request, parse_instant, require_report_type
from pipelines.steps.published_sides import Side, counted_side, published_side
from pipelines.steps.quarantined import open_quarantined
from transforms.calendar.work_calendar import build_calendar
from transforms.indicators.backlog import bands_of
from transforms.indicators.measure import ALL_FIELDS, MeasureType
from transforms.indicators.measures import MEASURES
from transforms.indicators.rollup import code_of
from transforms.report.comparison import GROWTH
from transforms.report.evidence_rows import FoundRows
from transforms.report.pages.changes import BEFORE
from transforms.schema.tables import DOSSIER_CODE_PATTERN


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
    """True where the cell counts what the records have in common, or tells the longest of them, not their number."""
    denominator: int | None = None
    sides: tuple[Traced, ...] = ()
    """Both figures of a difference between two periods, the report's own first; it has no records of its own."""

    @property
    def total(self) -> int:
        """What the records add up to; equal to ``value`` but for a distinct count."""
        return sum(record.amount for record in self.records if record.is_above)


def _trace_change(
    session: Session,
    cell_id: str,
    pair: tuple[str, str],
    version: int | None,
    known_at: datetime | None,
    report_type: str | None,
) -> Traced:
    """Both sides of a difference, known at one instant: of a publication, the one that it shows."""
    own, other = pair
    now = trace_cell_id(session, own, version, known_at, report_type)
    if version is not None:
        publication = _published(session, parse_cell_id(own), version, report_type).publication
        known_at = publication.known_at if publication else known_at
    then = trace_cell_id(session, other, None, known_at)
    is_count = now.denominator is None and now.value is not None and then.value is not None
    difference = (now.value or 0) - (then.value or 0) if is_count else None
    below = then.value if cell_id.startswith(f"{GROWTH}/") else None
    return Traced(cell_id, difference, (), denominator=below, sides=(now, then))


def trace_cell_id(
    session: Session,
    cell_id: str,
    version: int | None = None,
    known_at: datetime | None = None,
    report_type: str | None = None,
) -> Traced:
    """The records behind a figure: as known now or at ``known_at``, or those of publication ``version``.

    Publications of each type of report are numbered apart; without ``report_type`` the first type of the workspace
    is meant. A publication's dossiers are the ones that it keeps; its receipts and register lines are read as known then.
    UsageProblemError for an id that is none, a publication that is none, and what ``answer_request`` refuses.
    """
    if cell_id.startswith(f"{BEFORE}/"):
        return _trace_before(session, cell_id)
    if (pair := parse_change_id(cell_id)) is not None:
        return _trace_change(session, cell_id, pair, version, known_at, report_type)
    name = parse_cell_id(cell_id)
    if version is None:
        side = _counted(session, name, known_at)
    else:
        side = _published(session, name, version, report_type)
    at = side.publication.known_at if side.publication else known_at
    return trace_on(session, side, name, cell_id, at)


def _trace_before(session: Session, cell_id: str) -> Traced:
    """A figure of an earlier night, as known then; UsageProblemError where the id names no instant."""
    _, instant, own = (*cell_id.split("/", 2), "", "")[:3]
    return replace(trace_cell_id(session, own, None, parse_instant(instant)), cell_id=cell_id)


def trace_on(
    session: Session, side: Side, name: CellName, cell_id: str, known_at: datetime | None = None
) -> Traced:
    """The records behind a figure of one count."""
    side = side.own if name.is_own and name.unit_key == side.node.code else side
    if name.measures == (QUARANTINED,):
        apart = _quarantined(session, side, known_at)
        return Traced(cell_id, len(apart), apart)
    counts_distinct = len(name.measures) == 1 and is_distinct(name.measures[0])
    above = _records(session, side, name, name.measures)
    if name.below:
        whole = _records(session, side, name, name.below)
        inside = {(record.kind, record.unit_code, record.code) for record in above}
        below = tuple(
            replace(record, is_above=False)
            for record in whole
            if (record.kind, record.unit_code, record.code) not in inside
        )
        value, under = cell_value(side, name, name.measures), cell_value(side, name, name.below)
        return Traced(cell_id, value, (*above, *below), denominator=under)
    if name.band is not None:
        return Traced(cell_id, len(above), above)
    return Traced(cell_id, cell_value(side, name, name.measures), above, counts_distinct or name.is_longest)


def _quarantined(session: Session, side: Side, known_at: datetime | None) -> tuple[TracedRecord, ...]:
    """Rows that were set apart and that nothing has mended; named by the code that they hold, where they hold one."""
    rows, codes = quarantined_behind(session, side, [leaf.code for leaf in side.leaves], known_at)
    ones = pa.chunked_array([pa.array([1] * rows.num_rows, pa.int64())])
    return tuple(_as_records(rows, "quarantined", codes, ones, None, _sources(session, rows)))


def quarantined_behind(
    session: Session, side: Side, units: Sequence[str], known_at: datetime | None
) -> tuple[pa.Table, pa.ChunkedArray]:
    """The set-apart rows of those lines that nothing has mended, and the dossier code of each, empty for what is none."""
    latest = side.data.known.dossiers.latest
    rows = open_quarantined(session.store, side.catalogue, "dossier", latest, known_at)
    stored = sorted({code_of(unit) for unit in units})
    rows = rows.filter(pc.is_in(rows["unit_code"], value_set=pa.array(stored, pa.string())))
    texts = [json.loads(text).get("dossier_code") or "" for text in rows["raw_json"].to_pylist()]
    # In a row that could not be read anything may stand in the place of the code, a person's name too.
    texts = [text if re.fullmatch(DOSSIER_CODE_PATTERN, text.strip().upper()) else "" for text in texts]
    return rows, pa.chunked_array([pa.array(texts, pa.string())])


def _counted(session: Session, name: CellName, known_at: datetime | None) -> Side:
    # Counted to the day that the id names, whatever day it is.
    request = Request(
        _node_code(session, name), name.period_id, name.basis, as_of=name.closing_day, known_at=known_at,
        rulebook=name.rulebook,
    )  # fmt: skip
    answer = answer_request(session, request)
    if name.closing_day not in (None, answer.data.table.reckoning.closing_day):
        raise UsageProblemError(
            f"Ngày chốt {name.closing_day} của mã ô nằm ngoài kỳ {name.period_id}; hãy chép nguyên mã từ context.json."
        )
    return counted_side(answer.data, answer.node, answer.leaves, answer.catalogue)


def _node_code(session: Session, name: CellName) -> str:
    """The unit whose count holds the cell; for a sum over some units the lowest one above all of them."""
    codes = [code_of(key) for key in name.unit_keys]
    if len(codes) == 1:
        return codes[0]
    above = [_chain(session, code, name.closing_day) for code in codes]
    return next((code for code in above[0] if all(code in chain for chain in above)), codes[0])


def _chain(session: Session, code: str, day: date | None) -> list[str]:
    chain: list[str] = []
    while code and code not in chain:
        chain.append(code)
        code = find_unit(session.catalogue, code, day).parent_code
    return chain[1:]


def _published(session: Session, name: CellName, version: int, report_type: str | None) -> Side:
    kind = require_report_type(report_type or session.settings.report_types[0])
    series = Series(_node_code(session, name), name.period_id, name.basis or session.settings.basis, kind)
    publications = read_publications(session.store)
    issued = {p.number: p for p in publications if p.series == series}
    if version not in issued:
        known = ", ".join(map(str, issued)) or "chưa có lần nào"
        others = [p for p in publications if replace(p.series, report_type=kind) == series]
        elsewhere = sorted({p.report_type for p in others if p.number == version})
        hint = f" Loại {elsewhere[0]} có lần {version}: hãy thêm --type {elsewhere[0]}." if elsewhere else ""
        raise UsageProblemError(
            f"Đơn vị {series.unit_code}, kỳ {series.period_id}, loại báo cáo {kind} không có lần công bố "
            f"{version} ({known}).{hint}"
        )
    publication = issued[version]
    wanted = (name.closing_day, name.rulebook)
    if None not in wanted and wanted != (publication.closing_day, publication.rulebook):
        raise UsageProblemError(
            f"Mã ô chốt ngày {name.closing_day} theo {name.rulebook}, còn lần công bố {version} chốt ngày "
            f"{publication.closing_day} theo {publication.rulebook}; hãy chép mã từ context.json của lần đó."
        )
    return published_side(session, publication)


def is_distinct(measure: str) -> bool:
    """True for a measure that counts what its dossiers have in common."""
    return measure in MEASURES and MEASURES[measure].type is MeasureType.DISTINCT


def cell_value(side: Side, name: CellName, measures: Sequence[str]) -> int | None:
    """The cell as the side has it: the sum of its measures and facets, None where a measure is not there at all."""
    units, cells = name.unit_keys, side.counted.cells
    if any(is_distinct(measure) for measure in measures):
        return None
    if any(
        all((measure, unit, facet) not in cells for unit in units for facet in (ALL_FIELDS, name.facets[0]))
        for measure in measures
    ):
        return None
    return sum(
        cells.get((measure, unit, facet), 0)
        for measure in measures
        for unit in units
        for facet in name.facets
    )


def _records(
    session: Session, side: Side, name: CellName, measures: Sequence[str]
) -> tuple[TracedRecord, ...]:
    found = rows_behind(side, name, measures)
    rows = side.counted.population.take(pa.array(found.dossiers))
    ones = pa.chunked_array([pa.repeat(pa.scalar(1, pa.int64()), rows.num_rows)])
    dossiers = _as_records(
        rows, "dossier", rows["dossier_code"], ones, rows["state"], _sources(session, rows)
    )
    entries = side.counted.entries.take(pa.array(found.entries))
    others = _as_records(
        entries, None, entries["record"], entries["amount"], None, _sources(session, entries)
    )
    return tuple(
        sorted((*dossiers, *others), key=lambda record: (record.unit_code, record.kind, record.code))
    )


def rows_behind(side: Side, name: CellName, measures: Sequence[str]) -> FoundRows:
    """The rows of the count that add to those measures of the cell; a distinct count is led back to what it is among."""
    among = [MEASURES[m].among if is_distinct(m) else m for m in measures]
    found = side.rows.find(among, units_behind(side, name), name.facets)
    if name.band is None or name.closing_day is None:
        return found
    what, band_id = name.band
    rows = side.counted.population.take(pa.array(found.dossiers))
    bands = bands_of(rows, what, name.closing_day, build_calendar(side.catalogue.days_off))
    return replace(found, dossiers=found.dossiers[pc.equal(bands, band_id).to_numpy(zero_copy_only=False)])


def units_behind(side: Side, name: CellName) -> list[str]:
    """The lines whose records make the cell: all of them for the roll-up's own."""
    if side.is_rollup and name.unit_key == side.node.code:
        return [leaf.code for leaf in side.leaves]
    return list(name.unit_keys)


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
