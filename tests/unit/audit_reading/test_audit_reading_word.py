"""Word reports as blocks: the text as printed, in order, with tables, notes and places."""

from __future__ import annotations

import io

import pytest

from tests.support.report_files import W, cell, para, run, table, word
from transforms.audit.documents import read_report
from transforms.audit.model import BlockKind, TextBlock
from transforms.readers.model import UnreadableFileError

HEADING = '<w:pStyle w:val="H1"/>'
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Mục"/><w:basedOn w:val="H1"/>'
    '<w:pPr><w:outlineLvl w:val="9"/><w:ind w:left="720" w:hanging="360"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
)


def read(body: str, **parts: str) -> tuple[TextBlock, ...]:
    return read_report(word(body, **parts)).text.blocks


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts)]


def test_paragraphs_keep_their_order_kind_and_number() -> None:
    body = (
        para("I. KẾT QUẢ", HEADING)
        + para("")
        + para("Trong kỳ tiếp nhận 15 hồ sơ, gồm:")
        + para("- Hộ tịch: 10 hồ sơ;")
        + para("1. Cải cách thể chế")
    )
    blocks = read(body, styles=STYLES)
    assert [(b.kind, b.paragraph_number, b.text) for b in blocks] == [
        (BlockKind.HEADING, 1, "I. KẾT QUẢ"),
        (BlockKind.PARAGRAPH, 2, "Trong kỳ tiếp nhận 15 hồ sơ, gồm:"),
        (BlockKind.LIST_ITEM, 3, "- Hộ tịch: 10 hồ sơ;"),
        (BlockKind.HEADING, 4, "1. Cải cách thể chế"),
    ]


def test_style_that_takes_back_the_outline_level_is_no_heading_and_gives_its_indent() -> None:
    (block,) = read(para("Văn bản đã ban hành", '<w:pStyle w:val="Muc"/>'), styles=STYLES)
    assert (block.kind, block.indent) == (BlockKind.PARAGRAPH, 18.0)


def test_letters_are_composed_and_white_space_is_tidied() -> None:
    decomposed = "Tiê\u0301p nhâ\u0323n\u00a0 1.363  hồ sơ\u200b"
    assert texts(para(decomposed)) == ["Tiếp nhận 1.363 hồ sơ"]


def numbering(*levels: tuple[str, str]) -> str:
    made = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )


