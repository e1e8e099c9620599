"""A short run of the fuzz: damaged samples are read, partly set apart, or refused with a sentence."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.fuzz import choose_cases, run_cases
from benchmarks.mutations import MUTATIONS


@pytest.mark.parametrize("seed", [11, 12])
def test_every_damaged_sample_comes_out_in_one_of_three_ways(seed: int) -> None:
    outcomes = [(case, outcome) for case, outcome in run_cases(list(choose_cases(160, seed)), seed)]
    assert not [
        f"{case.source.name}: {case.mutation}: {outcome}"
        for case, outcome in outcomes
        if outcome.startswith("FAILED")
    ]
    found = Counter(outcome for _, outcome in outcomes)
    assert set(found) == {"read", "rows quarantined", "refused"}
    assert {case.mutation for case, _ in outcomes} == set(MUTATIONS)
