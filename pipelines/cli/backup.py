"""``motcua backup`` and ``motcua restore``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.steps.backup import lay_apart, restore_backup, write_backup
from pipelines.workspace import Workspace
from transforms.report.numbers_vi import thousands


@click.command(cls=VietnameseCommand)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
@workspace_option
def backup(file: Path, workspace: Path) -> None:
    """Sao lưu kho dữ liệu, các lần công bố, danh mục riêng và cấu hình vào một tệp .tar.zst hoặc .tar.gz.

    Không gồm tệp do đơn vị gửi (inbox, quarantine, outbox), dự thảo và nhật ký. Tệp sao lưu có mã hồ sơ; hãy giữ
    như giữ chính kho dữ liệu. Lượt chạy đêm vẫn chạy được trong lúc sao lưu.
    """
    done = write_backup(Workspace(workspace), file, SystemClock())
    click.echo(
        f"Đã sao lưu {thousands(done.file_count)} tệp vào {done.path} ({thousands(done.size)} byte). SHA-256: {done.sha256}"
    )


@click.command(cls=VietnameseCommand)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
@workspace_option
def restore(file: Path, workspace: Path) -> None:
    """Khôi phục một tệp sao lưu vào thư mục làm việc mới (--workspace), phải chưa có hoặc đang trống.

    Mọi tệp được đối chiếu mã băm trước; tệp sao lưu hỏng thì không khôi phục gì.
    """
    count = restore_backup(file, workspace)
    click.echo(
        f"Đã khôi phục {thousands(count)} tệp vào {workspace}. Hãy chạy “motcua verify --workspace {workspace}” để kiểm tra "
        "các lần công bố; dự thảo được viết lại trong lượt chạy đêm tới."
    )
    if lay_apart(workspace):
        click.echo(
            f"Kho dữ liệu trước đây ở kho đối tượng nay nằm trong {workspace / 'store'}. Muốn dùng lại kho đối tượng: chép "
            "thư mục này lên một nơi trống rồi sửa khóa store trong motcua.toml."
        )
