"""Does a report agree with itself: parts with totals, sentences with tables."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.findings import Finding
from transforms.report.blocks import Block, Figure, Inline, Paragraph, ReportContext, Table, TableRow
from transforms.report.build import SUPPLEMENT_FACT
from transforms.report.numbers_vi import thousands

MISMATCH = "report.total.mismatch"
DISAGREEMENT = "report.figure.disagreement"
MISSING = "report.supplement.missing"
OUTDATED = "form.layout.outdated"

_SUPPLEMENT_SUMS = (
    (
        "staff_total_count",
        ("staff_official_count", "staff_part_time_count"),
        "tổng số cán bộ, công chức, người hoạt động không chuyên trách",
    ),
)
"""Supplement total, its parts, and what the sentence calls it."""
_FEE_TOTAL, _FEE_PARTS = "fee_total_amount", ("fee_charge_amount", "fee_duty_amount")


def check_report(context: ReportContext) -> tuple[Finding, ...]:
    """Findings of the built report: sums that do not hold, cells printed twice with different values,
    items that a supplement leaves empty, forms printed in a layout that is no longer in force.

    Sums are checked in every table (rows against the total row, formulas and identities in each row)
    and among the supplement numbers of the unit, a printed part list never beside a total that it does
    not make.
    """
    findings = [*_check_tables(context), *_check_supplement_sums(context), *_check_agreement(context)]
    missing = next((fact.text for fact in context.facts if fact.key == SUPPLEMENT_FACT), "")
    if missing:
        params = (("items", missing), ("period", context.period_name))
        findings.append(Finding(MISSING, context.unit_code, "supplement", params=params))
    findings.extend(_check_layouts(context))
    return tuple(dict.fromkeys(findings))


def _check_layouts(context: ReportContext) -> Iterator[Finding]:
    """One finding for all forms of which the layout printed is no longer in force."""
    tables = [block for block in all_blocks(context) if isinstance(block, Table) and block.layout_note]
    if tables:
        forms = ", ".join(dict.fromkeys(table.form_number for table in tables))
        params = (("forms", forms), ("period", context.period_name), ("note", tables[0].layout_note))
        yield Finding(OUTDATED, context.unit_code, params=params)


def all_blocks(context: ReportContext) -> tuple[Block, ...]:
    """Body blocks, then those of the annexes, then what only the workbook prints."""
    return (
        *context.blocks,
        *(block for annex in context.annexes for block in annex.blocks),
        *context.workbook_tables,
    )


def _mismatch(
    context: ReportContext, kind: str, place: str, what: str, total: float, parts: float
) -> Finding:
    params = (
        ("place", place),
        ("what", what),
        ("total", thousands(int(total))),
        ("parts", thousands(int(parts))),
        ("gap", thousands(abs(int(total) - int(parts)))),
    )
    return Finding(MISMATCH, context.unit_code, kind, params=params)


def _check_tables(context: ReportContext) -> Iterator[Finding]:
    # A table may be printed in the body and in an annex: look at it once.
    for table in dict.fromkeys(block for block in all_blocks(context) if isinstance(block, Table)):
        kind = "fee" if table.table_id == "phi_le_phi" else "dossier"
        for what, total, parts in (*_column_sums(table), *_row_sums(table)):
            if total != parts:
                yield _mismatch(context, kind, table.form_number or table.caption, what, total, parts)
        if table.table_id == "van_ban":
            for what, total, parts in _group_sums(table):
                if total != parts:
                    yield _mismatch(context, "document", table.caption, what, total, parts)


def _column_sums(table: Table) -> Iterator[tuple[str, float, float]]:
    """(column label, value of the total row, sum of the body rows) for each counted column."""
    body = [row for row in table.rows if row.kind == "body"]
    for total in (row for row in table.rows if row.kind == "total"):
        for index, column in enumerate(table.columns):
            figure = total.cells[index]
            if isinstance(figure, Figure) and isinstance(figure.value, int):  # a share is no sum
                label = (
                    f"cột {column.group.lower()}, {column.label.lower()}" if column.group else column.label
                )
                yield label, figure.value, sum(_number(row, index) for row in body)


def _row_sums(table: Table) -> Iterator[tuple[str, float, float]]:
    """(row label, whole, sum of parts) for each formula and identity of each row that has numbers."""
    at = {column.key: index for index, column in enumerate(table.columns)}
    numbers = {column.key: column.number or column.label for column in table.columns}
    sums = [(column.key, column.formula) for column in table.columns if column.formula]
    for row in table.rows:
        for whole, parts in (*sums, *table.checks):
            figure = row.cells[at[whole]]
            if isinstance(figure, Figure) and all(isinstance(row.cells[at[part]], Figure) for part in parts):
                label = f"dòng {_label(row)}, cột {numbers[whole]}"
                yield label, figure.value, sum(_number(row, at[part]) for part in parts)


def _group_sums(table: Table) -> Iterator[tuple[str, float, float]]:
    """(group label, value of the group row, sum of the body rows below it)."""
    for index, row in enumerate(table.rows):
        figure = row.cells[-1]
        if row.kind == "group" and isinstance(figure, Figure):
            below = 0.0
            for part in table.rows[index + 1 :]:
                if part.kind != "body":
                    break
                below += _number(part, len(part.cells) - 1)
            yield _label(row).lower(), figure.value, below


def _label(row: TableRow) -> str:
    return next((cell for cell in row.cells[1:] if isinstance(cell, str) and cell), "")


def _number(row: TableRow, index: int) -> float:
    cell = row.cells[index]
    return cell.value if isinstance(cell, Figure) else 0


def _check_supplement_sums(context: ReportContext) -> Iterator[Finding]:
    values: dict[str, float] = {}
    for figure in _figures(context):
        kind, _, rest = figure.cell_id.partition("/")
        # Sums of a roll-up are left out: where a unit filled in half its items they differ without
        # anybody being wrong, and the unit's own report says so.
        if kind == "supplement":
            unit, item, *_ = rest.split("/")
            if unit == context.unit_code:
                values[item] = figure.value
    for total, parts, what in _SUPPLEMENT_SUMS:
        known = [values[item] for item in (total, *parts) if item in values]
        if len(known) == len(parts) + 1 and known[0] != sum(known[1:]):
            yield _mismatch(context, "supplement", "Số liệu bổ sung", what, known[0], sum(known[1:]))
    for place, amounts in _fee_amounts(context).items():
        known = [amounts[key] for key in (_FEE_TOTAL, *_FEE_PARTS) if key in amounts]
        if len(known) == 3 and known[0] != sum(known[1:]):
            yield _mismatch(context, "fee", "Phí, lệ phí", place, known[0], sum(known[1:]))


def _fee_amounts(context: ReportContext) -> dict[str, dict[str, float]]:
    """Row label of the fee table → measure → đồng; here because such a table carries no formula."""
    amounts: dict[str, dict[str, float]] = {}
    for block in all_blocks(context):
        if isinstance(block, Table) and block.table_id == "phi_le_phi":
            for row in block.rows:
                amounts[_label(row)] = {
                    column.key: cell.value
                    for column, cell in zip(block.columns, row.cells, strict=True)
                    if isinstance(cell, Figure)
                }
    return amounts


def _check_agreement(context: ReportContext) -> Iterator[Finding]:
    """A cell has one value wherever it is printed; a second one would make a sentence deny its table."""
    seen: dict[str, Figure] = {}
    for figure in _figures(context):
        first = seen.setdefault(figure.cell_id, figure)
        if first.value != figure.value:
            params = (("cell", figure.cell_id), ("first", first.text), ("second", figure.text))
            yield Finding(DISAGREEMENT, context.unit_code, params=params)


def _figures(context: ReportContext) -> Iterator[Figure]:
    for number in context.key_numbers:
        yield number.figure
    for block in all_blocks(context):
        inlines: tuple[Inline | str, ...] = ()
        if isinstance(block, Paragraph):
            inlines = block.text
        elif isinstance(block, Table):
            inlines = tuple(cell for row in block.rows for cell in row.cells)
            inlines += tuple(inline for note in block.notes for inline in note)
        yield from (inline for inline in inlines if isinstance(inline, Figure))
