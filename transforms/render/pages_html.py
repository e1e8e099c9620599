"""The pages of a night: each one self-contained file, readable without a script and without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from transforms.render.anchors import Anchors
from transforms.render.html import kind as report_kind
from transforms.render.svg import chart_svg
from transforms.render.svg_trend import trend_svg
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
from transforms.report.blocks import Chart, Figure, Run, Text
from transforms.report.pages.model import (
    Cards,
    FoundList,
    Grid,
    GridCell,
    Links,
    PageBlock,
    PageContext,
    Trends,
)
from transforms.report.words import parts_of
from transforms.schema.tables import SEVERITY_NAMES

PAGE = "page/night.html.j2"
SCRIPT = "page/night.js.j2"
_KINDS = ((Grid, "grid"), (Trends, "trends"), (FoundList, "found"), (Cards, "cards"), (Links, "links"))


def render_page(context: PageContext, templates: Mapping[str, str]) -> bytes:
    """The page in UTF-8; the same bytes for the same context and templates (DESIGN.md law 3).

    ``templates``: texts of the files below ``report_templates/`` by relative name. Nothing in the page asks for
    another file or address; its only script is named by its hash. Every number carries its cell id and an
    anchor. Raises a jinja2 error for a template that names what there is not.
    """
    environment = _environment(tuple(sorted(templates.items())))
    script = environment.get_template(SCRIPT).render().strip() if context.is_sortable else ""
    printer = _Printer()
    text = environment.get_template(PAGE).render(
        page=context,
        script=Markup(script),
        script_hash=_script_hash(script) if script else "",
        kind=block_kind,
        charts_of=lambda section: [block for block in section.blocks if isinstance(block, Chart)],
        words=printer.words,
        inline=printer.inline,
        figure=printer.figure,
        content=printer.content,
        sort_value=sort_value,
        severity_names=SEVERITY_NAMES,
        header_rows=header_rows,
        number_columns=number_columns,
        group_label=group_label,
        has_missing=has_missing,
        is_narrow=is_narrow,
        unit_line=unit_line,
        chart_table=chart_table,
        chart_svg=lambda chart: Markup(chart_svg(chart)),
        trend_svg=lambda trend: Markup(trend_svg(trend)),
        missing_mark=MISSING_MARK,
        missing_note=MISSING_NOTE,
    )
    return (text.rstrip("\n") + "\n").encode("utf-8", "replace")


def block_kind(block: PageBlock) -> str:
    """Name of a block for the template to choose by."""
    for family, name in _KINDS:
        if isinstance(block, family):
            return name
    return report_kind(block)  # type: ignore[arg-type]  # the rest are a report's own


def sort_value(cell: GridCell) -> str:
    """What a script sorts a cell by: the exact number, else the words; empty cells come last."""
    content = cell.content
    if isinstance(content, Figure):
        return repr(content.value)
    return content.replace(".", "") if content.replace(".", "").isdigit() else ""


def _script_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Printer:
    """Prints words and numbers, each number with an anchor that is unique on the page."""

    def __init__(self) -> None:
        self._anchors = Anchors()

    def figure(self, figure: Figure, _place: str = "text") -> Markup:
        """A number with its cell; wherever it stands, since a page has no narrative that leads to a table."""
        return Markup('<span class="n" id="{}" data-cell="{}">{}</span>').format(
            self._anchors.name(figure.cell_id), figure.cell_id, figure.text
        )

    def content(self, content: Figure | str) -> Markup:
        """A number or words."""
        return self.figure(content) if isinstance(content, Figure) else self.words(content)

    def words(self, text: str) -> Markup:
        """Words with the numbers in them; other digits say where they come from."""
        return self.inline(parts_of(text))

    def inline(self, text: Text) -> Markup:
        """The runs and numbers of a text."""
        return Markup("").join(self.figure(part) if isinstance(part, Figure) else _run(part) for part in text)


def _run(part: Run) -> Markup:
    words = Markup("{}").format(part.text)
    if part.source and any(ch.isdigit() for ch in part.text):
        words = Markup('<span data-source="{}">{}</span>').format(part.source, part.text)
    return Markup("<strong>{}</strong>").format(words) if part.bold else words
