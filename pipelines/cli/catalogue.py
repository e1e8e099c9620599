"""``motcua catalogue``."""

from __future__ import annotations

import getpass
import json
import os
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from expectations.messages import parse_messages
from pipelines.catalogue_files import (
    load_corrections,
    load_officers,
    load_owners,
    load_workspace_catalogue,
    overlay_files,
)
from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import SystemClock, today
from pipelines.errors import ConfigurationError
from pipelines.package_files import message_files
from pipelines.session import Session
from pipelines.snapshots import record_snapshot
from pipelines.steps.proposals import own_profile_problems
from pipelines.steps.records import read_latest
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Catalogue
from transforms.catalogue.unknown import UnknownItem, read_mended_list, unknown_items, write_unknown_list
from transforms.catalogue.unknown_list import KIND_NAMES
from transforms.report.numbers_vi import thousands


@click.group(cls=VietnameseGroup)
def catalogue() -> None:
    """Danh mục đơn vị, lĩnh vực, thủ tục, trạng thái và mẫu kết xuất."""


@catalogue.command("check", cls=VietnameseCommand)
@workspace_option
def check_catalogue(workspace: Path) -> None:
    """Kiểm tra chéo toàn bộ danh mục; trả mã 10 khi có lỗi."""
    folder = Session(workspace, SystemClock()).workspace.catalogue
    try:
        loaded = load_workspace_catalogue(folder)
        load_corrections(folder, loaded)
    except CatalogueError as problem:
        for sentence in problem.problems:
            click.echo(sentence)
        raise ConfigurationError(
            f"Danh mục có {len(problem.problems)} lỗi; hãy sửa từng dòng nêu trên."
        ) from problem
    clashes = own_profile_problems(loaded, overlay_files(workspace / "catalogue"))
    for sentence in clashes:
        click.echo(sentence)
    if clashes:
        raise ConfigurationError(f"Danh mục có {len(clashes)} lỗi; hãy sửa từng dòng nêu trên.")
    _check_people(folder, loaded)
    click.echo(
        f"Danh mục hợp lệ, phiên bản {loaded.version}: {len(loaded.units)} đơn vị, {len(loaded.fields)} lĩnh vực, "
        f"{len(loaded.procedures)} thủ tục, {len(loaded.profiles)} mẫu kết xuất."
    )


def _check_people(folder: Path, loaded: Catalogue) -> None:
    """owners.csv and officers.csv, which are no part of the catalogue's version."""
    _, problems = load_owners(folder, loaded, parse_messages(message_files()))
    try:
        load_officers(folder, loaded)
    except CatalogueError as problem:
        problems += problem.problems
    for sentence in problems:
        click.echo(sentence)
    if problems:
        raise ConfigurationError(f"Danh mục có {len(problems)} lỗi; hãy sửa từng dòng nêu trên.")


@catalogue.command("unknown", cls=VietnameseCommand)
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ một đơn vị.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Ghi danh sách ra tệp CSV để điền cột “Xếp vào”.",
)
@workspace_option
@json_option
def unknown(unit_code: str | None, out: Path | None, workspace: Path, as_json: bool) -> None:
    """Liệt kê thủ tục, trạng thái, lĩnh vực, đơn vị chưa có trong danh mục, kèm số hồ sơ và gợi ý gần nhất."""
    session = Session(workspace, SystemClock())
    units = [session.unit(unit_code).code] if unit_code else None
    dossiers = read_latest(session.store, "dossier", session.catalogue, units=units)
    items = unknown_items(dossiers, session.catalogue)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(write_unknown_list(items))
        click.echo(
            f"Đã ghi {len(items)} giá trị vào {out}. Hãy mở bằng Excel, điền cột “Xếp vào” (mã hoặc tên thủ tục, hoặc tên lĩnh vực), "
            f"lưu lại rồi chạy: motcua catalogue accept {out}"
        )
    elif as_json:
        click.echo(json.dumps([_as_json(item) for item in items], ensure_ascii=False, indent=1))
    elif not items:
        click.echo("Danh mục nhận ra mọi thủ tục, trạng thái, lĩnh vực và đơn vị trong kho.")
    else:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("Loại")
        table.add_column("Giá trị trong tệp", overflow="fold")
        table.add_column("Số hồ sơ", justify="right")
        table.add_column("Gợi ý gần nhất", overflow="fold")
        for item in items:
            nearest = (
                "; ".join(f"{name} ({target})" for target, name, _ in item.candidates[:2]) or "không có gợi ý"
            )
            table.add_row(KIND_NAMES[item.kind], item.text, thousands(item.count), nearest)
        Console().print(table)
        click.echo(
            "Để xếp các giá trị này: motcua catalogue unknown --out chua-biet.csv, điền cột “Xếp vào”, rồi motcua catalogue accept chua-biet.csv"
        )


@catalogue.command("accept", cls=VietnameseCommand)
@click.argument("mended", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TỆP")
@click.option("--by", "decided_by", metavar="TÊN", help="Người quyết định (mặc định: tài khoản đang dùng).")
@workspace_option
def accept(mended: Path, decided_by: str | None, workspace: Path) -> None:
    """Đưa danh sách đã điền vào danh mục của thư mục làm việc.

    Báo cáo viết sau đó xếp lại các hồ sơ; tệp đã nhận không phải đọc lại.
    """
    session = Session(workspace, SystemClock())
    session.workspace.create()
    target = session.workspace.catalogue / "aliases.csv"
    existing = target.read_bytes() if target.exists() else b""
    with session.workspace.lock():
        before = session.catalogue
        try:
            content = read_mended_list(
                mended.read_bytes(),
                before,
                today(session.clock),
                decided_by or getpass.getuser(),
                existing,
                mended.name,
            )
        except CatalogueError as problem:
            raise ConfigurationError("Chưa nhận danh sách: " + " ".join(problem.problems[:5])) from problem
        temporary = target.with_suffix(".new")
        temporary.write_bytes(content)
        os.replace(temporary, target)
        try:
            after = load_workspace_catalogue(session.workspace.catalogue)
        except CatalogueError as problem:
            _restore(target, existing)
            raise ConfigurationError(
                "Chưa nhận danh sách vì mâu thuẫn với danh mục: " + " ".join(problem.problems[:5])
            ) from problem
        record_snapshot(Session(workspace, session.clock), session.clock.now())
    dossiers = read_latest(session.store, "dossier", after)
    left = sum(item.count for item in unknown_items(dossiers, after) if item.kind == "procedure")
    click.echo(
        f"Đã nhận vào {target}; danh mục phiên bản {after.version}. "
        f"Còn {thousands(left)} hồ sơ chưa phân loại. Chạy “motcua nightly” hoặc “motcua report” để viết lại báo cáo."
    )


def _restore(target: Path, content: bytes) -> None:
    if content:
        target.write_bytes(content)
    else:
        target.unlink()


def _as_json(item: UnknownItem) -> dict[str, object]:
    candidates = [{"target": target, "name": name, "score": score} for target, name, score in item.candidates]
    return {"kind": item.kind, "text": item.text, "count": item.count, "candidates": candidates}
