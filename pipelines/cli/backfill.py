"""``motcua backfill``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.backfill import Done, open_backfill
from pipelines.cli.progress import TerminalProgress
from pipelines.cli.root import as_of_option, json_option, known_at_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.steps.backfill import DraftChange
from pipelines.steps.on_demand import parse_instant
from transforms.report.numbers_vi import thousands

_STATES = {"new": "viết mới", "changed": "thay đổi", "same": "không đổi", "done": "đã viết lần trước"}


@click.command(cls=VietnameseCommand)
@click.option("--from", "first", required=True, metavar="KỲ", help="Kỳ đầu, ví dụ 2020-01 hoặc 2020.")
@click.option("--to", "last", required=True, metavar="KỲ", help="Kỳ cuối, ví dụ 2021-09 hoặc 2021.")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ đơn vị này; có thể lặp lại.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Chỉ xem trước, không ghi gì.")
@click.option("--yes", "is_sure", is_flag=True, help="Ghi ngay sau khi xem trước, không hỏi lại.")
@as_of_option
@known_at_option
@workspace_option
@json_option
def backfill(
    first: str,
    last: str,
    units: tuple[str, ...],
    is_dry: bool,
    is_sure: bool,
    as_of: datetime | None,
    known_at: str | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Viết lại dự thảo của nhiều kỳ đã qua, theo thứ tự thời gian, từ dữ liệu đã có trong kho.

    Xem trước những gì sẽ thay đổi, hỏi lại rồi mới ghi. Bị ngắt giữa chừng thì chạy lại đúng lệnh đó để làm tiếp.
    Các lần đã công bố không bao giờ thay đổi. Tệp cũ chưa nhận thì nhận trước bằng “motcua ingest”.
    """
    clock = SystemClock()
    console = summary_console(as_json)
    with open_backfill(
        workspace, clock, first, last, units, as_of.date() if as_of else None, parse_instant(known_at)
    ) as work:
        with TerminalProgress(console) as progress:
            changes = work.preview(progress.show)
        if not as_json:
            _print(console, changes)
        to_write = sum(change.state in ("new", "changed") for change in changes)
        done = Done(0, 0)
        if not is_dry and to_write and (is_sure or _is_confirmed(console, to_write, as_json)):
            with TerminalProgress(console) as progress:
                done = work.write(progress.show)
            if not as_json:
                console.print(
                    f"Đã viết {thousands(done.written)} dự thảo, {thousands(done.same)} dự thảo giữ nguyên vì không đổi."
                )
        elif not as_json:
            console.print(_nothing_written(to_write, is_dry))
    if as_json:
        rows = [{name: getattr(change, name) for name in DraftChange.__slots__} for change in changes]
        content = {"drafts": rows, "written": done.written, "same": done.same}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def _is_confirmed(console: Console, count: int, as_json: bool) -> bool:
    """True when somebody at a terminal says yes; a script has to say it with --yes."""
    if as_json or not console.is_terminal:
        return False
    return click.confirm(f"Ghi {thousands(count)} dự thảo?", default=False)


def _nothing_written(to_write: int, is_dry: bool) -> str:
    if not to_write:
        return "Mọi dự thảo đã đúng với dữ liệu trong kho; không có gì phải ghi."
    if is_dry:
        return f"Chưa ghi gì. Chạy lại không có --dry-run để ghi {thousands(to_write)} dự thảo."
    return f"Chưa ghi gì. Thêm --yes để ghi {thousands(to_write)} dự thảo."


def _print(console: Console, changes: Sequence[DraftChange]) -> None:
    """A line for each period: how many drafts change in what way, and which publications they contradict."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Kỳ", no_wrap=True)
    for name in (*_STATES.values(), "số liệu khác đi"):
        table.add_column(name.capitalize(), justify="right")
    table.add_column("Khác bản đã công bố", overflow="fold")
    for period in dict.fromkeys(change.period_id for change in changes):
        own = [change for change in changes if change.period_id == period]
        published = [
            f"{each.unit_name} lần {each.published}: {thousands(each.published_count)} số"
            for each in own
            if each.published_count
        ]
        table.add_row(
            period,
            *(thousands(sum(each.state == state for each in own)) for state in _STATES),
            thousands(sum(each.figure_count for each in own)),
            "; ".join(published) or "-",
        )
    console.print(table)
