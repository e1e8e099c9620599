"""Is everything that was published still there, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.publications.folder import (
    LATEST,
    find_series,
    is_number,
    is_unfinished,
    latest_number,
    publication_folder,
    series_folder,
)
from pipelines.publications.model import CONTEXT, Publication, Series, read_publications
from pipelines.snapshots import check_snapshots
from pipelines.store import Store

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was issued.

    ``kind``: file_missing, file_changed, file_extra, folder_missing, line_missing, unfinished,
    latest_wrong, line_inconsistent or catalogue_damaged.
    """

    kind: str
    unit_code: str
    period_id: str
    basis: str
    number: int | None
    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and what differs."""

    publications: tuple[Publication, ...]
    file_count: int
    problems: tuple[Problem, ...]


def verify(root: Path, store: Store, unit_code: str | None = None, period_id: str | None = None) -> Verified:
    """Every hash of every publication reckoned anew, of one unit or period only where asked.

    ``root``: the folder of publications. The catalogue versions kept in the store are checked with them.
    """
    issued = read_publications(store)

    def is_wanted(series: Series) -> bool:
        return unit_code in (None, series.unit_code) and period_id in (None, series.period_id)

    wanted = tuple(publication for publication in issued if is_wanted(publication.series))
    problems = [problem for publication in wanted for problem in _check_publication(root, publication)]
    every = {*(publication.series for publication in issued), *find_series(root)}
    for series in sorted(every):
        if is_wanted(series):
            problems += _check_series(root, series, [p for p in issued if p.series == series], every)
    if root.is_dir() and unit_code is None and period_id is None:
        problems += _check_strays(root)
    problems += [
        Problem(
            "catalogue_damaged", "", "", "", None, "",
            f"Bản danh mục {version_id} lưu trong kho bị thiếu hoặc bị sửa; báo cáo viết theo bản này không dựng lại được, "
            "hãy khôi phục thư mục store/blobs từ bản sao lưu.",
        )
        for version_id in check_snapshots(store)
    ]  # fmt: skip
    return Verified(wanted, sum(len(publication.files) for publication in wanted), tuple(problems))


def _check_publication(root: Path, publication: Publication) -> Iterator[Problem]:
    folder = publication_folder(root, publication.series, publication.number)
    what = (
        f"Lần công bố {publication.number} ({publication.document_number}) của {_named(publication.series)}"
    )
    if publication.files.get(CONTEXT) != publication.context_sha256:
        yield _problem(
            "line_inconsistent", publication.series, publication.number, CONTEXT,
            f"{what}: dòng ghi trong kho tự mâu thuẫn về mã băm của {CONTEXT}; hãy khôi phục kho từ bản sao lưu.",
        )  # fmt: skip
    if not folder.is_dir():
        yield _problem(
            "folder_missing", publication.series, publication.number, "",
            f"{what}: không còn thư mục {folder}; hãy khôi phục từ bản sao lưu.",
        )  # fmt: skip
        return
    for name, sha256 in sorted(publication.files.items()):
        path = folder / name
        if not path.is_file() or path.is_symlink():
            yield _problem(
                "file_missing", publication.series, publication.number, name,
                f"{what}: thiếu tệp {path}; hãy khôi phục từ bản sao lưu.",
            )  # fmt: skip
        elif _sha256_of(path) != sha256:
            yield _problem(
                "file_changed", publication.series, publication.number, name,
                f"{what}: tệp {path} đã bị thay đổi sau khi công bố; hãy khôi phục từ bản sao lưu.",
            )  # fmt: skip
    for path in sorted(folder.iterdir()):
        if path.name not in publication.files:
            yield _problem(
                "file_extra", publication.series, publication.number, path.name,
                f"{what}: có tệp lạ {path} không thuộc lần công bố này; hãy chuyển tệp đó đi nơi khác.",
            )  # fmt: skip


def _check_series(
    root: Path, series: Series, issued: list[Publication], every: set[Series]
) -> Iterator[Problem]:
    folder = series_folder(root, series)
    numbers = {publication.number for publication in issued}
    reached = latest_number(root, series)
    below = {
        series_folder(root, other).name for other in every if series_folder(root, other).parent == folder
    }
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name == LATEST:
            continue
        if is_unfinished(path):
            yield _problem(
                "unfinished", series, None, path.name,
                f"Thư mục {path} là phần dở dang của một lần công bố bị ngắt; lần chạy sau sẽ tự dọn.",
            )  # fmt: skip
        elif is_number(path):
            number = int(path.name)
            if number in numbers:
                continue
            told = (
                f"Thư mục {path} chưa được công bố (lượt chạy bị ngắt trước khi ghi vào kho); lần chạy sau sẽ tự dọn."
                if number > (reached or 0)
                else f"Thư mục {path} là một lần công bố mà kho dữ liệu không còn ghi; hãy khôi phục kho từ bản sao lưu."
            )
            yield _problem("line_missing", series, number, "", told)
        elif path.name not in below:
            yield _problem(
                "file_extra", series, None, path.name,
                f"Có tệp hoặc thư mục lạ {path} giữa các lần công bố; hãy chuyển đi nơi khác.",
            )  # fmt: skip
    newest = max(numbers, default=None)
    link = folder / LATEST
    if newest is not None and reached != newest:
        leads = f"đang chỉ tới lần {reached}" if reached else "đang thiếu hoặc không chỉ tới lần nào"
        yield _problem(
            "latest_wrong", series, newest, LATEST,
            f"“latest” của {_named(series)} {leads}, phải là lần {newest}; lần chạy sau sẽ tự chuyển.",
        )  # fmt: skip
    elif newest is None and (link.is_symlink() or link.exists()):
        yield _problem(
            "latest_wrong", series, None, LATEST,
            f"“latest” của {_named(series)} có đó nhưng kho không ghi lần công bố nào; hãy khôi phục kho từ bản sao lưu.",
        )  # fmt: skip


def _check_strays(root: Path) -> Iterator[Problem]:
    """Files where only folders of units and periods belong."""
    folders = [root, *(path for path in sorted(root.iterdir()) if path.is_dir())]
    for path in (path for folder in folders for path in sorted(folder.iterdir())):
        if not path.is_dir() or path.is_symlink():
            yield Problem(
                "file_extra", "", "", "", None, path.name,
                f"Có tệp lạ {path} trong thư mục các lần công bố; hãy chuyển đi nơi khác.",
            )  # fmt: skip


def _problem(kind: str, series: Series, number: int | None, file: str, sentence: str) -> Problem:
    return Problem(kind, series.unit_code, series.period_id, series.basis, number, file, sentence)


def _named(series: Series) -> str:
    return f"đơn vị {series.unit_code}, kỳ {series.period_id} ({series.basis})"


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
