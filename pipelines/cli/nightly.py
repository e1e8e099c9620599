"""``motcua nightly``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import night_json, print_night, summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock, today
from pipelines.night import run_night
from pipelines.session import Session


@click.command(cls=VietnameseCommand)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục tệp nhận, mỗi đơn vị một thư mục con mang mã đơn vị (mặc định: inbox trong thư mục làm việc).",
)
@as_of_option
@workspace_option
@json_option
def nightly(inbox: Path | None, as_of: datetime | None, workspace: Path, as_json: bool) -> None:
    """Chạy đêm: đọc mọi tệp mới, kiểm tra, tổng hợp và viết dự thảo cho mọi đơn vị.

    Tệp hỏng chỉ ảnh hưởng chính tệp đó; lượt chạy vẫn hoàn thành và trả mã 0.
    """
    clock = SystemClock()
    day = as_of.date() if as_of else today(clock)
    console = summary_console(as_json)
    with _TerminalProgress(console) as progress:
        result = run_night(workspace, inbox, day, clock, progress.show)
    session = Session(workspace, clock)
    if as_json:
        click.echo(night_json(session, result))
    else:
        print_night(console, session, result)


class _TerminalProgress:
    """A progress bar for a step at a time; nothing where there is no terminal."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._steps: dict[str, TaskID] = {}

    def __enter__(self) -> _TerminalProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, step: str, done: int, total: int) -> None:
        """Move the bar of that step."""
        if step not in self._steps:
            self._steps[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._steps[step], completed=done, total=total)
