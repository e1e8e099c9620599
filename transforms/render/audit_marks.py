"""What an audit shows: its judgements and remarks gathered by place, each with a label, a sign and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transforms.audit.model import (
    Audit,
    BlockKind,
    Judgement,
    ReportText,
    Span,
    TextBlock,
    TextRemark,
    Verdict,
)
from transforms.text_vi import tidy


class Group(StrEnum):
    """How urgent a mark is; in the order in which it is shown."""

    WRONG = "wrong"
    EXPLAIN = "explain"
    REMARK = "remark"
    FINE = "fine"
    OPEN = "open"


GROUP_TITLES = {
    Group.WRONG: "Không thể đúng",
    Group.EXPLAIN: "Cần giải thích thêm",
    Group.REMARK: "Nên xem lại câu chữ",
    Group.FINE: "Đã đối chiếu, khớp",
    Group.OPEN: "Không đủ căn cứ để đối chiếu",
}
SHOWN_GROUPS = (Group.WRONG, Group.EXPLAIN, Group.REMARK)
"""What is listed without being asked for."""

_VERDICTS: dict[Verdict, tuple[Group, str, str]] = {
    Verdict.CONTRADICTION: (Group.WRONG, "Mâu thuẫn", "✖"),
    Verdict.DISAGREES_WITH_DATA: (Group.WRONG, "Lệch với dữ liệu", "≠"),
    Verdict.REMAINDER_NOT_CLASSIFIED: (Group.EXPLAIN, "Chưa phân loại hết", "△"),
    Verdict.DENOMINATOR_UNKNOWN: (Group.EXPLAIN, "Chưa rõ mẫu số", "?"),
    Verdict.WITHIN_ROUNDING: (Group.FINE, "Khớp trong phạm vi làm tròn", "≈"),
    Verdict.CONSISTENT: (Group.FINE, "Khớp", "✓"),
    Verdict.AGREES_WITH_DATA: (Group.FINE, "Khớp với dữ liệu", "✓"),
    Verdict.NOT_CHECKABLE: (Group.OPEN, "Không đối chiếu được", "–"),
}
_REMARKS = {
    "citation": ("Văn bản viện dẫn", "§"),
    "unit": ("Tên đơn vị", "⌂"),
    "period": ("Thời gian", "◷"),
    "numbering": ("Số thứ tự", "№"),
    "text": ("Đoạn trùng lặp", "⧉"),
    "comparison": ("So sánh", "↕"),
}
_OTHER_REMARK = ("Câu chữ", "✎")
_LONGEST_QUOTE = 90
_NEEDS_NO_LEAD, _LEAD = 14, 46


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said about a place."""

    group: Group
    label: str
    sign: str
    sentence: str
    code: str
    """The verdict, or the code of a remark."""
    cell_id: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the report with everything said about it; the gravest first."""

    number: int
    span: Span
    place: str
    quote: str
    said: tuple[Said, ...]

    @property
    def group(self) -> Group:
        """That of the gravest."""
        return self.said[0].group


def gather_marks(
    report: ReportText, audit: Audit, groups: Sequence[Group] = SHOWN_GROUPS
) -> tuple[Mark, ...]:
    """The places that something of these groups is said about, in reading order, numbered from 1.

    A judgement stands at the number most likely to be wrong where the audit knows it, else at its claim.
    """
    by_span: dict[Span, list[Said]] = {}
    for place, each in (*_judged(audit.judgements), *_remarked(audit.remarks)):
        if each.group in groups:
            by_span.setdefault(place, []).append(each)
    order = list(Group)
    marks: list[Mark] = []
    for span in sorted(by_span, key=lambda s: (s.block, s.start, -s.end)):
        unique = list(dict.fromkeys(by_span[span]))
        # What the data say comes first: it names the number that is wrong.
        said = tuple(sorted(unique, key=lambda one: (order.index(one.group), not one.cell_id)))
        block = report.blocks[span.block]
        marks.append(Mark(len(marks) + 1, span, place_words(block), quote(block, span), said))
    return tuple(marks)


def count_verdicts(audit: Audit) -> dict[str, int]:
    """How many judgements there are of each verdict, by its label, then the remarks; none that is zero."""
    counts = Counter(judgement.verdict for judgement in audit.judgements)
    found = {_VERDICTS[verdict][1]: counts[verdict] for verdict in _VERDICTS if counts[verdict]}
    if audit.remarks:
        found["Nhận xét câu chữ"] = len(audit.remarks)
    return found


def place_words(block: TextBlock) -> str:
    """ "trang 3, đoạn 12", "bảng 2, dòng 5", "chú thích 1"."""
    if block.table is not None:
        where = f"bảng {block.table.table + 1}, dòng {block.table.row + 1}"
    elif block.kind is BlockKind.FOOTNOTE:
        where = f"chú thích {block.paragraph_number}"
    else:
        where = f"đoạn {block.paragraph_number}"
    return f"trang {block.page}, {where}" if block.page else where


def quote(block: TextBlock, span: Span) -> str:
    """The marked words, long ones shortened in the middle; a bare number with the words that lead to it."""
    text = tidy(block.text[span.start : span.end])
    if len(text) > _LONGEST_QUOTE:
        half = _LONGEST_QUOTE // 2
        return f"{text[:half].rsplit(' ', 1)[0]} … {text[-half:].split(' ', 1)[-1]}"
    if len(text) > _NEEDS_NO_LEAD:
        return text
    if block.table is not None:
        cells = (
            tidy(block.text[cell.start : cell.end]) for cell in block.table.cells if cell.end < span.start
        )
        label = next((cell for cell in cells if any(letter.isalpha() for letter in cell)), "")
        return f"{label[:_LEAD].rstrip()} … {text}" if label else text
    before = tidy(block.text[: span.start])
    if not before:
        after = tidy(block.text)[len(text) :]
        return f"{text}{after[:_LEAD].rsplit(' ', 1)[0]} …" if len(after) > _LEAD else f"{text}{after}"
    lead = before if len(before) <= _LEAD else "… " + before[-_LEAD:].split(" ", 1)[-1]
    return f"{lead} {text}".strip() if not before.endswith("(") else f"{lead}{text}"


def _judged(judgements: Sequence[Judgement]) -> Iterator[tuple[Span, Said]]:
    for judgement in judgements:
        group, label, sign = _VERDICTS[judgement.verdict]
        span = (
            judgement.suspect
            if judgement.suspect and group in (Group.WRONG, Group.EXPLAIN)
            else judgement.claim.span
        )
        yield span, Said(group, label, sign, judgement.sentence, judgement.verdict.value, judgement.cell_id)


def _remarked(remarks: Sequence[TextRemark]) -> Iterator[tuple[Span, Said]]:
    for remark in remarks:
        label, sign = _REMARKS.get(remark.code.split(".")[0], _OTHER_REMARK)
        yield remark.span, Said(Group.REMARK, label, sign, remark.sentence, remark.code)
