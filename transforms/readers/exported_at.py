"""When an export was taken, from its file name, its titles or its arrival. Never from the file's mtime."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from transforms.readers.archive import MEMBER_SEPARATOR
from transforms.text_vi import fold, tidy

FROM_FILE_NAME = "file_name"
FROM_TITLE = "title"
FROM_ARRIVAL = "arrival"

# Removed before dates are sought: the digits between the dashes are the day of one dossier's reception,
# and "1.001193.000.00.00.H56" is a procedure.
_DOSSIER_CODE = re.compile(
    r"(?<![0-9A-Z])(?:(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,2})-(?:\d{6}|\d{8})-[A-Z0-9]{0,2}\d{4,7}(?!\d)",
    re.IGNORECASE,
)
_PROCEDURE_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?:\.\d{2,3}){0,3}(?:\.[A-Z]\d{2})?(?!\d)", re.IGNORECASE)

_CLOCK = r"(?:[ _T,\-]{1,3}(?:luc[ _\-])?(?P<hour>\d{1,2})[\-:hg._]?(?P<minute>\d{2})(?:[\-:._]?(?P<second>\d{2}))?(?!\d))?"
_PATTERNS = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?P<sep>[\-./_ ])(?P<month>\d{{1,2}})(?P=sep)(?P<year>20\d{{2}})(?!\d){_CLOCK}"
    ),
    re.compile(
        rf"(?<!\d)(?P<year>20\d{{2}})(?P<sep>[\-./_ ])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?!\d){_CLOCK}"
    ),
    re.compile(rf"(?<!\d)(?P<year>20\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?!\d){_CLOCK}"),
    re.compile(
        r"(?<!\d)(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?!\d)"
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{2}})(?P<month>\d{{2}})(?P<year>20\d{{2}})(?!\d){_CLOCK}"),
)
_RANGE_START = re.compile(r"(?:\btu|\btu ngay)$")
_RANGE_END = re.compile(r"(?:\bden|\bden ngay|\bden het|\bden het ngay)$")
_IN_WORDS = re.compile(r"\b(?P<day>\d{1,2}) thang (?P<month>\d{1,2}) nam (?P<year>20\d{2})\b")
_TITLE_END = re.compile(
    r"\bden (?:het )?(?:ngay )?(?P<day>\d{1,2}) (?:thang )?(?P<month>\d{1,2}) (?:nam )?(?P<year>20\d{2})\b"
)


def exported_at(file_name: str, titles: Sequence[str], arrived_at: datetime) -> tuple[datetime, str]:
    """When the export was taken (naive Vietnam time) and what says so: file_name, title or arrival.

    A date in the file name wins; of several the latest. The first day of a range ("từ ngày ...") never
    counts, its last day only where the name holds no other date. Then the "đến ngày ..." of the titles,
    then the arrival. Dossier codes, procedure codes and periods ("2021-09", "2021-9T", "Q3-2021") are
    not dates; two-digit years are not read here, because agency identifiers look the same. An export
    cannot be younger than its arrival, so a later day is passed over. A date without a time is 00:00.
    Of a file in an archive its own name comes first, the archive's name (the day of sending) after it.
    """
    from_names = [
        moments for name in reversed(file_name.split(MEMBER_SEPARATOR)) for moments in _in_name(name)
    ]
    from_titles = [moment for title in titles if (moment := _range_end_of_title(title))]
    sources = [*((moments, FROM_FILE_NAME) for moments in from_names), (from_titles, FROM_TITLE)]
    for moments, source in sources:
        possible = [moment for moment in moments if moment.date() <= arrived_at.date()]
        if possible:
            return max(possible), source
    return arrived_at, FROM_ARRIVAL


def _in_name(name: str) -> tuple[list[datetime], list[datetime]]:
    """The dates of a file name that stand free, and those that end a range."""
    free: list[datetime] = []
    range_ends: list[datetime] = []
    for named, words_before in _moments_in_name(name):
        if not _RANGE_START.search(words_before):
            (range_ends if _RANGE_END.search(words_before) else free).append(named)
    return free, range_ends


def _moments_in_name(file_name: str) -> Iterator[tuple[datetime, str]]:
    """Every date in a file name with the folded words before it."""
    stem = tidy(file_name).replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or tidy(file_name)
    stem = _PROCEDURE_CODE.sub("~", _DOSSIER_CODE.sub("~", stem))
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(stem):
            moment = _moment(found)
            if moment is None or any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            yield moment, fold(stem[: found.start()])
    folded = fold(stem)
    for found in _IN_WORDS.finditer(folded):
        if moment := _moment(found):
            yield moment, folded[: found.start()].rstrip()


def _range_end_of_title(title: str) -> datetime | None:
    found = _TITLE_END.search(fold(title))
    return _moment(found) if found else None


def _moment(found: re.Match[str]) -> datetime | None:
    """The moment that a match spells, None where the day does not exist; an impossible time is 00:00."""
    part = {name: int(text) for name, text in found.groupdict().items() if text and text.isdigit()}
    try:
        day = datetime(part["year"], part["month"], part["day"])  # noqa: DTZ001 - offices print local time only
    except ValueError:
        return None
    try:
        return day.replace(
            hour=part.get("hour", 0), minute=part.get("minute", 0), second=part.get("second", 0)
        )
    except ValueError:
        return day
