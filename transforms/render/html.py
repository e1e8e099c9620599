"""A report as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from transforms.render.anchors import Anchors
from transforms.render.numbering import annex_name, heading_text, recipient_line
from transforms.render.svg import chart_svg
from transforms.render.tables import (
    MISSING_MARK,
    MISSING_NOTE,
    chart_table,
    group_label,
    has_missing,
    header_rows,
    is_narrow,
    number_columns,
    unit_line,
)
from transforms.report.blocks import Block, Chart, Figure, Heading, Paragraph, ReportContext, Run, Table, Text

PAGE = "page/report.html.j2"


def render_html(context: ReportContext, templates: Mapping[str, str]) -> bytes:
    """The page in UTF-8; the same bytes for the same context and templates (DESIGN.md law 3).

    ``templates`` holds the text of the files below ``report_templates/`` by their relative name;
    ``page/report.html.j2`` is the page. Nothing in the page asks for another file or address. Every number
    carries its cell id and an anchor of ``anchors.Anchors``; in the narrative it leads to the table cell
    where the same number stands. Raises a jinja2 error for a template that names what there is not.
    """
    page = _environment(tuple(sorted(templates.items()))).get_template(PAGE)
    printer = _Printer(context)
    text = page.render(
        report=context,
        inline=printer.inline,
        figure=printer.figure,
        kind=kind,
        heading_text=heading_text,
        annex_name=annex_name,
        recipient_line=recipient_line,
        header_rows=header_rows,
        number_columns=number_columns,
        group_label=group_label,
        has_missing=has_missing,
        is_narrow=is_narrow,
        unit_line=unit_line,
        chart_table=chart_table,
        chart_svg=_drawn,
        missing_mark=MISSING_MARK,
        missing_note=MISSING_NOTE,
    )
    return (text.rstrip("\n") + "\n").encode("utf-8", "replace")


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def kind(block: Block) -> str:
    """Name of a block's class in lower case, for the template to choose by."""
    for name, family in (("heading", Heading), ("paragraph", Paragraph), ("table", Table), ("chart", Chart)):
        if isinstance(block, family):
            return name
    raise TypeError(f"not a block: {type(block).__name__}")


def _drawn(chart: Chart) -> Markup:
    """Drawn text is markup already: svg.py escapes every word it prints."""
    return Markup(chart_svg(chart))


class _Printer:
    """Prints texts and numbers; knows which numbers of the narrative stand in a table as well."""

    def __init__(self, context: ReportContext) -> None:
        self._anchors = Anchors()
        self._at_home: dict[str, str] = {}
        self._named: dict[str, str] = {}
        tables = [b for b in context.blocks if isinstance(b, Table)]
        tables += [b for annex in context.annexes for b in annex.blocks if isinstance(b, Table)]
        for table in tables:
            for row in table.rows:
                for cell in row.cells:
                    if isinstance(cell, Figure) and cell.cell_id not in self._at_home:
                        name = self._anchors.name(cell.cell_id)
                        self._at_home[cell.cell_id] = name

    def figure(self, figure: Figure, place: str = "text") -> Markup:
        """A number; ``place`` is text, card or cell. The first cell of a table that holds it is its home."""
        home = self._at_home.get(figure.cell_id)
        is_home = place == "cell" and home is not None and home not in self._named
        if is_home and home is not None:
            self._named[home] = home
            name = home
        else:
            name = self._anchors.name(figure.cell_id)
        if place != "cell" and home is not None:
            return Markup('<a class="n" id="{}" data-cell="{}" href="#{}">{}</a>').format(
                name, figure.cell_id, home, figure.text
            )
        return Markup('<span class="n" id="{}" data-cell="{}">{}</span>').format(
            name, figure.cell_id, figure.text
        )

    def inline(self, text: Text) -> Markup:
        """The runs and numbers of a text."""
        return Markup("").join(
            self.figure(part) if isinstance(part, Figure) else _styled(part) for part in text
        )


def _styled(part: Run) -> Markup:
    words = escape(part.text)
    if part.italic:
        words = Markup("<em>{}</em>").format(words)
    if part.bold:
        words = Markup("<strong>{}</strong>").format(words)
    return words
