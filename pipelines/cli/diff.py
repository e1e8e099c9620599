"""``motcua diff``: which published figures read otherwise, and the dossiers that make the difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.root import as_of_option, json_option, report_type_option, workspace_option
from pipelines.cli.summary import summary_console
from pipelines.cli.vietnamese import VietnameseCommand
from pipelines.clock import SystemClock
from pipelines.errors import UsageProblemError
from pipelines.publications.model import Publication, Series, read_publications
from pipelines.session import Session
from pipelines.steps.on_demand import Request, answer_request, require_report_type
from pipelines.steps.periods import UnitPeriod, find_unit_period
from pipelines.steps.published_sides import Side, counted_side, published_side, side_words
from pipelines.steps.restating import (
    Restatement,
    compare_sides,
    render_ledger,
    unexplained_sentences,
)
from transforms.history.restatement import CellChange, DossierChange
from transforms.indicators.model import ALL_FIELDS
from transforms.report.numbers_vi import thousands
from transforms.report.ordering import field_name
from transforms.report.restated import (
    REASON_NAMES,
    RECORD_NAMES,
    STATE_NAMES,
    facet_words,
    measure_words,
    sorted_changes,
    value_words,
)

DRAFT = "draft"


@click.command(cls=VietnameseCommand)
@click.option("--unit", "unit_code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option("--period", "period_id", required=True, metavar="KỲ", help="Kỳ báo cáo, ví dụ 2021-9T.")
@click.option("--basis", metavar="CÁCH", help="Cách tính kỳ (mặc định: theo cấu hình của thư mục làm việc).")
@click.option(
    "--from", "first", type=int, metavar="SỐ", help="Lần công bố làm gốc (mặc định: lần trước lần kia)."
)
@click.option(
    "--to",
    "second",
    metavar="SỐ|draft",
    help="Lần công bố đem so, hoặc draft: số liệu sẽ công bố nếu công bố bây giờ.",
)
@as_of_option
@report_type_option
@click.option("--dossiers", "with_dossiers", is_flag=True, help="Liệt kê từng hồ sơ làm thay đổi số liệu.")
@workspace_option
@json_option
def diff(
    unit_code: str,
    period_id: str,
    basis: str | None,
    first: int | None,
    second: str | None,
    as_of: datetime | None,
    report_type: str | None,
    with_dossiers: bool,
    workspace: Path,
    as_json: bool,
) -> None:
    """So hai lần công bố của một kỳ: ô số liệu nào thay đổi, vì những hồ sơ nào.

    Mặc định so hai lần công bố gần nhất; mới có một lần thì so với số liệu hiện có trong kho.
    """
    session = Session(workspace, SystemClock())
    asked = find_unit_period(session, unit_code, period_id, basis)
    kind = require_report_type(report_type or session.settings.report_types[0])
    series = Series(asked.unit.code, asked.period.period_id, asked.basis, kind)
    issued = {p.number: p for p in read_publications(session.store) if p.series == series}
    if not issued:
        raise UsageProblemError(
            f"Chưa có lần công bố nào cho {asked.words}; hãy công bố bằng “motcua publish” trước khi so."
        )
    before, after = _chosen(issued, first, second, asked)
    sides = (
        published_side(session, before),
        published_side(session, after) if after else _present_side(session, asked, as_of),
    )
    restatement = Restatement(compare_sides(session, *sides), *sides)
    if as_json:
        click.echo(render_ledger(restatement.ledger, *sides).decode(), nl=False)
    else:
        print_restatement(summary_console(), session, restatement, with_dossiers)


def print_restatement(
    console: Console, session: Session, restatement: Restatement, with_dossiers: bool = False
) -> None:
    """Every changed cell, old → new, with the number of records for each reason; on request the records."""
    ledger, after = restatement.ledger, restatement.after
    between = f"giữa {side_words(restatement.before)} và {side_words(after)}"
    if not ledger.changes:
        console.print(f"Không có ô số liệu nào thay đổi {between}.", highlight=False)
        return
    console.print(
        f"{thousands(len(ledger.changes))} ô số liệu thay đổi {between}.", highlight=False, soft_wrap=True
    )
    changes = sorted_changes(ledger, after.node.code, after.catalogue)
    console.print(_cell_table(changes, after))
    for sentence in unexplained_sentences(session, ledger, after):
        console.print(f"Chú ý: {sentence}", highlight=False, soft_wrap=True)
    if with_dossiers:
        console.print(_record_table(changes, after))
    else:
        told = [
            f"{thousands(count)} {RECORD_NAMES.get(kind, kind)} {REASON_NAMES[reason]}"
            for (kind, reason), count in ledger.reasons.items()
        ]
        if told:
            console.print(f"Tổng cộng: {'; '.join(told)}.", highlight=False, soft_wrap=True)


def _chosen(
    issued: Mapping[int, Publication], first: int | None, second: str | None, asked: UnitPeriod
) -> tuple[Publication, Publication | None]:
    """The two versions; None for what is in the store now."""
    numbers = sorted(issued)
    if second is None:
        to = numbers[-1] if len(numbers) > 1 and first != numbers[-1] else None
    elif second == DRAFT:
        to = None
    elif second.isdecimal():
        to = int(second)
    else:
        raise UsageProblemError(f"--to “{second}” không đúng; hãy ghi số của lần công bố, hoặc draft.")
    earlier = [number for number in numbers if to is None or number < to]
    start = first if first is not None else (earlier or numbers)[-1]
    for number in (start, to):
        if number is not None and number not in issued:
            known = ", ".join(str(each) for each in numbers)
            raise UsageProblemError(f"Không có lần công bố số {number} cho {asked.words}; đã có: {known}.")
    return issued[start], None if to is None else issued[to]


def _present_side(session: Session, asked: UnitPeriod, as_of: datetime | None) -> Side:
    request = Request(asked.unit.code, asked.period.period_id, asked.basis, as_of.date() if as_of else None)
    answer = answer_request(session, request)
    return counted_side(answer.data, answer.node, answer.leaves, answer.catalogue)


def _cell_table(changes: tuple[CellChange, ...], after: Side) -> Table:
    names = {unit.code: unit.full_name for unit in (*after.leaves, after.node)}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Chỉ tiêu", overflow="fold")
    table.add_column("Lĩnh vực, loại", overflow="fold")
    table.add_column("Đơn vị", overflow="fold")
    table.add_column("Cũ → mới", justify="right", no_wrap=True)
    table.add_column("Lý do", overflow="fold")
    for change in changes:
        told = [f"{REASON_NAMES[reason]}: {thousands(count)}" for reason, count, _ in change.reasons]
        if change.unexplained:
            told.append(f"chưa rõ: {_signed(change.unexplained)}")
        table.add_row(
            escape(measure_words(change.measure, after.catalogue)),
            escape(facet_words(change.measure, change.facet, after.catalogue)) or "tổng số",
            escape(names.get(change.unit, change.unit)),
            f"{value_words(change.old)} → {value_words(change.new)}",
            "; ".join(told),
        )
    return table


def _record_table(changes: tuple[CellChange, ...], after: Side) -> Table:
    """Each record once, with what it adds to the totals that it changed."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
    # A code that is broken over two lines cannot be searched for.
    table.add_column("Hồ sơ, bản ghi", no_wrap=True)
    for name in ("Lý do", "Bản trước → nay", "Thay đổi", "Nguồn"):
        table.add_column(name, overflow="fold")
    parts: dict[tuple[str, str, str], list[tuple[CellChange, DossierChange]]] = {}
    for change in changes:
        for part in change.dossiers:
            parts.setdefault((part.kind, part.unit_code, part.code), []).append((change, part))
    for key in sorted(parts):
        told = parts[key]
        # Parts of a total say the same once more for its fields; where the field changed only they say it.
        shown = [each for each in told if each[0].facet == ALL_FIELDS] or told
        part = told[0][1]
        table.add_row(
            escape(part.code),
            "; ".join(dict.fromkeys(REASON_NAMES[each.reason] for _, each in told)),
            escape(_states(part, after)),
            escape("; ".join(dict.fromkeys(_difference(change, each, after) for change, each in shown))),
            escape(_source(part)),
        )
    return table


def _difference(change: CellChange, part: DossierChange, after: Side) -> str:
    facet = facet_words(change.measure, change.facet, after.catalogue)
    words = measure_words(change.measure, after.catalogue)
    return f"{_signed(part.after - part.before)} {words}{f' ({facet})' if facet else ''}"


def _states(part: DossierChange, after: Side) -> str:
    if part.kind != "dossier":
        return f"{thousands(part.before)} → {thousands(part.after)}"
    states = [STATE_NAMES.get(state, state) for state in (part.state_before, part.state_after)]
    fields = [
        field_name(after.catalogue, each) if each else "" for each in (part.field_before, part.field_after)
    ]
    told = _arrow(states)
    return told if fields[0] == fields[1] or not all(fields) else f"{told}; {_arrow(fields)}"


def _arrow(words: list[str]) -> str:
    before, after = (word or "không có" for word in words)
    return before if before == after else f"{before} → {after}"


def _source(part: DossierChange) -> str:
    sheet = f", trang tính {part.sheet}" if part.sheet else ""
    row = f", dòng {part.row}" if part.row else ""
    return f"{part.file}{sheet}{row}"


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else '−'}{thousands(abs(number))}"
