"""The hash of a file that was read is that of the bytes that were read, however they were read."""

from __future__ import annotations

import hashlib
import io
import random
from pathlib import Path

import pytest

from pipelines.hashed_file import HashedFile


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("seed", range(60))
def test_hash_is_that_of_the_content_whatever_was_read_before(seed: int) -> None:
    chance = random.Random(seed)
    content = chance.randbytes(chance.choice([0, 1, 50, 1000]))
    with HashedFile(io.BytesIO(content)) as file:
        for _ in range(chance.randrange(12)):
            if chance.random() < 0.4:
                file.seek(chance.choice([0, 0, chance.randrange(1200)]))
            start, size = file.tell(), chance.choice([-1, 0, 7, 400, 5000])
            assert file.read(size) == content[start:][: size if size >= 0 else None]
        assert file.sha256() == _sha256(content)
        assert file.sha256() == _sha256(content)


def test_bytes_added_while_the_file_was_open_count(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"before")
    with path.open("rb") as opened, HashedFile(opened) as file:
        assert file.read() == b"before"
        with path.open("ab") as growing:
            growing.write(b" and after")
        assert file.sha256() == _sha256(b"before and after")


def test_bytes_read_in_one_go_are_hashed_as_they_were_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"first")
    with path.open("rb") as opened, HashedFile(opened) as file:
        assert file.read() == b"first"
        with path.open("r+b") as other:
            other.write(b"other")
        assert file.sha256() == _sha256(b"first")


def test_file_read_in_parts_is_hashed_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"first")
    with path.open("rb") as opened, HashedFile(opened) as file:
        file.read()
        file.seek(2)
        file.read(1)
        with path.open("r+b") as other:
            other.write(b"other")
        assert file.sha256() == _sha256(b"other")


def test_buffer_is_filled_like_from_any_file() -> None:
    with HashedFile(io.BytesIO(b"abcdef")) as file:
        buffer = bytearray(4)
        assert file.readinto(buffer) == 4
        assert buffer == b"abcd"
        assert file.readinto(buffer) == 2
        assert file.sha256() == _sha256(b"abcdef")
