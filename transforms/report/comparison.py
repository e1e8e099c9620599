"""A report's figures beside those of the period before and of the same period last year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from transforms.indicators.earlier import ComparedLine, Earlier, Obstacle, Relation
from transforms.indicators.measures import RATIOS, add_measures, ratio
from transforms.indicators.model import IndicatorTable, Reckoning
from transforms.indicators.period import period_name
from transforms.report.blocks import Figure
from transforms.report.breaks import comparison_mark
from transforms.report.cells import JOIN
from transforms.report.inputs import ReportInputs
from transforms.report.numbers_vi import date_short, percent, points, thousands

CHANGE, GROWTH, RATE = "change", "growth", "rate"
"""First parts of the ids of a difference, of a relative difference and of a share."""
FEWEST = 10
"""Below it a percentage says nothing: 3 dossiers instead of 2 are no rise of 50%."""
SUBJECTS = {"fee_total_amount": "fee", "documents_issued": "document", "legal_documents_issued": "document"}
"""Measure → kind of record; dossiers where it is not named."""
COMPARED_MEASURES = (
    ("received_in_window", "Hồ sơ tiếp nhận trong kỳ", "hồ sơ"),
    ("received_online", "Hồ sơ nộp trực tuyến", "hồ sơ"),
    ("resolved_total", "Hồ sơ đã giải quyết", "hồ sơ"),
    ("late", "Hồ sơ giải quyết quá hạn", "hồ sơ"),
    ("on_time_rate", "Tỷ lệ giải quyết trước hạn và đúng hạn", "%"),
    ("pending_total", "Hồ sơ đang giải quyết tại ngày chốt số liệu", "hồ sơ"),
    ("pending_overdue", "Hồ sơ đang giải quyết, đã quá hạn", "hồ sơ"),
    ("documents_issued", "Văn bản hành chính ban hành", "văn bản"),
    ("fee_total_amount", "Phí, lệ phí đã thu", "đồng"),
)
"""Measure, what it is called beside another period, unit of measure; in the order of the table."""
NAMES = {Relation.BEFORE: "kỳ trước", Relation.LAST_YEAR: "cùng kỳ năm trước"}


class Course(StrEnum):
    """What a figure did between two periods; sentences are chosen by it."""

    RISE = "rise"
    FALL = "fall"
    SAME = "same"
    NONE = "none"
    """Nothing in either period."""
    BEGAN = "began"
    """Nothing then, something now: no rate of growth from nothing."""
    ENDED = "ended"
    """Something then, nothing now."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both periods. ``growth`` is None where a percentage would say nothing."""

    measure: str
    course: Course
    now: Figure
    earlier: Figure
    difference: Figure
    growth: Figure | None
    now_parts: tuple[Figure, Figure] | None = None
    """Numerator and denominator of a rate: a share says nothing without what it is a share of."""
    earlier_parts: tuple[Figure, Figure] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Why some units, or all of them, are not compared."""

    obstacle: Obstacle
    codes: tuple[str, ...]
    day: date | None
    """The same for all of the units, else None."""


class Comparison:
    """One earlier period beside the report's own."""

    def __init__(self, inputs: ReportInputs, earlier: Earlier) -> None:
        self._inputs = inputs
        self._earlier = earlier
        self._own = inputs.table
        self._leaves = tuple(unit.code for unit in inputs.leaf_units)

    @property
    def relation(self) -> Relation:
        """What the other period is to the report's own."""
        return self._earlier.relation

    @property
    def name(self) -> str:
        """ "kỳ trước", "cùng kỳ năm trước"."""
        return NAMES[self._earlier.relation]

    @property
    def period_words(self) -> str:
        """ "tháng 8 năm 2021", with the last day counted where it is not the period's own."""
        words, table = period_name(self._earlier.period), self._earlier.table
        if table is None or table.reckoning.closing_day == table.reckoning.end:
            return words
        return f"{words}, tính đến hết ngày {date_short(table.reckoning.closing_day)}"

    def mark(self, measure: str) -> str:
        """Why the series does not compare over this time, empty where it does (merged units, moved tasks)."""
        return comparison_mark(self._inputs, subject_of(measure), self._earlier.period, self.name)

    def lines(self, measure: str) -> tuple[ComparedLine, ...]:
        """The lines of the report that have the measure now and compare."""
        return tuple(
            line
            for line in self._earlier.lines.get(subject_of(measure), ())
            if not line.obstacle and self._has(self._own, measure, line.code)
        )

    def with_data(self, measure: str) -> tuple[str, ...]:
        """Codes of the report's lines that have the measure now."""
        return tuple(code for code in self._leaves if self._has(self._own, measure, code))

    def is_partial(self, measure: str) -> bool:
        """True where only some of the units that the report counts can be compared."""
        return {line.code for line in self.lines(measure)} < set(self.with_data(measure))

    def gaps(self, measure: str) -> tuple[Gap, ...]:
        """Why units that have the measure now are not compared, one entry for each reason."""
        having = set(self.with_data(measure))
        found: dict[Obstacle, list[ComparedLine]] = {}
        for line in self._earlier.lines.get(subject_of(measure), ()):
            if line.obstacle and line.code in having:
                found.setdefault(line.obstacle, []).append(line)
        return tuple(
            Gap(obstacle, tuple(each.code for each in lines), _only({each.day for each in lines}))
            for obstacle, lines in found.items()
        )

    def change(self, measure: str) -> Change | None:
        """The figure in both periods; None without data, where nothing compares, and for a rate of nothing."""
        lines, table = self.lines(measure), self._earlier.table
        if not lines or table is None or self.mark(measure):
            return None
        now = _Side(
            self._own,
            tuple(line.code for line in lines),
            frozenset(self.with_data(measure)),
            self._inputs.node.code,
        )
        then = _Side(
            table,
            tuple(line.earlier_code for line in lines),
            frozenset(code for code in self._codes_then(lines) if self._has(table, measure, code)),
            # A unit of its own has the id that it had then; a roll-up keeps its code.
            self._inputs.node.code if self._inputs.is_rollup else lines[0].earlier_code,
        )
        return _rate_change(measure, now, then) if measure in RATIOS else _count_change(measure, now, then)

    def _codes_then(self, lines: tuple[ComparedLine, ...]) -> tuple[str, ...]:
        return self._earlier.codes or tuple(line.earlier_code for line in lines)

    @staticmethod
    def _has(table: IndicatorTable, measure: str, code: str) -> bool:
        parts = RATIOS[measure].denominator if measure in RATIOS else measure.split(JOIN)
        return all(table.value(part, (code,)) is not None for part in parts)


