"""Laws of the state: it agrees with a plain reading of the text, and closed stays closed."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.indicators.random_dossiers import FIRST_DAY, SPAN, Version, days, histories, table_of
from transforms.history.as_known import known_dossiers
from transforms.indicators.state import CLOSED, COUNTED, OPEN, state_on

RANK = {state: rank for rank, group in enumerate((("not_received",), OPEN, CLOSED)) for state in group}


def state_in_words(history: list[Version], day: date) -> str:
    """The state of one dossier as DESIGN.md tells it, row by row; ``history`` in order of knowing."""
    in_order = sorted(history, key=lambda version: version.exported)  # stable: later knowledge wins
    standing = [
        version
        for version, following in zip(in_order, [*in_order[1:], None], strict=True)
        if following is None or following.exported != version.exported
    ]
    latest = standing[-1]
    since = latest.exported
    for version in reversed(standing):
        if version.status != latest.status:
            break
        since = version.exported
    shown = next((version.status for version in reversed(standing) if version.exported <= day), None)

    if latest.status == 1:
        return "registered"
    if latest.status == 3:
        return "refused"
    if latest.received is None or latest.received > day:
        return "not_received"
    if latest.status in (5, 6, 8):
        if (latest.resolved or since) <= day:
            return "paused"
    else:
        closing = latest.resolved or latest.returned or (since if latest.status in (7, 9, 10) else None)
        if closing is not None and closing <= day:
            if latest.status == 7:
                return "withdrawn"
            if latest.due is None or closing == latest.due:
                return "on_time"
            return "early" if closing < latest.due else "late"
    if shown in (5, 6, 8):
        return "paused"
    return "overdue" if latest.due is not None and latest.due < day else "within"


def states_by_number(history: list[Version], day: date) -> dict[str, str]:
    known = known_dossiers(table_of(history))
    return dict(zip(known.latest["dossier_code"].to_pylist(), state_on(known, day).to_pylist(), strict=True))


@settings(max_examples=200)
@given(history=histories, day=days)
def test_state_agrees_with_a_plain_reading_of_the_rules(history: list[Version], day: date) -> None:
    numbers = {version.number for version in history}
    assert states_by_number(history, day) == {
        f"HS-{number}": state_in_words([v for v in history if v.number == number], day) for number in numbers
    }


@given(history=histories)
def test_dossier_moves_only_forward_from_unreceived_to_open_to_closed(history: list[Version]) -> None:
    known = known_dossiers(table_of(history))
    by_day = [state_on(known, FIRST_DAY + timedelta(days=offset)).to_pylist() for offset in range(SPAN + 1)]
    for path in zip(*by_day, strict=True):
        if path[0] not in RANK:
            assert set(path) == {path[0]}, "outside the population on every day"
            continue
        ranks = [RANK[state] for state in path]
        assert ranks == sorted(ranks)
        assert len({state for state in path if state in CLOSED}) <= 1, "how it was closed never changes"


@given(history=histories, first=days, length=st.integers(0, SPAN))
def test_opening_and_received_equal_resolved_and_pending(
    history: list[Version], first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    known = known_dossiers(table_of(history))
    before, after = (state_on(known, day).to_pylist() for day in (first - timedelta(days=1), last))
    received_days = known.latest["received_date"].to_pylist()
    pairs = list(zip(before, after, received_days, strict=True))
    opening = sum(state in OPEN for state, _, _ in pairs)
    received = sum(s in COUNTED and day is not None and first <= day <= last for _, s, day in pairs)
    resolved = sum(state in CLOSED and old not in CLOSED for old, state, _ in pairs)
    pending = sum(state in OPEN for _, state, _ in pairs)
    assert opening + received == resolved + pending
