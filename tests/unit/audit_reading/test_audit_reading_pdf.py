"""PDF reports as blocks: lines joined into paragraphs, tables by their rules or columns, page numbers left out."""

from __future__ import annotations

import io

import pytest

from tests.support.report_files import Item, pdf
from transforms.audit.documents import ReadReport, read_report
from transforms.audit.model import BlockKind
from transforms.readers.model import UnreadableFileError

FULL = 92
"""Letters of a full line that starts at x = 85: it ends at x = 545."""


def read(*pages: list[Item], **options: object) -> ReadReport:
    return read_report(io.BytesIO(pdf(*pages, **options)))  # type: ignore[arg-type]


def lines(*texts: str, top: float = 700, x: float = 85) -> list[Item]:
    return [(x, top - 18 * number, text) for number, text in enumerate(texts)]


def filled(text: str) -> str:
    """The text made as long as a full line with words in front."""
    words = (
        "Trong kỳ báo cáo, Ủy ban nhân dân xã đã chỉ đạo bộ phận một cửa tiếp nhận, giải quyết hồ sơ " * 2
    )[: FULL - len(text) - 1]
    return f"{words.rstrip():x<{FULL - len(text) - 1}} {text}"


def test_full_lines_join_and_a_short_line_ends_its_paragraph() -> None:
    report = read(lines(filled("tiếp nhận 1.363"), "hồ sơ trong kỳ.", "Đã giải quyết 1.361 hồ sơ."))
    first, second = report.text.blocks
    assert first.text.endswith("tiếp nhận 1.363 hồ sơ trong kỳ.")
    assert (second.text, second.page, second.paragraph_number) == ("Đã giải quyết 1.361 hồ sơ.", 1, 2)


def test_number_of_a_document_at_the_start_of_a_line_is_no_list_item() -> None:
    report = read(
        lines(
            filled("Kế hoạch số"),
            "13/KH-UBND ngày 18/01/2021 của UBND huyện.",
            "- Hộ tịch: 5 hồ sơ;",
            "- Đất đai: 6 hồ sơ.",
        )
    )
    assert [b.kind for b in report.text.blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
    ]
    assert "Kế hoạch số 13/KH-UBND ngày" in report.text.blocks[0].text


def test_paragraph_goes_on_over_the_page_and_page_numbers_are_dropped() -> None:
    report = read(
        [(297, 810, "1"), *lines(filled("đã tiếp nhận"), top=120)],
        [(297, 810, "2"), *lines("16 hồ sơ.", "Hết.", top=740)],
    )
    assert [b.text.split()[-3:] for b in report.text.blocks] == [["16", "hồ", "sơ."], ["Hết."]]
    assert [b.page for b in report.text.blocks] == [1, 2]


def test_what_repeats_in_the_margin_is_dropped() -> None:
    pages = [[(85.0, 810.0, "Báo cáo CCHC xã Mẫu"), *lines(f"Nội dung trang {n}.")] for n in (1, 2, 3)]
    assert [b.text for b in read(*pages).text.blocks] == [f"Nội dung trang {n}." for n in (1, 2, 3)]


def test_letterhead_side_by_side_gives_each_part_alone() -> None:
    report = read(
        [(85, 760, "UBND XÃ MẪU"), (320, 760, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), *lines("BÁO CÁO", x=270)]
    )
    assert [b.text for b in report.text.blocks] == [
        "UBND XÃ MẪU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
    ]


RULES = (
    *((100, y, 400, y) for y in (700, 660, 640, 620)),
    (200, 680, 400, 680),
    *((x, 620, x, 700) for x in (100, 200, 400)),
    (300, 620, 300, 680),
)


def test_ruled_table_keeps_merged_cells_and_grid_columns() -> None:
    report = read(
        [
            (105, 685, "Lĩnh vực"), (205, 685, "Tiếp nhận"), (205, 665, "Trực tuyến"), (305, 665, "Trực tiếp"),
            (105, 645, "Hộ tịch"), (250, 645, "3"), (350, 645, "7"),
            (105, 625, "Tổng số"), (250, 625, "3"), (350, 625, "7"),
            (100, 560, "Hết bảng."),
        ],
        rules=RULES,
    )  # fmt: skip
    rows = [b for b in report.text.blocks if b.table]
    assert [b.text for b in rows] == [
        "Lĩnh vực | Tiếp nhận",
        "Trực tuyến | Trực tiếp",
        "Hộ tịch | 3 | 7",
        "Tổng số | 3 | 7",
    ]
    places = [[(c.column, c.column_count) for c in b.table.cells] for b in rows if b.table]
    assert places == [[(0, 1), (1, 2)], [(1, 1), (2, 1)], [(0, 1), (1, 1), (2, 1)], [(0, 1), (1, 1), (2, 1)]]
    assert report.text.blocks[-1].text == "Hết bảng."


