"""What changed since the last night: findings and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from transforms.indicators.measures import MEASURES, RATIOS, ratio_of_sums
from transforms.indicators.model import IndicatorTable
from transforms.report.blocks import Figure
from transforms.report.cells import Cells
from transforms.report.numbers_vi import money, percent, thousands
from transforms.report.pages.inputs import Before, NightInputs, PageFinding
from transforms.report.pages.model import FoundItem, FoundList, Grid, GridCell, GridColumn, GridRow, PageBlock
from transforms.report.pages.wording import counted, day_words, paragraph
from transforms.report.words import Source, Words, finding_source, joined_words, named, sourced

BEFORE = "known"
"""First part of the id of a figure of the last night: an instant and the cell's own id follow."""
STATE_NAMES = {
    "new": "mới",
    "reopened": "mở lại",
    "worse": "xấu hơn",
    "better": "giảm bớt",
    "fixed": "đã xử lý xong",
    "explained": "đã giải trình",
}
"""State of life → how a page names it; a persisting finding is not named."""
_TOLD = ("new", "reopened", "worse", "better", "fixed")
_MEASURES = (
    "received_in_window", "resolved_total", "early", "on_time", "late", "pending_total", "pending_overdue",
    "documents_issued", "documents_received", "fee_total_amount",
)  # fmt: skip
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_RATES = ("on_time_rate", "online_rate", "overdue_rate")
_NAMES = {
    "early": "Giải quyết trước hạn",
    "on_time": "Giải quyết đúng hạn",
    "late": "Giải quyết quá hạn",
    "fee_total_amount": "Phí, lệ phí đã thu",
}


def changes_blocks(
    night: NightInputs,
    findings: Sequence[PageFinding],
    scope: str = "",
    unit_names: Mapping[str, str] = _NO_NAMES,
) -> tuple[PageBlock, ...]:
    """A sentence and, where something changed, the findings and the figures; of the first night one sentence.

    ``unit_names``: named beside a finding.
    """
    if night.before is None:
        first = "Đây là đêm đầu tiên có số liệu; từ đêm sau, mục này nêu những gì thay đổi so với đêm trước."
        return (paragraph(first),)
    moved = [row for row in _figure_rows(night, night.before, scope) if row is not None]
    told = [finding for finding in findings if finding.state in _TOLD]
    blocks: list[PageBlock] = [paragraph(_summary(night.before, told, len(moved)))]
    if told:
        items = [
            FoundItem(
                each.severity,
                STATE_NAMES[each.state],
                _sentence(each),
                remark=unit_names.get(each.unit_code, ""),
            )
            for each in _ordered(told)
        ]
        blocks.append(FoundList("Phát hiện thay đổi", tuple(items)))
    if moved:
        blocks.append(_figures_grid(night, moved))
    elif night.before.table is None:
        blocks.append(paragraph(_no_count(night)))
    return tuple(blocks)


def _no_count(night: NightInputs) -> str:
    name = sourced(night.main.period_name, Source.PERIOD)
    return Words("Đêm trước chưa có số liệu của ", name, ", nên chưa có gì để so sánh.")


def _summary(before: Before, told: Sequence[PageFinding], moved: int) -> Words:
    lead = Words("So với đêm của ngày làm việc ", *day_words(before.as_of).parts, ": ")
    counts = Counter(finding.state for finding in told)
    parts = [
        Words(*counted(counts[state]).parts, f" phát hiện {STATE_NAMES[state]}")
        for state in _TOLD
        if counts[state]
    ]
    if moved:
        parts.append(Words(*counted(moved).parts, " số liệu thay đổi"))
    if not parts:
        return Words(*lead.parts, "không có gì thay đổi.")
    return Words(*lead.parts, *joined_words(", ", *parts).parts, ".")


def _ordered(told: Sequence[PageFinding]) -> list[PageFinding]:
    return sorted(told, key=lambda each: _TOLD.index(each.state))


def _sentence(finding: PageFinding) -> Words:
    return named(finding.sentence, finding_source(finding.finding_id))


def _figures_grid(night: NightInputs, rows: list[GridRow]) -> Grid:
    columns = (
        GridColumn("Số liệu"),
        GridColumn("Đêm trước", True),
        GridColumn("Hiện nay", True),
        GridColumn("Thay đổi", True),
    )
    caption = Words("Số liệu thay đổi, ", sourced(night.main.period_name, Source.PERIOD))
    return Grid("thay-doi-so-lieu", caption, columns, tuple(rows))


def _figure_rows(night: NightInputs, before: Before, scope: str) -> list[GridRow | None]:
    if before.table is None:
        return []
    cells = Cells(night.main)
    units = (scope,) if scope else cells.leaf_codes
    code = scope or night.node.code
    return [
        *(_measure_row(cells, before, before.table, measure, units, code, scope) for measure in _MEASURES),
        *(_rate_row(cells, before, before.table, rate, units, code, scope) for rate in _RATES),
    ]


def _measure_row(
    cells: Cells,
    before: Before,
    table: IndicatorTable,
    measure: str,
    units: tuple[str, ...],
    code: str,
    scope: str,
) -> GridRow | None:
    write = money if measure == "fee_total_amount" else thousands
    then, now = table.value(measure, units), cells.figure(measure, unit=scope, write=write)
    if now is None or now.value == then:
        return None
    was = None if then is None else Figure(then, write(then), _id_before(before, table, measure, code))
    change = ""
    if then is not None:
        difference = int(now.value) - then
        change = named(("+" if difference > 0 else "−") + write(abs(difference)), Source.COUNTED)
    return _row(_NAMES.get(measure, MEASURES[measure].label), was, now, change)


def _rate_row(
    cells: Cells,
    before: Before,
    table: IndicatorTable,
    rate: str,
    units: tuple[str, ...],
    code: str,
    scope: str,
) -> GridRow | None:
    now, pair = cells.rate_figure(rate, unit=scope), ratio_of_sums(table, rate, units)
    text = percent(*pair) if pair else None
    if now is None or pair is None or text is None or now.text == text:
        return None
    was = Figure(pair[0] / pair[1], text, _id_before(before, table, rate, code, "rate/"))
    return _row(RATIOS[rate].label, was, now, "")


def _row(name: str, was: Figure | None, now: Figure, change: str) -> GridRow:
    return GridRow((GridCell(name), GridCell(was or ""), GridCell(now), GridCell(change)))


def _id_before(before: Before, table: IndicatorTable, measure: str, code: str, prefix: str = "") -> str:
    return f"{BEFORE}/{before.known_at}/{prefix}{table.reckoning.cell_id(measure, code)}"
