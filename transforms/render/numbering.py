"""Marks that are printed before and after a line, alike in every format."""

from __future__ import annotations

from transforms.report.blocks import Annex, Heading
from transforms.report.words import Source, Words, parts_of, sourced


def heading_text(heading: Heading) -> str:
    """ "I. CÔNG TÁC …", "1. Về …", "a) Về …"; a number that brings its own mark keeps it."""
    number = heading.number
    if not number:
        return heading.text
    mark = "" if number[-1] in ".)" else ")" if number.isalpha() and number.islower() else "."
    return Words(sourced(f"{number}{mark} ", Source.COUNTED), *parts_of(heading.text))


def annex_name(annex: Annex) -> str:
    """ "Phụ lục I" for the number "I"; a number that says so itself stays as it is."""
    if not annex.number or annex.number.casefold().startswith("phụ lục"):
        return annex.number
    return f"Phụ lục {annex.number}"


def recipient_line(text: str, *, is_last: bool) -> str:
    """ "- Như trên;": a dash before and a semicolon after each recipient, a full stop after the last."""
    bare = text.strip().removeprefix("-").strip().rstrip(".;")
    return f"- {bare}{'.' if is_last else ';'}"
