"""Rules over a table: verdicts from Great Expectations, complete failing rows from our own masks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from expectations.checkpoints import CheckpointRecord, Verdict, run_checkpoint
from expectations.derived import with_code_parts
from expectations.params import RuleParams
from expectations.registry import RULE_DISAGREEMENT, RULE_NOT_EVALUATED, rules_of
from expectations.rule import Rule
from expectations.summary import with_sums
from expectations.supplement import check_supplement
from transforms.findings import Finding, Place
from transforms.schema.model import Sensitivity
from transforms.schema.tables import RECORD_TABLES

SUBJECT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "dossier": ("dossier_code",),
    "fee": ("receipt_number", "dossier_code"),
    "overdue": ("dossier_code",),
    "document": ("symbol",),
    "summary": ("field_name",),
    "supplement": ("item_id",),
}
"""Columns that name a record to a clerk; the first one with a value does."""


def failing_rows(table: pa.Table, rules: Sequence[Rule]) -> dict[str, pa.Array]:
    """Rule code → boolean array over the rows, true where the row fails; no Great Expectations.

    Raises KeyError when the table lacks a column that a rule needs.
    """
    return {rule.code: rule.fails(table) for rule in rules}


def compare_counts(verdicts: Mapping[str, Verdict], masks: Mapping[str, pa.Array]) -> tuple[Finding, ...]:
    """Findings about our own rules: counted differently by the two halves, or not evaluated at all."""
    findings: list[Finding] = []
    for code in sorted({*verdicts, *masks}):
        verdict, mask = verdicts.get(code), masks.get(code)
        kind = code.partition(".")[0]
        if verdict is None or mask is None or not verdict.is_evaluated:
            findings.append(Finding(RULE_NOT_EVALUATED, kind=kind, params=(("code", code),)))
            continue
        mask_count = _count(mask)
        if mask_count != verdict.unexpected_count:
            params = (("code", code), ("gx_count", verdict.unexpected_count), ("mask_count", mask_count))
            findings.append(Finding(RULE_DISAGREEMENT, kind=kind, params=params))
    return tuple(findings)


def check_records(
    kind: str, table: pa.Table, rules: Sequence[Rule], masks: Mapping[str, pa.Array] | None = None
) -> tuple[Finding, ...]:
    """One finding per rule, unit and file with every failing row as a place; rule order, then row order.

    ``masks`` spares reckoning them again. The value of a place is the text of the rule's column (a day as
    dd/mm/yyyy), left empty for columns that are not public.
    """
    masks = failing_rows(table, rules) if masks is None else masks
    return tuple(finding for rule in rules for finding in _findings(kind, table, rule, masks[rule.code]))


def _findings(kind: str, table: pa.Table, rule: Rule, mask: pa.Array) -> list[Finding]:
    if not _count(mask):
        return []
    is_public = RECORD_TABLES[kind].column(rule.column).sensitivity is Sensitivity.PUBLIC
    names = ("unit_code", "_file", "_sheet", "_row", *SUBJECT_COLUMNS[kind], rule.column)
    rows = table.select(list(dict.fromkeys(names))).filter(mask)
    units, files, sheets = (_texts(rows[name]) for name in ("unit_code", "_file", "_sheet"))
    numbers = pc.fill_null(rows["_row"], 0).to_pylist()
    subjects = _texts(pc.coalesce(*(rows[name] for name in SUBJECT_COLUMNS[kind])))
    values = _texts(rows[rule.column]) if is_public else [""] * rows.num_rows
    places: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for unit, file, place in zip(units, files, map(Place, sheets, numbers, subjects, values), strict=True):
        places[unit, file].append(place)
    return [
        Finding(rule.code, unit, kind, file, rule.column, places=tuple(found))
        for (unit, file), found in sorted(places.items())
    ]


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Values as a clerk reads them, a day as dd/mm/yyyy; empty for null."""
    if pa.types.is_date(column.type):
        days = column.combine_chunks().dictionary_encode()
        # Few distinct days: formatting them once is many times faster than formatting every row.
        text = pc.strftime(days.dictionary, format="%d/%m/%Y").take(days.indices)
    else:
        text = column.cast(pa.string())
    texts: list[str] = pc.fill_null(text, "").to_pylist()
    return texts


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)


def prepare_table(kind: str, table: pa.Table, params: RuleParams) -> pa.Table:
    """The record table with the columns that rules compare but no record holds."""
    if kind == "summary":
        return with_sums(table)
    return with_code_parts(table, params) if kind == "dossier" else table


def check_rows(kind: str, table: pa.Table, params: RuleParams) -> tuple[Finding, ...]:
    """All findings about the rows of one kind, from the masks alone; no Great Expectations."""
    findings = check_records(kind, prepare_table(kind, table, params), rules_of(kind, params))
    return (*findings, *check_supplement(table)) if kind == "supplement" else findings


def check_table(
    kind: str, table: pa.Table, params: RuleParams
) -> tuple[tuple[Finding, ...], CheckpointRecord]:
    """All findings about the rows of one kind, and what the checkpoint said: the call of a whole night.

    The findings include those about our own rules (``compare_counts``). Imports Great Expectations.
    """
    rules = rules_of(kind, params)
    prepared = prepare_table(kind, table, params)
    masks = failing_rows(prepared, rules)
    record = run_checkpoint(kind, prepared, rules)
    findings = check_records(kind, prepared, rules, masks)
    sums = check_supplement(table) if kind == "supplement" else ()
    return (*findings, *sums, *compare_counts(record.verdicts, masks)), record
