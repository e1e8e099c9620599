"""Dossier codes as daily sequences of numbers: which counter, which day, how many of the numbers are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from expectations.params import RuleParams

NUMBERED_PATTERN = (
    r"^(?P<agency>(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,2})"
    r"-(?P<day>(?:20)?\d{6})-(?P<system>[A-Z]{0,2})(?P<number>\d{4,5})$"
)
FAR_ABOVE = (3, 20)
"""A number counts where it is at most 3 × its place among the day's numbers + 20."""
DENSE_SHARE = 0.6
"""Share of a day's numbers that must be there for the day to be one of a delivered list."""
DAYS_BETWEEN_LISTS = 14
"""Longer than the longest Tết; a unit without a dossier for so long may have sent two lists."""
LONGEST_THIN_DAYS = 31

_TOO_LARGE = 100_000

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Series:
    """The days of one counter, ascending; ``top``: the highest number, ``held``: how many there are."""

    agency: str
    keys: Numbers
    days: NDArray[np.datetime64]
    top: Numbers
    held: Numbers

    @property
    def missing(self) -> Numbers:
        """Numbers missing on each day."""
        return self.top - self.held

    def take(self, mask: Mask) -> Series:
        """The days of the mask."""
        return Series(self.agency, self.keys[mask], self.days[mask], self.top[mask], self.held[mask])


@dataclass(frozen=True, slots=True)
class Codes:
    """Every numbered code: key = counter × 1.000.000 + yymmdd, and the row it stands in (-1: not in a list)."""

    agencies: tuple[str, ...]
    """Agency of each counter."""
    keys: Numbers
    numbers: Numbers
    rows: Numbers


def read_codes(dossiers: pa.Table, as_of: date, set_apart: pa.Array | None) -> Codes:
    """The codes of the rows that carry a day up to ``as_of`` and a counter, then those of ``set_apart``."""
    texts = dossiers["dossier_code"].combine_chunks()
    extra = code_texts(set_apart)
    parts = pc.extract_regex(pa.concat_arrays([texts, extra]), NUMBERED_PATTERN)
    is_elsewhere = pc.is_in(texts, value_set=extra).to_numpy(zero_copy_only=False)
    listed = np.where(is_elsewhere, -1, np.arange(len(texts)))
    rows = np.concatenate([listed, np.full(len(extra), -1)])
    is_numbered = parts.is_valid().to_numpy(zero_copy_only=False)
    parts, rows = parts.drop_null(), rows[is_numbered]
    agency, day, system, number = (
        pc.struct_field(parts, name) for name in ("agency", "day", "system", "number")
    )
    counters = pc.binary_join_element_wise(agency, system, "\x1f").dictionary_encode()
    day_number = pc.utf8_slice_codeunits(day, -6).cast(pa.int64()).to_numpy(zero_copy_only=False)
    numbers = number.cast(pa.int64()).to_numpy(zero_copy_only=False)
    keys = counters.indices.to_numpy(zero_copy_only=False).astype(np.int64) * 1_000_000 + day_number
    is_good = (numbers >= 1) & _is_day(day_number, as_of)
    agencies = tuple(text.partition("\x1f")[0] for text in counters.dictionary.to_pylist())
    return Codes(agencies, keys[is_good], numbers[is_good], rows[is_good])


def _is_day(yymmdd: Numbers, as_of: date) -> Mask:
    """True for days that exist and are not after the working day."""
    unique, at = np.unique(yymmdd, return_inverse=True)
    known = np.array([_is_past(int(number), as_of) for number in unique], dtype=bool)
    return np.asarray(known[at], dtype=bool) if known.size else np.zeros(0, dtype=bool)


def _is_past(yymmdd: int, as_of: date) -> bool:
    try:
        return day_of(yymmdd) <= as_of
    except ValueError:
        return False


