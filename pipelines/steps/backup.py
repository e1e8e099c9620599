"""One archive of what cannot be had again, and a new workspace from it.

In it: the store, the publications, the catalogue overlay and the settings. Not in it: the senders' own files
(inbox, quarantine, outbox), drafts, which the next night writes anew, and what runs leave behind.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import pyarrow as pa

from pipelines.clock import VIETNAM, Clock
from pipelines.durable import sync_folder
from pipelines.errors import StoreUnreachableError, UnreadableInputError, UsageProblemError, reason_of
from pipelines.publications.folder import LATEST, tidy
from pipelines.publications.model import read_publications
from pipelines.settings import FILE_NAME, load_settings
from pipelines.store import Store
from pipelines.store_files import fetch_all
from pipelines.store_format import read_format
from pipelines.workspace import Workspace

MANIFEST = "motcua-backup.json"
FORMAT = "motcua.backup.v1"
_STORE = "store"
_FIXED, _EDITED = (_STORE, "publications"), ("catalogue",)
"""Folders whose files never change once written, and those whose files people edit in place."""
_PACKINGS = {".tar.zst": "zstd", ".tar.gz": "gzip"}
_STILL = ".sao-luu-"
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 256 << 20
_READ_ONLY, _PRIVATE_FILE = 0o444, 0o600
_STORE_SETTING = re.compile(r"""\s*["']?store["']?\s*=""")
_WAS_REMOTE = "khi sao lưu"
# What an unfinished write leaves beside the files: of ours, and of the store's library ("name#1").
_UNFINISHED = re.compile(r"^\.|\.tmp$|#\d+$")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished archive, with the hash by which it can be known again."""

    path: Path
    file_count: int
    size: int
    sha256: str


class _DamagedError(Exception):
    """The archive does not give out what it should."""


def write_backup(workspace: Workspace, target: Path, clock: Clock) -> Backup:
    """The archive, there whole or not at all. A night may begin while it is still being packed.

    Only for a moment is the workspace locked: a file of the store never changes once it is written, so it is
    given a second name, and what a night adds or clears away meanwhile concerns other names. Raises
    UsageProblemError for a name that says no known packing or is taken, WorkspaceLockedError while a run holds
    the workspace, StoreUnreachableError where the disk refuses. A store in a bucket is copied out first, and the
    workspace stays locked meanwhile.
    """
    packing_of(target)
    if target.exists():
        raise UsageProblemError(f"Đã có tệp {target}; hãy chọn tên khác để không ghi đè bản sao lưu cũ.")
    if not workspace.root.is_dir():
        raise UsageProblemError(f"Không có thư mục làm việc {workspace.root}; không có gì để sao lưu.")
    if not _has_something(workspace):
        raise UsageProblemError(
            f"Thư mục làm việc {workspace.root} chưa có dữ liệu nào để sao lưu; hãy kiểm tra --workspace."
        )
    with _refusals_of_disk(target):
        with workspace.lock():
            still = _hold_still(workspace)
        return _pack_and_clear(still, target, clock)


def _has_something(workspace: Workspace) -> bool:
    """False for a folder that is no workspace, or one in which nothing was ever done."""
    kept = [workspace.root / name for name in (*_FIXED, *_EDITED)]
    is_set = (workspace.root / FILE_NAME).exists()  # the store may lie elsewhere
    return is_set or any(folder.is_dir() and any(folder.iterdir()) for folder in kept)


def write_backup_locked(workspace: Workspace, target: Path, clock: Clock) -> Backup:
    """``write_backup`` for a caller that holds the workspace's lock."""
    with _refusals_of_disk(target):
        return _pack_and_clear(_hold_still(workspace), target, clock)


def packing_of(target: Path) -> str:
    """How the archive of that name is packed: zstd or gzip; UsageProblemError for any other name."""
    for suffix, packing in _PACKINGS.items():
        if target.name.endswith(suffix) and target.name != suffix:
            return packing
    raise UsageProblemError(f"Tên tệp sao lưu {target.name} phải kết thúc bằng {' hoặc '.join(_PACKINGS)}.")


def restore_backup(archive: Path, root: Path) -> int:
    """How many files the new workspace ``root`` got from an archive; it is there whole or not at all.

    Every file is compared with the archive's own list of hashes before anything is put under the name ``root``.
    Raises UsageProblemError where ``root`` is not empty, UnreadableInputError for an archive that is cut,
    altered, or would write elsewhere, ConfigurationError for a store newer than the product,
    StoreUnreachableError where the disk refuses. The store is a folder of the new workspace, also where it lay in
    a bucket before.
    """
    packing = packing_of(archive)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageProblemError(
            f"Thư mục {root} không trống; hãy khôi phục vào một thư mục mới để không ghi đè dữ liệu đang có."
        )
    if not archive.is_file():
        raise UsageProblemError(f"Không có tệp sao lưu {archive}.")
    with _refusals_of_disk(root):
        root.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
        try:
            count = _unpack(archive, packing, building)
            _complete(Workspace(building))
            sync_folder(building)
            os.rename(building, root)
            sync_folder(root.parent)
        except (_DamagedError, tarfile.TarError) as problem:
            what = problem if isinstance(problem, _DamagedError) else "không đọc được cấu trúc"
            raise UnreadableInputError(
                f"Tệp sao lưu {archive} bị cắt cụt, bị sửa hoặc không phải do motcua backup ghi ({what}); "
                "không khôi phục gì, hãy dùng bản sao lưu khác."
            ) from problem
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return count


def _hold_still(workspace: Workspace) -> Path:
    """A folder with every file of the backup as it is now; the caller holds the lock."""
    for left in workspace.root.glob(f"{_STILL}*"):
        if not _is_alive(left.name.removeprefix(_STILL).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    still = Path(tempfile.mkdtemp(prefix=f"{_STILL}{os.getpid()}-", dir=workspace.root))
    remote = load_settings(workspace.root).store
    try:
        for name in (*_FIXED, *_EDITED):
            if name == _STORE and remote:
                fetch_all(remote, still / _STORE)
                continue
            for path in _files_below(workspace.root / name):
                target = still / path.relative_to(workspace.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                _second_name(path, target, is_fixed=name in _FIXED)
        if (workspace.root / FILE_NAME).is_file():
            shutil.copyfile(workspace.root / FILE_NAME, still / FILE_NAME)
    except BaseException:
        shutil.rmtree(still, ignore_errors=True)
        raise
    return still


def _second_name(path: Path, target: Path, *, is_fixed: bool) -> None:
    if is_fixed:
        with suppress(OSError):  # a file system without second names
            os.link(path, target)
    if not target.exists():
        shutil.copyfile(path, target)


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _UNFINISHED.search(path.name) or path.name == LATEST:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files_below(path)
        elif path.is_file():
            yield path


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _pack_and_clear(still: Path, target: Path, clock: Clock) -> Backup:
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        count = _pack(still, temporary, packing_of(target), clock)
        with temporary.open("rb") as content:
            os.fsync(content.fileno())
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        size = temporary.stat().st_size
        os.replace(temporary, target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(still, ignore_errors=True)
        temporary.unlink(missing_ok=True)
    return Backup(target, count, size, sha256)


def _pack(still: Path, target: Path, packing: str, clock: Clock) -> int:
    """Write the archive, list of hashes last: who reads that far has read everything."""
    written: dict[str, dict[str, Any]] = {}
    moment = clock.now()
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE))
    with (
        pa.CompressedOutputStream(str(target), packing) as packed,
        tarfile.open(fileobj=cast(IO[bytes], packed), mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in (item for item in sorted(still.rglob("*")) if item.is_file()):
            name = path.relative_to(still).as_posix()
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                size = content.seek(0, os.SEEK_END)
                content.seek(0)
                archive.addfile(_member(name, size, int(moment.timestamp())), content)
            written[name] = {"sha256": digest, "bytes": size}
        manifest = {
            "format": FORMAT,
            "product_version": version("motcua"),
            "written_at": moment.astimezone(VIETNAM).isoformat(),
            "files": written,
        }
        told = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
        archive.addfile(_member(MANIFEST, len(told), int(moment.timestamp())), io.BytesIO(told))
    return len(written)


def _member(name: str, size: int, moment: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, moment, 0o644
    return member


class _Unpacked(io.RawIOBase):
    """The unpacked stream; whatever is wrong with the packing is a damage, not a refusal of the disk."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        try:
            content: bytes = self._stream.read(size)
        except (OSError, pa.ArrowException, EOFError) as problem:
            raise _DamagedError("không giải nén được") from problem
        return content


def _unpack(archive: Path, packing: str, building: Path) -> int:
    found: dict[str, tuple[str, int]] = {}
    manifest: Any = None
    with (
        pa.CompressedInputStream(str(archive), packing) as stream,
        tarfile.open(fileobj=cast(IO[bytes], _Unpacked(stream)), mode="r|") as members,
    ):
        for member in members:
            if manifest is not None:
                raise _DamagedError("còn nội dung sau bảng kê")
            content = members.extractfile(member) if member.isreg() else None
            if content is None:
                raise _DamagedError(f"“{member.name}” không phải tệp thường")
            if member.name == MANIFEST:
                manifest = _parse_manifest(content.read(_LONGEST_MANIFEST))
                continue
            target = building / _safe_name(member.name)
            if member.name in found:
                raise _DamagedError(f"“{member.name}” có hai lần")
            found[member.name] = (_write(content, target), member.size)
    if manifest is None:
        raise _DamagedError("thiếu phần cuối")
    wanted = {name: (item["sha256"], item["bytes"]) for name, item in manifest.items()}
    for name in sorted({*wanted, *found}):
        if found.get(name) != wanted.get(name):
            raise _DamagedError(f"“{name}” không đúng như khi sao lưu")
    return len(found)


def _parse_manifest(content: bytes) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise _DamagedError(f"dạng {told['format']}, phần mềm này đọc dạng {FORMAT}")
        return {
            str(name): {"sha256": item["sha256"], "bytes": item["bytes"]}
            for name, item in told["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise _DamagedError("bảng kê không đọc được") from problem


def _safe_name(name: str) -> PurePosixPath:
    """The name as a path below the workspace, in a folder that a backup holds; everything else is a damage."""
    path = PurePosixPath(name)
    is_inside = path.parts and path.as_posix() == name and not path.is_absolute() and ".." not in path.parts
    is_ours = name == FILE_NAME or (len(path.parts) > 1 and path.parts[0] in (*_FIXED, *_EDITED))
    if not is_inside or not is_ours or "\x00" in name:
        raise _DamagedError(f"“{name}” nằm ngoài thư mục làm việc")
    return path


def _write(content: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def lay_apart(root: Path) -> bool:
    """True for a restored workspace whose store lay in an object store when it was backed up; now it is a folder."""
    settings = root / FILE_NAME
    return settings.is_file() and _WAS_REMOTE in settings.read_text(encoding="utf-8")


def _point_to_own_store(settings: Path) -> None:
    """The restored store is the restored folder, not the bucket that may still be in use."""
    if not settings.is_file() or not load_settings(settings.parent).store:
        return
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    told = [f"# {_WAS_REMOTE}: {line}" if _STORE_SETTING.match(line) else line for line in lines]
    settings.write_text("".join(told), encoding="utf-8")


def _complete(workspace: Workspace) -> None:
    """What an archive does not hold: rights, and the names that lead to the latest publications."""
    read_format(str(workspace.store))
    _point_to_own_store(workspace.root / FILE_NAME)
    for path in _files_below(workspace.publications):
        path.chmod(_READ_ONLY)
    workspace.root.chmod(0o755)
    workspace.create()
    tidy(workspace.publications, read_publications(Store.at(workspace.store)))


@contextmanager
def _refusals_of_disk(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được {where} ({reason_of(problem)}); hãy kiểm tra dung lượng đĩa và quyền ghi, dữ liệu đã có không thay đổi."
        ) from problem
