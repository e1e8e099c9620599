"""``motcua serve``."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import warnings
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

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

_PASSWORD_FORM = re.compile(r"[^\s:]+:.+")
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
@click.option(
    "--pool",
    metavar="TÊN",
    help="Giao mọi lượt chạy cho các “motcua worker” của nhóm này thay vì tự chạy; xem docs/deploy/README.md.",
)
@workspace_option
def serve(inbox: Path | None, port: int, host: str, pool: str | None, workspace: Path) -> None:
    """Chờ và tự chạy đêm theo lịch (mặc định 01:30, giờ Việt Nam) cho đến khi bị dừng.

    Trang theo dõi có các biểu “Chạy đêm”, “Chạy lại kỳ báo cáo”, “Kiểm tra dữ liệu”, “Nạp lại khoảng thời gian”. Trang
    chỉ mở trên chính máy này, trừ khi đặt --host kèm mật khẩu.
    """
    password = os.environ.get(PASSWORD) or None
    if host not in _LOCAL and password is None:
        raise UsageProblemError(
            f"Mở trang ra ngoài máy này (--host {host}) cần mật khẩu; hãy đặt biến {PASSWORD} dạng “người-dùng:mật-khẩu” rồi chạy lại."
        )
    if password is not None and not _PASSWORD_FORM.fullmatch(password):
        raise UsageProblemError(
            f"Biến {PASSWORD} không đúng dạng “người-dùng:mật-khẩu”: cần cả hai phần, tên người dùng không có dấu cách."
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
        asyncio.run(_offer(session, address.removesuffix("/api"), pages, pool))


async def _offer(session: Session, address: str, pages: str, pool: str | None) -> None:
    """Offer schedule and forms, make up for a missed night, and run what is asked for until stopped.

    ``pool``: its workers run everything; without it this process does.
    """
    from prefect.runner import Runner

    from pipelines.deployments import add_all, build_deployments, make_up, offer_to_pool
    from pipelines.supervision import NightWatch, look_after
    from pipelines.writers import limit_writers

    # Stopped by a signal, the runner asks itself to end and leaves at once; Python would print that nobody waited.
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
    runner = Runner(name="motcua", pause_on_shutdown=False)
    deployments = build_deployments(session, pool)
    night = await (offer_to_pool(pool, deployments) if pool else add_all(runner, deployments))
    await limit_writers(session.store)
    is_making_up = await make_up(session, night)
    settings = session.settings
    click.echo(
        f"Đã đặt lịch chạy đêm lúc {settings.night_at} {_DAYS[settings.night_days]}, giờ Việt Nam. "
        f"Trang theo dõi: {address}. Trang báo cáo: {pages}. Nhấn Ctrl+C để dừng."
    )
    if is_making_up:
        click.echo("Lượt chạy đêm gần nhất theo lịch đã bị lỡ; đang chạy bù một lượt.")
    if pool:
        click.echo(f"Các lượt chạy do “motcua worker” của nhóm {pool} thực hiện.")
    watch = look_after(NightWatch(session, night), lambda: click.echo(_STARTED_AGAIN))
    await _first_of(watch, _until_stopped() if pool else runner.start())


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Wait until one of the works ends, and end the others."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


_STARTED_AGAIN = "Một lượt chạy đêm đã dừng giữa chừng; đang chạy lại."


_DAYS = {"every": "hằng ngày", "working": "các ngày làm việc"}