def day_of(yymmdd: int) -> date:
    """210805 → 5 August 2021; ValueError for a day that does not exist."""
    return date(2000 + yymmdd // 10_000, yymmdd // 100 % 100, yymmdd % 100)


def find_owners(codes: Codes, dossiers: pa.Table, params: RuleParams) -> dict[int, str]:
    """Counter → the unit whose sequence it is: by the catalogue, else the one that holds four in five codes.

    A counter of which its own unit holds less than half is nobody's: the list of that unit has not come.
    """
    is_listed = codes.rows >= 0
    units = dossiers["unit_code"].combine_chunks().fill_null("").dictionary_encode()
    unit_at = units.indices.to_numpy(zero_copy_only=False)[codes.rows[is_listed]]
    counter_at = codes.keys[is_listed] // 1_000_000
    names = units.dictionary.to_pylist()
    pairs, counts = np.unique(counter_at * len(names) + unit_at, return_counts=True)
    held: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        held[pair // len(names)][names[pair % len(names)]] += count
    named = {agency: unit for unit, agency in params.agency_codes.items()}
    owners: dict[int, str] = {}
    for counter, by_unit in held.items():
        unit, _ = by_unit.most_common(1)[0]
        owner = named.get(codes.agencies[counter], unit)
        needed = 0.5 if owner in named.values() else 0.8
        if owner and by_unit[owner] >= needed * by_unit.total():
            owners[counter] = owner
    return owners


def all_series(codes: Codes) -> Iterator[tuple[int, Series]]:
    """Every counter with its days."""
    distinct = np.unique(codes.keys * _TOO_LARGE + codes.numbers)
    keys, numbers = distinct // _TOO_LARGE, distinct % _TOO_LARGE
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if keys.size else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, keys.size])
    place = np.arange(keys.size) - np.repeat(starts, sizes) + 1
    factor, slack = FAR_ABOVE
    is_in_reach = numbers <= factor * place + slack
    keys, numbers = keys[is_in_reach], numbers[is_in_reach]
    days, starts, held = np.unique(keys, return_index=True, return_counts=True)
    top = numbers[np.r_[starts[1:], keys.size] - 1] if keys.size else numbers
    counters = days // 1_000_000
    for counter in np.unique(counters).tolist():
        mine = counters == counter
        dates = np.array([day_of(int(key % 1_000_000)) for key in days[mine]], dtype="datetime64[D]")
        yield counter, Series(codes.agencies[counter], days[mine], dates, top[mine], held[mine])


def delivered_days(series: Series) -> Mask:
    """True for days within what was delivered.

    Lists are told apart by days without any dossier between them. Each begins with its first three dense days
    in a row: what lies before was carried over. A thin stretch longer than a month belongs to no list.
    """
    is_dense = series.held >= DENSE_SHARE * series.top
    apart = np.flatnonzero(np.diff(series.days) > np.timedelta64(DAYS_BETWEEN_LISTS, "D")) + 1
    inside = np.zeros(len(series.keys), dtype=bool)
    for positions in np.split(np.arange(len(series.keys)), apart):
        dense = is_dense[positions]
        in_a_row = np.flatnonzero(dense[:-2] & dense[1:-1] & dense[2:])
        if in_a_row.size:
            inside[positions[in_a_row[0] :]] = True
    thin = np.flatnonzero(inside & ~is_dense)
    for stretch in np.split(thin, np.flatnonzero(np.diff(thin) > 1) + 1) if thin.size else []:
        if series.days[stretch[-1]] - series.days[stretch[0]] > np.timedelta64(LONGEST_THIN_DAYS, "D"):
            inside[stretch] = False
    return inside


def numbers_of(keys: Numbers, codes: Codes) -> dict[int, dict[int, int]]:
    """Key → number → a row that holds it; a row of a list goes before one that was set apart."""
    wanted = np.isin(codes.keys, keys)
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    triples = zip(
        codes.keys[wanted].tolist(), codes.numbers[wanted].tolist(), codes.rows[wanted].tolist(), strict=True
    )
    for key, number, row in triples:
        found[key][number] = max(row, found[key].get(number, -1))
    return found


def code_texts(codes: pa.Array | None) -> pa.Array:
    """The codes as strings; none for None."""
    return pa.array([], pa.string()) if codes is None else codes.cast(pa.string())
