"""What an audit shows at which place: gathered, ordered, quoted."""

from __future__ import annotations

from decimal import Decimal

from transforms.audit import (
    Audit,
    BlockKind,
    Claim,
    ClaimKind,
    Judgement,
    ReportText,
    Span,
    TextBlock,
    TextRemark,
    Verdict,
    audit_text,
    split_text,
)
from transforms.audit.documents.blocks import GridCell, row_block
from transforms.render.audit_marks import Group, count_verdicts, gather_marks

TEXT = "Tổng số cán bộ: 22 người, trong đó công chức: 19 người; người hoạt động không chuyên trách: 5 người."


def judged(
    verdict: Verdict, start: int, end: int, suspect: Span | None = None, cell_id: str = ""
) -> Judgement:
    claim = Claim(ClaimKind.TOTAL, 0, start, end, TEXT[start:end])
    return Judgement(claim, verdict, f"Câu về {verdict.value}.", Decimal(1), Decimal(0), cell_id, suspect)


REPORT = ReportText((TextBlock(BlockKind.PARAGRAPH, TEXT, 3, 12),))


def test_place_is_the_suspect_number_and_what_is_said_of_one_place_stands_together() -> None:
    suspect = Span(0, 16, 18)
    audit = Audit(
        (
            judged(Verdict.CONTRADICTION, 40, 60, suspect),
            judged(Verdict.DISAGREES_WITH_DATA, 16, 18, cell_id="staff/1"),
            judged(Verdict.REMAINDER_NOT_CLASSIFIED, 60, 70, suspect),
            judged(Verdict.CONSISTENT, 0, 5),
        ),
        (TextRemark("unit.other", 0, 20, 25, "Tên đơn vị khác."),),
    )
    first, second = gather_marks(REPORT, audit)
    assert (first.number, first.span, first.place) == (1, suspect, "trang 3, đoạn 12")
    assert first.quote == "Tổng số cán bộ: 22"
    assert [said.label for said in first.said] == ["Lệch với dữ liệu", "Mâu thuẫn", "Chưa phân loại hết"]
    assert (first.group, second.group) == (Group.WRONG, Group.REMARK)
    assert second.said[0].label == "Tên đơn vị"
    assert [m.said[0].label for m in gather_marks(REPORT, audit, (Group.FINE,))] == ["Khớp"]
    assert count_verdicts(audit) == {
        "Mâu thuẫn": 1,
        "Lệch với dữ liệu": 1,
        "Chưa phân loại hết": 1,
        "Khớp": 1,
        "Nhận xét câu chữ": 1,
    }


def test_every_verdict_has_its_words_and_sign() -> None:
    audit = Audit(tuple(judged(verdict, i, i + 1) for i, verdict in enumerate(Verdict)))
    marks = gather_marks(REPORT, audit, tuple(Group))
    assert len({(m.said[0].label, m.said[0].code) for m in marks}) == len(Verdict)
    assert all(m.said[0].sign for m in marks)


def test_number_of_a_table_is_quoted_with_its_row() -> None:
    row = row_block([GridCell("3", 0), GridCell("Đất đai", 1), GridCell("17", 2)], 1, 4)
    judgement = Judgement(Claim(ClaimKind.TABLE_TOTAL, 0, 14, 16, "17"), Verdict.CONTRADICTION, "Sai.")
    (mark,) = gather_marks(ReportText((row,)), Audit((judgement,)))
    assert (mark.place, mark.quote) == ("bảng 2, dòng 5", "Đất đai … 17")


def test_marker_of_a_heading_is_quoted_with_the_words_behind_it() -> None:
    report = split_text("I. CHỈ ĐẠO\n\nĐã chỉ đạo.\n\nI. KẾT QUẢ\n\nĐã làm.")
    (mark,) = gather_marks(report, audit_text(report))
    assert mark.quote == "I. KẾT QUẢ"
