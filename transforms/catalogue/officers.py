"""``officers.csv`` of a workspace: officers' names to codes, so that names need not be kept (DESIGN.md section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.labelled import read_labelled
from transforms.catalogue.problems import Problems
from transforms.text_vi import place_tones, tidy

OFFICERS_FILE = "officers.csv"
HEADERS: Mapping[str, tuple[str, ...]] = {
    "unit_code": ("Mã đơn vị", "unit_code"),
    "officer_name": ("Họ tên cán bộ", "Cán bộ", "officer_name"),
    "officer_code": ("Mã cán bộ", "officer_code"),
}
OFFICERS_TEMPLATE = """Mã đơn vị,Họ tên cán bộ,Mã cán bộ
# Mỗi dòng là một cán bộ như phần mềm một cửa ghi tên. Chỉ mã cán bộ được lưu lại và in ra; họ tên bị bỏ ngay sau khi tra.
# Cùng một cán bộ được phần mềm ghi theo nhiều cách thì ghi nhiều dòng với cùng một mã. Bỏ dấu # ở đầu dòng để dùng.
# "16204,Người Mẫu 0001,CB01"
"""


@dataclass(frozen=True, slots=True)
class Officer:
    """One spelling of an officer's name in one unit. The name never leaves the process that read it."""

    unit_code: str
    key: str = field(repr=False)
    """The name for comparison, see ``name_key``."""
    officer_code: str


def name_key(name: str) -> str:
    """A name for comparison: case, spaces and where a tone mark stands do not matter; tones and letters do."""
    return place_tones(tidy(name)).casefold()


def parse_officers(content: bytes, file: str, units: Set[str], problems: Problems) -> tuple[Officer, ...]:
    """The officers of the file, in order.

    Problems, none of which repeats a name: an empty cell, an unknown unit, a code with other signs than
    letters, digits, "-", "." and "_" (a code must not be a name), one name with two codes in one unit.
    """
    found: dict[tuple[str, str], Officer] = {}
    for row in read_labelled(content, file, HEADERS, HEADERS, problems):
        unit, name, code = (row.required(column) for column in HEADERS)
        if unit and unit not in units:
            problems.add(row.where, f"không có đơn vị mang mã {unit} trong danh mục.")
            continue
        if code and not (
            code.isascii() and code.replace("-", "").replace(".", "").replace("_", "").isalnum()
        ):
            problems.add(
                row.where,
                "mã cán bộ chỉ gồm chữ không dấu, chữ số và các dấu - . _; không ghi họ tên vào cột này.",
            )
            continue
        if not (unit and name and code):
            continue
        officer = Officer(unit, name_key(name), code)
        first = found.setdefault((unit, officer.key), officer)
        if first.officer_code != code:
            problems.add(row.where, f"họ tên này đã có mã khác ({first.officer_code}) trong cùng đơn vị.")
    return tuple(found.values())


def officer_codes(
    names: pa.Array | pa.ChunkedArray, unit_code: str, officers: Iterable[Officer]
) -> pa.Array | pa.ChunkedArray:
    """The code of each name of that unit, text of the same length; null where the file does not know the name.

    The names themselves are dropped by whoever calls this, whether or not a code was found.
    """
    codes = {officer.key: officer.officer_code for officer in officers if officer.unit_code == unit_code}
    unique = pc.unique(names)
    known = pa.array(
        [codes.get(name_key(name)) if name else None for name in unique.to_pylist()], pa.string()
    )
    return known.take(pc.index_in(names, value_set=unique))
