"""What one unit has to do: dossiers that fall due soon, and what to mend first with the promised effect."""

from __future__ import annotations

from itertools import groupby

from transforms.catalogue.model import Catalogue
from transforms.indicators.due_soon import DueDossier
from transforms.indicators.fix_list import Fix, FixGroup
from transforms.report.blocks import ParagraphStyle
from transforms.report.names import sentence_case
from transforms.report.numbers_vi import thousands
from transforms.report.pages.inputs import NightInputs, UnitTodo
from transforms.report.pages.model import Grid, GridCell, GridColumn, GridRow, PageBlock
from transforms.report.pages.wording import counted, day_words, paragraph
from transforms.report.todo_words import (
    PROMISE_NOTE,
    due_words,
    effect_words,
    hand_words,
    left_words,
    lowered,
    rule_action,
    rule_assumption,
    rule_title,
)
from transforms.report.words import Source, Words, named, sourced

SHOWN_DUE = 40
"""Dossiers listed; the command shows all of them."""
_NONE_TO_MEND = "Không có hồ sơ nào cần sửa hoặc giải quyết để số liệu thay đổi."


def due_blocks(todo: UnitTodo) -> tuple[PageBlock, ...]:
    """Overdue dossiers and those due within seven working days, by who has them in hand."""
    due = todo.due
    blocks: list[PageBlock] = [paragraph(named(due_words(due.counts), Source.COUNTED))]
    if todo.data_date and todo.data_date < due.as_of:
        blocks.append(
            paragraph(
                Words(
                    "Dữ liệu kết xuất đến ngày ",
                    *day_words(todo.data_date).parts,
                    "; việc làm sau ngày đó chưa được biết.",
                ),
                ParagraphStyle.NOTE,
            )
        )
    rows: list[GridRow] = []
    total = sum(len(group.dossiers) for group in due.groups)
    for group in due.groups:
        room = SHOWN_DUE - sum(row.kind == "body" for row in rows)
        if room <= 0:
            break
        lead = Words(
            sourced(hand_words(group), Source.RECORD),
            ": ",
            sourced(lowered(due_words(group.counts)), Source.COUNTED),
        )
        rows.append(GridRow((GridCell(lead if len(due.groups) > 1 else hand_words(group)),), "group"))
        rows += [_due_row(dossier) for dossier in group.dossiers[:room]]
    if rows:
        columns = (
            GridColumn("Mã hồ sơ", is_code=True),
            GridColumn("Hẹn trả"),
            GridColumn("Còn lại"),
            GridColumn("Thủ tục"),
        )
        blocks.append(
            Grid(
                "den-han",
                "Hồ sơ quá hạn và đến hạn trong 7 ngày làm việc tới",
                columns,
                tuple(rows),
                _due_notes(todo, total),
            )
        )
    else:
        blocks += [paragraph(note, ParagraphStyle.NOTE) for note in _due_notes(todo, total)]
    return tuple(blocks)


def _due_row(dossier: DueDossier) -> GridRow:
    code = named(dossier.dossier_code, Source.RECORD)
    left = named(left_words(dossier), Source.DATE)
    tag = "wrong" if dossier.is_overdue else "warn" if dossier.working_days <= 1 else "none"
    procedure = named(dossier.procedure_name, Source.CATALOGUE)
    return GridRow(
        (GridCell(code), GridCell(day_words(dossier.due_date)), GridCell(left, tag), GridCell(procedure))
    )


def _due_notes(todo: UnitTodo, total: int) -> tuple[str, ...]:
    due = todo.due
    notes: list[str] = []
    if total > SHOWN_DUE:
        rest = counted(total - SHOWN_DUE)
        notes.append(
            Words("Còn ", *rest.parts, f" hồ sơ khác; xem đủ bằng “motcua todo --unit {due.unit_code}”.")
        )
    if due.paused_count:
        paused = counted(due.paused_count)
        notes.append(
            Words(*paused.parts, " hồ sơ đang chờ bổ sung hoặc tạm dừng không tính vào danh sách này.")
        )
    if due.undated_count:
        notes.append(
            Words(*counted(due.undated_count).parts, " hồ sơ đang giải quyết không có ngày hẹn trả.")
        )
    notes += [
        named(f"Lịch làm việc chưa chắc chắn: {note}.", Source.CATALOGUE) for note in due.calendar_notes
    ]
    return tuple(notes)


def fix_blocks(night: NightInputs, todo: UnitTodo) -> tuple[PageBlock, ...]:
    """What one rule would mend together, then the single dossiers whose mending moves the figures most."""
    fixes, catalogue = todo.fixes, night.main.catalogue
    if not fixes.groups:
        return (paragraph(_NONE_TO_MEND),)
    period = sourced(night.main.period_name, Source.PERIOD)
    lead = Words("Tính cho ", period, ". ", PROMISE_NOTE)
    columns = (GridColumn("Việc"), GridColumn("Hồ sơ", True), GridColumn("Khi xong cả nhóm"))
    groups = Grid(
        "nhom-viec", "Các nhóm việc", columns, tuple(_group_row(each, catalogue) for each in fixes.groups)
    )
    blocks: list[PageBlock] = [paragraph(lead), groups]
    if fixes.fixes:
        blocks.append(_fixes_grid(fixes.fixes, fixes.total_count, catalogue))
    return tuple(blocks)


def _group_row(group: FixGroup, catalogue: Catalogue) -> GridRow:
    words = effect_words(group.effect, catalogue, limit=4)
    if group.unpromised_count:
        words += f" Chưa ước tính được {thousands(group.unpromised_count)} hồ sơ."
    return GridRow(
        (
            GridCell(rule_assumption(group.rule), remark=rule_action(group.rule)),
            GridCell(counted(group.count + group.unpromised_count)),
            GridCell(named(words.strip(), Source.COUNTED)),
        )
    )


def _fixes_grid(fixes: tuple[Fix, ...], total: int, catalogue: Catalogue) -> Grid:
    rows: list[GridRow] = []
    worded = [(fix, (fix.rule, effect_words(fix.effect, catalogue, limit=3))) for fix in fixes]
    for (rule, effect), run in groupby(worded, key=lambda pair: pair[1]):
        lead = Words(
            f"{rule_title(rule)}. Hiệu quả của riêng mỗi hồ sơ: ", sourced(lowered(effect), Source.COUNTED)
        )
        rows.append(GridRow((GridCell(lead),), "group"))
        rows += [_fix_row(fix) for fix, _ in run]
    columns = (
        GridColumn("Mã hồ sơ", is_code=True),
        GridColumn("Dòng", True),
        GridColumn("Hiện có"),
        GridColumn("Giả định là"),
    )
    caption = Words(
        *counted(len(fixes)).parts,
        " hồ sơ làm thay đổi số liệu nhiều nhất, trong ",
        *counted(total).parts,
        " hồ sơ",
    )
    return Grid("nen-sua", caption, columns, tuple(rows))


def _fix_row(fix: Fix) -> GridRow:
    code = named(fix.dossier_code or "(chưa có mã)", Source.RECORD)
    place = named(thousands(fix.row), Source.RECORD) if fix.row else ""
    return GridRow(
        (
            GridCell(code),
            GridCell(place, remark=named(fix.sheet, Source.RECORD)),
            GridCell(named(sentence_case(fix.was) or "(trống)", Source.RECORD)),
            GridCell(named(fix.value, Source.RECORD)),
        )
    )
