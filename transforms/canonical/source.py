"""One recognised export on its way to typed rows: its text columns, its places and its owner."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.model import DeliveryContext
from transforms.catalogue.model import Catalogue, Channel, Profile, Status
from transforms.findings import Finding, Place
from transforms.readers.model import RawExport
from transforms.readers.repeating import as_strings, is_repeating, map_texts
from transforms.readers.text_bytes import bytes_of, consist_of, has_bare_edges
from transforms.readers.values import parse_unique
from transforms.text_vi import fold, tidy

# What is written beside digits in dates, amounts and counts, folded.
_SHOWABLE_WORDS = frozenset(
    {"am", "pm", "sa", "ch", "t", "z", "h", "g", "d", "vnd", "dong", "ngay", "thang", "nam"}
    | {"gio", "phut", "null", "khong", "mien", "phi", "bo", "ban"}
)
_CODE_SIGNS = (string.digits + string.ascii_uppercase).encode()
_LONG_NUMBER = re.compile(r"\d{9,}")


@dataclass(frozen=True, slots=True)
class Source:
    """A RawExport with everything that its rows are read by."""

    raw: RawExport
    profile: Profile
    context: DeliveryContext
    catalogue: Catalogue
    unit_code: str
    exported_at: datetime

    @property
    def sheets(self) -> pa.Array:
        """Sheet name of each row."""
        return one_array(self.raw.sheets).cast(pa.string())

    @property
    def row_numbers(self) -> pa.Array:
        """Row number of each row as the clerk sees it."""
        return one_array(self.raw.row_numbers).cast(pa.int64())

    def has(self, name: str) -> bool:
        """True when the export or its profile gives that column."""
        return name in self.raw.body.column_names or name in self.profile.constants

    def text(self, *names: str) -> pa.Array:
        """The first of the columns that has a text in each row; null where none has.

        A column that the export lacks takes the profile's constant. Blank text is null. One column of
        texts that repeat is given as it stands, dictionary encoded.
        """
        result = None
        for name in names:
            if name in self.raw.body.column_names:
                column = _trimmed(one_array(self.raw.body.column(name)))
            elif name in self.profile.constants:
                constant = pa.scalar(self.profile.constants[name], pa.string())
                column = pa.repeat(constant, self.raw.body.num_rows)
            else:
                continue
            result = column if result is None else pc.coalesce(as_strings(result), as_strings(column))
        return pa.nulls(self.raw.body.num_rows, pa.string()) if result is None else result

    def at(self, rows: pa.Array) -> Source:
        """The same export with the rows at those positions alone."""
        raw = self.raw
        groups = None if raw.group_names is None else raw.group_names.take(rows)
        cut = replace(
            raw,
            body=raw.body.take(rows),
            sheets=raw.sheets.take(rows),
            row_numbers=raw.row_numbers.take(rows),
            group_names=groups,
        )
        return replace(self, raw=cut)

    def find(
        self,
        code: str,
        column: str,
        mask: pa.Array,
        subjects: pa.Array,
        values: pa.Array | None = None,
        **params: str | int,
    ) -> tuple[Finding, ...]:
        """One finding with a place for every row of the mask; nothing where the mask is empty.

        ``values`` are shown as they stand, so they must come from an allow-listed column.
        """
        rows = pc.indices_nonzero(mask)
        blank = pa.repeat(pa.scalar("", pa.string()), len(rows))
        places = places_of(
            self.sheets.take(rows),
            self.row_numbers.take(rows),
            subjects.take(rows),
            blank if values is None else values.take(rows),
        )
        return self.finding(code, column, places, **params)

    def finding(
        self, code: str, column: str, places: tuple[Place, ...], **params: str | int
    ) -> tuple[Finding, ...]:
        """One finding of this file about those places; nothing without places."""
        if not places:
            return ()
        place = {"unit_code": self.unit_code, "kind": self.raw.kind, "file": self.context.file}
        return (Finding(code, **place, column=column, params=tuple(params.items()), places=places),)


def places_of(sheets: pa.Array, rows: pa.Array, subjects: pa.Array, values: pa.Array) -> tuple[Place, ...]:
    """Columns of equal length as places; null text counts as empty."""
    sheet_texts, subject_texts, value_texts = (_shared_texts(column) for column in (sheets, subjects, values))
    found = zip(rows.to_pylist(), sheet_texts, subject_texts, value_texts, strict=True)
    return tuple(Place(sheet, row, subject, value) for row, sheet, subject, value in found)


def _shared_texts(column: pa.Array) -> list[str]:
    """The texts, equal ones as one object: a million rows may all say the same."""
    encoded = one_array(pc.fill_null(column, "")).dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    return [texts[index] for index in encoded.indices.to_pylist()]


def _trimmed(texts: pa.Array) -> pa.Array:
    """The texts without white space around them; blank ones null."""
    if is_repeating(texts):
        return map_texts(texts, _trimmed)
    if texts.type == pa.string() and has_bare_edges(texts) and not _has_blanks(texts):
        return texts
    trimmed = pc.utf8_trim_whitespace(texts)
    is_blank = pc.equal(trimmed, "")
    if not pc.any(is_blank).as_py():
        return trimmed
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), trimmed)


def _has_blanks(texts: pa.StringArray) -> bool:
    places, _ = bytes_of(texts)
    without_bytes = len(texts) - int(np.count_nonzero(places[:-1] < places[1:]))
    return without_bytes > texts.null_count or bool(pc.any(pc.equal(texts, "")).as_py())


def one_array(column: pa.Array) -> pa.Array:
    """The column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    # Combining copies even where there is nothing to combine.
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def tidied(texts: pa.Array) -> pa.Array:
    """NFC text with single spaces, worked out once per distinct text."""
    return parse_unique(texts, lambda text: tidy(text) or None, pa.string())[0]


