"""A proposed way of reading a table that no profile knows, with the evidence for every column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.catalogue.accepted import needed_columns
from transforms.catalogue.model import Catalogue, Profile, SourceColumn
from transforms.catalogue.proposal import (
    Fate,
    NoProposal,
    Proposal,
    ProposedColumn,
    ValueShape,
    column_label,
)
from transforms.readers.evidence import (
    Format,
    HeaderText,
    formats_of,
    headers_of,
    ignored_column,
    placed_column,
    unclear_column,
    weigh,
)
from transforms.readers.header import HeaderBlock, head_rows, header_blocks
from transforms.readers.header_names import KnownNames, score_headers
from transforms.readers.model import RawSheet, Workbook
from transforms.readers.renamed import find_renamed
from transforms.readers.rows import IDENTIFYING
from transforms.readers.value_shape import is_data_like, measure_shapes
from transforms.schema.tables import RECORD_TABLES
from transforms.text_vi import fold

PLACED_FROM = 71.0
"""Score from which a column is placed; below it is left unclear rather than guessed."""
_FAMILIAR = 75.0
_FEWEST_HEADERS = 3
_FEWEST_COLUMNS = 3
_WITHOUT_KEY = 5
"""Columns that must be placed where the one that names the record is not among them."""
_EXTRA_ROW = 0.3
_SHEETS = 10
_LONGEST_HEADER = 120
_NEW = "mau_moi"


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: RawSheet
    block: HeaderBlock
    headers: tuple[HeaderText, ...]
    shapes: tuple[ValueShape, ...]
    titles: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A table read as one kind of record."""

    group: Format
    columns: tuple[ProposedColumn, ...]
    score: float

    @property
    def placed(self) -> Mapping[str, ProposedColumn]:
        return {c.best.column: c for c in self.columns if c.fate is Fate.PLACED and c.best}


def propose(workbook: Workbook, catalogue: Catalogue) -> Proposal | NoProposal:
    """How a file that no profile fits could be read: a known format with renamed headers, else a new format.

    NoProposal with its reasons where no header row is familiar, or where what is familiar makes no list
    of any kind.
    """
    return find_renamed(workbook, catalogue) or _propose_new(workbook, catalogue)


def _propose_new(workbook: Workbook, catalogue: Catalogue) -> Proposal | NoProposal:
    groups = formats_of(catalogue.profiles)
    table = _likely_table(workbook, groups, catalogue)
    if table is None:
        hidden = " ở các trang tính không ẩn" if any(sheet.is_hidden for sheet in workbook.sheets) else ""
        return NoProposal(
            (f"không hàng nào trong 40 hàng đầu{hidden} có từ {_FEWEST_HEADERS} tiêu đề quen thuộc trở lên",)
        )
    readings = sorted((_read_as(group, table) for group in groups), key=lambda r: -r.score)
    best = readings[0]
    keys = _keys(best.group)
    has_key = not keys or any(key in best.placed for key in keys)
    if len(best.placed) < _FEWEST_COLUMNS or (not has_key and len(best.placed) < _WITHOUT_KEY):
        return NoProposal(_why_not(best, has_key))
    return _build(table, readings, catalogue)


def _likely_table(workbook: Workbook, groups: Sequence[Format], catalogue: Catalogue) -> _Table | None:
    """The header block of a visible sheet with the most familiar headers; None where fewer than three are."""
    known = sorted({text for group in groups for text in KnownNames.of(group.kind, group.profiles).texts})
    best: tuple[float, RawSheet, HeaderBlock] | None = None
    for sheet in [sheet for sheet in workbook.sheets if not sheet.is_hidden and sheet.cells.num_rows][
        :_SHEETS
    ]:
        blocks = [(block, headers_of(block)) for block in header_blocks(sheet) if not _holds_data(block)]
        texts = sorted(
            {
                name
                for _, headers in blocks
                for h in headers
                for name in h.names
                if len(name) <= _LONGEST_HEADER
            }
        )
        scores = score_headers(texts, known)
        familiar = dict(zip(texts, scores.max(axis=1, initial=0.0).tolist(), strict=True))
        for block, headers in blocks:
            likeness = [max(familiar.get(name, 0.0) for name in header.names) for header in headers]
            strong = [value / 100 for value in likeness if value >= _FAMILIAR]
            quality = sum(strong) - _EXTRA_ROW * (len(block.rows) - 1)
            if len(strong) >= _FEWEST_HEADERS and (best is None or quality > best[0]):
                best = (quality, sheet, block)
    if best is None:
        return None
    _, sheet, block = best
    titles = fold(" ".join(text for row in head_rows(sheet, block.start) for text in row if text))
    shapes = measure_shapes(sheet.cells.slice(block.end), catalogue)
    return _Table(sheet, block, headers_of(block), shapes, titles)


def _holds_data(block: HeaderBlock) -> bool:
    return any(is_data_like(text) for row in block.rows for text in row if text)


