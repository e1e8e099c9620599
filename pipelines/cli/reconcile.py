"""``motcua reconcile``: the same dossiers under every rulebook, and why the figures differ."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.root import (
    as_of_option,
    basis_option,
    cutoff_option,
    json_option,
    known_at_option,
    workspace_option,
)
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.errors import StoreUnreachableError, reason_of
from pipelines.session import Session
from pipelines.steps.on_demand import Request, parse_instant, past_catalogue_warning
from pipelines.steps.reconcile import (
    LIST_FILE,
    PAGE_FILE,
    reconcile_request,
    render_reconciled,
    render_reconciled_json,
)
from transforms.report.numbers_vi import thousands
from transforms.report.reconciled import TITLE
from transforms.report.reconciled_view import (
    ReconciledView,
    difference_lines,
    measure_lines,
    missing_sentence,
    score_lines,
    score_sentence,
    summary_sentence,
)

_WIDTH = 100


@click.command(cls=VietnameseCommand)
@click.option(
    "--unit",
    "unit_code",
    required=True,
    metavar="MÃ",
    help="Mã đơn vị; đơn vị có cấp dưới thì tổng hợp cả cấp dưới.",
)
@click.option("--period", "period_id", required=True, metavar="KỲ", help="Kỳ báo cáo, ví dụ 2021-9T.")
@basis_option
@cutoff_option
@as_of_option
@known_at_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Ghi trang web, danh sách hồ sơ (CSV) và tệp JSON vào thư mục này.",
)
@workspace_option
@json_option
def reconcile(
    unit_code: str,
    period_id: str,
    basis: str | None,
    cutoff: datetime | None,
    as_of: datetime | None,
    known_at: str | None,
    out: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Đếm cùng những hồ sơ ấy theo mọi cách đếm, nêu lý do của từng chênh lệch.

    Cách đếm theo cấu hình (mặc định tt01) làm gốc; mỗi hồ sơ làm nên một chênh lệch có đúng một lý do.
    """
    session = Session(workspace, SystemClock())
    instant = parse_instant(known_at)
    request = Request(
        unit_code,
        period_id,
        basis,
        as_of.date() if as_of else None,
        cutoff.date() if cutoff else None,
        instant,
    )
    reconciled = reconcile_request(session, request)
    if warning := past_catalogue_warning(session, instant):
        click.echo(warning, err=True)
    if out is not None:
        _write(out, render_reconciled(reconciled))
    if as_json:
        click.echo(render_reconciled_json(reconciled).decode(), nl=False)
        return
    console = summary_console()
    console.width = min(console.width, _WIDTH)
    print_reconciled(console, reconciled.view)
    count = thousands(len(reconciled.view.reconciliation.dossiers))
    if out is not None:
        console.print(
            f"Đã ghi {PAGE_FILE} và danh sách {count} hồ sơ ({LIST_FILE}) vào {out}.",
            highlight=False,
            soft_wrap=True,
        )
    elif reconciled.view.reconciliation.dossiers:
        console.print(
            f"{count} hồ sơ được đếm khác nhau; dùng --out THƯ_MỤC để lấy danh sách.", highlight=False
        )


def print_reconciled(console: Console, view: ReconciledView) -> None:
    """The figures side by side, each difference with its reasons, and the points of the index."""
    console.print(f"{TITLE}: {escape(view.node.full_name)}. {view.period_words}.", highlight=False)
    console.print(_measure_table(view))
    if missing := missing_sentence(view):
        console.print(missing, highlight=False)
    console.print(summary_sentence(view), highlight=False)
    for comparison in view.reconciliation.comparisons:
        console.print(
            f"\n{comparison.other.label} so với {comparison.base.label}", style="bold", highlight=False
        )
        lines = difference_lines(view, comparison)
        for line in lines:
            told = "; ".join(f"{reason.amount} {reason.code}" for reason in line.reasons)
            console.print(f"{line.label}: lệch {line.amount}, gồm {told}.", highlight=False)
        for sentence in dict.fromkeys(
            f"{reason.code}: {reason.sentence}" for line in lines for reason in line.reasons
        ):
            console.print(f"  {sentence}", highlight=False)
        if not lines:
            console.print("Không có hồ sơ nào được đếm khác.", highlight=False)
    for counting, groups in view.scores:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        console.print(f"\nChấm điểm theo {counting.rulebook.label}", style="bold", highlight=False)
        console.print(score_sentence(counting), highlight=False)
        table.add_column("Nhóm, phần", overflow="fold")
        table.add_column("Tối đa", justify="right")
        table.add_column("Số liệu", justify="right", no_wrap=True)
        table.add_column("Điểm", overflow="fold")
        for row in score_lines(view, counting, groups):
            name = row.name if row.is_group else f"  {row.name}"
            table.add_row(name, row.most, row.share.text if row.share else "", row.points)
        console.print(table)


def _measure_table(view: ReconciledView) -> Table:
    lines = measure_lines(view)
    has_summary = any(line.printed for line in lines)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Chỉ tiêu", overflow="fold")
    for number, counting in enumerate(view.reconciliation.countings):
        table.add_column(counting.rulebook.label, justify="right", no_wrap=True)
        if number:
            table.add_column("Lệch", justify="right", no_wrap=True)
    if has_summary:
        table.add_column("Phần mềm in", justify="right")
    for line in lines:
        cells = [line.figures[0].text]
        for figure, delta in zip(line.figures[1:], line.deltas, strict=True):
            cells += [figure.text, delta]
        table.add_row(line.label, *cells, *([f"{line.printed} {line.fit}".strip()] if has_summary else []))
    return table


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được vào thư mục {folder} ({reason_of(problem)}); hãy kiểm tra quyền ghi và dung lượng đĩa."
        ) from problem
