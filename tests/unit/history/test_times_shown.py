"""How often exports showed a status: unbroken runs, up to a day."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.random_dossiers import Version, days, histories, table_of
from transforms.history.as_known import known_dossiers
from transforms.schema.tables import DOSSIER


def times_in_words(history: list[Version], status: int, day: date) -> int:
    """Row by row: of one day's exports the last known stands; a run begins where the status was another before."""
    in_order = sorted(history, key=lambda version: version.exported)  # stable: later knowledge wins
    standing = [
        version
        for version, following in zip(in_order, [*in_order[1:], None], strict=True)
        if following is None or following.exported != version.exported
    ]
    return sum(
        version.status == status
        and version.exported <= day
        and (number == 0 or standing[number - 1].status != status)
        for number, version in enumerate(standing)
    )


@settings(max_examples=60, deadline=None)
@given(history=histories, day=days)
def test_times_shown_agrees_with_a_plain_reading(history: list[Version], day: date) -> None:
    known = known_dossiers(table_of(history))
    found = known.times_shown(5, day).to_pylist()
    assert found == [
        times_in_words([v for v in history if f"HS-{v.number}" == code], 5, day)
        for code in known.latest["dossier_code"].to_pylist()
    ]


def test_status_shown_by_two_exports_in_a_row_is_one_time() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | exported   |
        | HS-1         | 5           | 05/03/2021 |
        | HS-1         | 5           | 06/03/2021 |
        | HS-1         | 4           | 07/03/2021 |
        | HS-1         | 5           | 08/03/2021 |
        """,
    )
    known = known_dossiers(versions)
    assert known.times_shown(5, date(2021, 3, 7)).to_pylist() == [1]
    assert known.times_shown(5, date(2021, 3, 8)).to_pylist() == [2]
    assert known.times_shown(4, date(2021, 3, 6)).to_pylist() == [0]


def test_no_dossiers_are_shown_no_times() -> None:
    assert known_dossiers(DOSSIER.empty()).times_shown(5, date(2021, 3, 8)).to_pylist() == []
