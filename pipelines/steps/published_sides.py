"""Two counts of one period made comparable: a publication as it was issued, and what is counted now."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import StoreUnreachableError, reason_of
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import CELLS, POPULATION, Publication
from pipelines.session import Session, find_unit
from pipelines.snapshots import version_of
from pipelines.steps.report import (
    PeriodData,
    count_period,
    read_known,
    reckoning_of,
)
from pipelines.steps.rollup import report_units, unit_map
from transforms.catalogue.model import Catalogue, Unit
from transforms.history.restatement import (
    CellKey,
    Counted,
    roll_up,
)
from transforms.indicators.contributions import (
    NOTE,
    document_entries,
    entry_cells,
    fee_entries,
    ledger_cells,
    ledger_population,
    supplement_entries,
)
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.published import published_cells
from transforms.indicators.rollup import code_of
from transforms.report.evidence_rows import CellRows
from transforms.report.numbers_vi import date_short

_SEPARATOR = "\x1f"


# Not a dataclass, for the reason given at Session.
class Side:
    """One count of a node's period, ready to be compared."""

    def __init__(
        self,
        counted: Counted,
        data: PeriodData,
        node: Unit,
        leaves: Sequence[Unit],
        catalogue: Catalogue,
        publication: Publication | None,
    ) -> None:
        self.counted = counted
        self.data = data
        self.node = node
        self.leaves = tuple(leaves)
        self.catalogue = catalogue
        self.publication = publication
        """None for what would be published now."""

    @property
    def reckoning(self) -> Reckoning:
        """The days and rules of the count."""
        return self.data.table.reckoning

    @property
    def is_rollup(self) -> bool:
        """True when the node is more than the one unit that it counts."""
        return tuple(leaf.code for leaf in self.leaves) != (self.node.code,)

    @cached_property
    def rows(self) -> CellRows:
        """Which of its records add to which cell, sorted out when first asked."""
        return CellRows(self.counted)

    @cached_property
    def own(self) -> Side:
        """What the node filled in for itself and nothing else: a roll-up's own numbers are in none of its sums."""
        if not self.is_rollup:
            return self
        entries = supplement_entries(self.data.known.supplement, self.reckoning.period.period_id)
        entries = _of_units(_under_lines(entries, self.data), [self.node.code])
        counted = replace(
            self.counted,
            cells=entry_cells(entries),
            population=self.counted.population.slice(0, 0),
            entries=entries,
            units=frozenset({self.node.code}),
        )
        return Side(counted, self.data, self.node, (self.node,), self.catalogue, self.publication)


def counted_side(data: PeriodData, node: Unit, leaves: Sequence[Unit], catalogue: Catalogue) -> Side:
    """What was just counted, as the later side."""
    return Side(_counted(data, node, leaves, catalogue), data, node, leaves, catalogue, None)


def published_side(session: Session, publication: Publication) -> Side:
    """A publication: its own cells and dossiers, the rest as the store knew it then.

    Receipts, register lines and what units filled in are counted again as known at the publication; so are
    texts and marks of dossiers that a publication does not keep. Raises StoreUnreachableError for a folder
    that is gone or was changed.
    """
    # Loading a catalogue takes seconds; usually it is still the same.
    is_same = publication.catalogue_version == version_of(session.files)
    catalogue = session.catalogue if is_same else session.catalogue_at(publication.known_at)
    reckoning = reckoning_of(
        publication.period_id,
        publication.basis,
        catalogue,
        publication.as_of,
        publication.cutoff,
        publication.rulebook,
    )
    node = find_unit(catalogue, code_of(publication.unit_code), reckoning.closing_day)
    units = unit_map(catalogue, reckoning).stored_codes(node)
    known = read_known(session.store, catalogue, units, publication.known_at)
    data = count_period(known, catalogue, reckoning)
    about = report_units(data, node)
    again = _counted(data, about.node, about.leaves, catalogue)
    cells = kept_cells(session, publication)
    filled_in = {key: value for key, value in again.cells.items() if key not in cells and _is_filled_in(key)}
    counted = Counted(
        {**cells, **filled_in},
        _completed(_read_kept(session, publication, POPULATION), again.population),
        again.entries,
        reckoning.start,
        publication.closing_day,
        publication.rulebook,
        again.units,
        frozenset(delivery for delivery, _ in publication.inputs),
    )
    return Side(counted, data, about.node, about.leaves, catalogue, publication)


