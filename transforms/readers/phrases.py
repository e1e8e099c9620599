"""Known phrases inside folded text: whole words, the longest where two overlap."""

from __future__ import annotations

from collections.abc import Mapping


class PhraseIndex:
    """Finds which of many folded phrases stand in a folded text."""

    def __init__(self, meanings: Mapping[str, frozenset[str]]) -> None:
        """Take folded phrases and what each may mean; empty phrases are left out."""
        self._meanings = {phrase: meaning for phrase, meaning in meanings.items() if phrase}
        self._by_first_word: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self._meanings:
            words = tuple(phrase.split())
            self._by_first_word.setdefault(words[0], []).append(words)
        for candidates in self._by_first_word.values():
            candidates.sort(key=len, reverse=True)

    def find(self, folded: str) -> list[tuple[str, frozenset[str], str]]:
        """Phrases in the text with their meanings and the word before each ("" at the start), in text order.

        A phrase inside a longer one is not reported: "thị trấn Yên Cát" is not "thị trấn Yên".
        """
        words = folded.split()
        found: list[tuple[str, frozenset[str], str]] = []
        covered_to = 0
        for start, word in enumerate(words):
            for candidate in self._by_first_word.get(word, ()):
                end = start + len(candidate)
                if tuple(words[start:end]) == candidate:
                    if end > covered_to:
                        phrase = " ".join(candidate)
                        found.append((phrase, self._meanings[phrase], words[start - 1] if start else ""))
                        covered_to = end
                    break
        return found