def _read_as(group: Format, table: _Table) -> _Reading:
    """Every header placed, ignored or left unclear; each column is given to the header that fits it best."""
    weighed = weigh(table.headers, table.shapes, group)
    fates: dict[int, ProposedColumn] = {}
    for index, header in enumerate(table.headers):
        found = ignored_column(header, table.shapes[header.position], weighed[index])
        if found is not None:
            fates[index] = found
    offers = sorted(
        (-candidate.score, index, column)
        for index, columns in enumerate(weighed)
        for column, (_, candidate) in columns.items()
        if column and index not in fates and candidate.score >= PLACED_FROM
    )
    taken: set[str] = set()
    spoken_for: set[str] = set()
    for _, index, column in offers:
        text = fold(weighed[index][column][0])
        if index not in fates and column not in taken and text not in spoken_for:
            taken.add(column)
            spoken_for.add(text)
            fates[index] = placed_column(weighed[index], column, table.shapes[table.headers[index].position])
    columns = tuple(
        fates.get(index) or unclear_column(header, table.shapes[header.position], weighed[index])
        for index, header in enumerate(table.headers)
    )
    placed = sum(c.best.score / 100 for c in columns if c.fate is Fate.PLACED and c.best)
    lacking = sum(1 for name in group.usual if name not in taken)
    hinted = any(hint in table.titles for profile in group.profiles for hint in profile.title_hints)
    return _Reading(group, columns, placed - 0.5 * lacking + (0.5 if hinted else 0))


def _keys(group: Format) -> tuple[str, ...]:
    return tuple(IDENTIFYING.get(group.kind, ()))


def _why_not(best: _Reading, has_key: bool) -> tuple[str, ...]:
    label = _kind_label(best.group)
    reasons = [
        f"gần nhất là {label}, nhưng chỉ nhận ra {len(best.placed)} cột"
        + (f": {_headers(best.placed.values())}" if best.placed else "")
    ]
    if not has_key:
        names = ", ".join(f"“{column_label(best.group.kind, key)}”" for key in _keys(best.group))
        reasons.append(f"không thấy cột nào là {names}")
    return tuple(reasons)


def _build(table: _Table, readings: Sequence[_Reading], catalogue: Catalogue) -> Proposal:
    best = readings[0]
    kind = best.group.kind
    digest = hashlib.sha256("\n".join(sorted(fold(h.names[0]) for h in table.headers)).encode()).hexdigest()[
        :6
    ]
    fingerprint = best.group.required_somewhere | {*needed_columns(kind), *_keys(best.group)[:1]}
    columns = tuple(
        SourceColumn(column, (found.header,), column in fingerprint, best.group.parses[column])
        for column, found in best.placed.items()
    )
    claimed = {fold(found.header) for found in best.placed.values()}
    ignored = {fold(c.header): c.header for c in best.columns if c.fate is not Fate.PLACED}
    profile = Profile(
        profile_id=f"{_NEW}.{kind}_{digest}.v1",
        kind=kind,
        software="Chưa rõ, hãy ghi tên phần mềm",
        label=f"{RECORD_TABLES[kind].label}, mẫu mới {digest}",
        columns=columns,
        ignored=tuple(text for key, text in ignored.items() if key not in claimed),
        constants=best.group.profiles[0].constants,
    )
    return Proposal(
        profile=profile,
        columns=best.columns,
        sheet=table.sheet.name,
        header_row=int(table.sheet.row_numbers[table.block.start].as_py()),
        row_count=table.sheet.cells.num_rows - table.block.end,
        reasons=_reasons(readings),
        warnings=_warnings(best),
    )


def _reasons(readings: Sequence[_Reading]) -> tuple[str, ...]:
    best, *others = readings
    reasons = [
        f"Nhận ra {len(best.placed)} cột của {_kind_label(best.group)}: {_headers(best.placed.values())}."
    ]
    if rivals := [r for r in others if r.placed][:2]:
        told = "; ".join(f"{_kind_label(r.group)}: {len(r.placed)} cột" for r in rivals)
        reasons.append(f"So với loại khác: {told}.")
    return tuple(reasons)


def _warnings(best: _Reading) -> tuple[str, ...]:
    kind, placed = best.group.kind, best.placed
    needed = [
        n for n in needed_columns(kind) if n not in placed and n not in best.group.profiles[0].constants
    ]
    warnings = []
    if needed:
        warnings.append(
            f"Chưa tìm thấy cột bắt buộc {_named(kind, needed)}; phải chỉ ra cột này thì mới chấp nhận được."
        )
    if usual := [name for name in best.group.usual if name not in placed and name not in needed]:
        warnings.append(
            f"Không tìm thấy cột thường có {_named(kind, usual)}; số liệu dựa vào cột đó sẽ thiếu."
        )
    status = placed.get("status_label")
    if status and status.shape.share("status") < 0.8:
        warnings.append(
            "Nhiều trạng thái chưa có trong danh mục; sau khi chấp nhận, hãy xem bằng “motcua catalogue unknown”."
        )
    return tuple(warnings)


def _named(kind: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{name} ({column_label(kind, name)})" for name in columns)


def _headers(columns: Iterable[ProposedColumn]) -> str:
    return ", ".join(f"“{column.header}”" for column in columns)


def _kind_label(group: Format) -> str:
    label = f"loại “{RECORD_TABLES[group.kind].label}”"
    constants = ", ".join(f"{name} = {value}" for name, value in group.profiles[0].constants.items())
    return f"{label} ({constants})" if constants else label
