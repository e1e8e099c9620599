"""``motcua waive``."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
from rich import box
from rich.table import Table

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import SystemClock, today
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.waived import Listed, list_explanations, scope_words, withdraw
from pipelines.steps.waiving import Waiver, accept
from transforms.calendar.day_words import official_date
from transforms.report.numbers_vi import thousands

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(cls=VietnameseGroup, invoke_without_command=True)
@click.option("--unit", "unit_code", metavar="MÃ", help="Mã đơn vị.")
@click.option("--rule", "rule_code", metavar="MÃ", help="Mã quy tắc, ví dụ dossier.due_date.missing.")
@click.option("--period", "period_id", metavar="KỲ", help="Chỉ phát hiện về kỳ này, ví dụ 2021-9T.")
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    metavar="MÃ",
    help="Chỉ hồ sơ, văn bản hoặc đối tượng này; ghi được nhiều lần.",
)
@click.option("--reason", metavar="LÝ_DO", help="Vì sao số liệu đúng như vậy; được in trong phụ lục báo cáo.")
@click.option("--author", metavar="CHỨC_DANH", help="Người giải trình: chức danh hoặc bộ phận.")
@click.option("--from", "low", type=int, metavar="SỐ", help="Số nhỏ nhất vẫn được coi là đã giải trình.")
@click.option("--to", "high", type=int, metavar="SỐ", help="Số lớn nhất vẫn được coi là đã giải trình.")
@click.option(
    "--tolerance",
    type=click.IntRange(min=0, max=100),
    metavar="PHẦN_TRĂM",
    help="Số hiện nay được thay đổi bấy nhiêu phần trăm, thay cho --from và --to.",
)
@click.option(
    "--expires", type=_DAY, metavar="NGÀY", help="Ngày cuối còn hiệu lực (mặc định: không hết hạn)."
)
@click.option("--ahead", "is_ahead", is_flag=True, help="Giải trình trước khi có phát hiện.")
@as_of_option
@workspace_option
@click.pass_context
def waive(
    context: click.Context,
    unit_code: str | None,
    rule_code: str | None,
    period_id: str | None,
    subjects: tuple[str, ...],
    reason: str | None,
    author: str | None,
    low: int | None,
    high: int | None,
    tolerance: int | None,
    expires: datetime | None,
    is_ahead: bool,
    as_of: datetime | None,
    workspace: Path,
) -> None:
    """Ghi nhận giải trình cho một phát hiện, liệt kê hoặc rút giải trình.

    Không ghi --subject và khoảng số thì giải trình đúng các dòng, hoặc đúng con số hiện nay. Điều đã giải
    trình không bị hỏi lại; dòng mới, giá trị khác, số ra ngoài khoảng hoặc quá ngày hết hiệu lực thì hỏi lại.
    """
    if context.invoked_subcommand is not None:
        return
    needed = {"--unit": unit_code, "--rule": rule_code, "--reason": reason, "--author": author}
    if missing := [name for name, given in needed.items() if given is None]:
        raise UsageProblemError(
            f"Thiếu tùy chọn {', '.join(missing)}; gõ “motcua waive --help” để xem cách dùng."
        )
    session = Session(workspace, SystemClock())
    waiver = Waiver(
        unit_code=unit_code or "",
        rule_code=rule_code or "",
        reason=reason or "",
        author=author or "",
        period_id=period_id or "",
        subjects=subjects,
        low=low,
        high=high,
        tolerance=tolerance,
        expires_on=expires.date() if expires else None,
    )
    session.workspace.create()
    with session.workspace.lock():
        accepted = accept(session, waiver, _working_day(session, as_of), is_ahead)
    name = session.unit(waiver.unit_code).full_name
    for explanation in accepted:
        about = f", kỳ {explanation.period_id}" if explanation.period_id else ""
        until = (
            f"có hiệu lực đến hết ngày {official_date(explanation.expires_on)}"
            if explanation.expires_on
            else "không hết hạn"
        )
        click.echo(
            f"Đã ghi giải trình {explanation.decision_id}: {explanation.rule_code} của {name}{about}, "
            f"{scope_words(explanation)}; {until}."
        )


@waive.command("list", cls=VietnameseCommand)
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ một đơn vị.")
@as_of_option
@workspace_option
@json_option
def list_all(unit_code: str | None, as_of: datetime | None, workspace: Path, as_json: bool) -> None:
    """Liệt kê mọi giải trình đã nhận, từ tệp trả lại và từ dòng lệnh, và hiện còn dùng cho gì."""
    session = Session(workspace, SystemClock())
    if unit_code:
        session.unit(unit_code)
    day = _working_day(session, as_of)
    found = list_explanations(session, day, unit_code or "")
    if as_json:
        click.echo(json.dumps([_as_json(item) for item in found], ensure_ascii=False, indent=1))
        return
    if not found:
        click.echo("Chưa có giải trình nào.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
    for title in ("Mã", "Đơn vị", "Quy tắc", "Phạm vi", "Giải trình", "Tình trạng"):
        table.add_column(title, overflow="fold")
    names = session.catalogue.unit_names(day)
    for item, others in _alike(found):
        explanation = item.explanation
        rule = (
            f"{explanation.rule_code}\nkỳ {explanation.period_id}"
            if explanation.period_id
            else explanation.rule_code
        )
        table.add_row(
            f"{explanation.decision_id}\nvà {thousands(others)} mã khác"
            if others
            else explanation.decision_id,
            names.get(explanation.unit_code, explanation.unit_code),
            rule,
            scope_words(explanation),
            f"{explanation.reason}\n({explanation.author}, {_day(explanation.decided_on)})".replace(
                "[", "\\["
            ),
            _state(item),
        )
    summary_console().print(table)


@waive.command("withdraw", cls=VietnameseCommand)
@click.argument("decision_id", metavar="MÃ")
@click.option("--reason", default="", metavar="LÝ_DO", help="Vì sao rút; được lưu cùng quyết định.")
@click.option("--author", metavar="CHỨC_DANH", help="Người rút (mặc định: tài khoản đang dùng).")
@workspace_option
def withdraw_one(decision_id: str, reason: str, author: str | None, workspace: Path) -> None:
    """Rút một giải trình; phát hiện còn mở sẽ được hỏi lại, báo cáo đã công bố không đổi."""
    session = Session(workspace, SystemClock())
    session.workspace.create()
    with session.workspace.lock():
        explanation = withdraw(session, decision_id, author or getpass.getuser(), reason)
    click.echo(
        f"Đã rút giải trình {decision_id}: {explanation.rule_code} của "
        f"{session.unit(explanation.unit_code).full_name}."
    )


def _alike(found: Sequence[Listed]) -> list[tuple[Listed, int]]:
    """Explanations of rows in the same words as one with all their rows, and how many more they are.

    Units answer row by row: a line for each would hide everything else. ``--json`` names every one.
    """
    groups: dict[object, list[Listed]] = {}
    for item in found:
        same = replace(
            item, source="", covers=0, explanation=replace(item.explanation, decision_id="", rows=())
        )
        key = (same, bool(item.covers)) if item.explanation.rows else item
        groups.setdefault(key, []).append(item)
    return [
        (
            replace(
                group[0],
                explanation=replace(
                    group[0].explanation, rows=tuple(row for item in group for row in item.explanation.rows)
                ),
            ),
            len(group) - 1,
        )
        for group in groups.values()
    ]


def _working_day(session: Session, as_of: datetime | None) -> date:
    return as_of.date() if as_of else today(session.clock)


def _day(day: date | None) -> str:
    return official_date(day) if day else "không rõ ngày"


def _state(item: Listed) -> str:
    if item.is_withdrawn:
        return "đã rút"
    if not item.is_in_force:
        return f"hết hiệu lực sau ngày {_day(item.explanation.expires_on)}"
    until = f", đến hết ngày {_day(item.explanation.expires_on)}" if item.explanation.expires_on else ""
    return f"đang dùng{until}" if item.covers else f"chưa dùng cho phát hiện nào{until}"


def _as_json(item: Listed) -> dict[str, object]:
    explanation = item.explanation
    return {
        "decision_id": explanation.decision_id,
        "kind": item.kind,
        "unit_code": explanation.unit_code,
        "rule_code": explanation.rule_code,
        "period_id": explanation.period_id or None,
        "column": explanation.column or None,
        "subject": explanation.subject or None,
        "rows": [{"subject": row.subject, "sheet": row.sheet, "row": row.row} for row in explanation.rows],
        "from": explanation.band.low,
        "to": explanation.band.high,
        "reason": explanation.reason,
        "author": explanation.author,
        "decided_on": explanation.decided_on.isoformat() if explanation.decided_on else None,
        "expires_on": explanation.expires_on.isoformat() if explanation.expires_on else None,
        "source": item.source,
        "is_withdrawn": item.is_withdrawn,
        "is_in_force": item.is_in_force,
        "covers": item.covers,
    }
