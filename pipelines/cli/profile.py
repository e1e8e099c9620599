"""``motcua profile``."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import click
from rich import box
from rich.table import Table

from pipelines.catalogue_files import overlay_files
from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import SystemClock, today
from pipelines.errors import UnreadableInputError, UsageProblemError
from pipelines.session import Session
from pipelines.snapshots import record_snapshot
from pipelines.steps.proposals import (
    UNKNOWN_LAYOUT,
    accept_command,
    accept_proposal,
    describe_renames,
    own_profile_ids,
)
from pipelines.steps.recording import Describer
from transforms.catalogue.model import Profile
from transforms.catalogue.proposal import (
    Candidate,
    Fate,
    NoProposal,
    Proposal,
    ProposedColumn,
    column_label,
    describe_shape,
    write_proposal,
)
from transforms.findings import Finding
from transforms.readers.model import UnreadableFileError
from transforms.readers.propose import propose
from transforms.readers.recognise import recognise
from transforms.readers.renamed import find_renamed_optional
from transforms.readers.workbook import read_workbook
from transforms.schema.tables import RECORD_TABLES

_FATES = {
    Fate.PLACED: "đọc",
    Fate.PERSONAL: "bỏ qua",
    Fate.NUMBERING: "bỏ qua",
    Fate.KNOWN: "bỏ qua",
    Fate.UNCLEAR: "chưa rõ",
}


@click.group(cls=VietnameseGroup)
def profile() -> None:
    """Mẫu kết xuất: xem, đề xuất mẫu cho tệp lạ, chấp nhận một đề xuất."""


@profile.command("propose", cls=VietnameseCommand)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TỆP")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Ghi đề xuất ra tệp YAML để xem, sửa rồi chấp nhận.",
)
@workspace_option
@json_option
def propose_profile(file: Path, out: Path | None, workspace: Path, as_json: bool) -> None:
    """Đề xuất cách đọc một tệp kết xuất: mỗi cột là gì, vì sao, còn có thể là gì.

    Không in giá trị nào của tệp, chỉ in tiêu đề, tỷ lệ và số lượng. Tệp không đề xuất được thì trả mã 11.
    """
    session = Session(workspace, SystemClock())
    found, already = _proposal(session, file)
    if found is None:
        click.echo(json.dumps({"profile_id": already, "proposal": None}) if as_json else _said(file, already))
        return
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(write_proposal(found, file.name, "", accept_command(str(out))))
    if as_json:
        click.echo(json.dumps(_as_json(found, already), ensure_ascii=False, indent=1))
        return
    _print_proposal(found, file)
    if out:
        click.echo(f"Đã ghi đề xuất vào {out}. Hãy xem, sửa nếu cần rồi chạy: {accept_command(str(out))}")
    else:
        click.echo(
            "Để chấp nhận, hãy chạy lại với --out <tệp>.yml, xem và sửa tệp đó, rồi: motcua profile accept <tệp>.yml"
        )


@profile.command("accept", cls=VietnameseCommand)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
@click.option("--by", "accepted_by", metavar="TÊN", help="Người chấp nhận (mặc định: tài khoản đang dùng).")
@workspace_option
def accept_profile(file: Path, accepted_by: str | None, workspace: Path) -> None:
    """Chấp nhận một đề xuất: kiểm tra rồi đưa vào danh mục của thư mục làm việc, kèm ngày.

    Lượt chạy sau đọc bằng mẫu này cả những tệp bị từ chối còn nằm trong inbox. Mẫu cũ vẫn đọc được tệp cũ.
    """
    session = Session(workspace, SystemClock())
    path = _existing(file, workspace)
    session.workspace.create()
    with session.workspace.lock():
        accepted = accept_proposal(session, path, accepted_by or getpass.getuser())
        record_snapshot(Session(workspace, session.clock), session.clock.now())
    if not accepted.is_new:
        click.echo(
            f"Mẫu {accepted.profile.profile_id} đã có trong danh mục với đúng nội dung này; không có gì thay đổi."
        )
        return
    click.echo(
        f"Đã nhận mẫu {accepted.profile.profile_id} vào {accepted.target}; danh mục phiên bản {accepted.catalogue_version}. "
        "Chạy “motcua nightly” để đọc lại các tệp đang chờ trong inbox."
    )


@profile.command("list", cls=VietnameseCommand)
@workspace_option
@json_option
def list_profiles(workspace: Path, as_json: bool) -> None:
    """Liệt kê mẫu kết xuất có sẵn và mẫu của thư mục làm việc."""
    session = Session(workspace, SystemClock())
    own = own_profile_ids(overlay_files(session.workspace.catalogue))
    rows = [_row(found, found.profile_id in own) for found in session.catalogue.profiles]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Mã mẫu", "Loại", "Phần mềm", "Tên", "Nguồn", "Ngày nhận"):
        table.add_column(name, overflow="fold")
    for row in rows:
        source = "của đơn vị" if row["is_own"] else "có sẵn"
        kind = RECORD_TABLES[str(row["kind"])].label
        table.add_row(
            str(row["profile_id"]),
            kind,
            str(row["software"]),
            str(row["label"]),
            source,
            str(row["accepted_on"] or ""),
        )
    summary_console().print(table)


def _proposal(session: Session, file: Path) -> tuple[Proposal | None, str]:
    """The proposal for a file, and the profile that reads it already; no proposal where nothing is left to name."""
    try:
        with file.open("rb") as content:
            workbook = read_workbook(content, file.name, session.settings.limits)
        try:
            raw = recognise(workbook, session.catalogue.profiles)
        except UnreadableFileError as problem:
            if problem.code != UNKNOWN_LAYOUT:
                raise
            found = propose(workbook, session.catalogue)
        else:
            return find_renamed_optional(workbook, raw.profile_id, session.catalogue), raw.profile_id
    except UnreadableFileError as problem:
        word = Describer.of(session.messages, session.catalogue, today(session.clock))
        told = word(Finding(problem.code, file=file.name, params=problem.params))
        raise UnreadableInputError(f"{told.sentence} {told.remedy}") from problem
    if isinstance(found, NoProposal):
        raise UnreadableInputError(
            f"Không đề xuất được cách đọc tệp {file.name}: {'; '.join(found.reasons)}."
        )
    return found, ""


def _existing(file: Path, workspace: Path) -> Path:
    """The file as named, or below the workspace, as findings name it."""
    for path in (file, workspace / file):
        if path.is_file():
            return path
    raise UsageProblemError(
        f"Không tìm thấy tệp đề xuất {file}, kể cả trong thư mục làm việc {workspace}; hãy xem lại đường dẫn."
    )


def _said(file: Path, profile_id: str) -> str:
    return f"Tệp {file.name} đã đọc được bằng mẫu {profile_id}, không có cột nào cần đặt lại tên."


def _print_proposal(found: Proposal, file: Path) -> None:
    kind = found.profile.kind
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title=f"Đề xuất cách đọc {file.name}", title_justify="left"
    )
    for name in ("Tiêu đề trong tệp", "Xử lý", "Cột", "Chắc", "Giá trị trông như", "Cũng có thể là"):
        table.add_column(name, overflow="fold")
    for column in found.columns:
        best = column.best if column.fate is Fate.PLACED else None
        others = column.runners_up if best else tuple(c for c in (column.best, *column.runners_up) if c)
        table.add_row(
            column.header,
            _FATES[column.fate],
            column_label(kind, best.column) if best else column.reason,
            f"{best.score:.0f}%" if best else "",
            describe_shape(column.shape),
            "; ".join(f"{column_label(kind, c.column)} {c.score:.0f}%" for c in others[:2]),
        )
    console = summary_console()
    console.print(table)
    label = RECORD_TABLES[kind].label
    if found.base:
        console.print(f"Bản mới của mẫu {found.base.profile_id}: {describe_renames(found)}.", highlight=False)
    else:
        console.print(f"Loại dữ liệu: {label}. {' '.join(found.reasons)}", highlight=False)
    for warning in found.warnings:
        console.print(f"Chú ý: {warning}", highlight=False)


def _as_json(found: Proposal, already: str) -> dict[str, object]:
    return {
        "profile_id": already or None,
        "proposal": found.profile.profile_id,
        "kind": found.profile.kind,
        "base": found.base.profile_id if found.base else None,
        "sheet": found.sheet,
        "header_row": found.header_row,
        "row_count": found.row_count,
        "reasons": found.reasons,
        "warnings": found.warnings,
        "columns": [_column_json(column) for column in found.columns],
    }


def _column_json(column: ProposedColumn) -> dict[str, object]:
    is_placed = column.fate is Fate.PLACED
    others = column.runners_up if is_placed else tuple(c for c in (column.best, *column.runners_up) if c)
    return {
        "header": column.header,
        "fate": str(column.fate),
        "column": column.best.column if is_placed and column.best else None,
        "score": round(column.best.score, 1) if is_placed and column.best else None,
        "nearest_alias": column.best.alias if is_placed and column.best else None,
        "reason": column.reason,
        "filled_count": column.shape.filled_count,
        "distinct_count": column.shape.distinct_count,
        "shares": {sort: round(share, 3) for sort, share in column.shape.shares.items()},
        "others": [_candidate_json(candidate) for candidate in others],
    }


def _candidate_json(candidate: Candidate) -> dict[str, object]:
    return {"column": candidate.column, "alias": candidate.alias, "score": round(candidate.score, 1)}


def _row(found: Profile, is_own: bool) -> dict[str, object]:
    return {
        "profile_id": found.profile_id,
        "kind": found.kind,
        "software": found.software,
        "label": found.label,
        "is_own": is_own,
        "accepted_on": found.accepted_on.isoformat() if found.accepted_on else None,
        "accepted_by": found.accepted_by,
        "columns": [column.name for column in found.columns],
    }
