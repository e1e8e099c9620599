"""Work done in children of a warm process, and children killed or held still at a chosen moment.

The process that forks must have used neither Arrow's threads nor the store's runtime, so that every child starts clean.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.store import Store

Begin = Callable[[], object]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = (
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.symlink",
    "os.link",
    "os.chmod",
    "os.truncate",
)


class ChildFailedError(Exception):
    """The work in a child raised; the text is its traceback."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What an undisturbed run of a command takes: changes to the disk, appends to the store with their seconds, seconds in all."""

    calls: int
    appends: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Moment:
    """When a child is struck: at its n-th change to the disk, or so many seconds after its n-th append began,
    or, with neither, after its work began."""

    call: int = 0
    append: int = 0
    seconds: float = 0.0

    @property
    def strikes_itself(self) -> bool:
        """True where the child needs nobody's clock."""
        return bool(self.call or (self.append and not self.seconds))

    def __str__(self) -> str:
        if self.call:
            return f"call {self.call}"
        since = f"append {self.append}" if self.append else "the beginning"
        return f"{self.seconds:.4f} s after {since}" if self.seconds else f"at {since}"


def answer_of(work: Callable[[], Any]) -> Any:
    """What the work returns, a JSON value, done in a child. Raises ChildFailedError with the child's traceback."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _leave_after(lambda: _write_all(writing, _answer(work)))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    told = json.loads(said) if said else {"failed": "the child died"}
    if "failed" in told:
        raise ChildFailedError(told["failed"])
    return told["answer"]


def warm_up(work: Callable[[], object]) -> None:
    """Import here what the work imports, so that no later child has to."""

    def imported() -> list[str]:
        work()
        return sorted(sys.modules)

    for name in answer_of(imported):
        if name not in sys.modules:
            with suppress(Exception):  # a module that only its own package can import
                importlib.import_module(name)


def measure(work: Callable[[Begin], object], root: Path) -> Measured:
    """The work done undisturbed in a child; changes count below ``root`` and since it called ``begin``."""

    def measured() -> list[Any]:
        calls, appends, begun = [0], [], [time.monotonic()]

        def count() -> None:
            calls[0] += 1

        def timed(store: Store, table: Any, rows: Any, since: int | None = None) -> None:
            at = time.monotonic()
            real(store, table, rows, since)
            if rows.num_rows:
                appends.append(time.monotonic() - at)

        def begin() -> None:
            begun[0] = time.monotonic()
            watch_changes(root, count)
            Store.append = timed  # type: ignore[method-assign]

        real = Store.append
        work(begin)
        return [calls[0], appends, time.monotonic() - begun[0]]

    calls, appends, seconds = answer_of(measured)
    return Measured(calls, tuple(appends), seconds)


def kill_at(work: Callable[[Begin], object], root: Path, moment: Moment) -> bool:
    """Start the work in a child and kill it at that moment; False when it had ended before."""
    child = start_struck(work, root, moment, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def start_struck(work: Callable[[Begin], object], root: Path, moment: Moment, blow: signal.Signals) -> int:
    """A child at its work that has got, or will give itself, the signal at that moment. The caller waits for it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _silence()
        _leave_after(lambda: work(lambda: _arm(root, moment, blow, lambda: os.write(writing, b"."))))
    os.close(writing)
    begun = not moment.strikes_itself and os.read(reading, 1)
    os.close(reading)
    if begun:
        time.sleep(moment.seconds)
        os.kill(child, blow)
    return child


def watch_changes(root: Path, changing: Callable[[], object]) -> None:
    """Call ``changing`` before every change that this process makes below ``root``, and before every fsync.

    What the store's own runtime writes goes unseen. Lasts as long as the process.
    """
    below = os.fspath(root)
    sync = os.fsync

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            is_change = isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        else:
            is_change = event in _CHANGES
        if is_change and isinstance(arguments[0], str | os.PathLike):
            path = os.fspath(arguments[0])
            if isinstance(path, str) and (path.startswith(below) or not os.path.isabs(path)):
                changing()

    def counted_sync(handle: Any) -> None:
        changing()
        sync(handle)

    sys.addaudithook(hook)
    os.fsync = counted_sync


def _arm(root: Path, moment: Moment, blow: signal.Signals, tell: Begin) -> None:
    if moment.call:
        calls = [0]

        def count() -> None:
            calls[0] += 1
            if calls[0] == moment.call:
                os.kill(os.getpid(), blow)

        watch_changes(root, count)
    elif moment.append:
        appends, real = [0], Store.append

        def telling(store: Store, table: Any, rows: Any, since: int | None = None) -> None:
            appends[0] += bool(rows.num_rows)
            if rows.num_rows and appends[0] == moment.append:
                if moment.seconds:
                    tell()
                else:
                    os.kill(os.getpid(), blow)
            real(store, table, rows, since)

        Store.append = telling  # type: ignore[method-assign]
    else:
        tell()


def _answer(work: Callable[[], Any]) -> bytes:
    try:
        return json.dumps({"answer": work()}).encode()
    except BaseException:
        return json.dumps({"failed": traceback.format_exc()}).encode()


def _leave_after(work: Callable[[], object]) -> None:
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _write_all(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as pipe:
        pipe.write(content)


def _silence() -> None:
    """A run that dies has nothing to say to the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
