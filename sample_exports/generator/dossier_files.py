"""The dossier lists of one unit with what is special about each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from sample_exports.generator.calendar import EXPORT_DAY, EXPORTED, FIRST_EXPORT, WINDOW_START
from sample_exports.generator.containers import as_csv, as_html, as_xlsx
from sample_exports.generator.dossier_lists import (
    STATUS_NAMES,
    content_text,
    csv_list,
    igate_list,
    tandan_cells,
    tandan_list,
)
from sample_exports.generator.dossiers import RETURNED, Dossier
from sample_exports.generator.procedures import of_field
from sample_exports.generator.units import SampleUnit
from sample_exports.generator.written import SampleFile

_STEM = "Danh sach ho so"


def dossier_files(unit: SampleUnit, dossiers: Sequence[Dossier]) -> Iterator[SampleFile]:
    """The dossier lists of a unit, in the unit's format, as exported on 05/09/2021."""
    shown = [dossier.as_of(EXPORTED) for dossier in dossiers]
    first = _first_day(shown)
    match unit.dossier_format:
        case "igate" | "igate_dates":
            table = igate_list(
                unit, shown, first, EXPORT_DAY, real_dates=unit.dossier_format == "igate_dates"
            )
            yield _file(unit, f"iGate {_STEM} 05-09-2021.xlsx", as_xlsx(table), "igate.dossier.v1", "2021-09-05T00:00:00", table.structural(), len(shown))  # fmt: skip
        case "csv":
            table = csv_list(shown)
            yield _file(unit, "ho_so_05-09-2021.csv", as_csv(table, ";"), "csv.dossier.v1", "2021-09-05T00:00:00", table.structural(), len(shown))  # fmt: skip
        case "tandan_content":
            lines = [tandan_cells(unit, d, n, content_text(d, n)) for n, d in enumerate(shown, start=1)]
            table = tandan_list(unit, lines, first, EXPORT_DAY, "Nội dung hồ sơ")
            yield _file(unit, f"{_STEM} 05-09-2021 16-30.xls", as_html(table), "tandan.dossier_content.v1", "2021-09-05T16:30:00", table.structural(), len(shown), case="content_column")  # fmt: skip
        case _:
            yield from _tandan_files(unit, dossiers, shown)


def _tandan_files(
    unit: SampleUnit, dossiers: Sequence[Dossier], shown: Sequence[Dossier]
) -> Iterator[SampleFile]:
    lines = [tandan_cells(unit, dossier, n) for n, dossier in enumerate(shown, start=1)]
    plain = _tandan(unit, lines, shown, EXPORTED)
    match unit.case:
        case "quarantined_rows":
            bad = _bad_lines(unit, shown, len(lines))
            file = _tandan(unit, [*lines, *bad], shown, EXPORTED)
            yield replace(file, accepted=len(lines), quarantined=len(bad), case=unit.case)
        case "duplicate_code":
            index = next(n for n, d in enumerate(shown) if n > 100 and d.status == RETURNED)
            stale = list(lines[index])
            stale[4], stale[11] = STATUS_NAMES[4], ""
            file = _tandan(unit, [*lines[:index], tuple(stale), *lines[index:]], shown, EXPORTED)
            yield replace(file, accepted=len(lines), superseded=1, case=unit.case)
        case "same_file_twice":
            yield plain
            copy_name = plain.name.replace(".xls", "_ban sao.xls")
            yield replace(
                plain, name=copy_name, state="unchanged", accepted=0, unchanged=plain.accepted, case=unit.case
            )
        case "corrected_file":
            yield from _corrected(unit, dossiers, plain)
        case "older_export":
            yield from _older_export(unit, dossiers, plain)
        case "dated_by_title":
            yield replace(plain, name=f"{_STEM}.xls", exported_at="2021-09-05T00:00:00", exported_at_source="title", case=unit.case)  # fmt: skip
        case "foreign_prefix":
            yield replace(plain, case=unit.case)
        case _:
            yield plain


