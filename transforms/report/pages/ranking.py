"""The units of a roll-up side by side: ranked with their volume beside the rate, and those far from the others."""

from __future__ import annotations

from transforms.indicators.measures import ratio_of_sums
from transforms.indicators.outliers import (
    BOUND,
    LEAST_DISTANCE,
    LEAST_DOSSIERS,
    LEAST_OTHERS,
    Outlier,
    find_outliers,
)
from transforms.indicators.rollup import code_of
from transforms.report.blocks import Paragraph, ParagraphStyle
from transforms.report.cells import Cells
from transforms.report.coverage import is_expected
from transforms.report.numbers_vi import percent
from transforms.report.pages.delivered import unit_page
from transforms.report.pages.found import UNIT, count_words, findings_of
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import Grid, GridCell, GridColumn, GridRow, PageBlock
from transforms.report.pages.wording import (
    NO_DATA,
    ON_TIME,
    ONLINE,
    RATE_NAMES,
    day_words,
    number_cell,
    rate_cell,
    unit_label,
)
from transforms.report.words import Source, Words, named, parts_of, sourced

TOO_FEW = "ít hồ sơ, không xếp hạng"
_NOT_ASKED = "không phải gửi"
_COLUMNS = (
    GridColumn("Hạng"),
    GridColumn("Đơn vị"),
    GridColumn("Tiếp nhận trong kỳ", True),
    GridColumn("Đã giải quyết", True),
    GridColumn("Tỷ lệ trước và đúng hạn", True),
    GridColumn("Đang giải quyết", True),
    GridColumn("Đang quá hạn", True),
    GridColumn("Tỷ lệ trực tuyến", True),
    GridColumn("Số liệu hồ sơ đến ngày"),
    GridColumn("Phát hiện đang mở"),
)
_EDGE = sourced(f"{LEAST_DOSSIERS}", Source.COUNTED)


def units_grid(night: NightInputs) -> Grid:
    """Every unit, the ranked ones first, then those with few dossiers, then those without data; the sum at the foot."""
    inputs = night.main
    cells = Cells(inputs)
    ranks = _ranks(night)
    order = sorted(
        (unit.code for unit in night.units),
        key=lambda code: (
            ranks.get(code, len(night.units) + 1),
            cells.value("received_total", unit=code) is None,
        ),
    )
    named_units = {unit.code: unit for unit in night.units}
    rows = []
    for code in order:
        has_data = cells.value("received_total", unit=code) is not None
        day = inputs.data_days.get((code, "dossier"))
        if has_data:
            rank = (
                GridCell(named(f"{ranks[code]}", Source.COUNTED))
                if code in ranks
                else GridCell("", remark=TOO_FEW)
            )
            data_day = GridCell(day_words(day)) if day else GridCell("")
        else:
            rank = GridCell("")
            data_day = GridCell(NO_DATA if is_expected(inputs, code, "dossier") else _NOT_ASKED, "wrong")
        name = GridCell(unit_label(named_units[code]), href=unit_page(night, code))
        found = count_words(findings_of(night, (code_of(code),), UNIT))
        rows.append(GridRow((rank, name, *_numbers(cells, code), data_day, GridCell(found or "–"))))
    total = (GridCell(""), GridCell("Cộng"), *_numbers(cells, ""), GridCell(""), GridCell(""))
    rows.append(GridRow(total, "total"))
    caption = Words("Các đơn vị, ", sourced(inputs.period_name, Source.PERIOD))
    how = Words(
        "Hạng theo tỷ lệ giải quyết trước và đúng hạn trên số hồ sơ đã giải quyết; bằng nhau thì đồng hạng, đơn vị giải quyết "
        "nhiều hơn ghi trước. Đơn vị giải quyết dưới ", _EDGE, " hồ sơ không xếp hạng: một hồ sơ cũng làm tỷ lệ đổi nhiều. "
        "Hạng không nói lên mức độ khó của hồ sơ; hãy đọc cùng số lượng và phát hiện của từng đơn vị.",
    )  # fmt: skip
    return Grid("don-vi", caption, _COLUMNS, tuple(rows), (how,), head=1, is_sortable=True)


