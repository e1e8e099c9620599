"""Vietnamese text as programs of before Unicode wrote it, and as other programs then read it."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Sequence

import pyarrow as pa

from sample_exports.generator.legacy_text import encode_legacy
from transforms.readers.legacy.charsets import Charset
from transforms.readers.model import RawSheet

NAMES = {
    Charset.TCVN3: "tcvn3",
    Charset.VNI: "vni",
    Charset.VISCII: "viscii",
    Charset.WINDOWS_1258: "cp1258",
}
"""Set of the product → name of the encoder that the samples use; its tables are its own."""
ICONV_NAMES = {Charset.TCVN3: "TCVN", Charset.VISCII: "VISCII", Charset.WINDOWS_1258: "CP1258"}
"""What the C library calls the sets that it knows; it does not know VNI."""
LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"


def old_bytes(text: str, charset: Charset) -> bytes:
    """The text in an old set. TCVN3 has no capitals with a tone, small letters stand for them."""
    return encode_legacy(text, NAMES[charset])


def misread(text: str, charset: Charset) -> str:
    """The text in an old set as a cell holds it: its bytes taken for windows-1252, open bytes kept."""
    if charset is Charset.UTF8:
        return _as_windows_1252(unicodedata.normalize("NFC", text).encode())
    return _as_windows_1252(old_bytes(text, charset))


def _as_windows_1252(content: bytes) -> str:
    shown = (bytes((code,)).decode("cp1252", errors="replace") for code in content)
    return "".join(
        chr(code) if letter == "\ufffd" else letter for code, letter in zip(content, shown, strict=True)
    )


def sheet_of(rows: Sequence[Sequence[str | None]]) -> RawSheet:
    """A sheet of those rows, numbered from 1."""
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    table = pa.table(columns, names=[f"c{position}" for position in range(len(columns))])
    return RawSheet("", table, pa.array(range(1, len(rows) + 1), pa.int64()))


def rows_of(sheet: RawSheet) -> list[tuple[str | None, ...]]:
    """The cells of a sheet, row by row."""
    return list(zip(*(column.to_pylist() for column in sheet.cells.columns), strict=True))


def iconv_knows(charset: str) -> bool:
    """True when the C library of this machine has the set."""
    return (
        subprocess.run(["iconv", "-f", charset, "-t", "UTF-8"], input=b"a", capture_output=True).returncode
        == 0
    )


def iconv_decode(content: bytes, charset: str) -> str:
    """The text that the C library reads, in NFC."""
    done = subprocess.run(
        ["iconv", "-f", charset, "-t", "UTF-8"], input=content, capture_output=True, check=True
    )
    return unicodedata.normalize("NFC", done.stdout.decode())
