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
from transforms.report.words import parts_of

PAGE = "page/report.html.j2"


def render_html(context: ReportContext, templates: Mapping[str, str]) -> bytes:
    """The page in UTF-8; the same bytes for the same context and templates (DESIGN.md law 3).

    ``templates`` holds the text of the files below ``report_templates/`` by their relative name;
    ``page/report.html.j2`` is the page. Nothing in the page asks for another file or address. Every number
    carries its cell id and an anchor of ``anchors.Anchors``; in the narrative it leads to the table cell
    where the same number stands. Raises a jinja2 error for a template that names what there is not.
    """
    return render_page(context, templates, PAGE, Printer(context))


def render_page(
    context: ReportContext, templates: Mapping[str, str], page: str, printer: Printer, **more: object
) -> bytes:
    """A page over the blocks of a report: ``page`` names its template, ``more`` is what that asks for beside them."""
    text = (
        page_environment(templates)
        .get_template(page)
        .render(
            report=context,
            inline=printer.inline,
            words=printer.words,
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
            **more,
        )
    )
    return (text.rstrip("\n") + "\n").encode("utf-8", "replace")


def page_environment(templates: Mapping[str, str]) -> Environment:
    """Where the templates of pages are looked up; whatever they print is escaped."""
    return _environment(tuple(sorted(templates.items())))


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


class Printer:
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
        return self.linked(figure, name, home if place != "cell" else None)

    def linked(self, figure: Figure, name: str, home: str | None) -> Markup:
        """The number under its anchor; a link to its home where that is another place."""
        if home is not None:
            return Markup('<a class="n" id="{}" data-cell="{}" href="#{}">{}</a>').format(
                name, figure.cell_id, home, figure.text
            )
        return Markup('<span class="n" id="{}" data-cell="{}">{}</span>').format(
            name, figure.cell_id, figure.text
        )

    def words(self, text: str) -> Markup:
        """The runs and numbers of a plain text."""
        return self.inline(parts_of(text))

    def inline(self, text: Text) -> Markup:
        """The runs and numbers of a text; digits that are no number of ours say where they come from."""
        return Markup("").join(
            self.figure(part) if isinstance(part, Figure) else _styled(part) for part in text
        )


def _styled(part: Run) -> Markup:
    words = escape(part.text)
    if part.source and any(ch.isdigit() for ch in part.text):
        words = Markup('<span data-source="{}">{}</span>').format(part.source, words)
    if part.italic:
        words = Markup("<em>{}</em>").format(words)
    if part.bold:
        words = Markup("<strong>{}</strong>").format(words)
    return words
