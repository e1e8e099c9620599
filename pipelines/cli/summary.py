"""The table at the end of a night and of an ingest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.session import Session
from pipelines.steps.draft import UnitDrafts
from pipelines.steps.model import DeliveryOutcome, RowCounts
from pipelines.steps.nightly import NightResult
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.outbox import OutboxResult
from pipelines.steps.proposals import latest_proposals
from transforms.catalogue.model import Unit
from transforms.report.numbers_vi import thousands
from transforms.schema.tables import SEVERITY_NAMES

_STATE_NAMES = {"accepted": "đã nhận", "refused": "từ chối", "unchanged": "không đổi"}
_ROW_NAMES = ("Dòng\ntệp", "Cấu\ntrúc", "Dữ\nliệu", "Nhận", "Như\ncũ", "Thay\nthế", "Cách\nly")
_WIDE = 124
"""Columns the table needs; used where no terminal says how wide it is."""
_NO_UNIT = "(chưa rõ đơn vị)"


def summary_console(to_stderr: bool = False) -> Console:
    """A console that is wide enough for the tables where its output goes to a file or a pipe."""
    console = Console(stderr=to_stderr)
    return console if console.is_terminal else Console(stderr=to_stderr, width=_WIDE)


def print_night(console: Console, session: Session, result: NightResult) -> None:
    """The night's table by unit, what was refused, and where the drafts lie."""
    units = _units_of_the_night(session, result)
    console.print()
    console.print(_count_table(units, result.outcomes, result.findings, result.drafts))
    _print_refused(console, result.outcomes, result.findings)
    drafted = {draft.unit_code for draft in result.drafts}
    silent = [
        unit.full_name
        for unit in units
        # Drafted without a file tonight: what it sent before counts, though its file has left the inbox.
        if unit.code not in drafted
        and not _of(result.outcomes, unit.code)
        and not _children(session, unit, result)
    ]
    if silent:
        console.print(f"Chưa gửi tệp nào: {', '.join(silent)}.")
    abolished = [unit.full_name for unit in units if not unit.is_valid_on(result.as_of)]
    if abolished:
        console.print(
            f"Không viết dự thảo cho {', '.join(abolished)}: đơn vị không còn trong danh mục vào ngày làm việc "
            f"{result.as_of:%d/%m/%Y}; dùng --as-of hoặc “motcua report” với --as-of là một ngày đơn vị còn hoạt động."
        )
    if proposals := latest_proposals(session.workspace):
        console.print(
            f"{thousands(len(proposals))} tệp có mẫu lạ hoặc cột đổi tên: xem đề xuất trong {proposals[0].parent} "
            "rồi chạy motcua profile accept <tệp>."
        )
    written = sum(len(draft.written) for draft in result.drafts)
    same = sum(len(draft.same) for draft in result.drafts)
    console.print(
        f"Dự thảo: {thousands(written)} báo cáo viết mới, {thousands(same)} báo cáo không đổi, "
        f"trong thư mục {session.workspace.drafts}/<mã đơn vị>/<kỳ>/."
    )
    console.print(_outbox_line(session, result.outbox))
    console.print(
        "Xem các phát hiện: motcua check --unit <mã đơn vị>. Thủ tục chưa có trong danh mục: motcua catalogue unknown."
    )


def _outbox_line(session: Session, outbox: OutboxResult) -> str:
    if not outbox.count:
        return "Không có tệp nào phải trả lại đơn vị để sửa."
    return (
        f"Tệp trả lại đơn vị để sửa: {thousands(outbox.count)} tệp ({thousands(len(outbox.written))} viết mới) "
        f"trong thư mục {session.workspace.outbox}/<mã đơn vị>/."
    )


