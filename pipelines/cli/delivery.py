"""``motcua delivery``."""

from __future__ import annotations

import getpass
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.nightly import check_everything, note_known_at
from pipelines.steps.retraction import Retracted, list_deliveries, retract_delivery, retracted_words
from pipelines.store import ACCEPTED, REFUSED, RETRACTED
from transforms.report.numbers_vi import thousands

_STATES = {ACCEPTED: "đã nhận", REFUSED: "từ chối", RETRACTED: "đã thu hồi"}
_KINDS = {
    "dossier": "Hồ sơ",
    "fee": "Phí, lệ phí",
    "overdue": "Quá hạn",
    "document": "Văn bản",
    "summary": "Tổng hợp",
    "supplement": "Bổ sung",
}
_COUNTS = {
    "data_row_count": "Dữ\nliệu",
    "accepted_count": "Nhận",
    "unchanged_count": "Như\ncũ",
    "quarantined_count": "Cách\nly",
}
_SHOWN = (
    *("delivery_id", "unit_code", "file", "kind", "state", "exported_at", "exported_at_source", "known_from"),
    *(
        "sheet_row_count",
        "structural_row_count",
        *_COUNTS,
        "superseded_count",
        "refusal_code",
        "answers_delivery_id",
    ),
    *("retracted_at", "retracted_by", "reason", "sha256"),
)


@click.group(cls=VietnameseGroup)
def delivery() -> None:
    """Các lần nhận tệp: xem danh sách, thu hồi tệp nhận nhầm."""


@delivery.command("list", cls=VietnameseCommand)
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ các tệp của một đơn vị.")
@workspace_option
@json_option
def list_all(unit_code: str | None, workspace: Path, as_json: bool) -> None:
    """Liệt kê các lần nhận tệp, mới nhất trước: mã, tệp, số dòng và kết quả."""
    session = Session(workspace, SystemClock())
    if unit_code:
        session.unit(unit_code)
    rows = list_deliveries(session.store, unit_code)
    if as_json:
        shown = [{name: _plain(row[name]) for name in _SHOWN} for row in rows]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo("Chưa nhận tệp nào.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("Mã", "Đơn vị"):
        table.add_column(name, no_wrap=True)
    table.add_column("Tệp", overflow="fold", min_width=22)
    for name in ("Loại", "Kết xuất", "Nhận ngày"):
        table.add_column(name, no_wrap=True)
    for name in _COUNTS.values():
        table.add_column(name, justify="right")
    table.add_column("Kết quả", no_wrap=True)
    for row in rows:
        table.add_row(
            row["delivery_id"],
            row["unit_code"] or "–",
            row["file"],
            _KINDS.get(row["kind"] or "", "–"),
            f"{row['exported_at']:%d/%m/%Y}" if row["exported_at"] else "–",
            f"{row['known_from'].astimezone(VIETNAM):%d/%m/%Y}",
            *(thousands(row[name] or 0) for name in _COUNTS),
            _STATES[row["state"]],
        )
    console = summary_console()
    console.print(table)
    for row in rows:
        if row["retracted_at"]:
            console.print(f"{row['delivery_id']} {retracted_words(row)}.", highlight=False, soft_wrap=True)


@delivery.command("retract", cls=VietnameseCommand)
@click.argument("delivery_id", metavar="MÃ")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao; được lưu cùng quyết định.")
@click.option(
    "--by", "author", metavar="TÊN", help="Chức danh người quyết định (mặc định: tài khoản đang dùng)."
)
@click.option("--undo", is_flag=True, help="Tính lại một tệp đã thu hồi.")
@as_of_option
@workspace_option
def retract(
    delivery_id: str, reason: str, author: str | None, undo: bool, as_of: datetime | None, workspace: Path
) -> None:
    """Thu hồi một tệp nhận nhầm: từ nay tệp không còn trong số liệu, các thời điểm trước vẫn như đã biết.

    Điều các tệp khác cũng nói về cùng hồ sơ thì được giữ. Bản đã công bố không thay đổi. Gửi lại đúng tệp đó
    sẽ không được nhận, trừ khi thu hồi được bỏ bằng --undo.
    """
    clock = SystemClock()
    session = Session(workspace, clock)
    session.workspace.create()
    day: date = as_of.date() if as_of else today(clock)
    with session.workspace.lock():
        parameters = {"delivery": delivery_id, "undo": undo}
        with start_run(session.workspace.runs, "retract", clock, parameters) as run:
            done = retract_delivery(session, delivery_id, reason, author or getpass.getuser(), undo=undo)
            check_everything(session, (), done.outcomes, None, run, day)
            note_known_at(session, run)
    click.echo(_said(done, undo))


def _said(done: Retracted, undo: bool) -> str:
    row = done.delivery
    named = f"tệp {row['file']} của đơn vị {row['unit_code']} (mã {row['delivery_id']})"
    parts = [f"Đã tính lại {named}." if undo else f"Đã thu hồi {named}."]
    if written := sum(done.restated.values()):
        parts.append(f"Giữ lại {thousands(written)} dòng mà các tệp khác cũng đã gửi.")
    if mended := sum(outcome.corrected_count for outcome in done.outcomes):
        parts.append(f"Áp lại phần đã sửa cho {thousands(mended)} dòng.")
    for outcome in done.outcomes:
        for finding in outcome.findings:
            files = dict(finding.params).get("files", "")
            parts.append(f"Chú ý: có thể còn thiếu hồ sơ mà các tệp sau cũng đã gửi: {files}.")
    parts.append("Dự thảo được viết lại trong lượt chạy đêm tới; bản đã công bố giữ nguyên.")
    return " ".join(parts)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
