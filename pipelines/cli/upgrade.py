"""``motcua upgrade``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.backup import packing_of
from pipelines.steps.maintenance import upgrade_store
from transforms.report.numbers_vi import thousands


@click.command(cls=VietnameseCommand)
@click.option(
    "--backup",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Tệp sao lưu viết trước khi chuyển (mặc định: thư mục backups trong thư mục làm việc).",
)
@workspace_option
def upgrade(target: Path | None, workspace: Path) -> None:
    """Chuyển kho dữ liệu đời cũ sang định dạng hiện tại, sau khi sao lưu.

    Số liệu và các lần công bố không thay đổi. Bị ngắt giữa chừng thì chạy lại lệnh này.
    """
    session = Session(workspace, SystemClock())
    if target is not None:
        packing_of(target)
        if target.exists():
            raise UsageProblemError(f"Đã có tệp {target}; hãy chọn tên khác để không ghi đè bản sao lưu cũ.")
    session.workspace.create()
    with session.workspace.lock():
        done = upgrade_store(session, target)
    if done.backup is None:
        click.echo("Kho dữ liệu đã ở định dạng hiện tại; không có gì phải chuyển.")
        return
    click.echo(
        f"Đã sao lưu vào {done.backup.path} rồi chuyển kho dữ liệu sang định dạng hiện tại, "
        f"thêm {thousands(len(done.columns))} cột."
    )
