"""One line of what is to be mended, before it is written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.returned.model import ReturnedLine
from transforms.schema.tables import SEVERITIES


@dataclass(frozen=True, slots=True)
class MendLine:
    """One finding at one failing row, with its finished wording.

    ``sheet`` and ``row`` are those of the file as it was sent (row 0: the finding is about the whole
    file). ``value`` is the text of an allow-listed column only, as ``Place.value`` holds it.
    """

    finding_id: str
    code: str
    severity: str
    unit_code: str
    sentence: str
    remedy: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    """Canonical column, empty where the finding names none."""
    column_label: str = ""
    """What people call that column; the file's own header goes before it."""
    subject: str = ""
    value: str = ""
    explanation: str = ""
    """What the unit explained before, so that nobody has to explain the same thing twice."""
    author: str = ""


def sort_lines(lines: Iterable[MendLine]) -> tuple[MendLine, ...]:
    """Critical ones first, then by sheet and row; what is about the whole file stands before its rows."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                SEVERITIES.index(line.severity),
                bool(line.row),
                line.sheet,
                line.row,
                line.code,
                line.column,
                line.finding_id,
            ),
        )
    )


def number_lines(lines: Iterable[MendLine]) -> tuple[ReturnedLine, ...]:
    """The same lines as the marker keeps them, numbered from 1 in the order given."""
    return tuple(
        ReturnedLine(
            number,
            line.finding_id,
            line.code,
            line.subject,
            line.sheet,
            line.row,
            line.column,
            line.unit_code,
        )
        for number, line in enumerate(lines, start=1)
    )
