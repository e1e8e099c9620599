"""What stands behind the numbers of a report, put together for an evidence pack: records once, cells as ranges of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.report.blocks import Figure, ReportContext
from transforms.report.evidence_rows import Positions

_SEPARATOR = "\x1f"
_KEY = ("kind", "unit_code", "code", "state", "amount", "delivery_id", "sheet", "row")
"""What makes two rows the same record in the same state; a record counted by type and in sum is one."""
_ORDER = ("unit_code", "kind", "facet", "state", "code", "delivery_id", "sheet", "row", "amount")
_CODED = (
    *("kind", "unit_code", "facet", "state", "procedure_code", "procedure_name"),
    *("delivery_id", "file", "sheet"),
)
"""Columns whose values repeat; they are kept as a list of values and a number for each record."""
_DAYS = ("received_date", "due_date", "resolved_date", "returned_date")


class Proof(StrEnum):
    """How the records behind a number make it."""

    SUM = "sum"
    """Their amounts add up to it; each dossier is 1."""
    SHARE = "share"
    """Those above the line out of all of them."""
    AMONG = "among"
    """It tells what they have in common, or the longest of them."""
    DIFFERENCE = "difference"
    """It is the first figure beside the second."""
    TOLD = "told"
    """It counts no records; a sentence says what it is."""


@dataclass(frozen=True, slots=True)
class FoundPart:
    """One figure's rows among all that were given to ``build_evidence``."""

    cell_id: str
    label: str
    value: int | None
    denominator: int | None
    above: Positions
    below: Positions
    """Rows of a share's denominator that its numerator does not hold."""


