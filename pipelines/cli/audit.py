"""``motcua audit``: what in a written report cannot be right, by itself or against the data."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines import package_files
from pipelines.cli.root import as_of_option, basis_option, json_option, known_at_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.errors import RenderingError, StoreUnreachableError, UsageProblemError, reason_of
from pipelines.session import Session
from pipelines.steps.audit import AgainstData, AuditedReport, audit_report
from pipelines.steps.on_demand import parse_instant, past_catalogue_warning
from transforms.calendar.day_words import official_date
from transforms.render.audit_docx import render_audit_docx
from transforms.render.audit_html import render_audit_html
from transforms.render.audit_marks import (
    GROUP_TITLES,
    SHOWN_GROUPS,
    Group,
    Mark,
    count_verdicts,
    gather_marks,
    place_words,
)
from transforms.report.numbers_vi import thousands

_STYLES = {
    Group.WRONG: "bold red",
    Group.EXPLAIN: "yellow",
    Group.REMARK: "cyan",
    Group.FINE: "green",
    Group.OPEN: "dim",
}


@click.command(cls=VietnameseCommand)
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--unit", "unit_code", metavar="MÃ", help="Đối chiếu với dữ liệu của đơn vị này; dùng cùng --period."
)
@click.option(
    "--period", "period_id", metavar="KỲ", help="2021-09, 2021-Q3, 2021-6T, 2021-6C, 2021-9T hoặc 2021."
)
@basis_option
@as_of_option
@known_at_option
@click.option(
    "--other",
    "others",
    metavar="TỆP",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Báo cáo khác (kỳ trước, đơn vị khác) để tìm đoạn chép nguyên văn; dùng được nhiều lần.",
)
@click.option("--all", "show_all", is_flag=True, help="Liệt kê cả những chỗ đã khớp.")
@click.option(
    "--html",
    "html_out",
    metavar="TỆP",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ghi trang web có văn bản và các chỗ được đánh dấu.",
)
@click.option(
    "--docx",
    "docx_out",
    metavar="TỆP",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ghi bản sao Word có chú thích tại từng chỗ (chỉ khi tệp vào là .docx).",
)
@workspace_option
@json_option
def audit(
    file: Path,
    unit_code: str | None,
    period_id: str | None,
    basis: str | None,
    as_of: datetime | None,
    known_at: str | None,
    others: tuple[Path, ...],
    show_all: bool,
    html_out: Path | None,
    docx_out: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Kiểm tra một báo cáo đã viết: có tự mâu thuẫn không, có khớp với dữ liệu không.

    Đọc tệp Word (.docx), PDF có chữ, trang web (.html) hoặc văn bản thường (.txt). Không có --unit thì chỉ
    xét bản thân văn bản và không cần thư mục làm việc. Có --unit thì số liệu lấy đến ngày ghi trên báo cáo,
    trừ khi có --as-of. Tệp gốc không bị sửa.
    """
    clock = SystemClock()
    against = _against(unit_code, period_id, basis, as_of, known_at)
    session = Session(workspace, clock) if against else None
    found = audit_report(file, session, against, others)
    if session and against and (warning := past_catalogue_warning(session, against.known_at)):
        click.echo(warning, err=True)
    if docx_out is not None and found.read.format != "docx":
        raise UsageProblemError(
            f"Chỉ ghi được bản Word có chú thích khi tệp vào là .docx; {file.name} là {_FORMATS[found.read.format]}. Hãy dùng --html."
        )
    marks = gather_marks(found.read.text, found.audit)
    if html_out is not None:
        _write(html_out, _page(found, file), file)
    if docx_out is not None:
        _write(
            docx_out,
            _commented(file, found, marks, datetime.combine(today(clock), datetime.min.time())),
            file,
        )
    if as_json:
        click.echo(json.dumps(as_values(found), ensure_ascii=False, indent=1))
        return
    _print(found, show_all)
    for path in (html_out, docx_out):
        if path is not None:
            click.echo(f"Đã ghi {path}.")


_FORMATS = {"docx": "tệp Word", "pdf": "tệp PDF", "html": "trang web", "txt": "văn bản thường"}


def _against(
    unit_code: str | None,
    period_id: str | None,
    basis: str | None,
    as_of: datetime | None,
    known_at: str | None,
) -> AgainstData | None:
    if unit_code and period_id:
        return AgainstData(
            unit_code, period_id, basis, as_of.date() if as_of else None, parse_instant(known_at)
        )
    if unit_code or period_id or basis or as_of or known_at:
        missing = "--period" if unit_code else "--unit" if period_id else "--unit và --period"
        raise UsageProblemError(
            f"Thiếu tùy chọn {missing}; muốn đối chiếu với dữ liệu cần cả --unit và --period, "
            "muốn chỉ xét văn bản thì bỏ các tùy chọn này."
        )
    return None


