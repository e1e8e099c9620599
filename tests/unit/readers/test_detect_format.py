"""A file is taken for what it holds, never for what it is called."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from contextlib import suppress

import pytest

from sample_exports.generator.legacy_text import encode_legacy
from sample_exports.generator.old_containers import compound_file
from tests.support.container_files import mhtml_file, ods_document, ods_file, xlsb_file, xml2003_file
from tests.support.export_files import csv_file, html_file, xls_file, xlsx_file
from transforms.catalogue.profiles import CONTAINERS
from transforms.readers.detect import Detected, detect
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook

ROWS = (("Mã hồ sơ", "Ngày nhận", "Lĩnh vực"), ("A-1", "05/09/2021", "Hộ tịch"))


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _far_cell() -> bytes:
    sheet = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData></worksheet>'
    return _zip({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (xlsx_file({"Sheet1": ROWS}), Detected("xlsx")),
        (xls_file(ROWS), Detected("xls")),
        (xlsb_file(ROWS), Detected("xlsb")),
        (ods_file(ROWS), Detected("ods")),
        (xml2003_file(ROWS), Detected("xml2003", "utf-8")),
        (xml2003_file(ROWS).decode().encode("utf-16"), Detected("xml2003", "utf-16")),
        (
            xml2003_file(ROWS).replace(b"<Work", b"<ss:Work").replace(b"</Work", b"</ss:Work"),
            Detected("xml2003", "utf-8"),
        ),
        (mhtml_file(ROWS), Detected("mhtml")),
        (b"From: <Saved by Windows>\r\n" + mhtml_file(ROWS), Detected("mhtml")),
        (_zip({"a.txt": b"x"}), Detected("zip")),
        (html_file(ROWS), Detected("html", "utf-8")),
        (b"\xef\xbb\xbf\r\n  " + html_file(ROWS), Detected("html", "utf-8-sig")),
        (b'<?xml version="1.0"?>\n<!-- x -->\n' + html_file(ROWS), Detected("html", "utf-8")),
        (b'<meta http-equiv="Content-Type">' + html_file(ROWS), Detected("html", "utf-8")),
        (b"<!DOCTYPE html><HTML><body>" + html_file(ROWS) + b"</body></HTML>", Detected("html", "utf-8")),
        (csv_file(ROWS), Detected("csv", "utf-8")),
        (csv_file(ROWS, encoding="utf-8-sig"), Detected("csv", "utf-8-sig")),
        (csv_file(ROWS, "\t", "utf-16"), Detected("csv", "utf-16")),
        (csv_file(ROWS, ";", "cp1258"), Detected("csv", "latin-1")),
    ],
)
def test_readable_content_is_named_by_container_and_encoding(content: bytes, expected: Detected) -> None:
    assert detect(io.BytesIO(content)) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\xef\xbb\xbf \r\n", "file.empty"),
        (xlsx_file({"Sheet1": ROWS})[:-300], "file.broken"),
        (xls_file(ROWS)[:900], "file.broken"),
        (b"PK\x03\x04" + bytes(50), "file.broken"),
        (html_file(ROWS)[:-20], "file.broken"),
        (xml2003_file(ROWS)[:-5], "file.broken"),
        (ods_document("", manifest="<manifest:encryption-data/>"), "file.encrypted"),
        (compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "file.encrypted"),
        (xls_file(ROWS, locked=True), "file.encrypted"),
        (bytes(range(1, 255)) * 4, "file.encoding.unknown"),
        (_far_cell(), "file.too_large"),
    ],
)
def test_unreadable_content_is_refused_with_its_code(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(content))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"%PDF-1.7 ...", "tệp PDF"),
        (b"\x89PNG\r\n\x1a\n", "ảnh PNG"),
        (b"\xff\xd8\xff\xe0", "ảnh JPEG"),
        (_zip({"word/document.xml": b"<w/>"}), "tài liệu Word"),
        (compound_file({"WordDocument": b"x"}), "tài liệu Word 97-2003"),
        (b'<?xml version="1.0"?><data/>', "tệp XML"),
        (b'{"code": 1}', "tệp JSON"),
        (b"abc\x00\x01\x02", "tệp nhị phân"),
    ],
)
def test_other_content_is_refused_and_named(content: bytes, seems: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(content))
    assert (refusal.value.code, dict(refusal.value.params)) == ("file.unknown_format", {"seems": seems})


def test_zip_that_asks_for_a_password_is_refused_as_encrypted() -> None:
    content = bytearray(xlsx_file({"Sheet1": ROWS}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(bytes(content)))
    assert refusal.value.code == "file.encrypted"


def test_workbook_that_unpacks_beyond_the_limit_is_refused() -> None:
    bomb = _zip({"xl/workbook.xml": bytes(3_000_000)})
    assert len(bomb) < 10_000
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(bomb), Limits(unpacked_bytes=2_000_000))
    assert refusal.value.code == "file.too_large"


def test_member_that_lies_about_its_size_is_refused_as_broken() -> None:
    content = bytearray(_zip({"xl/workbook.xml": bytes(3_000_000)}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(bytes(content)))
    assert refusal.value.code == "file.broken"


def test_file_above_the_size_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(csv_file(ROWS)), Limits(file_bytes=10))
    assert refusal.value.code == "file.too_large"


def test_lock_file_of_an_open_workbook_is_refused_by_its_name() -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read_workbook(io.BytesIO(b"\x05Clerk"), "~$Danh sach.xlsx")
    assert refusal.value.code == "file.temporary"


def test_windows_1258_text_comes_out_in_composed_letters() -> None:
    content = encode_legacy("Mã hồ sơ;Lĩnh vực;Ngày nhận\r\n1;Hộ tịch;05/09/2021\r\n", "cp1258")
    sheet = read_workbook(io.BytesIO(content), "x.csv").sheets[0]
    assert sheet.cells.to_pydict() == {
        "c0": ["Mã hồ sơ", "1"],
        "c1": ["Lĩnh vực", "Hộ tịch"],
        "c2": ["Ngày nhận", "05/09/2021"],
    }


def _xls_record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (_xls_record(0x0203, struct.pack("<HHHd", 65535, 65535, 0, 1.0)), "file.broken"),
        (_xls_record(0x0200, struct.pack("<IIHHH", 0, 65536, 0, 65535, 0)), "file.too_large"),
        (_xls_record(0x0200, struct.pack("<IIHHH", 9, 1, 0, 5, 0)), "file.too_large"),
    ],
    ids=["cell beyond the last column", "claimed area too large", "area that ends before it starts"],
)
def test_damaged_excel_97_record_is_refused_before_the_reader_reserves_memory_for_it(
    record: bytes, code: str
) -> None:
    start = _xls_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    with pytest.raises(UnreadableFileError) as refusal:
        detect(io.BytesIO(compound_file({"Workbook": start + record})))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "whole", [xlsx_file({"Sheet1": ROWS}), xls_file(ROWS), html_file(ROWS), csv_file(ROWS)]
)
def test_damaged_file_is_read_or_refused_and_never_raises_anything_else(whole: bytes) -> None:
    dice = random.Random(2021)
    for _ in range(100):
        damaged = bytearray(whole)
        for _ in range(dice.choice((1, 3, 20))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        if dice.random() < 0.2:
            del damaged[dice.randrange(len(damaged)) :]
        with suppress(UnreadableFileError):
            assert read_workbook(io.BytesIO(bytes(damaged)), "x").container in CONTAINERS
