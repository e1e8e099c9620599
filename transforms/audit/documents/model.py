"""What a reader of reports hands on."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.audit.model import ReportText, Span
from transforms.readers.limits import Limits

_MEBI = 1024 * 1024

REPORT_LIMITS = Limits(file_bytes=128 * _MEBI, unpacked_bytes=512 * _MEBI)
"""A report with pictures is seldom above 20 MB; its text never is."""
MOST_XML_BYTES = 96 * _MEBI
"""One XML part of a Word document; a thousand pages are about 20 MB."""


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A figure of one of our own Word reports: its bookmark's name (``mc_`` and a hash of the cell id) and place."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report as blocks, and what it was read from."""

    format: str
    """docx, pdf, html or txt."""
    text: ReportText
    pages_without_text: tuple[int, ...] = ()
    """Pages of a PDF that hold a picture and no letters: nothing on them was read."""
    figures: tuple[NamedSpan, ...] = ()
