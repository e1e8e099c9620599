"""Every stretch of text of a report with the source of its digits, and the digits that have none.

A number that nobody can lead back is the one thing a report must not print. Figures carry their cell; this
module looks at everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from transforms.report.blocks import (
    Annex,
    Block,
    Chart,
    Heading,
    Letterhead,
    Paragraph,
    ReportContext,
    Run,
    Signature,
    Table,
    Text,
)
from transforms.report.words import Source, parts_of

LINE_NUMBERS = "stt"
"""Key of the column of a table that counts its lines."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text without a figure in it: where it stands, what it says, where its digits come from."""

    place: str
    text: str
    source: str

    @property
    def has_digits(self) -> bool:
        """Whether there is anything to lead back."""
        return any(ch.isdigit() for ch in self.text)


def unbound_digits(context: ReportContext) -> tuple[Stretch, ...]:
    """The stretches with digits that neither a figure nor a source stands for; empty in a sound report."""
    return tuple(each for each in stretches(context) if each.has_digits and not each.source)


def stretches(context: ReportContext) -> Iterator[Stretch]:
    """Every stretch in the order of the document, then what only the page shows."""
    yield from _letterhead(context.letterhead)
    yield from _texts("stamp", context.stamps)
    for block in context.blocks:
        yield from _block(block)
    yield from _signature(context.signature)
    for annex in context.annexes:
        yield from _annex(annex)
    yield from _words("page stamp", context.page_stamp)
    yield from _words("title", context.title, Source.PERIOD)
    yield Stretch("unit", context.unit_name, Source.CATALOGUE)
    yield Stretch("period", context.period_name, Source.PERIOD)
    for fact in context.facts:
        yield from _words(f"fact {fact.key}", fact.text)
    for number in context.key_numbers:
        yield from _texts("key number", (number.label, number.remark))
    for chart in context.charts:
        yield from _chart(chart)
    for finding in context.findings:
        yield from _texts("finding", finding)


def _letterhead(letterhead: Letterhead) -> Iterator[Stretch]:
    for line in (letterhead.parent_body, *letterhead.issuing_body):
        yield Stretch("issuing body", line, Source.CATALOGUE)
    yield Stretch("number and symbol", letterhead.document_number, Source.DOCUMENT)
    yield Stretch("place and date", letterhead.place_and_date, Source.DATE)
    yield Stretch("document type", letterhead.document_type, "")
    yield Stretch("subject", letterhead.subject, Source.PERIOD)
    yield Stretch("draft mark", letterhead.draft_mark, "")


def _signature(signature: Signature) -> Iterator[Stretch]:
    for line in (*signature.recipients, signature.authority, signature.role, signature.name):
        yield Stretch("signature", line, Source.SUPPLEMENT)


def _annex(annex: Annex) -> Iterator[Stretch]:
    yield Stretch("annex number", annex.number, Source.COUNTED)
    yield from _words("annex title", annex.title)
    for block in annex.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Stretch]:
    if isinstance(block, Heading):
        yield Stretch("heading number", block.number, Source.COUNTED)
        yield from _words("heading", block.text)
    elif isinstance(block, Paragraph):
        yield from _text("paragraph", block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _chart(block)


def _chart(chart: Chart) -> Iterator[Stretch]:
    place = f"chart {chart.chart_id}"
    yield from _texts(place, (chart.title, chart.alt_text, *chart.categories))
    yield from _texts(place, (chart.category_title, chart.value_title, *(each.name for each in chart.series)))


def _table(table: Table) -> Iterator[Stretch]:
    """A form's own words, its number and its box come from its layout file."""
    place = f"table {table.table_id}"
    own = Source.FORM if table.form_number else ""
    yield from _words(place, table.caption, own)
    yield Stretch(place, table.form_number, Source.FORM)
    yield from _texts(place, table.form_box, Source.FORM)
    yield from _words(place, table.unit_of_measure, own)
    for group, columns in groupby(table.columns, key=lambda column: column.group):
        yield from _words(place, group, own)
        for column in columns:
            yield from _words(place, column.label, own)
            yield Stretch(place, column.number, Source.COUNTED)
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, str):
                yield from _words(place, cell, Source.COUNTED if column.key == LINE_NUMBERS else "")
    for note in table.notes:
        yield from _text(place, note)


def _texts(place: str, texts: Iterable[str], source: str = "") -> Iterator[Stretch]:
    for text in texts:
        yield from _words(place, text, source)


def _words(place: str, text: str, source: str = "") -> Iterator[Stretch]:
    yield from _text(place, parts_of(text), source)


def _text(place: str, text: Text, source: str = "") -> Iterator[Stretch]:
    for part in text:
        if isinstance(part, Run):
            yield Stretch(place, part.text, part.source or source)
