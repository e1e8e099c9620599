"""Biểu số II.06: results of handling dossiers, at the unit (06a) and rolled up (06c, 06d, 06đ)."""

from __future__ import annotations

from transforms.catalogue.form_layout import Form
from transforms.catalogue.model import Unit
from transforms.catalogue.rulebook import OUTSIDE
from transforms.indicators.measures import MEASURES
from transforms.indicators.model import ALL_FIELDS
from transforms.report.blocks import Figure, Run, Table, TableRow, Text
from transforms.report.breaks import break_sentences
from transforms.report.cells import Cells
from transforms.report.coverage import LACKING_REMARK, lacking_name, table_notes
from transforms.report.forms import FIELDS, UNITS, build_form, chosen_form
from transforms.report.inputs import ReportInputs
from transforms.report.names import basis_name, rulebook_name, sentence_case, short_committee, window_range
from transforms.report.ordering import field_name, listed_fields
from transforms.report.public_edition import WITHHELD_MARK, without_sums
from transforms.report.words import Source, Words, named, sourced

FAMILY = "II.06"
TOTAL_LABEL = "Tổng số"
_NOTE_SENTENCES = {
    "withdrawn": ("", " hồ sơ do công dân rút được tính vào cột đúng hạn."),
    "paused": (
        "",
        " hồ sơ đang tạm dừng hoặc chờ bổ sung, chờ thực hiện nghĩa vụ tài chính được tính vào cột trong hạn.",
    ),
    "missing_due_date": ("", " hồ sơ không có ngày hẹn trả được tính là đúng hạn hoặc trong hạn."),
    "unknown_channel": (
        "",
        " hồ sơ chưa rõ hình thức nộp được tính vào cột trực tiếp, dịch vụ bưu chính.",
    ),
    "received_elsewhere": ("", " hồ sơ do đơn vị khác tiếp nhận được tính cho đơn vị giải quyết."),
    "unknown_procedure": ("", " hồ sơ có thủ tục chưa có trong danh mục được xếp vào dòng chưa phân loại."),
    "registered": ("Ngoài biểu: ", " hồ sơ mới đăng ký, chưa được tiếp nhận."),
    "not_received": ("Ngoài biểu: ", " hồ sơ chưa được tiếp nhận tính đến ngày chốt số liệu."),
    "refused": ("Ngoài biểu: ", " hồ sơ không được tiếp nhận."),
    "excluded_field": (
        "Ngoài biểu: ",
        " hồ sơ thuộc lĩnh vực không do Ủy ban nhân dân giải quyết, như đăng ký cư trú.",
    ),
    "left_out": ("Ngoài biểu: ", " hồ sơ có thủ tục chưa có trong danh mục, cách đếm này không tính."),
    "undated_state": (
        "",
        " hồ sơ chỉ có trạng thái sau ngày chốt số liệu được xếp theo các ngày ghi trong hồ sơ.",
    ),
    "quarantined": ("Ngoài biểu: ", " dòng của tệp kết xuất không đọc được, chưa được tính."),
}
"""Note id → words before and after its figure."""
_NOT_EXACT = (
    "Theo cách đếm này, số tiếp nhận có thể không bằng số đã giải quyết cộng số đang giải quyết; "
    "xem lý do bằng lệnh “motcua reconcile”."
)
_PLACE_WORDS = {
    "early": "được tính vào cột trước hạn",
    "on_time": "được tính vào cột đúng hạn",
    "late": "được tính vào cột quá hạn",
    OUTSIDE: "không được tính vào cột nào",
}


