"""Ways to damage a file, each a pure function of its bytes and a random stream."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Mapping

Mutation = Callable[[bytes, random.Random], bytes]

_TEXT_SETS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1258", "latin-1", "utf-32")
_AWKWARD = (
    "",
    "31/09/2021",
    "=1+1",
    "NaN",
    "1.363",
    "#REF!",
    "\x00",
    "2021-08-30T17:00:00.000+0000",
    "-",
    "𝟙",
    "A" * 40_000,
)


def truncate(content: bytes, rng: random.Random) -> bytes:
    """A file whose copying stopped."""
    return content[: rng.randrange(len(content))] if content else content


def flip_bits(content: bytes, rng: random.Random) -> bytes:
    """One to fifty bits turned over."""
    damaged = bytearray(content)
    for _ in range(rng.choice((1, 3, 10, 50)) if damaged else 0):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def overwrite(content: bytes, rng: random.Random) -> bytes:
    """A stretch of zeros or noise, as a broken disk leaves it."""
    if not content:
        return content
    start, length = rng.randrange(len(content)), rng.choice((1, 16, 512, 4096))
    noise = bytes(length) if rng.random() < 0.5 else rng.randbytes(length)
    return content[:start] + noise[: len(content) - start] + content[start + length :]


def cut_out(content: bytes, rng: random.Random) -> bytes:
    """A piece missing in the middle."""
    start = rng.randrange(max(len(content), 1))
    return content[:start] + content[start + rng.choice((1, 7, 100, 2000)) :]


def repeat_piece(content: bytes, rng: random.Random) -> bytes:
    """A piece written twice."""
    start = rng.randrange(max(len(content), 1))
    piece = content[start : start + rng.choice((1, 30, 1000))]
    return content[:start] + piece * rng.choice((2, 5)) + content[start + len(piece) :]


def encode_again(content: bytes, rng: random.Random) -> bytes:
    """Text saved again in another character set, characters it lacks replaced; also as if it had been read wrongly."""
    source, target = rng.choice(("utf-8", "latin-1")), rng.choice(_TEXT_SETS)
    return content.decode(source, "replace").encode(target, "replace")


def swap_cells(content: bytes, rng: random.Random) -> bytes:
    """Cells exchanged for other ones or for awkward values; in a packed workbook inside its parts."""
    if content.startswith(b"PK"):
        return _in_package(content, rng)
    return _swap_text(content, rng)


def glue(content: bytes, rng: random.Random) -> bytes:
    """The head of a file followed by its own end: two files run together."""
    cut = rng.randrange(max(len(content), 1))
    return content[:cut] + content[rng.randrange(max(len(content), 1)) :]


MUTATIONS: Mapping[str, Mutation] = {
    "truncate": truncate,
    "flip bits": flip_bits,
    "overwrite": overwrite,
    "cut out": cut_out,
    "repeat": repeat_piece,
    "encode again": encode_again,
    "swap cells": swap_cells,
    "glue": glue,
}


def _swap_text(content: bytes, rng: random.Random) -> bytes:
    for separator in (b"</td>", b"</Data>", b"</t>", b"</v>", b"\t", b";", b","):
        pieces = content.split(separator)
        if len(pieces) > 20:
            break
    else:
        return flip_bits(content, rng)
    for _ in range(rng.choice((1, 5, 30))):
        here, there = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        if rng.random() < 0.5:
            pieces[here], pieces[there] = pieces[there], pieces[here]
        else:
            opening = pieces[here][: pieces[here].rfind(b">") + 1]
            pieces[here] = opening + rng.choice(_AWKWARD).encode()
    return separator.join(pieces)


def _in_package(content: bytes, rng: random.Random) -> bytes:
    target = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as package,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
        ):
            names = package.namelist()
            chosen = rng.choice(names)
            for name in names:
                part = package.read(name)
                is_damaged = name == chosen or name.endswith(("sheet1.xml", "content.xml"))
                out.writestr(name, _swap_text(part, rng) if is_damaged else part)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        return flip_bits(content, rng)
    return target.getvalue()
