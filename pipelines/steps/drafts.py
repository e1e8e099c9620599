"""Drafts on disk: replaced atomically, left alone when the content is the same."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.errors import StoreUnreachableError, reason_of


def write_folder(target: Path, files: Mapping[str, bytes]) -> bool:
    """Make ``target`` show exactly these files, by their path below it; True when anything changed.

    ``target`` is a link to a folder named by the hash of the content, so that switching it is one rename:
    a reader sees the old report or the new one, never half of each. Raises StoreUnreachableError when the
    disk refuses; the old content stays.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    versions = target.parent / ".versions"
    version = versions / f"{target.name}-{digest.hexdigest()[:16]}"
    if target.is_symlink() and target.resolve() == version.resolve() and version.is_dir():
        return False
    try:
        versions.mkdir(parents=True, exist_ok=True)
        building = versions / f".{version.name}.{os.getpid()}"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        for name, content in files.items():
            (building / name).parent.mkdir(exist_ok=True)
            (building / name).write_bytes(content)
        if version.exists():
            shutil.rmtree(building)
        else:
            os.rename(building, version)
        link = target.parent / f".{target.name}.link"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(version, target.parent))
        os.replace(link, target)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được báo cáo vào {target} ({reason_of(problem)}); "
            "hãy kiểm tra dung lượng đĩa và quyền ghi, bản trước vẫn còn nguyên."
        ) from problem
    for old in versions.iterdir():
        if old != version and old.name.lstrip(".").rsplit("-", 1)[0] == target.name:
            shutil.rmtree(old, ignore_errors=True)
    return True
