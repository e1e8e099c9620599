"""How old the open dossiers are and how long the overdue ones are past their day."""

from __future__ import annotations

from transforms.indicators.backlog import AGE, BANDS, LATENESS, PENDING, UNKNOWN
from transforms.report.blocks import Chart, Figure, Series
from transforms.report.cells import Cells
from transforms.report.numbers_vi import thousands
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import PageBlock
from transforms.report.words import Source, Words, joined_words, named, parts_of

_PLACE_NAMES = {"pending_within": "Trong hạn", "pending_overdue": "Quá hạn"}
_TITLES = {
    AGE: ("Hồ sơ đang giải quyết theo số ngày làm việc từ khi tiếp nhận", "tu-khi-tiep-nhan"),
    LATENESS: ("Hồ sơ đang quá hạn theo số ngày làm việc đã quá hạn", "da-qua-han"),
}


def backlog_blocks(night: NightInputs, scope: str = "") -> tuple[PageBlock, ...]:
    """Charts by age and by lateness on the last day counted; nothing where no dossier is open."""
    cells = Cells(night.main)
    found: list[PageBlock] = []
    if cells.value("pending_total", unit=scope):
        found.append(_chart(night, cells, scope, AGE, PENDING))
    if cells.value("pending_overdue", unit=scope):
        found.append(_chart(night, cells, scope, LATENESS, PENDING[1:]))
    return tuple(found)


def _chart(night: NightInputs, cells: Cells, scope: str, what: str, measures: tuple[str, ...]) -> Chart:
    units = (scope,) if scope else cells.leaf_codes
    bands = [band.band_id for band in BANDS[what]]
    if any((what, UNKNOWN, measure, unit) in night.backlog for measure in measures for unit in units):
        bands.append(UNKNOWN)
    reckoning = night.main.table.reckoning

    def figure(band: str, measure: str) -> Figure:
        count = sum(night.backlog.get((what, band, measure, unit), 0) for unit in units)
        identity = f"{what}.{band}/{reckoning.cell_id(measure, scope or night.node.code)}"
        return Figure(count, thousands(count), identity)

    names = tuple(named(_band_words(what, band), Source.CATALOGUE) for band in bands)
    series = tuple(
        Series(_PLACE_NAMES[measure], tuple(figure(band, measure) for band in bands)) for measure in measures
    )
    title, chart_id = _TITLES[what]
    lines = (
        Words(
            *parts_of(name), ": ",
            *joined_words(", ", *(Words(f"{each.name.lower()} ", each.values[at] or "") for each in series)).parts,
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    return Chart(
        chart_id, title, "stacked_bar" if len(series) > 1 else "bar", names, series,
        Words(f"{title}. ", *joined_words("; ", *lines).parts, "."),
        category_title="Số ngày làm việc", value_title="Số hồ sơ",
    )  # fmt: skip


def _band_words(what: str, band_id: str) -> str:
    if band_id == UNKNOWN:
        return "Không rõ ngày"
    band = next(each for each in BANDS[what] if each.band_id == band_id)
    if band.last is None:
        return f"Trên {band.first - 1} ngày"
    return f"{band.first}–{band.last} ngày" if band.first else f"Đến {band.last} ngày"