def _corrected(unit: SampleUnit, dossiers: Sequence[Dossier], plain: SampleFile) -> Iterator[SampleFile]:
    """An export of 27/8, then one of 05/9 that overlaps it: later states, new dossiers, two mended names."""
    before = _first_export(dossiers)
    birth, again = of_field("ho_tich")[0], of_field("ho_tich")[5]
    wrong = [n for n, d in enumerate(before) if d.procedure == again][:2]
    before = [replace(d, procedure=birth) if n in wrong else d for n, d in enumerate(before)]
    yield _first_file(unit, before)
    earlier = {dossier.code: _content(dossier) for dossier in before}
    later = [dossier.as_of(EXPORTED) for dossier in dossiers]
    unchanged = sum(earlier.get(dossier.code) == _content(dossier) for dossier in later)
    name = plain.name.replace(_STEM, f"{_STEM} da sua")
    yield replace(plain, name=name, accepted=len(later) - unchanged, unchanged=unchanged, case=unit.case)


def _older_export(unit: SampleUnit, dossiers: Sequence[Dossier], plain: SampleFile) -> Iterator[SampleFile]:
    """The export of 05/9 and the one of 27/8, which comes later in name order but is taken first."""
    before = _first_export(dossiers)
    earlier = {dossier.code: _content(dossier) for dossier in before}
    later = [dossier.as_of(EXPORTED) for dossier in dossiers]
    unchanged = sum(earlier.get(dossier.code) == _content(dossier) for dossier in later)
    yield replace(plain, accepted=len(later) - unchanged, unchanged=unchanged, case="old_tone_placement")
    yield replace(_first_file(unit, before), case=unit.case)


def _first_export(dossiers: Sequence[Dossier]) -> list[Dossier]:
    return [d.as_of(FIRST_EXPORT) for d in dossiers if (d.received or d.filed) <= FIRST_EXPORT]


def _first_file(unit: SampleUnit, shown: Sequence[Dossier]) -> SampleFile:
    lines = [tandan_cells(unit, dossier, n) for n, dossier in enumerate(shown, start=1)]
    return _tandan(unit, lines, shown, FIRST_EXPORT)


def _content(dossier: Dossier) -> tuple[object, ...]:
    """What the list states about a dossier, days without times; people do not count."""
    days = (moment.date() if moment else None for moment in (dossier.filed, dossier.received, dossier.ended))
    return (dossier.procedure.name, dossier.status, dossier.due, *days)


def _bad_lines(unit: SampleUnit, shown: Sequence[Dossier], count: int) -> list[tuple[str, ...]]:
    """Three rows that cannot be taken: a day that does not exist, no code, no day of reception.

    Those with a code take the next number of their day, so that no other number seems to be missing.
    """
    pattern = shown[-1]
    rows = []
    for offset, (day, column, text) in enumerate(
        ((date(2021, 8, 30), 9, "31/09/2021 08:20:00"), (date(2021, 8, 31), 3, ""), (date(2021, 9, 1), 9, ""))
    ):
        prefix = f"{unit.agency_code}-{day:%y%m%d}"
        used = sum(dossier.code.startswith(prefix) for dossier in shown)
        received = datetime.combine(day, time(9, 5))
        dossier = replace(
            pattern,
            code=f"{prefix}-{used + 1:04d}",
            filed=received,
            received=received,
            due=date(2021, 9, 8),
            ended=None,
            returned=None,
            status=4,
        )
        cells = list(tandan_cells(unit, dossier, count + offset + 1))
        cells[column] = text
        rows.append(tuple(cells))
    return rows


def _tandan(
    unit: SampleUnit, lines: Sequence[tuple[str, ...]], shown: Sequence[Dossier], moment: datetime
) -> SampleFile:
    table = tandan_list(unit, lines, _first_day(shown), moment.date())
    name = f"{_STEM} {moment:%d-%m-%Y %H-%M}.xls"
    return _file(unit, name, as_html(table), "tandan.dossier.v1", moment.isoformat(), table.structural(), len(lines))  # fmt: skip


def _file(
    unit: SampleUnit,
    name: str,
    content: bytes,
    profile_id: str,
    exported_at: str,
    structural: dict[str, int],
    accepted: int,
    case: str = "",
) -> SampleFile:
    return SampleFile(
        unit.code,
        name,
        content,
        kind="dossier",
        profile_id=profile_id,
        exported_at=exported_at,
        exported_at_source="file_name",
        structural=structural,
        accepted=accepted,
        case=case,
    )


def _first_day(shown: Sequence[Dossier]) -> date:
    """The day from which the list was asked for: the window's start, or earlier where it reaches back."""
    return min(WINDOW_START, *((dossier.received or dossier.filed).date() for dossier in shown))
