"""A workspace with a commune's list taken in, ready to publish from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.clock import FixedClock
from pipelines.publications.model import Publication
from pipelines.publications.publish import Order, issue, prepare
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.nightly import clear_spools, commit_reads, plan_folder, read_planned
from pipelines.steps.on_demand import Request
from pipelines.steps.report import FORMATS
from tests.support.sent_back import UNIT, dossier_list, send

PERIOD = "2021-9T"
SIGNED = date(2021, 9, 15)
NOW = datetime(2021, 9, 15, 2, tzinfo=UTC)
FIRST_LIST = """
    | Mã hồ sơ  | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Hình thức nộp | Trạng thái     |
    | 02-0001   | 02/08/2021     | 05/08/2021   | 04/08/2021          | 04/08/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0002   | 02/08/2021     | 05/08/2021   | 09/08/2021          | 09/08/2021       | Trực tuyến    | Đã trả kết quả |
    | 03-0003   | 03/08/2021     | 30/09/2021   | -                   | -                | Trực tiếp     | Đang xử lý     |
"""
LATER_LIST = """
    | Mã hồ sơ  | Ngày tiếp nhận | Ngày hẹn trả | Ngày kết thúc xử lý | Ngày trả kết quả | Hình thức nộp | Trạng thái     |
    | 02-0001   | 02/08/2021     | 05/08/2021   | 04/08/2021          | 04/08/2021       | Trực tiếp     | Đã trả kết quả |
    | 02-0002   | 02/08/2021     | 05/08/2021   | 09/08/2021          | 09/08/2021       | Trực tuyến    | Đã trả kết quả |
    | 03-0003   | 03/08/2021     | 30/09/2021   | 10/09/2021          | 10/09/2021       | Trực tiếp     | Đã trả kết quả |
    | 04-0004   | 04/08/2021     | 06/08/2021   | -                   | -                | Trực tiếp     | Đang xử lý     |
"""
"""The next export: 03-0003 has its result, 04-0004 was entered late."""
FIRST_NAME, LATER_NAME = "ds 14-09-2021.csv", "ds 15-09-2021.csv"


def open_at(root: Path, instant: datetime = NOW) -> Session:
    """A session over that folder with a clock that stands still."""
    session = Session(root, FixedClock(instant))
    session.workspace.create()
    return session


def take_in(session: Session, name: str, text: str, unit: str = UNIT) -> None:
    """One more export of a unit, read and committed; nothing is checked and no draft is written."""
    send(session, name, dossier_list(text), unit)
    with start_run(session.workspace.runs, "ingest", session.clock, {}) as run:
        plan = plan_folder(session, session.workspace.inbox)
        commit_reads(session, plan, [read_planned(session, run, planned) for planned in plan.to_read])
        clear_spools(session)


def order(
    number: str = "45/BC-UBND",
    signed: date = SIGNED,
    unit: str = UNIT,
    period: str = PERIOD,
    formats: tuple[str, ...] = tuple(FORMATS),
    **request: Any,
) -> Order:
    """What the Committee's office asks for."""
    asked = Request(unit, period, **request)
    return Order(asked, number, signed, "Văn phòng HĐND và UBND", formats=formats)


def publish(session: Session, asked: Order) -> Publication:
    """Prepare and issue under the lock, as the command does."""
    with session.workspace.lock():
        return issue(session, prepare(session, asked))[0]


def everything_below(folder: Path) -> dict[str, bytes | str]:
    """Path → content of each file, or where a link leads, or "" for a folder."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"→ {path.readlink()}"
        else:
            found[name] = path.read_bytes() if path.is_file() else ""
    return found
