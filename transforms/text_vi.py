"""Vietnamese text for comparison: one folding for headers, names, labels and titles.

``fold`` drops diacritics and with them every question of tone placement, but also the difference
between names that differ by a tone only ("Hoá" / "Hòa"). ``place_tones`` keeps the tones and settles
only where they stand, for comparing names exactly; what is displayed stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_D_STROKE = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d", "ɖ": "d"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_SPACES = re.compile(r"[\s\u00a0\u202f\u200b\u200c\u200d\ufeff]+")
_WORD = re.compile(r"[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0302\u0306\u031b"
_MARKS_IN_DISORDER = re.compile(rf"([{_TONES}])([{_SHAPES}]+)")
_COMBINING = re.compile(r"[\u0300-\u036f]")
_SYLLABLE = re.compile(
    r"(qu|gi(?=[aăâeêoôơuư])|ngh|ng|nh|ch|gh|kh|ph|th|tr|[bcdđghklmnprstvx]|)"
    r"([aăâeêioôơuưy]{1,3})(ch|nh|ng|[cmnpt]|)",
    re.IGNORECASE,
)
_SHAPED_VOWELS = frozenset("ăâêôơưĂÂÊÔƠƯ")
_TONE_ON_SECOND = frozenset(("oa", "oe", "uy"))


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


def compose(text: str) -> str:
    """NFC text, also where a tone was written before the circumflex, breve or horn of its vowel.

    Unicode keeps e + acute + circumflex apart from "ế"; Vietnamese knows only the one letter.
    """
    composed = unicodedata.normalize("NFC", text)
    if not _COMBINING.search(composed):
        return composed
    decomposed = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _MARKS_IN_DISORDER.sub(r"\2\1", decomposed))


def place_tones(text: str) -> str:
    """NFC text with the tone of every syllable on one fixed vowel, for comparison only.

    "hòa" and "hoà", "thủy" and "thuỷ", "qúy" and "quý" become equal; tones, case and all else stay.
    Words that are no Vietnamese syllable are left alone.
    """
    return _WORD.sub(lambda word: _place_in_word(word[0]), compose(text))


def place_tone(syllable: str, tone: str) -> str | None:
    """The toneless syllable with a combining tone ("" for none) on its vowel; None when it is no syllable.

    The tone stands on the vowel that has a mark of its own, else on the last of two before a final
    consonant, on the middle one of three, on the second of final "oa", "oe", "uy", else on the first.
    """
    found = _SYLLABLE.fullmatch(syllable)
    if found is None:
        return None
    vowels = found[2]
    shaped = [place for place, letter in enumerate(vowels) if letter in _SHAPED_VOWELS]
    if shaped:
        place = shaped[-1]
    elif len(vowels) == 3 or (len(vowels) == 2 and (found[3] or vowels.lower() in _TONE_ON_SECOND)):
        place = 1
    else:
        place = 0
    at = found.start(2) + place + 1
    return unicodedata.normalize("NFC", syllable[:at] + tone + syllable[at:])


@lru_cache(maxsize=16384)
def _place_in_word(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    tones = [mark for mark in decomposed if mark in _TONES]
    if len(tones) != 1:
        return word
    return place_tone(unicodedata.normalize("NFC", decomposed.replace(tones[0], "")), tones[0]) or word