def listed(level: int, number_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'


def test_numbers_that_word_counts_stand_before_the_text() -> None:
    levels = numbering(
        ("upperRoman", "%1."),
        ("decimal", "%2."),
        ("decimal", "%2.%3."),
        ("lowerLetter", "%4)"),
        ("bullet", "\uf0b7"),
    )
    body = "".join(
        para(text, listed(level))
        for level, text in (
            (0, "CHỈ ĐẠO"), (1, "Kế hoạch"), (1, "Kiểm tra"), (2, "Định kỳ"), (2, "Đột xuất"), (3, "Cấp xã"),
            (3, "Cấp huyện"), (4, "Hộ tịch: 5"), (0, "KẾT QUẢ"), (1, "Thể chế"),
        )
    )  # fmt: skip
    assert texts(body, numbering=levels) == [
        "I. CHỈ ĐẠO",
        "1. Kế hoạch",
        "2. Kiểm tra",
        "2.1. Định kỳ",
        "2.2. Đột xuất",
        "a) Cấp xã",
        "b) Cấp huyện",
        "• Hộ tịch: 5",
        "II. KẾT QUẢ",
        "1. Thể chế",
    ]


def test_list_that_starts_again_by_override_counts_from_its_start() -> None:
    levels = numbering(("decimal", "%1."), ("lowerLetter", "%2)"))
    body = (
        para("Một", listed(1)) + para("Hai", listed(1)) + para("Ba", listed(1, 2)) + para("Bốn", listed(1, 2))
    )
    assert texts(body, numbering=levels) == ["a) Một", "b) Hai", "a) Ba", "b) Bốn"]


def test_list_of_a_style_is_numbered_and_an_empty_number_takes_it_away() -> None:
    styles = (
        STYLES
        + f'<w:style w:type="paragraph" w:styleId="Gach"><w:name w:val="Gạch"/><w:pPr>{listed(0)}</w:pPr></w:style>'
    )
    body = (
        para("Hộ tịch: 5", '<w:pStyle w:val="Gach"/>')
        + para("Không đánh dấu", '<w:pStyle w:val="Gach"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>')
    )  # fmt: skip
    assert texts(body, styles=styles, numbering=numbering(("bullet", "-"))) == [
        "- Hộ tịch: 5",
        "Không đánh dấu",
    ]


def test_tracked_deletions_are_gone_and_insertions_stay() -> None:
    body = para(
        run("Tiếp nhận ")
        + f'<w:del w:id="1"><w:r><w:delText>15</w:delText></w:r></w:del><w:ins w:id="2">{run("16")}</w:ins>'
        + run(" hồ sơ")
    )
    assert texts(body) == ["Tiếp nhận 16 hồ sơ"]


def test_paragraph_whose_end_is_deleted_runs_on_in_the_next_one() -> None:
    body = para("Tiếp nhận 16 ", '<w:rPr><w:del w:id="1"/></w:rPr>') + para("hồ sơ.") + para("Đã trả 16.")
    assert texts(body) == ["Tiếp nhận 16 hồ sơ.", "Đã trả 16."]


def test_results_of_fields_stay_and_their_codes_and_contents_tables_do_not() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def code(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    contents = para(
        mark("begin") + code(" TOC \\o ") + mark("separate") + run("I. KẾT QUẢ 2"), '<w:pStyle w:val="TOC1"/>'
    )
    contents += para(run("II. TỒN TẠI 5") + mark("end"))
    body = contents + para(
        run("Tổng: ") + mark("begin") + code(" =SUM(ABOVE) ") + mark("separate") + run("588") + mark("end")
    )
    body += para(f'{run("Kỳ ")}<w:fldSimple w:instr="DOCPROPERTY Ky">{run("9 tháng")}</w:fldSimple>')
    assert texts(body, styles=STYLES) == ["Tổng: 588", "Kỳ 9 tháng"]


def test_hidden_text_is_left_out() -> None:
    assert texts(para(run("Có 5 hồ sơ") + run(" (nháp 7)", "<w:vanish/>"))) == ["Có 5 hồ sơ"]


def test_line_breaks_and_tabs_are_white_space_and_a_break_before_a_marker_begins_a_block() -> None:
    broken = "<w:r><w:t>Tiếp nhận 1.363</w:t><w:br/><w:t>hồ sơ, gồm:</w:t><w:br/><w:t>- Hộ tịch:</w:t><w:tab/><w:t>277</w:t></w:r>"
    assert texts(para(broken)) == ["Tiếp nhận 1.363 hồ sơ, gồm:", "- Hộ tịch: 277"]


def test_text_box_comes_once_after_its_paragraph() -> None:
    inside = f"<w:txbxContent>{para('Trong khung: 5 hồ sơ')}</w:txbxContent>"
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert texts(para(run("Lời dẫn.") + box) + para("Đoạn sau.")) == [
        "Lời dẫn.",
        "Trong khung: 5 hồ sơ",
        "Đoạn sau.",
    ]


def test_notes_come_last_without_their_marks() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = (
        f'<w:footnote w:type="separator" w:id="-1">{para("---")}</w:footnote>'
        f'<w:footnote w:id="2">{para("<w:r><w:footnoteRef/></w:r>" + run(" Gồm 03 hồ sơ trực tuyến."))}</w:footnote>'
    )
    blocks = read(para(run("Tiếp nhận 10 hồ sơ") + reference + run(".")) + para("Đoạn sau."), footnotes=notes)
    assert [(b.kind, b.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, "Tiếp nhận 10 hồ sơ."),
        (BlockKind.PARAGRAPH, "Đoạn sau."),
        (BlockKind.FOOTNOTE, "Gồm 03 hồ sơ trực tuyến."),
    ]
    assert blocks[2].paragraph_number == 1


def test_rows_of_a_table_know_their_grid_columns_through_merged_cells() -> None:
    grid = table(
        ["TT", "Lĩnh vực", cell("Tiếp nhận", '<w:gridSpan w:val="2"/>'), cell("Ghi chú", '<w:vMerge w:val="restart"/>')],
        ["", "", "Trực tuyến", "Trực tiếp", cell("bỏ", "<w:vMerge/>")],
        ["1", "Hộ tịch", "3", "7", ""],
    )  # fmt: skip
    first, second, third = read(grid)
    assert first.text == "TT | Lĩnh vực | Tiếp nhận | Ghi chú"
    assert first.table is not None
    assert [(c.column, c.column_count) for c in first.table.cells] == [(0, 1), (1, 1), (2, 2), (4, 1)]
    assert second.text == " |  | Trực tuyến | Trực tiếp | "
    assert third.table is not None
    assert (third.table.table, third.table.row) == (0, 2)
    assert [third.text[c.start : c.end] for c in third.table.cells] == ["1", "Hộ tịch", "3", "7", ""]


def test_letterhead_table_is_read_as_paragraphs_and_does_not_count_as_a_table() -> None:
    head = table(
        [
            f"<w:tc>{para('ỦY BAN NHÂN DÂN')}{para('XÃ BÌNH LƯƠNG')}</w:tc>",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        ],
        ["Số: 45/BC-UBND", "Bình Lương, ngày 05 tháng 9 năm 2021"],
    )
    blocks = read(head + table(["Hộ tịch", "5"], ["Đất đai", "6"]))
    assert [b.text for b in blocks[:2]] == ["ỦY BAN NHÂN DÂN", "XÃ BÌNH LƯƠNG"]
    assert blocks[4].text == "Bình Lương, ngày 05 tháng 9 năm 2021"
    assert blocks[5].table is not None
    assert blocks[5].table.table == 0


def test_rows_that_were_deleted_are_gone() -> None:
    kept = f"<w:tr>{cell('Hộ tịch')}{cell('5')}</w:tr>"
    gone = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell("Đất đai")}{cell("6")}</w:tr>'
    assert texts(f"<w:tbl>{kept}{gone}</w:tbl>") == ["Hộ tịch | 5"]


def test_pages_are_those_of_the_last_layout_and_none_without_its_marks() -> None:
    page = "<w:r><w:lastRenderedPageBreak/></w:r>"
    blocks = read(
        para("Trang đầu.")
        + para(page + run("Trang hai."))
        + para(run("Cuối trang hai") + page + run(" sang ba."))
        + para("Trang ba.")
    )
    assert [b.page for b in blocks] == [1, 2, 2, 3]
    assert [b.page for b in read(para("Không rõ trang."))] == [None]


def test_strict_variant_of_the_format_is_read_too() -> None:
    import zipfile

    strict = io.BytesIO()
    with zipfile.ZipFile(word(para("Tiếp nhận 5 hồ sơ."))) as source, zipfile.ZipFile(strict, "w") as out:
        for name in source.namelist():
            out.writestr(
                name,
                source.read(name).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
            )
    assert [b.text for b in read_report(strict).text.blocks] == ["Tiếp nhận 5 hồ sơ."]


def test_declared_entities_are_refused() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="' + W + '"><w:body/></w:document>'
    with pytest.raises(UnreadableFileError) as refused:
        read_report(word("", more={"word/document.xml": evil}))
    assert refused.value.code == "audit.file.broken"