def kept_cells(session: Session, publication: Publication) -> dict[CellKey, int]:
    """The counted cells and notes of a publication as it keeps them.

    Raises StoreUnreachableError for a folder that is gone or was changed.
    """
    return _published_cells(_read_kept(session, publication, CELLS))


def counted_cells(table: IndicatorTable, node: Unit, leaves: Sequence[Unit]) -> dict[CellKey, int]:
    """The cells and notes that a publication of this count would keep."""
    return _published_cells(published_cells(table, node.code, [leaf.code for leaf in leaves], {}))


def side_words(side: Side) -> str:
    """ "bản số 1 (số 45/BC-UBND ngày 06/9/2021)", or what would be published now."""
    publication = side.publication
    if publication is None:
        return "số liệu hiện có trong kho"
    return f"bản số {publication.number} (số {publication.document_number} ngày {date_short(publication.document_date)})"


def _counted(data: PeriodData, node: Unit, leaves: Sequence[Unit], catalogue: Catalogue) -> Counted:
    codes = [leaf.code for leaf in leaves]
    reckoning, known = data.table.reckoning, data.known
    fees, documents = (_of_units(rows, codes) for rows in (known.fees, known.documents))
    filled_in = supplement_entries(known.supplement, reckoning.period.period_id)
    filled_in = _of_units(_under_lines(filled_in, data), codes)
    entries = [
        fee_entries(fees, reckoning),
        document_entries(documents, reckoning, catalogue.document_types),
        filled_in,
    ]
    cells = roll_up({**ledger_cells(data.table), **entry_cells(filled_in)}, node.code, codes)
    return Counted(
        cells,
        _of_units(ledger_population(data.table), codes),
        pa.concat_tables(entries),
        reckoning.start,
        reckoning.closing_day,
        reckoning.rulebook,
        frozenset(codes),
        frozenset(data.deliveries["delivery_id"].to_pylist()),
    )


def _under_lines(entries: pa.Table, data: PeriodData) -> pa.Table:
    """What units filled in, under the lines that they count for; everything else was placed when it was counted."""
    codes = entries["unit_code"].combine_chunks().dictionary_encode()
    keys = pa.array([data.units.key(code) for code in codes.dictionary.to_pylist()], pa.string())
    at = entries.schema.get_field_index("unit_code")
    return entries.set_column(at, "unit_code", keys.take(codes.indices))


def _of_units(rows: pa.Table, codes: Sequence[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows["unit_code"], value_set=pa.array(list(codes), pa.string())))


def _published_cells(rows: pa.Table) -> dict[CellKey, int]:
    """The counted cells and notes of a publication; a figure that is only printed follows from them."""
    names = ("kind", "measure_id", "unit_code", "facet", "value")
    found: dict[CellKey, int] = {}
    for kind, measure, unit, facet, value in zip(*(rows[name].to_pylist() for name in names), strict=True):
        if kind in ("count", "note") and value is not None:
            found[NOTE + measure if kind == "note" else measure, unit, facet] = value
    return found


def _is_filled_in(key: CellKey) -> bool:
    return key[0].startswith("supplement.")


def _completed(kept: pa.Table, again: pa.Table) -> pa.Table:
    """The dossiers that a publication keeps with the columns that it does not, from the same count made again."""
    at = pc.index_in(_keys(kept), value_set=_keys(again))
    columns = [
        kept[item.name].cast(item.type)
        if item.name in kept.column_names
        else again[item.name].combine_chunks().take(at)
        for item in again.schema
    ]
    return pa.table(columns, schema=again.schema)


def _keys(rows: pa.Table) -> pa.Array:
    keys = pc.binary_join_element_wise(rows["unit_code"], rows["dossier_code"], _SEPARATOR)
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys


def _read_kept(session: Session, publication: Publication, name: str) -> pa.Table:
    folder = publication_folder(session.workspace.publications, publication.series, publication.number)
    try:
        content = (folder / name).read_bytes()
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không đọc được {folder / name} ({reason_of(problem)}); hãy khôi phục lần công bố này từ bản sao lưu."
        ) from problem
    if hashlib.sha256(content).hexdigest() != publication.files.get(name):
        raise StoreUnreachableError(
            f"Tệp {folder / name} đã bị thay đổi so với khi công bố; hãy khôi phục từ bản sao lưu, "
            "chạy “motcua verify” để xem chi tiết."
        )
    return pq.read_table(io.BytesIO(content))
