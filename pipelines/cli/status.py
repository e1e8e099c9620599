"""``motcua status``."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.errors import EXIT_STORE
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft

_GOOD_FOR = timedelta(hours=26)
"""A night over 26 hours old means that the last scheduled one was missed."""
_KINDS = {"dossier": "Hồ sơ", "fee": "Phí, lệ phí", "document": "Văn bản", "supplement": "Bổ sung"}


@click.command(cls=VietnameseCommand)
@workspace_option
@json_option
def status(workspace: Path, as_json: bool) -> int:
    """Đơn vị nào đã gửi loại dữ liệu gì, kết xuất ngày nào, và lượt chạy đêm tốt gần nhất.

    Trả mã 15 khi hơn 26 giờ chưa có lượt chạy đêm nào hoàn thành.
    """
    clock = SystemClock()
    session = Session(workspace, clock)
    newest: dict[tuple[str, str], datetime] = {}
    for row in session.store.deliveries().to_pylist():
        if row["state"] == "accepted":
            key = (row["unit_code"], row["kind"])
            newest[key] = max(newest.get(key, datetime.min), row["exported_at"])  # noqa: DTZ901
    last = _last_good_night(session.workspace.runs)
    is_fresh = last is not None and clock.now() - last <= _GOOD_FOR
    units = _expected_units(session, newest)
    if as_json:
        content = {
            "last_good_night": last.isoformat() if last else None,
            "units": [
                {
                    "unit_code": code,
                    "unit_name": name,
                    **{kind: _day(newest.get((code, kind))) for kind in _KINDS},
                }
                for code, name in units
            ],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        table = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            title="Dữ liệu mới nhất theo ngày kết xuất",
            title_justify="left",
        )
        table.add_column("Đơn vị")
        for name in _KINDS.values():
            table.add_column(name)
        for code, name in units:
            table.add_row(
                f"{code} {name}", *(_day(newest.get((code, kind))) or "chưa gửi" for kind in _KINDS)
            )
        console = Console()
        console.print(table)
        when = f"{last.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if last else "chưa có"
        console.print(f"Lượt chạy đêm hoàn thành gần nhất: {when}.", highlight=False)
        if not is_fresh:
            console.print(
                "Đã quá 26 giờ chưa có lượt chạy đêm nào hoàn thành; hãy xem thư mục runs/ và chạy lại “motcua nightly”."
            )
    return 0 if is_fresh else EXIT_STORE


def _expected_units(session: Session, newest: dict[tuple[str, str], datetime]) -> list[tuple[str, str]]:
    day = max(newest.values()).date() if newest else today(session.clock)
    nodes = {node.code for node in nodes_to_draft(session, day)}
    leaves = [
        u
        for u in session.catalogue.units
        if u.is_valid_on(day) and not session.catalogue.children(u.code, day)
    ]
    shown = [u for u in leaves if u.parent_code in nodes or u.code in nodes] or leaves
    return [(unit.code, unit.full_name) for unit in sorted(shown, key=lambda item: item.code)]


def _last_good_night(runs: Path) -> datetime | None:
    ended: list[datetime] = []
    for index in runs.glob("*-nightly*/index.json"):
        content = json.loads(index.read_text(encoding="utf-8"))
        if content.get("state") == "success":
            ended.append(datetime.fromisoformat(content["ended_at"]))
    return max(ended, default=None)


def _day(moment: datetime | None) -> str | None:
    return f"{moment:%d/%m/%Y}" if moment else None
