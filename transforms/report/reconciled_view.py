"""A reconciliation laid out in lines, for the terminal, the page and the list of dossiers alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transforms.catalogue.model import Catalogue, Unit
from transforms.indicators.measures import RATIOS
from transforms.indicators.model import Reckoning
from transforms.indicators.period import period_name, window_words
from transforms.indicators.reconcile_model import (
    ON_TIME_PARTS,
    ON_TIME_RATE,
    RECONCILED,
    Comparison,
    Counting,
    Difference,
    DifferingDossier,
    Reconciliation,
)
from transforms.indicators.scores import GroupScore, PartScore
from transforms.indicators.software_summary import Fit, SoftwareSummary
from transforms.report.blocks import Figure
from transforms.report.cells import JOIN
from transforms.report.names import sentence_case
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.reconciled import (
    CERTAINTY_WORDS,
    FIT_WORDS,
    REASON_TITLES,
    difference_words,
    measure_label,
    points_words,
    rate_words,
    reason_sentence,
    share_words,
    signed,
)

SOFTWARE_COLUMN = "Tổng hợp của phần mềm"


@dataclass(frozen=True, slots=True)
class ReconciledView:
    """Everything that a page or a terminal shows of one reconciliation."""

    node: Unit
    units: tuple[Unit, ...]
    """Units as printed; the node alone where it is no roll-up."""
    catalogue: Catalogue
    reconciliation: Reconciliation
    scores: tuple[tuple[Counting, tuple[GroupScore, ...]], ...]
    """Each counting whose rulebook has an index, with its points."""
    summary: SoftwareSummary | None = None
    missing: tuple[Unit, ...] = ()
    """Those of the units that sent no list of dossiers."""

    @property
    def reckoning(self) -> Reckoning:
        """The days and the base rulebook."""
        return self.reconciliation.countings[0].reckoning

    @property
    def is_rollup(self) -> bool:
        """True when the node is more than the one unit that it counts."""
        return tuple(unit.code for unit in self.units) != (self.node.code,)

    @property
    def period_words(self) -> str:
        """ "9 tháng năm 2021, tính từ ngày 15/12/2020 đến ngày 05/9/2021"."""
        return f"{sentence_case(period_name(self.reckoning.period))}, {window_words(self.reckoning)}"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure under every rulebook."""

    label: str
    figures: tuple[Figure, ...]
    """One for each counting."""
    deltas: tuple[str, ...]
    """Of every counting but the base: how much more or less; empty for a rate."""
    printed: str
    """What the software's summary says; empty without one."""
    fit: str
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason of one difference."""

    code: str
    count: int
    amount: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference between the base and another rulebook, with its reasons."""

    label: str
    amount: str
    sentence: str
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One group or part of an index."""

    name: str
    most: str
    share: Figure | None
    """What earns the points; None where no export tells it."""
    points: str
    remark: str
    is_group: bool


def missing_sentence(view: ReconciledView) -> str:
    """Who is not in the figures; empty when everybody is."""
    names = ", ".join(unit.full_name for unit in view.missing)
    return f"Chưa có số liệu của {names}; các số trên không gồm hồ sơ của đơn vị này." if names else ""


def measure_lines(view: ReconciledView) -> tuple[MeasureLine, ...]:
    """The measures in order, the on-time rate after what it is made of."""
    lines: list[MeasureLine] = []
    for measure_id in RECONCILED:
        lines.append(_measure_line(view, measure_id))
        if measure_id == "resolved_total":
            figures = tuple(rate_figure(view, counting) for counting in view.reconciliation.countings)
            empty = tuple("" for _ in figures[1:])
            lines.append(MeasureLine(measure_label(ON_TIME_RATE), figures, empty, "", "", is_rate=True))
    return tuple(lines)


def _measure_line(view: ReconciledView, measure_id: str) -> MeasureLine:
    countings = view.reconciliation.countings
    values = [counting.value(measure_id) for counting in countings]
    figures = tuple(
        Figure(value, thousands(value), counting.cell_id(measure_id, view.node.code))
        for value, counting in zip(values, countings, strict=True)
    )
    printed = fit = ""
    software = software_counting(view)
    if view.summary is not None and software is not None and not view.summary.missing_units:
        number = view.summary.values.get(measure_id)
        printed = "–" if number is None else thousands(number)
        found = view.summary.fit(software, measure_id)
        fit = "" if found is Fit.UNTOLD else FIT_WORDS[found]
    return MeasureLine(
        measure_label(measure_id),
        figures,
        tuple(signed(value - values[0]) for value in values[1:]),
        printed,
        fit,
    )


def rate_figure(view: ReconciledView, counting: Counting, unit_code: str = "") -> Figure:
    """The on-time rate of the node or of one of its units; "không phát sinh" where nothing was resolved."""
    of = (unit_code,) if unit_code else tuple(unit.code for unit in view.units)
    above, below = (
        sum(counting.by_unit.get((measure, code), 0) for code in of)
        for measure in (ON_TIME_PARTS, "resolved_total")
    )
    cell_id = counting.cell_id(ON_TIME_RATE, unit_code or view.node.code)
    return Figure(above / below if below else 0, rate_words(above, below), cell_id)


def difference_lines(view: ReconciledView, comparison: Comparison) -> tuple[DifferenceLine, ...]:
    """Each difference as a sentence with its reasons, in the order of the measures."""
    return tuple(_difference_line(view, comparison, found) for found in comparison.differences)


def _difference_line(view: ReconciledView, comparison: Comparison, found: Difference) -> DifferenceLine:
    base, other = comparison.base, comparison.other
    sentence = (
        f"{thousands(found.base)} theo {base.label}, {thousands(found.other)} theo {other.label}: "
        f"{difference_words(found.amount)}."
    )
    reasons = tuple(
        ReasonLine(
            reason.code,
            reason.added + reason.taken,
            signed(reason.amount),
            reason_sentence(reason.code, base, other, view.reckoning.start),
        )
        for reason in found.reasons
    )
    return DifferenceLine(measure_label(found.measure_id), signed(found.amount), sentence, reasons)


def score_lines(
    view: ReconciledView, counting: Counting, groups: tuple[GroupScore, ...]
) -> Iterator[ScoreLine]:
    """The index line by line: a group, and its parts where it has several."""
    applies_from = counting.rulebook.applies_from
    for group in groups:
        has_parts = len(group.parts) > 1
        if has_parts:
            yield ScoreLine(group.group.name, thousands(group.group.most), None, "", "", is_group=True)
        for score in group.parts:
            remarks = [f"{CERTAINTY_WORDS[score.part.certainty]}"] if score.part.rate_id else []
            remarks += [score.part.remark] if score.part.remark else []
            if score.untold:
                remarks.append(f"Không xét {thousands(score.untold)} hồ sơ chưa rõ hình thức nộp.")
            yield ScoreLine(
                score.part.name if has_parts else group.group.name,
                thousands(score.part.most),
                _share(score, counting, view.node.code),
                points_words(score, applies_from),
                " ".join(_with_stop(remark) for remark in remarks),
                is_group=not has_parts,
            )


def score_sentence(counting: Counting) -> str:
    """What the points are, and that there are none for a period before the index."""
    applies_from, closing = counting.rulebook.applies_from, counting.reckoning.closing_day
    if applies_from is not None and closing < applies_from:
        return (
            f"{counting.rulebook.label} áp dụng từ {date_short(applies_from)}; số liệu này chốt ngày "
            f"{date_short(closing)} nên không chấm điểm, chỉ nêu tỷ lệ để tham khảo."
        )
    return "Chỉ chấm những phần mà tệp kết xuất có dữ liệu; đây không phải điểm chính thức."


def _share(score: PartScore, counting: Counting, unit_code: str) -> Figure | None:
    if score.numerator is None or not score.denominator:
        return None
    # Without the dossiers whose channel is not known it is no longer the rate that reports print.
    measure = JOIN.join(RATIOS[score.part.rate_id].numerator)
    cell_id = counting.reckoning.cell_id(measure, unit_code)
    if not score.untold:
        cell_id = "rate/" + counting.reckoning.cell_id(score.part.rate_id, unit_code)
    return Figure(score.numerator / score.denominator, share_words(score), cell_id)


def _with_stop(remark: str) -> str:
    return sentence_case(remark) if remark.endswith(".") else f"{sentence_case(remark)}."


def software_counting(view: ReconciledView) -> Counting | None:
    """The counting that the software's summary should equal; None in a catalogue without it."""
    return next((c for c in view.reconciliation.countings if c.rulebook.is_of_software), None)


