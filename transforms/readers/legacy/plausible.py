"""How well a text reads as Vietnamese, as it stands or under an old character set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from transforms.readers.legacy.charsets import Charset, decode_as
from transforms.readers.legacy.syllables import is_common, is_syllable

_SIGNS = "\x80-\x9f¡¢£¤¥¦§¨©ª¬\xad®¯´µ¶¸¹º¼½¾¿ƒˆ‰˜\u0300-\u036f"
"""Signs that stand inside a word only when the word is really something else."""
_TOKEN = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_SIGNS}«»·])*|[{_SIGNS}«»·]+[^\W\d_](?:[^\W\d_]|[{_SIGNS}«»·])*")
_AROUND_WORDS = "«»²³"
_CURRENCY = frozenset(("đ", "vnđ"))
_ABBREVIATION = re.compile(r"^[A-ZĐƯĂÂÔƠ]{2,8}$")
_VOWEL = re.compile(r"[AEIOUY]")
_COMMON_WEIGHT, _VALID_WEIGHT, _INVALID_WEIGHT = 2.0, 1.0, -2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words with letters beyond ASCII say for one reading of a text or of a column.

    ``score``: +2 for a word that stands in nearly every export, +1 for another possible syllable, -2 for
    what no Vietnamese word looks like; abbreviations such as "QĐ" say nothing.
    """

    score: float
    valid: int
    invalid: int

    @property
    def share(self) -> float:
        """Possible syllables among the words that say something; 1 when none does."""
        return self.valid / (self.valid + self.invalid) if self.valid + self.invalid else 1.0

    @property
    def is_sound(self) -> bool:
        """True when no word speaks against the reading."""
        return self.invalid == 0


def weigh(text: str) -> Evidence:
    """The evidence of one text as it stands, every occurrence counted."""
    return weigh_words(marked_words(text))


def weigh_words(words: Iterable[str]) -> Evidence:
    """The evidence of words."""
    score, valid, invalid = 0.0, 0, 0
    for word in words:
        weight = _weight(word)
        score += weight
        valid += weight > 0
        invalid += weight < 0
    return Evidence(score, valid, invalid)


def weigh_readings(texts: Iterable[str], charsets: Iterable[Charset]) -> Mapping[Charset | None, Evidence]:
    """The evidence of the distinct words of many texts, under every set and (None) as they stand."""
    texts = list(texts)
    found: dict[Charset | None, Evidence] = {None: weigh_words(_distinct(texts))}
    for charset in charsets:
        readings = (decode_as(charset, text) for text in texts)
        found[charset] = weigh_words(_distinct(reading for reading in readings if reading is not None))
    return found


def marked_words(text: str) -> list[str]:
    """The words with a character beyond ASCII, signs that stick to them included."""
    return [word for found in _TOKEN.findall(text) if not (word := found.strip(_AROUND_WORDS)).isascii()]


def _distinct(texts: Iterable[str]) -> set[str]:
    return {word.lower() if not word.isupper() else word for text in texts for word in marked_words(text)}


@lru_cache(maxsize=65536)
def _weight(word: str) -> float:
    if is_syllable(word):
        return _COMMON_WEIGHT if is_common(word) else _VALID_WEIGHT
    if word.lower() in _CURRENCY:
        return _COMMON_WEIGHT
    if _ABBREVIATION.match(word) and not _VOWEL.search(word):
        return 0.0
    return _INVALID_WEIGHT
