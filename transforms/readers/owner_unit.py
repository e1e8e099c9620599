"""Which unit a received file belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.readers.model import UnreadableFileError
from transforms.readers.unit_names import UnitNames

FILING_ANYWHERE_FROM = date(2025, 7, 1)
"""From this day a dossier may be filed at any counter of the province (NĐ 118/2025/NĐ-CP), so the
prefix of its code no longer says who resolves it."""


def resolve_unit(
    folder_unit_code: str,
    titles: Sequence[str],
    code_prefixes: Mapping[str, int],
    unit_names: Mapping[str, int],
    catalogue: Catalogue,
    day: date,
) -> tuple[str, tuple[Finding, ...]]:
    """Code of the unit that a file belongs to, and the finding where the file says otherwise.

    ``code_prefixes``: agency identifier → rows; ``unit_names``: text of the unit column → rows; ``day``:
    the day of the export, on which names must be valid. The inbox folder names the unit; without one the
    titles, the unit column or the code prefixes must, in this order. ``delivery.unit.mismatch`` where the
    titles or more than half of the rows name another unit; the file is still read under its folder. The
    parent body in a letterhead is not another unit, nor are the communes' rows in a district's file.

    Raises UnreadableFileError: ``delivery.unit.unlisted`` for a folder that the catalogue does not know,
    ``delivery.unit.unknown`` where nothing names a unit.
    """
    if folder_unit_code:
        day = _day_of_unit(folder_unit_code, catalogue, day)
    names = UnitNames(catalogue, day)
    in_titles = names.named_in(titles)
    by_agency = {unit.agency_code: unit.code for unit in catalogue.units if unit.is_valid_on(day)}
    by_column = _majority({name: names.find(name) for name in unit_names}, unit_names)
    by_prefix = _majority({prefix: by_agency.get(prefix) for prefix in code_prefixes}, code_prefixes)
    by_rows = by_column or by_prefix

    if folder_unit_code:
        if by_column is None and day >= FILING_ANYWHERE_FROM:
            by_rows = None
        other = _other_unit(folder_unit_code, in_titles, by_rows, names)
        return folder_unit_code, _mismatch(folder_unit_code, other, catalogue, day)

    titled = next(iter(in_titles)) if len(in_titles) == 1 else None
    if titled and by_rows and titled in names.ancestors(by_rows):
        titled = None  # only the parent's letterhead; the rows know better
    unit_code = titled or by_rows
    if unit_code is None:
        raise UnreadableFileError("delivery.unit.unknown")
    other = by_rows if titled and by_rows != titled and titled not in names.ancestors(by_rows or "") else None
    return unit_code, _mismatch(unit_code, other, catalogue, day)


def _day_of_unit(code: str, catalogue: Catalogue, day: date) -> date:
    """The day itself where the unit exists then, else its last day: an old unit's file may come late."""
    spans = [unit for unit in catalogue.units if unit.code == code]
    if not spans:
        raise UnreadableFileError("delivery.unit.unlisted", folder=code)
    if any(unit.is_valid_on(day) for unit in spans):
        return day
    latest = max(spans, key=lambda unit: unit.valid_from)
    return latest.valid_to or latest.valid_from


def _majority(codes: Mapping[str, str | None], rows: Mapping[str, int]) -> str | None:
    """The unit that more than half of the rows name; None where no unit has that many."""
    count: dict[str, int] = {}
    for text, code in codes.items():
        if code is not None:
            count[code] = count.get(code, 0) + rows[text]
    total = sum(rows.values())
    return next((code for code, n in count.items() if 2 * n > total), None)


def _other_unit(folder: str, in_titles: frozenset[str], by_rows: str | None, names: UnitNames) -> str | None:
    """A unit that the file names instead of its folder's, None where it names none."""
    if in_titles and folder not in in_titles and not in_titles <= names.ancestors(folder):
        return min(in_titles)
    if by_rows and by_rows != folder and folder not in names.ancestors(by_rows):
        return by_rows
    return None


def _mismatch(unit_code: str, other: str | None, catalogue: Catalogue, day: date) -> tuple[Finding, ...]:
    if other is None:
        return ()
    params = (
        ("expected_unit", catalogue.unit(unit_code, day).full_name),
        ("named_unit", catalogue.unit(other, day).full_name),
    )
    return (Finding("delivery.unit.mismatch", unit_code=unit_code, params=params),)