def build_form_by_field(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The form with one row per field: 06a for a unit, its roll-up above; None without dossiers."""
    form = chosen_form(inputs, FAMILY)
    if form is None or cells.value("received_total") is None:
        return None
    field_ids = listed_fields(inputs.catalogue, occurring_fields(cells))
    rows = [
        _row(form, cells, named(field_name(inputs.catalogue, each), Source.CATALOGUE), str(index), facet=each)
        for index, each in enumerate(field_ids, 1)
    ]
    table_id = "bieu_06_linh_vuc" if inputs.is_rollup else "bieu_06a"
    table = build_form(
        form, FIELDS, table_id, inputs, (*rows, _total(form, cells)), notes=_notes(inputs, cells)
    )
    return without_sums(table, cells)


def build_form_by_unit(inputs: ReportInputs, cells: Cells) -> Table | None:
    """The roll-up form with one row per unit; a unit without dossiers keeps its row, empty, and says so."""
    form = chosen_form(inputs, FAMILY)
    if form is None or UNITS not in form.listings or cells.value("received_total") is None:
        return None
    rows = (*_unit_rows(form, inputs, cells), _total(form, cells))
    table = build_form(form, UNITS, "bieu_06_don_vi", inputs, rows, notes=_notes(inputs, cells))
    return without_sums(table, cells)


def _unit_rows(form: Form, inputs: ReportInputs, cells: Cells) -> list[TableRow]:
    """A line per unit; under the heading of its block where the form has blocks.

    A block of which nothing was sent keeps a line that says so: its dossiers are missing from the total.
    """
    having = set(cells.units_with("received_total"))
    day = inputs.table.reckoning.end
    rows: list[TableRow] = []

    def number() -> str:
        return str(1 + sum(row.kind == "body" for row in rows))

    def add(unit: Unit) -> None:
        if unit.code in having:
            name = named(unit.full_name, Source.CATALOGUE)
            rows.append(_row(form, cells, name, number(), unit=unit.code))
        else:
            rows.append(_words(form, number(), lacking_name(inputs, unit, "dossier")))

    blocks = [block for block in form.row_blocks if block.valid_to is None or day <= block.valid_to]
    for block in blocks:
        rows.append(_words(form, "", block.label, "group"))
        members = [unit for unit in inputs.leaf_units if unit.level == block.level]
        for unit in members:
            add(unit)
        if not members:
            rows.append(_words(form, number(), f"{block.label} ({LACKING_REMARK})"))
    for unit in inputs.leaf_units:
        if unit.level not in {block.level for block in blocks}:
            add(unit)
    return rows


def occurring_fields(cells: Cells) -> frozenset[str]:
    """Fields that the form has a line for because something occurred in them (``Cells.occurring_fields``)."""
    return cells.occurring_fields()


def _row(
    form: Form, cells: Cells, label: str, index: str, facet: str = ALL_FIELDS, unit: str = ""
) -> TableRow:
    return TableRow((index, label, *_figures(form, cells, facet, unit)))


def _total(form: Form, cells: Cells) -> TableRow:
    return TableRow(("", TOTAL_LABEL, *_figures(form, cells, ALL_FIELDS, "")), kind="total")


def _figures(form: Form, cells: Cells, facet: str, unit: str) -> tuple[Figure | str, ...]:
    """A column that nothing is counted for, as a workspace's own layout may have, stays empty."""
    return tuple(
        WITHHELD_MARK
        if cells.is_withheld(column.key, facet, unit)
        else (cells.figure(column.key, facet, unit) if column.key in MEASURES else None) or ""
        for column in form.columns
        if not column.is_text
    )


def _words(form: Form, number: str, label: str, kind: str = "body") -> TableRow:
    """A line without figures."""
    empty = ("" for column in form.columns if not column.is_text)
    return TableRow((number, label, *empty), kind=kind)


def _notes(inputs: ReportInputs, cells: Cells) -> tuple[Text, ...]:
    """What the reader must know to read the form: days, policy, and each exception that occurred."""
    reckoning = inputs.table.reckoning
    # One paragraph: the form, its box and these lines have to stay on one landscape page.
    policy = (
        Run("Số liệu "),
        sourced(window_range(inputs.window_words), Source.DATE),
        Run("; kỳ báo cáo tính "),
        sourced(basis_name(reckoning, inputs.catalogue), Source.LEGAL),
        Run(". Quy tắc đếm: "),
        sourced(rulebook_name(reckoning, inputs.catalogue), Source.FORM),
        Run(". Hồ sơ được xếp trước hạn, đúng hạn, quá hạn theo ngày kết thúc xử lý so với ngày hẹn trả."),
    )
    notes: list[Text] = [*table_notes(inputs, cells, "received_total"), policy]
    for note_id, (before, after) in {**_NOTE_SENTENCES, **_placed_notes(inputs)}.items():
        figure = cells.note_figure(note_id)
        if figure is not None:
            lead: Text = (Run(before),) if before else ()
            notes.append((*lead, figure, Run(after)))
    if not inputs.table.is_exact:
        notes.append((Run(_NOT_EXACT),))
    notes += [(sourced(sentence, Source.CATALOGUE),) for sentence in break_sentences(inputs, "dossier")]
    return tuple(notes)


def _placed_notes(inputs: ReportInputs) -> dict[str, tuple[str, str]]:
    """Where the way of counting puts withdrawn dossiers."""
    rulebook = inputs.catalogue.rulebooks.get(inputs.table.reckoning.rulebook)
    place = _PLACE_WORDS.get(rulebook.columns["withdrawn"]) if rulebook else None
    return {"withdrawn": ("", f" hồ sơ do công dân rút {place}.")} if place else {}


def form_title(inputs: ReportInputs) -> str:
    """Title of the annex that holds the form."""
    what = "tình hình, kết quả giải quyết thủ tục hành chính"
    if inputs.is_rollup:
        where = "của" if inputs.node.is_group else "trên địa bàn"
        return Words(f"Tổng hợp {what} {where} ", sourced(inputs.node.full_name, Source.CATALOGUE))
    return Words(f"{sentence_case(what)} tại ", sourced(short_committee(inputs.node), Source.CATALOGUE))
