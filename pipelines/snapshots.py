"""The catalogue and the templates as they were: every version that a run wrote under is kept.

A version is a list of members, each under the hash of its content in ``store/blobs``; the list lies there
too. The line in ``catalogue_versions`` is the commit point: members without a line do no harm.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipelines.catalogue_files import CatalogueFiles
from pipelines.errors import StoreUnreachableError, WorkspaceLockedError, reason_of
from pipelines.store import Store
from pipelines.store_files import has_file, read_file, write_file
from transforms.schema.tables import CATALOGUE

if TYPE_CHECKING:
    from pipelines.session import Session

_FORMAT = "motcua.catalogue.v1"
_ID_LENGTH = 12
_BLOBS = "blobs"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one version. ``is_exact``: False where the store remembers none as old as was asked for."""

    version_id: str
    known_from: datetime
    files: CatalogueFiles
    is_exact: bool = True


def version_of(files: CatalogueFiles) -> str:
    """The version id of these files: first 12 hex digits of SHA-256 over the list of members."""
    return _sha256(_member_list(files.members()))[:_ID_LENGTH]


def record_snapshot(session: Session, now: datetime) -> str:
    """The version id of the session's catalogue, which is on record afterwards.

    Nothing is written when it is the newest on record. The caller holds the workspace's lock. Raises
    ConfigurationError for a catalogue that cannot be loaded, StoreUnreachableError when the disk refuses.
    """
    _ = session.catalogue  # one that cannot be loaded is never remembered
    members = session.files.members()
    listed = _member_list(members)
    sha256 = _sha256(listed)
    store = session.store
    try:
        for content in (*members.values(), listed):
            _keep(store, content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không lưu được danh mục vào {store.root}/{_BLOBS} ({reason_of(problem)}); "
            "hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại, dữ liệu đã có không thay đổi."
        ) from problem
    lines = _lines(store)
    if not lines or lines[-1]["sha256"] != sha256:
        line = {
            "version_id": sha256[:_ID_LENGTH],
            "sha256": sha256,
            "known_from": store.next_instants(now, 1)[0],
        }
        store.append(CATALOGUE, pa.Table.from_pylist([line], schema=CATALOGUE.arrow_schema()))
    return sha256[:_ID_LENGTH]


def remember_snapshot(session: Session) -> None:
    """Record the catalogue of a command that only reads, where that is possible; what it says stays reproducible.

    Needed after an overlay file was edited by hand. While another run holds the workspace, or where this user
    may not write, the command goes on without.
    """
    lines = _lines(session.store)
    if lines and lines[-1]["version_id"] == version_of(session.files):
        return
    try:
        with session.workspace.lock():
            record_snapshot(session, session.clock.now())
    except (StoreUnreachableError, WorkspaceLockedError, OSError):
        return


def snapshot_at(store: Store, known_at: datetime) -> Snapshot | None:
    """The newest version known at that instant, else the oldest there is; None where none was ever kept.

    Raises StoreUnreachableError for a member that is missing or is not what its name says.
    """
    lines = _lines(store)
    if not lines:
        return None
    known = [line for line in lines if line["known_from"] <= known_at]
    line = known[-1] if known else lines[0]
    return Snapshot(line["version_id"], line["known_from"], _load(store, line["sha256"]), bool(known))


def check_snapshots(store: Store) -> list[str]:
    """Version ids of the kept versions of which a member is missing or is not what its name says."""
    damaged = []
    for sha256 in dict.fromkeys(line["sha256"] for line in _lines(store)):
        try:
            _load(store, sha256)
        except StoreUnreachableError:
            damaged.append(sha256[:_ID_LENGTH])
    return damaged


def completed(files: CatalogueFiles, present: CatalogueFiles) -> CatalogueFiles:
    """The files of an old version with those packaged ones that the product knows only since."""
    return replace(
        files,
        packaged={**present.packaged, **files.packaged},
        packaged_templates={**present.packaged_templates, **files.packaged_templates},
    )


def _lines(store: Store) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = store.read(CATALOGUE).sort_by("known_from").to_pylist()
    return found


def _load(store: Store, sha256: str) -> CatalogueFiles:
    members = json.loads(_kept(store, sha256))["members"]
    return CatalogueFiles.from_members({name: _kept(store, member) for name, member in members.items()})


def _member_list(members: dict[str, bytes]) -> bytes:
    content = {"format": _FORMAT, "members": {name: _sha256(members[name]) for name in sorted(members)}}
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _keep(store: Store, content: bytes) -> None:
    name = f"{_BLOBS}/{_sha256(content)}"
    if not has_file(store.root, name):
        write_file(store.root, name, content)


def _kept(store: Store, sha256: str) -> bytes:
    name = f"{_BLOBS}/{sha256}"
    where = f"{store.root.rstrip('/')}/{name}"
    try:
        content = read_file(store.root, name)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không đọc được bản danh mục cũ {where} ({reason_of(problem)}); hãy khôi phục tệp này từ bản sao lưu."
        ) from problem
    if content is None:
        raise StoreUnreachableError(
            f"Không có bản danh mục cũ {where}; hãy khôi phục tệp này từ bản sao lưu."
        )
    if _sha256(content) != sha256:
        raise StoreUnreachableError(
            f"Bản danh mục cũ {where} đã bị thay đổi so với khi lưu; hãy khôi phục tệp này từ bản sao lưu."
        )
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
