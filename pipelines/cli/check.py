"""``motcua check``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.summary import SEVERITY_NAMES
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.errors import EXIT_CRITICAL
from pipelines.session import Session
from pipelines.steps.open_findings import open_findings
from transforms.report.numbers_vi import thousands


@click.command(cls=VietnameseCommand)
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ một đơn vị.")
@workspace_option
@json_option
def check(unit_code: str | None, workspace: Path, as_json: bool) -> int:
    """Liệt kê các phát hiện đang mở sau lượt chạy gần nhất.

    Trả mã 12 khi còn phát hiện nghiêm trọng chưa được giải trình.
    """
    session = Session(workspace, SystemClock())
    if unit_code:
        session.unit(unit_code)
    found = [f for f in open_findings(session.store) if unit_code is None or f.unit_code == unit_code]
    if unit_code:
        # What is meant for the level above or for IT is not shown to the unit itself.
        found = [finding for finding in found if finding.audience == "unit"]
    if as_json:
        rows = [{name: getattr(finding, name) for name in finding.__slots__} for finding in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not found:
        click.echo("Không có phát hiện nào đang mở.")
    else:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
        for name in ("Mức độ", "Đơn vị", "Số", "Nội dung", "Cách xử lý"):
            table.add_column(name, justify="right" if name == "Số" else "left", overflow="fold")
        names = {unit.code: unit.full_name for unit in session.catalogue.units}
        for finding in found:
            table.add_row(
                SEVERITY_NAMES[finding.severity], names.get(finding.unit_code, "toàn hệ thống"), thousands(finding.count),
                f"{finding.sentence} [{finding.code}]".replace("[", "\\["),
                "Đã giải trình." if finding.is_explained else finding.remedy,
            )  # fmt: skip
        Console().print(table)
    is_open = any(finding.severity == "critical" and not finding.is_explained for finding in found)
    return EXIT_CRITICAL if is_open else 0
