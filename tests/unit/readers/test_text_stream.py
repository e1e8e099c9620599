"""A text file as UTF-8, piece by piece: the same text as decoding it as a whole, whatever the pieces are."""

from __future__ import annotations

import codecs
import io
import random

import pytest

from transforms.readers import text_stream
from transforms.readers.text_stream import Utf8Stream

_SIGNS = 'aé"\nếđ\U0001f600\ufffd;'


def _read(content: bytes, encoding: str, size: int) -> tuple[bytes, Utf8Stream]:
    stream = Utf8Stream(io.BytesIO(content), encoding)
    return b"".join(iter(lambda: stream.read(size), b"")), stream


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 64])
@pytest.mark.parametrize("damage", [0, 1, 3])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16-le"])
def test_text_is_the_same_in_pieces_of_any_size(
    encoding: str, damage: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_stream, "_CHUNK", piece)
    chance = random.Random(f"{encoding}{damage}{piece}")
    for size in (1, 4, 100):
        content = bytearray("".join(chance.choices(_SIGNS, k=80)).encode())
        for _ in range(damage):
            content[chance.randrange(len(content))] = chance.randrange(256)
        text = bytes(content).decode(encoding, errors="replace").removeprefix("\ufeff")
        read, stream = _read(bytes(content), encoding, size)
        assert read == text.encode(errors="replace")
        assert stream.line_feeds == read.count(b"\n")
        assert stream.quotes == read.count(b'"')
        assert stream.last_byte == read[-1:]
        assert stream.is_damaged == ("\ufffd" in text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["Hồ sơ".encode(), b"H\xe1\xbb"], ids=["whole", "cut short"])
def test_byte_order_mark_is_left_out_at_the_start_only(encoding: str, end: bytes) -> None:
    content = codecs.BOM_UTF8 + b"a" + codecs.BOM_UTF8 + end
    read, _ = _read(content, encoding, 1000)
    assert read == (b"a" + codecs.BOM_UTF8 + end).decode(errors="replace").encode()
