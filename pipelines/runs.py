"""One folder a run: index, log, timings, findings, a page. Failure never moves "latest"."""

from __future__ import annotations

import json
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.clock import VIETNAM, Clock, stopwatch
from pipelines.run_records import FAILED, INDEX, LOG, RUNNING, STOPPED, SUCCESS, TIMINGS
from pipelines.steps.run_page import write_run_page

log = logging.getLogger("motcua.run")

_ALLOWED_EXTRA = ("delivery_id", "unit_code", "period_id", "step", "seconds", "count")
"""Fields a log line may carry beside its message: codes and counts, never content of a row (law 7)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run in progress."""

    run_id: str
    folder: Path

    @property
    def spool(self) -> Path:
        """Where reading tasks put their Arrow files; removed when the run ends well."""
        return self.folder / "spool"

    def write_json(self, name: str, content: Any) -> None:
        """Write one file of the run, whole or not at all."""
        target = self.folder / name
        temporary = target.with_suffix(".tmp")
        temporary.write_text(
            json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        os.replace(temporary, target)

    def add_to_index(self, **facts: str | None) -> None:
        """Say more about the run in its index."""
        index = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
        self.write_json(INDEX, {**index, **facts})

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Within the block the run is in that step; how long it took stays in its folder, and in the log."""
        before = self._timings()
        self.write_json(TIMINGS, [*before, _timing(name, None, RUNNING)])
        began = stopwatch()
        state = FAILED
        try:
            yield
            state = SUCCESS
        finally:
            seconds = round(stopwatch() - began, 3)
            self.write_json(TIMINGS, [*before, _timing(name, seconds, state)])
            log.info("step %s", state, extra={"step": name, "seconds": seconds})

    def write_page(self) -> None:
        """Write the run's page from what its folder holds now. A page that cannot be written costs nothing else."""
        try:
            write_run_page(self.folder)
        except Exception as problem:
            log.warning("run page not written: %s", type(problem).__name__)

    def _timings(self) -> list[dict[str, Any]]:
        path = self.folder / TIMINGS
        timings: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        return timings


def _timing(step: str, seconds: float | None, state: str) -> dict[str, Any]:
    return {"step": step, "seconds": seconds, "state": state}


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, VIETNAM).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(
            {name: value for name in _ALLOWED_EXTRA if (value := getattr(record, name, None)) is not None}
        )
        if record.exc_info:
            line["traceback"] = _traceback_without_values(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _traceback_without_values(text: str) -> str:
    """The frames of a traceback and the exception's type; its message could quote a cell (law 7)."""
    lines = text.splitlines()
    kept = [line for line in lines if line.startswith((" ", "Traceback", "During", "The above"))]
    last = lines[-1].split(":", 1)[0] if lines else ""
    return "\n".join([*kept, last])


class _LogFile(logging.FileHandler):
    """A log that a full disk cuts short says nothing to the user: the run itself tells of the disk."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Let the line go."""


@lru_cache(maxsize=1)
def keep_log_here(run: Run) -> None:
    """Keep what this process of another machine says about a run in a file of its own in the run's folder."""
    name = f"{LOG.removesuffix('.jsonl')}.{platform.node()}-{os.getpid()}.jsonl"
    handler = _LogFile(run.folder / name, encoding="utf-8", delay=True)
    handler.setFormatter(_JsonLines())
    logger = logging.getLogger("motcua")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for old in [each for each in logger.handlers if isinstance(each, _LogFile)]:
        logger.removeHandler(old)  # of the night before
        old.close()
    logger.addHandler(handler)


@contextmanager
def start_run(runs: Path, command: str, clock: Clock, parameters: dict[str, Any]) -> Iterator[Run]:
    """A run folder with its log and its page; ``index.json`` says running, then success or failed."""
    started = clock.now().astimezone(VIETNAM)
    base = f"{started:%Y%m%dT%H%M%S}-{command}"
    folder, attempt = runs / base, 1
    while folder.exists():
        attempt += 1
        folder = runs / f"{base}-{attempt}"
    folder.mkdir(mode=0o700, parents=True)
    run = Run(folder.name, folder)
    index = {
        "run_id": run.run_id,
        "command": command,
        "started_at": started.isoformat(),
        "parameters": parameters,
    }
    run.write_json(INDEX, {**index, "state": RUNNING})
    handler = _LogFile(folder / LOG, encoding="utf-8")
    handler.setFormatter(_JsonLines())
    logger = logging.getLogger("motcua")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    run.write_page()
    try:
        yield run
    except BaseException as problem:
        logger.exception("run failed")
        run.add_to_index(state=FAILED, error=type(problem).__name__, ended_at=_now(clock))
        run.write_page()
        raise
    else:
        run.add_to_index(state=SUCCESS, ended_at=_now(clock))
        run.write_page()
        if (runs / "latest").is_symlink() or not (runs / "latest").exists():
            link = runs / ".latest"
            link.unlink(missing_ok=True)
            link.symlink_to(folder.name)
            os.replace(link, runs / "latest")
    finally:
        logger.removeHandler(handler)
        handler.close()


def close_stopped(run: Run, clock: Clock) -> None:
    """Say in the run's index that somebody stopped it."""
    run.add_to_index(state=STOPPED, ended_at=_now(clock))
    run.write_page()


def _now(clock: Clock) -> str:
    return clock.now().astimezone(VIETNAM).isoformat()