def _numbers(cells: Cells, scope: str) -> tuple[GridCell, ...]:
    return (
        number_cell(cells.figure("received_in_window", unit=scope)),
        number_cell(cells.figure("resolved_total", unit=scope)),
        rate_cell(cells, ON_TIME, scope=scope),
        number_cell(cells.figure("pending_total", unit=scope)),
        number_cell(cells.figure("pending_overdue", unit=scope)),
        rate_cell(cells, ONLINE, scope=scope),
    )


def _ranks(night: NightInputs) -> dict[str, int]:
    """Unit → rank by the exact share, equal shares alike, in the order in which they are printed."""
    table = night.main.table
    found: list[tuple[float, int, str]] = []
    for unit in night.units:
        pair = ratio_of_sums(table, ON_TIME, (unit.code,))
        if pair is not None and pair[1] >= LEAST_DOSSIERS:
            found.append((-pair[0] / pair[1], -pair[1], unit.code))
    shares = [share for share, _, _ in sorted(found)]
    return {code: shares.index(share) + 1 for share, _, code in sorted(found)}


def outlier_blocks(night: NightInputs) -> tuple[PageBlock, ...]:
    """Sentences about units far from the others' median, with how they were found."""
    units = {unit.code: unit for unit in night.units}
    cells = Cells(night.main)
    blocks: list[PageBlock] = []
    for rate_id in (ON_TIME, ONLINE):
        pairs = {code: ratio_of_sums(night.main.table, rate_id, (code,)) for code in units}
        for each in find_outliers({code: pair for code, pair in pairs.items() if pair is not None}):
            words = _outlier_words(cells, rate_id, each, unit_label(units[each.unit_code]))
            blocks.append(Paragraph(ParagraphStyle.DASH_ITEM, words.parts))
    if not blocks:
        blocks.append(
            Paragraph(ParagraphStyle.BODY, parts_of("Không có đơn vị nào khác hẳn các đơn vị còn lại."))
        )
    how = Words(
        "Cách tìm: so tỷ lệ của mỗi đơn vị với trung vị của các đơn vị khác. Chỉ xét đơn vị có từ ", _EDGE,
        " hồ sơ ở mẫu số và khi có ít nhất ", sourced(f"{LEAST_OTHERS}", Source.COUNTED),
        " đơn vị khác như vậy. Nêu tên khi lệch từ ", sourced(f"{round(LEAST_DISTANCE * 100)}", Source.COUNTED),
        " điểm phần trăm và từ ", sourced(f"{BOUND}".replace(".", ","), Source.COUNTED),
        " lần mức phân tán (trung vị của các độ lệch, không nhỏ hơn mức do ngẫu nhiên). "
        "Khác biệt có thể có lý do chính đáng; đây không phải là kết luận.",
    )  # fmt: skip
    return (*blocks, Paragraph(ParagraphStyle.NOTE, how.parts))


def _outlier_words(cells: Cells, rate_id: str, each: Outlier, name: Words) -> Words:
    what, _ = RATE_NAMES[rate_id]
    cell = rate_cell(cells, rate_id, scope=each.unit_code)
    rate = cells.rate_figure(rate_id, unit=each.unit_code)
    median = percent(round(each.median * 1000), 1000) or ""
    side = "thấp hơn" if each.score < 0 else "cao hơn"
    return Words(
        *name.parts, f": {what[:1].lower()}{what[1:]} ", rate or "", " (", *parts_of(cell.remark), f"), {side} hẳn trung vị ",
        sourced(median, f"median/{rate_id}"), " của ", sourced(f"{each.others}", Source.COUNTED), " đơn vị khác.",
    )  # fmt: skip
