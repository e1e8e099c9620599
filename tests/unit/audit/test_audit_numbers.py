"""Numbers as Vietnamese reports write them, and digits that count nothing."""

from decimal import Decimal

import pytest

from transforms.audit.number_words import read_number_words
from transforms.audit.numbers import Quantity, find_quantities, parse_number


def _only(text: str) -> Quantity:
    found = find_quantities(text)
    assert len(found) == 1, [text[q.start : q.end] for q in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("tiếp nhận 1.363 hồ sơ", "1363", "ho_so"),
        ("tiếp nhận 1363 hồ sơ", "1363", "ho_so"),
        ("tiếp nhận 1,363 hồ sơ", "1363", "ho_so"),
        ("tiếp nhận 1\u00a0363 hồ sơ", "1363", "ho_so"),
        ("thu 11.250.000 đồng", "11250000", "dong"),
        ("thu 11,250,000 đồng", "11250000", "dong"),
        ("thu 11 triệu 250 nghìn đồng", "11250000", "dong"),
        ("thu 24,023 tỷ đồng", "24023000000", "dong"),
        ("đạt 96,8 %", "96.8", "%"),
        ("đạt 96.8%", "96.8", "%"),
        ("xử lý 61,3 ngàn hồ sơ", "61300", "ho_so"),
        ("có 1,2 triệu lượt", "1200000", "luot"),
        ("nhận 02 đơn", "2", "don"),
        ("nhận hai đơn", "2", "don"),
        ("diện tích 25.271,9 ha", "25271.9", "dien_tich"),
        ("Văn bản quy phạm pháp luật: 3.", "3", ""),
        ("có 2021 hồ sơ", "2021", "ho_so"),
        ("ban hành Quyết định 362 văn bản", "362", "van_ban"),
        ("tăng 3 điểm phần trăm", "3", "diem_phan_tram"),
    ],
)
def test_a_number_in_any_spelling_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    found = _only(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 362/QĐ-UBND ngày 03/8/2021 của UBND xã",
        "Thông tư số 01/2018/TT-VPCP ngày 23 tháng 11 năm 2018",
        "Thông tư số 01/2018/TT- VPCP",
        "Luật số 91/2025/QH15; Biểu số II.06a/VPCP/KSTT",
        "theo Điều 17, khoản 2 và điểm c; Phụ lục 1; Mẫu số 05",
        "năm 2021; giai đoạn 2021 - 2030; nhiệm kỳ 2021-2026; các năm 2019, 2020",
        "quý III/2021; 9 tháng đầu năm; tháng 7/ 2021; ngày 5/9; từ 21/7 đến ngày 20/8",
        "điện thoại 0912 345 678, số máy 02373 000 001",
        "lúc 7 giờ 30, 07:30, 13h30; hoạt động 24/7",
        "mức độ 3, mức độ 4; mức độ 3, 4; lần thứ 2; tại thôn 3, tổ 5",
        "TCVN ISO 9001:2015; Covid-19; Đề án 06; Nghị quyết 30c/NQ-CP; mã 1.001193, H56.09",
        "bộ phận một cửa, một số nội dung, một phần",
        "1. Kế hoạch",
        "2.1. Kết quả thực hiện",
        "a) Rà soát văn bản",
    ],
)
def test_digits_that_count_nothing_are_no_quantities(text: str) -> None:
    counted = [q for q in find_quantities(text) if q.unit != "thoi_gian"]
    assert [text[q.start : q.end] for q in counted] == []


def test_a_printed_fraction_carries_its_denominator() -> None:
    assert _only("đã giải quyết 4.561/5.650 hồ sơ").below == 5650
    assert _only("thu 5.234.567.000 đồng/5.000.000.000 đồng").below == 5000000000
    assert _only("có 5/9 huyện").below == 9


def test_words_of_approximation_stay_with_the_number() -> None:
    kinds = [q.approximation for q in find_quantities("gần 500 hồ sơ, hơn 20 đơn, khoảng 30 vụ, 40 lượt")]
    assert kinds == ["under", "over", "about", ""]


def test_the_last_printed_place_is_the_precision() -> None:
    values = find_quantities("61,3 ngàn hồ sơ; 96,85%; 1.363 hồ sơ; 285,3 tỷ đồng")
    assert [q.precision for q in values] == [100, Decimal("0.01"), 1, 100_000_000]


def test_a_number_that_names_another_is_left_out() -> None:
    assert [int(q.value) for q in find_quantities("mũi 1: 7.000 liều, mũi 2: 5.560 liều")] == [7000, 5560]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Mười một triệu hai trăm năm mươi nghìn đồng", 11_250_000),
        ("một trăm lẻ năm triệu không trăm hai mươi ngàn đồng chẵn", 105_020_000),
        ("Hai nghìn không trăm linh năm đồng", 2_005),
        ("Một tỷ, hai trăm triệu đồng", 1_200_000_000),
        ("hai mươi mốt triệu", 21_000_000),
        ("ba trăm tư mươi lăm", 345),
        ("một triệu rưỡi", 1_500_000),
    ],
)
def test_amounts_in_words_are_read_in_northern_and_southern_forms(text: str, value: int) -> None:
    assert read_number_words(text) == value


@pytest.mark.parametrize("text", ["", "đồng", "một cái bàn", "triệu đồng", "năm học mới"])
def test_words_that_are_no_number_read_as_none(text: str) -> None:
    assert read_number_words(text) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.363", 1363), ("98,5", Decimal("98.5")), ("96.8%", Decimal("96.8")), ("-12", -12), ("x", None)],
)
def test_a_table_cell_reads_as_one_number_or_none(cell: str, value: object) -> None:
    parsed = parse_number(cell)
    assert (parsed[0] if parsed else None) == value
