"""Between the nights: messages that wait are sent, and IT is told when no night came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.clock import Clock
from pipelines.errors import UserError
from pipelines.notify.heartbeat import tell_missing_night
from pipelines.notify.owners import Recipient
from pipelines.notify.sending import send_pending
from pipelines.session import Session

log = logging.getLogger("motcua.alerts")

_EVERY_SECONDS = 15 * 60


def watch_once(
    root: Path, clock: Clock, environment: Mapping[str, str] | None = None
) -> tuple[Recipient, ...]:
    """Who was told that nights stay away. Sends what waits.

    Nothing is raised and no workspace is made where there is none.
    """
    if not root.is_dir():
        return ()
    told: tuple[Recipient, ...] = ()
    try:
        told = tell_missing_night(root, clock, environment)
    except Exception as problem:  # a message may hold an address: only its kind is told
        log.warning("heartbeat not told: %s", type(problem).__name__)
    try:
        send_pending(Session(root, clock), environment)
    except UserError:
        pass  # settings or a store that the command and the next run speak of
    except Exception as problem:
        log.warning("alerts not sent: %s", type(problem).__name__)
    return told


@contextmanager
def watching(root: Path, clock: Clock, every_seconds: float = _EVERY_SECONDS) -> Iterator[None]:
    """Within the block a thread looks every quarter of an hour, the first time after one."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(every_seconds):
            watch_once(root, clock)

    thread = threading.Thread(target=look, name="motcua-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
