"""Two counts of one period side by side, from versions of dossiers, receipts and register lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.small_catalogue import CATALOGUE, reckoning_of
from transforms.catalogue.model import Catalogue
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.history.restatement import Counted, Ledger, LedgerContext, explain, roll_up
from transforms.indicators.build import build_indicators
from transforms.indicators.contributions import (
    document_entries,
    dossier_contributions,
    entry_cells,
    fee_entries,
    ledger_cells,
    ledger_population,
    supplement_entries,
)
from transforms.indicators.model import Reckoning
from transforms.schema.model import Table
from transforms.schema.tables import DOCUMENT, DOSSIER, FEE, SUPPLEMENT

UNITS = ("16204", "16174")


def counted(
    dossiers: str | pa.Table = "",
    fees: str = "",
    documents: str = "",
    supplement: str = "",
    *,
    catalogue: Catalogue = CATALOGUE,
    reckoning: Reckoning | None = None,
    rollup: str = "",
    units: Iterable[str] = UNITS,
    deliveries: Iterable[str] = (),
) -> Counted:
    """One side of a comparison; ``deliveries`` are those whose rows stand in the tables unless told."""
    reckoning = reckoning or reckoning_of()
    rows = dossiers if isinstance(dossiers, pa.Table) else _versions(DOSSIER, dossiers)
    receipts, lines, items = (
        latest_versions(_versions(table, text), table)
        for table, text in ((FEE, fees), (DOCUMENT, documents), (SUPPLEMENT, supplement))
    )
    table = build_indicators(known_dossiers(rows), receipts, lines, reckoning, catalogue)
    filled_in = supplement_entries(items, reckoning.period.period_id)
    cells = {**ledger_cells(table), **entry_cells(filled_in)}
    population = ledger_population(table)
    entries = pa.concat_tables(
        [
            fee_entries(receipts, reckoning),
            document_entries(lines, reckoning, catalogue.document_types),
            filled_in,
        ]
    )
    known = {*deliveries, *population["_delivery_id"].to_pylist(), *entries["_delivery_id"].to_pylist()}
    return Counted(
        roll_up(cells, rollup or next(iter(units)), units) if rollup else cells,
        population,
        entries,
        reckoning.start,
        reckoning.closing_day,
        reckoning.rulebook,
        frozenset(units),
        frozenset(known - {None}),
    )


def compared(before: Counted, after: Counted, **decided: object) -> Ledger:
    """The ledger of the two, which must add up."""
    context = replace(LedgerContext(dossier_contributions), **decided)  # type: ignore[arg-type]
    ledger = explain(before, after, context)
    assert_adds_up(ledger, before, after)
    return ledger


def assert_adds_up(ledger: Ledger, before: Counted, after: Counted) -> None:
    """The law of the ledger: parts make the difference, each record once a cell, and no changed cell is left out."""
    for change in ledger.changes:
        parts = change.dossiers
        assert change.unexplained == 0, change
        assert sum(part.after - part.before for part in parts) == (change.new or 0) - (change.old or 0)
        assert all(part.after != part.before for part in parts)
        assert len({(part.kind, part.unit_code, part.code) for part in parts}) == len(parts)
        told = {reason: (count, amount) for reason, count, amount in change.reasons}
        for reason, (count, amount) in told.items():
            own = [part for part in parts if part.reason is reason]
            assert (count, amount) == (len(own), sum(part.after - part.before for part in own))
    differing = {
        key
        for key in {*before.cells, *after.cells}
        if (before.cells.get(key) or 0) != (after.cells.get(key) or 0)
    }
    assert differing <= {(change.measure, change.unit, change.facet) for change in ledger.changes}


def reasons_of(ledger: Ledger) -> dict[str, set[str]]:
    """Record → its reasons over all cells."""
    found: dict[str, set[str]] = {}
    for change in ledger.changes:
        for part in change.dossiers:
            found.setdefault(part.code, set()).add(part.reason.value)
    return found


def values_of(
    ledger: Ledger, facet: str = "*", unit: str = "16204"
) -> dict[str, tuple[int | None, int | None]]:
    """Measure → (old, new) of the changed cells of one unit and facet."""
    return {
        change.measure: (change.old, change.new)
        for change in ledger.changes
        if (change.unit, change.facet) == (unit, facet)
    }


def _versions(table: Table, text: str) -> pa.Table:
    return read_versions(table, text) if text else table.empty()
