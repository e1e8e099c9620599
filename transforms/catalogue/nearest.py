"""The names of the catalogue that lie nearest to a text it does not know."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from transforms.catalogue.aliases import alias_key
from transforms.catalogue.model import Catalogue

_CANDIDATES = 3
_MINIMUM_SCORE = 50.0


def name_targets(kind: str, catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """Compared name → (target, official name) of everything that kind can mean."""
    named: list[tuple[str, str, tuple[str, ...]]]
    if kind == "procedure":
        named = [(found.code, found.name, found.aliases) for found in catalogue.procedures]
    elif kind == "status":
        named = [(str(found.code), found.name, found.aliases) for found in catalogue.statuses]
    elif kind == "field":
        named = [(found.field_id, found.name, found.aliases) for found in catalogue.fields]
    else:
        named = [(found.code, found.full_name, (found.name, *found.aliases)) for found in catalogue.units]
    return {
        alias_key(kind, text): (target, name) for target, name, aliases in named for text in (name, *aliases)
    }


def _nearness(query: str, choice: str, *, score_cutoff: float | None = None) -> float:
    """0-100: the mean of shared words, best part and whole text.

    Shared words or the best part alone would put a short name inside every long one at 100.
    """
    scores = (
        fuzz.token_set_ratio(query, choice),
        fuzz.WRatio(query, choice),
        fuzz.token_sort_ratio(query, choice),
    )
    mean = sum(scores) / len(scores)
    return mean if score_cutoff is None or mean >= score_cutoff else 0.0


def nearest(key: str, targets: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str, float], ...]:
    """The three nearest targets, each once under its best name."""
    matches = process.extract(key, targets.keys(), scorer=_nearness, score_cutoff=_MINIMUM_SCORE, limit=None)
    best: dict[str, tuple[str, str, float]] = {}
    for name, score, _ in matches:
        target, official = targets[name]
        if target not in best or best[target][2] < score:
            best[target] = (target, official, round(score, 1))
    return tuple(sorted(best.values(), key=lambda found: (-found[2], found[0]))[:_CANDIDATES])
