"""Values in the exports that the catalogue does not know, with counts and nearest candidates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.aliases import alias_key
from transforms.catalogue.classify import classify
from transforms.catalogue.model import UNCLASSIFIED, Catalogue
from transforms.catalogue.names import build_name_index
from transforms.catalogue.nearest import name_targets, nearest
from transforms.catalogue.unknown_list import UnknownItem, read_mended_list, write_unknown_list
from transforms.findings import Finding, Place
from transforms.text_vi import tidy

NO_NAME = "không ghi tên thủ tục"
__all__ = [
    "UnknownItem",
    "build_unknown_items",
    "check_unknown",
    "name_counts",
    "read_mended_list",
    "unknown_items",
    "write_unknown_list",
]

_SHOWN_FILES = 3
_NAMED_IN_SENTENCE = 5
_NAME_LENGTH = 120


def unknown_items(dossiers: pa.Table, catalogue: Catalogue) -> tuple[UnknownItem, ...]:
    """Procedures, statuses, fields and units of dossiers that the catalogue does not know.

    Sorted by kind, then by falling count, then by text. Spellings that compare as equal are one item,
    under the spelling met most often. A procedure without a name is listed by its code; dossiers that
    name neither cannot be mended in the catalogue and are counted by ``check_unknown`` only.
    """
    classified = _classified(dossiers, catalogue)
    unclassified = classified.filter(pc.equal(classified["field_id"], UNCLASSIFIED))
    field_of = build_name_index(catalogue).field
    codes = {unit.code for unit in catalogue.units}
    counted = (
        ("procedure", _counts(unclassified, "procedure_text")),
        ("status", _counts(_without_status(classified), "status_label")),
        ("field", {t: n for t, n in _counts(classified, "field_name").items() if field_of(t) is None}),
        ("unit", {t: n for t, n in _unit_counts(classified).items() if t not in codes}),
    )
    return tuple(item for kind, texts in counted for item in _items(kind, texts, catalogue))


def build_unknown_items(kind: str, counts: dict[str, int], catalogue: Catalogue) -> tuple[UnknownItem, ...]:
    """Items of one kind from texts and their counts, for texts that stand in no dossier (unit names)."""
    return tuple(_items(kind, {tidy(text): count for text, count in counts.items()}, catalogue))


def _classified(dossiers: pa.Table, catalogue: Catalogue) -> pa.Table:
    """The dossiers with their field and the text by which an unknown procedure is named."""
    table = dossiers if "field_id" in dossiers.column_names else classify(dossiers, catalogue)
    texts = [
        _blank_to_null(table[name])
        for name in ("procedure_name", "procedure_code", "procedure_code_raw")
        if name in table.column_names
    ]
    named = pc.coalesce(*texts) if texts else pa.nulls(table.num_rows, pa.string())
    return table.append_column("procedure_text", named)


def _blank_to_null(values: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _without_status(table: pa.Table) -> pa.Table:
    if "status_code" not in table.column_names:
        return table
    return table.filter(pc.is_null(table["status_code"]))


def _counts(table: pa.Table, column: str) -> dict[str, int]:
    """Tidied text → rows; null and blank texts left out."""
    counts: dict[str, int] = defaultdict(int)
    if column in table.column_names:
        for pair in table[column].value_counts().to_pylist():
            if text := tidy(pair["values"] or ""):
                counts[text] += pair["counts"]
    return counts


def _unit_counts(table: pa.Table) -> dict[str, int]:
    """Codes of resolving and receiving units → rows; the larger where a code is both."""
    resolving, receiving = _counts(table, "unit_code"), _counts(table, "receiving_unit_code")
    return {code: max(resolving.get(code, 0), receiving.get(code, 0)) for code in {*resolving, *receiving}}


def _items(kind: str, counts: dict[str, int], catalogue: Catalogue) -> list[UnknownItem]:
    spellings: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for text, count in counts.items():
        spellings[alias_key(kind, text) or text].append((-count, text))
    targets = name_targets(kind, catalogue) if spellings else {}
    found = [
        UnknownItem(kind, min(texts)[1], -sum(count for count, _ in texts), nearest(key, targets))
        for key, texts in spellings.items()
    ]
    return sorted(found, key=lambda item: (-item.count, item.text))


def check_unknown(dossiers: pa.Table, catalogue: Catalogue, unit_code: str) -> tuple[Finding, ...]:
    """Findings on values of one unit's dossiers that the catalogue does not know, complete with rows.

    ``dossier.procedure.unknown``: nothing gives the dossier a field, so it counts under "Chưa phân loại".
    ``dossier.field.unknown``: a field name that the catalogue does not know and that was not used. Unknown
    status labels are told while the file is read, where the profile's own labels are at hand. At most one
    finding per code; its ``names`` are the most frequent texts with their counts, and each place names
    its file where there are several. ``dossiers`` may be classified or not; rows of other units are left
    out where ``unit_code`` is given.
    """
    if unit_code and "unit_code" in dossiers.column_names:
        dossiers = dossiers.filter(pc.equal(dossiers["unit_code"], unit_code))
    table = _classified(dossiers, catalogue)
    unclassified = table.filter(pc.equal(table["field_id"], UNCLASSIFIED))
    found = [
        _finding("dossier.procedure.unknown", unit_code, unclassified, "procedure_name", "procedure_text")
    ]
    if "field_name" in table.column_names:
        field_of = build_name_index(catalogue).field
        texts = (text for text in table["field_name"].unique().to_pylist() if text is not None)
        unknown = [text for text in texts if tidy(text) and field_of(text) is None]
        named = table.filter(pc.is_in(table["field_name"], pa.array(unknown, pa.string())))
        found.append(_finding("dossier.field.unknown", unit_code, named, "field_name", "field_name"))
    return tuple(finding for finding in found if finding.places)


def _finding(code: str, unit_code: str, rows: pa.Table, column: str, text_column: str) -> Finding:
    counts = _counts(rows, text_column)
    if missing := rows.num_rows - sum(counts.values()):
        counts[NO_NAME] = missing
    places = _places(rows, text_column)
    files = sorted({place.file for place in places})
    if len(files) == 1:
        places = tuple(replace(place, file="") for place in places)
    rest = f" và {len(files) - _SHOWN_FILES} tệp khác" if len(files) > _SHOWN_FILES else ""
    return Finding(
        code=code,
        unit_code=unit_code,
        kind="dossier",
        file=", ".join(files[:_SHOWN_FILES]) + rest,
        column=column,
        params=(("names", name_counts(counts)),),
        places=places,
    )


def _places(rows: pa.Table, text_column: str) -> tuple[Place, ...]:
    def column(name: str) -> list[str]:
        if name not in rows.column_names:
            return [""] * rows.num_rows
        return ["" if value is None else tidy(str(value)) for value in rows[name].to_pylist()]

    read = (column(name) for name in ("_sheet", "_row", "dossier_code", text_column, "_file"))
    found = (
        Place(sheet, int(row or 0), subject, value, file)
        for sheet, row, subject, value, file in zip(*read, strict=True)
    )
    return tuple(sorted(found, key=lambda place: (place.file, place.sheet, place.row)))


def name_counts(counts: dict[str, int], limit: int = _NAMED_IN_SENTENCE) -> str:
    """“A” (1.200), “B” (35) và 4 tên khác (60) - the most frequent names with their counts."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"“{_shortened(text)}” ({_thousands(count)})" for text, count in ordered[:limit])
    rest = ordered[limit:]
    if not rest:
        return shown
    return f"{shown} và {_thousands(len(rest))} tên khác ({_thousands(sum(count for _, count in rest))})"


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _shortened(text: str) -> str:
    return text if len(text) <= _NAME_LENGTH else text[: _NAME_LENGTH - 1].rstrip() + "…"