def summary_sentence(view: ReconciledView) -> str:
    """Whether the software's own summary is reproduced; or that none was sent."""
    software, summary = software_counting(view), view.summary
    if software is None or summary is None:
        return "Không có bảng tổng hợp do phần mềm in ra cho đúng khoảng thời gian này."
    span = f"từ ngày {date_short(summary.start)} đến ngày {date_short(summary.end)}"
    if summary.missing_units:
        names = {unit.code: unit.full_name for unit in view.units}
        listed = ", ".join(names.get(code, code) for code in summary.missing_units)
        return f"Bảng tổng hợp của phần mềm {span} còn thiếu của {listed}, nên chưa đối chiếu được."
    if summary.is_reproduced_by(software):
        return f"Cách đếm “{software.rulebook.label}” cho ra đúng bảng tổng hợp mà phần mềm in {span}."
    differing = [
        measure_label(measure).lower()
        for measure in summary.values
        if summary.fit(software, measure) is Fit.DIFFERS
    ]
    return (
        f"Cách đếm “{software.rulebook.label}” chưa cho ra đúng bảng tổng hợp mà phần mềm in {span}; "
        f"lệch ở: {', '.join(differing)}."
    )


def dossier_reasons(dossier: DifferingDossier) -> tuple[tuple[str, str], ...]:
    """(reason code, its few words) of a dossier, each once."""
    codes = dict.fromkeys(code for _, _, code, _ in dossier.reasons)
    return tuple((code, REASON_TITLES[code]) for code in codes)
