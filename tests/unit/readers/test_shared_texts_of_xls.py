"""Cells of an Excel 97-2003 workbook that share their texts: read as they are, refused where they would fill the memory."""

from __future__ import annotations

import io
import struct

import pytest

from tests.support.shared_text_xls import shared_text_xls
from transforms.readers.biff_texts import SharedLengths, text_lengths
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook

_LONG = "Người Mẫu 0001 " * 700
"""10,500 characters: more than one record holds."""


def _texts(content: bytes, limits: Limits | None = None) -> list[list[str]]:
    workbook = read_workbook(io.BytesIO(content), "x.xls", limits or Limits())
    return [sheet.cells.column(0).to_pylist() for sheet in workbook.sheets]


def test_texts_that_cells_share_are_read_into_every_cell():
    content = shared_text_xls(["Mã hồ sơ", _LONG, "Hộ tịch"], [0, 2, 1, 2])
    assert _texts(content) == [["Mã hồ sơ", "Hộ tịch", _LONG.strip(), "Hộ tịch"]]


def test_one_long_text_in_many_cells_is_refused_before_it_is_copied():
    content = shared_text_xls(["Mã hồ sơ", _LONG], [0, *[1] * 1000])
    size = 8 * 2 + 1000 * len(_LONG) * 2
    assert len(content) < 100_000
    assert len(_texts(content, Limits(unpacked_bytes=size))[0]) == 1001
    with pytest.raises(UnreadableFileError) as refusal:
        _texts(content, Limits(unpacked_bytes=size - 1))
    assert refusal.value.code == "file.too_large"


def test_long_text_that_no_cell_shows_costs_nothing():
    content = shared_text_xls(["Mã hồ sơ", _LONG], [0] * 1000)
    assert len(_texts(content, Limits(unpacked_bytes=16_000))[0]) == 1000


def test_cell_that_points_behind_the_last_text_counts_nothing():
    lengths = SharedLengths()
    lengths.add_texts([struct.pack("<II", 1, 1) + struct.pack("<HB", 3, 0) + b"abc"])
    for index in (0, 0, 7, 0xFFFFFFFF):
        lengths.add_reference(index)
    assert lengths.total == 6


@pytest.mark.parametrize(
    "limits", [Limits(unpacked_bytes=5 * 100 * 16 - 1), Limits(cells=499)], ids=["text", "cells"]
)
def test_sheet_that_has_several_names_counts_once_for_each(limits: Limits):
    content = shared_text_xls(["Mã hồ sơ"], [0] * 100, sheet_names=5)
    assert [len(texts) for texts in _texts(content, Limits(unpacked_bytes=5 * 100 * 16, cells=500))] == [
        100
    ] * 5
    with pytest.raises(UnreadableFileError) as refusal:
        _texts(content, limits)
    assert refusal.value.code == "file.too_large"


def test_lengths_count_characters_alone_in_all_spellings_of_a_text():
    narrow = struct.pack("<HB", 3, 0x00) + b"abc"
    rich = struct.pack("<HBH", 2, 0x09, 1) + "hồ".encode("utf-16-le") + bytes(4)
    extended = struct.pack("<HBI", 4, 0x04, 6) + b"abcd" + bytes(6)
    head = struct.pack("<II", 3, 3)
    assert text_lengths([head + narrow + rich + extended]) == [3, 4, 4]


def test_lengths_follow_a_text_that_changes_its_width_in_the_next_record():
    first = struct.pack("<IIHB", 2, 2, 5, 0x00) + b"abc"
    second = b"\x01" + "ơư".encode("utf-16-le") + struct.pack("<HB", 1, 0) + b"x"
    assert text_lengths([first, second]) == [3 + 4, 1]


@pytest.mark.parametrize("kept", [0, 5, 8, 10, 13])
def test_lengths_of_a_table_cut_short_end_with_the_last_whole_text(kept: int):
    whole = struct.pack("<II", 2, 2) + struct.pack("<HB", 1, 0) + b"x" + struct.pack("<HB", 9, 0) + b"abc"
    assert text_lengths([whole[:kept]]) == ([1] if kept >= 12 else [])
