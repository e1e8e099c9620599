"""Publications on disk: ``publications/<unit>/<period>/<number>/``, and ``latest`` beside them.

A folder appears whole by one rename, the line in the store makes it a publication, ``latest`` follows by
another rename. A process that dies between two of these leaves the old ``latest`` or the new one, and at
most a folder that the next run takes away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipelines.durable import sync_folder, write_synced
from pipelines.editions import PUBLIC
from pipelines.publications.model import Publication, Series
from transforms.report.report_types import DEFAULT_TYPE, REPORT_TYPES

LATEST = "latest"
_USUAL_BASIS = "nd09"
"""Windows of NĐ 09/2019/NĐ-CP need no folder of their own; another basis has one below the period."""
_BUILDING = ".{number}.tmp"
PUBLIC_FOLDER = "cong-khai"
_LINK = f".{LATEST}.tmp"
_READ_ONLY = 0o444


def series_folder(publications: Path, series: Series) -> Path:
    """Where the publications of one unit, period, basis, type and edition of report lie."""
    folder = publications / series.unit_code / series.period_id
    folder = folder if series.basis == _USUAL_BASIS else folder / series.basis
    folder = folder if series.report_type == DEFAULT_TYPE else folder / series.report_type
    return folder / PUBLIC_FOLDER if series.edition == PUBLIC else folder


def publication_folder(publications: Path, series: Series, number: int) -> Path:
    """Where one publication lies."""
    return series_folder(publications, series) / str(number)


def write_publication(publications: Path, series: Series, number: int, files: Mapping[str, bytes]) -> Path:
    """The finished folder with these files, read-only and on the disk; OSError leaves nothing under its name."""
    target = publication_folder(publications, series, number)
    building = target.parent / _BUILDING.format(number=number)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for name, content in files.items():
        write_synced(building / name, content)
        (building / name).chmod(_READ_ONLY)
    sync_folder(building)
    os.rename(building, target)
    sync_folder(target.parent)
    return target


def point_latest(publications: Path, series: Series, number: int) -> None:
    """Let ``latest`` lead to that publication, in one step."""
    folder = series_folder(publications, series)
    link = folder / _LINK
    link.unlink(missing_ok=True)
    link.symlink_to(str(number))
    os.replace(link, folder / LATEST)
    sync_folder(folder)


def latest_number(publications: Path, series: Series) -> int | None:
    """The publication to which ``latest`` leads; None when it is missing or leads elsewhere."""
    link = series_folder(publications, series) / LATEST
    if not link.is_symlink():
        return None
    name = os.readlink(link)
    return int(name) if name.isdecimal() else None


def tidy(publications: Path, issued: Sequence[Publication]) -> None:
    """Take away what a dead run left, and let every ``latest`` lead to the newest publication.

    A folder without its line is left over only when ``latest`` never reached it: one that ``latest`` leads
    to, or has passed, was published, and its line was lost. It stays for ``verify`` to name.
    """
    newest = {publication.series: publication.number for publication in issued}
    lines = {(publication.series, publication.number) for publication in issued}
    for series in sorted({*newest, *find_series(publications)}):
        folder = series_folder(publications, series)
        if not folder.is_dir():
            continue
        reached = latest_number(publications, series) or 0
        for path in sorted(folder.iterdir()):
            if is_unfinished(path):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            elif is_number(path) and (series, int(path.name)) not in lines and int(path.name) > reached:
                shutil.rmtree(path)
        number = newest.get(series, 0)
        lags = number > reached or not (folder / str(reached)).is_dir()
        if lags and number != reached and (folder / str(number)).is_dir():
            point_latest(publications, series, number)


def find_series(publications: Path) -> Iterator[Series]:
    """Every series that has a folder, published or not."""
    if not publications.is_dir():
        return
    for unit in sorted(path for path in publications.iterdir() if path.is_dir()):
        for period in sorted(path for path in unit.iterdir() if path.is_dir()):
            yield from _series_below(period, unit.name, period.name, _USUAL_BASIS)
            for basis in sorted(path for path in period.iterdir() if _is_basis(path)):
                yield from _series_below(basis, unit.name, period.name, basis.name)


def _series_below(folder: Path, unit_code: str, period_id: str, basis: str) -> Iterator[Series]:
    for report_type in REPORT_TYPES:
        below = folder if report_type == DEFAULT_TYPE else folder / report_type
        if below.is_dir():
            yield Series(unit_code, period_id, basis, report_type)
        if (below / PUBLIC_FOLDER).is_dir():
            yield Series(unit_code, period_id, basis, report_type, PUBLIC)


def is_number(path: Path) -> bool:
    """True for the folder of a publication."""
    return path.name.isdecimal() and path.is_dir() and not path.is_symlink()


def is_unfinished(path: Path) -> bool:
    """True for what a run was still building when it died."""
    return path.name.startswith(".") and path.name.endswith(".tmp")


def _is_basis(path: Path) -> bool:
    is_folder = path.is_dir() and not path.is_symlink() and not path.name.isdecimal() and path.name[0] != "."
    return is_folder and path.name not in (*REPORT_TYPES, PUBLIC_FOLDER)
