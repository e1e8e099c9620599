"""The units of a roll-up side by side: ranked with their volume beside the rate, and those far from the others."""

from __future__ import annotations

from transforms.indicators.outliers import BOUND, LEAST_DISTANCE, LEAST_DOSSIERS, LEAST_OTHERS
from transforms.indicators.ranking import RankedUnit, Standing, rank_units
from transforms.indicators.rollup import code_of
from transforms.report.blocks import Paragraph, ParagraphStyle
from transforms.report.cells import Cells
from transforms.report.coverage import is_expected
from transforms.report.pages.delivered import unit_page
from transforms.report.pages.found import UNIT, count_words, findings_of
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import Grid, GridCell, GridColumn, GridRow, PageBlock
from transforms.report.pages.wording import (
    NO_DATA,
    ON_TIME,
    ONLINE,
    day_words,
    number_cell,
    rate_cell,
    unit_label,
)
from transforms.report.ranking import RATE_NAMES, Unusual, find_unusual
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
_EDGE = sourced(f"{LEAST_DOSSIERS}", Source.RULE)


def units_grid(night: NightInputs) -> Grid:
    """Every unit, the ranked ones first, then those with few dossiers, then those without data; the sum at the foot."""
    cells = Cells(night.main)
    ranked = rank_units(night.main.table, tuple(unit.code for unit in night.units))
    rows = [_unit_row(night, cells, each) for each in ranked]
    total = (GridCell(""), GridCell("Cộng"), *_numbers(cells, ""), GridCell(""), GridCell(""))
    rows.append(GridRow(total, "total"))
    caption = Words("Các đơn vị, ", sourced(night.main.period_name, Source.PERIOD))
    how = Words(
        "Hạng theo tỷ lệ giải quyết trước và đúng hạn trên số hồ sơ đã giải quyết; bằng nhau thì đồng hạng, đơn vị giải quyết "
        "nhiều hơn ghi trước. Đơn vị giải quyết dưới ", _EDGE, " hồ sơ không xếp hạng: một hồ sơ cũng làm tỷ lệ đổi nhiều. "
        "Hạng không nói lên mức độ khó của hồ sơ; hãy đọc cùng số lượng và phát hiện của từng đơn vị.",
    )  # fmt: skip
    return Grid("don-vi", caption, _COLUMNS, tuple(rows), (how,), head=1, is_sortable=True)


def _unit_row(night: NightInputs, cells: Cells, ranked: RankedUnit) -> GridRow:
    code = ranked.unit_code
    unit = next(unit for unit in night.units if unit.code == code)
    place = GridCell(named(f"{ranked.place}", Source.COUNTED)) if ranked.place else GridCell("")
    day = night.main.data_days.get((code, "dossier"))
    data_day = GridCell(day_words(day) if day else "")
    if ranked.standing is Standing.FEW:
        place = GridCell("", remark=TOO_FEW)
    elif ranked.standing is Standing.SILENT:
        is_asked = is_expected(night.main, code, "dossier")
        data_day = GridCell(NO_DATA if is_asked else _NOT_ASKED, "wrong" if is_asked else "none")
    found = count_words(findings_of(night, (code_of(code),), UNIT))
    name = GridCell(unit_label(unit), href=unit_page(night, code))
    return GridRow((place, name, *_numbers(cells, code), data_day, GridCell(found or "–")))


def _numbers(cells: Cells, scope: str) -> tuple[GridCell, ...]:
    return (
        number_cell(cells.figure("received_in_window", unit=scope)),
        number_cell(cells.figure("resolved_total", unit=scope)),
        rate_cell(cells, ON_TIME, scope=scope),
        number_cell(cells.figure("pending_total", unit=scope)),
        number_cell(cells.figure("pending_overdue", unit=scope)),
        rate_cell(cells, ONLINE, scope=scope),
    )


def outlier_blocks(night: NightInputs) -> tuple[PageBlock, ...]:
    """Sentences about units far from the others' median, with how they were found."""
    cells = Cells(night.main)
    blocks: list[PageBlock] = [
        Paragraph(ParagraphStyle.DASH_ITEM, _unusual_words(cells, each).parts)
        for each in find_unusual(night.main, cells)
    ]
    if not blocks:
        blocks.append(
            Paragraph(ParagraphStyle.BODY, parts_of("Không có đơn vị nào khác hẳn các đơn vị còn lại."))
        )
    how = Words(
        "Cách tìm: so tỷ lệ của mỗi đơn vị với trung vị của các đơn vị khác. Chỉ xét đơn vị có từ ", _EDGE,
        " hồ sơ ở mẫu số và khi có ít nhất ", sourced(f"{LEAST_OTHERS}", Source.RULE),
        " đơn vị khác như vậy. Nêu tên khi lệch từ ", sourced(f"{round(LEAST_DISTANCE * 100)}", Source.RULE),
        " điểm phần trăm và từ ", sourced(f"{BOUND}".replace(".", ","), Source.RULE),
        " lần mức phân tán (trung vị của các độ lệch, không nhỏ hơn mức do ngẫu nhiên). "
        "Khác biệt có thể có lý do chính đáng; đây không phải là kết luận.",
    )  # fmt: skip
    return (*blocks, Paragraph(ParagraphStyle.NOTE, how.parts))


def _unusual_words(cells: Cells, each: Unusual) -> Words:
    what = RATE_NAMES[each.rate_id]
    share = rate_cell(cells, each.rate_id, scope=each.unit.code).remark
    side = "cao hơn" if each.is_higher else "thấp hơn"
    return Words(
        *unit_label(each.unit).parts, f": {what[:1].lower()}{what[1:]} ", each.rate, " (", *parts_of(share),
        f"), {side} hẳn trung vị ", each.usual, " của các đơn vị khác.",
    )  # fmt: skip
