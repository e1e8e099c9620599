"""The software's own summary by field against our counts of the same window.

Both numbers are named, neither is called right. Known differences of method are allowed for: the software
counts withdrawn dossiers under on time and waiting ones under within time, but some versions print them
apart; dossiers whose procedure the catalogue does not know stand under some field there and under none here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.catalogue.names import NameIndex, build_name_index
from transforms.findings import Finding, Place
from transforms.indicators.plausibility_window import WindowCounts, count_window, received_spans
from transforms.report.numbers_vi import date_short, thousands
from transforms.schema.tables import SUMMARY

DIFFERS = "summary.count.differs"
UNKNOWN_FIELD = "summary.field.unknown"
NOT_EVALUATED = "summary.count.not_evaluated"
SUMMARY_COUNT_CODES = (DIFFERS, UNKNOWN_FIELD, NOT_EVALUATED)

COMPARED = (
    "received_total", "carried_over", "received_in_window", "received_online", "received_postal",
    "early", "on_time", "late", "pending_within", "pending_overdue", "awaiting_supplement", "withdrawn",
)  # fmt: skip
_CHANNELS = ("received_online", "received_postal")
_APART: Mapping[str, tuple[str, ...]] = {
    "received_total": ("withdrawn", "paused"),
    "on_time": ("withdrawn",),
    "pending_within": ("paused", "awaiting_supplement"),
}
"""Column → what some versions of the software leave out of it and print in a column of its own."""
FIRST_DOSSIER_WITHIN = timedelta(days=14)
"""Our lists must begin at most so long after the summary's first day to be about the same dossiers."""
_SHOWN_NAMES = 3
ALL_FIELDS_NAME = "Tổng các lĩnh vực"


@dataclass(frozen=True, slots=True)
class _Line:
    """What one summary says of one of our fields; several printed names of it are added."""

    place: Place
    printed: str
    counts: Counter[str]
    stated: frozenset[str]
    """Columns in which it states a number."""


