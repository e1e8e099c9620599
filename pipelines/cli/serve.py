"""``motcua serve``."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.engine import configure_engine
from pipelines.errors import UsageProblemError
from pipelines.notify.watch import watching
from pipelines.pages import shown_pages
from pipelines.server import LOOPBACK, PASSWORD, running_server
from pipelines.session import Session

_LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command(cls=VietnameseCommand)
@click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục tệp nhận (mặc định: inbox trong thư mục làm việc).",
)
@click.option(
    "--port",
    type=click.IntRange(1024, 65534),
    default=4200,
    metavar="CỔNG",
    help="Cổng của trang theo dõi (mặc định 4200); trang báo cáo ở cổng kế tiếp.",
)
@click.option(
    "--host",
    default=LOOPBACK,
    metavar="ĐỊA_CHỈ",
    help=f"Địa chỉ mở trang (mặc định {LOOPBACK}, chỉ máy này); địa chỉ khác cần mật khẩu trong biến {PASSWORD}.",
)
@workspace_option
def serve(inbox: Path | None, port: int, host: str, workspace: Path) -> None:
    """Chờ và tự chạy đêm theo lịch (mặc định 01:30, giờ Việt Nam) cho đến khi bị dừng.

    Trang theo dõi có các biểu “Chạy đêm”, “Chạy lại kỳ báo cáo”, “Kiểm tra dữ liệu”, “Nạp lại khoảng thời gian”. Trang
    chỉ mở trên chính máy này, trừ khi đặt --host kèm mật khẩu.
    """
    password = os.environ.get(PASSWORD) or None
    if host not in _LOCAL and password is None:
        raise UsageProblemError(
            f"Mở trang ra ngoài máy này (--host {host}) cần mật khẩu; hãy đặt biến {PASSWORD} dạng “người-dùng:mật-khẩu” rồi chạy lại."
        )
    session = Session(workspace.resolve(), SystemClock())
    session.workspace.create()
    os.environ["MOTCUA_WORKSPACE"] = str(session.workspace.root)
    if inbox is not None:
        os.environ["MOTCUA_INBOX"] = str(inbox.resolve())
    configure_engine(session.workspace.engine)
    with (
        running_server(session.workspace.engine, port, host, password) as address,
        shown_pages(session.workspace.root, host, port + 1, password) as pages,
        watching(session.workspace.root, SystemClock()),
    ):
        asyncio.run(_offer(session, address.removesuffix("/api"), pages))


async def _offer(session: Session, address: str, pages: str) -> None:
    """Offer schedule and forms, make up for a missed night, and run what is asked for until stopped."""
    from prefect.runner import Runner

    from pipelines.deployments import add_all, build_deployments, limit_writers, make_up

    runner = Runner(name="motcua", pause_on_shutdown=False)
    night = await add_all(runner, build_deployments(session))
    await limit_writers()
    is_making_up = await make_up(session, night)
    settings = session.settings
    click.echo(
        f"Đã đặt lịch chạy đêm lúc {settings.night_at} {_DAYS[settings.night_days]}, giờ Việt Nam. "
        f"Trang theo dõi: {address}. Trang báo cáo: {pages}. Nhấn Ctrl+C để dừng."
    )
    if is_making_up:
        click.echo("Lượt chạy đêm gần nhất theo lịch đã bị lỡ; đang chạy bù một lượt.")
    await runner.start()


_DAYS = {"every": "hằng ngày", "working": "các ngày làm việc"}
