"""``motcua status``."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.status_table import print_status
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock
from pipelines.errors import EXIT_STORE, UsageProblemError
from pipelines.notify.watch import watch_once
from pipelines.publications.model import Publication, read_publications
from pipelines.session import Session
from pipelines.steps.sending_state import SendingState, read_sending_state
from transforms.indicators.delivered import count_coverage
from transforms.indicators.period import PeriodError, parse_period, period_name

_RECORDS = ("dossier", "fee", "document", "supplement")


@click.command(cls=VietnameseCommand)
@click.option(
    "--period",
    "period_id",
    metavar="KỲ",
    help="Chỉ xem một kỳ, ví dụ 2021-09, 2021-Q3, 2021-9T (mặc định: các kỳ đang diễn ra).",
)
@as_of_option
@workspace_option
@json_option
@click.option(
    "--notify",
    "is_notifying",
    is_flag=True,
    help="Báo cho bộ phận công nghệ thông tin khi quá 26 giờ chưa có lượt chạy đêm, và gửi lại tin đang chờ; dùng cho lịch của máy.",
)
def status(
    period_id: str | None, as_of: datetime | None, workspace: Path, as_json: bool, is_notifying: bool
) -> int:
    """Đơn vị nào đã gửi gì, kết xuất ngày nào; còn thiếu, gửi chậm, gửi tệp rỗng; lượt chạy đêm tốt gần nhất.

    Trả mã 15 khi hơn 26 giờ chưa có lượt chạy đêm nào hoàn thành.
    """
    clock = SystemClock()
    # First of all: what says that nothing runs must not need the store.
    told = watch_once(workspace, clock) if is_notifying else ()
    session = Session(workspace, clock)
    try:
        period = parse_period(period_id) if period_id else None
        state = read_sending_state(session, as_of.date() if as_of else None, period)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    issued = read_publications(session.store)
    if as_json:
        content = _as_json(state, session.store.last_commit(), issued)
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        print_status(state, issued, [recipient.name for recipient in told])
    return 0 if state.is_good else EXIT_STORE


def _as_json(
    state: SendingState, known_at: datetime | None, issued: tuple[Publication, ...]
) -> dict[str, Any]:
    return {
        "as_of": state.as_of.isoformat(),
        "last_good_night": state.last_good_night.isoformat() if state.last_good_night else None,
        "known_at": known_at.astimezone(VIETNAM).isoformat() if known_at else None,
        "units": [
            {
                "unit_code": unit.code,
                "unit_name": unit.full_name,
                **{kind: _newest(state, unit.code, kind) for kind in _RECORDS},
            }
            for unit in state.units
        ],
        "periods": [
            {
                "period_id": covered.period.period_id,
                "period_name": period_name(covered.period),
                "first_day": covered.first.isoformat(),
                "last_day": covered.last.isoformat(),
                "counts": {
                    kind: {name: getattr(count, name) for name in count.__slots__}
                    for kind, count in count_coverage(covered.lists).items()
                },
                "lists": [
                    {
                        "unit_code": each.unit_code,
                        "kind": each.kind,
                        "state": each.state.value,
                        "exported_on": _iso(each.exported_on),
                        "due": _iso(each.due),
                        "late_working_days": each.late_days,
                    }
                    for each in covered.lists
                ],
            }
            for covered in state.periods
        ],
        "publications": [publication.summary() for publication in issued],
    }


def _newest(state: SendingState, unit_code: str, record_kind: str) -> str | None:
    days = [
        each.exported_on
        for kind in (record_kind, f"{record_kind}.outgoing", f"{record_kind}.incoming")
        for each in state.sent.lists(unit_code, kind)
    ]
    return f"{max(days):%d/%m/%Y}" if days else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
