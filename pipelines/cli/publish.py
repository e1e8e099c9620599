"""``motcua publish``."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path

import click

from pipelines.cli.diff import print_restatement
from pipelines.cli.root import (
    as_of_option,
    basis_option,
    cutoff_option,
    edition_option,
    known_at_option,
    report_type_option,
    rulebook_option,
    workspace_option,
)
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import VIETNAM, SystemClock, today
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import MANIFEST, Publication
from pipelines.publications.publish import Order, Prepared, issue, prepare, require_open
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.nightly import tidy_publications
from pipelines.steps.on_demand import (
    Request,
    parse_formats,
    parse_instant,
    past_catalogue_warning,
    require_deliveries,
)
from pipelines.steps.public_edition import refuse_formats
from pipelines.steps.report import FORMATS
from transforms.report.numbers_vi import date_short, thousands


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
    "--number",
    "document_number",
    required=True,
    metavar="SỐ",
    help="Số, ký hiệu văn bản, ví dụ 45/BC-UBND.",
)
@click.option(
    "--date",
    "document_date",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="NGÀY",
    help="Ngày văn bản, dạng 2021-09-06; không được ở sau hôm nay.",
)
@basis_option
@cutoff_option
@as_of_option
@known_at_option
@rulebook_option
@report_type_option
@edition_option
@click.option(
    "--by",
    "requested_by",
    metavar="CHỨC_DANH",
    help="Chức danh hoặc bộ phận yêu cầu công bố (mặc định: tài khoản đang dùng).",
)
@click.option("--note", default="", metavar="LỜI", help="Ghi chú lưu kèm lần công bố.")
@click.option(
    "--formats",
    default=",".join(FORMATS),
    metavar="DS",
    help="Định dạng, cách nhau bằng dấu phẩy: docx,xlsx,html,json, thêm pdf nếu máy có LibreOffice; nội dung context.json và gói bằng chứng goi-bang-chung.zip luôn được lưu.",
)
@click.option("--dry-run", is_flag=True, help="Chỉ in những gì sẽ ghi, không ghi gì.")
@workspace_option
def publish(
    unit_code: str,
    period_id: str,
    document_number: str,
    document_date: datetime,
    basis: str | None,
    cutoff: datetime | None,
    as_of: datetime | None,
    known_at: str | None,
    rulebook: str | None,
    report_type: str | None,
    edition: str,
    requested_by: str | None,
    note: str,
    formats: str,
    dry_run: bool,
    workspace: Path,
) -> None:
    """Công bố báo cáo của một đơn vị và một kỳ: không ghi “DỰ THẢO”, có số và ngày văn bản, lưu lại mãi mãi.

    Số liệu tính đến ngày văn bản, trừ khi có --as-of hoặc --cutoff. Công bố lại đúng nội dung cũ thì không ghi gì.
    Kỳ đã khóa và đã công bố thì phải mở lại bằng “motcua period reopen” trước khi công bố lần nữa.
    """
    refuse_formats(edition, parse_formats(formats))
    clock = SystemClock()
    session = Session(workspace, clock)
    instant = parse_instant(known_at)
    request = Request(
        unit_code,
        period_id,
        basis,
        as_of.date() if as_of else None,
        cutoff.date() if cutoff else None,
        instant,
        rulebook,
        report_type=report_type,
        edition=edition,
    )
    order = Order(
        request,
        document_number,
        document_date.date(),
        requested_by or getpass.getuser(),
        note,
        tuple(parse_formats(formats)),
    )
    day = as_of.date() if as_of else today(clock)
    require_deliveries(session, instant)
    if dry_run:
        prepared = prepare(session, order)
        _say_warnings(session, prepared, instant)
        _say_planned(session, prepared)
        if prepared.same_as is None:
            require_open(session, prepared, day)
        return
    session.workspace.create()
    with session.workspace.lock():
        prepared = prepare(session, order)
        if prepared.same_as is not None:
            tidy_publications(session)  # a run that died after its commit may have left “latest” behind
            _say_same(prepared.same_as)
            return
        require_open(session, prepared, day)
        parameters = {"unit": unit_code, "period": period_id, "number": prepared.publication.document_number}
        with start_run(session.workspace.runs, "publish", clock, parameters):
            publication, folder = issue(session, prepared)
    _say_warnings(session, prepared, instant)
    click.echo(
        f"Đã công bố lần {publication.number}: {prepared.answer.context.title}, số {publication.document_number} "
        f"ngày {date_short(publication.document_date)}, số liệu tính đến {date_short(publication.closing_day)}. "
        f"{thousands(len(publication.files))} tệp nằm trong {folder}."
    )


def _say_warnings(session: Session, prepared: Prepared, known_at: datetime | None) -> None:
    for sentence in (past_catalogue_warning(session, known_at), *prepared.warnings):
        if sentence:
            click.echo(f"Chú ý: {sentence}", err=True)


def _say_same(same: Publication) -> None:
    click.echo(
        f"Nội dung này đã được công bố với số {same.document_number} ngày {date_short(same.document_date)} "
        f"(lần {same.number}); không ghi gì thêm."
    )


def _say_planned(session: Session, prepared: Prepared) -> None:
    if prepared.same_as is not None:
        _say_same(prepared.same_as)
        return
    publication = prepared.publication
    folder = publication_folder(session.workspace.publications, publication.series, publication.number)
    click.echo(
        f"Sẽ công bố lần {publication.number}: {prepared.answer.context.title}, số {publication.document_number} "
        f"ngày {date_short(publication.document_date)}; chưa ghi gì."
    )
    told = {
        "Thay cho lần": str(publication.restates) if publication.restates else "không, đây là lần đầu",
        "Số liệu tính đến": date_short(publication.closing_day),
        "Dữ liệu biết đến": f"{publication.known_at.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}",
        "Tệp đầu vào": thousands(len(publication.inputs)),
        "Quy tắc đếm": publication.rulebook,
        "Phiên bản danh mục": publication.catalogue_version,
        "Người yêu cầu": publication.requested_by,
        "Sẽ ghi vào": str(folder),
    }
    for label, value in told.items():
        click.echo(f"  {label}: {value}")
    for name in (*sorted(prepared.files), MANIFEST):
        size = f" ({thousands(len(prepared.files[name]))} byte)" if name in prepared.files else ""
        click.echo(f"  {name}{size}")
    if prepared.restatement is not None:
        print_restatement(summary_console(), session, prepared.restatement)
