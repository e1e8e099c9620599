"""``motcua nightly``."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.progress import TerminalProgress
from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import night_json, print_night, summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock, today
from pipelines.errors import UsageProblemError
from pipelines.night import run_night
from pipelines.session import Session

_CLUSTER = re.compile(r"dask://([A-Za-z0-9._-]+:\d{1,5})")


@click.command(cls=VietnameseCommand)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục tệp nhận, mỗi đơn vị một thư mục con mang mã đơn vị (mặc định: inbox trong thư mục làm việc).",
)
@as_of_option
@click.option(
    "--runner",
    metavar="dask://MÁY:CỔNG",
    help="Đọc tệp và viết dự thảo trên các máy của một cụm Dask (mặc định: trên máy này).",
)
@workspace_option
@json_option
def nightly(
    inbox: Path | None, as_of: datetime | None, runner: str | None, workspace: Path, as_json: bool
) -> None:
    """Chạy đêm: đọc mọi tệp mới, kiểm tra, tổng hợp và viết dự thảo cho mọi đơn vị.

    Tệp hỏng chỉ ảnh hưởng chính tệp đó; lượt chạy vẫn hoàn thành và trả mã 0.
    """
    scheduler = _scheduler_of(runner) if runner else None
    clock = SystemClock()
    day = as_of.date() if as_of else today(clock)
    console = summary_console(as_json)
    with TerminalProgress(console) as progress:
        result = run_night(workspace, inbox, day, clock, progress.show, scheduler=scheduler)
    session = Session(workspace, clock)
    if as_json:
        click.echo(night_json(session, result))
    else:
        print_night(console, session, result)


def _scheduler_of(runner: str) -> str:
    named = _CLUSTER.fullmatch(runner)
    if named is None:
        raise UsageProblemError(f"--runner {runner} không đúng dạng; ví dụ đúng: dask://10.0.0.5:8786.")
    return named[1]
