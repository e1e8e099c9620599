"""One period of one unit written again on request, as a run of its own with a folder that a page can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import FORMATS, render_report

FOLDER = "bao-cao"
"""Folder of the report inside the run's folder."""
_FORMATS = ("docx", "xlsx", "html", "json")


@dataclass(frozen=True, slots=True)
class Rerun:
    """A report that was written into its run's folder."""

    folder: Path
    run_id: str
    title: str
    files: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    """What it was counted from: label and text."""
    stamps: tuple[str, ...]
    """What it warns of."""


def write_rerun(session: Session, request: Request, formats: Sequence[str] = _FORMATS) -> Rerun:
    """The report in ``runs/<run>/bao-cao/``; drafts and publications are left alone.

    Raises a UserError as ``answer_request`` does; the run is then marked as failed.
    """
    parameters = {
        "unit": request.unit_code,
        "period": request.period_id,
        "basis": request.basis,
        "cutoff": request.cutoff.isoformat() if request.cutoff else None,
        "known_at": request.known_at.isoformat() if request.known_at else None,
        "rulebook": request.rulebook,
    }
    with start_run(session.workspace.runs, "report", session.clock, parameters) as run:
        answer = answer_request(session, request)
        files = render_report(answer.context, formats)
        folder = run.folder / FOLDER
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        context = answer.context
        return Rerun(
            folder,
            run.run_id,
            context.title,
            tuple(FORMATS[name] for name in formats),
            tuple((fact.label, _text(fact.text)) for fact in context.facts),
            tuple(_text(stamp) for stamp in context.stamps),
        )


def _text(words: object) -> str:
    """Words of a fact or a stamp, whether they are a text or runs and figures."""
    if isinstance(words, str):
        return words
    return "".join(getattr(part, "text", "") for part in words) if isinstance(words, tuple) else str(words)