@dataclass(frozen=True, slots=True)
class _Side:
    """The compared units in one of the periods. ``whole``: every unit that the period's own total holds."""

    table: IndicatorTable
    codes: tuple[str, ...]
    whole: frozenset[str]
    node: str

    @property
    def reckoning(self) -> Reckoning:
        return self.table.reckoning

    @property
    def unit_key(self) -> str:
        """The node where its own total is meant; else the units one by one, so that the id names the sum."""
        return self.node if self.whole <= set(self.codes) else JOIN.join(self.codes)

    def value(self, parts: tuple[str, ...]) -> int:
        """A unit whose list says nothing of a measure has none of it: its list covers the period."""
        return add_measures(parts, [self.table.value(part, self.codes) or 0 for part in parts]) or 0

    def figure(self, measure: str) -> Figure:
        value = self.value(tuple(measure.split(JOIN)))
        return Figure(value, thousands(value), self.reckoning.cell_id(measure, self.unit_key))

    def parts(self, rate_id: str) -> tuple[Figure, Figure]:
        rate = RATIOS[rate_id]
        return self.figure(JOIN.join(rate.numerator)), self.figure(JOIN.join(rate.denominator))

    def share(self, rate_id: str) -> Figure | None:
        """None where too few were counted for a rate to be laid beside another."""
        rate = RATIOS[rate_id]
        above, below = self.value(rate.numerator), self.value(rate.denominator)
        text, share = percent(above, below), ratio(above, below)
        if text is None or share is None or below < FEWEST:
            return None
        return Figure(share, text, f"{RATE}/{self.reckoning.cell_id(rate_id, self.unit_key)}")


def comparisons(inputs: ReportInputs) -> tuple[Comparison, ...]:
    """One for each earlier period, the period before first."""
    return tuple(Comparison(inputs, earlier) for earlier in inputs.earlier)


def subject_of(measure: str) -> str:
    """Kind of record that the measure counts."""
    return SUBJECTS.get(measure, "dossier")


def change_id(now: Figure, then: _Side) -> str:
    """The id of a difference: that of the figure, then unit, period and last day of the other side.

    Everything that leads back to both figures stands in it; basis and rulebook are the same on both sides.
    """
    other = then.reckoning
    return "/".join((now.cell_id, then.unit_key, other.period.period_id, other.closing_day.isoformat()))


def _count_change(measure: str, now: _Side, then: _Side) -> Change:
    figure, earlier = now.figure(measure), then.figure(measure)
    value, base = int(figure.value), int(earlier.value)
    place = change_id(figure, then)
    difference = Figure(value - base, thousands(abs(value - base)), f"{CHANGE}/{place}")
    growth = None
    text = percent(abs(value - base), base) if base >= FEWEST else None
    if text is not None:
        growth = Figure((value - base) / base, text, f"{GROWTH}/{place}")
    return Change(measure, _course(value, base), figure, earlier, difference, growth)


def _rate_change(rate_id: str, now: _Side, then: _Side) -> Change | None:
    """In points of the rates as they are printed, so that the sentence adds up for whoever checks it by hand."""
    figure, earlier = now.share(rate_id), then.share(rate_id)
    if figure is None or earlier is None:
        return None
    gap = points(figure.text) - points(earlier.text)
    text = str(abs(gap)).replace(".", ",")
    difference = Figure(float(gap), text, f"{CHANGE}/{change_id(figure, then)}")
    course = Course.RISE if gap > 0 else Course.FALL if gap < 0 else Course.SAME
    return Change(rate_id, course, figure, earlier, difference, None, now.parts(rate_id), then.parts(rate_id))


def _course(value: int, base: int) -> Course:
    if value == base:
        return Course.SAME if value else Course.NONE
    if not base:
        return Course.BEGAN
    if not value:
        return Course.ENDED
    return Course.RISE if value > base else Course.FALL


def _only(days: set[date | None]) -> date | None:
    return next(iter(days)) if len(days) == 1 else None
