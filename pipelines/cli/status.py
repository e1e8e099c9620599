"""``motcua status``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.errors import EXIT_STORE
from pipelines.notify.heartbeat import read_heartbeat
from pipelines.notify.watch import watch_once
from pipelines.publications.model import read_publications
from pipelines.session import Session
from pipelines.steps.draft import nodes_to_draft
from transforms.report.numbers_vi import date_short, thousands

_KINDS = {"dossier": "Hồ sơ", "fee": "Phí, lệ phí", "document": "Văn bản", "supplement": "Bổ sung"}


@click.command(cls=VietnameseCommand)
@workspace_option
@json_option
@click.option(
    "--notify",
    "is_notifying",
    is_flag=True,
    help="Báo cho bộ phận công nghệ thông tin khi quá 26 giờ chưa có lượt chạy đêm, và gửi lại tin đang chờ; dùng cho lịch của máy.",
)
def status(workspace: Path, as_json: bool, is_notifying: bool) -> int:
    """Đơn vị nào đã gửi loại dữ liệu gì, kết xuất ngày nào, và lượt chạy đêm tốt gần nhất.

    Trả mã 15 khi hơn 26 giờ chưa có lượt chạy đêm nào hoàn thành.
    """
    clock = SystemClock()
    # First of all: what says that nothing runs must not need the store.
    told = watch_once(workspace, clock) if is_notifying else ()
    session = Session(workspace, clock)
    newest: dict[tuple[str, str], datetime] = {}
    accepted = [row for row in session.store.deliveries().to_pylist() if row["state"] == "accepted"]
    # A unit whose rows came in the list of another has sent them.
    for row in (*accepted, *session.store.carried().to_pylist()):
        key = (row["unit_code"], row["kind"])
        newest[key] = max(newest.get(key, datetime.min), row["exported_at"])  # noqa: DTZ901
    beat = read_heartbeat(session.workspace.runs, clock.now())
    last = beat.last
    units = _expected_units(session, newest)
    issued = read_publications(session.store)
    known_at = session.store.last_commit()
    if as_json:
        content = {
            "last_good_night": last.isoformat() if last else None,
            "known_at": known_at.astimezone(VIETNAM).isoformat() if known_at else None,
            "units": [
                {
                    "unit_code": code,
                    "unit_name": name,
                    **{kind: _day(newest.get((code, kind))) for kind in _KINDS},
                }
                for code, name in units
            ],
            "publications": [publication.summary() for publication in issued],
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
        if issued:
            newest_issued = max(issued, key=lambda publication: publication.known_from)
            console.print(
                f"Đã công bố {thousands(len(issued))} lần; gần nhất: số {newest_issued.document_number} ngày "
                f"{date_short(newest_issued.document_date)}, đơn vị {newest_issued.unit_code}, kỳ {newest_issued.period_id}, "
                f"lần {newest_issued.number}. Danh sách đầy đủ: motcua status --json.",
                highlight=False,
            )
        if not beat.is_good:
            console.print(
                "Đã quá 26 giờ chưa có lượt chạy đêm nào hoàn thành; hãy xem thư mục runs/ và chạy lại “motcua nightly”."
            )
        if told:
            names = ", ".join(recipient.name for recipient in told)
            console.print(f"Đã báo cho: {names}.", highlight=False)
    return 0 if beat.is_good else EXIT_STORE


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


def _day(moment: datetime | None) -> str | None:
    return f"{moment:%d/%m/%Y}" if moment else None
