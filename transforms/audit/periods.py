"""Days and periods of the text against the reporting period.

A report that closes its figures before the end of its period must say so; one that does ("trước ngày kết
thúc kỳ báo cáo") is left alone. "9 tháng" has no window in law: the earliest end is 14/9 (NĐ 09/2019/NĐ-CP
by quarters), the latest 30/9 (DOMAIN.md 1.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from transforms.audit.dates import find_days, find_periods
from transforms.audit.model import BlockKind, PeriodFacts, TextRemark
from transforms.audit.reading import ReadBlock

_CUTOFF = re.compile(
    r"(?:tính đến|đến|chốt|số liệu đến|lấy đến|tính tới)\s*(?:hết\s+)?(?:ngày\s+)?$", re.IGNORECASE
)
_CUTOFF_WORDS = re.compile(r"tính đến|số liệu|chốt|lũy kế|luỹ kế|tính tới|kết quả", re.IGNORECASE)
_DISCLOSED = re.compile(
    r"(?<!\w)(?:trước ngày kết thúc|chưa (?:được )?(?:tổng hợp|đầy đủ)|ước thực hiện|ước đến|phát sinh sau)(?!\w)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"so với|cùng kỳ|năm trước|kỳ trước|trước đây|giai đoạn|kể từ|so sánh|hết hiệu lực|kế hoạch|phải|trước ngày|thời hạn đến|hoàn thành",
    re.IGNORECASE,
)
_FRAME = re.compile(r"^\W*(?:[-+•*]\s*)?(?:trong|kết quả(?: thực hiện)?(?: trong)?)\s+$", re.IGNORECASE)
_DID = re.compile(
    r"(?<!\w)(?:đã|được|tiếp nhận|giải quyết|ban hành|triển khai|thực hiện|tổ chức|đạt)(?!\w)", re.IGNORECASE
)
_NEXT = re.compile(r"phương hướng|nhiệm vụ|kế hoạch|dự kiến|thời gian tới|tiếp tục", re.IGNORECASE)


def check_periods(reads: Sequence[ReadBlock], period: PeriodFacts | None) -> Iterator[TextRemark]:
    """Remarks on cut-off days that contradict the period and on last period's dates left in the text."""
    if period is None:
        return
    is_disclosed = any(_DISCLOSED.search(read.text) for read in reads)
    said: set[date] = set()
    for read in reads:
        if read.block.kind in (BlockKind.HEADING, BlockKind.TABLE_ROW):
            continue
        for day, remark in _cutoffs(read, period):
            if day not in said and not (is_disclosed and remark.code == "period.cutoff_early"):
                said.add(day)
                yield remark
        yield from _frames(read, period)


def _cutoffs(read: ReadBlock, period: PeriodFacts) -> Iterator[tuple[date, TextRemark]]:
    for named in find_days(read.text, period.end.year):
        start, _ = read.sentence_at(named.start)
        before = read.text[start : named.start]
        if not _CUTOFF.search(before) or not (
            _CUTOFF_WORDS.search(before) or re.search(r"từ\s+(?:ngày\s+)?\d", before)
        ):
            continue
        if _COMPARED.search(before[-70:]):
            continue
        opened = _opening(before, period.end.year)
        if opened is not None and not _CUTOFF_WORDS.search(before):
            if named.day.year < period.end.year and opened.year < period.start.year:
                yield (
                    named.day,
                    _remark(read, named.start, named.end, "period.last_period", _last(named.day, period)),
                )
            continue
        if named.day < period.start:
            yield (
                named.day,
                _remark(read, named.start, named.end, "period.last_period", _last(named.day, period)),
            )
        elif named.day < period.earliest_end:
            yield (
                named.day,
                _remark(
                    read,
                    named.start,
                    named.end,
                    "period.cutoff_early",
                    f"Số liệu tính đến ngày {_say(named.day)} trong khi kỳ {period.label} kết thúc "
                    f"{'sớm nhất là ' if period.is_open else ''}ngày {_say(period.earliest_end)}; báo cáo cần nói rõ phần chưa tổng hợp.",
                ),
            )
        elif named.day > period.end and not _NEXT.search(before):
            yield (
                named.day,
                _remark(
                    read,
                    named.start,
                    named.end,
                    "period.cutoff_late",
                    f"Số liệu tính đến ngày {_say(named.day)}, sau ngày cuối của kỳ {period.label} ({_say(period.end)}).",
                ),
            )


def _opening(before: str, year: int) -> date | None:
    found = list(find_days(before, year))
    return found[-1].day if found else None


def _last(day: date, period: PeriodFacts) -> str:
    return f"Ngày {_say(day)} thuộc kỳ trước, không thuộc kỳ {period.label}; có thể còn sót từ báo cáo cũ."


def _frames(read: ReadBlock, period: PeriodFacts) -> Iterator[TextRemark]:
    """ "Trong 6 tháng đầu năm 2020, UBND xã đã …" in a report on 2021: last period's sentence."""
    for named in find_periods(read.text):
        start, end = read.sentence_at(named.start)
        begin = read.marker.end if read.marker and start < read.marker.end else start
        before, after = read.text[begin : named.start], read.text[named.end : end]
        if not _FRAME.match(before) or named.period.end >= period.start:
            continue
        if _COMPARED.search(after[:80]) or not _DID.search(after):
            continue
        yield _remark(
            read,
            named.start,
            named.end,
            "period.last_period",
            f"“{read.text[named.start : named.end]}” không thuộc kỳ báo cáo {period.label}; có thể còn sót từ báo cáo cũ.",
        )


def _remark(read: ReadBlock, start: int, end: int, code: str, sentence: str) -> TextRemark:
    return TextRemark(code, read.index, start, end, sentence)


def _say(day: date) -> str:
    return f"{day.day:02d}/{day.month}/{day.year}"
