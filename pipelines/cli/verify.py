"""``motcua verify``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.cli.root import json_option, workspace_option
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.errors import EXIT_CRITICAL
from pipelines.publications.verify import verify as verify_publications
from pipelines.session import Session
from transforms.report.numbers_vi import thousands


@click.command(cls=VietnameseCommand)
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ một đơn vị.")
@click.option("--period", "period_id", metavar="KỲ", help="Chỉ một kỳ báo cáo.")
@workspace_option
@json_option
def verify(unit_code: str | None, period_id: str | None, workspace: Path, as_json: bool) -> int:
    """Kiểm tra các lần công bố: mọi tệp còn đủ và đúng từng byte như khi công bố.

    Trả mã 12 khi có bất kỳ điểm nào khác. Không sửa gì.
    """
    session = Session(workspace, SystemClock())
    found = verify_publications(session.workspace.publications, session.store, unit_code, period_id)
    if as_json:
        content = {
            "publications": [publication.summary() for publication in found.publications],
            "files": found.file_count,
            "problems": [asdict(problem) for problem in found.problems],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
    elif found.problems:
        for problem in found.problems:
            click.echo(problem.sentence)
    elif not found.publications:
        click.echo("Chưa có lần công bố nào để kiểm tra.")
    else:
        click.echo(
            f"{thousands(len(found.publications))} lần công bố với {thousands(found.file_count)} tệp còn nguyên như khi công bố."
        )
    return EXIT_CRITICAL if found.problems else 0
