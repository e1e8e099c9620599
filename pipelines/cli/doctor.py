"""``motcua doctor``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.doctor import Diagnosis, State, examine

_STATES = {State.GOOD: "tốt", State.WARNING: "lưu ý", State.TROUBLE: "lỗi"}


@click.command(cls=VietnameseCommand)
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    default=4200,
    metavar="CỔNG",
    help="Cổng của “motcua serve” (mặc định 4200).",
)
@workspace_option
@json_option
def doctor(port: int, workspace: Path, as_json: bool) -> int:
    """Kiểm tra máy và thư mục làm việc: ổ đĩa, quyền, đồng hồ, cấu hình, kho, khóa, máy chủ, LibreOffice, phông chữ.

    Mỗi điều bất thường có một câu nói phải làm gì. Trả mã khác 0 khi có lỗi làm hỏng lượt chạy đêm.
    """
    found = examine(workspace, SystemClock(), port)
    troubles = [each for each in found if each.state is State.TROUBLE]
    if as_json:
        rows = [
            {"check": each.check, "state": each.state, "sentence": each.sentence, "remedy": each.remedy}
            for each in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        Console().print(_table(found))
        click.echo(_conclusion(found))
    return troubles[0].exit_code if troubles else 0


def _table(found: tuple[Diagnosis, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Kiểm tra", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("Kết quả và việc cần làm", overflow="fold")
    for each in found:
        words = each.sentence if not each.remedy else f"{each.sentence}\n→ {each.remedy}"
        table.add_row(each.check, _STATES[each.state], words.replace("[", "\\["))
    return table


def _conclusion(found: tuple[Diagnosis, ...]) -> str:
    troubles = sum(each.state is State.TROUBLE for each in found)
    warnings = sum(each.state is State.WARNING for each in found)
    if troubles:
        return f"Có {troubles} lỗi phải sửa trước lượt chạy đêm tới, {warnings} điều lưu ý."
    if warnings:
        return f"Lượt chạy đêm chạy được; có {warnings} điều lưu ý."
    return "Mọi thứ đều tốt."