def print_deliveries(
    console: Console, outcomes: Sequence[DeliveryOutcome], findings: Sequence[OpenFinding]
) -> None:
    """One line a file: what was read and where its rows went, then why files were refused."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Đơn vị", "Tệp", "Kết quả"):
        table.add_column(name, overflow="fold")
    for name in _ROW_NAMES:
        table.add_column(name, justify="right")
    for outcome in outcomes:
        numbers = [thousands(value) for value in outcome.counts.as_dict().values()]
        table.add_row(outcome.unit_code or _NO_UNIT, outcome.file, _STATE_NAMES[outcome.state], *numbers)
    console.print(table)
    _print_refused(console, outcomes, findings)


def night_json(session: Session, result: NightResult) -> str:
    """The same as JSON: one object per unit."""
    rows = []
    for unit in _units_of_the_night(session, result):
        outcomes = _of(result.outcomes, unit.code)
        counts = sum_counts(outcomes)
        drafts = next((draft for draft in result.drafts if draft.unit_code == unit.code), None)
        rows.append(
            {
                "unit_code": unit.code,
                "unit_name": unit.full_name,
                "deliveries": dict(Counter(outcome.state for outcome in outcomes)),
                "rows": counts.as_dict(),
                "findings": _severities(result.findings, unit.code),
                "drafts": str(drafts.folder) if drafts else None,
            }
        )
    outbox = {
        "folder": str(session.workspace.outbox),
        "files": sorted(result.outbox.written + result.outbox.same),
    }
    night = {"as_of": result.as_of.isoformat(), "units": rows, "outbox": outbox}
    return json.dumps(night, ensure_ascii=False, indent=1)


def sum_counts(outcomes: Iterable[DeliveryOutcome]) -> RowCounts:
    """Row counts over deliveries."""
    total = RowCounts()
    for outcome in outcomes:
        total = total + outcome.counts
    return total


def _count_table(
    units: Sequence[Unit],
    outcomes: Sequence[DeliveryOutcome],
    findings: Sequence[OpenFinding],
    drafts: Sequence[UnitDrafts],
) -> Table:
    table = Table(
        title="Kết quả chạy đêm",
        padding=(0, 1, 0, 0),
        box=box.SIMPLE_HEAD,
        title_justify="left",
        pad_edge=False,
    )
    table.add_column("Đơn vị", no_wrap=True)
    for name in (
        "Tệp\nđọc",
        "Tệp\ncũ",
        "Từ\nchối",
        *_ROW_NAMES,
        *(name.replace(" ", "\n", 1) for name in SEVERITY_NAMES.values()),
    ):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Dự thảo", no_wrap=True)
    for unit in units:
        own = _of(outcomes, unit.code)
        draft = next((item for item in drafts if item.unit_code == unit.code), None)
        folder = f"drafts/{draft.folder.name}" if draft else "–"
        table.add_row(unit.full_name, *_numbers(own, _severities(findings, unit.code)), folder)
    homeless = _of(outcomes, "")
    if homeless:
        table.add_row(_NO_UNIT, *_numbers(homeless, _severities(findings, "")), "–")
    table.add_section()
    total = {name: sum(1 for f in findings if f.severity == name) for name in SEVERITY_NAMES}
    table.add_row("Cộng", *_numbers(outcomes, total), str(len(drafts)), style="bold")
    return table


def _numbers(outcomes: Sequence[DeliveryOutcome], severities: dict[str, int]) -> list[str]:
    states = Counter(outcome.state for outcome in outcomes)
    values = [
        *(states[state] for state in ("accepted", "unchanged", "refused")),
        *sum_counts(outcomes).as_dict().values(),
        *severities.values(),
    ]
    return [thousands(value) for value in values]


def _print_refused(
    console: Console, outcomes: Sequence[DeliveryOutcome], findings: Sequence[OpenFinding]
) -> None:
    for outcome in outcomes:
        if outcome.state != "refused":
            continue
        reason = next(
            (f for f in findings if f.file == outcome.file and f.code == outcome.refusal_code), None
        )
        if reason:
            console.print(
                f"Từ chối {outcome.unit_code}/{outcome.file}: {reason.sentence} {reason.remedy}",
                highlight=False,
            )


def _units_of_the_night(session: Session, result: NightResult) -> list[Unit]:
    """Units that sent or were drafted, also those abolished since, and the silent ones beside them."""
    catalogue, day = session.catalogue, result.as_of
    drafted = {draft.unit_code for draft in result.drafts}
    sent = {outcome.unit_code for outcome in result.outcomes if outcome.unit_code}
    valid = {unit.code: unit for unit in catalogue.units if unit.is_valid_on(day)}
    silent = {code for code, unit in valid.items() if unit.parent_code in drafted}
    units = [valid.get(code) or catalogue.unit(code) for code in drafted | sent | silent]
    return sorted(units, key=lambda unit: (unit.level != "xa", unit.code))


def _children(session: Session, unit: Unit, result: NightResult) -> bool:
    return bool(session.catalogue.children(unit.code, result.as_of))


def _of(outcomes: Sequence[DeliveryOutcome], unit_code: str) -> list[DeliveryOutcome]:
    return [outcome for outcome in outcomes if outcome.unit_code == unit_code]


def _severities(findings: Sequence[OpenFinding], unit_code: str) -> dict[str, int]:
    return {
        name: sum(1 for f in findings if f.unit_code == unit_code and f.severity == name)
        for name in SEVERITY_NAMES
    }
