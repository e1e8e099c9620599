"""Statistical forms as tables: everything that a form prints beside its lines comes from its layout file."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from transforms.catalogue.form_layout import Form, pick_form
from transforms.report.blocks import EntryOrder, Run, Table, TableColumn, TableRow, Text
from transforms.report.inputs import ReportInputs
from transforms.report.names import parent_of, short_committee
from transforms.report.numbers_vi import date_short
from transforms.report.words import Source, Words, named, sourced

FIELDS, UNITS = "field", "unit"
"""What the lines of a form are; names of its listings."""
NOT_ASKED = "x"
"""Printed where a form has no figure to ask for, as statistical forms do; a missing figure is left empty."""
_NAME = "name"
_LEVEL_NAMES = {"xa": "cấp xã", "huyen": "cấp huyện", "tinh": "cấp tỉnh"}


def chosen_form(inputs: ReportInputs, family: str) -> Form | None:
    """The form of that family for the report's node and period; None where the catalogue has none for its level."""
    node = inputs.node
    return pick_form(inputs.catalogue.forms, family, node.level, inputs.is_rollup, inputs.table.reckoning.end)


def build_form(
    form: Form,
    listing: str,
    table_id: str,
    inputs: ReportInputs,
    rows: tuple[TableRow, ...],
    notes: tuple[Text, ...] = (),
) -> Table:
    """The table of a form around those rows: title, column numbers, box, identities, order of keying in.

    ``listing``: what the rows are, FIELDS or UNITS; KeyError where the form has no such list.
    """
    listed = form.listings[listing]
    note = form.note_on(inputs.table.reckoning.end)
    columns = tuple(
        TableColumn(
            key=column.key,
            label=listed.label if column.key == _NAME else column.label,
            group=column.group,
            number=f"({column.number})",
            formula=column.sum_of,
            width_mm=column.width_mm,
            is_text=column.is_text,
        )
        for column in form.columns
    )
    return Table(
        table_id=table_id,
        caption=listed.title,
        columns=columns,
        rows=rows,
        unit_of_measure=form.unit_of_measure,
        notes=notes,
        form_number=named(form.number, Source.FORM),
        form_box=_box(form, inputs),
        # A way of counting that does not promise 3 = 7 + 11 is not held to it.
        checks=tuple((identity.whole, identity.parts) for identity in form.identities)
        if inputs.table.is_exact
        else (),
        layout_note=named(note, Source.FORM) if note else note,
        entry=EntryOrder(_entry_heading(listing, listed.label, inputs), form.entry) if form.entry else None,
    )


def _box(form: Form, inputs: ReportInputs) -> tuple[str, ...]:
    """Lines of the box: circular, period with its days, who reports, who receives, and what is to be known of the layout."""
    reckoning = inputs.table.reckoning
    parent = parent_of(inputs.node, inputs.catalogue, reckoning.as_of)
    words = {
        "circular": sourced(form.circular, Source.FORM),
        "period": sourced(inputs.period_name, Source.PERIOD),
        "start": sourced(date_short(reckoning.start), Source.DATE),
        "end": sourced(date_short(reckoning.end), Source.DATE),
        "reporter": sourced(short_committee(inputs.node), Source.CATALOGUE),
        "receiver": sourced(short_committee(parent) if parent else "", Source.CATALOGUE),
    }
    # Who stands at the top reports to nobody in the catalogue: no line for the receiver.
    lines = [_filled_in(line, words) for line in form.box if parent or "{receiver}" not in line]
    note = form.note_on(reckoning.end)
    return (*lines, named(note, Source.FORM)) if note else tuple(lines)


def _filled_in(line: str, words: Mapping[str, Run]) -> Words:
    """The line of a layout with its words in their places."""
    parts: list[Run | str] = []
    for plain, name, _, _ in Formatter().parse(line):
        parts += [plain] if plain else []
        parts += [words[name]] if name else []
    return Words(*parts)


def _entry_heading(listing: str, label: str, inputs: ReportInputs) -> str:
    """ "Lĩnh vực, công việc giải quyết theo cấp: cấp xã": the lines are keyed in level by level."""
    if listing != FIELDS:
        return label
    found = {unit.level for unit in inputs.leaf_units}
    levels = [name for level, name in _LEVEL_NAMES.items() if level in found]
    return f"{label}: {', '.join(levels)}" if levels else label
