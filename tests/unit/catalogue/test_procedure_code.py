"""Codes of procedures in the shapes that software and spreadsheets give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.catalogue.procedure_code import (
    field_key,
    procedure_core,
    procedure_key,
    repair_procedure_code,
    split_glued_code,
)

CORES = st.from_regex(r"[1-3]\.[0-9]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("1.010708.000.00.00.H56", "1.010708"),
        ("1.000948.H38", "1.000948"),
        ("1.001193", "1.001193"),
        (" 1.001193\u00a0", "1.001193"),
        ("Mã: 1.001193", "1.001193"),
        ("1.001193.000.00.00.H41- Thủ tục đăng ký khai sinh", "1.001193"),
        ("1.00119", None),
        ("1.0011930", None),
        ("000.00.53.H48-220921-0099", None),
        ("1001193", None),
        ("", None),
        (None, None),
    ],
)
def test_code_in_any_printed_form_gives_its_core(text: str | None, core: str | None) -> None:
    assert procedure_core(text) == core


@given(CORES, st.sampled_from(["", ".H56", ".000.00.00.H56"]), st.sampled_from(["", " ", "- Thủ tục A"]))
def test_core_survives_every_tail(core: str, tail: str, rest: str) -> None:
    assert procedure_core(core + tail + rest) == core


@given(CORES)
def test_code_clipped_to_a_number_is_repaired_only_when_known(core: str) -> None:
    clipped = str(float(core))
    assert repair_procedure_code(clipped, {core}) == core
    assert repair_procedure_code(clipped, set()) is None


def test_number_that_is_no_known_code_invents_none() -> None:
    assert repair_procedure_code("2.00089", {"2.000891"}) is None
    assert repair_procedure_code("2,00089", {"2.000890"}) == "2.000890"
    assert repair_procedure_code("250000", {"2.500000"}) is None


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("1.001193.000.00.00.H41- Thủ tục đăng ký khai sinh", ("1.001193", "Thủ tục đăng ký khai sinh")),
        ("[1.001193.H41] Đăng ký khai sinh", ("1.001193", "Đăng ký khai sinh")),
        ("1.001193 – Đăng ký khai sinh", ("1.001193", "Đăng ký khai sinh")),
        ("Đăng ký khai sinh", (None, "Đăng ký khai sinh")),
        ("1.001193", ("1.001193", "")),
    ],
)
def test_glued_code_comes_off_the_name(text: str, split: tuple[str | None, str]) -> None:
    assert split_glued_code(text) == split


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tục đăng ký khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "Thủ tục hành chính đăng ký khai sinh",
        "thủ tục  Đăng ký\nkhai sinh.",
        "1.001193.000.00.00.H41- Thủ tục đăng ký khai sinh",
    ],
)
def test_spellings_of_one_procedure_compare_as_equal(text: str) -> None:
    assert procedure_key(text) == "dang ky khai sinh"


def test_bare_code_is_compared_by_its_core_and_field_without_its_leading_word() -> None:
    assert procedure_key("2.001801.000.00.00.H56") == "2.001801"
    assert field_key("Lĩnh vực Hộ tịch") == field_key("HỘ TỊCH") == "ho tich"
