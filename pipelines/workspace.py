"""The folders of a workspace, who may read them, and the lock that lets one run write at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import StoreUnreachableError, WorkspaceLockedError

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths below one root."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Files as units sent them; private."""
        return self.root / "inbox"

    @property
    def store(self) -> Path:
        """Delta Lake tables."""
        return self.root / "store"

    @property
    def drafts(self) -> Path:
        """``drafts/<unit>/<period>/``, replaced every night."""
        return self.root / "drafts"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.root / "runs"

    @property
    def quarantine(self) -> Path:
        """Refused originals; private, purged after some days."""
        return self.root / "quarantine"

    @property
    def catalogue(self) -> Path:
        """Overlay of the packaged catalogue."""
        return self.root / "catalogue"

    @property
    def engine(self) -> Path:
        """The embedded Prefect's own folder."""
        return self.root / "engine"

    def create(self) -> None:
        """Make every folder that is missing, private to the user that runs the product.

        Raises StoreUnreachableError where the disk refuses.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (
                self.inbox,
                self.store,
                self.drafts,
                self.runs,
                self.quarantine,
                self.catalogue,
                self.engine,
            ):
                folder.mkdir(mode=_PRIVATE, exist_ok=True)
        except OSError as problem:
            raise StoreUnreachableError(
                f"Không tạo được thư mục làm việc {self.root} ({problem.strerror}); hãy kiểm tra quyền ghi và dung lượng đĩa."
            ) from problem

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the workspace for one run; the operating system frees it when the process dies.

        Raises WorkspaceLockedError when another run holds it.
        """
        handle = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as problem:
                raise WorkspaceLockedError(
                    f"Một lượt chạy khác đang dùng thư mục làm việc {self.root}; hãy chờ lượt đó xong rồi chạy lại."
                ) from problem
            yield
        finally:
            os.close(handle)
