"""When two texts of one column mean the same: how corrections find their rows."""

from __future__ import annotations

import re

import pyarrow as pa

from transforms.canonical.document_type import tidy_symbol
from transforms.canonical.source import codes_of_labels, tidied_codes
from transforms.catalogue.model import Catalogue, Profile
from transforms.catalogue.procedure_code import procedure_core, split_glued_code
from transforms.readers.values import parse_amounts, parse_date
from transforms.schema.tables import RECORD_TABLES
from transforms.text_vi import fold, tidy

# A canonical column may be read from a source column of another name; the first that has a text counts.
_RAW_NAMES = {
    "status_code": ("status_label", "status_code"),
    "status_label": ("status_label", "status_code"),
    "procedure_code": ("procedure_code", "procedure_code_raw"),
    "procedure_code_raw": ("procedure_code", "procedure_code_raw"),
}
_STATUS = ("status_code", "status_label")
_PROCEDURE_CODES = ("procedure_code", "procedure_code_raw")
_CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_NUMBERS_OF_PAPERS = ("register_number", "receipt_number")


def raw_names(column: str) -> tuple[str, ...]:
    """Source columns that a canonical column is read from, in order of preference."""
    return _RAW_NAMES.get(column, (column,))


class Comparer:
    """Compares texts of one kind of record by what they are read as."""

    def __init__(self, kind: str, catalogue: Catalogue, profile: Profile | None = None) -> None:
        self._table = RECORD_TABLES[kind]
        self._catalogue = catalogue
        self._status_map = dict(profile.status_map) if profile else {}
        self._channel_map = dict(profile.channel_map) if profile else {}
        self._known: dict[tuple[str, str], tuple[str, bool]] = {}

    def same(self, column: str, one: str, other: str) -> bool:
        """True when both are equal after tidying, or are read as the same value."""
        return tidy(one) == tidy(other) or self.comparable(column, one) == self.comparable(column, other)

    def was(self, column: str, was: str | None, now: str) -> bool:
        """True when ``now`` is what a correction expects; None expects any text that cannot be read."""
        return not self.is_readable(column, now) if was is None else self.same(column, was, now)

    def comparable(self, column: str, text: str) -> str:
        """A text that is the same for every spelling of the value; the tidied text where it cannot be read."""
        return self._look_at(column, text)[0]

    def is_readable(self, column: str, text: str) -> bool:
        """False where a day, number, status or channel cannot be read from the text."""
        return self._look_at(column, text)[1]

    def _look_at(self, column: str, text: str) -> tuple[str, bool]:
        known = self._known.get((column, text))
        if known is None:
            known = self._known[column, text] = self._read(column, tidy(text))
        return known

    def _read(self, column: str, text: str) -> tuple[str, bool]:
        if not text:
            return "", True
        try:
            return self._value(column, text), True
        except ValueError:
            # The time of day says nothing about a day, whether it exists or not.
            is_day = column in self._table.names and pa.types.is_date(self._table.column(column).type)
            return (_CLOCK.sub("", text) if is_day else text), False

    def _value(self, column: str, text: str) -> str:
        """The value as text; ValueError where there is none. One way of reading per line."""
        one = pa.array([text])
        if column in _STATUS:
            codes, unknown = codes_of_labels(one, self._catalogue.statuses, self._status_map)
            return _only(codes, unknown, fold(text))
        if column == "channel_code":
            codes, unknown = codes_of_labels(one, self._catalogue.channels, self._channel_map)
            return _only(codes, unknown, fold(text))
        if column in _PROCEDURE_CODES:
            return procedure_core(text) or text.upper()
        if column == "dossier_code":
            return tidied_codes(one)[0].as_py() or ""
        if column == "symbol":
            return tidy_symbol(text) or ""
        if column == "procedure_name":
            return split_glued_code(text)[1]
        if column in _NUMBERS_OF_PAPERS:
            number = text.removesuffix(".0")
            return number if any(ch.isalnum() for ch in number) else ""
        return self._typed(column, text)

    def _typed(self, column: str, text: str) -> str:
        kind = self._table.column(column).type
        if pa.types.is_date(kind):
            day = parse_date(text)
            return day.isoformat() if day else ""
        if pa.types.is_integer(kind):
            return _only(*parse_amounts(pa.array([text])), text)
        return text


def _only(values: pa.Array, invalid: pa.Array, text: str) -> str:
    if invalid[0].as_py():
        raise ValueError(text)
    value = values[0].as_py()
    return "" if value is None else str(value)
