"""Which measure of dossiers the words around a number name."""

import pytest

from transforms.audit import BlockKind, TextBlock
from transforms.audit.measures import measure_of
from transforms.audit.reading import read_blocks


def _measures(text: str) -> list[tuple[str, str]]:
    (read,) = read_blocks([TextBlock(BlockKind.PARAGRAPH, text)])
    return [(str(quantity.value), measure_of(read, quantity)) for quantity in read.quantities]


@pytest.mark.parametrize("joint", [", gồm ", ", trong đó ", " ("])
def test_parts_after_their_numbers_are_each_read_by_their_own_words(joint: str) -> None:
    text = f"Đã giải quyết 849 hồ sơ{joint}236 hồ sơ trước hạn, 576 hồ sơ đúng hạn và 37 hồ sơ quá hạn."
    assert _measures(text) == [
        ("849", "resolved_total"),
        ("236", "early"),
        ("576", "on_time"),
        ("37", "late"),
    ]


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("Trước hạn 236 hồ sơ, 576 hồ sơ đúng hạn.", ["early", "on_time"]),
        ("Quá hạn 12 hồ sơ, 5 hồ sơ của lĩnh vực đất đai.", ["late", ""]),
        ("Trước hạn 236 hồ sơ đúng hạn 576 hồ sơ.", ["early", "on_time"]),
        ("Đã tiếp nhận tại 16 xã 576 hồ sơ.", ["received_total", "received_total"]),
        ("Về giải quyết đúng hạn, 576 hồ sơ.", ["on_time"]),
        ("Trước hạn: 236 hồ sơ; đúng hạn: 576 hồ sơ.", ["early", "on_time"]),
    ],
)
def test_words_before_a_number_do_not_reach_across_another(text: str, measures: list[str]) -> None:
    assert [measure for _, measure in _measures(text)] == measures


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Đang giải quyết 21 hồ sơ, gồm 06 hồ sơ còn trong hạn và 15 hồ sơ đã quá hạn.", "pending_overdue"),
        ("Số hồ sơ chưa giải quyết là 21 hồ sơ (trong đó quá hạn 15 hồ sơ).", "pending_overdue"),
        ("Đã giải quyết 90 hồ sơ, còn lại 21 hồ sơ, trong đó quá hạn: 15 hồ sơ.", "pending_overdue"),
        ("Đang giải quyết 21 hồ sơ, trong đó: trong hạn 6 hồ sơ; quá hạn 15 hồ sơ.", "pending_overdue"),
        ("Đang giải quyết 21 hồ sơ: trong hạn 6 hồ sơ, quá hạn 15 hồ sơ.", "pending_overdue"),
        ("Đã giải quyết 90 hồ sơ, gồm 75 hồ sơ đúng hạn và 15 hồ sơ quá hạn.", "late"),
        ("Đang giải quyết 21 hồ sơ; đã giải quyết 90 hồ sơ, trong đó quá hạn 15 hồ sơ.", "late"),
        ("Đang giải quyết 21 hồ sơ; đã giải quyết quá hạn 15 hồ sơ.", "late"),
        ("Đang giải quyết 21 hồ sơ, gồm 06 hồ sơ của kỳ trước; quá hạn 15 hồ sơ.", "late"),
        (
            "Đã giải quyết 90 hồ sơ, đang giải quyết 21 hồ sơ, trong đó đúng hạn 75 hồ sơ, quá hạn 15 hồ sơ.",
            "late",
        ),
    ],
)
def test_overdue_is_pending_where_it_is_a_part_of_what_is_pending(text: str, measure: str) -> None:
    assert _measures(text)[-1] == ("15", measure)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Ngoài biểu: 4 hồ sơ không được tiếp nhận.", "exit"),
        ("Không tiếp nhận 4 hồ sơ.", "exit"),
        ("Ngoài biểu: 4 hồ sơ chưa được tiếp nhận tính đến ngày chốt số liệu.", ""),
        ("Ngoài biểu: 4 hồ sơ mới đăng ký, chưa được tiếp nhận.", ""),
        ("Đã tiếp nhận 4 hồ sơ.", "received_total"),
        ("Có 4 hồ sơ được tiếp nhận.", "received_total"),
    ],
)
def test_dossiers_that_were_not_received_are_no_received_dossiers(text: str, measure: str) -> None:
    assert _measures(text) == [("4", measure)]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("211 hồ sơ chưa rõ hình thức nộp được tính vào cột trực tiếp, dịch vụ bưu chính.", ""),
        ("211 hồ sơ không có ngày hẹn trả được tính là đúng hạn hoặc trong hạn.", ""),
        ("211 hồ sơ do công dân rút được tính vào cột đúng hạn.", ""),
        ("211 hồ sơ do đơn vị khác tiếp nhận được tính cho đơn vị giải quyết.", ""),
        ("211 hồ sơ được nộp trực tiếp.", "received_direct"),
    ],
)
def test_a_note_on_where_dossiers_are_counted_states_no_column(text: str, measure: str) -> None:
    assert _measures(text) == [("211", measure)]
