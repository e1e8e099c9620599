"""Word comments at the marked places, and a document that is otherwise the same."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from itertools import groupby

import docx
import pytest
from lxml import etree

from tests.support.report_files import W, cell, para, run, word
from transforms.audit import Audit, ReportText, TextRemark
from transforms.audit.documents import read_report
from transforms.render.audit_docx import render_audit_docx
from transforms.render.audit_marks import gather_marks

DAY = datetime(2021, 9, 5)  # noqa: DTZ001 - comments hold local time without a zone
BOLD, ITALIC = "<w:b/>", "<w:i/>"


def commented(content: io.BytesIO, *places: tuple[int, str]) -> tuple[bytes, ReportText]:
    """The document with a comment at each of the words in the block of that number."""
    report = read_report(content).text
    remarks = []
    for block, words in places:
        start = report.blocks[block].text.index(words)
        remarks.append(TextRemark("unit.other", block, start, start + len(words), f"Về “{words}”."))
    marks = gather_marks(report, Audit((), tuple(remarks)))
    return render_audit_docx(content, report, marks, DAY), report


def document_of(content: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def q(name: str) -> str:
    return f"{{{W}}}{name}"


def without_comments(root: etree._Element) -> str:
    """The document with its comment marks taken out and runs of equal formatting joined again."""
    for mark in list(root.iter(q("commentRangeStart"), q("commentRangeEnd"))):
        mark.getparent().remove(mark)
    for reference in list(root.iter(q("commentReference"))):
        run_element = reference.getparent()
        run_element.getparent().remove(run_element)
    for parent in {element.getparent() for element in root.iter(q("r"))}:
        for _, same in groupby(
            list(parent),
            key=lambda e: (e.tag, etree.tostring(e.find(q("rPr"))) if e.find(q("rPr")) is not None else b""),
        ):
            first, *rest = same
            if first.tag != q("r"):
                continue
            for other in rest:
                for child in other:
                    if child.tag == q("rPr"):
                        continue
                    last = first[-1] if len(first) else None
                    if child.tag == q("t") and last is not None and last.tag == q("t"):
                        last.text = (last.text or "") + (child.text or "")
                    else:
                        first.append(child)
                parent.remove(other)
    for text in root.iter(q("t")):
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return etree.tostring(root, method="c14n").decode()


def commented_words(root: etree._Element) -> list[str]:
    """The words inside each comment's range, by its number."""
    found: dict[str, str] = {}
    open_ids: list[str] = []
    for element in root.iter():
        if element.tag == q("commentRangeStart"):
            open_ids.append(element.get(q("id")))
            found[open_ids[-1]] = ""
        elif element.tag == q("commentRangeEnd"):
            open_ids.remove(element.get(q("id")))
        elif element.tag == q("t"):
            for number in open_ids:
                found[number] += element.text or ""
    return [found[number] for number in sorted(found, key=int)]


BODY = (
    para(run("Tiếp nhận ") + run("1.3", BOLD) + run("63 hồ sơ, ", ITALIC) + f'<w:hyperlink>{run("đã trả 858")}</w:hyperlink>' + run("."))
    + para("<w:r><w:t>Đất đai:</w:t><w:tab/><w:t>17</w:t><w:br/><w:t>hồ sơ</w:t></w:r>")
    + f"<w:tbl><w:tr>{cell('Hộ tịch')}{cell('277')}</w:tr></w:tbl>"
)  # fmt: skip


def test_comment_covers_exactly_the_marked_letters_across_runs_and_links() -> None:
    content, _ = commented(word(BODY), (0, "1.363 hồ sơ"), (0, "trả 858"), (1, "17"), (2, "277"))
    assert commented_words(document_of(content)) == ["1.363 hồ sơ", "trả 858", "17", "277"]


def test_document_is_otherwise_unchanged_and_other_parts_keep_every_byte() -> None:
    original = word(BODY, styles="<w:docDefaults/>")
    content, report = commented(original, (0, "1.363 hồ sơ"), (0, "3 h"), (1, "đai: 17"), (2, "277"))
    with zipfile.ZipFile(original) as before, zipfile.ZipFile(io.BytesIO(content)) as after:
        assert without_comments(document_of(content)) == without_comments(
            etree.fromstring(before.read("word/document.xml"))
        )
        assert after.namelist() == [*before.namelist(), "word/comments.xml"]
        for name in ("word/styles.xml", "_rels/.rels"):
            assert after.read(name) == before.read(name)
    assert read_report(io.BytesIO(content)).text == report


def test_split_runs_keep_their_formatting() -> None:
    content, _ = commented(word(BODY), (0, "1.363 hồ"))
    runs = [
        ("".join(r.itertext()), [child.tag.rpartition("}")[2] for child in r.find(q("rPr"))])
        for r in document_of(content).iter(q("r"))
        if r.find(q("rPr")) is not None and r.find(q("t")) is not None
    ]
    assert runs == [("1.3", ["b"]), ("63 hồ", ["i"]), (" sơ, ", ["i"])]


def test_comments_say_who_when_and_why_and_word_libraries_read_them() -> None:
    content, _ = commented(word(BODY), (0, "858"))
    (comment,) = docx.Document(io.BytesIO(content)).comments
    assert (comment.author, comment.initials) == ("Mot Cua", "MC")
    assert comment.timestamp is not None
    assert comment.timestamp.replace(tzinfo=None) == DAY
    assert comment.text == "Tên đơn vị: Về “858”."


def test_same_audit_gives_the_same_bytes() -> None:
    made = {commented(word(BODY), (0, "858"))[0] for _ in range(2)}
    assert len(made) == 1


def test_comments_that_are_there_stay_and_new_ones_come_behind() -> None:
    first, _ = commented(word(BODY), (0, "858"))
    second, _ = commented(io.BytesIO(first), (2, "277"))
    with zipfile.ZipFile(io.BytesIO(second)) as archive:
        assert archive.namelist().count("word/comments.xml") == 1
    assert [c.text for c in docx.Document(io.BytesIO(second)).comments] == [
        "Tên đơn vị: Về “858”.",
        "Tên đơn vị: Về “277”.",
    ]
    assert commented_words(document_of(second)) == ["858", "277"]


def test_note_is_commented_where_it_hangs_and_a_counted_number_at_its_words() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = para("KẾT QUẢ", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    body += para(run("Có 10 hồ sơ") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("."))
    notes = f'<w:footnote w:id="2">{para("Gồm 12 hồ sơ trực tuyến.")}</w:footnote>'
    content, _ = commented(word(body, numbering=numbering, footnotes=notes), (0, "I."), (2, "12 hồ sơ"))
    root = document_of(content)
    assert commented_words(root) == ["K", ""]
    (reference,) = root.iter(q("footnoteReference"))
    assert reference.getparent().getprevious().tag == q("commentRangeStart")
    assert reference.getparent().getnext().tag == q("commentRangeEnd")


def test_report_of_another_file_is_refused() -> None:
    report = read_report(word(para("Khác."))).text
    mark = gather_marks(report, Audit((), (TextRemark("unit.other", 0, 0, 4, "x"),)))
    with pytest.raises(ValueError, match="another file"):
        render_audit_docx(word(BODY), report, mark, DAY)
