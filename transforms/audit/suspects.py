"""Which number is most likely the wrong one: where broken checks meet, and nothing else vouches for it.

A sound sum vouches for its numbers, and so does the same number said elsewhere in the report. A rate does
not: it is printed too coarsely to tell neighbours apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from transforms.audit.model import ClaimKind, Judgement, Span, Verdict

_SOUND = (Verdict.CONSISTENT, Verdict.AGREES_WITH_DATA)
_EXACT = (ClaimKind.TOTAL, ClaimKind.TABLE_TOTAL, ClaimKind.BALANCE, ClaimKind.MONEY, ClaimKind.COUNT)
_TELLING = 10
"""Smaller numbers stand everywhere; their being said again tells nothing."""


def name_suspects(judgements: Sequence[Judgement], said: Counter[Decimal]) -> Iterator[Judgement]:
    """The judgements, each alarm with the span of the number to look at first.

    ``said`` counts every number of the report. Among the numbers of a broken check the one with most broken
    and least sound evidence; a tie leaves the claim's own number.
    """
    broken: Counter[Span] = Counter()
    sound: Counter[Span] = Counter()
    for judgement in judgements:
        spans = {value.span for value in judgement.claim.values}
        if judgement.is_alarm or judgement.verdict is Verdict.REMAINDER_NOT_CLASSIFIED:
            broken.update(spans)
        elif judgement.verdict in _SOUND and judgement.claim.kind in _EXACT and len(spans) != 2:
            sound.update(spans)
    for judgement in judgements:
        if not judgement.is_alarm or judgement.suspect is not None or not judgement.claim.values:
            yield judgement
            continue
        scores = {
            value.span: (-broken[value.span], sound[value.span] + _times(said, value.value))
            for value in judgement.claim.values
        }
        best = min(scores.values())
        tied = [span for span, score in scores.items() if score == best]
        yield replace(judgement, suspect=tied[0] if len(tied) == 1 else judgement.claim.span)


def _times(said: Counter[Decimal], value: Decimal) -> int:
    return said[value] - 1 if value >= _TELLING else 0
