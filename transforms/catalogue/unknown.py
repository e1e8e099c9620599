"""Values in the exports that the catalogue does not know, with counts and nearest candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

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

    ``dossier.procedure.unknown``: the procedure gives no field, so the dossier counts under "Chưa phân
    loại". ``dossier.status.unknown``: a status label that stands for none of the ten statuses.
    ``dossier.field.unknown``: a field name that the catalogue does not know (and that was therefore not
    used). One finding per code and source file, because a row number means nothing without its file.
    ``dossiers`` may be classified or not; rows of other units are left out where ``unit_code`` is given.
    """
    table = _classified(dossiers, catalogue)
    if unit_code and "unit_code" in table.column_names:
        table = table.filter(pc.equal(table["unit_code"], unit_code))
    field_of = build_name_index(catalogue).field
    findings = _findings(
        table.filter(pc.equal(table["field_id"], UNCLASSIFIED)),
        "dossier.procedure.unknown",
        unit_code,
        "procedure_name",
        "procedure_text",
        NO_NAME,
    )
    if "status_label" in table.column_names:
        labelled = _without_status(table)
        labelled = labelled.filter(pc.is_valid(_blank_to_null(labelled["status_label"])))
        findings += _findings(
            labelled, "dossier.status.unknown", unit_code, "status_code", "status_label", ""
        )
    if "field_name" in table.column_names:
        unknown = [text for text in _values(table, "field_name") if tidy(text) and field_of(text) is None]
        named = table.filter(pc.is_in(table["field_name"], pa.array(unknown, pa.string())))
        findings += _findings(named, "dossier.field.unknown", unit_code, "field_name", "field_name", "")
    return tuple(findings)


def _values(table: pa.Table, column: str) -> Iterable[str]:
    return (value for value in table[column].unique().to_pylist() if value is not None)


def _findings(
    table: pa.Table, code: str, unit_code: str, column: str, text_column: str, blank: str
) -> list[Finding]:
    """One finding per source file of the rows, in order of file name."""
    if table.num_rows == 0:
        return []
    parts = [("", table)]
    if "_file" in table.column_names:
        of_row = table["_file"].fill_null("")
        parts = [(file, table.filter(pc.equal(of_row, file))) for file in sorted(of_row.unique().to_pylist())]
    return [
        Finding(
            code=code,
            unit_code=unit_code,
            kind="dossier",
            file=file,
            column=column,
            params=(("names", name_counts(_counts_with_blank(part, text_column, blank))),),
            places=_places(part, text_column),
        )
        for file, part in parts
    ]


def _counts_with_blank(table: pa.Table, column: str, blank: str) -> dict[str, int]:
    counts = _counts(table, column)
    missing = table.num_rows - sum(counts.values())
    return {**counts, blank: missing} if missing else counts


def _places(table: pa.Table, text_column: str) -> tuple[Place, ...]:
    def column(name: str, default: str | int) -> list[str | int]:
        if name not in table.column_names:
            return [default] * table.num_rows
        return [default if value is None else value for value in table[name].to_pylist()]

    rows = zip(
        column("_sheet", ""),
        column("_row", 0),
        column("dossier_code", ""),
        column(text_column, ""),
        strict=True,
    )
    found = (Place(str(sheet), int(row), str(code), tidy(str(value))) for sheet, row, code, value in rows)
    return tuple(sorted(found, key=lambda place: (place.sheet, place.row)))


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