@dataclass(frozen=True, slots=True)
class FoundCell:
    """One printed number and what was found behind it."""

    figure: Figure
    label: str
    proof: Proof
    parts: tuple[FoundPart, ...] = ()
    """One; the two figures of a difference, the report's own first; none for what is only told."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One report of the pack: the pack's own under "", a unit's under its code."""

    code: str
    context: ReportContext
    cells: tuple[FoundCell, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that the figures were counted from."""

    delivery_id: str
    unit_code: str
    unit_name: str
    file: str
    exported_on: str
    """ "05/9/2021"; empty where it is not known."""
    sha256: str
    record_count: int = 0
    """Records of the pack that it brought."""


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """A column whose values repeat: ``values[at[i]]`` is what record i says."""

    values: tuple[str, ...]
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """Every record behind any number of the pack, once for each state in which it is counted."""

    codes: tuple[str, ...]
    amounts: tuple[int, ...]
    rows: tuple[int, ...]
    """Row number in the file as the clerk sees it, from 1."""
    coded: Mapping[str, CodedColumn]
    days: Mapping[str, tuple[int, ...]]
    """Days since 1970-01-01, 0 where there is none."""

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """One figure with its records: ``above`` and ``below`` are start, length, start, length ... of ``RecordColumns``."""

    cell_id: str
    label: str
    value: int | None
    denominator: int | None
    above: tuple[int, ...]
    below: tuple[int, ...] = ()

    @property
    def above_count(self) -> int:
        """Records of the numerator, or of the whole figure."""
        return sum(self.above[1::2])

    @property
    def below_count(self) -> int:
        """Records of the denominator alone."""
        return sum(self.below[1::2])


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """One printed number with the records behind it."""

    figure: Figure
    label: str
    proof: Proof
    parts: tuple[EvidencePart, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One report of the pack with every number of it, in reading order."""

    code: str
    context: ReportContext
    cells: tuple[EvidenceCell, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A whole pack: its pages, the records that they share, and the files that the records came from."""

    pages: tuple[EvidencePage, ...]
    records: RecordColumns
    sources: tuple[SourceFile, ...]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column → what its values are called: units, fields and types, states, kinds of record."""


def build_evidence(
    frames: Sequence[pa.Table],
    pages: Sequence[FoundPage],
    sources: Sequence[SourceFile],
    names: Mapping[str, Mapping[str, str]],
) -> Evidence:
    """The pack's content. ``frames``: tables of ``evidence_rows.RECORDS``; positions count through all of them.

    Only records behind some number are kept. Equal input gives an equal pack, whatever order the frames' rows have.
    """
    everything = pa.concat_tables(frames).combine_chunks()
    parts = [part for page in pages for cell in page.cells for part in cell.parts]
    is_used = np.zeros(everything.num_rows, dtype=bool)
    for part in parts:
        is_used[part.above] = is_used[part.below] = True
    used = np.flatnonzero(is_used)
    rows, place = _unique_records(everything.take(pa.array(used)))
    moved = np.full(everything.num_rows, -1, dtype=np.int64)
    moved[used] = place
    counts = {row["values"]: row["counts"] for row in pc.value_counts(rows["delivery_id"]).to_pylist()}
    return Evidence(
        tuple(
            EvidencePage(page.code, page.context, tuple(_placed_cell(cell, moved) for cell in page.cells))
            for page in pages
        ),
        _columns(rows),
        tuple(_counted(source, counts) for source in sources),
        names,
    )


def runs_of(positions: Positions) -> tuple[int, ...]:
    """Ascending numbers as start, length, start, length ...; a number that stands twice begins a run of its own."""
    if not len(positions):
        return ()
    starts = np.flatnonzero(np.concatenate([[True], np.diff(positions) != 1]))
    lengths = np.diff(np.concatenate([starts, [len(positions)]]))
    return tuple(np.column_stack([positions[starts], lengths]).ravel().tolist())


def _unique_records(rows: pa.Table) -> tuple[pa.Table, Positions]:
    """The different records in a fixed order, and for each given row the place of its record among them."""
    texts = [pc.cast(rows[name], pa.string()) for name in _KEY]
    keys = pc.binary_join_element_wise(*texts, _SEPARATOR).combine_chunks().dictionary_encode().indices
    # The facet "*" was made empty and sorts first; the type of a document is the larger one.
    numbered = pa.table({"key": keys, "facet": rows["facet"], "row": pa.array(np.arange(rows.num_rows))})
    grouped = numbered.group_by("key").aggregate([("facet", "max"), ("row", "min")]).sort_by("key")
    kept = rows.take(grouped["row_min"])
    kept = kept.set_column(kept.schema.get_field_index("facet"), "facet", grouped["facet_max"])
    order = pc.sort_indices(kept, sort_keys=[(name, "ascending") for name in _ORDER])
    place = np.empty(len(order), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return kept.take(order).combine_chunks(), place[keys.to_numpy()]


def _placed_cell(cell: FoundCell, moved: Positions) -> EvidenceCell:
    parts = tuple(
        EvidencePart(
            part.cell_id,
            part.label,
            part.value,
            part.denominator,
            runs_of(np.sort(moved[part.above])),
            runs_of(np.sort(moved[part.below])),
        )
        for part in cell.parts
    )
    return EvidenceCell(cell.figure, cell.label, cell.proof, parts, cell.remark)


def _columns(rows: pa.Table) -> RecordColumns:
    days = {name: tuple(pc.fill_null(rows[name].cast(pa.int32()), 0).to_pylist()) for name in _DAYS}
    return RecordColumns(
        tuple(rows["code"].to_pylist()),
        tuple(rows["amount"].to_pylist()),
        tuple(rows["row"].to_pylist()),
        {name: _coded(rows[name]) for name in _CODED},
        days,
    )


def _coded(values: pa.ChunkedArray) -> CodedColumn:
    encoded = values.combine_chunks().dictionary_encode()
    return CodedColumn(tuple(encoded.dictionary.to_pylist()), tuple(encoded.indices.to_pylist()))


def _counted(source: SourceFile, counts: Mapping[str, int]) -> SourceFile:
    return SourceFile(
        source.delivery_id,
        source.unit_code,
        source.unit_name,
        source.file,
        source.exported_on,
        source.sha256,
        counts.get(source.delivery_id, 0),
    )
