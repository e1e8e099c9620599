"""The eight dossiers that every sample of a defect holds, and what a sample says must come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sample_exports.generator.dossier_lists import SYNTHETIC, TANDAN_HEADERS
from sample_exports.generator.units import BINH_LUONG, unit_of
from sample_exports.generator.written import Row, RowKind, WrittenTable

UNIT = unit_of(BINH_LUONG)
EXPORT_NAME = "Danh sach ho so 05-09-2021 16-30"
Record = tuple[str, str, str, str, int | None]
"""Dossier code, day of reception, promised day, day of the end (ISO, empty for none), status (None: not told)."""

_BIRTH = "Thủ tục đăng ký khai sinh"
_COPY = "Thủ tục chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan tổ chức có thẩm quyền của Việt Nam cấp hoặc chứng nhận"
_STATUS = {None: "", 4: "Đang xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả"}
RECORDS: tuple[Record, ...] = (
    ("000.09.42.H56-210802-0001", "2021-08-02", "2021-08-03", "2021-08-02", 10),
    ("000.09.42.H56-210802-0002", "2021-08-02", "2021-08-04", "2021-08-04", 10),
    ("000.09.42.H56-210805-0001", "2021-08-05", "2021-08-06", "2021-08-10", 9),
    ("000.09.42.H56-210813-0001", "2021-08-13", "2021-08-16", "2021-08-16", 10),
    ("000.09.42.H56-210820-0001", "2021-08-20", "2021-08-23", "2021-08-20", 9),
    ("000.09.42.H56-210825-0001", "2021-08-25", "2021-08-30", "", 4),
    ("000.09.42.H56-210831-0001", "2021-08-31", "2021-09-10", "", 4),
    ("000.09.42.H56-210901-0001", "2021-09-01", "2021-09-06", "", 4),
)


@dataclass(frozen=True, slots=True)
class DefectFile:
    """One file of a defect's inbox. Counts left out (-1) are not held; ``state`` unread: no delivery at all."""

    name: str
    content: bytes
    unit_code: str = UNIT.code
    state: str = "accepted"
    refusal_code: str = ""
    data_rows: int = -1
    quarantined: int = 0
    delivered_as: tuple[str, ...] = ()
    """Names of the deliveries that come out of the file, where they are not its own name."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A small inbox and what a night over it must give.

    ``records``: the dossiers that must count afterwards, with exactly these dates and statuses.
    ``findings``: codes that must be open, beside whatever else is.
    """

    slug: str
    what: str
    files: tuple[DefectFile, ...]
    records: tuple[Record, ...] = RECORDS
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the reference list is written: days, moments, header texts, statuses."""

    day: str = "{d:02d}/{m:02d}/{y}"
    clock: bool = True
    headers: tuple[str, ...] = TANDAN_HEADERS
    replaced: Mapping[tuple[str, int], object] = field(default_factory=dict)
    """(dossier code, column number from 0) → what stands there instead."""


def day_text(iso: str, pattern: str) -> str:
    """A day in the pattern's spelling; empty for none."""
    if not iso:
        return ""
    year, month, day = (int(part) for part in iso.split("-"))
    return pattern.format(d=day, m=month, y=year, yy=year % 100)


def list_cells(
    spelling: Spelling = Spelling(), records: tuple[Record, ...] = RECORDS
) -> list[tuple[object, ...]]:
    """The body of the list, one tuple a dossier, in the order of the headers."""
    lines: list[tuple[object, ...]] = []
    for number, (code, received, due, ended, status) in enumerate(records, start=1):
        moments = [day_text(iso, spelling.day) for iso in (received, received, due, ended)]
        if spelling.clock:
            moments = [f"{text} {hour}" if text else "" for text, hour in zip(moments, ("08:00:00", "08:05:00", "17:00:00", "15:30:00"), strict=True)]  # fmt: skip
        cells: list[object] = [
            str(number),
            f"UBND {UNIT.full_name}",
            _BIRTH if number % 2 else _COPY,
            code,
            _STATUS[status],
            f"Thôn Mẫu {number}",
            f"Người Mẫu {number:04d}",
            f"Người Mẫu {number:04d}",
            *moments,
        ]
        for (changed, column), value in spelling.replaced.items():
            if changed == code:
                cells[column] = value
        lines.append(tuple(cells))
    return lines


def title_rows() -> list[Row]:
    """Agency, title and span of days, as the one-stop software prints them."""
    lines = (
        f"ỦY BAN NHÂN DÂN {UNIT.full_name.upper()} ({SYNTHETIC})",
        "DANH SÁCH HỒ SƠ",
        "Từ ngày 01/08/2021 đến ngày 05/09/2021",
    )
    return [Row(RowKind.TITLE, (line,), span=True) for line in lines]


def list_table(
    spelling: Spelling = Spelling(),
    records: tuple[Record, ...] = RECORDS,
    sheet: str = "Sheet1",
) -> WrittenTable:
    """The reference list as a table: titles, header, data."""
    rows = [*title_rows(), Row(RowKind.HEADER, spelling.headers)]
    rows += [Row(RowKind.DATA, cells) for cells in list_cells(spelling, records)]
    return WrittenTable(rows, len(spelling.headers), sheet)


def changed(records: tuple[Record, ...], code: str, **values: object) -> tuple[Record, ...]:
    """The records with one of them changed: ``received``, ``due``, ``ended`` or ``status``."""
    names = ("code", "received", "due", "ended", "status")
    return tuple(
        tuple({**dict(zip(names, record, strict=True)), **values}.values()) if record[0] == code else record  # type: ignore[misc]
        for record in records
    )


def without(records: tuple[Record, ...], *codes: str) -> tuple[Record, ...]:
    """The records but those."""
    return tuple(record for record in records if record[0] not in codes)