def test_box_above_a_table_with_nearly_the_same_edge_stays_apart_from_it() -> None:
    box = ((300, 730, 400.4, 730), (300, 780, 400.4, 780), (300, 730, 300, 780), (399.4, 730, 399.4, 780))
    page: list[Item] = [
        (305, 750, "Biểu số II.06a"),
        (205, 685, "Tiếp nhận"),
        (205, 665, "Trực tuyến"),
        (305, 665, "Trực tiếp"),
    ]
    page += [(105, 645, "Hộ tịch"), (250, 645, "3"), (350, 645, "7")]
    report = read(
        page,
        rules=(*box, *((x0 + 0.5 * (x0 == 400), y0, x1 + 0.5 * (x1 == 400), y1) for x0, y0, x1, y1 in RULES)),
    )
    assert [b.text for b in report.text.blocks] == [
        "Biểu số II.06a",
        " | Tiếp nhận",
        "Trực tuyến | Trực tiếp",
        "Hộ tịch | 3 | 7",
    ]


def test_table_that_goes_on_over_the_page_is_one_table_without_its_repeated_head() -> None:
    head: list[Item] = [
        (105, 685, "Lĩnh vực"),
        (205, 685, "Tiếp nhận"),
        (205, 665, "Trực tuyến"),
        (305, 665, "Trực tiếp"),
    ]
    first = [
        *head,
        (105, 645, "Hộ tịch"),
        (250, 645, "3"),
        (350, 645, "7"),
        (105, 625, "Đất đai"),
        (250, 625, "1"),
        (350, 625, "2"),
    ]
    second = [
        *head,
        (105, 645, "Chứng thực"),
        (250, 645, "4"),
        (350, 645, "5"),
        (105, 625, "Tổng số"),
        (250, 625, "8"),
        (350, 625, "14"),
    ]
    rows = [b for b in read(first, second, rules=RULES).text.blocks if b.table]
    assert [b.text.split(" | ")[0] for b in rows] == [
        "Lĩnh vực",
        "Trực tuyến",
        "Hộ tịch",
        "Đất đai",
        "Chứng thực",
        "Tổng số",
    ]
    assert {b.table.table for b in rows if b.table} == {0}
    assert [b.table.row for b in rows if b.table] == [0, 1, 2, 3, 4, 5]


def test_columns_without_rules_are_a_table_too() -> None:
    page: list[Item] = []
    for number, row in enumerate(
        (
            ("Lĩnh vực", "Tiếp nhận", "Đã trả"),
            ("Hộ tịch", "277", "277"),
            ("Đất đai", "17", "15"),
            ("Cộng", "294", "292"),
        )
    ):
        page += [(x, 700.0 - 18 * number, text) for x, text in zip((85.0, 300.0, 420.0), row, strict=True)]
    rows = read([*page, (85, 600, "Số liệu đến ngày 05/9/2021.")]).text.blocks
    assert [b.text for b in rows[:4]] == [
        "Lĩnh vực | Tiếp nhận | Đã trả",
        "Hộ tịch | 277 | 277",
        "Đất đai | 17 | 15",
        "Cộng | 294 | 292",
    ]
    assert rows[4].kind is BlockKind.PARAGRAPH


def test_scan_is_refused_and_a_scanned_page_among_others_is_named() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read([], [], picture=True)
    assert refused.value.code == "audit.file.only_pictures"
    mixed = read(lines("Báo cáo có chữ ở trang này và tiếp nhận 5 hồ sơ."), [], picture=True)
    assert mixed.pages_without_text == (2,)


def test_pdf_cut_short_is_refused_as_broken() -> None:
    whole = pdf(lines("Báo cáo có chữ ở trang này."))
    with pytest.raises(UnreadableFileError) as refused:
        read_report(io.BytesIO(whole[:300]))
    assert refused.value.code in ("audit.file.broken", "audit.file.empty")
