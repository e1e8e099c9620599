"""Vietnamese text for comparison: one folding for headers, names, labels and titles."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_D_STROKE = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d", "ɖ": "d"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_SPACES = re.compile(r"[\s\u00a0\u202f\u200b\u200c\u200d\ufeff]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower-case ASCII words joined by single spaces, for comparison only.

    Diacritics, tone placement (hoà / hòa), case, punctuation and line breaks do not matter after it;
    "đ" becomes "d", which Unicode decomposition alone would not do (DOMAIN.md 9.1).
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_STROKE).casefold())
    bare = "".join(ch for ch in decomposed if not unicodedata.combining(ch))
    return _NOT_WORD.sub(" ", bare).strip()


def tidy(text: str) -> str:
    """NFC text with every run of white space, line breaks included, as one plain space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
