"""What a spreadsheet would calculate is written as text and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text_cells import is_formula_like, shield, unshield


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 1", "@tên", "\t=1", "\r=1", "- một ý", "-2+3", "--=1", "=", "+"]
)
def test_text_that_a_spreadsheet_would_calculate_is_shielded(text: str) -> None:
    assert is_formula_like(text)
    assert shield(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-", "--", "-5", "-1.234,50", "-12%", "a=b", "1-2", "Đăng ký", "’=1", " =1"]
)
def test_plain_text_numbers_and_dashes_stay(text: str) -> None:
    assert not is_formula_like(text)
    assert shield(text) == text == unshield(text)


@given(st.text(alphabet="'=+-@\t\r 15a,", max_size=8))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unshield(shield(text)) == text


@given(st.text(alphabet="'=+-@\t\r 15a,", max_size=8))
def test_nothing_shielded_starts_like_a_formula(text: str) -> None:
    assert not is_formula_like(shield(text))
