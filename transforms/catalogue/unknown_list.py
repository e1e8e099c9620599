"""The list of unknown values as a spreadsheet that a clerk mends and hands back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from transforms.catalogue.aliases import (
    ALIAS_KINDS,
    Alias,
    alias_key,
    parse_aliases,
    procedure_target,
    write_aliases,
)
from transforms.catalogue.model import Catalogue
from transforms.catalogue.names import build_name_index
from transforms.catalogue.problems import Problems
from transforms.catalogue.procedure_code import procedure_key
from transforms.catalogue.rows import Row, decode_csv, read_records
from transforms.text_cells import shield, unshield
from transforms.text_vi import fold, tidy

KIND, TEXT, COUNT, TARGET = "Loại", "Giá trị trong tệp", "Số hồ sơ", "Xếp vào"
SUGGESTIONS = ("Gợi ý 1", "Gợi ý 2", "Gợi ý 3")
REASON = "Lý do"
"""Optional column: why the value was placed there."""
HEADER = (KIND, TEXT, COUNT, *SUGGESTIONS, TARGET)
KIND_NAMES = {"procedure": "Thủ tục", "status": "Trạng thái", "field": "Lĩnh vực", "unit": "Đơn vị"}
DEFAULT_REASON = "Xếp theo danh sách giá trị chưa biết đã rà soát"
MENDED_NAME = "Danh sách giá trị chưa biết"
"""What sentences call the list when its file name is not given."""
# A bare code would be read as a number and lose its last zeros.
_CODE_LABEL = "Mã thủ tục "
_BRACKETED = re.compile(r"\[([^\[\]]+)\]$")


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """A text that the catalogue cannot place.

    ``kind``: procedure, status, field, unit. ``count``: dossiers that hold it. ``candidates``: at most
    three of (target, name, score 0-100), nearest first; the target is what the overlay would hold.
    """

    kind: str
    text: str
    count: int
    candidates: tuple[tuple[str, str, float], ...] = ()


def write_unknown_list(items: Iterable[UnknownItem]) -> bytes:
    """CSV that Excel opens: UTF-8 with mark, Vietnamese headers, the last column empty to be filled in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for item in items:
        named = [f"{name} [{target}]" for target, name, _ in item.candidates[: len(SUGGESTIONS)]]
        named += [""] * (len(SUGGESTIONS) - len(named))
        shown = f"{_CODE_LABEL}{item.text}" if _is_bare_code(item) else item.text
        cells = (KIND_NAMES[item.kind], shown, str(item.count), *named, "")
        writer.writerow([shield(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _is_bare_code(item: UnknownItem) -> bool:
    return item.kind == "procedure" and "." in procedure_key(item.text)


def read_mended_list(
    content: bytes,
    catalogue: Catalogue,
    decided_on: date,
    decided_by: str,
    existing: bytes = b"",
    file: str = MENDED_NAME,
) -> bytes:
    """The overlay's ``aliases.csv``: ``existing`` with what column "Xếp vào" of the mended list decides.

    "Xếp vào" takes, for a procedure, its code, its name, a field id or a field's name; for the other
    kinds the code or name of the thing; a suggestion may be copied as it stands. An empty cell leaves the
    value alone. A value decided before gets the new decision. Raises CatalogueError with one sentence per
    line that cannot be followed; then nothing is decided.
    """
    problems = Problems()
    earlier = [entry.value for entry in parse_aliases(existing, "aliases.csv", problems)] if existing else []
    decided: dict[tuple[str, str], Alias] = {}
    for row in _mended_rows(content, file, problems):
        if not row.text(TARGET):
            continue
        alias = _decision(row, catalogue, decided_on, decided_by, problems)
        if alias is None:
            continue
        before = decided.setdefault((alias.kind, alias.key), alias)
        if before.target != alias.target:
            problems.add(row.where, f"“{alias.text}” được xếp vào hai nơi khác nhau.")
    problems.raise_if_any()
    kept = [alias for alias in earlier if (alias.kind, alias.key) not in decided]
    return write_aliases([*kept, *decided.values()])


def _mended_rows(content: bytes, file: str, problems: Problems) -> list[Row]:
    """Rows of the list by header name, found whatever the order of the columns."""
    try:
        records = read_records(decode_csv(content, file, problems))
    except csv.Error:
        problems.add(file, "tệp không phải dạng CSV hợp lệ.")
        return []
    known = {fold(name): name for name in (*HEADER, REASON)}
    header_line, raw_header = records[0] if records else (1, [])
    header = [known.get(fold(name), name) for name in raw_header]
    for name in (KIND, TEXT, TARGET):
        if name not in header:
            problems.add(f"{file} dòng {header_line}", f"thiếu cột “{name}”.")
    return [
        Row(f"{file} dòng {line}", dict(zip(header, map(_own_text, cells), strict=False)), problems)
        for line, cells in records[1:]
    ]


def _own_text(cell: str) -> str:
    return tidy(unshield(cell))


def _decision(
    row: Row, catalogue: Catalogue, decided_on: date, decided_by: str, problems: Problems
) -> Alias | None:
    kinds = {fold(name): kind for kind, name in KIND_NAMES.items()} | {kind: kind for kind in ALIAS_KINDS}
    kind = kinds.get(fold(row.text(KIND)))
    if kind is None:
        problems.add(row.where, f"cột “{KIND}” chỉ nhận {', '.join(KIND_NAMES.values())}.")
        return None
    text = row.text(TEXT).removeprefix(_CODE_LABEL)
    if not alias_key(kind, text):
        problems.add(row.where, f"cột “{TEXT}” không có chữ nào để so sánh.")
        return None
    target = find_target(kind, row.text(TARGET), catalogue)
    if target is None:
        wanted = {
            "procedure": "một mã thủ tục, tên thủ tục, mã lĩnh vực hoặc tên lĩnh vực",
            "status": "một mã từ 1 đến 10 hoặc tên trạng thái",
            "field": "một mã hoặc tên lĩnh vực",
            "unit": "một mã hoặc tên đơn vị",
        }[kind]
        problems.add(
            row.where,
            f"cột “{TARGET}” ghi “{row.text(TARGET)}” không có trong danh mục; hãy ghi {wanted}, hoặc để trống.",
        )
        return None
    return Alias(kind, text, target, row.text(REASON) or DEFAULT_REASON, decided_on, decided_by)


def find_target(kind: str, text: str, catalogue: Catalogue) -> str | None:
    """What the overlay would hold for a cell of "Xếp vào"; None when the catalogue has no such thing."""
    bracketed = _BRACKETED.search(tidy(text))
    for cell in (text, *([bracketed.group(1), text[: text.rindex("[")]] if bracketed else [])):
        if (found := _find_exact(kind, cell, catalogue)) is not None:
            return found
    return None


def _find_exact(kind: str, cell: str, catalogue: Catalogue) -> str | None:
    index = build_name_index(catalogue)
    if kind == "field":
        return index.field(cell)
    if kind == "procedure":
        code = procedure_target(cell, index.field_by_code)
        return code or index.code_by_name.get(procedure_key(cell)) or index.field(cell)
    named = (
        [(str(found.code), found.name, found.aliases) for found in catalogue.statuses]
        if kind == "status"
        else [(found.code, found.full_name, (found.name, *found.aliases)) for found in catalogue.units]
    )
    targets = {
        target
        for target, name, aliases in named
        if cell.strip() == target or fold(cell) in map(fold, (name, *aliases))
    }
    # A name that two units share decides nothing.
    return targets.pop() if len(targets) == 1 else None
