"""Flows that somebody starts from a form: a period again, a check, a range of periods; and the night of the schedule.

The workspace is that of the process that runs them (``MOTCUA_WORKSPACE``), so a form never asks for a path. What
cannot be done ends the run as failed with the sentence that the command line would print.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.errors import UserError
from pipelines.forms import EVERY_UNIT, chosen
from pipelines.pages import page_address
from pipelines.session import Session
from pipelines.workspace import Workspace

WORKSPACE = "MOTCUA_WORKSPACE"
INBOX = "MOTCUA_INBOX"
_LOCK_SECONDS = 3 * 3600.0
"""How long a run waits for another that holds the workspace."""
_SHORT_SECONDS, _LONG_SECONDS = 1800.0, 8 * 3600.0
"""After which a run that only reads, or one that writes, is given up."""


def _workspace() -> Path:
    return Path(os.environ.get(WORKSPACE, "workspace"))


def _told(body: Callable[[], State[Any]]) -> State[Any]:
    """What the body ends with; a user error as a failed state with its sentence, without a traceback."""
    try:
        return body()
    except UserError as problem:
        return Failed(message=str(problem))


@flow(name="chay-lai-ky-bao-cao", flow_run_name="{unit}, {period}", timeout_seconds=_SHORT_SECONDS)
def rerun_report(
    unit: str,
    period: str,
    basis: str | None = None,
    cutoff: date | None = None,
    rulebook: str | None = None,
    known_at: datetime | None = None,
) -> State[Any]:
    """Viết lại báo cáo của một đơn vị, một kỳ; dự thảo và bản đã công bố không thay đổi."""
    from pipelines.steps.on_demand import Request
    from pipelines.steps.rerun import write_rerun

    def body() -> State[Any]:
        session = Session(_workspace(), SystemClock())
        instant = known_at.replace(tzinfo=known_at.tzinfo or VIETNAM) if known_at else None
        request = Request(
            chosen(unit),
            chosen(period),
            chosen(basis) if basis else None,
            cutoff=cutoff,
            known_at=instant,
            rulebook=chosen(rulebook) if rulebook else None,
        )
        done = write_rerun(session, request)
        address = page_address(session.workspace.root, done.folder)
        rows = "\n".join(f"| {label} | {text} |" for label, text in done.facts)
        links = " · ".join(f"[{name}]({address}/{name})" for name in done.files)
        warnings = "".join(f"\n- {stamp}" for stamp in done.stamps)
        create_markdown_artifact(
            f"# {done.title}\n\n{links}\n\n| | |\n|---|---|\n{rows}\n"
            + (f"\n**Lưu ý**\n{warnings}\n" if warnings else ""),
            key="bao-cao",
            description=f"[Mở báo cáo]({address}/bao-cao.html)",
        )
        return Completed(message=f"Đã viết {done.title}.")

    return _told(body)


@flow(name="kiem-tra-du-lieu", flow_run_name="{unit}", timeout_seconds=_SHORT_SECONDS)
def check_data(unit: str = EVERY_UNIT) -> State[Any]:
    """Liệt kê các phát hiện đang mở."""
    from pipelines.steps.open_findings import open_findings
    from transforms.schema.tables import SEVERITY_NAMES

    def body() -> State[Any]:
        session = Session(_workspace(), SystemClock())
        code = "" if unit == EVERY_UNIT else session.unit(chosen(unit)).code
        names = {each.code: each.full_name for each in session.catalogue.units}
        found = [
            each
            for each in open_findings(session.store, day=today(session.clock))
            if not code or each.unit_code == code
        ]
        rows = "\n".join(
            f"| {SEVERITY_NAMES[each.severity]} | {names.get(each.unit_code, 'toàn hệ thống')} | {each.count} "
            f"| {_cell(each.sentence)} | {'Đã giải trình.' if each.is_explained else _cell(each.remedy)} |"
            for each in found
        )
        head = "| Mức độ | Đơn vị | Số | Nội dung | Cách xử lý |\n|---|---|---|---|---|\n"
        body_text = head + rows if found else "Không có phát hiện nào đang mở."
        create_markdown_artifact(body_text, key="phat-hien", description=unit)
        critical = sum(each.severity == "critical" and not each.is_explained for each in found)
        return Completed(message=f"{len(found)} phát hiện đang mở, {critical} nghiêm trọng chưa giải trình.")

    return _told(body)


@flow(name="nap-lai-khoang-thoi-gian", flow_run_name="{first} đến {last}", timeout_seconds=_LONG_SECONDS)
def backfill_range(first: str, last: str, unit: str = EVERY_UNIT, is_writing: bool = False) -> State[Any]:
    """Viết lại dự thảo của các kỳ trong khoảng; tắt “Ghi dự thảo” thì chỉ xem trước."""
    from pipelines.backfill import open_backfill

    def body() -> State[Any]:
        units = [] if unit == EVERY_UNIT else [chosen(unit)]
        with open_backfill(
            _workspace(), SystemClock(), chosen(first), chosen(last), units, wait_seconds=_LOCK_SECONDS
        ) as work:
            bar = _ProgressArtifact("nap-lai")
            changes = work.preview(bar.show)
            rows = "\n".join(
                f"| {each.period_id} | {_cell(each.unit_name)} | {_STATES[each.state]} | {each.figure_count} | {each.published_count} |"
                for each in changes
            )
            create_markdown_artifact(
                "| Kỳ | Đơn vị | Dự thảo | Số liệu khác dự thảo cũ | Số liệu khác bản đã công bố |\n|---|---|---|---|---|\n"
                + rows,
                key="nap-lai-thay-doi",
            )
            if not is_writing:
                return Completed(message=f"Đã xem trước {len(changes)} dự thảo; chưa ghi gì.")
            done = work.write(bar.show)
            return Completed(message=f"Đã viết {done.written} dự thảo, {done.same} dự thảo giữ nguyên.")

    return _told(body)


_STATES = {"new": "viết mới", "changed": "thay đổi", "same": "không đổi", "done": "đã viết lần trước"}


@flow(name="chay-dem-theo-lich", validate_parameters=False, timeout_seconds=_LONG_SECONDS)
def scheduled_night(as_of: str | None = None) -> State[Any]:
    """Đọc mọi tệp mới, kiểm tra, tổng hợp, viết dự thảo; là lượt chạy của lịch và của nút “Chạy đêm”."""
    from pipelines.night import run_night
    from pipelines.steps.days import is_night_off

    def body() -> State[Any]:
        clock, root = SystemClock(), _workspace()
        day = date.fromisoformat(as_of) if as_of else today(clock)
        if as_of is None and is_night_off(Session(root, clock), day):
            return Completed(message="Hôm nay là ngày nghỉ; theo cấu hình, không chạy đêm.")
        inbox = os.environ.get(INBOX)
        bar = _ProgressArtifact("chay-dem")
        result = run_night(
            root, Path(inbox) if inbox else None, day, clock, bar.show, wait_seconds=_LOCK_SECONDS
        )
        runs = Workspace(root).runs
        newest = (runs / "latest").resolve()
        refused = sum(outcome.state == "refused" for outcome in result.outcomes)
        create_markdown_artifact(
            f"Đã đọc {len(result.outcomes)} tệp, {refused} tệp bị từ chối; {len(result.findings)} phát hiện đang mở; "
            f"dự thảo của {len(result.drafts)} đơn vị.\n\n"
            f"[Trang của lượt chạy]({page_address(root, newest)}/index.html)",
            key="chay-dem-ket-qua",
        )
        return Completed(message=f"Đã chạy xong đêm của ngày {day:%d/%m/%Y}.")

    return _told(body)


class _ProgressArtifact:
    """How far a run is, on its page; written anew at whole steps of five per cent only."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._shown: dict[str, tuple[Any, int]] = {}

    def show(self, step: str, done: int, total: int) -> None:
        """Move the bar of that step."""
        percent = 100 * done // total if total else 100
        if step not in self._shown:
            artifact = create_progress_artifact(float(percent), key=self._key, description=step)
            self._shown[step] = (artifact, percent)
            return
        artifact, before = self._shown[step]
        if percent >= before + 5 or percent == 100 != before:
            update_progress_artifact(artifact, float(percent))
            self._shown[step] = (artifact, percent)


def _cell(text: str) -> str:
    """Text that stays in one cell of a Markdown table and is no markup."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
