"""``motcua serve``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.engine import configure_engine
from pipelines.session import Session


@click.command(cls=VietnameseCommand)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục tệp nhận (mặc định: inbox trong thư mục làm việc).",
)
@workspace_option
def serve(inbox: Path | None, workspace: Path) -> None:
    """Chờ và tự chạy đêm lúc 01:30 hằng ngày (giờ Việt Nam) cho đến khi bị dừng."""
    session = Session(workspace.resolve(), SystemClock())
    session.workspace.create()
    configure_engine(session.workspace.engine)
    from pipelines.flows.nightly import scheduled_night
    from pipelines.schedules import nightly_schedule

    click.echo("Đã đặt lịch chạy đêm lúc 01:30 hằng ngày, giờ Việt Nam. Nhấn Ctrl+C để dừng.")
    scheduled_night.serve(
        name="Chạy đêm",
        schedule=nightly_schedule(),
        parameters={
            "workspace": str(session.workspace.root),
            "inbox": str(inbox.resolve()) if inbox else None,
        },
        print_starting_message=False,
    )
