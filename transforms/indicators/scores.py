"""Points of a service index that exports can feed (QĐ 766/QĐ-TTg; DOMAIN.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.catalogue.rulebook import ScoreGroup, ScorePart
from transforms.indicators.measures import RATIOS, ratio
from transforms.indicators.reconcile_model import UNKNOWN_CHANNEL, Counting


class Outcome(StrEnum):
    """What can be said of a part of the index."""

    SCORED = "scored"
    NOTHING_AROSE = "nothing_arose"
    """The denominator is zero: neither 0 nor full points."""
    NO_DATA = "no_data"
    """No export tells it."""
    NOT_IN_FORCE = "not_in_force"
    """The period closed before the index was issued."""


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of a group; ``points`` only where the outcome is ``SCORED``."""

    part: ScorePart
    outcome: Outcome
    numerator: int | None = None
    denominator: int | None = None
    untold: int = 0
    """Dossiers left out of the denominator because no export tells their channel."""

    @property
    def points(self) -> float | None:
        """The share of the most points that the rate earns."""
        if self.outcome is not Outcome.SCORED or self.numerator is None or self.denominator is None:
            return None
        return self.part.most * self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One group of the index with its parts."""

    group: ScoreGroup
    parts: tuple[PartScore, ...]


def score_index(counting: Counting) -> tuple[GroupScore, ...]:
    """Every group of the rulebook's index, in its order; empty for a rulebook without one.

    A period that closed before the rulebook applied is not scored; its shares are told all the same.
    """
    return tuple(
        GroupScore(group, tuple(_score(part, counting) for part in group.parts))
        for group in counting.rulebook.scores
    )


def _score(part: ScorePart, counting: Counting) -> PartScore:
    if part.rate_id not in RATIOS:
        return PartScore(part, Outcome.NO_DATA)
    rate = RATIOS[part.rate_id]
    numerator = sum(counting.value(measure) for measure in rate.numerator)
    denominator = sum(counting.value(measure) for measure in rate.denominator)
    # Whoever filed without a known channel may have filed online.
    untold = counting.value(UNKNOWN_CHANNEL) if "received_online" in rate.numerator else 0
    told = denominator - untold
    applies_from = counting.rulebook.applies_from
    if applies_from is not None and counting.reckoning.closing_day < applies_from:
        outcome = Outcome.NOT_IN_FORCE
    elif denominator == 0:
        outcome = Outcome.NOTHING_AROSE
    else:
        outcome = Outcome.NO_DATA if ratio(numerator, told) is None else Outcome.SCORED
    return PartScore(part, outcome, numerator, told, untold)
