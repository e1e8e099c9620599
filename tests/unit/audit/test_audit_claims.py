"""Totals, rates, comparisons, balances and tables: one rule each, in the words of a report."""

from decimal import Decimal

import pytest

from transforms.audit import AuditFacts, ClaimKind, Judgement, KnownFigure, Verdict, audit_text, split_text


def _judge(text: str, kind: ClaimKind | None = None, facts: AuditFacts | None = None) -> list[Judgement]:
    found = audit_text(split_text(text), facts).judgements
    return [j for j in found if kind is None or j.claim.kind is kind]


def _verdict(text: str, kind: ClaimKind | None = None) -> str:
    (found,) = _judge(text, kind)
    return found.verdict.value


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tiếp nhận 258 văn bản đến, trong đó có 174 quyết định.", "consistent"),
        ("Tiếp nhận 158 văn bản đến, trong đó có 174 quyết định.", "contradiction"),
        ("Xã có 22 người, trong đó nữ 10 người, đảng viên 18 người.", "consistent"),
        ("Nhận 60 đơn. Trong đó khiếu nại 20 đơn, kiến nghị 30 đơn.", "remainder_not_classified"),
        (
            "Phòng A: 5 hồ sơ; phòng B: 10 hồ sơ, trong đó 02 hồ sơ đang giải quyết; phòng C: 7 hồ sơ.",
            "consistent",
        ),
        ("Tổ chức 02 lớp tập huấn, gồm 120 học viên.", ""),
        ("Đã giải quyết 720 hồ sơ (năm trước 650 hồ sơ, năm 2019 là 600 hồ sơ).", ""),
    ],
)
def test_a_total_is_judged_by_parts_that_count_the_same(text: str, verdict: str) -> None:
    assert [j.verdict.value for j in _judge(text, ClaimKind.TOTAL)] == ([verdict] if verdict else [])


def test_a_total_with_decimals_allows_half_a_place_for_each_number() -> None:
    text = "Tổng vốn 12,5 tỷ đồng, gồm vốn tỉnh 7,26 tỷ đồng, vốn huyện {} tỷ đồng."
    assert _verdict(text.format("5,28")) == "within_rounding"
    assert _verdict(text.format("5,48")) == "contradiction"


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        ("80,7 %", "consistent"),
        ("80,73 %", "consistent"),
        ("80,8 %", "within_rounding"),
        ("80,6 %", "within_rounding"),
        ("80,9 %", "contradiction"),
        ("81 %", "consistent"),
        ("70,7 %", "contradiction"),
    ],
)
def test_a_rate_agrees_at_its_printed_precision(rate: str, verdict: str) -> None:
    assert _verdict(f"Đã giải quyết 4.561/5.650 hồ sơ ({rate}).", ClaimKind.RATE) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Đã trả 2.498/2.500 hồ sơ (100%).", "within_rounding"),
        ("Đã trả 2.501/2.500 hồ sơ (100%).", "contradiction"),
        ("Đã trả 1.250/2.500 hồ sơ (100%).", "contradiction"),
        ("Tỷ lệ đúng hạn đạt 98,5 %.", "denominator_unknown"),
        ("Tiếp nhận 500 hồ sơ, giải quyết đúng hạn 441 hồ sơ, đạt 98%.", "denominator_unknown"),
        ("Đến hạn 450 hồ sơ, giải quyết đúng hạn 441 hồ sơ, đạt 98%.", "consistent"),
        ("Đã số hóa 1.540 hồ sơ trên tổng số 2.200 hồ sơ, đạt 75%.", "contradiction"),
    ],
)
def test_a_rate_needs_a_denominator_of_its_own_kind(text: str, verdict: str) -> None:
    assert _verdict(text, ClaimKind.RATE) == verdict


@pytest.mark.parametrize(
    "text",
    [
        "Phấn đấu đạt 95% hồ sơ trực tuyến.",
        "Có 12/16 xã đạt 100% hồ sơ đúng hạn.",
        "Dao động từ 85% đến 90%.",
        "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ\n- Tỷ lệ hồ sơ trực tuyến đạt 80%.",
    ],
)
def test_targets_thresholds_and_ranges_are_no_rates(text: str) -> None:
    assert _judge(text, ClaimKind.RATE) == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tiếp nhận 1.363 hồ sơ, giảm 142 hồ sơ so với cùng kỳ (1.505 hồ sơ).", "consistent"),
        ("Tiếp nhận 1.363 hồ sơ, tăng 142 hồ sơ so với cùng kỳ (1.505 hồ sơ).", "contradiction"),
        ("Tiếp nhận 1.363 hồ sơ, giảm 9,4% so với cùng kỳ (1.505 hồ sơ).", "consistent"),
        ("Tiếp nhận 1.363 hồ sơ, giảm 9,4% so với cùng kỳ.", "not_checkable"),
        ("Tỷ lệ tăng từ 45% lên 58%, tăng 13 điểm phần trăm.", "consistent"),
        ("Tỷ lệ tăng từ 45% lên 58%, tăng 23 điểm phần trăm.", "contradiction"),
        ("Tỷ lệ tăng từ 40% lên 60%, tăng 50%.", "consistent"),
    ],
)
def test_a_change_is_judged_where_both_periods_are_stated(text: str, verdict: str) -> None:
    assert _verdict(text, ClaimKind.COMPARISON) == verdict


