"""What the folder of a run says about it, whatever of it is there: folders of older versions have fewer files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

INDEX, TIMINGS, DELIVERIES, FINDINGS, SUMMARY = (
    "index.json", "timings.json", "deliveries.json", "findings.json", "summary.json",
)  # fmt: skip
CHECKPOINTS = "checkpoints"
"""Folder with one file a table: what its checkpoint said."""
DATA_DOCS = "data-docs"
PAGE = "index.html"
LOG = "log.jsonl"
RUNNING, SUCCESS, FAILED, STOPPED, BROKEN_OFF, UNREADABLE = (
    "running", "success", "failed", "stopped", "broken_off", "unreadable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long one step took; ``seconds`` is None for the step that the run was in when it ended."""

    step: str
    seconds: float | None
    state: str
    """running, success or failed."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as its folder tells it."""

    folder: Path
    command: str = ""
    state: str = UNREADABLE
    error: str = ""
    """Kind of the exception that ended a failed run."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    known_at: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[StepTime, ...] = ()
    deliveries: tuple[Mapping[str, Any], ...] | None = None
    """None where the run left no word of them, as one that failed early."""
    findings: tuple[Mapping[str, Any], ...] | None = None
    """Open at the end of the run; None as above."""
    summary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def seconds(self) -> float | None:
        """From start to end; None while it is not known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def broken_step(self) -> StepTime | None:
        """The step that a run which did not end well was in; None where it was in none."""
        return next((step for step in reversed(self.steps) if step.state != SUCCESS), None)


def read_run(folder: Path) -> RunRecord:
    """The run of that folder; one whose index cannot be read has the state ``unreadable``."""
    index = _read(folder / INDEX)
    if not isinstance(index, dict):
        return RunRecord(folder)
    steps, deliveries, findings, summary = (
        _read(folder / name) for name in (TIMINGS, DELIVERIES, FINDINGS, SUMMARY)
    )
    return RunRecord(
        folder,
        command=str(index.get("command", "")),
        state=str(index.get("state", UNREADABLE)),
        error=str(index.get("error") or ""),
        started_at=_instant(index.get("started_at")),
        ended_at=_instant(index.get("ended_at")),
        known_at=str(index.get("known_at") or ""),
        parameters=index.get("parameters") or {},
        steps=tuple(StepTime(step["step"], step["seconds"], step["state"]) for step in steps or ()),
        deliveries=None if deliveries is None else tuple(deliveries),
        findings=None if findings is None else tuple(findings),
        summary=summary or {},
    )


def list_runs(runs: Path) -> tuple[RunRecord, ...]:
    """Every run, the newest first.

    One run at a time holds the workspace: a run that says it is running and is not the newest was broken off.
    """
    folders = [path for path in runs.glob("*") if path.is_dir() and not path.is_symlink()]
    records = [read_run(folder) for folder in sorted(folders, key=lambda folder: folder.name, reverse=True)]
    return tuple(
        replace(record, state=BROKEN_OFF) if record.state == RUNNING and number else record
        for number, record in enumerate(records)
    )


def _read(path: Path) -> Any:
    """The content of a JSON file; None where it is absent or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
