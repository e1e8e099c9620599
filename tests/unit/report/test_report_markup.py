"""From the text of a template to blocks."""

from __future__ import annotations

import pytest

from transforms.report.blocks import Figure, Heading, Paragraph, ParagraphStyle, Run, Table, TableColumn
from transforms.report.figures import FigureBook, flatten
from transforms.report.markup import (
    TemplateProblemError,
    end_with_mark,
    location_mark,
    parse_blocks,
)

FORM = Table("bieu", "Biểu", (TableColumn("a", "A"),), ())


def parse(text: str, book: FigureBook | None = None) -> list[str]:
    """Blocks as one readable line each."""
    blocks = parse_blocks(text, book or FigureBook(), "mau.j2", {"bieu": FORM}, {})
    return [show(block) for block in blocks]


def show(block: object) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {block.number} | {block.text}"
    if isinstance(block, Paragraph):
        return f"{block.style}: {flatten(block.text)}"
    return type(block).__name__


def test_parse_blocks_every_line_kind_becomes_its_block() -> None:
    text = "# MỤC\n\nThân\nnối tiếp.\n- gạch\n  nối gạch\n+ cộng\n> ghi chú\n! cảnh báo\n@table bieu\n"
    assert parse(text) == [
        "# I | MỤC",
        "body: Thân nối tiếp.",
        "dash_item: gạch nối gạch",
        "plus_item: cộng",
        "note: ghi chú",
        "warning: cảnh báo",
        "Table",
    ]


def test_parse_blocks_empty_sections_drop_out_without_gaps() -> None:
    text = "# A\n## A1\n\n# B\n## B1\nx\n## B2\n### B2a\n## B3\n### B3a\ny\n### B3b\nz\n# C\n"
    assert parse(text) == [
        "# I | B",
        "## 1 | B1",
        "body: x",
        "## 2 | B3",
        "### a | B3a",
        "body: y",
        "### b | B3b",
        "body: z",
    ]


def test_parse_blocks_number_written_in_the_template_is_replaced() -> None:
    assert parse("# III. KẾT QUẢ\n## 4. Việc\n### c) Ý\nx") == [
        "# I | KẾT QUẢ",
        "## 1 | Việc",
        "### a | Ý",
        "body: x",
    ]


def test_parse_blocks_bold_and_figures_come_back_typed() -> None:
    book = FigureBook()
    figure = Figure(2, "02", "received/16204")
    text = f"Có **{book.mark(figure)} hồ sơ** của {book.mark_text('xã **Mẫu** @table')}."
    (block,) = parse_blocks(text, book, "mau.j2", {}, {})
    assert isinstance(block, Paragraph)
    assert block.text == (Run("Có "), figure, Run(" hồ sơ", bold=True), Run(" của xã **Mẫu** @table."))


def test_parse_blocks_supplied_text_is_never_read_as_markup() -> None:
    book = FigureBook()
    assert parse(book.mark_text("# không phải tiêu đề"), book) == ["body: # không phải tiêu đề"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("**mở", "không đóng"),
        ("@table la", "không có mã này; các mã dùng được: bieu"),
        ("@hinh bieu", "chỉ hiểu"),
        ("#### sâu", "chỉ có 3 cấp"),
        ("#dính", "dòng tiêu đề"),
    ],
)
def test_parse_blocks_bad_line_names_template_and_line(line: str, message: str) -> None:
    text = f"{location_mark('con.j2', 6)}tốt\n\n{location_mark('con.j2', 8)}{line}\n"
    with pytest.raises(TemplateProblemError, match=message) as caught:
        parse(text)
    assert (caught.value.template, caught.value.line) == ("con.j2", 8)


@pytest.mark.parametrize(
    ("last", "ended"),
    [("xong.", "xong./."), ("xong;", "xong./."), ("xong./.", "xong./."), ("xong", "xong./.")],
)
def test_end_with_mark_closes_the_last_paragraph(last: str, ended: str) -> None:
    blocks = (
        Paragraph(ParagraphStyle.BODY, (Run("đầu."),)),
        Paragraph(ParagraphStyle.DASH_ITEM, (Run(last),)),
        FORM,
    )
    assert [flatten(block.text) for block in end_with_mark(blocks) if isinstance(block, Paragraph)] == [
        "đầu.",
        ended,
    ]
