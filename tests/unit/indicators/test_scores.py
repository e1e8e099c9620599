"""Points of QĐ 766 from what exports tell, and the software's own summary beside our count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from tests.support.pipe_table import read_records
from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.random_rulebooks import packaged
from tests.unit.indicators.small_catalogue import CATALOGUE, reckoning_of
from transforms.catalogue.rulebook import SCORED_RATES
from transforms.history.as_known import known_dossiers
from transforms.indicators.measures import RATIOS
from transforms.indicators.reconcile import reconcile
from transforms.indicators.reconcile_model import ON_TIME_PARTS, Counting
from transforms.indicators.scores import Outcome, PartScore, score_index
from transforms.indicators.software_summary import Fit, find_summary
from transforms.report.reconciled import points_words, share_words
from transforms.schema.tables import DOSSIER, FEE, SUMMARY

BOOKS = {name: packaged(name) for name in ("tt01", "phan_mem", "qd766")}
IN_FORCE = reckoning_of("2023", date(2023, 12, 14))
BEFORE = reckoning_of("2021-9T")
ROWS = """
    | dossier_code | field_name | status_code | channel_code | received_date | due_date   | resolved_date |
    | som          | Hộ tịch    | 10          | 2            | 01/03/2023    | 04/03/2023 | 03/03/2023    |
    | dung         | Hộ tịch    | 10          | 1            | 01/03/2023    | 04/03/2023 | 04/03/2023    |
    | tre          | Hộ tịch    | 10          | 1            | 01/03/2023    | 04/03/2023 | 05/03/2023    |
    | chua-ro      | Hộ tịch    | 4           |              | 01/12/2023    | 20/12/2023 |               |
    """


def counting_of(text: str, rulebook: str = "qd766", reckoning: object = IN_FORCE) -> Counting:
    dossiers = read_versions(DOSSIER, text) if text else DOSSIER.empty()
    catalogue = replace(CATALOGUE, rulebooks=BOOKS)
    found = reconcile(known_dossiers(dossiers), FEE.empty(), reckoning, catalogue, ("16204",))  # type: ignore[arg-type]
    return next(each for each in found.countings if each.rulebook.rulebook_id == rulebook)


def parts_of(counting: Counting) -> dict[str, PartScore]:
    return {score.part.name: score for group in score_index(counting) for score in group.parts}


def test_on_time_share_of_what_was_resolved_earns_its_part_of_twenty_points() -> None:
    progress = parts_of(counting_of(ROWS))["Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn"]
    assert (progress.outcome, progress.numerator, progress.denominator) == (Outcome.SCORED, 2, 3)
    assert progress.points == pytest.approx(40 / 3)
    assert points_words(progress, None) == "13,33"
    assert share_words(progress) == "2/3 (66,7%)"


def test_online_share_is_taken_among_dossiers_whose_channel_is_known() -> None:
    online = parts_of(counting_of(ROWS))["Nộp hồ sơ trực tuyến"]
    assert (online.numerator, online.denominator, online.untold) == (1, 3, 1)
    assert online.points == pytest.approx(4)


def test_online_share_is_no_data_where_no_channel_is_known() -> None:
    rows = """
        | dossier_code | field_name | status_code | received_date | due_date   |
        | HS-1         | Hộ tịch    | 4           | 01/12/2023    | 20/12/2023 |
        """
    online = parts_of(counting_of(rows))["Nộp hồ sơ trực tuyến"]
    assert (online.outcome, online.points) == (Outcome.NO_DATA, None)


def test_groups_that_no_export_feeds_say_so() -> None:
    parts = parts_of(counting_of(ROWS))
    for name in ("Công khai, minh bạch", "Thanh toán trực tuyến", "Số hóa hồ sơ", "Mức độ hài lòng"):
        assert parts[name].outcome is Outcome.NO_DATA
        assert points_words(parts[name], None) == "không có dữ liệu trong tệp kết xuất"


def test_nothing_resolved_is_nothing_arose_and_neither_zero_nor_full_points() -> None:
    parts = parts_of(counting_of(""))
    for name in ("Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn", "Nộp hồ sơ trực tuyến"):
        assert (parts[name].outcome, parts[name].points) == (Outcome.NOTHING_AROSE, None)
        assert points_words(parts[name], None) == "không phát sinh"


def test_period_before_the_decision_is_not_scored() -> None:
    rows = ROWS.replace("2023", "2021")
    progress = parts_of(counting_of(rows, reckoning=BEFORE))["Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn"]
    assert (progress.outcome, progress.points, progress.numerator) == (Outcome.NOT_IN_FORCE, None, 2)
    assert points_words(progress, BOOKS["qd766"].applies_from) == "áp dụng từ 23/6/2022"


def test_rulebook_without_an_index_has_no_points() -> None:
    assert score_index(counting_of(ROWS, "tt01")) == ()


SUMMARY_LINES = """
    | unit_code | window_start | window_end | field_name | received_total | carried_over | received_in_window | early | on_time | late | pending_within | pending_overdue | withdrawn | awaiting_supplement |
    | 16204     | 15/12/2022   | 14/12/2023 | Hộ tịch    | 4              | 0            | 4                  | 1     | 1       | 1    | 1              | 0               | 0         | 0                   |
    """


def summary_lines(text: str) -> pa.Table:
    return read_records(SUMMARY, text)


def test_summary_of_the_same_window_is_reproduced() -> None:
    summary = find_summary(summary_lines(SUMMARY_LINES), ("16204",), IN_FORCE)
    assert summary is not None
    counting = counting_of(ROWS, "phan_mem")
    assert summary.fit(counting, "received_in_window") is Fit.EQUAL
    assert summary.values[ON_TIME_PARTS] == 2
    # Not stated in the summary.
    assert summary.fit(counting, "received_online") is Fit.UNTOLD
    assert summary.is_reproduced_by(counting)


def test_summary_with_another_number_is_not_reproduced() -> None:
    lines = summary_lines(
        SUMMARY_LINES.replace(
            "| 1     | 1       | 1    | 1              |", "| 1     | 2       | 0    | 1              |"
        )
    )
    summary = find_summary(lines, ("16204",), IN_FORCE)
    assert summary is not None
    counting = counting_of(ROWS, "phan_mem")
    assert {m for m in summary.values if summary.fit(counting, m) is Fit.DIFFERS} == {
        "on_time",
        "late",
        ON_TIME_PARTS,
    }
    assert not summary.is_reproduced_by(counting)


def test_withdrawn_printed_in_a_column_of_its_own_is_added_again() -> None:
    rows = ROWS + "| rut | Hộ tịch | 7 | 1 | 01/03/2023 | 04/03/2023 | 09/03/2023 |\n"
    lines = summary_lines(
        """
        | unit_code | window_start | window_end | field_name | on_time | withdrawn |
        | 16204     | 15/12/2022   | 14/12/2023 | Hộ tịch    | 1       | 1         |
        """
    )
    summary = find_summary(lines, ("16204",), IN_FORCE)
    assert summary is not None
    assert summary.fit(counting_of(rows, "phan_mem"), "on_time") is Fit.APART


def test_summary_of_other_days_is_none_and_of_one_unit_of_two_names_the_other() -> None:
    lines = summary_lines(SUMMARY_LINES)
    assert find_summary(lines, ("16204",), BEFORE) is None
    assert find_summary(lines, ("16174",), IN_FORCE) is None
    summary = find_summary(lines, ("16174", "16204"), IN_FORCE)
    assert summary is not None
    assert summary.missing_units == ("16174",)


def test_every_ratio_that_may_earn_points_is_a_ratio() -> None:
    assert set(SCORED_RATES) <= set(RATIOS)
