"""The public edition of a roll-up as people read it."""

from __future__ import annotations

from tests.support.golden import assert_golden
from tests.unit.report.public_case import ROLLUP
from tests.unit.report.report_case import show, show_table
from transforms.report.blocks import Table
from transforms.report.build import build_report
from transforms.report.figures import flatten


def test_public_roll_up_reads_as_its_golden(update_golden: bool) -> None:
    context = build_report(ROLLUP)
    lines = [*(f"! {stamp}" for stamp in context.stamps), show(context)]
    for annex in context.annexes:
        lines += ["", annex.title]
        for table in (block for block in annex.blocks if isinstance(block, Table)):
            lines += ["", table.caption, *show_table(table), *(f"> {flatten(note)}" for note in table.notes)]
    for chart in context.charts:
        lines += ["", chart.alt_text]
    assert_golden("narrative/cong-khai-huyen.txt", "\n".join(lines) + "\n", update_golden)
