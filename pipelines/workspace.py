"""The folders of a workspace, who may read them, and the lock that lets one run write at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import StoreUnreachableError, WorkspaceLockedError, reason_of

_PRIVATE = 0o700
_PRIVATE_FILE = 0o600
_LOOK_SECONDS = 0.5


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
    def pages(self) -> Path:
        """The district's page and one a unit, replaced every night."""
        return self.root / "pages"

    @property
    def publications(self) -> Path:
        """Issued reports, ``publications/<unit>/<period>/<number>/``; never changed."""
        return self.root / "publications"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.root / "runs"

    @property
    def quarantine(self) -> Path:
        """Refused originals; private, purged after some days."""
        return self.root / "quarantine"

    @property
    def outbox(self) -> Path:
        """Workbooks that go back to their senders, ``outbox/<unit>/``; private, purged after some days."""
        return self.root / "outbox"

    @property
    def alerts(self) -> Path:
        """Messages of channels that are files, and what sending remembers between runs; private."""
        return self.root / "alerts"

    @property
    def catalogue(self) -> Path:
        """Overlay of the packaged catalogue."""
        return self.root / "catalogue"

    @property
    def engine(self) -> Path:
        """The embedded Prefect's own folder."""
        return self.root / "engine"

    @property
    def private_folders(self) -> tuple[Path, ...]:
        """Folders that hold the senders' own files: nobody else may look into them."""
        return (self.inbox, self.quarantine, self.outbox)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders that every workspace has."""
        return (
            self.inbox,
            self.store,
            self.drafts,
            self.publications,
            self.runs,
            self.quarantine,
            self.outbox,
            self.catalogue,
            self.engine,
        )

    def create(self) -> None:
        """Make every folder that is missing, private to the user that runs the product.

        Raises StoreUnreachableError where the disk refuses.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in self.folders:
                folder.mkdir(mode=_PRIVATE, exist_ok=True)
            for folder in self.private_folders:
                make_private(folder)
        except OSError as problem:
            raise StoreUnreachableError(
                f"Không tạo được thư mục làm việc {self.root} ({reason_of(problem)}); hãy kiểm tra quyền ghi và dung lượng đĩa."
            ) from problem

    @contextmanager
    def lock(self, wait_seconds: float = 0.0) -> Iterator[None]:
        """Hold the workspace for one run; the operating system frees it when the process dies.

        Raises WorkspaceLockedError when another run still holds it after ``wait_seconds``.
        """
        handle = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for(handle, self.root, time.monotonic() + wait_seconds)
            yield
        finally:
            os.close(handle)

    def is_held(self) -> bool:
        """True while a run holds the workspace, on whichever machine."""
        path = self.root / ".lock"
        if not path.exists():
            return False
        with path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


def _wait_for(handle: int, root: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if time.monotonic() < until:
                time.sleep(_LOOK_SECONDS)
                continue
            raise WorkspaceLockedError(
                f"Một lượt chạy khác đang dùng thư mục làm việc {root}; hãy chờ lượt đó xong rồi chạy lại."
            ) from problem
        return


def make_private(folder: Path) -> None:
    """Make a folder, and give nobody else any right on it, whatever the process's umask is.

    A folder of somebody else's is left as it is: its owner decides.
    """
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o777 != _PRIVATE and folder.stat().st_uid == os.geteuid():
        folder.chmod(_PRIVATE)


def close_to_others(folder: Path) -> None:
    """Take every right of others off all that lies below a private folder and belongs to this user."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        state = path.stat()
        wanted = _PRIVATE if path.is_dir() else _PRIVATE_FILE
        if state.st_uid == os.geteuid() and state.st_mode & 0o777 != wanted:
            path.chmod(wanted)
