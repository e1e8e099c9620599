"""A copy that stopped half-way, at any place, in any container: read or refused with a sentence, nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

import expectations
from expectations.messages import parse_messages
from tests.support.container_files import (
    mhtml_file,
    ods_file,
    xlsb_file,
    xml2003_file,
    zip_file,
)
from tests.support.export_files import Rows, csv_file, html_file, xls_file, xlsx_file
from transforms.readers.archive import is_archive, list_members, unpack_member
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook

FOLDER = Path(next(iter(expectations.__path__))) / "messages"
MESSAGES = parse_messages({path.name: path.read_bytes() for path in FOLDER.glob("*.vi.yml")})
ROWS = (("Mã hồ sơ", "Ngày nhận", "Lĩnh vực"), *((f"A-{n}", "05/09/2021", "Hộ tịch") for n in range(60)))
CONTAINERS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": lambda rows: xlsx_file({"Sheet1": rows}),
    "xls": xls_file,
    "xlsb": xlsb_file,
    "ods": ods_file,
    "xml2003": xml2003_file,
    "html": html_file,
    "mhtml": mhtml_file,
    "csv": csv_file,
    "csv in UTF-16": lambda rows: csv_file(rows, "\t", "utf-16"),
}


def _refusal(content: bytes) -> str:
    try:
        read_workbook(io.BytesIO(content), "x")
    except UnreadableFileError as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("name", CONTAINERS)
def test_file_cut_at_every_sixteenth_is_read_or_refused_with_a_sentence(name: str) -> None:
    whole = CONTAINERS[name](ROWS)
    assert _refusal(whole) == ""
    codes = [_refusal(whole[: len(whole) * part // 16]) for part in range(16)]
    assert codes[0] == "file.empty"
    assert [code for code in codes if code and code not in MESSAGES] == []
    if not name.startswith("csv"):
        # Containers with an end of their own show that it is missing; text just ends.
        assert all(codes)


def test_archive_cut_at_every_sixteenth_is_refused_with_a_sentence() -> None:
    whole = zip_file({"a.csv": csv_file(ROWS), "b.xlsx": xlsx_file({"Sheet1": ROWS})})
    for part in range(1, 16):
        file = io.BytesIO(whole[: len(whole) * part // 16])
        assert not is_archive(file)
        assert _refusal(file.getvalue()) in MESSAGES


def test_archive_with_damaged_bytes_costs_the_damaged_member_only() -> None:
    whole = bytearray(zip_file({"a.csv": csv_file(ROWS), "b.csv": csv_file(ROWS[:9])}))
    whole[60] ^= 0xFF
    file = io.BytesIO(bytes(whole))
    outcomes = []
    for member in list_members(file, Limits()):
        try:
            outcomes.append((member.name, unpack_member(file, member, io.BytesIO(), Limits()) > 0))
        except UnreadableFileError as refusal:
            outcomes.append((member.name, refusal.code))
    assert outcomes == [("a.csv", "file.broken"), ("b.csv", True)]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xff\xfe"])
def test_file_without_any_content_is_refused_as_empty(content: bytes) -> None:
    assert _refusal(content) == "file.empty"
