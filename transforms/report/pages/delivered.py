"""Which lists came, when, and what is missing: of one unit line by line, of a roll-up as a matrix."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.catalogue.expected import LIST_NAMES
from transforms.catalogue.model import LIST_KINDS
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState, count_coverage
from transforms.indicators.period import parse_period, period_name
from transforms.indicators.rollup import code_of
from transforms.report.names import sentence_case
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import Grid, GridCell, GridColumn, GridRow
from transforms.report.pages.wording import counted, day_words, unit_label
from transforms.report.words import Source, Words, parts_of, sourced

_TAGS = {
    DeliveryState.ON_TIME: ("fine", "✓ đúng hạn"),
    DeliveryState.LATE: ("warn", "! chậm"),
    DeliveryState.MISSING: ("wrong", "✗ chưa gửi"),
    DeliveryState.EMPTY: ("warn", "∅ tệp không có dòng nào"),
    DeliveryState.NOT_DUE: ("none", "– chưa đến hạn"),
    DeliveryState.NOT_EXPECTED: ("none", "– không phải gửi"),
}
_MATRIX_WORDS = {DeliveryState.EMPTY: "∅ rỗng"}


def unit_lists(night: NightInputs, unit_code: str) -> Grid:
    """What one unit sent for the main period, and its supplements for the other periods of the night."""
    rows = []
    for each in _of(night.lists, unit_code):
        rows.append(_list_row(LIST_NAMES[each.kind], each))
    for period_id, lists in night.other_supplements.items():
        for each in _of(lists, unit_code):
            name = Words(
                f"{LIST_NAMES[each.kind]}, ", sourced(period_name(parse_period(period_id)), Source.PERIOD)
            )
            rows.append(_list_row(name, each))
    columns = (
        GridColumn("Danh sách"),
        GridColumn("Tình trạng"),
        GridColumn("Kết xuất mới nhất"),
        GridColumn("Hạn gửi gần nhất"),
    )
    caption = Words("Các danh sách của ", sourced(night.main.period_name, Source.PERIOD))
    return Grid("da-gui", caption, columns, tuple(rows))


def _list_row(name: str, each: DeliveryCoverage) -> GridRow:
    tag, words = _TAGS[each.state]
    said: str = words
    if each.late_days:
        lead = "! chậm " if each.state is DeliveryState.LATE else f"{words}, quá hạn "
        said = Words(lead, sourced(f"{each.late_days}", Source.DATE), " ngày làm việc")
    newest = day_words(each.exported_on) if each.exported_on else "–"
    due = day_words(each.due) if each.due else "–"
    return GridRow((GridCell(_capital(name)), GridCell(said, tag), GridCell(newest), GridCell(due)))


def _capital(name: str) -> Words:
    first, *rest = parts_of(name)
    return Words(sentence_case(first.text), *rest)


def coverage_matrix(night: NightInputs) -> Grid:
    """Units by kinds of list for the main period; at the foot how many of those asked have sent."""
    rows = []
    for unit in night.units:
        by_kind = {each.kind: each for each in _of(night.lists, code_of(unit.code))}
        cells = tuple(_matrix_cell(by_kind.get(kind)) for kind in LIST_KINDS)
        rows.append(GridRow((GridCell(unit_label(unit), href=unit_page(night, unit.code)), *cells)))
    counts = count_coverage(night.lists)
    foot = tuple(
        GridCell(Words(sourced(f"{counts[kind].sent}/{counts[kind].expected}", Source.COUNTED), " đơn vị"))
        for kind in LIST_KINDS
    )
    rows.append(GridRow((GridCell("Đã gửi"), *foot), "total"))
    columns = (GridColumn("Đơn vị"), *(GridColumn(sentence_case(LIST_NAMES[kind])) for kind in LIST_KINDS))
    caption = Words("Danh sách đã nhận của ", sourced(night.main.period_name, Source.PERIOD))
    note = "Ngày trong bảng là ngày kết xuất mới nhất; số ngày chậm là ngày làm việc."
    return Grid("do-phu", caption, columns, tuple(rows), (note,))


def _matrix_cell(each: DeliveryCoverage | None) -> GridCell:
    if each is None:
        return GridCell("")
    tag, words = _TAGS[each.state]
    said: str = _MATRIX_WORDS.get(each.state, words)
    if each.late_days and each.state is DeliveryState.LATE:
        said = Words("! chậm ", sourced(f"{each.late_days}", Source.DATE), " ngày")
    remark = day_words(each.exported_on) if each.exported_on else ""
    return GridCell(said, tag, remark=remark)


def unit_page(night: NightInputs, key: str) -> str:
    """Path of a unit's page; empty for a line that has none, such as that of a unit of the past."""
    return f"{key}.html" if key in page_codes(night) else ""


def page_codes(night: NightInputs) -> tuple[str, ...]:
    """Codes of the units that get a page: those that are what their code means today."""
    return tuple(
        unit.code for unit in night.units if unit.code == code_of(unit.code) and unit.is_valid_on(night.as_of)
    )


def not_reported(night: NightInputs) -> str:
    """The sentence about units that sent nothing at all; empty where every unit sent something."""
    if not night.main.missing_units:
        return ""
    names = ", ".join(unit.full_name for unit in night.main.missing_units)
    return Words(
        "Chưa gửi tệp nào đọc được: ",
        sourced(names, Source.CATALOGUE),
        " (", *counted(len(night.main.missing_units)).parts, "/", *counted(len(night.units)).parts, " đơn vị). "
        "Các số tổng không có số liệu của những đơn vị này.",
    )  # fmt: skip


def _of(lists: Iterable[DeliveryCoverage], unit_code: str) -> list[DeliveryCoverage]:
    return [each for each in lists if each.unit_code == unit_code]
