"""The table that lays a report's figures beside those of earlier periods, and what is said where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.calendar.day_words import official_date
from transforms.indicators.earlier import Obstacle
from transforms.indicators.measures import RATIOS
from transforms.report.blocks import Figure, Inline, Run, Table, TableColumn, TableRow, Text
from transforms.report.breaks import SUBJECT_NAMES
from transforms.report.cells import Cells
from transforms.report.comparison import (
    COMPARED_MEASURES,
    Change,
    Comparison,
    Course,
    Gap,
    comparisons,
)
from transforms.report.inputs import ReportInputs
from transforms.report.names import join_names, sentence_case
from transforms.report.words import Source, Words, sourced

COMPARISON_TABLE = "so_sanh"
UNTOLD = "x"
"""Stands where a percentage would say nothing."""
_TYPICAL = {"dossier": "received_in_window", "fee": "fee_total_amount", "document": "documents_issued"}
"""Kind of record → the measure that says whether a unit has any of it."""
_RECOUNTED = (
    "Số liệu của các kỳ so sánh được đếm lại theo cùng quy tắc, từ dữ liệu đã biết đến nay; có thể khác số liệu "
    "trong báo cáo đã gửi của kỳ đó."
)
_POINTS = "Mức tăng, giảm của tỷ lệ tính bằng điểm phần trăm."
_SMALL = f"{UNTOLD}: không tính, vì chỉ tiêu là tỷ lệ hoặc số liệu của kỳ so sánh dưới mười."


def build_comparison_table(inputs: ReportInputs, cells: Cells) -> Table | None:
    """Every figure that compares with at least one earlier period; None where none does."""
    sides = [side for side in comparisons(inputs) if _changes(side)]
    if not sides:
        return None
    rows = [row for measure, name, unit in COMPARED_MEASURES if (row := _row(sides, measure, name, unit))]
    rows = [TableRow((str(number), *row.cells)) for number, row in enumerate(rows, 1)]
    is_rate = any(measure in RATIOS for side in sides for measure in _changes(side))
    has_small = any(UNTOLD in row.cells for row in rows)
    notes: list[Text] = [(Run(_RECOUNTED),)]
    notes += [(Run(sentence),) for sentence, is_said in ((_POINTS, is_rate), (_SMALL, has_small)) if is_said]
    notes += comparison_gaps(inputs, cells, *_TYPICAL)
    return Table(
        COMPARISON_TABLE,
        comparison_title(inputs),
        _columns(sides),
        tuple(rows),
        notes=tuple(notes),
    )


def comparison_title(inputs: ReportInputs) -> str:
    """ "So sánh với kỳ trước và cùng kỳ năm trước": the periods that figures are compared with."""
    return f"So sánh với {' và '.join(side.name for side in comparisons(inputs) if _changes(side))}"


def comparison_gaps(inputs: ReportInputs, cells: Cells, *subjects: str) -> tuple[Text, ...]:
    """Why units are not compared, a sentence for each reason; one reason of several kinds or periods is said once.

    Nothing for a kind of record that the report has no figures of, nor where a break in the series says why
    already.
    """
    every = comparisons(inputs)
    told: dict[tuple[Gap, tuple[Comparison, ...]], list[str]] = {}
    for subject in subjects:
        measure = _TYPICAL[subject]
        found: dict[Gap, list[Comparison]] = {}
        for side in every:
            if not side.mark(measure):
                for gap in side.gaps(measure):
                    found.setdefault(gap, []).append(side)
        for gap, sides in found.items():
            told.setdefault((gap, tuple(sides)), []).append(subject)
    return tuple(_gap_text(inputs, cells, kinds, gap, sides) for (gap, sides), kinds in told.items())


def _changes(side: Comparison) -> dict[str, Change]:
    found = ((measure, side.change(measure)) for measure, _, _ in COMPARED_MEASURES)
    told = {measure: change for measure, change in found if change is not None}
    return told if any(change.course is not Course.NONE for change in told.values()) else {}


def _columns(sides: Sequence[Comparison]) -> tuple[TableColumn, ...]:
    columns = [
        TableColumn("stt", "TT", width_mm=10.0, is_text=True),
        TableColumn("name", "Chỉ tiêu", width_mm=62.0, is_text=True),
        TableColumn("unit", "Đơn vị tính", width_mm=18.0, is_text=True),
    ]
    for side in sides:
        group = Words(f"{sentence_case(side.name)} (", sourced(side.period_words, Source.PERIOD), ")")
        key = side.relation.value
        columns += [
            TableColumn(f"{key}.now", "Kỳ này", group, width_mm=22.0),
            TableColumn(f"{key}.earlier", sentence_case(side.name), group, width_mm=22.0),
            TableColumn(f"{key}.change", "Tăng (+), giảm (-)", group, width_mm=26.0),
            TableColumn(f"{key}.growth", "Tỷ lệ", group, width_mm=17.0),
        ]
    return tuple(columns)


def _row(sides: Sequence[Comparison], measure: str, name: str, unit: str) -> TableRow | None:
    """The cells after the running number; None where the measure compares with no period, or never arose."""
    changes = [side.change(measure) for side in sides]
    if all(change is None or change.course is Course.NONE for change in changes):
        return None
    cells = [cell for change in changes for cell in _cells(change)]
    return TableRow((name, unit, *cells))


def _cells(change: Change | None) -> Iterator[Figure | str]:
    if change is None:
        yield from ("", "", "", "")
        return
    yield change.now
    yield change.earlier
    yield _signed(change.difference)
    if change.growth is not None:
        yield _signed(change.growth, change.difference.value)
    else:
        yield UNTOLD


def _signed(figure: Figure, value: float | None = None) -> Figure:
    value = figure.value if value is None else value
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return replace(figure, text=sign + figure.text)


def _gap_text(
    inputs: ReportInputs, cells: Cells, subjects: Sequence[str], gap: Gap, sides: Sequence[Comparison]
) -> Text:
    names = [SUBJECT_NAMES[subject] for subject in subjects]
    what = f"số liệu {names[0]}" if len(names) == 1 else f"số liệu về {', về '.join(names)}"
    parts: list[Inline] = []
    for side in sides:
        parts += [Run(" và " if parts else " với "), Run(f"{side.name} (")]
        parts += [sourced(side.period_words, Source.PERIOD), Run(")")]
    having = sides[0].with_data(_TYPICAL[subjects[0]])
    if len(gap.codes) == len(having) or not inputs.is_rollup:
        who = "của các đơn vị " if inputs.is_rollup else "của đơn vị "
        return (Run(f"{_lead(gap)} {what}"), *parts, *_reason(gap, f" vì {what} {who}"), Run("."))
    key = f"{sides[0].relation.value}.{subjects[0]}.{gap.obstacle.value}"
    units = join_names(tuple(unit for unit in inputs.leaf_units if unit.code in gap.codes))
    return (
        Run(f"{_lead(gap)} {what} của "),
        cells.coverage_figure(f"uncompared.{key}", len(gap.codes)),
        Run("/"),
        cells.coverage_figure(f"comparable.{key}", len(having)),
        Run(" đơn vị"),
        *parts,
        Run(": "),
        sourced(units, Source.CATALOGUE),
        Run(" ("),
        *_reason(gap, "số liệu "),
        Run(")."),
    )


def _lead(gap: Gap) -> str:
    return {
        Obstacle.UNCOVERED: "Chưa đủ dữ liệu để so sánh",
        Obstacle.OUTDATED: "Chưa so sánh",
    }.get(gap.obstacle, "Không so sánh được")


def _reason(gap: Gap, figures: str) -> tuple[Run, ...]:
    """``figures``: the words that lead to what is said of the figures themselves."""
    cause = " vì " if figures.startswith(" vì ") else ""
    if gap.obstacle is Obstacle.CHANGED:
        return (Run(f"{cause}đơn vị hành chính được sắp xếp lại giữa hai kỳ"),)
    if gap.obstacle is Obstacle.OUTDATED:
        taken = sourced(f" (ngày {official_date(gap.day)})" if gap.day else "", Source.DATE)
        return (Run(f"{cause}tệp kết xuất mới nhất"), taken, Run(" lập trước ngày chốt số liệu"))
    if gap.day:
        return (Run(f"{figures}chỉ đầy đủ từ "), sourced(f"ngày {official_date(gap.day)}", Source.DATE))
    return (Run(f"{figures}chưa đầy đủ trong khoảng thời gian đó"),)
