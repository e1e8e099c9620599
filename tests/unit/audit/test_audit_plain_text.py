"""Plain text as paragraphs and rows, with the page that each begins on."""

import pytest

from transforms.audit import split_text


def _pages(text: str) -> list[tuple[str, int | None]]:
    return [(block.text, block.page) for block in split_text(text).blocks]


@pytest.mark.parametrize(
    "text",
    [
        "Đoạn thứ nhất.\n\fĐoạn thứ hai.",
        "Đoạn thứ nhất.\f\nĐoạn thứ hai.",
        "Đoạn thứ nhất.\n\f\nĐoạn thứ hai.",
        "Đoạn thứ nhất.\fĐoạn thứ hai.",
        "Đoạn thứ nhất.\n  \fĐoạn thứ hai.\n\f",
    ],
)
def test_a_paragraph_has_the_page_on_which_it_stands(text: str) -> None:
    assert _pages(text) == [("Đoạn thứ nhất.", 1), ("Đoạn thứ hai.", 2)]


def test_a_paragraph_over_two_pages_has_the_page_on_which_it_begins() -> None:
    text = "Trong kỳ, đơn vị đã tiếp nhận\n\f96 hồ sơ, đã giải quyết xong.\nĐoạn sau."
    assert _pages(text) == [
        ("Trong kỳ, đơn vị đã tiếp nhận 96 hồ sơ, đã giải quyết xong.", 1),
        ("Đoạn sau.", 2),
    ]


def test_a_row_of_a_table_has_its_page_and_a_page_break_ends_no_table() -> None:
    blocks = split_text("| Hộ tịch | 12 |\n\f| Đất đai | 15 |\nĐoạn sau.").blocks
    assert [block.page for block in blocks] == [1, 2, 2]
    assert [(b.table.table, b.table.row) for b in blocks if b.table] == [(0, 0), (0, 1)]
