"""``motcua report``: one unit, one period, on demand; neither Prefect nor Great Expectations is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from pipelines.cli.root import as_of_option, json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.errors import StoreUnreachableError, UsageProblemError
from pipelines.session import Session
from pipelines.settings import BASES
from pipelines.steps.open_findings import is_about_report, open_findings
from pipelines.steps.report import (
    FORMATS,
    build_unit_report,
    count_period,
    leaf_units,
    read_known,
    reckoning_of,
    render_report,
)


@click.command(cls=VietnameseCommand)
@click.option(
    "--unit",
    "unit_code",
    required=True,
    metavar="MÃ",
    help="Mã đơn vị; đơn vị có cấp dưới thì tổng hợp cả cấp dưới.",
)
@click.option(
    "--period",
    "period_id",
    required=True,
    metavar="KỲ",
    help="2021-09, 2021-Q3, 2021-6T, 2021-6C, 2021-9T hoặc 2021.",
)
@click.option(
    "--basis",
    type=click.Choice(BASES),
    help="Cách tính kỳ: nd09 (Nghị định 09/2019/NĐ-CP) hoặc lich (dương lịch).",
)
@click.option(
    "--cutoff",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="NGÀY",
    help="Chốt số liệu sớm hơn ngày cuối kỳ.",
)
@as_of_option
@click.option(
    "--known-at",
    metavar="THỜI_ĐIỂM",
    help="Chỉ dùng dữ liệu đã biết đến lúc đó, ví dụ 2021-09-06T08:00 (giờ Việt Nam).",
)
@click.option("--rulebook", metavar="MÃ", help="Quy tắc đếm (mặc định tt01).")
@click.option(
    "--formats",
    default=",".join(FORMATS),
    metavar="DS",
    help="Định dạng, cách nhau bằng dấu phẩy: docx,xlsx,html,json.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Nơi ghi báo cáo (mặc định: bao-cao/<mã>/<kỳ>).",
)
@workspace_option
@json_option
def report(
    unit_code: str,
    period_id: str,
    basis: str | None,
    cutoff: datetime | None,
    as_of: datetime | None,
    known_at: str | None,
    rulebook: str | None,
    formats: str,
    out: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Viết báo cáo của một đơn vị và một kỳ từ dữ liệu đã có trong kho; không công bố gì."""
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise UsageProblemError(f"Không có định dạng {', '.join(unknown)}; chọn trong {', '.join(FORMATS)}.")
    clock = SystemClock()
    session = Session(workspace, clock)
    instant = _instant(known_at)
    session.unit(unit_code)
    day: date = as_of.date() if as_of else today(clock)
    reckoning = reckoning_of(
        period_id,
        basis or session.settings.basis,
        session.catalogue,
        day,
        cutoff.date() if cutoff else None,
        rulebook or session.settings.rulebook,
    )
    if session.store.deliveries(instant).num_rows == 0:
        raise UsageProblemError(
            f"Kho dữ liệu của thư mục làm việc {workspace} chưa có tệp nào; hãy chạy “motcua nightly” hoặc “motcua ingest” trước."
        )
    # A code may have been given to another unit since; the period's own unit is meant.
    node = session.unit(unit_code, reckoning.closing_day)
    units = sorted(
        {node.code, *(leaf.code for leaf in leaf_units(session.catalogue, node, reckoning.closing_day))}
    )
    data = count_period(
        read_known(session.store, session.catalogue, units, instant), session.catalogue, reckoning
    )
    context = build_unit_report(
        data,
        node,
        session.catalogue,
        session.templates,
        [f for f in open_findings(session.store, instant) if not is_about_report(f)],
    )
    files = render_report(context, wanted)
    folder = out or Path("bao-cao") / unit_code / reckoning.period.period_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được vào thư mục {folder} ({problem.strerror}); hãy kiểm tra quyền ghi và dung lượng đĩa."
        ) from problem
    if as_json:
        click.echo(
            files[FORMATS["json"]].decode()
            if "json" in wanted
            else render_report(context, ["json"])[FORMATS["json"]].decode()
        )
    else:
        click.echo(f"{context.title}: đã ghi {', '.join(sorted(files))} vào {folder}.")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageProblemError(
            f"Thời điểm --known-at “{text}” không đúng dạng; ví dụ đúng: 2021-09-06T08:00."
        ) from problem
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
