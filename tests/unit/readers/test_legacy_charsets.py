"""The tables of the old sets, against the C library and against encoders written apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.legacy_text import ICONV_NAMES, LETTERS, iconv_decode, iconv_knows, misread, old_bytes
from transforms.readers.legacy.charsets import OLD_CHARSETS, Charset, decode_as
from transforms.readers.legacy.syllables import is_syllable, syllables

WORDS = st.sampled_from(sorted(syllables()))
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize("charset", list(ICONV_NAMES), ids=list(ICONV_NAMES.values()))
def test_every_letter_is_what_the_c_library_says(charset: Charset) -> None:
    name = ICONV_NAMES[charset]
    if not iconv_knows(name):
        pytest.skip(f"iconv of this machine lacks {name}")
    letters = " ".join(LETTERS if charset is Charset.TCVN3 else LETTERS + LETTERS.upper())
    assert iconv_decode(old_bytes(letters, charset), name) == letters
    assert decode_as(charset, misread(letters, charset)) == letters


@pytest.mark.parametrize("charset", [Charset.TCVN3, Charset.VISCII], ids=["TCVN", "VISCII"])
def test_every_high_byte_is_what_the_c_library_says(charset: Charset) -> None:
    name = ICONV_NAMES[charset]
    if not iconv_knows(name):
        pytest.skip(f"iconv of this machine lacks {name}")
    # Below 0xA1 the ABC fonts have what windows-1252 has, where the standard has capitals and tones.
    codes = [*range(0xA1, 0xB0), *range(0xB5, 0x100)] if charset is Charset.TCVN3 else range(0x80, 0x100)
    # The C library holds a vowel back until it knows that no tone follows: hence the spaces.
    content = b" ".join(bytes((code,)) for code in codes)
    assert decode_as(charset, content.decode("latin-1")) == iconv_decode(content + b" ", name)[:-1]


@pytest.mark.parametrize("charset", OLD_CHARSETS)
@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_text_of_any_syllables_comes_back_from_every_set(charset: Charset, text: str) -> None:
    assert decode_as(charset, misread(text, charset)) == text


@pytest.mark.parametrize("charset", [Charset.VNI, Charset.VISCII, Charset.WINDOWS_1258])
@given(text=TEXTS)
@settings(max_examples=40, deadline=None)
def test_capitals_come_back_from_sets_that_have_them(charset: Charset, text: str) -> None:
    assert decode_as(charset, misread(text.upper(), charset)) == text.upper()


@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_misread_utf8_comes_back_whole_or_trimmed(text: str) -> None:
    wrong = misread(text, Charset.UTF8)
    assert decode_as(Charset.UTF8, wrong) == (None if text.isascii() else text)
    if text[:-1].isascii():  # one letter at the end is no proof once its second byte is trimmed
        return
    assert decode_as(Charset.UTF8, wrong.strip()) == text


def test_soft_hyphen_is_the_letter_u_with_horn_of_tcvn3() -> None:
    assert decode_as(Charset.TCVN3, "th\u00adêng tró") == "thường trú"
    assert decode_as(Charset.TCVN3, "Xu©n L\u00ad¬ng") == "Xuân Lương"


def test_windows_1258_takes_the_tone_after_the_vowel_and_inside_the_letter() -> None:
    assert decode_as(Charset.WINDOWS_1258, "a\u00ec") == "á"
    assert decode_as(Charset.WINDOWS_1258, "\u00e1") == "á"
    assert decode_as(Charset.WINDOWS_1258, "ê\u00ec") == "ế"


def test_signs_that_are_no_letters_of_the_set_stay() -> None:
    assert decode_as(Charset.TCVN3, "300 m² – 25°C “a” ≥ 5") == "300 m² – 25°C “a” ≥ 5"
    assert decode_as(Charset.VNI, "300 m² – 25°C “a” ≥ 5") == "300 m² – 25°C “a” ≥ 5"


@pytest.mark.parametrize(
    "word",
    [
        "hoà",
        "hòa",
        "thuỷ",
        "thủy",
        "quý",
        "giếng",
        "gì",
        "nghiệp",
        "quốc",
        "huỳnh",
        "khuỷu",
        "ngoằn",
        "xoong",
        "ươm",
        "yến",
        "ĐƯỜNG",
        "Uỷ",
    ],
)
def test_real_words_are_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word", ["cê", "kà", "ghà", "ngế", "mat", "hop", "tôch", "mưtt", "Müller", "çà", "qố", "áà", "hâ", "ăng1"]
)
def test_what_spelling_forbids_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)
