"""Months before days, and days that a spreadsheet turned round: by the whole column or not at all."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.support.export_files import packaged_profiles
from transforms.readers.date_order import settle_date_order
from transforms.readers.values import parse_dates

PROFILE = next(profile for profile in packaged_profiles() if profile.profile_id == "tandan.dossier.v1")
ALL_MONTH_FIRST = ["08/02/2021", "08/13/2021 07:30:00", "08/20/2021", "08/25/21", "9-1-2021"]
TURNED = [
    "2021-05-09",
    "2021-06-09",
    "2021-07-09",
    "2021-08-09 00:00:00",
    "2021-09-09",
    "13/09/2021",
    "14/09/2021",
    "30/09/2021",
]


def _settle(**columns: list[str | None]) -> tuple[dict[str, list[str | None]], list[tuple[str, str]]]:
    longest = max(map(len, columns.values()))
    padded = {name: [*texts, *[None] * (longest - len(texts))] for name, texts in columns.items()}
    body = pa.table({name: pa.array(texts, pa.string()) for name, texts in padded.items()})
    body, findings = settle_date_order(body, PROFILE)
    return body.to_pydict(), [(finding.code, finding.column) for finding in findings]


def _days(texts: list[str | None]) -> list[str | None]:
    return [
        None if day is None else day.isoformat()
        for day in parse_dates(pa.array(texts, pa.string()))[0].to_pylist()
    ]


def test_column_with_its_months_first_is_turned_as_a_whole() -> None:
    body, findings = _settle(received_date=ALL_MONTH_FIRST)
    assert findings == [("file.date.month_first", "received_date")]
    assert body["received_date"] == [
        "02/08/2021",
        "13/08/2021 07:30:00",
        "20/08/2021",
        "25/08/21",
        "1-9-2021",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["05/08/2021", "06/08/2021", "07/08/2021"],
        ["05/08/2021", "31/09/2021", "25/08/2021"],
        ["08/13/2021", "08/14/2021", "08/15/2021", "16/08/2021"],
        ["2021-08-13", "44411", "", None],
    ],
)
def test_column_that_proves_nothing_stays_day_first(texts: list[str | None]) -> None:
    assert _settle(received_date=texts) == ({"received_date": texts}, [])


def test_one_or_two_impossible_days_are_slips_and_only_make_the_order_doubtful() -> None:
    texts: list[str | None] = ["05/08/2021", "08/13/2021", "08/14/2021"]
    body, findings = _settle(received_date=texts)
    assert (body["received_date"], findings) == (texts, [("file.date.order_doubtful", "received_date")])
    assert _days(texts) == ["2021-08-05", None, None]


def test_column_with_few_proofs_follows_a_proven_one_of_the_file() -> None:
    body, findings = _settle(received_date=ALL_MONTH_FIRST, resolved_date=["08/04/2021", "08/16/2021"])
    assert body["resolved_date"][:2] == ["04/08/2021", "16/08/2021"]
    assert findings == [
        ("file.date.month_first", "received_date"),
        ("file.date.month_first", "resolved_date"),
    ]


def test_column_without_any_proof_beside_a_proven_one_is_left_and_named() -> None:
    body, findings = _settle(received_date=ALL_MONTH_FIRST, resolved_date=["08/04/2021", "08/05/2021"])
    assert body["resolved_date"][:2] == ["08/04/2021", "08/05/2021"]
    assert ("file.date.order_doubtful", "resolved_date") in findings


def test_days_that_excel_took_for_months_are_turned_back() -> None:
    body, findings = _settle(received_date=TURNED)
    assert findings == [("file.date.turned_by_excel", "received_date")]
    assert _days(body["received_date"]) == [f"2021-09-{day:02d}" for day in (5, 6, 7, 8, 9, 13, 14, 30)]


@pytest.mark.parametrize("extra", ["2021-09-25", "05/09/2021", "09/25/2021"])
def test_one_cell_against_it_leaves_excels_days_alone(extra: str) -> None:
    body, findings = _settle(received_date=[*TURNED, extra])
    assert (body["received_date"], findings) == ([*TURNED, extra], [])


def test_few_turned_days_are_only_doubtful() -> None:
    texts: list[str | None] = [*TURNED[:3], *TURNED[5:]]
    assert _settle(received_date=texts) == (
        {"received_date": texts},
        [("file.date.order_doubtful", "received_date")],
    )


def test_other_columns_are_never_touched() -> None:
    assert _settle(procedure_name=ALL_MONTH_FIRST) == ({"procedure_name": ALL_MONTH_FIRST}, [])
