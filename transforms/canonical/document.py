"""Rows of a document register as typed records."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled, Refusal, assemble_rows, find_repeats
from transforms.canonical.dates import read_dates, refuse_dates
from transforms.canonical.document_type import DocumentTypes, tidy_symbol
from transforms.canonical.issuer_level import issuer_level
from transforms.canonical.source import Source
from transforms.findings import Finding
from transforms.readers.repeating import as_strings
from transforms.readers.values import parse_unique
from transforms.schema.tables import DIRECTIONS, ISSUER_LEVELS
from transforms.text_vi import fold

INCOMING, OUTGOING = DIRECTIONS
_DIRECTION_WORDS = {"den": INCOMING, "di": OUTGOING, "incoming": INCOMING, "outgoing": OUTGOING}
_PAIR = "\x1f"


def canonicalise_documents(source: Source) -> tuple[Assembled, tuple[Finding, ...]]:
    """Typed register lines of one export and what is doubtful about them.

    Type and issuing level come from symbol, summary and author, which are then dropped. Set apart: lines
    with neither symbol nor date, with a date that does not exist, or whose direction nothing tells.
    """
    symbols = parse_unique(source.text("symbol"), tidy_symbol, pa.string())[0]
    direction = parse_unique(source.text("direction"), _direction, pa.string())[0]
    dates, impossible = read_dates(source, ("issued_date", "arrived_date"))
    numbers = parse_unique(source.text("register_number"), _register_number, pa.string())[0]
    columns = {
        **dates,
        "unit_code": pa.repeat(pa.scalar(source.unit_code, pa.string()), len(symbols)),
        "direction": direction,
        "register_number": numbers,
        "symbol": symbols,
        "document_type_id": _types(source, symbols),
        "issuer_level": _levels(source, symbols, direction),
    }
    no_date = pc.and_(pc.is_null(dates["issued_date"]), pc.is_null(dates["arrived_date"]))
    any_impossible = pc.or_(*impossible.values())
    nothing = pc.and_(pc.and_(pc.is_null(symbols), no_date), pc.invert(any_impossible))
    subjects = pc.coalesce(symbols, numbers)
    refusals = (
        Refusal("document.symbol_and_date.missing", "symbol", nothing),
        *refuse_dates(source, impossible),
        Refusal("document.direction.unknown", "direction", pc.is_null(direction)),
    )
    assembled = assemble_rows(source, columns, refusals, subjects)
    same = pa.repeat(pa.scalar(False), assembled.repeat.earlier.num_rows)
    repeats = find_repeats(
        source,
        assembled.repeat,
        same,
        ("document.line.repeated", "document.line.repeated"),
        ("symbol", "issued_date"),
    )
    return assembled, repeats


def _types(source: Source, symbols: pa.Array) -> pa.Array:
    """Type id of each line; a type column of the register itself ("Loại văn bản") goes before the summary."""
    types = DocumentTypes(source.catalogue.document_types)
    summary = source.text("document_type_id", "free_text")

    def _type(pair: str) -> str:
        symbol, _, text = pair.partition(_PAIR)
        return types.type_of(symbol or None, text or None)

    return parse_unique(_paired(symbols, summary), _type, pa.string())[0]


def _levels(source: Source, symbols: pa.Array, direction: pa.Array) -> pa.Array:
    """Issuing level of each line; what a unit sends out is of its own level."""
    unit_level = source.catalogue.unit(source.unit_code).level
    own = unit_level if unit_level in ISSUER_LEVELS else "khac"

    def _level(pair: str) -> str:
        symbol, _, author = pair.partition(_PAIR)
        return issuer_level(author, symbol)

    author = source.text("author_name", "issuer_level")
    by_text = parse_unique(_paired(symbols, author), _level, pa.string())[0]
    return pc.if_else(pc.fill_null(pc.equal(direction, OUTGOING), False), own, by_text)


def _paired(symbols: pa.Array, texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pc.fill_null(symbols, ""), pc.fill_null(as_strings(texts), ""), _PAIR)


def _direction(text: str) -> str | None:
    """Direction that a text names ("Văn bản đến", "đi", "outgoing"), None where none or both."""
    found = {_DIRECTION_WORDS[word] for word in fold(text).split() if word in _DIRECTION_WORDS}
    return found.pop() if len(found) == 1 else None


def _register_number(text: str) -> str | None:
    """Running number as text; a spreadsheet's "12.0" is "12"."""
    number = "".join(text.split()).removesuffix(".0")
    return number if any(ch.isalnum() for ch in number) else None
