"""``motcua todo``: what falls due soon, and what to mend or close first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.root import as_of_option, json_option, known_at_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.session import Session
from pipelines.steps.on_demand import parse_instant
from pipelines.steps.todo import TodoList, TodoRequest, build_todo
from transforms.catalogue.model import Catalogue
from transforms.indicators.due_soon import WITHIN, DueDossier, DueGroup
from transforms.indicators.fix_list import Fix, FixGroup
from transforms.report.numbers_vi import date_short, thousands
from transforms.report.todo_words import (
    PROMISE_NOTE,
    due_words,
    effect_words,
    hand_words,
    left_words,
    lowered,
    rule_action,
    rule_assumption,
    rule_title,
)

WIDTH = 100
"""Columns the page needs; used where no terminal says how wide it is."""
_SHOWN_DUE = 20
"""Rows of one pair of hands that are printed; ``--json`` gives all."""
_NAME_LENGTH = 60


@click.command(cls=VietnameseCommand)
@click.option("--unit", "unit_code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option(
    "--period",
    "period_id",
    metavar="KỲ",
    help="Kỳ báo cáo để tính hiệu quả, ví dụ 2021-9T (mặc định: kỳ hiện tại đầu tiên của thư mục làm việc).",
)
@click.option(
    "--within",
    type=click.Choice([str(days) for days in WITHIN]),
    default=str(max(WITHIN)),
    metavar="1|3|7",
    help="Liệt kê hồ sơ đến hạn trong số ngày làm việc tới (mặc định 7).",
)
@as_of_option
@known_at_option
@workspace_option
@json_option
def todo(
    unit_code: str,
    period_id: str | None,
    within: str,
    as_of: datetime | None,
    known_at: str | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Liệt kê hồ sơ sắp đến hạn theo cán bộ, và những hồ sơ nên sửa hoặc giải quyết trước.

    Mỗi việc nên sửa đi kèm số liệu của đơn vị trước và sau khi sửa riêng hồ sơ đó.
    """
    session = Session(workspace, SystemClock())
    instant = parse_instant(known_at)
    request = TodoRequest(unit_code, period_id, as_of.date() if as_of else None, instant)
    lists = build_todo(session, request)
    if as_json:
        content = [_as_json(item, int(within)) for item in lists]
        click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))
        return
    console = Console()
    console = console if console.is_terminal else Console(width=WIDTH)
    if len(lists) == 1:
        print_todo(console, lists[0], session.catalogue_at(instant), int(within))
    else:
        _print_overview(console, lists)


def print_todo(console: Console, item: TodoList, catalogue: Catalogue, within: int) -> None:
    """Both lists of one unit, readable at 100 columns."""
    as_of = item.reckoning.as_of
    console.print(f"[bold]{item.unit.full_name} ({item.unit.code})[/bold], ngày làm việc {date_short(as_of)}")
    if item.is_missing:
        console.print("Đơn vị chưa gửi tệp nào đọc được, nên chưa có danh sách việc cần làm.")
        return
    if item.data_date and item.data_date < as_of:
        console.print(
            f"Dữ liệu kết xuất đến ngày {date_short(item.data_date)}; việc làm sau ngày đó chưa được biết."
        )
    console.print("\n[bold]Sắp đến hạn[/bold]")
    console.print(due_words(item.due.counts), highlight=False)
    for sentence in _due_notes(item):
        console.print(sentence, highlight=False)
    for group in item.due.groups:
        _print_group(console, group, within, is_only=len(item.due.groups) == 1)
    console.print(f"\n[bold]Nên sửa trước[/bold], tính cho {item.period_name}")
    if not item.fixes.groups:
        console.print("Không có hồ sơ nào cần sửa hoặc giải quyết để số liệu thay đổi.")
        return
    console.print(PROMISE_NOTE, highlight=False)
    console.print(_group_table(item.fixes.groups, catalogue))
    if item.fixes.fixes:
        console.print(
            f"{thousands(len(item.fixes.fixes))} hồ sơ làm thay đổi số liệu nhiều nhất, "
            f"trong {thousands(item.fixes.total_count)} hồ sơ:",
            highlight=False,
        )
        _print_fixes(console, item.fixes.fixes, catalogue)