def as_values(found: AuditedReport) -> dict[str, Any]:
    """Everything with its offsets, as plain values: what ``--json`` prints."""
    blocks = found.read.text.blocks
    return {
        "file": found.file,
        "format": found.read.format,
        "unit_code": found.unit.code if found.unit else None,
        "period": found.reckoning.period.period_id if found.reckoning else None,
        "closing_day": found.reckoning.closing_day.isoformat() if found.reckoning else None,
        "known_at": found.known_at.isoformat() if found.known_at else None,
        "pages_without_text": list(found.read.pages_without_text),
        "counts": _counts(found),
        "judgements": [
            {
                "verdict": judgement.verdict.value,
                "kind": judgement.claim.kind.value,
                "place": place_words(blocks[judgement.claim.block]),
                "block": judgement.claim.block,
                "start": judgement.claim.start,
                "end": judgement.claim.end,
                "text": judgement.claim.text,
                "sentence": judgement.sentence,
                "expected": _number(judgement.expected),
                "difference": _number(judgement.difference),
                "cell_id": judgement.cell_id,
                "suspect": asdict(judgement.suspect) if judgement.suspect else None,
                "values": [
                    {"role": value.role.value, "value": _number(value.value), **asdict(value.span)}
                    for value in judgement.claim.values
                ],
            }
            for judgement in found.audit.judgements
        ],
        "remarks": [
            {
                "code": remark.code,
                "place": place_words(blocks[remark.block]),
                "block": remark.block,
                "start": remark.start,
                "end": remark.end,
                "text": blocks[remark.block].text[remark.start : remark.end],
                "sentence": remark.sentence,
            }
            for remark in found.audit.remarks
        ],
        "blocks": [
            {
                "kind": block.kind.value,
                "page": block.page,
                "paragraph": block.paragraph_number,
                "text": block.text,
            }
            for block in blocks
        ],
    }


def _counts(found: AuditedReport) -> dict[str, int]:
    counts: dict[str, int] = {}
    for judgement in found.audit.judgements:
        counts[judgement.verdict.value] = counts.get(judgement.verdict.value, 0) + 1
    return {**counts, "remarks": len(found.audit.remarks)}


def _number(value: object) -> str | None:
    return None if value is None else f"{value:f}"


def _print(found: AuditedReport, show_all: bool) -> None:
    console = Console(highlight=False)
    console.print(Text(_headline(found)), soft_wrap=True)
    if found.read.pages_without_text:
        pages = ", ".join(map(str, found.read.pages_without_text))
        console.print(
            Text(f"Trang {pages} chỉ có ảnh, không đọc được và chưa được kiểm tra."), style="yellow"
        )
    groups = tuple(Group) if show_all else SHOWN_GROUPS
    marks = gather_marks(found.read.text, found.audit, groups)
    for group in groups:
        here = [mark for mark in marks if mark.group is group]
        if here:
            _print_group(console, group, here)
    if not marks:
        console.print("Không thấy chỗ nào tự mâu thuẫn hay cần xem lại.")
    console.print(Text(_closing(found)))


def _print_group(console: Console, group: Group, marks: list[Mark]) -> None:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_lines=group is not Group.FINE,
        title=f"{GROUP_TITLES[group]} ({len(marks)})",
        title_justify="left",
        title_style=_STYLES[group],
    )
    table.add_column("Ở đâu", overflow="fold", max_width=18)
    table.add_column("Báo cáo viết", overflow="fold", max_width=34)
    table.add_column("Nhận xét", overflow="fold")
    for mark in marks:
        told = Text()
        for number, said in enumerate(mark.said):
            told.append("\n" if number else "")
            told.append(f"{said.sign} {said.label}. ", style=_STYLES[said.group])
            told.append(said.sentence)
            if said.cell_id and said.group is Group.WRONG:
                told.append(f"\nÔ số liệu: {said.cell_id}", style="dim")
        table.add_row(Text(mark.place), Text(f"“{mark.quote}”"), told)
    console.print(table)


def _headline(found: AuditedReport) -> str:
    read = f"{found.file} ({_FORMATS[found.read.format]}, {thousands(len(found.read.text.blocks))} đoạn và dòng bảng)"
    if found.reckoning is None or found.unit is None:
        return f"Kiểm tra {read}: xét bản thân văn bản, chưa đối chiếu với dữ liệu."
    told = f"{found.unit.type} {found.unit.name}, số liệu đến hết ngày {official_date(found.reckoning.closing_day)}"
    known = (
        f", đã biết lúc {found.known_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if found.known_at else ""
    )
    return f"Kiểm tra {read}: xét văn bản và đối chiếu với dữ liệu của {told}{known}."


def _closing(found: AuditedReport) -> str:
    counts = count_verdicts(found.audit)
    if not counts:
        return "Tổng cộng: không có con số hay câu nào để đối chiếu."
    return "Tổng cộng: " + " · ".join(f"{label}: {thousands(count)}" for label, count in counts.items()) + "."


def _page(found: AuditedReport, file: Path) -> bytes:
    try:
        return render_audit_html(
            found.file,
            _headline(found),
            found.read.text,
            found.audit,
            package_files.page_templates(),
            found.read.pages_without_text,
        )
    except Exception as problem:
        raise RenderingError(
            f"Không tạo được trang web cho {file.name}; hãy báo bộ phận kỹ thuật."
        ) from problem


def _commented(file: Path, found: AuditedReport, marks: tuple[Mark, ...], day: datetime) -> bytes:
    try:
        with file.open("rb") as content:
            return render_audit_docx(content, found.read.text, marks, day)
    except Exception as problem:
        raise RenderingError(
            f"Không ghi được chú thích vào bản sao của {file.name}; hãy dùng --html."
        ) from problem


def _write(path: Path, content: bytes, source: Path) -> None:
    if path.resolve() == source.resolve():
        raise UsageProblemError(f"{path} là chính báo cáo đang kiểm tra; hãy ghi ra một tệp khác.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được {path} ({reason_of(problem)}); hãy kiểm tra quyền ghi và dung lượng đĩa."
        ) from problem
