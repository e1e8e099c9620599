"""Names that a workspace has decided on: the overlay file ``aliases.csv``."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from transforms.catalogue.model import Procedure, Unit
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.procedure_code import (
    field_key,
    procedure_core,
    procedure_key,
    repair_procedure_code,
)
from transforms.catalogue.rows import read_rows
from transforms.catalogue.subjects import Claims
from transforms.text_cells import shield
from transforms.text_vi import fold

ALIAS_COLUMNS = ("kind", "text", "target", "reason", "decided_on", "decided_by")
ALIAS_KINDS = ("procedure", "status", "field", "unit")


@dataclass(frozen=True, slots=True)
class Alias:
    """One decision: in this workspace ``text`` means ``target``."""

    kind: str
    text: str
    target: str
    """Procedure code or field id for a procedure; status code; field id; unit code."""
    reason: str
    decided_on: date
    decided_by: str

    @property
    def key(self) -> str:
        """What the text is compared by among aliases of its kind."""
        return alias_key(self.kind, self.text)


def alias_key(kind: str, text: str) -> str:
    """The compared form of a text of that kind."""
    if kind == "procedure":
        return procedure_key(text)
    return field_key(text) if kind == "field" else fold(text)


def parse_aliases(content: bytes, file: str, problems: Problems) -> list[Entry[Alias]]:
    """Aliases of a CSV file; the same text decided twice in two ways is a problem."""
    entries, targets = [], dict[tuple[str, str], str]()
    for row in read_rows(content, file, ALIAS_COLUMNS, (), problems):
        row.required("decided_on")
        alias = Alias(
            row.one_of("kind", ALIAS_KINDS),
            row.required("text"),
            row.required("target"),
            row.text("reason"),
            row.day("decided_on") or date.min,
            row.required("decided_by"),
        )
        if alias.text and not alias.key:
            problems.add(row.where, f"tên “{alias.text}” không có chữ nào để so sánh.")
        if targets.setdefault((alias.kind, alias.key), alias.target) != alias.target:
            problems.add(row.where, f"tên “{alias.text}” được xếp vào hai nơi khác nhau trong cùng tệp.")
        entries.append(Entry(alias, row.where))
    return entries


def write_aliases(aliases: Iterable[Alias]) -> bytes:
    """The bytes of ``aliases.csv``, UTF-8 with LF, in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(ALIAS_COLUMNS)
    for alias in aliases:
        decided_on = alias.decided_on.isoformat()
        cells = (alias.kind, alias.text, alias.target, alias.reason, decided_on, alias.decided_by)
        writer.writerow([shield(cell) for cell in cells])
    return text.getvalue().encode("utf-8")


def procedure_target(text: str, codes: Mapping[str, object]) -> str | None:
    """The known procedure code that a cell means, a clipped number included; None when none."""
    core = procedure_core(text)
    return core if core in codes else repair_procedure_code(text, codes)


def add_procedure_aliases(
    procedures: Sequence[Procedure],
    field_ids: set[str],
    aliases: Iterable[Entry[Alias]],
    claims: Claims,
    problems: Problems,
) -> tuple[tuple[Procedure, ...], dict[str, str]]:
    """(procedures with their new names, compared name → field id) under kind ``procedure``."""
    by_code = {procedure.code: procedure for procedure in procedures}
    added: dict[str, list[str]] = defaultdict(list)
    field_aliases: dict[str, str] = {}
    for entry in aliases:
        alias = entry.value
        if alias.kind != "procedure" or not alias.target or not alias.key:
            continue
        code = procedure_target(alias.target, by_code)
        if code is None and alias.target not in field_ids:
            problems.add(entry.where, f"“{alias.target}” không phải mã thủ tục hay mã lĩnh vực đã biết.")
            continue
        before = len(problems)
        claims.claim(alias.key, alias.text, code or f"lĩnh vực {alias.target}", entry.where)
        if len(problems) > before:
            continue
        if code is None:
            field_aliases[alias.key] = alias.target
        else:
            added[code].append(alias.text)
    extended = tuple(
        replace(procedure, aliases=(*procedure.aliases, *added[procedure.code]))
        if procedure.code in added
        else procedure
        for procedure in procedures
    )
    return extended, field_aliases


def claimed_aliases(
    kind: str,
    noun: str,
    aliases: Iterable[Entry[Alias]],
    targets: set[str],
    claims: Claims,
    problems: Problems,
) -> dict[str, tuple[str, ...]]:
    """Target → new names of that kind; an unknown target or a name of another is a problem."""
    added: dict[str, tuple[str, ...]] = {}
    for entry in aliases:
        alias = entry.value
        if alias.kind != kind or not alias.target or not alias.key:
            continue
        if alias.target not in targets:
            problems.add(entry.where, f"“{alias.target}” không phải mã {noun} đã biết.")
            continue
        claims.claim(alias.key, alias.text, alias.target, entry.where)
        added[alias.target] = (*added.get(alias.target, ()), alias.text)
    return added


def add_unit_aliases(
    units: Sequence[Unit], aliases: Iterable[Entry[Alias]], problems: Problems
) -> tuple[Unit, ...]:
    """Units with their new names. A reused code means the unit valid on the day of the decision."""
    extended = list(units)
    for entry in aliases:
        alias = entry.value
        if alias.kind != "unit" or not alias.target or not alias.key:
            continue
        spans = [n for n, unit in enumerate(extended) if unit.code == alias.target]
        if not spans:
            problems.add(entry.where, f"“{alias.target}” không phải mã đơn vị đã biết.")
            continue
        meant = max(spans, key=lambda n: (extended[n].is_valid_on(alias.decided_on), extended[n].valid_from))
        unit = extended[meant]
        for other in extended:
            if other is not unit and _are_confusable(unit, other) and alias.key in _unit_keys(other):
                problems.add(entry.where, f"tên “{alias.text}” đã dùng cho {other.full_name} ({other.code}).")
        extended[meant] = replace(unit, aliases=(*unit.aliases, alias.text))
    return tuple(extended)


def _unit_keys(unit: Unit) -> set[str]:
    return {fold(name) for name in (unit.full_name, *unit.aliases)}


def _are_confusable(unit: Unit, other: Unit) -> bool:
    """True for units under one parent that exist at the same time."""
    return (
        unit.parent_code == other.parent_code
        and unit.valid_from <= (other.valid_to or date.max)
        and other.valid_from <= (unit.valid_to or date.max)
    )
