"""Text that still knows where its digits come from, also in places that hold plain text.

A number in a report is a ``Figure``. Any other digit belongs to a source that is named here: the day it
writes, the form it cites, the unit's own sentence. ``bound.py`` lists what belongs to none.
"""

from __future__ import annotations

from enum import StrEnum

from transforms.report.blocks import Inline, Run, Text


class Source(StrEnum):
    """Where digits that are no figure come from; ``Run.source`` holds one of these or a finding's id."""

    DATE = "date"
    """A day of the reckoning, of an export or of the document."""
    PERIOD = "period"
    """The name of a period: "9 tháng năm 2021"."""
    DOCUMENT = "document"
    """Number, symbol and day of this document or of an earlier publication."""
    FORM = "form"
    """Number of a statistical form and the circular that sets it."""
    LEGAL = "legal"
    """A document of law that is cited."""
    CATALOGUE = "catalogue"
    """A name or note of the catalogue: unit, field, type of document, item, break in a series."""
    SUPPLEMENT = "supplement"
    """The unit's own words."""
    RULE = "rule"
    """A threshold of a rule by which the report is worded or its figures are shown."""
    RECORD = "record"
    """The code of a dossier or of another record."""
    EXPLANATION = "explanation"
    """What a person wrote or decided about a finding."""
    COUNTED = "counted"
    """The place of a line, a column or a heading among its like."""


FINDING = "finding/"
"""Start of the source of a finding's sentence; its id follows."""


def finding_source(finding_id: str) -> str:
    """The source of the wording of one finding; the cell id form under which it can be asked for."""
    return FINDING + finding_id


class Words(str):
    """Plain text for whoever prints it, with the runs and figures that it was put together from."""

    __slots__ = ("parts",)
    parts: Text

    def __new__(cls, *parts: Inline | str) -> Words:
        """The parts one after the other; a plain string among them has no source."""
        runs = tuple(Run(part) if isinstance(part, str) else part for part in parts if part)
        runs = tuple(part for part in runs if part.text)
        self = super().__new__(cls, "".join(part.text for part in runs))
        self.parts = runs
        return self

    def __getnewargs__(self) -> tuple[Inline, ...]:  # type: ignore[override]  # str has text here, this class parts
        """What a copy is made from."""
        return self.parts


def parts_of(text: str) -> Text:
    """The runs and figures of a text; one run without source for a plain string."""
    if isinstance(text, Words):
        return text.parts
    return (Run(text),) if text else ()


def sourced(text: str, source: str) -> Run:
    """A run whose digits come from that source."""
    return Run(text, source=source)


def named(text: str, source: str) -> Words:
    """A plain text whose digits come from that source."""
    return Words(sourced(text, source))


def joined_words(separator: str, *texts: str) -> Words:
    """Texts one after the other with a separator between them, their sources kept."""
    parts: list[Inline | str] = []
    for at, text in enumerate(texts):
        if at:
            parts.append(separator)
        parts += parts_of(text)
    return Words(*parts)
