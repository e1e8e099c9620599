"""Whatever the offices sent: the records of a changed cell add up to its difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.history.restated_counts import assert_adds_up, compared, counted
from tests.unit.indicators.random_dossiers import FIRST_DAY, SPAN, histories, table_of
from tests.unit.indicators.small_catalogue import CATALOGUE, TT01, reckoning_of
from transforms.catalogue.model import Field
from transforms.catalogue.rulebook import Rulebook
from transforms.history.restatement import Counted, LedgerContext, explain
from transforms.history.restating.model import CONTRIBUTIONS, ENTRIES, POPULATION

OTHER_CATALOGUE = replace(
    CATALOGUE,
    fields=(
        Field("tu_phap", "Hộ tịch", (), True, False, 1),
        Field("chung_thuc", "Chứng thực", (), True, True, 2),
    ),
    rulebooks={
        "tt01": Rulebook("tt01", TT01),
        "khac": Rulebook("khac", {**TT01, "withdrawn": "early", "paused": "pending_overdue"}),
    },
)
catalogues = st.sampled_from([CATALOGUE, OTHER_CATALOGUE])
closing_days = st.integers(0, SPAN + 5).map(lambda offset: FIRST_DAY + timedelta(days=offset))


@settings(max_examples=25, deadline=None)
@given(histories, histories, catalogues, closing_days, closing_days, st.booleans(), st.booleans())
def test_dossiers_of_every_changed_cell_add_up_to_its_difference(
    first: list[object],
    later: list[object],
    catalogue: object,
    one_day: date,
    other_day: date,
    is_rolled_up: bool,
    has_other_rules: bool,
) -> None:
    rollup = "402" if is_rolled_up else ""
    reckoning = reckoning_of("2021-Q1", one_day)
    other = replace(
        reckoning_of("2021-Q1", other_day),
        rulebook="khac" if has_other_rules and catalogue is OTHER_CATALOGUE else "tt01",
    )
    before = counted(table_of(first), reckoning=reckoning, rollup=rollup)  # type: ignore[arg-type]
    after = counted(table_of([*first, *later]), catalogue=catalogue, reckoning=other, rollup=rollup)  # type: ignore[arg-type, list-item]
    compared(before, after, rollup=rollup)
    compared(after, before, rollup=rollup)


names = st.sampled_from([f"HS-{number}" for number in range(6)])
rows = st.lists(
    st.tuples(
        names,
        st.sampled_from(["16204", "16174"]),
        st.sampled_from(["ho_tich", "dat_dai"]),
        st.sampled_from(["within", "late", "withdrawn"]),
        st.integers(0, 3),
    ),
    max_size=8,
)
functions = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(st.sampled_from(["state", "field_id", "status_code"]), st.integers(-3, 5)),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(rows, rows, functions)
def test_any_cell_function_of_single_dossiers_adds_up_even_when_a_code_stands_twice(
    first: list[tuple[str, str, str, str, int]],
    later: list[tuple[str, str, str, str, int]],
    weights: dict[str, tuple[str, int]],
) -> None:
    def contribute(population: pa.Table) -> pa.Table:
        found = []
        for number, row in enumerate(population.to_pylist()):
            for measure, (column, weight) in weights.items():
                amount = weight * len(str(row[column]))
                for facet in (row["field_id"], "*"):
                    found.append((number, measure, row["unit_code"], facet, amount))
        columns = list(zip(*found, strict=True)) or [[] for _ in CONTRIBUTIONS]
        return pa.table([pa.array(column) for column in columns], schema=CONTRIBUTIONS)

    sides = [_side(side, contribute) for side in (first, later)]
    ledger = explain(*sides, LedgerContext(contribute))

    for change in ledger.changes:
        assert change.unexplained == 0
        assert sum(part.after - part.before for part in change.dossiers) == change.difference
    assert {(c.measure, c.unit, c.facet) for c in ledger.changes} >= {
        key
        for key in {*sides[0].cells, *sides[1].cells}
        if sides[0].cells.get(key, 0) != sides[1].cells.get(key, 0)
    }


def _side(rows: list[tuple[str, str, str, str, int]], contribute: object) -> Counted:
    columns = ("dossier_code", "unit_code", "field_id", "state", "status_code")
    population = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], POPULATION)
    cells: dict[tuple[str, str, str], int] = {}
    for row in contribute(population).to_pylist():  # type: ignore[operator]
        key = (row["measure"], row["unit_code"], row["facet"])
        cells[key] = cells.get(key, 0) + row["amount"]
    return Counted(
        cells,
        population,
        ENTRIES.empty_table(),
        date(2021, 1, 1),
        date(2021, 3, 1),
        "tt01",
        frozenset({"16204", "16174"}),
        frozenset(),
    )


amounts = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["fee", "document"]),
        st.sampled_from(["", "x", "y"]),
        st.integers(-5, 9),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_cells_not_made_of_dossiers_add_up_to_their_difference(
    first: list[tuple[int, str, str, int]], later: list[tuple[int, str, str, int]]
) -> None:
    sides = []
    for rows in (first, later):
        entries = pa.Table.from_pylist(
            [
                {
                    "kind": kind,
                    "record": f"{number}",
                    "unit_code": "16204",
                    "measure": measure,
                    "facet": "*",
                    "amount": amount,
                }
                for number, kind, measure, amount in rows
            ],
            ENTRIES,
        )
        counting = entries.filter(pc.not_equal(entries["measure"], ""))
        cells: dict[tuple[str, str, str], int] = {}
        for row in counting.to_pylist():
            cells[row["measure"], "16204", "*"] = cells.get((row["measure"], "16204", "*"), 0) + row["amount"]
        side = _side([], lambda population: CONTRIBUTIONS.empty_table())
        sides.append(replace(side, cells=cells, entries=entries))
    context = LedgerContext(lambda population: CONTRIBUTIONS.empty_table())
    assert_adds_up(explain(*sides, context), *sides)
