"""Which findings people have explained: by rule, unit, period and subject, within a band and until a day.

An explanation says of rows which ones it means, or of a finding as a whole how far its number may move. What
goes beyond is not explained: another row, another value in the same cell, a number outside the band, a day
after the last one. Nothing else reopens, so a new delivery keeps every explanation.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from transforms.text_vi import tidy

BOTH_WAYS = ("history.",)
"""Beginnings of the codes whose number is odd in either direction; elsewhere fewer is better."""

Row = Mapping[str, Any]
"""A line of the findings table."""


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers for which an explanation holds, both ends among them; None where there is no end."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: int) -> bool:
        """True inside the band."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A row that an explanation means: by its record where it has one, else by its place."""

    subject: str = ""
    sheet: str = ""
    row: int = 0
    value_mark: str = ""
    """``value_mark`` of what stood in the cell; empty where any value is explained."""

    @property
    def spot(self) -> tuple[str, ...]:
        """What tells the row from others, also after the file came again under another name."""
        return (self.subject,) if self.subject else ("", self.sheet, str(self.row))


@dataclass(frozen=True, slots=True)
class Explanation:
    """One accepted explanation. Empty ``column``, ``period_id`` and ``subject``: whatever the finding's is.

    With ``rows`` it means these rows alone; without, the finding as a whole as long as its number is in ``band``.
    """

    decision_id: str
    unit_code: str
    rule_code: str
    reason: str
    author: str
    decided_on: date | None = None
    expires_on: date | None = None
    column: str = ""
    period_id: str = ""
    subject: str = ""
    rows: tuple[ExplainedRow, ...] = ()
    band: Band = Band()

    def is_in_force(self, day: date) -> bool:
        """True up to the last day and on it."""
        return self.expires_on is None or day <= self.expires_on

    def is_about(self, finding: Row) -> bool:
        """True where rule, unit, column, period and subject agree; rows and band are not looked at."""
        return (self.unit_code, self.rule_code) == (finding["unit_code"], finding["code"]) and all(
            wanted in ("", found)
            for wanted, found in (
                (self.column, finding["column_name"] or ""),
                (self.period_id, finding["period_id"] or ""),
                (self.subject, own_subject(finding)),
            )
        )


@dataclass(frozen=True, slots=True)
class CoveredPart:
    """What one explanation covers of a finding: ``count`` rows, or its number where it has no rows."""

    explanation: Explanation
    count: int
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is explained of one finding; ``is_full``: nothing is left to ask for."""

    parts: tuple[CoveredPart, ...] = ()
    is_full: bool = False


UNEXPLAINED = Coverage()


class Explanations:
    """The explanations in force on one day, ready to be asked about findings."""

    def __init__(self, explanations: Iterable[Explanation], day: date) -> None:
        self._by_rule: defaultdict[tuple[str, str], list[Explanation]] = defaultdict(list)
        for explanation in explanations:
            if explanation.is_in_force(day):
                self._by_rule[explanation.unit_code, explanation.rule_code].append(explanation)

    def coverage(self, finding: Row) -> Coverage:
        """What is explained of it, each explanation with its rows."""
        by_place = self.explain_places(finding)
        places = finding["places"] or ()
        meant: dict[str, Explanation] = {}
        own: defaultdict[str, list[Row]] = defaultdict(list)
        for place, explanation in zip(places or [{"subject": ""}], by_place, strict=True):
            if explanation is not None:
                meant[explanation.decision_id] = explanation
                own[explanation.decision_id].append(place)
        return Coverage(
            tuple(
                CoveredPart(
                    explanation,
                    len(own[identity]) if places else finding_value(finding),
                    tuple(dict.fromkeys(p["subject"] for p in own[identity] if p["subject"])),
                )
                for identity, explanation in meant.items()
            ),
            all(by_place),
        )

    def explain_places(self, finding: Row) -> list[Explanation | None]:
        """The explanation of each row of the finding, None where none covers it; one item where it has no rows.

        An explanation of the whole goes before those of single rows, a later one before an earlier one.
        """
        own = self._by_rule.get((finding["unit_code"], finding["code"]), ())
        about = [explanation for explanation in own if explanation.is_about(finding)]
        places, value = finding["places"] or (), finding_value(finding)
        whole = [each for each in about if not each.rows and each.band.holds(value)]
        if whole or not about:
            return [whole[-1] if whole else None] * max(1, len(places))
        meant: dict[tuple[str, ...], list[tuple[str, Explanation]]] = {}
        for explanation in reversed(about):
            for row in explanation.rows:
                meant.setdefault(row.spot, []).append((row.value_mark, explanation))
        return [_first_that_fits(meant, place) for place in places] or [None]


def _first_that_fits(
    meant: Mapping[tuple[str, ...], list[tuple[str, Explanation]]], place: Row
) -> Explanation | None:
    candidates = meant.get(ExplainedRow(place["subject"] or "", place["sheet"] or "", place["row"] or 0).spot)
    if not candidates:
        return None
    here = value_mark(place["value"] or "")
    return next((explanation for mark, explanation in candidates if mark in ("", here)), None)


def finding_value(finding: Row) -> int:
    """The number that a band is about: failing rows, else the first number of the finding's params, else 1."""
    if finding["places"]:
        return int(finding["count"])
    numbers = (value for value in _params(finding).values() if isinstance(value, int))
    return next(numbers, int(finding["count"]))


def own_subject(finding: Row) -> str:
    """What the finding itself is about beside its unit and period, such as a month; empty where nothing."""
    return str(_params(finding).get("subject", ""))


def default_band(finding: Row) -> Band:
    """The explained number itself, and everything better where fewer is better."""
    value = finding_value(finding)
    return Band(value if str(finding["code"]).startswith(BOTH_WAYS) else None, value)


def value_mark(text: str) -> str:
    """16 hex digits that tell one text of a cell from another without holding it (law 7)."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:16]


def _params(finding: Row) -> dict[str, str | int]:
    found: dict[str, str | int] = json.loads(finding["params_json"] or "{}")
    return found
