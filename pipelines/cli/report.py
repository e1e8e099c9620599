"""``motcua report``: one unit, one period, on demand; neither Prefect nor Great Expectations is loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.root import (
    as_of_option,
    basis_option,
    cutoff_option,
    edition_option,
    json_option,
    known_at_option,
    report_type_option,
    rulebook_option,
    workspace_option,
)
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock
from pipelines.editions import INTERNAL, PUBLIC
from pipelines.errors import StoreUnreachableError, reason_of
from pipelines.publications.folder import PUBLIC_FOLDER
from pipelines.session import Session
from pipelines.snapshots import remember_snapshot
from pipelines.steps.on_demand import (
    Answer,
    Request,
    answer_request,
    parse_formats,
    parse_instant,
    past_catalogue_warning,
)
from pipelines.steps.public_edition import refuse_formats
from pipelines.steps.report import FORMATS, PACK, render_report
from transforms.indicators.rollup import MapOf


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
@basis_option
@cutoff_option
@as_of_option
@known_at_option
@rulebook_option
@report_type_option
@edition_option
@click.option(
    "--map",
    "map_of",
    type=click.Choice([each.value for each in MapOf]),
    default=MapOf.THEN.value,
    help="Tổng hợp theo đơn vị như trong kỳ báo cáo (then, mặc định) hoặc như hiện nay (now): số liệu của đơn vị cũ tính vào đơn vị kế thừa.",
)
@click.option(
    "--formats",
    default=",".join(FORMATS),
    metavar="DS",
    help="Định dạng, cách nhau bằng dấu phẩy: docx,xlsx,html,json, thêm pdf nếu máy có LibreOffice, thêm pack để có gói bằng chứng (hồ sơ đứng sau từng số).",
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
    report_type: str | None,
    edition: str,
    map_of: str,
    formats: str,
    out: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Viết báo cáo của một đơn vị và một kỳ từ dữ liệu đã có trong kho; không công bố gì.

    Có --known-at thì viết lại đúng báo cáo của thời điểm đó, theo dữ liệu và danh mục khi ấy; ngày làm việc là
    ngày của thời điểm đó, trừ khi có --as-of.
    """
    wanted = parse_formats(formats)
    session = Session(workspace, SystemClock())
    instant = parse_instant(known_at)
    request = Request(
        unit_code,
        period_id,
        basis,
        as_of.date() if as_of else None,
        cutoff.date() if cutoff else None,
        instant,
        rulebook,
        map_of,
        report_type,
        edition,
    )
    refuse_formats(edition, wanted)
    if instant is None and session.store.last_commit() is not None:
        remember_snapshot(session)
    answer = answer_request(session, request)
    context = answer.context
    files = _render(session, answer, wanted)
    folder = out or Path("bao-cao") / unit_code / answer.data.table.reckoning.period.period_id
    folder = folder / PUBLIC_FOLDER if edition == PUBLIC and out is None else folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được vào thư mục {folder} ({reason_of(problem)}); hãy kiểm tra quyền ghi và dung lượng đĩa."
        ) from problem
    if warning := past_catalogue_warning(session, instant):
        click.echo(warning, err=True)
    if as_json:
        click.echo(
            files[FORMATS["json"]].decode()
            if "json" in wanted
            else render_report(context, ["json"])[FORMATS["json"]].decode()
        )
    else:
        click.echo(f"{context.title}: đã ghi {', '.join(sorted(files))} vào {folder}.")
        also = f"--map {map_of} " if map_of != MapOf.THEN else ""
        also += f"--type {report_type} " if report_type else ""
        also += f"--edition {edition} " if edition != INTERNAL else ""
        click.echo(
            f"Viết lại đúng báo cáo này về sau: thêm {also}--as-of {answer.data.table.reckoning.as_of.isoformat()} "
            f"--known-at {answer.known_at.astimezone(VIETNAM).replace(tzinfo=None).isoformat()}"
        )


def _render(session: Session, answer: Answer, formats: list[str]) -> dict[str, bytes]:
    if PACK not in formats:
        return render_report(answer.context, formats)
    from pipelines.steps.pack import render_answer  # what finds every record is loaded for a pack alone

    return render_answer(session, answer, formats)
