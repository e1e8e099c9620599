"""``motcua worker``."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import click

from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.engine import configure_engine
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.server import PASSWORD, is_answering

_SCHEMES = ("http://", "https://")


@click.command(cls=VietnameseCommand)
@click.option(
    "--server",
    default="http://127.0.0.1:4200",
    envvar="MOTCUA_SERVER",
    metavar="ĐỊA_CHỈ",
    help="Địa chỉ trang của “motcua serve --pool” (mặc định http://127.0.0.1:4200, hoặc biến MOTCUA_SERVER).",
)
@click.option("--pool", default="motcua", metavar="TÊN", help="Nhóm nhận việc (mặc định motcua).")
@click.option(
    "--name", metavar="TÊN", help="Tên hiện trên trang theo dõi (mặc định: tên máy và số tiến trình)."
)
@click.option(
    "--runs",
    type=click.IntRange(1, 16),
    default=2,
    metavar="SỐ",
    help="Số lượt chạy cùng lúc (mặc định 2: một đêm và một biểu theo yêu cầu).",
)
def worker(server: str, pool: str, name: str | None, runs: int) -> None:
    """Nhận và chạy các lượt chạy của một “motcua serve --pool”, trên máy này hoặc máy khác.

    Máy phải cài cùng phiên bản phần mềm và thấy thư mục làm việc ở cùng đường dẫn với máy chủ.
    """
    if not server.startswith(_SCHEMES):
        raise UsageProblemError(f"Địa chỉ máy chủ {server} phải bắt đầu bằng http:// hoặc https://.")
    address = f"{server.rstrip('/')}/api"
    if not is_answering(address):
        raise ConfigurationError(
            f"Không gặp được máy chủ {server}; hãy chạy “motcua serve --pool {pool}” trước, hoặc chỉ đúng địa chỉ bằng --server."
        )
    os.environ["PREFECT_API_URL"] = address
    if password := os.environ.get(PASSWORD):
        os.environ["PREFECT_API_AUTH_STRING"] = password
    with tempfile.TemporaryDirectory(prefix="motcua-worker-") as home:
        configure_engine(Path(home))
        asyncio.run(_work(pool, name or f"{platform.node()}-{os.getpid()}", runs))


async def _work(pool: str, name: str, runs: int) -> None:
    """Take runs from the pool until stopped; those under way are ended first."""
    from prefect.workers.process import ProcessWorker

    # Not the default end of a process, which would leave its runs without anybody who watches over them.
    if (task := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    click.echo(f"Nơi chạy {name} đang chờ việc của nhóm {pool}. Nhấn Ctrl+C để dừng.")
    taking = ProcessWorker(work_pool_name=pool, name=name, limit=runs, create_pool_if_not_found=False)
    with suppress(asyncio.CancelledError):
        await taking.start(printer=_silent)


def _silent(*_words: object) -> None:
    """What the engine prints is English and names a command that nobody here uses."""
