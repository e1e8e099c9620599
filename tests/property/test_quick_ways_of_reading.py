"""Every quick way of reading gives what the general way gives: what bytes tell at once, a pattern tells too."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.canonical import dossier as dossier_module
from transforms.canonical import source as source_module
from transforms.canonical.assemble import latest_of_key
from transforms.canonical.dossier import agency_prefixes
from transforms.readers import csv as csv_module
from transforms.readers import day_bytes, rows, text_bytes, text_stream, values
from transforms.readers.csv import read_csv
from transforms.readers.date_order import _distinct_days
from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.repeating import as_strings, map_texts, match, on_texts, used_texts
from transforms.readers.row_texts import total_words_pattern
from transforms.readers.sheet import OUTER_SPACE, clean_cells
from transforms.readers.values import parse_dates
from transforms.schema.tables import DOSSIER

_LETTERS = "aZ09 -/.:ếĐßơ\u00a0\u0085\u1680\u2003\u3000\u200b\ufeff\u0301ẻ\U0001f600\t\n\x1c\x7fÂ"
TEXTS = st.lists(st.none() | st.text(_LETTERS, max_size=6), max_size=12)


def _array(texts: list[str | None], cut: int = 0) -> pa.Array:
    """The texts as an array that begins ``cut`` places into its buffers, as slices do."""
    return pa.array(["bỏ "] * cut + texts + ["x"] * cut, pa.string()).slice(cut, len(texts))


# Days

_DAY = st.sampled_from(
    [
        *("04/09/2021", "31/08/2021", "31/09/2021", "29/02/2020", "29/02/2021", "00/01/2021", "01/00/2021"),
        *("08/31/2021", "01/01/0001", "31/12/1899", "01/01/1900", "31/12/2099", "01/01/2100", "04-09-2021"),
        *("04.09.2021", "4/9/2021", "2021-09-04", "2021-13-01", "2021/09/04", "0001-01-01", "2021-02-29"),
        *("٠٤/09/2021", "04/09/20a1", "a4/09/2021", "44/09/2021", "04/09/2O21", "4 /09/2021", "ngày 4/9/2"),
        *("-", "", " ", "44443", "44443.5", "0443/09/21", ":4/09/2021", "04/09/202:", "1999-12-31"),
    ]
)
_TIME = st.sampled_from(
    [
        *("", " 07:30", " 07:30:00", "T07:30:00", " 23:59:59", " 24:00:00", " 07:60:00", " 07:30:60"),
        *(
            " 7:30:00",
            " 07h30:00",
            " 07:30:0a",
            " 07:30:00.5",
            ".07:30:00",
            "  7:30:00",
            " 07:30.00",
            "\u00a0 7:30",
        ),
    ]
)
_MOMENT = st.tuples(_DAY, _TIME).map("".join)
# Most columns have one spelling, so most of these do too.
MOMENTS = st.one_of(
    st.lists(st.none() | _MOMENT, max_size=8),
    st.sampled_from([10, 16, 19]).flatmap(
        lambda length: st.lists(
            st.none() | _MOMENT.filter(lambda text: len(text.encode()) == length), min_size=1, max_size=12
        )
    ),
)


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.integers(0, 2), st.booleans())
def test_days_told_from_bytes_are_the_days_that_are_parsed(
    texts: list[str | None], cut: int, is_1904: bool
) -> None:
    array = _array(texts, cut)
    parsed, failed = values._parse_dates(array, is_1904=is_1904)
    for given_as in (array, array.dictionary_encode()):
        with mock.patch.object(day_bytes, "_BLOCK", 3):
            found, mask = parse_dates(given_as, is_1904=is_1904)
        assert found.type == pa.date32()
        assert found.to_pylist() == parsed.to_pylist()
        assert mask.to_pylist() == failed.to_pylist()
        found.validate(full=True)


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.integers(0, 2))
def test_distinct_days_told_from_bytes_are_the_starts_of_the_texts(texts: list[str | None], cut: int) -> None:
    array = _array(texts, cut)
    column = pa.chunked_array([array, array.dictionary_encode().dictionary])
    starts = {text[:10] for text in texts if text is not None}
    assert _distinct_days(column) == starts
    assert _distinct_days(pa.chunked_array([array.dictionary_encode()])) == starts


def test_usual_spellings_are_told_from_their_bytes() -> None:
    for texts in (["04/09/2021", "05/09/2021"], ["04/09/2021 07:30", None], ["2021-09-04T07:30:00", None]):
        alike = day_bytes.read_alike(pa.array(texts, pa.string()))
        assert alike is not None
        assert alike.is_read.all()


def test_days_of_texts_that_stand_in_no_row_any_more_are_no_evidence() -> None:
    column = pa.array(["12/31/2021", "01/02/2021"]).dictionary_encode().slice(1)
    assert _distinct_days(pa.chunked_array([column])) == {"01/02/2021"}


# What bytes tell of texts


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 2))
def test_edges_told_from_bytes_have_nothing_to_trim(texts: list[str | None], cut: int) -> None:
    array = _array(texts, cut)
    if text_bytes.has_bare_edges(array):
        assert pc.utf8_trim_whitespace(array).equals(array)
        assert pc.utf8_trim(array, characters=OUTER_SPACE).equals(array)
    assert text_bytes.is_ascii(array) == all(text.isascii() for text in texts if text)


def test_edges_of_vietnamese_words_are_bare() -> None:
    words = ["Đăng ký", "đất", "Ứng Hòa", "ở", "Quý", "x", "", None, "ư", "ẻ"]
    assert text_bytes.has_bare_edges(pa.array(words, pa.string()))


_CODES = st.text("09AZ.-/ aạ=", max_size=6) | st.sampled_from(
    ["000.10.42.H56-210104-0001", "H56-1", "Tổng 1"]
)
CODES = st.lists(st.none() | _CODES, max_size=10)


@settings(max_examples=150, deadline=None)
@given(CODES, st.integers(0, 2))
def test_codes_told_from_bytes_are_the_codes_that_patterns_find(texts: list[str | None], cut: int) -> None:
    array = _array(texts, cut)
    words = text_bytes.are_words_with_number(array)
    assert words.tolist() == [bool(text and re.fullmatch(r"[!-~]*[0-9]", text)) for text in texts]
    letters = source_module._CODE_SIGNS
    pattern = re.compile(r"[0-9A-Z][0-9A-Z./\-]*")
    assert text_bytes.consist_of(array, letters, letters + b"./-") == (
        bool(texts) and all(text and pattern.fullmatch(text) for text in texts)
    )
    undigited = [place for place, text in enumerate(texts) if text and not re.match("[0-9]", text)]
    assert text_bytes.begin_without_digit(array).tolist() == undigited
    begun = [place for place, text in enumerate(texts) if text and text[0] in "AZ"]
    assert text_bytes.begin_with(array, b"AZ").tolist() == begun


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("ab1", min_size=7, max_size=19), max_size=12), st.integers(0, 2), st.booleans())
def test_texts_that_stand_twice_are_never_called_distinct(texts: list[str], cut: int, is_even: bool) -> None:
    texts = [text.ljust(9, "x")[:9] for text in texts] if is_even else texts
    array = _array(list(texts), cut)
    is_told = len({len(text) for text in texts}) == 1 and len(texts[0]) >= 8
    assert text_bytes.are_distinct(array) == (is_told and len(set(texts)) == len(texts))
    assert not text_bytes.are_distinct(_array([*texts, None]))


@settings(max_examples=150, deadline=None)
@given(st.text("aế\U0001f600", max_size=20), st.integers(0, 30), st.integers(0, 30))
def test_stretch_beyond_ascii_holds_every_letter_whole(text: str, before: int, after: int) -> None:
    content = np.frombuffer(b"a" * before + text.encode() + b"a" * after, np.uint8)
    with mock.patch.object(text_bytes, "_BLOCK", 4):
        stretch = text_bytes.beyond_ascii(content).tobytes()
    letters = [letter for letter in text if not letter.isascii()]
    assert [letter for letter in stretch.decode(errors="strict") if not letter.isascii()] == letters
    assert bool(stretch) == bool(letters)


_ENDS = st.sampled_from(
    ["-210104-0001", "-210104-0002", "-21010a-0001", "-20210104-0001", "x210104-0001", ""]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["H56", "H57", "H5", ""]), _ENDS).map("".join), max_size=6))
def test_agencies_told_from_bytes_are_those_that_patterns_find(texts: list[str]) -> None:
    codes = pa.array([text or None for text in texts], pa.string())
    quick = agency_prefixes(codes)
    with mock.patch.object(dossier_module, "_only_agency", return_value=""):
        assert agency_prefixes(codes) == quick


# Kinds of rows

_WORDS = ("tong so", "tong cong", "tong", "cong")
_ROW_TEXTS = st.text("09AZ.-/ aạ=()", max_size=5) | st.sampled_from(
    [
        *("000.10.42.H56-210104-0001", "Tổng cộng: 3", "TỔNG SỐ", " cộng", "1. Tổng", "Công chứng", "(1)"),
        *("Mã hồ sơ", "MÃ HỒ SƠ", "12 = 3", "Tháng 01/2021", "ngày_1", "k_1"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | _ROW_TEXTS, max_size=10), st.integers(0, 2), st.integers(0, 10))
def test_rows_told_from_bytes_are_those_that_patterns_find(
    texts: list[str | None], cut: int, split: int
) -> None:
    array = _array(texts, cut)
    strings = pa.chunked_array([array.slice(0, split), array.slice(split)], type=pa.string())
    pattern = total_words_pattern(_WORDS)
    keys = pc.fill_null(pc.match_substring_regex(strings, rows._KEY), False).to_pylist()
    totals = pc.fill_null(pc.match_substring_regex(strings, pattern), False).to_pylist()
    header = ["mã hồ sơ", "k_1"]
    places = [place for place, text in enumerate(texts) if text is not None and text.lower() in header]
    for column in (strings, pa.chunked_array([array.dictionary_encode()])):
        assert rows._look_like_keys(column).tolist() == keys
        assert rows._find_lettered(column, pattern).tolist() == totals
        assert rows._places_of_texts(column, header).tolist() == places
        assert rows._places_of_texts(column, [*header, "12 = 3"]).tolist() == sorted(
            {*places, *(place for place, text in enumerate(texts) if text == "12 = 3")}
        )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.none() | st.sampled_from("abc")] * 3), min_size=1, max_size=8))
def test_leftmost_texts_are_the_first_filled_cells(lines: list[tuple[str | None, ...]]) -> None:
    columns = [pa.array(column, pa.string()) for column in zip(*lines, strict=True)]
    columns[1] = columns[1].dictionary_encode()
    found = rows._first_texts(pa.table(columns, names=list("abc")))
    assert found.to_pylist() == [next((text for text in line if text), None) for line in lines]


# Cells


def _cleaned(text: str | None) -> str | None:
    return unicodedata.normalize("NFC", text or "").strip(OUTER_SPACE) or None


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 2))
def test_cells_are_cleaned_alike_however_they_are_kept(texts: list[str | None], cut: int) -> None:
    array = _array(texts, cut)
    expected = [_cleaned(text) for text in texts]
    for kept in (array, pa.array(texts, pa.string()), array.dictionary_encode()):
        column = clean_cells(pa.chunked_array([kept]))
        assert column.to_pylist() == expected
        assert column.null_count == expected.count(None)
        column.validate(full=True)
    repeating = clean_cells(pa.chunked_array([array.dictionary_encode()])).chunk(0).dictionary.to_pylist()
    assert len(set(repeating)) == len(repeating)
    assert None not in repeating


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 12))
def test_repeating_column_says_what_its_strings_say(texts: list[str | None], start: int) -> None:
    array = pa.array(texts, pa.string())
    repeating, strings = array.dictionary_encode().slice(start), array.slice(start)
    assert as_strings(repeating).to_pylist() == strings.to_pylist()
    assert sorted(used_texts(repeating).to_pylist()) == sorted({t for t in texts[start:] if t is not None})
    matched = pc.match_substring_regex(strings, "[a0]").to_pylist()
    assert match(repeating, "[a0]").to_pylist() == matched
    assert match(pa.chunked_array([repeating]), "[a0]").to_pylist() == matched
    assert match(pa.chunked_array([repeating, repeating]), "[a0]").to_pylist() == matched * 2
    upper = pc.utf8_upper(strings).to_pylist()
    assert map_texts(repeating, pc.utf8_upper).to_pylist() == upper
    assert on_texts(repeating, pc.utf8_upper).to_pylist() == upper


# Whole files


@contextmanager
def _checked_streams_only() -> Iterator[None]:
    """Reading as if every file had to be checked and quoted, all its columns as strings."""

    def checked(file: BinaryIO, encoding: str, head: str) -> Iterator[object]:
        yield csv_module.open_text(file, encoding)

    def nothing(head: str, delimiter: str, width: int) -> frozenset[int]:
        return frozenset()

    with (
        mock.patch.object(csv_module, "_streams", checked),
        mock.patch.object(csv_module, "_find_repeating", nothing),
    ):
        yield


def _sheet(content: bytes, encoding: str) -> tuple[object, ...]:
    try:
        (sheet,) = read_csv(io.BytesIO(content), encoding)
    except UnreadableFileError as problem:
        return problem.code, problem.params
    return _told(sheet)


def _told(sheet: RawSheet) -> tuple[object, ...]:
    return sheet.cells.column_names, sheet.cells.to_pydict(), sheet.row_numbers.to_pylist()


_CELL = st.sampled_from(
    ["a", "b", "b", "", " ", "Hồ sơ", "04/09/2021", " x ", '"', '"a;b"', '"a\nb"', "e\u0301"]
)
_BREAK = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n"])
_LINE = st.one_of(
    st.tuples(_CELL, _CELL, _CELL).map(";".join),
    st.tuples(_CELL, _CELL, _CELL).map(";".join),
    st.lists(_CELL, max_size=5).map(";".join),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(_LINE, _BREAK).map("".join), min_size=1, max_size=12),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, b"\xef\xbb\xbf" * 3]),
    st.sampled_from([b"", b"\xff", b"\xe1\xbb"]),
    st.integers(0, 200),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from([5, 64, 1 << 20]),
    st.sampled_from([10, 40, 1 << 17]),
)
def test_file_read_the_quick_way_is_the_file_read_the_careful_way(
    lines: list[str], marks: bytes, damage: bytes, place: int, encoding: str, piece: int, head: int
) -> None:
    text = "".join(lines).encode()
    content = marks + text[:place] + damage + text[place:]
    with mock.patch.object(csv_module, "_HEAD_BYTES", head):
        with _checked_streams_only():
            expected = _sheet(content, encoding)
        with mock.patch.object(text_stream, "_PIECE", piece):
            assert _sheet(content, encoding) == expected


def test_plain_list_is_read_the_quick_way_with_its_repeating_columns() -> None:
    lines = ["Mã;Trạng thái;Ngày", *(f"{number};Đã trả;{number % 3}" for number in range(50))]
    content = "\r\n".join(lines).encode()
    with mock.patch.object(csv_module, "open_text", wraps=csv_module.open_text) as opened:
        (sheet,) = read_csv(io.BytesIO(content), "utf-8")
    assert opened.call_count == 1, "only the head"
    kinds = [pa.types.is_dictionary(column.type) for column in sheet.cells.columns]
    assert kinds == [False, True, True]
    assert sheet.cells.column(1).to_pylist() == ["Trạng thái"] + ["Đã trả"] * 50


@pytest.mark.parametrize("piece", range(9, 30))
def test_quotation_mark_that_cuts_a_row_off_costs_nothing_of_it(piece: int) -> None:
    content = b"a;b\n" + b"1;22222\n" * 3 + b'2;"x"\n'
    with mock.patch.object(csv_module, "_HEAD_BYTES", 8), mock.patch.object(text_stream, "_PIECE", piece):
        (sheet,) = read_csv(io.BytesIO(content), "utf-8")
    assert sheet.cells.to_pydict() == {"c0": ["a", "1", "1", "1", "2"], "c1": ["b"] + ["22222"] * 3 + ["x"]}


def test_quotation_mark_far_below_the_head_is_read_again_with_care() -> None:
    lines = ["Mã;Tên", *(f"{number};tên" for number in range(30_000)), '9;"a;b"']
    (sheet,) = read_csv(io.BytesIO("\n".join(lines).encode()), "utf-8")
    assert sheet.cells.slice(30_001).to_pydict() == {"c0": ["9"], "c1": ["a;b"]}
    assert sheet.row_numbers.to_pylist() == list(range(1, 30_003))


# Keys

_KEYS = st.none() | st.sampled_from(["", "a", "b", "c", "long enough", "long again!"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_KEYS, _KEYS), max_size=8), st.sampled_from(["own", "one", "none"]))
def test_last_row_of_each_key_is_the_same_when_parts_of_the_key_are_left_out(
    pairs: list[tuple[str | None, str | None]], units: str
) -> None:
    if units != "own":
        pairs = [("u" if units == "one" else None, code) for _, code in pairs]
    table = pa.table(
        {
            name: pa.array(column, pa.string())
            for name, column in zip(DOSSIER.key, zip(*pairs, strict=True) if pairs else ((), ()), strict=True)
        }
    )
    last = {(unit or "", code or ""): place for place, (unit, code) in enumerate(pairs)}
    expected = [last[unit or "", code or ""] for unit, code in pairs]
    assert np.asarray(latest_of_key(table, DOSSIER)).tolist() == expected
