"""``motcua ingest``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.summary import print_deliveries, summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock, today
from pipelines.engine import configure_engine
from pipelines.errors import UnreadableInputError
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.data_docs import write_data_docs
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.nightly import (
    check_everything,
    clear_spools,
    commit_reads,
    note_known_at,
    plan_folder,
    plan_single,
    read_planned,
)
from pipelines.steps.run_summary import write_results
from transforms.findings import Finding


@click.command(cls=VietnameseCommand)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="TỆP|THƯ_MỤC..."
)
@click.option(
    "--unit",
    "unit_code",
    default="",
    metavar="MÃ",
    help="Mã đơn vị của tệp, khi tệp không nằm trong thư mục của đơn vị.",
)
@as_of_option
@workspace_option
@json_option
def ingest(
    paths: tuple[Path, ...], unit_code: str, as_of: datetime | None, workspace: Path, as_json: bool
) -> None:
    """Nhận một vài tệp hoặc cả thư mục vào kho và in số dòng của từng tệp; không viết dự thảo.

    Nhận lại đúng tệp cũ không làm thay đổi gì. Một tệp đơn lẻ không đọc được thì trả mã 11.
    """
    clock = SystemClock()
    session = Session(workspace, clock)
    session.workspace.create()
    if unit_code:
        session.unit(unit_code)
    day = as_of.date() if as_of else today(clock)
    outcomes: list[DeliveryOutcome] = []
    with session.workspace.lock():
        configure_engine(session.workspace.engine)
        with start_run(session.workspace.runs, "ingest", clock, {"as_of": day.isoformat()}) as run:
            about_inbox: list[Finding] = []
            with run.step("read"):
                for path in paths:
                    plan = (
                        plan_folder(session, path, unit_code)
                        if path.is_dir()
                        else plan_single(session, path, unit_code or _folder_unit(session, path))
                    )
                    reads = [read_planned(session, run, planned) for planned in plan.to_read]
                    outcomes.extend(commit_reads(session, plan, reads))
                    about_inbox.extend(plan.findings)
            with run.step("check"):
                findings = check_everything(session, about_inbox, outcomes, None, run, day)
            with run.step("data_docs"):
                write_data_docs(session, run)
            note_known_at(session, run)
            write_results(session, run, day, outcomes, findings)
            clear_spools(session)
    if as_json:
        rows = [
            {
                "unit_code": o.unit_code,
                "file": o.file,
                "state": o.state,
                "kind": o.kind,
                "refusal_code": o.refusal_code,
                **o.counts.as_dict(),
            }
            for o in outcomes
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print_deliveries(summary_console(), outcomes, findings)
    refused = [outcome for outcome in outcomes if outcome.state == "refused"]
    if refused and len(paths) == 1 and paths[0].is_file():
        reason = next(
            (f for f in findings if f.file == refused[0].file and f.code == refused[0].refusal_code), None
        )
        raise UnreadableInputError(
            f"{reason.sentence} {reason.remedy}" if reason else f"Không nhận được tệp {refused[0].file}."
        )


def _folder_unit(session: Session, path: Path) -> str:
    name = path.resolve().parent.name
    return name if any(unit.code == name for unit in session.catalogue.units) else ""
