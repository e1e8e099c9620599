"""What lies in a zip archive, by name and by what really comes out."""

from __future__ import annotations

import io
import zipfile

import pytest

from sample_exports.generator.legacy_text import encode_legacy
from tests.support.container_files import ods_file, xlsb_file, zip_entry_file, zip_file
from tests.support.export_files import csv_file, xlsx_file
from transforms.readers.archive import is_archive, list_members, unpack_member
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook

ROWS = (("Mã hồ sơ", "Ngày nhận"), ("A-1", "05/09/2021"))
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1


def _names(content: bytes, limits: Limits | None = None) -> list[tuple[str, str]]:
    members = list_members(io.BytesIO(content), limits or Limits())
    return [(member.name, member.refusal) for member in members]


def _unpacked(content: bytes, limits: Limits | None = None) -> list[bytes | str]:
    outcomes: list[bytes | str] = []
    for member in list_members(io.BytesIO(content), limits or Limits()):
        target = io.BytesIO()
        try:
            unpack_member(io.BytesIO(content), member, target, limits or Limits())
            outcomes.append(target.getvalue())
        except UnreadableFileError as refusal:
            outcomes.append(refusal.code)
    return outcomes


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zip_file({"a.csv": "x"}), True),
        (zip_file({}), True),
        (zip_file({"word/document.xml": "<w/>"}), False),
        (xlsx_file({"A": ROWS}), False),
        (xlsb_file(ROWS), False),
        (ods_file(ROWS), False),
        (csv_file(ROWS), False),
        (b"PK\x03\x04 cut short", False),
        (b"", False),
    ],
)
def test_only_a_zip_that_is_no_document_is_an_archive(content: bytes, expected: bool) -> None:
    assert is_archive(io.BytesIO(content)) is expected


def test_folders_and_system_files_are_left_out_and_names_sorted() -> None:
    content = zip_file(
        {
            "b/": "",
            "b/2.xls": "x",
            "a/1.xls": "x",
            "__MACOSX/a/._1.xls": "x",
            "a/Thumbs.db": "x",
            "._2.xls": "x",
        }
    )
    assert _names(content) == [("a/1.xls", ""), ("b/2.xls", "")]


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("Danh sách hồ sơ.xls".encode(), _UTF8_NAMES, "Danh sách hồ sơ.xls"),
        ("Danh sách hồ sơ.xls".encode(), 0, "Danh sách hồ sơ.xls"),
        (encode_legacy("Danh sách hồ sơ.xls", "cp1258"), 0, "Danh sách hồ sơ.xls"),
        ("Café ½.xls".encode("cp437"), 0, "Café ½.xls"),
        (b"a\\b\\c.xls", 0, "a/b/c.xls"),
        (b"a\x00.exe.xls", 0, "a"),
        (b"a\nb\x1b[31m.xls", 0, "a b [31m.xls"),
        (b"x" * 400 + b".xls", 0, "x" * 176 + ".xls"),
    ],
)
def test_names_are_read_in_every_character_set_and_shown_without_controls(
    raw: bytes, flags: int, name: str
) -> None:
    assert _names(zip_entry_file([(raw, b"x")], flags)) == [(name, "")]


@pytest.mark.parametrize(
    "path",
    [
        "../../x.xls",
        "a/../../x.xls",
        "/etc/x.xls",
        "C:\\x.xls",
        "c:x.xls",
        "\\\\may\\chia\\x.xls",
        "..\\x.xls",
    ],
)
def test_path_that_leads_out_of_the_archive_refuses_that_member_only(path: str) -> None:
    content = zip_entry_file([(path.encode(), b"bad"), (b"good.csv", b"good")])
    assert sorted(map(str, _unpacked(content))) == ["b'good'", "file.archive.path"]
    shown = {name for name, refusal in _names(content) if refusal}
    assert not any(".." in name or name.startswith("/") for name in shown)


def test_two_members_of_one_name_are_told_apart() -> None:
    assert _unpacked(zip_entry_file([(b"a.csv", b"first"), (b"a.csv", b"second")])) == [b"first", b"second"]


def test_archive_with_more_files_than_the_limit_is_refused() -> None:
    content = zip_file({f"{number}.csv": "x" for number in range(6)})
    assert len(_names(content, Limits(archive_members=6))) == 6
    with pytest.raises(UnreadableFileError) as refusal:
        _names(content, Limits(archive_members=5))
    assert (refusal.value.code, dict(refusal.value.params)) == ("file.archive.members", {"most": 5})


def test_archive_that_declares_more_than_the_limit_is_refused_before_unpacking() -> None:
    bomb = zip_file({f"{number}.csv": bytes(1_000_000) for number in range(5)})
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFileError) as refusal:
        _names(bomb, Limits(unpacked_bytes=4_000_000))
    assert refusal.value.code == "file.too_large"


def test_member_larger_than_a_file_may_be_is_refused_alone() -> None:
    content = zip_file({"a.csv": bytes(100_000), "b.csv": b"good"})
    assert _unpacked(content, Limits(file_bytes=99_999)) == ["file.too_large", b"good"]


def test_member_that_lies_about_its_size_is_refused_after_what_it_declared() -> None:
    content = bytearray(zip_file({"a.csv": bytes(3_000_000)}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    member = list_members(io.BytesIO(bytes(content)), Limits())[0]
    target = io.BytesIO()
    with pytest.raises(UnreadableFileError) as refusal:
        unpack_member(io.BytesIO(bytes(content)), member, target, Limits())
    assert refusal.value.code == "file.broken"
    assert len(target.getvalue()) <= 1000


def test_archive_with_a_password_is_refused_as_a_whole_and_one_locked_member_alone() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        _names(zip_entry_file([(b"a.csv", b"x"), (b"b.csv", b"y")], _ENCRYPTED))
    assert refusal.value.code == "file.archive.encrypted"
    content = bytearray(zip_file({"a.csv": "x", "b.csv": "y"}))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[second + 8] |= _ENCRYPTED
    assert _unpacked(bytes(content)) == [b"x", "file.archive.encrypted"]


def test_packing_that_office_programs_do_not_use_is_refused() -> None:
    assert _unpacked(zip_file({"a.csv": "x" * 100}, zipfile.ZIP_LZMA)) == ["file.broken"]


def test_archive_handed_to_the_reader_of_workbooks_is_refused_as_nested() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read_workbook(io.BytesIO(zip_file({"a.csv": "x"})), "trong.zip")
    assert refusal.value.code == "file.archive.nested"
