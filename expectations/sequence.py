"""Numbers missing in the daily sequence of dossier codes: the best sign of a partial export.

The software counts the dossiers of a unit anew every day, from 1 (TT 01/2018/TT-VPCP, Art. 19; EXPORTS.md
section 1), so on a day whose highest number is 9 there must be nine dossiers. What keeps this calm:

- Judged are only codes with a day and a counter of four or five digits. A number far above its place on the
  day (a running number of another kind, a slip of the finger) is no end of a sequence.
- A number that any unit's list holds, or a row that was set apart, is not missing.
- Only days within what was delivered count. A list also holds dossiers carried over from before its window,
  a few on each day: the days before the first dense ones and longer thin stretches are left out.
- Software that gives numbers to registrations that were cancelled later, and never exports them, skips
  numbers everywhere: where every busy month has gaps and a seventh of the days, that is one note, and only days
  on which most numbers are missing stand out from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.daily_numbers import (
    DENSE_SHARE,
    NUMBERED_PATTERN,
    Codes,
    Mask,
    Series,
    all_series,
    code_texts,
    day_of,
    delivered_days,
    find_owners,
    numbers_of,
    read_codes,
)
from expectations.params import RuleParams
from transforms.findings import Finding, Place
from transforms.readers.owner_unit import FILING_ANYWHERE_FROM
from transforms.report.numbers_vi import date_short, percent

GAP = "dossier.sequence.gap"
PARTIAL = "dossier.sequence.partial"
SKIPPING = "dossier.sequence.skipping"
UNREADABLE = "dossier.sequence.not_evaluated"
SEQUENCE_CODES = (GAP, PARTIAL, SKIPPING, UNREADABLE)

SKIPPING_SHARE = 0.15
"""Share of days with gaps from which the software, not the export, may be what skips."""
BUSY_DAYS, BUSY_NUMBERS, BUSY_MONTHS = 15, 40, 2
"""A month with so many days and numbers would show a gap if the software skipped; two such months must."""
MOST_SKIPPED = 0.25
"""Share of numbers that software may skip without the list being called partial."""
PARTIAL_SHARE = 0.1
LEAST_DAYS, LEAST_NUMBERS, LEAST_MISSING = 20, 100, 20
_SHOWN_RANGES = 3


def check_sequences(
    dossiers: pa.Table,
    params: RuleParams,
    set_apart: pa.Array | None = None,
    without_code: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """Findings of ``SEQUENCE_CODES``, at most one of each code per unit.

    ``dossiers``: the version of each that counts, over all units; ``set_apart``: codes that are known without
    standing in a list (rows that could not be taken, dossiers of an overdue list only); ``without_code``:
    unit → rows set apart because they have no code, each of which explains one missing number. A place is a
    day with a gap: the row of the next number there is, the code without its counter as subject, the missing
    numbers as value.
    """
    if dossiers.num_rows == 0:
        return ()
    codes = read_codes(dossiers, params.as_of, set_apart)
    owners = find_owners(codes, dossiers, params)
    by_unit: defaultdict[str, list[Series]] = defaultdict(list)
    for counter, series in all_series(codes):
        if (unit := owners.get(counter)) is not None:
            by_unit[unit].append(series)
    findings: list[Finding] = []
    for unit in sorted(by_unit):
        forgiven = (without_code or {}).get(unit, 0)
        findings += _check_unit(unit, by_unit[unit], codes, dossiers, forgiven)
    judged = pa.array(sorted(by_unit), pa.string())
    others = dossiers.filter(pc.invert(pc.is_in(dossiers["unit_code"], value_set=judged)))
    listed = others.filter(pc.invert(pc.is_in(others["dossier_code"], value_set=code_texts(set_apart))))
    return (*findings, *_not_evaluated(listed))


def _check_unit(
    unit: str, all_series: Sequence[Series], codes: Codes, dossiers: pa.Table, forgiven: int
) -> list[Finding]:
    judged = [series.take(delivered_days(series)) for series in all_series]
    total, held = (sum(int(getattr(s, name).sum()) for s in all_series) for name in ("top", "held"))
    is_bound = any((series.days < np.datetime64(FILING_ANYWHERE_FROM)).any() for series in all_series)
    days = sum(len(series.keys) for series in all_series)
    is_thin = held < DENSE_SHARE * total
    if is_thin and held >= LEAST_NUMBERS and days >= LEAST_DAYS:
        params = _share_params(total - held, total)
        return [Finding(PARTIAL if is_bound else SKIPPING, unit, "dossier", "", "dossier_code", params)]
    missing = sum(int(series.missing.sum()) for series in judged)
    if missing <= forgiven:
        return []
    findings: list[Finding] = []
    standing_out = [series.missing > 0 for series in judged]
    is_skipping = _skips_everywhere(judged)
    given = sum(int(series.top.sum()) for series in judged)
    if is_skipping:
        usual = missing / given
        standing_out = [_is_beyond(series, usual) for series in judged]
        code = PARTIAL if usual > MOST_SKIPPED and is_bound else SKIPPING
        findings.append(Finding(code, unit, "dossier", "", "dossier_code", _share_params(missing, given)))
        if code == PARTIAL:
            return findings
    gaps = [s.take(out) for s, out in zip(judged, standing_out, strict=True)]
    if any(len(series.keys) for series in gaps):
        findings.append(_gap_finding(unit, gaps, codes, dossiers, given, is_skipping))
    return findings


def _is_beyond(series: Series, usual: float) -> Mask:
    """True for days on which most numbers are missing, beyond what chance makes of the usual share."""
    chance = 5 * np.sqrt(usual * (1 - usual) * series.top)
    is_more = series.missing > usual * series.top + chance
    return np.asarray(_is_mostly_missing(series) & is_more, dtype=bool)


def _skips_everywhere(judged: Sequence[Series]) -> bool:
    """True where a seventh of the days has a gap, no busy month is without one, and gaps are mostly small."""
    days, top = (np.concatenate([getattr(series, name) for series in judged]) for name in ("days", "top"))
    has_gap = np.concatenate([series.missing > 0 for series in judged])
    if len(days) < LEAST_DAYS or has_gap.mean() < SKIPPING_SHARE:
        return False
    months = days.astype("datetime64[M]")
    in_months = [months == month for month in np.unique(months)]
    busy = [inside for inside in in_months if inside.sum() >= BUSY_DAYS and top[inside].sum() >= BUSY_NUMBERS]
    missing = sum(int(series.missing.sum()) for series in judged)
    in_lumps = sum(int(series.missing[_is_mostly_missing(series)].sum()) for series in judged)
    return (
        len(busy) >= BUSY_MONTHS and all(has_gap[inside].any() for inside in busy) and in_lumps <= missing / 2
    )


def _is_mostly_missing(series: Series) -> Mask:
    return np.asarray((series.missing >= 3) & (series.missing >= 0.5 * series.top), dtype=bool)


def _share_params(missing: int, total: int) -> tuple[tuple[str, str | int], ...]:
    return (("missing", missing), ("numbers", total), ("share", percent(missing, total) or ""))


def _gap_finding(
    unit: str, gaps: Sequence[Series], codes: Codes, dossiers: pa.Table, total: int, is_skipping: bool
) -> Finding:
    missing = sum(int(series.missing.sum()) for series in gaps)
    keys = np.concatenate([series.keys for series in gaps])
    found = numbers_of(keys, codes)
    spots = [
        (key, series.agency, int(top)) for series in gaps for key, top in zip(series.keys.tolist(), series.top, strict=True)
    ]  # fmt: skip
    spots.sort(key=lambda spot: (spot[0] % 1_000_000, spot[1]))
    names = ("_file", "_sheet", "_row")
    rows: list[tuple[Place, str]] = []
    worst = ("", 0, "")
    next_rows = []
    for key, agency, top in spots:
        numbers = found[key]
        absent = [number for number in range(1, top + 1) if number not in numbers]
        following = min((n for n in numbers if n > absent[0] and numbers[n] >= 0), default=None)
        next_rows.append(numbers[following] if following is not None else -1)
        words = _ranges(absent)
        if len(absent) > worst[1]:
            worst = (date_short(day_of(key % 1_000_000)), len(absent), words)
        rows.append((Place("", 0, f"{agency}-{key % 1_000_000:06d}", words), words))
    taken = dossiers.select(list(names)).take(pa.array([max(row, 0) for row in next_rows], pa.int64()))
    files, sheets, numbers_of_row = (taken[name].to_pylist() for name in names)
    has_row = [row >= 0 for row in next_rows]
    file_names = {file or "" for file, known in zip(files, has_row, strict=True) if known}
    only = file_names.pop() if len(file_names) == 1 else ""
    places = tuple(
        Place(sheet or "", row or 0, place.subject, place.value, "" if only else file or "")
        if known
        else place
        for (place, _), file, sheet, row, known in zip(
            rows, files, sheets, numbers_of_row, has_row, strict=True
        )
    )
    is_bound = all(day_of(int(key % 1_000_000)) < FILING_ANYWHERE_FROM for key in keys)
    is_partial = (
        not is_skipping and is_bound and missing >= LEAST_MISSING and missing >= PARTIAL_SHARE * total
    )
    day, _, numbers_text = worst
    params = (
        *_share_params(missing, total),
        ("days", len(places)),
        ("day", day),
        ("example", numbers_text),
    )
    return Finding(PARTIAL if is_partial else GAP, unit, "dossier", only, "dossier_code", params, places)


def _ranges(numbers: Sequence[int]) -> str:
    """ "0003, 0005–0007": the first few ranges, and how many numbers there are besides."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [f"{a:04d}" if a == b else f"{a:04d}–{b:04d}" for a, b in spans[:_SHOWN_RANGES]]
    rest = sum(b - a + 1 for a, b in spans[_SHOWN_RANGES:])
    return ", ".join(shown) + (f" và {rest} số khác" if rest else "")


def _not_evaluated(listed: pa.Table) -> Iterator[Finding]:
    """Units with enough dossiers of which hardly any code carries a day and a counter."""
    is_numbered = pc.match_substring_regex(listed["dossier_code"], NUMBERED_PATTERN)
    counted = (
        pa.table({"unit": listed["unit_code"], "numbered": pc.fill_null(is_numbered, False).cast(pa.int64())})
        .group_by("unit")
        .aggregate([("numbered", "count"), ("numbered", "sum")])
    )
    names = ("unit", "numbered_count", "numbered_sum")
    for unit, total, good in sorted(
        zip(*(counted[name].to_pylist() for name in names), strict=True), key=str
    ):
        if unit and total >= LEAST_NUMBERS and good < total / 2:
            params = (("numbered", good), ("total", total))
            yield Finding(UNREADABLE, unit, "dossier", "", "dossier_code", params)
