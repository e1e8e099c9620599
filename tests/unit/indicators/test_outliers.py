"""Units far from the others: the median of the others, chance allowed for, few dossiers judged never."""

from __future__ import annotations

from transforms.indicators.outliers import LEAST_DOSSIERS, find_outliers

ALIKE = {f"1620{number}": (95 + number % 3, 100) for number in range(6)}


def test_unit_far_below_the_others_is_named_with_their_median() -> None:
    (found,) = find_outliers({**ALIKE, "16299": (60, 100)})
    assert (found.unit_code, found.numerator, found.denominator, found.others) == ("16299", 60, 100, 6)
    assert found.median == 0.96
    assert found.score < 0


def test_units_alike_name_nobody() -> None:
    assert find_outliers(ALIKE) == ()


def test_few_dossiers_are_not_judged() -> None:
    assert find_outliers({**ALIKE, "16299": (0, LEAST_DOSSIERS - 1)}) == ()
    assert len(find_outliers({**ALIKE, "16299": (0, LEAST_DOSSIERS)})) == 1


def test_too_few_others_judge_nobody() -> None:
    few = dict(list(ALIKE.items())[:3])
    assert find_outliers({**few, "16299": (10, 100)}) == ()


def test_outlier_does_not_hide_a_second_one() -> None:
    found = find_outliers({**ALIKE, "16298": (40, 100), "16299": (55, 100)})
    assert [each.unit_code for each in found] == ["16298", "16299"]