def _print_overview(console: Console, lists: Sequence[TodoList]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Đơn vị", overflow="fold")
    for name in ("Mã", "Quá hạn", "1 ngày", "3 ngày", "7 ngày", "Nên sửa"):
        table.add_column(name, justify="right")
    for item in lists:
        counts = item.due.counts
        spans = (counts.overdue, *(counts.within(days) for days in WITHIN), item.fixes.total_count)
        shown = ["–"] * len(spans) if item.is_missing else map(thousands, spans)
        table.add_row(item.unit.full_name, item.unit.code, *shown)
    console.print(table)
    console.print("Xem từng đơn vị: motcua todo --unit <mã đơn vị>.", highlight=False)


def _due_notes(item: TodoList) -> list[str]:
    due = item.due
    notes = []
    if due.paused_count:
        notes.append(
            f"{thousands(due.paused_count)} hồ sơ đang chờ bổ sung hoặc tạm dừng không tính vào danh sách này."
        )
    if due.undated_count:
        notes.append(f"{thousands(due.undated_count)} hồ sơ đang giải quyết không có ngày hẹn trả.")
    notes += [f"Lịch làm việc chưa chắc chắn: {note}." for note in due.calendar_notes]
    return notes


def _print_group(console: Console, group: DueGroup, within: int, is_only: bool) -> None:
    rows = [dossier for dossier in group.dossiers if is_listed(dossier, within)]
    if not rows:
        return
    counts = "" if is_only else f" {lowered(due_words(group.counts))}"
    console.print(f"\n{hand_words(group)}:{counts}", highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Hẹn trả", no_wrap=True)
    table.add_column("Còn lại", no_wrap=True)
    table.add_column("Mã hồ sơ", no_wrap=True)
    table.add_column("Thủ tục", overflow="fold")
    for dossier in rows[:_SHOWN_DUE]:
        table.add_row(
            date_short(dossier.due_date),
            left_words(dossier),
            escape(dossier.dossier_code),
            escape(_shortened(dossier.procedure_name)),
        )
    console.print(table)
    if len(rows) > _SHOWN_DUE:
        console.print(f"Và {thousands(len(rows) - _SHOWN_DUE)} hồ sơ khác; --json cho danh sách đầy đủ.")


def is_listed(dossier: DueDossier, within: int) -> bool:
    """True for overdue dossiers and for those that fall due within so many working days."""
    return dossier.is_overdue or dossier.working_days <= within


def _group_table(groups: Sequence[FixGroup], catalogue: Catalogue) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Việc", overflow="fold", ratio=4)
    table.add_column("Hồ sơ", justify="right", no_wrap=True)
    table.add_column("Khi xong cả nhóm", overflow="fold", ratio=5)
    for group in groups:
        count = thousands(group.count + group.unpromised_count)
        words = effect_words(group.effect, catalogue, limit=4)
        if group.unpromised_count:
            words += f" Chưa ước tính được {thousands(group.unpromised_count)} hồ sơ."
        table.add_row(escape(rule_assumption(group.rule)), count, escape(words.strip()))
    return table


def _print_fixes(console: Console, fixes: Sequence[Fix], catalogue: Catalogue) -> None:
    """The fixes in order; those that follow each other with the same words stand under one heading."""
    words = [(fix.rule, effect_words(fix.effect, catalogue, limit=3)) for fix in fixes]
    numbered = enumerate(zip(words, fixes, strict=True), 1)
    for (rule, effect), run in groupby(numbered, key=lambda item: item[1][0]):
        rows = [(number, fix) for number, (_, fix) in run]
        each = "mỗi hồ sơ" if len(rows) > 1 else "hồ sơ này"
        console.print(f"\n[bold]{rule_title(rule)}[/bold]. {rule_action(rule)}", highlight=False)
        console.print(f"Hiệu quả của riêng {each}: {escape(lowered(effect))}", highlight=False)
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 1))
        table.add_column(justify="right")
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for number, fix in rows:
            place = f"dòng {thousands(fix.row)}: " if fix.row else ""
            change = f"{fix.was or '(trống)'} → {fix.value}"
            table.add_row(
                str(number), escape(fix.dossier_code or "(chưa có mã)"), escape(place + _shortened(change))
            )
        console.print(table)


def _as_json(item: TodoList, within: int) -> dict[str, Any]:
    due = asdict(item.due)
    for group, stored in zip(due["groups"], item.due.groups, strict=True):
        pairs = zip(group["dossiers"], stored.dossiers, strict=True)
        group["dossiers"] = [row for row, dossier in pairs if is_listed(dossier, within)]
    return {
        "unit_code": item.unit.code,
        "unit_name": item.unit.full_name,
        "period": item.reckoning.period.period_id,
        "as_of": item.reckoning.as_of,
        "closing_day": item.reckoning.closing_day,
        "data_date": item.data_date,
        "is_missing": item.is_missing,
        "within": within,
        "due_soon": due,
        "fix_list": asdict(item.fixes),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 1].rstrip() + "…"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