def test_points_called_percent_are_remarked_not_accused() -> None:
    audit = audit_text(split_text("Tỷ lệ tăng từ 45% lên 58%, tăng 13%."))
    assert [j.verdict.value for j in audit.judgements] == ["consistent"]
    assert [remark.code for remark in audit.remarks] == ["comparison.points"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tiếp nhận 870 hồ sơ; đã giải quyết 851 hồ sơ; đang giải quyết 19 hồ sơ.", "consistent"),
        ("Tiếp nhận 870 hồ sơ; đã giải quyết 861 hồ sơ; đang giải quyết 19 hồ sơ.", "contradiction"),
        (
            "Tiếp nhận 870 hồ sơ; đã giải quyết 841 hồ sơ; đang giải quyết 19 hồ sơ.",
            "remainder_not_classified",
        ),
        (
            "Tiếp nhận 870 hồ sơ; kỳ trước chuyển sang 10 hồ sơ; đã giải quyết 861 hồ sơ; đang giải quyết 19 hồ sơ.",
            "consistent",
        ),
    ],
)
def test_received_balances_resolved_and_pending(text: str, verdict: str) -> None:
    assert _verdict(text, ClaimKind.BALANCE) == verdict


def test_resolved_on_time_is_not_contradicted_by_what_is_open() -> None:
    text = "100% hồ sơ đã giải quyết đúng hạn; đang giải quyết 12 hồ sơ."
    assert _judge(text, ClaimKind.ON_TIME) == []


def test_received_on_time_is_contradicted_by_what_is_open() -> None:
    text = "100% hồ sơ tiếp nhận được trả đúng hạn; đang giải quyết 12 hồ sơ."
    assert _verdict(text, ClaimKind.ON_TIME) == "contradiction"


TABLE = """| TT | Đơn vị | Tổng số | Trực tuyến | Trực tiếp |
| 1 | Xã Mẫu Một | 120 | 40 | 80 |
| 2 | Xã Mẫu Hai | 88 | 20 | 68 |
| 3 | Xã Mẫu Ba | 97 | 36 | 61 |
| | Tổng cộng | 305 | 96 | 209 |"""


def test_a_sound_table_has_no_alarm() -> None:
    assert {j.verdict for j in _judge(TABLE)} == {Verdict.CONSISTENT}


@pytest.mark.parametrize(
    ("old", "new"), [("| 68 |", "| 78 |"), ("| 97 |", "| 79 |"), ("| 96 |", "| 69 |"), ("| 305 |", "| 350 |")]
)
def test_the_one_wrong_cell_of_a_table_is_the_one_reported(old: str, new: str) -> None:
    alarms = [j for j in _judge(TABLE.replace(old, new)) if j.is_alarm]
    assert [j.claim.text for j in alarms] == [new.strip("| ")]
    assert alarms[0].expected == Decimal(old.strip("| "))


def test_a_list_and_a_table_that_differ_in_one_place_are_told_apart() -> None:
    text = "Theo lĩnh vực:\n- Hộ tịch: 120 hồ sơ;\n- Chứng thực: 215 hồ sơ;\n- Đất đai: 31 hồ sơ.\n"
    rows = (
        "| TT | Lĩnh vực | Số hồ sơ |\n| 1 | Hộ tịch | 120 |\n| 2 | Chứng thực | 215 |\n| 3 | Đất đai | 37 |"
    )
    (found,) = _judge(text + rows, ClaimKind.REPEAT)
    assert (found.claim.text, found.expected) == ("31 hồ sơ", 37)


def test_the_suspect_is_the_number_in_which_broken_checks_meet() -> None:
    text = (
        "Tiếp nhận 1.363 hồ sơ, gồm 84 hồ sơ trực tuyến và 1.297 hồ sơ trực tiếp.\n"
        "| TT | Lĩnh vực | Tổng số | Trực tuyến | Trực tiếp |\n"
        "| 1 | Hộ tịch | 277 | 23 | 254 |\n"
        "| 2 | Chứng thực | 1.086 | 61 | 1.025 |\n"
        "| | Tổng số | 1.363 | 84 | 1.279 |"
    )
    (alarm,) = [j for j in _judge(text) if j.is_alarm]
    assert alarm.suspect is not None
    assert split_text(text).blocks[0].text[alarm.suspect.start : alarm.suspect.end] == "1.297 hồ sơ"


FIGURES = (
    KnownFigure("received_total", Decimal(1363), "received_total/16204/*"),
    KnownFigure("received_total", Decimal(277), "received_total/16204/ho_tich", "Hộ tịch"),
    KnownFigure(
        "received_total",
        Decimal(545),
        "received_total/16204/chung_thuc",
        "Chứng thực",
        ("Công chứng, chứng thực",),
    ),
)


def test_counts_are_compared_with_the_cell_that_their_words_name() -> None:
    text = (
        "Đã tiếp nhận 1.363 hồ sơ, cụ thể:\n+ Hộ tịch: 280 hồ sơ;\n"
        "+ Công chứng, chứng thực: 545 hồ sơ;\n+ Đất đai: 538 hồ sơ."
    )
    found = {j.claim.text: j for j in _judge(text, ClaimKind.COUNT, AuditFacts(figures=FIGURES))}
    assert found["1.363 hồ sơ"].verdict is Verdict.AGREES_WITH_DATA
    assert found["545 hồ sơ"].cell_id == "received_total/16204/chung_thuc"
    assert found["280 hồ sơ"].verdict is Verdict.DISAGREES_WITH_DATA
    assert (found["280 hồ sơ"].expected, found["280 hồ sơ"].difference) == (277, 3)
    assert "538 hồ sơ" not in found


def test_figures_of_another_period_are_not_compared() -> None:
    text = "So với cùng kỳ năm trước tiếp nhận 1.505 hồ sơ."
    assert _judge(text, ClaimKind.COUNT, AuditFacts(figures=FIGURES)) == []