def folded(texts: pa.Array) -> pa.Array:
    """Texts as ``text_vi.fold`` compares them."""
    return parse_unique(texts, fold, pa.string())[0]


def tidied_codes(texts: pa.Array) -> pa.Array:
    """Codes without white space and Excel's leading apostrophe, in upper case; "-" and blank are null."""
    texts = as_strings(texts)
    # Codes hardly repeat, so the many clean ones must not be looked at one by one.
    if consist_of(texts, _CODE_SIGNS, _CODE_SIGNS + b"./-"):
        return texts
    is_clean = pc.match_substring_regex(texts, r"^[0-9A-Z][0-9A-Z./\-]*$")
    others = pc.if_else(is_clean, pa.scalar(None, pa.string()), texts)
    return pc.if_else(is_clean, texts, parse_unique(others, _tidied_code, pa.string())[0])


def _tidied_code(text: str) -> str | None:
    code = tidy(text).replace(" ", "").lstrip("'").replace("–", "-").upper()
    return code if any(ch.isalnum() for ch in code) else None


def codes_of_labels(
    labels: pa.Array, entries: Iterable[Status | Channel], own: Mapping[str, int]
) -> tuple[pa.Array, pa.Array]:
    """Catalogue codes (int8) of labels compared by fold, and a mask of the labels that none knows.

    ``own``: labels of the export format itself, which win over the catalogue's names and aliases.
    A label that is the bare code ("9") counts as itself.
    """
    known: dict[str, int] = {}
    for entry in entries:
        known.update({fold(name): entry.code for name in (str(entry.code), entry.name, *entry.aliases)})
    known.update({fold(label): code for label, code in own.items()})

    def _code(label: str) -> int:
        code = known.get(fold(label.removesuffix(".0")))
        if code is None:
            raise ValueError(label)
        return code

    return parse_unique(labels, _code, pa.int8())


def showable(texts: pa.Array, mask: pa.Array) -> pa.Array:
    """Texts of a date, amount or count column in the rows of the mask, where they may be shown.

    Null elsewhere, and where a person's name or number may stand because the columns slipped.
    """

    def _shown(text: str) -> str | None:
        words = re.sub(r"\d+", " ", fold(text)).split()
        harmless = all(word in _SHOWABLE_WORDS for word in words)
        return text if harmless and not _LONG_NUMBER.search(text) else None

    shown = pc.if_else(mask, as_strings(texts), pa.scalar(None, pa.string()))
    return parse_unique(shown, _shown, pa.string())[0]
