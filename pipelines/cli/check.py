"""``motcua check``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table

from expectations.life import BETTER, EXPLAINED, FIXED, NEW, PERSISTING, REOPENED, WORSE
from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock, today
from pipelines.errors import EXIT_CRITICAL, UsageProblemError
from pipelines.session import Session
from pipelines.steps.finding_life import FindingLife, find_last_check, read_lives
from pipelines.steps.report import leaf_units
from transforms.calendar.day_words import official_date
from transforms.indicators.period import PeriodError, parse_period, period_name
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import SEVERITY_NAMES

STATE_NAMES: Mapping[str, str] = {
    NEW: "mới",
    REOPENED: "mở lại",
    WORSE: "tăng",
    BETTER: "giảm",
    PERSISTING: "còn nguyên",
    EXPLAINED: "đã giải trình",
    FIXED: "đã xong",
}


@click.command(cls=VietnameseCommand)
@click.option(
    "--unit", "unit_code", metavar="MÃ", help="Chỉ một đơn vị, hoặc một đơn vị tổng hợp cùng cấp dưới."
)
@click.option(
    "--period", "period_id", metavar="KỲ", help="Chỉ phát hiện về kỳ này và phát hiện không riêng kỳ nào."
)
@click.option(
    "--all",
    "is_all",
    is_flag=True,
    help="Cùng với --unit: hiện cả phát hiện dành cho cấp trên và công nghệ thông tin.",
)
@workspace_option
@json_option
def check(unit_code: str | None, period_id: str | None, is_all: bool, workspace: Path, as_json: bool) -> int:
    """Liệt kê các phát hiện đang mở sau lượt chạy gần nhất, và những gì lượt ấy thấy đã xong.

    Cột “Diễn biến” so với trước lượt chạy gần nhất. Trả mã 12 khi còn phát hiện nghiêm trọng chưa được
    giải trình.
    """
    session = Session(workspace, SystemClock())
    lives = read_lives(session, today(session.clock))
    if unit_code:
        lives = _of_unit(session, unit_code, lives, is_all)
    if period_id:
        lives = _of_period(period_id, lives)
    if as_json:
        click.echo(json.dumps([_as_json(life) for life in lives], ensure_ascii=False, indent=1))
    else:
        _print(session, lives)
    is_open = any(
        life.state not in (FIXED, EXPLAINED) and life.finding.severity == "critical" for life in lives
    )
    return EXIT_CRITICAL if is_open else 0


def _of_unit(
    session: Session, unit_code: str, lives: Sequence[FindingLife], is_all: bool
) -> tuple[FindingLife, ...]:
    """What is meant for the level above or for IT is not shown to the unit itself; nor IT's to a roll-up."""
    day = today(session.clock)
    node = session.unit(unit_code, day)
    # A unit that is no more keeps the units below it that it had to the end.
    last = day if node.is_valid_on(day) else node.valid_to or day
    leaves = {leaf.code for leaf in leaf_units(session.catalogue, node, last)}
    shown = ("unit",) if leaves == {node.code} else ("unit", "parent")
    codes = leaves | {node.code}
    return tuple(
        life
        for life in lives
        if life.finding.unit_code in codes and (is_all or life.finding.audience in shown)
    )


def _of_period(period_id: str, lives: Sequence[FindingLife]) -> tuple[FindingLife, ...]:
    try:
        # What finished reports say of themselves names the period in words.
        wanted = ("", period_id, period_name(parse_period(period_id)))
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    return tuple(life for life in lives if life.finding.period_id in wanted)


def _as_json(life: FindingLife) -> dict[str, Any]:
    return {
        **life.finding.as_json(),
        "state": life.state,
        "since": life.since.isoformat() if life.since else None,
    }


def _print(session: Session, lives: Sequence[FindingLife]) -> None:
    console = summary_console()
    left = [life for life in lives if life.state != FIXED]
    if not lives and find_last_check(session.workspace.runs) is None:
        console.print("Chưa có lượt chạy nào hoàn thành nên chưa có gì được kiểm tra.")
        return
    if not left:
        console.print("Không có phát hiện nào đang mở.")
    if not lives:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
    for name in ("Mức độ", "Đơn vị", "Số", "Diễn biến", "Nội dung", "Cách xử lý"):
        table.add_column(name, justify="right" if name == "Số" else "left", overflow="fold")
    names = session.catalogue.unit_names(today(session.clock))
    for life in lives:
        finding = life.finding
        since = f"\ntừ {official_date(life.since)}" if life.since else ""
        table.add_row(
            SEVERITY_NAMES[finding.severity],
            names.get(finding.unit_code, "toàn hệ thống"),
            thousands(finding.count),
            f"{STATE_NAMES[life.state]}{since}",
            f"{finding.sentence} [{finding.code}]".replace("[", "\\["),
            _answer(life).replace("[", "\\["),
        )
    console.print(table)


def _answer(life: FindingLife) -> str:
    """What to do, or who explained it."""
    if life.state == FIXED:
        return "Không cần làm gì thêm."
    if life.state == EXPLAINED:
        parts = life.finding.coverage.parts
        by = "; ".join(dict.fromkeys(f"{p.explanation.reason} ({p.explanation.author})" for p in parts[:2]))
        return f"Đã giải trình. {by}"
    return life.finding.remedy
