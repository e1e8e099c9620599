"""Paragraphs that stand twice in this report, or that equal one of another report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.audit.model import BlockKind, OtherReport, TextRemark
from transforms.audit.reading import ReadBlock
from transforms.text_vi import fold

_LEAST_WORDS = 25
_WAY_OF_COUNTING = "quy tac dem"
"""Stands under every form of a report of ours, with the same days and rules each time."""


def check_paragraphs(reads: Sequence[ReadBlock], others: Sequence[OtherReport]) -> Iterator[TextRemark]:
    """Remarks on long paragraphs that are equal but for case, accents and punctuation.

    Short ones and citations repeat rightly; of a paragraph only those of 25 words and more are compared.
    So does a note directly under a table, which says of each table how it was counted.
    """
    known: dict[str, str] = {}
    for other in others:
        for paragraph in other.paragraphs:
            folded = fold(paragraph)
            if len(folded.split()) >= _LEAST_WORDS:
                known.setdefault(folded, other.name)
    seen: dict[str, int] = {}
    for above, read in zip((None, *reads), reads, strict=False):
        if read.block.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING):
            continue
        if above is not None and above.block.kind is BlockKind.TABLE_ROW:
            continue
        folded = fold(read.text[read.marker.end :] if read.marker else read.text)
        if len(folded.split()) < _LEAST_WORDS or _WAY_OF_COUNTING in folded:
            continue
        if folded in seen:
            yield TextRemark(
                "text.repeated",
                read.index,
                0,
                len(read.text),
                "Đoạn này trùng nguyên văn với một đoạn ở phần trước của báo cáo.",
            )
        elif folded in known:
            yield TextRemark(
                "text.copied",
                read.index,
                0,
                len(read.text),
                f"Đoạn này trùng nguyên văn với {known[folded]}.",
            )
        seen.setdefault(folded, read.index)
