from __future__ import annotations

from tests.unit.report.report_case import DISTRICT, dossiers, inputs, show, show_table, unit
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.bound import unbound_digits
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.ranking import RANKING_TABLE, UNUSUAL_TABLE

LEAVES = tuple(
    unit(f"1620{at}", name) for at, name in enumerate(("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy"))
)


def resolved(code: str, in_time: int, late: int, overdue: int = 0) -> dict[tuple[str, str, str], int]:
    direct = in_time + late + overdue
    return dossiers(f"ho_tich | 0 | {direct} | 0 | 0 | {in_time} | {late} | 0 | {overdue}", code)


def district(*cells: dict[tuple[str, str, str], int]) -> ReportContext:
    counted = {key: value for part in cells for key, value in part.items()}
    return build_report(inputs(counted, DISTRICT, LEAVES, supplement={}, missing_units=LEAVES[6:]))


ORDINARY = tuple(resolved(f"1620{at}", 98, 2) for at in range(4))
CONTEXT = district(*ORDINARY, resolved("16204", 60, 40, 2), resolved("16205", 5, 1))


def table_of(context: ReportContext, table_id: str) -> Table | None:
    found = (
        block for block in all_blocks(context) if isinstance(block, Table) and block.table_id == table_id
    )
    return next(found, None)


def test_ranking_puts_the_volume_beside_the_rate_and_says_who_has_no_place() -> None:
    table = table_of(CONTEXT, RANKING_TABLE)
    assert table is not None
    assert show_table(table) == [
        "1 | xã Một | 100 | 100 | 98 | 98% | 0 | 0 | 1",
        "2 | xã Hai | 100 | 100 | 98 | 98% | 0 | 0 | 1",
        "3 | xã Ba | 100 | 100 | 98 | 98% | 0 | 0 | 1",
        "4 | xã Bốn | 100 | 100 | 98 | 98% | 0 | 0 | 1",
        "5 | xã Năm | 102 | 100 | 60 | 60% | 2 | 2 | 5",
        "6 | xã Sáu | 6 | 6 | 5 | 83,3% | 0 | 0 | ít hồ sơ",
        "7 | xã Bảy (chưa có số liệu) |  |  |  |  |  |  | ",
        " | Tổng số | 508 | 506 | 457 | 90,3% | 2 | 2 | ",
    ]


def test_ranking_adds_up_and_every_number_is_bound() -> None:
    assert check_report(CONTEXT) == ()
    assert unbound_digits(CONTEXT) == ()


def test_unit_unlike_the_others_is_named_neutrally_with_its_dossiers() -> None:
    assert (
        "- Xã Năm: tỷ lệ giải quyết trước hạn và đúng hạn là 60% (60/100 hồ sơ), thấp hơn hẳn mức giữa 98% "
        "của các đơn vị khác."
    ) in show(CONTEXT)
    table = table_of(CONTEXT, UNUSUAL_TABLE)
    assert table is not None
    assert show_table(table) == ["1 | xã Năm | Tỷ lệ giải quyết trước hạn và đúng hạn | 60% | 98% | thấp hơn"]
    usual = table.rows[0].cells[4]
    assert isinstance(usual, Figure)
    assert usual.cell_id == "usual/rate/on_time_rate/16204/*/2021-9T/nd09/2021-09-05/tt01"


def test_units_that_are_alike_give_no_table_of_the_unusual() -> None:
    context = district(*ORDINARY, resolved("16204", 97, 3), resolved("16205", 5, 1))
    assert table_of(context, UNUSUAL_TABLE) is None
    assert "khác hẳn" not in show(context)


def test_single_unit_has_no_ranking() -> None:
    assert table_of(build_report(inputs()), RANKING_TABLE) is None
