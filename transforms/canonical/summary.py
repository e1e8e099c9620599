"""Rows of the software's own summary by field as typed records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled, Refusal, assemble_rows, find_repeats
from transforms.canonical.source import Source, showable, tidied
from transforms.findings import Finding
from transforms.readers.model import UnreadableFileError
from transforms.readers.values import parse_counts
from transforms.schema.tables import NUMBER, SUMMARY
from transforms.text_vi import fold

COUNT_COLUMNS = tuple(name for name in SUMMARY.content_names if SUMMARY.column(name).type == NUMBER)

_DAY = r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(20\d{2})"
_WINDOW = re.compile(rf"\btu {_DAY} den (?:het )?{_DAY}\b")


def canonicalise_summary(source: Source) -> tuple[Assembled, tuple[Finding, ...]]:
    """Typed lines of one summary by field and what is doubtful about them.

    Its window is the "Từ ngày … đến ngày …" of the titles; nothing else tells what the counts are about,
    so without exactly one the file is refused: UnreadableFileError ``summary.window.missing``. Set
    apart: lines without a field, with a count that is no whole number, or without any count. An empty
    cell stays empty, it is no zero.
    """
    window = find_window(source.raw.titles)
    if window is None:
        raise UnreadableFileError("summary.window.missing")
    fields = tidied(source.text("field_name"))
    size = len(fields)
    counts, unreadable = {}, {}
    for name in COUNT_COLUMNS:
        counts[name], unreadable[name] = parse_counts(source.text(name))
    nothing = pa.repeat(pa.scalar(True), size)
    for name in COUNT_COLUMNS:
        nothing = pc.and_(nothing, pc.and_(pc.is_null(counts[name]), pc.invert(unreadable[name])))
    refusals = (
        Refusal("summary.field.missing", "field_name", pc.is_null(fields)),
        *(
            Refusal("summary.count.unreadable", name, mask, showable(source.text(name), mask))
            for name, mask in unreadable.items()
        ),
        Refusal("summary.counts.missing", "received_total", nothing),
    )
    columns = {
        **counts,
        "unit_code": pa.repeat(pa.scalar(source.unit_code, pa.string()), size),
        "window_start": pa.repeat(pa.scalar(window[0], pa.date32()), size),
        "window_end": pa.repeat(pa.scalar(window[1], pa.date32()), size),
        "field_name": fields,
    }
    assembled = assemble_rows(source, columns, refusals, fields)
    same = pa.repeat(pa.scalar(False), assembled.repeat.earlier.num_rows)
    repeated = "summary.field.repeated"
    repeats = find_repeats(
        source, assembled.repeat, same, (repeated, repeated), ("field_name", "received_total")
    )
    return assembled, repeats


def find_window(titles: Sequence[str]) -> tuple[date, date] | None:
    """First and last day that the titles name ("Từ ngày 15/12/2020 đến ngày 05/09/2021").

    None where they name no window, two different ones, a day that does not exist or an end before the start.
    """
    found = {match.groups() for title in titles for match in _WINDOW.finditer(fold(title))}
    if len(found) != 1:
        return None
    numbers = [int(text) for text in found.pop()]
    try:
        start, end = (date(year, month, day) for day, month, year in (numbers[:3], numbers[3:]))
    except ValueError:
        return None
    return (start, end) if start <= end else None
