"""A small dossier list as a unit exports it, and a clerk who mends the workbook that came back."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from pipelines.session import Session
from tests.support.pipe_table import read_rows
from transforms.returned.model import (
    AUTHOR_HEADER,
    EXPLANATION_HEADER,
    HEADER_ROW,
    MARKER_SHEET,
    MEND_HEADERS,
    MEND_SHEET,
)

UNIT = "16207"
"""xã Thanh Quân, whose software writes CSV."""
_SETTLED = 1_628_000_000
"""A file that was last written long ago needs no waiting."""
CODE = "000.10.42.H56-2108"
HEADERS = {
    "Mã hồ sơ": "", "Mã thủ tục": "1.001193", "Tên thủ tục": "Thủ tục đăng ký khai sinh", "Lĩnh vực": "Hộ tịch",
    "Hình thức nộp": "Trực tiếp", "Trạng thái": "Đã trả kết quả", "Ngày nộp": "02/08/2021",
    "Ngày tiếp nhận": "02/08/2021", "Ngày hẹn trả": "03/08/2021", "Ngày kết thúc xử lý": "03/08/2021",
    "Ngày trả kết quả": "03/08/2021", "Số bộ": "1",
}  # fmt: skip
"""Columns of the list with what stands in a row that does not say otherwise."""


def dossier_list(text: str) -> bytes:
    """A pipe table of the columns that matter as a whole list; "-" leaves a cell empty, codes are shortened."""
    lines = [";".join(HEADERS)]
    for row in read_rows(text):
        cells = {**HEADERS, **{name: cell for name, cell in row.items() if cell}}
        code = cells["Mã hồ sơ"]
        cells["Mã hồ sơ"] = f"{CODE}{code}" if code and code != "-" else code
        lines.append(";".join("" if cell == "-" else cell for cell in cells.values()))
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def send(session: Session, name: str, content: bytes, unit: str = UNIT) -> Path:
    """Put a file into the inbox folder of a unit."""
    target = session.workspace.inbox / unit / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    os.utime(target, (_SETTLED, _SETTLED))
    return target


class Clerk:
    """Opens the one workbook that lies in the outbox of the unit, mends cells and explains."""

    def __init__(self, session: Session) -> None:
        (path,) = sorted((session.workspace.outbox / UNIT).glob("*.xlsx"))
        self.name = path.name
        self.book = openpyxl.load_workbook(path)
        self.list = self.book[MEND_SHEET]
        (self.data,) = [
            self.book[name] for name in self.book.sheetnames if name not in (MEND_SHEET, MARKER_SHEET)
        ]

    @property
    def told(self) -> list[tuple[str, str, int | None]]:
        """Rule, record and row of every line of the list."""
        at = [MEND_HEADERS.index(name) for name in ("Mã quy tắc", "Hồ sơ", "Dòng")]
        rows = self.list.iter_rows(min_row=HEADER_ROW + 1, values_only=True)
        return [(row[at[0]], row[at[1]] or "", row[at[2]]) for row in rows]

    def mend(self, row: int, changes: Mapping[str, str]) -> None:
        """Write texts into the sender's own sheet by header."""
        headers = {cell.value: cell.column for cell in self.data[1]}
        for name, text in changes.items():
            self.data.cell(row, headers[name]).value = text

    def explain(self, code: str, text: str, author: str = "") -> None:
        """Write beside every line of that rule."""
        for row in range(HEADER_ROW + 1, self.list.max_row + 1):
            if self.list.cell(row, MEND_HEADERS.index("Mã quy tắc") + 1).value == code:
                self.list.cell(row, MEND_HEADERS.index(EXPLANATION_HEADER) + 1).value = text
                self.list.cell(row, MEND_HEADERS.index(AUTHOR_HEADER) + 1).value = author or None

    def content(self) -> bytes:
        """The workbook as saved."""
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()
