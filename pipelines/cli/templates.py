"""``motcua templates``."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.root import workspace_option
from pipelines.cli.vietnamese import VietnameseGroup
from pipelines.clock import SystemClock
from pipelines.errors import StoreUnreachableError, UsageProblemError
from pipelines.session import Session
from pipelines.steps.records import read_latest
from pipelines.steps.report import supplement_of
from transforms.indicators.period import PeriodError, parse_period, previous
from transforms.supplement.workbook import write_workbook


@click.group(cls=VietnameseGroup)
def templates() -> None:
    """Các mẫu để đơn vị điền."""


@templates.command()
@click.option("--unit", "unit_code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option("--period", "period_id", required=True, metavar="KỲ", help="Kỳ báo cáo, ví dụ 2021-9T.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="Tệp xlsx sẽ ghi."
)
@workspace_option
def supplement(unit_code: str, period_id: str, out: Path | None, workspace: Path) -> None:
    """Ghi bảng số liệu bổ sung (xlsx) cho một đơn vị và một kỳ, điền sẵn từ kỳ trước nếu có."""
    session = Session(workspace, SystemClock())
    unit = session.unit(unit_code)
    try:
        period = parse_period(period_id)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    lines = read_latest(session.store, "supplement", session.catalogue, units=[unit_code])
    before = supplement_of(lines, previous(period).period_id).get(unit_code, {})
    prefilled = {
        item: tuple(line.text or ("" if line.number is None else str(line.number)) for line in lines)
        for item, lines in before.items()
    }
    content = write_workbook(unit, period.period_id, session.catalogue.supplement_items, prefilled)
    target = out or Path(f"so-lieu-bo-sung-{unit_code}-{period.period_id}.xlsx")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được tệp {target} ({problem.strerror}); hãy kiểm tra quyền ghi."
        ) from problem
    source = "điền sẵn từ kỳ trước" if prefilled else "chưa có số liệu kỳ trước để điền sẵn"
    click.echo(f"Đã ghi {target} ({source}). Đơn vị điền xong thì đặt vào inbox/{unit_code}/.")
