"""What the head of a report says: whose it is, which period it covers, of which day it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from transforms.audit.dates import find_days, find_periods
from transforms.audit.model import PeriodFacts, TextBlock, TitleFacts
from transforms.audit.unit_mentions import find_unit_mentions

_HEAD_BLOCKS = 14
_LONGEST_TITLE = 240
_DATE_LINE = re.compile(r"^\s*(?:\|?.*\|)?\s*[^\d|]{2,40},\s*ngày\s", re.IGNORECASE)
_SUBJECT = re.compile(r"báo cáo|kết quả|tình hình|công tác|cải cách|kỳ báo cáo|năm", re.IGNORECASE)


def read_title(blocks: Sequence[TextBlock]) -> TitleFacts:
    """The facts of the first blocks; the unit may also be the one that the text names most as the author."""
    head = [block.text for block in blocks[:_HEAD_BLOCKS]]
    period = next((found for text in head if (found := _period(text))), None)
    year = period.end.year if period else None
    unit_type, unit_name = _unit([block.text for block in blocks], head)
    return TitleFacts(unit_type, unit_name, period, _report_date(head, year))


def _period(text: str) -> PeriodFacts | None:
    """The first period of a line of the head that is no citation and no date line."""
    if (
        len(text) > _LONGEST_TITLE
        or _DATE_LINE.match(text)
        or not _SUBJECT.search(text)
        or re.search(r"\d/[A-ZĐ]{2}", text)
    ):
        return None
    found = list(find_periods(text))
    # "Kết quả tháng 9 và nhiệm vụ tháng 10": the first one is the report's.
    return found[0].period if found else None


def _report_date(head: Sequence[str], year: int | None) -> date | None:
    for text in head:
        if _DATE_LINE.match(text):
            for found in find_days(text, year):
                return found.day
    return None


def _unit(texts: Sequence[str], head: Sequence[str]) -> tuple[str, str]:
    for text in head:
        for mention in find_unit_mentions(text):
            if mention.is_committee and mention.name:
                return mention.type, mention.name
    votes: Counter[tuple[str, str]] = Counter()
    for text in texts:
        votes.update((m.type, m.name) for m in find_unit_mentions(text) if m.is_committee and m.name)
    return votes.most_common(1)[0][0] if votes else ("", "")
