"""``motcua runs``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM
from pipelines.run_records import PAGE, SUCCESS, RunRecord, list_runs
from pipelines.steps.run_page import (
    COMMAND_NAMES,
    DELIVERY_NAMES,
    STATE_NAMES,
    say_outcome,
    say_seconds,
)
from pipelines.workspace import Workspace
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import SEVERITY_NAMES

_SHOWN = 20


@click.command(cls=VietnameseCommand)
@click.option(
    "--last",
    type=click.IntRange(min=1),
    default=_SHOWN,
    metavar="SỐ",
    help=f"Số lượt chạy gần nhất được liệt kê (mặc định {_SHOWN}).",
)
@workspace_option
@json_option
def runs(last: int, workspace: Path, as_json: bool) -> None:
    """Các lượt chạy gần nhất: bắt đầu lúc nào, mất bao lâu, kết quả, số tệp và phát hiện, trang của lượt chạy."""
    records = list_runs(Workspace(workspace).runs)[:last]
    if as_json:
        click.echo(json.dumps([_as_json(record) for record in records], ensure_ascii=False, indent=1))
        return
    console = summary_console()
    if not records:
        console.print("Chưa có lượt chạy nào.")
        return
    console.print(_table(records))
    for record in records:
        if record.state != SUCCESS:
            console.print(f"{record.run_id}: {say_outcome(record)}", highlight=False, soft_wrap=True)
    console.print(
        f"Trang của từng lượt: {records[0].folder.parent}/<mã lượt chạy>/{PAGE}",
        highlight=False,
        soft_wrap=True,
    )


def _table(records: tuple[RunRecord, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("Bắt đầu", "Thời gian", "Lệnh", "Kết quả"):
        table.add_column(name, no_wrap=True)
    for name in ("Tệp", "Từ\nchối", "Dòng\nnhận", "Phát\nhiện", "Nghiêm\ntrọng"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Mã lượt chạy", no_wrap=True)
    for record in records:
        deliveries, findings = _delivery_counts(record), _open_counts(record)
        numbers = (
            _sum(deliveries), deliveries["refused"], _accepted(record), _sum(findings), findings["critical"],
        )  # fmt: skip
        table.add_row(
            _short(record.started_at),
            say_seconds(record.seconds),
            COMMAND_NAMES.get(record.command, record.command),
            STATE_NAMES.get(record.state, record.state),
            *("–" if number is None else thousands(number) for number in numbers),
            record.run_id,
        )
    return table


def _sum(counts: Mapping[str, int | None]) -> int | None:
    known = [count for count in counts.values() if count is not None]
    return sum(known) if known else None


def _short(instant: datetime | None) -> str:
    return f"{instant.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if instant else ""


def _as_json(record: RunRecord) -> dict[str, Any]:
    return {
        "run_id": record.run_id,
        "command": record.command,
        "state": record.state,
        "error": record.error or None,
        "started_at": record.started_at.isoformat() if record.started_at else None,
        "ended_at": record.ended_at.isoformat() if record.ended_at else None,
        "seconds": record.seconds,
        "known_at": record.known_at or None,
        "steps": [{"step": step.step, "seconds": step.seconds, "state": step.state} for step in record.steps],
        "deliveries": _delivery_counts(record),
        "accepted_rows": _accepted(record),
        "open_findings": _open_counts(record),
        "page": str(record.folder / PAGE) if (record.folder / PAGE).is_file() else None,
    }


def _delivery_counts(record: RunRecord) -> dict[str, int | None]:
    """Files by what became of them; None where the run left no word of them."""
    states = Counter(delivery["state"] for delivery in record.deliveries or ())
    return {name: states[name] if record.deliveries is not None else None for name in DELIVERY_NAMES}


def _accepted(record: RunRecord) -> int | None:
    if record.deliveries is None:
        return None
    return sum(int(delivery["accepted"]) for delivery in record.deliveries)


def _open_counts(record: RunRecord) -> dict[str, int | None]:
    severities = Counter(finding["severity"] for finding in record.findings or ())
    return {name: severities[name] if record.findings is not None else None for name in SEVERITY_NAMES}
