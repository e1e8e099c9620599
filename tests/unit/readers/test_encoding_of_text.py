"""The encoding of a text file is told from its bytes, and a few broken places do not cost the file."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.legacy_text import old_bytes
from transforms.readers.encoding import SINGLE_BYTE, detect_encoding, utf16_codec
from transforms.readers.legacy.charsets import OLD_CHARSETS, Charset
from transforms.readers.model import UnreadableFileError

TEXT = "Mã hồ sơ;Lĩnh vực;Ngày nhận\r\n" + "A-1;Hộ tịch;05/09/2021\r\n" * 5


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"plain,ascii\n", "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"caf\xe9;\x93ok\x94\r\n", SINGLE_BYTE),
    ],
)
def test_encoding_is_told_from_the_bytes(content: bytes, encoding: str) -> None:
    assert detect_encoding(io.BytesIO(content)) == encoding
    assert content.decode(encoding, errors="replace").strip()


@pytest.mark.parametrize("charset", OLD_CHARSETS)
def test_old_sets_keep_every_byte_for_the_words_to_decide(charset: Charset) -> None:
    content = old_bytes(TEXT, charset)
    assert detect_encoding(io.BytesIO(content)) == SINGLE_BYTE
    assert content.decode(SINGLE_BYTE).encode(SINGLE_BYTE) == content


@given(places=st.lists(st.integers(0, 300), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_utf8_with_a_few_broken_bytes_stays_utf8(places: list[int]) -> None:
    content = bytearray((TEXT * 20).encode())
    for place in places:
        content[place * 10] = 0xFF
    assert detect_encoding(io.BytesIO(bytes(content))) == "utf-8"


def test_utf8_cut_inside_the_last_letter_stays_utf8() -> None:
    assert detect_encoding(io.BytesIO((TEXT * 5 + "ế").encode()[:-1])) == "utf-8"


def test_substitute_characters_of_an_earlier_program_are_letters() -> None:
    assert detect_encoding(io.BytesIO(("\ufffd" * 50).encode())) == "utf-8"


def test_long_file_broken_far_behind_its_start_is_seen() -> None:
    content = b"ascii only\n" * 200_000 + old_bytes(TEXT, Charset.TCVN3)
    assert detect_encoding(io.BytesIO(content)) == SINGLE_BYTE


@pytest.mark.parametrize("content", [bytes(range(1, 255)) * 4, b"\x01\x03\x04\x0b\x80\xff" * 20])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        detect_encoding(io.BytesIO(content))
    assert refusal.value.code == "file.encoding.unknown"


@pytest.mark.parametrize("head", [b"", b"a", b"abc\x00\x01\x02", TEXT.encode(), bytes(40), b"\x00\x01" * 30])
def test_other_bytes_are_not_taken_for_utf16(head: bytes) -> None:
    assert utf16_codec(head) == ""
