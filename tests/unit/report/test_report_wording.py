"""Order of names, the unit's own words as list items, and the findings' message file."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml

from tests.unit.report.report_case import TEMPLATES
from transforms.report import check
from transforms.report.ordering import alphabet_key
from transforms.report.prose import list_lines, paragraph_lines

ROOT = Path(__file__).parents[3]


def test_alphabet_key_names_sort_as_a_vietnamese_dictionary_does() -> None:
    names = [
        "Đất đai",
        "Dân số",
        "Ăn uống",
        "Âm nhạc",
        "Chứng thực",
        "Ông",
        "Ô",
        "Ơ",
        "Oa",
        "Ứng",
        "Ung",
        "ma",
        "má",
        "mà",
    ]
    assert sorted(names, key=alphabet_key) == [
        "Ăn uống", "Âm nhạc", "Chứng thực", "Dân số", "Đất đai", "ma", "mà", "má", "Oa", "Ô", "Ông", "Ơ", "Ung", "Ứng",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        (["một"], ("Một.",)),
        (["- một;", "+ hai.", "3. ba./."], ("Một;", "Hai;", "Ba.")),
        (["Câu một. Câu hai", "ba"], ("Câu một. Câu hai.", "Ba.")),
        (["  ", "một\nhai", ""], ("Một hai.",)),
        (["giống nhau", "giống nhau"], ("Giống nhau;", "Giống nhau.")),
        (["ký tự \ue0000\ue001 lạ"], ("Ký tự 0 lạ.",)),
        ([], ()),
    ],
)
def test_list_lines_items_lose_bullets_and_gain_closing_marks(
    given: list[str], printed: tuple[str, ...]
) -> None:
    assert list_lines(given) == printed


def test_paragraph_lines_every_line_closes_with_a_full_stop() -> None:
    assert paragraph_lines(["một;", "hai"]) == ("Một.", "Hai.")


def test_messages_every_code_of_the_report_has_its_wording() -> None:
    path = ROOT / "expectations" / "messages" / "report.vi.yml"
    entries = {entry["code"]: entry for entry in yaml.safe_load(path.read_text(encoding="utf-8"))}
    assert set(entries) == {check.MISMATCH, check.DISAGREEMENT, check.MISSING}
    for entry in entries.values():
        assert set(entry) == {"code", "severity", "audience", "sentence", "why", "remedy", "regulation"}


def test_templates_tone_marks_stand_where_the_house_style_puts_them() -> None:
    messages = (ROOT / "expectations" / "messages" / "report.vi.yml").read_text(encoding="utf-8")
    for name, text in {**TEMPLATES, "report.vi.yml": messages}.items():
        assert unicodedata.is_normalized("NFC", text), name
        for word in text.casefold().split():
            bare = word.strip('.,;:"(){}%')
            # "toàn", "hoàn", "quý" are right in both styles: the rule is about open oa, oe, uy.
            assert not bare.endswith(("oà", "oá", "oả", "oã", "oạ", "uỷ", "uỵ")), f"{name}: {word}"
