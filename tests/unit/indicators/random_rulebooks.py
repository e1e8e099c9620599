"""Random ways of counting, and the packaged ones read from their files."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from transforms.catalogue.problems import Problems
from transforms.catalogue.rulebook import (
    END_DATES,
    OUTSIDE,
    RULEBOOK_COLUMNS,
    RULEBOOK_STATES,
    STARTS,
    Rulebook,
    StateRules,
)
from transforms.catalogue.rulebook_file import parse_rulebook

FOLDER = Path(__file__).parents[3] / "transforms" / "catalogue" / "rulebooks"


def packaged(rulebook_id: str) -> Rulebook:
    """A rulebook of the product; a file with a problem fails."""
    problems = Problems()
    found = parse_rulebook((FOLDER / f"{rulebook_id}.yml").read_bytes(), rulebook_id, problems)
    problems.raise_if_any()
    return found


columns = st.fixed_dictionaries(
    {state: st.sampled_from([*RULEBOOK_COLUMNS, OUTSIDE]) for state in RULEBOOK_STATES}
)
rulebooks = st.builds(
    Rulebook,
    rulebook_id=st.just("khac"),
    columns=columns,
    leaves_out_unknown_procedures=st.booleans(),
    after_start=st.frozensets(st.sampled_from(STARTS)),
    states=st.builds(
        StateRules,
        is_by_latest_export=st.booleans(),
        end_dates=st.lists(st.sampled_from(END_DATES), min_size=1, unique=True).map(tuple),
    ),
    counts_columns_apart=st.booleans(),
    late_from_requests=st.none() | st.integers(1, 2),
)
