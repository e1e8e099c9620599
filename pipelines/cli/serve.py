"""``motcua serve``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.engine import configure_engine
from pipelines.notify.watch import watching
from pipelines.server import running_server
from pipelines.session import Session


@click.command(cls=VietnameseCommand)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục tệp nhận (mặc định: inbox trong thư mục làm việc).",
)
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    default=4200,
    metavar="CỔNG",
    help="Cổng của trang theo dõi (mặc định 4200).",
)
@workspace_option
def serve(inbox: Path | None, port: int, workspace: Path) -> None:
    """Chờ và tự chạy đêm lúc 01:30 hằng ngày (giờ Việt Nam) cho đến khi bị dừng.

    Trang theo dõi chỉ mở trên chính máy này.
    """
    session = Session(workspace.resolve(), SystemClock())
    session.workspace.create()
    configure_engine(session.workspace.engine)
    with running_server(session.workspace.engine, port) as address:
        from pipelines.flows.nightly import scheduled_night
        from pipelines.schedules import nightly_schedule

        page = address.removesuffix("/api")
        click.echo(
            f"Đã đặt lịch chạy đêm lúc 01:30 hằng ngày, giờ Việt Nam. Trang theo dõi: {page}. Nhấn Ctrl+C để dừng."
        )
        with watching(session.workspace.root, SystemClock()):
            scheduled_night.serve(
                name="Chạy đêm",
                schedule=nightly_schedule(),
                parameters={
                    "workspace": str(session.workspace.root),
                    "inbox": str(inbox.resolve()) if inbox else None,
                },
                print_starting_message=False,
            )
