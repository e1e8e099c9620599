"""``motcua nightly``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.progress import TerminalProgress
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
    with TerminalProgress(console) as progress:
        result = run_night(workspace, inbox, day, clock, progress.show)
    session = Session(workspace, clock)
    if as_json:
        click.echo(night_json(session, result))
    else:
        print_night(console, session, result)
