"""Identities that must hold within one count: of the form, over fields, over units."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow.compute as pc

from transforms.findings import Finding
from transforms.indicators.measures import DOSSIER_MEASURES, MEASURES
from transforms.indicators.model import ALL_FIELDS, IndicatorTable
from transforms.indicators.population import rows_of_measure
from transforms.indicators.rollup import code_of

BROKEN = "indicator.identity.broken"
ROLLUP_BROKEN = "indicator.rollup.broken"


def check_identities(table: IndicatorTable) -> tuple[Finding, ...]:
    """A critical finding per unit, field and identity of the form that does not hold; normally none.

    Identities: 3 = 4 + 5 + 6, 7 = 8 + 9 + 10, 11 = 12 + 13, 3 = 7 + 11, and for every measure the sum
    over fields equals the total (TT 01/2020/TT-VPCP, Biểu II.06a; DOMAIN.md 2.2). 3 = 7 + 11 is asked only of
    a rulebook that promises it.
    """
    identities = [(m.measure_id, m.parts) for m in DOSSIER_MEASURES if m.parts]
    if table.is_exact:
        identities.append(("received_total", ("resolved_total", "pending_total")))
    broken: list[Finding] = []
    for unit in table.units("received_total"):
        fields = table.facets("received_total", (unit,))
        for field in (*fields, ALL_FIELDS):
            for total, parts in identities:
                addends = [table.value(part, (unit,), field) for part in parts]
                broken += _broken(table, unit, field, total, _numbered(parts), addends)
        for measure in DOSSIER_MEASURES:
            addends = [table.value(measure.measure_id, (unit,), field) for field in fields]
            words = "tổng các lĩnh vực"
            broken += _broken(table, unit, ALL_FIELDS, measure.measure_id, words, addends)
    return tuple(broken)


def check_rollup(table: IndicatorTable) -> tuple[Finding, ...]:
    """A critical finding per measure whose units do not add up to the dossiers that were counted; normally none.

    The sum over all units has to be what a count that knows nothing of units gives: a unit left out or a
    dossier under two lines would show here.
    """
    broken: list[Finding] = []
    for measure in DOSSIER_MEASURES:
        units = table.units(measure.measure_id)
        if not units:
            continue
        added = table.value(measure.measure_id, units) or 0
        counted = pc.sum(rows_of_measure(table.population, measure.measure_id)).as_py() or 0
        if added != counted:
            params = (
                ("measure", measure.label),
                ("stated", counted),
                ("added", added),
                ("period", table.reckoning.period.period_id),
                ("subject", measure.measure_id),
            )
            broken.append(Finding(ROLLUP_BROKEN, "", "dossier", params=params))
    return tuple(broken)


def _numbered(parts: Sequence[str]) -> str:
    """The parts as the form names them: "(4) + (5) + (6)"."""
    return " + ".join(f"({MEASURES[part].column_number})" for part in parts)


def _broken(
    table: IndicatorTable,
    unit: str,
    field: str,
    total: str,
    words: str,
    addends: Sequence[int | None],
) -> list[Finding]:
    stated = table.value(total, (unit,), field)
    added = sum(addend or 0 for addend in addends)
    if stated == added and None not in addends:
        return []
    measure = MEASURES[total]
    params = (
        (
            "measure",
            measure.label if measure.column_number is None else f"{measure.label} ({measure.column_number})",
        ),
        ("parts", words),
        ("stated", stated if stated is not None else "không có"),
        ("added", added),
        ("period", table.reckoning.period.period_id),
        (
            "subject",
            f"{field}: {total} = {words}" if unit == code_of(unit) else f"{unit}, {field}: {total} = {words}",
        ),
    )
    return [Finding(BROKEN, code_of(unit), "dossier", params=params)]
