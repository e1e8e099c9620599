"""Which findings an explanation covers, and what leads out of it again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from expectations.explained import (
    Band,
    ExplainedRow,
    Explanation,
    Explanations,
    default_band,
    finding_value,
    value_mark,
)

TODAY = date(2021, 9, 6)
WHOLE = Explanation("e1", "16204", "dossier.due_date.missing", "Thủ tục không quy định thời hạn", "Văn thư")


def finding(*rows: tuple[str, str], **other: object) -> dict[str, object]:
    """A line of the findings table; each row is a dossier and what stands in its cell."""
    params = other.pop("params", {})
    return {
        "finding_id": "f", "unit_code": "16204", "code": "dossier.due_date.missing", "column_name": "due_date",
        "period_id": "", "count": len(rows) or 1, "params_json": json.dumps(params) if params else None,
        "places": [
            {"sheet": "", "row": 2 + at, "subject": subject, "value": value, "file": ""}
            for at, (subject, value) in enumerate(rows)
        ],
        **other,
    }  # fmt: skip


def covers(explanation: Explanation, row: dict[str, object], day: date = TODAY) -> bool:
    return Explanations([explanation], day).coverage(row).is_full


def rows(*spots: tuple[str, str]) -> tuple[ExplainedRow, ...]:
    return tuple(ExplainedRow(subject, value_mark=value_mark(value)) for subject, value in spots)


@pytest.mark.parametrize(
    ("change", "is_covered"),
    [
        ({}, True),
        ({"unit_code": "16174"}, False),
        ({"rule_code": "dossier.due_date.before_received"}, False),
        ({"column": "due_date"}, True),
        ({"column": "resolved_date"}, False),
        ({"period_id": "2021-9T"}, False),
        ({"subject": "2021-08"}, False),
        ({"expires_on": TODAY}, True),
        ({"expires_on": date(2021, 9, 5)}, False),
        ({"band": Band(high=2)}, True),
        ({"band": Band(high=1)}, False),
        ({"band": Band(low=3)}, False),
    ],
)
def test_explanation_holds_for_its_rule_unit_period_subject_band_and_days(
    change: dict[str, object], is_covered: bool
) -> None:
    assert covers(replace(WHOLE, **change), finding(("H1", ""), ("H2", ""))) is is_covered


def test_explained_rows_stay_explained_wherever_the_next_file_puts_them_and_others_do_not() -> None:
    said = replace(WHOLE, rows=rows(("H1", ""), ("H2", "")))
    assert covers(said, finding(("H2", ""), ("H1", "")))
    assert covers(said, finding(("H2", "")))
    beyond = Explanations([said], TODAY).coverage(finding(("H1", ""), ("H3", "")))
    assert not beyond.is_full
    assert [(part.count, part.subjects) for part in beyond.parts] == [(1, ("H1",))]


def test_other_value_in_the_same_cell_is_not_explained() -> None:
    said = replace(WHOLE, rows=rows(("H1", "01/08/2021")))
    assert covers(said, finding(("H1", "01/08/2021 ")))
    assert not covers(said, finding(("H1", "02/08/2021")))
    assert covers(replace(WHOLE, rows=(ExplainedRow("H1"),)), finding(("H1", "02/08/2021")))


def test_row_without_a_record_is_known_by_its_place() -> None:
    said = replace(WHOLE, rows=(ExplainedRow(sheet="", row=2),))
    assert covers(said, finding(("", "")))
    assert not covers(said, finding(("", ""), ("", "")))


def test_explanations_of_several_people_add_up_and_each_keeps_its_rows() -> None:
    one = replace(WHOLE, decision_id="a", rows=rows(("H1", "")))
    two = replace(WHOLE, decision_id="b", rows=rows(("H2", ""), ("H3", "")))
    found = Explanations([one, two], TODAY).coverage(finding(("H1", ""), ("H2", ""), ("H3", "")))
    assert found.is_full
    assert [(part.explanation.decision_id, part.count) for part in found.parts] == [("a", 1), ("b", 2)]


def test_later_explanation_of_the_same_row_goes_before_the_earlier_one() -> None:
    first = replace(WHOLE, decision_id="a", rows=rows(("H1", "")))
    then = replace(WHOLE, decision_id="b", rows=rows(("H1", "")))
    (part,) = Explanations([first, then], TODAY).coverage(finding(("H1", ""))).parts
    assert part.explanation.decision_id == "b"


def test_number_of_a_finding_is_its_rows_else_the_first_number_it_speaks_of() -> None:
    assert finding_value(finding(("H1", ""), ("H2", ""), params={"total": 90})) == 2
    month = {"month": "8/2021", "subject": "2021-08", "total": 40, "usual": 90}
    assert finding_value(finding(params=month)) == 40
    assert finding_value(finding(params={"window": "2021-9T"})) == 1
    assert finding_value(finding()) == 1


def test_month_outside_the_units_past_is_odd_in_both_directions_and_known_by_its_month() -> None:
    month = {"month": "8/2021", "subject": "2021-08", "total": 40, "usual": 90}
    row = finding(code="history.volume.unusual", params=month)
    assert default_band(row) == Band(40, 40)
    assert default_band(finding(("H1", ""))) == Band(None, 1)
    said = replace(WHOLE, rule_code="history.volume.unusual", subject="2021-08", band=Band(36, 44))
    assert covers(said, row)
    assert not covers(said, finding(code="history.volume.unusual", params={**month, "total": 45}))
    assert not covers(said, finding(code="history.volume.unusual", params={**month, "subject": "2021-07"}))
