"""``motcua templates``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand, VietnameseGroup
from pipelines.clock import SystemClock
from pipelines.errors import ConfigurationError, StoreUnreachableError, UsageProblemError, reason_of
from pipelines.session import Session
from pipelines.steps.records import read_latest
from pipelines.steps.report import supplement_of
from transforms.indicators.period import PeriodError, parse_period, previous, window
from transforms.report.template_check import TemplateFault, check_templates
from transforms.supplement.workbook import asked_items, write_workbook


@click.group(cls=VietnameseGroup)
def templates() -> None:
    """Bảng số liệu bổ sung để đơn vị điền, và kiểm tra mẫu lời văn của báo cáo."""


@templates.command()
@click.option("--unit", "unit_code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option("--period", "period_id", required=True, metavar="KỲ", help="Kỳ báo cáo, ví dụ 2021-9T.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="Tệp xlsx sẽ ghi."
)
@workspace_option
def supplement(unit_code: str, period_id: str, out: Path | None, workspace: Path) -> None:
    """Ghi bảng số liệu bổ sung (xlsx) cho một đơn vị và một kỳ, điền sẵn từ kỳ trước nếu có."""
    session = Session(workspace, SystemClock())
    unit = session.unit(unit_code)
    try:
        period = parse_period(period_id)
        _, last_day = window(period, session.settings.basis, session.catalogue.windows)
    except PeriodError as problem:
        raise UsageProblemError(str(problem)) from problem
    lines = read_latest(session.store, "supplement", session.catalogue, units=[unit_code])
    before = supplement_of(lines, previous(period).period_id).get(unit_code, {})
    prefilled = {
        item: tuple(line.text or ("" if line.number is None else str(line.number)) for line in lines)
        for item, lines in before.items()
    }
    items = asked_items(session.catalogue, unit, last_day, session.settings.report_types)
    content = write_workbook(unit, period.period_id, items, prefilled)
    target = out or Path(f"so-lieu-bo-sung-{unit_code}-{period.period_id}.xlsx")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as problem:
        raise StoreUnreachableError(
            f"Không ghi được tệp {target} ({reason_of(problem)}); hãy kiểm tra quyền ghi."
        ) from problem
    source = "điền sẵn từ kỳ trước" if prefilled else "chưa có số liệu kỳ trước để điền sẵn"
    click.echo(f"Đã ghi {target} ({source}). Đơn vị điền xong thì đặt vào inbox/{unit_code}/.")


@templates.command("check", cls=VietnameseCommand)
@workspace_option
@json_option
def check_wording(workspace: Path, as_json: bool) -> None:
    """Kiểm tra mẫu lời văn của báo cáo; trả mã 10 khi có lỗi.

    Mẫu của phần mềm và mẫu đặt trong catalogue/templates/ của thư mục làm việc được đọc, tra từng tên, rồi viết thử
    mọi loại báo cáo với các trường hợp: tháng bình thường, kỳ đầu tiên, thiếu đơn vị, mọi hồ sơ quá hạn, không phát
    sinh hồ sơ, chỉ một hồ sơ, chưa có số liệu bổ sung, công bố lại.
    """
    session = Session(workspace, SystemClock())
    own = sorted(session.files.own_templates)
    faults = check_templates(session.templates, session.catalogue, own)
    if as_json:
        told = {
            "templates": len(session.templates),
            "own": own,
            "faults": [{**asdict(fault), "is_own": fault.template in own} for fault in faults],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            click.echo(_fault_words(fault, fault.template in own))
    if faults:
        raise ConfigurationError(f"Mẫu báo cáo có {len(faults)} lỗi; hãy sửa từng dòng nêu trên.")
    if not as_json:
        changed = f", trong đó {len(own)} mẫu của thư mục làm việc ({', '.join(own)})" if own else ""
        click.echo(f"{len(session.templates)} mẫu báo cáo hợp lệ{changed}.")


def _fault_words(fault: TemplateFault, is_own: bool) -> str:
    where = f"catalogue/templates/{fault.template}" if is_own else f"{fault.template} (mẫu đi kèm phần mềm)"
    line = f", dòng {fault.line}" if fault.line else ""
    cases = f" Trường hợp: {'; '.join(fault.cases)}." if fault.cases else ""
    return f"{where}{line}: {fault.sentence}{cases} {fault.remedy}"
