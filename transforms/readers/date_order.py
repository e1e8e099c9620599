"""Columns whose months stand before their days, and days that Excel turned round while opening a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Profile
from transforms.findings import Finding
from transforms.readers.day_bytes import read_alike
from transforms.readers.repeating import as_strings, is_repeating, used_texts

MONTH_FIRST = "file.date.month_first"
TURNED_BY_EXCEL = "file.date.turned_by_excel"
DOUBTFUL = "file.date.order_doubtful"

_PROOFS = 3
"""Distinct days that only one order can spell; fewer could be slips of the pen."""
_TURNED_PROOFS = 5
"""Distinct real dates, all with a day up to 12: by chance that is one column in a hundred."""
_SPELT = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_REAL = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?!\d)")
_LATEST_MONTH = 12


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Distinct days of one column, by what they can mean."""

    day_first: int = 0
    """Spelt days whose first number is no month."""
    month_first: int = 0
    """Spelt days whose second number is no month."""
    either: int = 0
    real_small: int = 0
    """Real dates of a spreadsheet whose day could be a month."""
    real_large: int = 0

    @property
    def is_month_first(self) -> bool:
        return self.month_first > 0 and not self.day_first

    @property
    def is_turned(self) -> bool:
        """Text was left alone where the day is no month, and turned into a date where it could be one."""
        texts_only_large = self.day_first > 0 and not self.month_first and not self.either
        return texts_only_large and self.real_small > 0 and not self.real_large


def settle_date_order(body: pa.Table, profile: Profile) -> tuple[pa.Table, tuple[Finding, ...]]:
    """The body with its days in Vietnamese order where a column as a whole proves another, and what was found.

    Never decided by one cell. A column is read month first where at least three distinct days can be
    spelt only so and none only day first; with fewer proofs it follows another such column of the file.
    Days that a spreadsheet set to another country took for dates are turned back where at least five
    distinct ones all could be months and at least three texts beside them could not. What looks so
    without proof stays as it is and is ``file.date.order_doubtful``.
    """
    labels = {
        column.name: column.aliases[0]
        for column in profile.columns
        if column.parse == "date" and column.name in body.column_names
    }
    evidence = {name: _weigh(_distinct_days(body.column(name))) for name in labels}
    is_proven = any(e.is_month_first and e.month_first >= _PROOFS for e in evidence.values())
    findings: list[Finding] = []
    for name, found in evidence.items():
        if found.is_month_first:
            code = MONTH_FIRST if is_proven else DOUBTFUL
        elif found.is_turned:
            is_enough = found.real_small >= _TURNED_PROOFS and found.day_first >= _PROOFS
            code = TURNED_BY_EXCEL if is_enough else DOUBTFUL if found.real_small >= _PROOFS else ""
        else:
            # All days small, in a file whose other columns have their months first.
            code = DOUBTFUL if is_proven and found.either and not found.day_first else ""
        if code:
            findings.append(Finding(code, column=name, params=(("column", labels[name]),)))
        if code in (MONTH_FIRST, TURNED_BY_EXCEL):
            column = as_strings(body.column(name))
            column = _turn_spelt(column) if code == MONTH_FIRST else _turn_real(column)
            body = body.set_column(body.column_names.index(name), name, column)
    return body, tuple(findings)


def _distinct_days(column: pa.ChunkedArray) -> Set[str]:
    """The first ten characters of every cell, each once: instants are many, days few."""
    days: set[str] = set()
    for chunk in column.chunks:
        texts = used_texts(chunk) if is_repeating(chunk) else chunk
        if (alike := read_alike(texts)) is not None:
            days.update(alike.distinct_texts())
            if alike.is_read.all():
                continue
            texts = texts.drop_null().filter(pa.array(~alike.is_read))
        days.update(pc.unique(pc.utf8_slice_codeunits(texts.drop_null(), 0, 10)).to_pylist())
    return days


def _weigh(texts: Iterable[str]) -> _Evidence:
    spelt: set[tuple[int, int, str]] = set()
    real: set[tuple[str, str, str]] = set()
    for text in texts:
        if found := _SPELT.match(text):
            spelt.add((int(found[1]), int(found[3]), found[4]))
        elif found := _REAL.match(text):
            real.add((found[1], found[2], found[3]))
    large = [(first > _LATEST_MONTH, second > _LATEST_MONTH) for first, second, _ in spelt]
    real_large = sum(int(day) > _LATEST_MONTH for _, _, day in real)
    return _Evidence(
        day_first=large.count((True, False)),
        month_first=large.count((False, True)),
        either=large.count((False, False)),
        real_small=len(real) - real_large,
        real_large=real_large,
    )


def _turn_spelt(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ "08/31/2021 07:30" as "31/08/2021 07:30"; what is spelt otherwise stays."""
    pattern = r"^(\d{1,2})([/.-])(\d{1,2})([/.-])(\d{4}|\d{2})(\D.*)?$"
    return pc.replace_substring_regex(column, pattern, r"\3\2\1\4\5\6")


def _turn_real(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ "2021-05-09 00:00:00" as "2021-09-05 00:00:00"."""
    return pc.replace_substring_regex(column, r"^(\d{4})-(\d{2})-(\d{2})(\D.*)?$", r"\1-\3-\2\4")
