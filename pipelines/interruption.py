"""Stopping a night by hand takes a moment, not minutes.

Every append and every draft is a commit of its own (law 4), so a run can be left at any instruction;
Prefect, though, would go on for minutes reporting to a server that the same Ctrl+C has stopped.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from pipelines.clock import Clock
from pipelines.errors import EXIT_STOPPED

if TYPE_CHECKING:
    from pipelines.runs import Run

STOPPED = "Đã dừng theo yêu cầu; dữ liệu đã ghi vẫn nguyên vẹn, lượt chạy sau sẽ làm tiếp phần còn lại."


@contextmanager
def stoppable(run: Run, clock: Clock) -> Iterator[None]:
    """Within the block Ctrl+C, and a plain SIGTERM, close the run as stopped and end the process at once.

    Only in the main thread, and only where nobody else handles SIGTERM (a scheduled run is Prefect's to end).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    from pipelines.runs import close_stopped  # here: every command imports this module for its sentence

    def stop(number: int, _frame: FrameType | None) -> None:
        try:
            close_stopped(run, clock)
            _stop_embedded_server()
            sys.stderr.write(f"\n{STOPPED}\n")
            sys.stderr.flush()
        finally:
            # Whatever else fails, for instance on a full disk, the process ends now.
            os._exit(EXIT_STOPPED if number == signal.SIGINT else 128 + number)

    before = signal.signal(signal.SIGINT, stop)
    is_ours = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if is_ours:
        signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if is_ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop_embedded_server() -> None:
    # The module may be half imported when the signal comes, hence the careful look.
    servers = getattr(sys.modules.get("prefect.server.api.server"), "SubprocessASGIServer", None)
    for server in list(servers._instances.values()) if servers is not None else ():
        # A server that is only just being made has no process yet.
        if (child := getattr(server, "server_process", None)) is not None:
            # Killed, not asked: a polite shutdown prints what it could no longer write.
            child.kill()
