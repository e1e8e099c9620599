"""Citations of legal documents against the catalogue: in force on the report's day, same day each time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.audit.dates import find_days
from transforms.audit.model import BlockKind, LegalDocument, TextRemark
from transforms.audit.reading import ReadBlock

_CITED = re.compile(
    r"(?<![\w/])(?P<number>\d{1,5}[a-zđ]?(?:\s?/\s?\d{4})?\s?/\s?[A-ZĐ][A-Za-zđĐ]{0,6}\d{0,2}(?:\s?[-–&]\s?[A-ZĐ][A-Za-zĐđ&]*)*(?:\d{1,2})?)"
)
_DATE_AFTER = re.compile(r"^\s*,?\s*(?:ban hành\s+)?(?:ngày\s+)?", re.IGNORECASE)
_HISTORY = re.compile(
    r"thay thế|bãi bỏ|hủy bỏ|huỷ bỏ|hết hiệu lực|sửa đổi|bổ sung một số điều|trước đây|tổng kết|sơ kết|giai đoạn 20|thay cho|đã được thay|"
    r"chấm dứt|ngừng áp dụng|hợp nhất",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited document: number as printed and as compared, its day where one is given."""

    start: int
    end: int
    number: str
    key: str
    day: date | None


def find_citations(read: ReadBlock) -> Iterator[Citation]:
    """Every document that the block cites by number and symbol."""
    for match in _CITED.finditer(read.text):
        tail = read.text[match.end() : match.end() + 45]
        lead = _DATE_AFTER.match(tail)
        days = list(find_days(tail))
        day = days[0] if days and lead and days[0].start <= lead.end() else None
        printed = re.sub(r"\s+", "", match["number"])
        yield Citation(
            match.start(),
            match.end() + (day.end if day else 0),
            printed,
            _key(printed),
            day.day if day else None,
        )


def check_citations(
    reads: Sequence[ReadBlock], documents: Sequence[LegalDocument], report_date: date | None
) -> Iterator[TextRemark]:
    """Remarks on documents out of force on the report's day, not yet in force, or cited with two days."""
    catalogue: dict[str, list[LegalDocument]] = {}
    for document in documents:
        catalogue.setdefault(_key(document.number), []).append(document)
    first_days: dict[tuple[str, str], date] = {}
    for read in reads:
        if read.block.kind is BlockKind.TABLE_ROW:
            continue
        for citation in find_citations(read):
            if known := _document(citation, catalogue):
                yield from _check_known(read, citation, known, report_date)
            elif citation.day is not None:
                yield from _check_own_day(read, citation, first_days, report_date)


def _document(citation: Citation, catalogue: dict[str, list[LegalDocument]]) -> LegalDocument | None:
    """The catalogued document. A number without a year is only known together with its day."""
    found = catalogue.get(citation.key, [])
    if re.search(r"/\d{4}/", citation.key) or "QH" in citation.key:
        return found[0] if found else None
    return next((d for d in found if citation.day is not None and d.issued_on == citation.day), None)


def _check_known(
    read: ReadBlock, citation: Citation, document: LegalDocument, report_date: date | None
) -> Iterator[TextRemark]:
    if citation.day and document.issued_on and document.is_certain and citation.day != document.issued_on:
        yield _remark(
            read,
            citation,
            "citation.date",
            f"{_name(document)} ban hành ngày {_say(document.issued_on)}, báo cáo ghi ngày {_say(citation.day)}.",
        )
    if report_date is None or _is_history(read, citation):
        return
    if document.is_certain and document.valid_to is not None and document.valid_to < report_date:
        instead = f", đã được thay thế bởi {document.replaced_by}" if document.replaced_by else ""
        yield _remark(
            read,
            citation,
            "citation.expired",
            f"{_name(document)} ({document.title}) hết hiệu lực từ ngày {_say(document.valid_to + timedelta(days=1))}{instead}; "
            f"đến ngày {_say(report_date)} không còn căn cứ để viện dẫn.",
        )
    elif document.is_certain and document.issued_on is not None and document.issued_on > report_date:
        yield _remark(
            read,
            citation,
            "citation.later",
            f"{_name(document)} ban hành ngày {_say(document.issued_on)}, sau ngày của báo cáo.",
        )


def _check_own_day(
    read: ReadBlock, citation: Citation, first_days: dict[tuple[str, str], date], report_date: date | None
) -> Iterator[TextRemark]:
    """The same number of the same issuer and year with two days."""
    day = citation.day
    if day is None:
        return
    issuer = _issuer(read, citation)
    if not issuer:
        return
    first = first_days.setdefault((f"{citation.key}|{day.year}", issuer), day)
    if first != day:
        yield _remark(
            read,
            citation,
            "citation.two_dates",
            f"Văn bản số {citation.number} được ghi ngày {_say(day)} ở đây nhưng ngày {_say(first)} ở phần trước.",
        )


def _issuer(read: ReadBlock, citation: Citation) -> str:
    found = re.match(
        r"\s*(?:của|do)\s+([^,;.()]{4,60}?)(?=\s+(?:về|ban hành|quy định|phê duyệt|thành lập)|[,;.()]|$)",
        read.text[citation.end :],
    )
    return re.sub(r"\s+", " ", found[1]).casefold() if found else ""


def _is_history(read: ReadBlock, citation: Citation) -> bool:
    start, end = read.sentence_at(citation.start)
    before = read.text[max(start, citation.start - 90) : citation.start]
    after = read.text[citation.end : min(end, citation.end + 60)]
    return bool(
        _HISTORY.search(before)
        or re.search(r"hết hiệu lực|được thay thế|bị bãi bỏ|được bãi bỏ", after, re.IGNORECASE)
    )


def _key(number: str) -> str:
    text = re.sub(r"\s+", "", number).upper().replace("–", "-")
    return re.sub(r"^0+(?=\d)", "", text)


def _name(document: LegalDocument) -> str:
    return f"Văn bản số {document.number}"


def _remark(read: ReadBlock, citation: Citation, code: str, sentence: str) -> TextRemark:
    return TextRemark(code, read.index, citation.start, citation.end, sentence)


def _say(day: date) -> str:
    return f"{day.day:02d}/{day.month}/{day.year}"
