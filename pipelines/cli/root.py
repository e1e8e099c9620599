"""The group ``motcua`` and its commands, each imported only when it is called or listed."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from pipelines.cli.vietnamese import VietnameseGroup
from pipelines.editions import EDITIONS, INTERNAL
from pipelines.quick_start import quick_start

COMMANDS: dict[str, str] = {
    "init": "pipelines.cli.init:init",
    "nightly": "pipelines.cli.nightly:nightly",
    "ingest": "pipelines.cli.ingest:ingest",
    "report": "pipelines.cli.report:report",
    "publish": "pipelines.cli.publish:publish",
    "verify": "pipelines.cli.verify:verify",
    "diff": "pipelines.cli.diff:diff",
    "reconcile": "pipelines.cli.reconcile:reconcile",
    "check": "pipelines.cli.check:check",
    "waive": "pipelines.cli.waive:waive",
    "todo": "pipelines.cli.todo:todo",
    "audit": "pipelines.cli.audit:audit",
    "status": "pipelines.cli.status:status",
    "runs": "pipelines.cli.runs:runs",
    "trace": "pipelines.cli.trace:trace",
    "delivery": "pipelines.cli.delivery:delivery",
    "period": "pipelines.cli.period:period",
    "catalogue": "pipelines.cli.catalogue:catalogue",
    "profile": "pipelines.cli.profile:profile",
    "templates": "pipelines.cli.templates:templates",
    "backfill": "pipelines.cli.backfill:backfill",
    "upgrade": "pipelines.cli.upgrade:upgrade",
    "backup": "pipelines.cli.backup:backup",
    "restore": "pipelines.cli.backup:restore",
    "doctor": "pipelines.cli.doctor:doctor",
    "serve": "pipelines.cli.serve:serve",
    "worker": "pipelines.cli.worker:worker",
}

_QUICK = frozenset(("report", "status", "trace", "todo"))
"""Commands that somebody waits for and that make no frame."""


class LazyGroup(VietnameseGroup):
    """A group that knows its commands by name and imports one when needed: help stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in _QUICK:
            ctx.with_resource(quick_start())
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.pass_context
def motcua(ctx: click.Context) -> None:
    """Mot Cua: từ tệp kết xuất của bộ phận một cửa đến báo cáo cải cách hành chính.

    Mỗi đêm, chương trình đọc tệp của các đơn vị, kiểm tra, tổng hợp theo lĩnh vực và kỳ, rồi viết dự thảo
    báo cáo Word, Excel và trang web. Bắt đầu bằng “motcua nightly”.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def workspace_option(command: click.decorators.FC) -> click.decorators.FC:
    """--workspace, also from MOTCUA_WORKSPACE."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("workspace"),
        envvar="MOTCUA_WORKSPACE",
        metavar="THƯ_MỤC",
        help="Thư mục làm việc (mặc định ./workspace, hoặc biến MOTCUA_WORKSPACE).",
    )(command)


def as_of_option(command: click.decorators.FC) -> click.decorators.FC:
    """--as-of, the working day of the run."""
    return click.option(
        "--as-of",
        type=click.DateTime(formats=["%Y-%m-%d"]),
        metavar="NGÀY",
        help="Ngày làm việc của lượt chạy, dạng 2021-09-05 (mặc định: hôm nay).",
    )(command)


def basis_option(command: click.decorators.FC) -> click.decorators.FC:
    """--basis, how the days of a period are reckoned."""
    return click.option(
        "--basis",
        metavar="CÁCH",
        help="Cách tính kỳ: nd09 (Nghị định 09/2019/NĐ-CP), lich (dương lịch) hoặc cách do thư mục làm việc quy định.",
    )(command)


def cutoff_option(command: click.decorators.FC) -> click.decorators.FC:
    """--cutoff, an earlier closing day."""
    return click.option(
        "--cutoff",
        type=click.DateTime(formats=["%Y-%m-%d"]),
        metavar="NGÀY",
        help="Chốt số liệu sớm hơn ngày cuối kỳ.",
    )(command)


def known_at_option(command: click.decorators.FC) -> click.decorators.FC:
    """--known-at, an instant of Vietnam time."""
    return click.option(
        "--known-at",
        metavar="THỜI_ĐIỂM",
        help="Chỉ dùng dữ liệu đã biết đến lúc đó, ví dụ 2021-09-06T08:00 (giờ Việt Nam).",
    )(command)


def rulebook_option(command: click.decorators.FC) -> click.decorators.FC:
    """--rulebook, the counting rules."""
    return click.option("--rulebook", metavar="MÃ", help="Quy tắc đếm (mặc định tt01).")(command)


def report_type_option(command: click.decorators.FC) -> click.decorators.FC:
    """--type, which report."""
    return click.option(
        "--type",
        "report_type",
        metavar="LOẠI",
        help="Loại báo cáo: cchc (đề cương đang dùng ở cấp xã) hoặc cchc_bnv (đề cương của Bộ Nội vụ); "
        "mặc định là loại đầu tiên của report_types trong motcua.toml.",
    )(command)


def edition_option(command: click.decorators.FC) -> click.decorators.FC:
    """--edition, for whom."""
    return click.option(
        "--edition",
        type=click.Choice(EDITIONS),
        default=INTERNAL,
        help="Bản cho cơ quan (internal, mặc định) hoặc bản công khai (public): che số nhỏ của các lĩnh vực liên quan đến "
        "đời tư, không có mã hồ sơ, cảnh báo và việc cần sửa.",
    )(command)


def json_option(command: click.decorators.FC) -> click.decorators.FC:
    """--json, for machines."""
    return click.option(
        "--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho phần mềm khác đọc."
    )(command)
