"""Rules that follow from the columns themselves, so that a constraint is written down once."""

from __future__ import annotations

from expectations import forms
from expectations.rule import Rule
from transforms.schema.tables import RECORD_TABLES


def derive_rules(kind: str) -> tuple[Rule, ...]:
    """Rules of the content columns of ``RECORD_TABLES[kind]``, in column order.

    Codes are ``<kind>.<column>.<missing | not_in_list | too_small | too_large | malformed>``.
    Provenance columns are ours, not the sender's, and have no rule. KeyError for an unknown kind.
    """
    table = RECORD_TABLES[kind]
    rules: list[Rule] = []
    for name in table.content_names:
        column = table.column(name)
        prefix = f"{kind}.{name}"
        if column.required:
            rules.append(forms.not_missing(f"{prefix}.missing", table, name))
        if column.codes:
            rules.append(forms.in_list(f"{prefix}.not_in_list", table, name, column.codes))
        if column.minimum is not None:
            rules.append(forms.at_least(f"{prefix}.too_small", table, name, column.minimum))
        if column.maximum is not None:
            rules.append(forms.at_most(f"{prefix}.too_large", table, name, column.maximum))
        if column.pattern is not None:
            rules.append(forms.matching(f"{prefix}.malformed", table, name, column.pattern))
    return tuple(rules)