def check_summary_counts(
    summaries: pa.Table,
    versions: pa.Table,
    fees: pa.Table,
    data_days: Mapping[str, date],
    as_of: date,
    catalogue: Catalogue,
) -> tuple[Finding, ...]:
    """Findings of ``SUMMARY_COUNT_CODES``: per unit and window those numbers that differ, each with its row.

    ``summaries``: lines that count; ``versions``: all versions of dossiers, overdue lists joined;
    ``data_days``: unit → the day its newest dossier list was taken. A summary that reaches beyond the
    unit's lists is not compared, which is said once. A place's value is "<column>: <theirs> / <ours>".
    """
    if summaries.num_rows == 0:
        return ()
    index = build_name_index(catalogue)
    units = pc.unique(summaries["unit_code"].combine_chunks())
    versions = versions.filter(pc.is_in(versions["unit_code"], value_set=units))
    fees = fees.filter(pc.is_in(fees["unit_code"], value_set=units))
    firsts = received_spans(versions)
    windows: defaultdict[tuple[date, date], dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    for row in summaries.to_pylist():
        if row["unit_code"] and row["window_start"] and row["window_end"]:
            window = windows[row["window_start"], row["window_end"]]
            window.setdefault(row["unit_code"], []).append(row)
    found: list[Finding] = []
    for (start, end), by_unit in sorted(windows.items()):
        comparable = {
            unit: lines
            for unit, lines in by_unit.items()
            if unit in data_days
            and data_days[unit] >= end
            and unit in firsts
            and firsts[unit] <= start + FIRST_DOSSIER_WITHIN
        }
        found += [_skipped(unit, start, end) for unit in sorted(set(by_unit) - set(comparable))]
        if comparable:
            mine = pc.is_in(versions["unit_code"], value_set=pa.array(sorted(comparable)))
            ours = count_window(versions.filter(mine), fees, start, end, as_of, catalogue)
            for unit, lines in sorted(comparable.items()):
                found += _compare(unit, start, end, lines, ours, index, catalogue)
    return tuple(found)


def _skipped(unit: str, start: date, end: date) -> Finding:
    return Finding(NOT_EVALUATED, unit, "summary", "", "window_end", _window_params(start, end))


def _window_params(start: date, end: date) -> tuple[tuple[str, str | int], ...]:
    return (
        ("subject", f"{start.isoformat()}..{end.isoformat()}"),
        ("start", date_short(start)),
        ("end", date_short(end)),
    )


def _compare(
    unit: str,
    start: date,
    end: date,
    rows: Sequence[dict[str, Any]],
    ours: WindowCounts,
    index: NameIndex,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    names = {field.field_id: field.name for field in catalogue.fields}
    excluded = {field.field_id for field in catalogue.fields if field.is_excluded}
    matched = [(row, index.field(row["field_name"])) for row in rows]
    unknown = [row for row, field in matched if field is None]
    if unknown:
        shown = ", ".join(str(row["field_name"]) for row in unknown[:_SHOWN_NAMES])
        rest = len(unknown) - _SHOWN_NAMES
        text = f"{shown} và {thousands(rest)} tên khác" if rest > 0 else shown
        places = tuple(_place(row, str(row["field_name"]), "") for row in unknown)
        yield Finding(
            UNKNOWN_FIELD, unit, "summary", rows[0]["_file"] or "", "field_name", (("names", text),), places
        )
    lines = _lines([(row, field) for row, field in matched if field is not None and field not in excluded])
    unclassified = ours.of(unit, UNCLASSIFIED)
    differing: list[tuple[Place, str, str, int, int]] = []
    for field, line in lines.items():
        for name, theirs, mine in _differences(line, ours.of(unit, field), unclassified):
            differing.append((line.place, names.get(field, line.printed), name, theirs, mine))
    if not unknown:
        # What the summary does not name at all: nothing may be counted there, except what we cannot place.
        for (owner, field), counts in sorted(ours.cells.items()):
            if owner == unit and field not in lines and field != UNCLASSIFIED and counts["received_total"]:
                place = Place(rows[0]["_sheet"] or "", 0, names.get(field, field), "", rows[0]["_file"] or "")
                differing.append(
                    (place, names.get(field, field), "received_total", 0, counts["received_total"])
                )
        if not differing:
            total = _total(lines.values())
            mine_total: Counter[str] = Counter()
            for (owner, _), counts in ours.cells.items():
                if owner == unit:
                    mine_total.update(counts)
            for name, theirs, mine in _differences(total, mine_total, {}):
                differing.append((total.place, ALL_FIELDS_NAME, name, theirs, mine))
    if differing:
        yield _differs(unit, start, end, differing)


def _lines(matched: Sequence[tuple[dict[str, Any], str]]) -> dict[str, _Line]:
    lines: dict[str, _Line] = {}
    for row, field in matched:
        stated = frozenset(name for name in COMPARED if row[name] is not None)
        counts = Counter({name: row[name] for name in stated})
        before = lines.get(field)
        if before is None:
            lines[field] = _Line(
                _place(row, str(row["field_name"]), ""), str(row["field_name"]), counts, stated
            )
        else:
            added = Counter(before.counts)
            added.update(counts)
            lines[field] = _Line(before.place, before.printed, added, before.stated & stated)
    return lines


def _total(lines: Sequence[_Line] | Any) -> _Line:
    counts: Counter[str] = Counter()
    stated = frozenset(COMPARED)
    place = Place("", 0, ALL_FIELDS_NAME)
    for line in lines:
        counts.update(line.counts)
        stated &= line.stated
        place = Place(line.place.sheet, 0, ALL_FIELDS_NAME, "", line.place.file)
    return _Line(place, ALL_FIELDS_NAME, counts, stated)


def _differences(
    line: _Line, ours: Mapping[str, int], unclassified: Mapping[str, int]
) -> Iterator[tuple[str, int, int]]:
    """(column, theirs, ours) where no known difference of method explains it."""
    for name in COMPARED:
        if name not in line.stated:
            continue
        # Without the channel of every dossier we do not know our own number.
        if name in _CHANNELS and (ours.get("unknown_channel", 0) or unclassified.get("unknown_channel", 0)):
            continue
        theirs, mine = line.counts[name], ours.get(name, 0)
        least = min([mine, *(mine - ours.get(apart, 0) for apart in _APART.get(name, ()))])
        if name == "received_total":
            least = mine - sum(ours.get(apart, 0) for apart in _APART[name])
        exact = {mine, *(mine - ours.get(apart, 0) for apart in _APART.get(name, ())), least}
        spare = unclassified.get(name, 0)
        if not any(value <= theirs <= value + spare for value in exact):
            yield name, theirs, mine


def _differs(
    unit: str, start: date, end: date, differing: Sequence[tuple[Place, str, str, int, int]]
) -> Finding:
    labels = {name: SUMMARY.column(name).label for name in COMPARED}
    places = tuple(
        Place(
            place.sheet,
            place.row,
            f"{field} · {labels[name]}",
            f"{labels[name]}: phần mềm {thousands(theirs)}, đếm được {thousands(mine)}",
            place.file,
        )
        for place, field, name, theirs, mine in differing
    )
    _, field, name, theirs, mine = max(differing, key=lambda item: abs(item[3] - item[4]))
    files = {place.file for place in places}
    params = (
        *_window_params(start, end),
        ("field", field),
        ("measure", labels[name]),
        ("theirs", theirs),
        ("ours", mine),
    )
    file = files.pop() if len(files) == 1 else ""
    return Finding(DIFFERS, unit, "summary", file, "received_total", params, places)


def _place(row: Mapping[str, Any], subject: str, value: str) -> Place:
    return Place(row["_sheet"] or "", row["_row"] or 0, subject, value, row["_file"] or "")
