"""Type of a document from its number and symbol, else from the first words of its summary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.catalogue.model import DocumentType
from transforms.text_vi import fold, tidy

OFFICIAL_LETTER = "cong_van"
OTHER = "khac"

_AROUND_MARKS = re.compile(r"\s*([/\-])\s*")
_NUMBER_WORD = re.compile(r"^(?:số|so)\s*[:.]?\s*(?=\d)", re.IGNORECASE)
_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "−": "-", "Ð": "Đ", "ð": "đ"})
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
# An official letter has no type abbreviation: its symbol starts with the issuer (NĐ 30/2020/NĐ-CP, Annex III).
_ISSUER = re.compile(
    r"^(?:UBND|HĐND|UBMTTQ|MTTQ|TTg|CP|VPCP|VP[A-ZĐ]*|B[A-ZĐ]{2,}|S[A-ZĐ]{2,}|P[A-ZĐ]{2,}|CA[A-ZĐ]*|HU|TU|ĐU)$"
)
_CHAIRMAN = re.compile(r"^CT(?:UBND|HĐND)?$")


def tidy_symbol(text: str) -> str | None:
    """Symbol without stray spaces: "362 /QĐ-UBND" → "362/QĐ-UBND"; None where nothing stands there."""
    symbol = _AROUND_MARKS.sub(r"\1", tidy(text).translate(_DASHES))
    symbol = _NUMBER_WORD.sub("", symbol)
    return symbol if any(ch.isalnum() for ch in symbol) else None


def split_symbol(symbol: str) -> tuple[bool, str, str]:
    """Whether the year stands in the number, the part that names the type, the rest (the issuer).

    "01/2021/QĐ-UBND" → (True, "QĐ", "UBND"); "123/UBND-VP" → (False, "UBND", "VP").
    """
    parts = symbol.split("/")[1:]
    has_year = len(parts) > 1 and bool(_YEAR.match(parts[0]))
    rest = "/".join(parts[1:] if has_year else parts)
    head, _, tail = rest.partition("-")
    return has_year, head, tail


class DocumentTypes:
    """Finds document types by abbreviation and by name."""

    def __init__(self, types: Sequence[DocumentType]) -> None:
        self._plain = _by_abbreviation([kind for kind in types if not kind.is_legal])
        self._legal = _by_abbreviation([kind for kind in types if kind.is_legal])
        names = {
            fold(re.sub(r"\(.*?\)", "", name)): kind.type_id
            for kind in types
            if not kind.is_legal
            for name in (kind.name, *kind.aliases)
        }
        # Longest first, so that "Quy định" is not found inside a longer name's beginning.
        self._names = sorted(((n, t) for n, t in names.items() if n), key=lambda item: -len(item[0]))

    def type_of(self, symbol: str | None, summary: str | None) -> str:
        """Type id; the symbol decides, then the summary's first words, else "khac".

        A decision or resolution with the year in its number is a legal document (NĐ 30/2020/NĐ-CP and the
        law on legal documents); one by a chairman never is (DOMAIN.md 6.3).
        """
        by_symbol = self._by_symbol(symbol) if symbol else None
        return by_symbol or self._by_summary(summary or "") or OTHER

    def _by_symbol(self, symbol: str) -> str | None:
        has_year, head, issuer = split_symbol(symbol)
        if has_year and not _CHAIRMAN.match(issuer) and (legal := _look_up(self._legal, head)):
            return legal
        if found := _look_up(self._plain, head):
            return found
        return OFFICIAL_LETTER if _ISSUER.match(head) else None

    def _by_summary(self, summary: str) -> str | None:
        words = fold(summary)
        if words.startswith(("v v ", "ve viec ")):
            return OFFICIAL_LETTER
        return next((t for name, t in self._names if words == name or words.startswith(f"{name} ")), None)


def _by_abbreviation(types: Sequence[DocumentType]) -> dict[str, str]:
    """Exact abbreviations, and unaccented ones where only one type has them ("QD" is QĐ, "HD" is not HĐ)."""
    exact = {kind.abbreviation.casefold(): kind.type_id for kind in types if kind.abbreviation}
    bare: dict[str, list[str]] = {}
    for kind in types:
        if kind.abbreviation:
            bare.setdefault(fold(kind.abbreviation), []).append(kind.type_id)
    return {text: ids[0] for text, ids in bare.items() if len(ids) == 1} | exact


def _look_up(types: dict[str, str], head: str) -> str | None:
    return types.get(head.casefold()) or types.get(fold(head) if head.isascii() else "")
