"""``motcua period``."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from rich import box
from rich.table import Table

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import SystemClock, today
from pipelines.session import Session
from pipelines.steps.periods import (
    UnitPeriod,
    close_periods,
    find_unit_period,
    list_periods,
    reopen_periods,
)
from transforms.calendar.day_words import official_date
from transforms.indicators.closing import PeriodState, state_words
from transforms.indicators.deadline import deadline_words
from transforms.indicators.period import period_name

_BASIS_HELP = "Cách tính kỳ: nd09, lich, hoặc cách do thư mục làm việc quy định trong calendars/windows.csv."


@click.group(cls=VietnameseGroup)
def period() -> None:
    """Kỳ báo cáo: ngày chốt số liệu, hạn gửi, khóa và mở lại."""


def _target_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option(
                "--unit",
                "unit_codes",
                required=True,
                multiple=True,
                metavar="MÃ",
                help="Mã đơn vị; ghi được nhiều lần.",
            ),
            click.option(
                "--period", "period_id", required=True, metavar="KỲ", help="Ví dụ 2021-09, 2021-9T, 2021."
            ),
            click.option("--basis", metavar="CÁCH", help=_BASIS_HELP),
            click.option(
                "--reason", required=True, metavar="LÝ_DO", help="Vì sao; được lưu cùng quyết định."
            ),
            click.option(
                "--by", "author", metavar="TÊN", help="Người quyết định (mặc định: tài khoản đang dùng)."
            ),
        )
    ):
        command = option(command)
    return command


@period.command("list", cls=VietnameseCommand)
@click.option("--unit", "unit_code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option("--year", type=int, metavar="NĂM", help="Năm của kỳ báo cáo (mặc định: năm của ngày làm việc).")
@click.option("--basis", metavar="CÁCH", help=_BASIS_HELP)
@as_of_option
@workspace_option
@json_option
def list_all(
    unit_code: str,
    year: int | None,
    basis: str | None,
    as_of: datetime | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Liệt kê các kỳ đã bắt đầu của một đơn vị: ngày chốt số liệu, hạn gửi, đang mở hay đã khóa."""
    session = Session(workspace, SystemClock())
    day: date = as_of.date() if as_of else today(session.clock)
    found = list_periods(session, unit_code, year, basis, day)
    if as_json:
        click.echo(json.dumps([_as_json(*item) for item in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo(f"Năm {year or day.year} chưa có kỳ nào bắt đầu đến ngày {official_date(day)}.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Kỳ", no_wrap=True)
    table.add_column("Từ ngày", no_wrap=True)
    table.add_column("Chốt số liệu", no_wrap=True)
    table.add_column("Hạn gửi", no_wrap=True)
    table.add_column("Tình trạng", overflow="fold")
    for target, state in found:
        due = (
            f"{official_date(state.deadline.day)}{'*' if state.deadline.is_flagged else ''}"
            if state.deadline
            else "–"
        )
        table.add_row(
            target.period.period_id,
            official_date(target.start),
            official_date(target.end),
            due,
            _words(state),
        )
    unit = found[-1][0].unit
    name = session.catalogue.basis_name(found[0][0].basis)
    console = summary_console()
    console.print(f"Các kỳ báo cáo của {unit.full_name}, tính {name}")
    console.print(table)
    for source in dict.fromkeys(state.deadline.source for _, state in found if state.deadline):
        console.print(f"Hạn gửi: {source}.")
    for note in dict.fromkeys(note for _, state in found if state.deadline for note in state.deadline.notes):
        console.print(f"* {note[:1].upper()}{note[1:]}; hạn gửi có thể thay đổi.")


@period.command("close", cls=VietnameseCommand)
@_target_options
@as_of_option
@workspace_option
def close(
    unit_codes: Sequence[str],
    period_id: str,
    basis: str | None,
    reason: str,
    author: str | None,
    as_of: datetime | None,
    workspace: Path,
) -> None:
    """Khóa một kỳ trước hạn, hoặc khóa lại kỳ đã mở lại; bản đã công bố không thay đổi nữa."""
    session = Session(workspace, SystemClock())
    day = as_of.date() if as_of else today(session.clock)
    targets = [find_unit_period(session, code, period_id, basis) for code in unit_codes]
    session.workspace.create()
    with session.workspace.lock():
        states = close_periods(session, targets, day, reason, author or getpass.getuser())
    for target, state in zip(targets, states, strict=True):
        click.echo(_done(target, state))


@period.command("reopen", cls=VietnameseCommand)
@_target_options
@click.option(
    "--until",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="NGÀY",
    help="Ngày cuối của lần mở lại; sau ngày này kỳ tự khóa (mặc định: đến khi khóa lại).",
)
@as_of_option
@workspace_option
def reopen(
    unit_codes: Sequence[str],
    period_id: str,
    basis: str | None,
    reason: str,
    author: str | None,
    until: datetime | None,
    as_of: datetime | None,
    workspace: Path,
) -> None:
    """Mở lại một kỳ đã khóa để công bố bản điều chỉnh; quyết định được lưu lại."""
    session = Session(workspace, SystemClock())
    day = as_of.date() if as_of else today(session.clock)
    targets = [find_unit_period(session, code, period_id, basis) for code in unit_codes]
    last = until.date() if until else None
    session.workspace.create()
    with session.workspace.lock():
        states = reopen_periods(session, targets, day, reason, author or getpass.getuser(), last)
    for target, state in zip(targets, states, strict=True):
        click.echo(_done(target, state))


def _done(target: UnitPeriod, state: PeriodState) -> str:
    return f"{target.words[:1].upper()}{target.words[1:]} {state_words(state)}; {deadline_words(state.deadline)}."


def _words(state: PeriodState) -> str:
    words = state_words(state)
    return f"{words}; lý do: {state.reason}" if state.reason else words


def _as_json(target: UnitPeriod, state: PeriodState) -> dict[str, object]:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    deadline = state.deadline
    return {
        "unit_code": target.unit.code,
        "period_id": target.period.period_id,
        "period_name": period_name(target.period),
        "basis": target.basis,
        "start": day(target.start),
        "end": day(target.end),
        "deadline": day(deadline.day) if deadline else None,
        "deadline_source": deadline.source if deadline else None,
        "deadline_notes": list(deadline.notes) if deadline else [],
        "state": state.standing.value,
        "since": day(state.since),
        "until": day(state.until),
        "decided_by": state.decided_by or None,
        "reason": state.reason or None,
    }
