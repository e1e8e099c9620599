"""Names compare equal wherever their tones were placed, and never where the tones differ."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.readers.legacy.syllables import syllables
from transforms.text_vi import compose, fold, place_tones, tidy


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thanh Hóa", "Thanh Hoá"),
        ("thủy lợi", "thuỷ lợi"),
        ("sức khỏe", "sức khoẻ"),
        ("ỦY BAN", "UỶ BAN"),
        ("qúy", "quý"),
        ("cuả", "của"),
        ("ngòai", "ngoài"),
        ("gìa", "già"),
        ("e\u0301\u0302", "ế"),
    ],
)
def test_both_placements_become_one(one: str, other: str) -> None:
    assert place_tones(one) == place_tones(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Hoá", "Hoà"), ("thuỷ", "thuý"), ("mùa", "mua"), ("Hồ", "Hộ")])
def test_different_tones_stay_different_where_folding_loses_them(one: str, other: str) -> None:
    assert place_tones(one) != place_tones(other)
    assert fold(one) == fold(other)


@given(words=st.lists(st.sampled_from(sorted(syllables())), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_placing_changes_only_where_a_tone_stands(words: list[str]) -> None:
    text = " ".join(words)
    placed = place_tones(text)
    assert place_tones(placed) == placed
    assert place_tones(unicodedata.normalize("NFD", text)) == placed
    assert sorted(unicodedata.normalize("NFD", placed)) == sorted(unicodedata.normalize("NFD", text))
    assert place_tones(text.upper()) == placed.upper()


@pytest.mark.parametrize("text", ["362/QĐ-UBND", "Müller", "Đắk Lắk", "A-1", "11.250.000 đ", "naïve résumé"])
def test_what_is_no_syllable_stays(text: str) -> None:
    assert place_tones(text) == text


def test_composing_orders_marks_that_unicode_keeps_apart() -> None:
    assert unicodedata.normalize("NFC", "e\u0301\u0302") != "ế"
    assert compose("e\u0301\u0302") == compose("e\u0302\u0301") == "ế"
    assert tidy(compose("o\u031b\u0323")) == "ợ"
