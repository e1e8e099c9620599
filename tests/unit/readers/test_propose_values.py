"""What values look like: shares and counts, and which of them are people's."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.unit.readers.propose_cases import small_catalogue
from transforms.catalogue.proposal import ValueShape, describe_shape
from transforms.readers.header_names import names_person, score_headers
from transforms.readers.value_shape import fit_of_parse, is_data_like, looks_personal, measure_shapes


def _shape(*values: str | None) -> ValueShape:
    return measure_shapes(pa.table({"c0": pa.array(values, pa.string())}), small_catalogue())[0]


def test_shape_counts_filled_and_distinct_cells() -> None:
    shape = _shape("01/08/2021", "01/08/2021", "chưa có", None)
    assert (shape.sampled_count, shape.filled_count, shape.distinct_count) == (4, 3, 2)
    assert shape.share("date") == pytest.approx(2 / 3)
    assert describe_shape(shape) == "ngày 67%; trống 25%; 2 giá trị khác nhau"
    assert describe_shape(_shape(None)) == "cột trống"


@pytest.mark.parametrize(
    ("value", "parse"),
    [
        ("05/01/2021 07:30:00", "date"), ("000.09.42.H56-210801-0001", "code"), ("H56-BN-2021-77", "code"),
        ("1.001193.000.00.00.H56", "procedure_code"), ("11.250.000 đ", "money"), ("3", "count"),
        ("Đã trả kết quả", "status"), ("Trực tuyến", "channel"), ("362/QĐ-UBND", "symbol"), ("61/2021/QĐ-UBND", "symbol"),
    ],
)  # fmt: skip
def test_value_suits_its_way_of_reading(value: str, parse: str) -> None:
    assert fit_of_parse(parse, _shape(value)) >= 0.8


@pytest.mark.parametrize(
    ("value", "parse"),
    [("Người Mẫu", "date"), ("31/09/2021", "date"), ("Đăng ký", "code"), ("01/08/2021", "money"), ("mười", "count")],
)  # fmt: skip
def test_value_of_another_sort_does_not_suit(value: str, parse: str) -> None:
    assert fit_of_parse(parse, _shape(value)) == 0


@pytest.mark.parametrize(
    ("values", "sort"),
    [
        ([f"Người Mẫu {n:04d}" for n in range(9)], "person"),
        ([f"{n:010d}" for n in range(9)], "phone"),
        ([f"{n:012d}" for n in range(9)], "identity"),
        ([f"Thôn {n}, xã Bình Lương" for n in range(9)], "address"),
        ([f"mau{n}@example.org" for n in range(9)], "email"),
        (["Hộ Tịch", "Đất Đai"] * 9, ""),
        (["UBND xã Bình Lương"] * 9, ""),
        ([f"000.09.42.H56-210801-{n:04d}" for n in range(9)], ""),
        ([f"{n},000,000" for n in range(9)], ""),
    ],
)
def test_personal_columns_are_known_by_their_values(values: list[str], sort: str) -> None:
    assert looks_personal(_shape(*values)) == sort


@pytest.mark.parametrize(
    ("header", "is_personal"),
    [
        ("Họ và tên", True), ("SoDienThoaiChuHoSo", True), ("Số CMND/CCCD", True), ("Địa chỉ", True), ("Ngày sinh", True),
        ("Tên thủ tục hành chính", False), ("Ngày nhận", False), ("Mã hồ sơ", False), ("Nơi nhận văn bản", False),
    ],
)  # fmt: skip
def test_personal_headers_are_known_by_their_words(header: str, is_personal: bool) -> None:
    assert names_person(header) is is_personal


def test_words_in_their_order_decide_and_not_letters() -> None:
    scores = score_headers(
        ["Ngày hẹn trả kết quả", "Đến ngày", "MaHoSo", "Ngày  NHẬN\n"],
        ["Ngày hẹn trả", "Ngày đến", "Mã hồ sơ", "Ngày nhận"],
    )
    assert scores[0, 0] == 75
    assert scores[1, 1] == 50
    assert scores[2, 2] == 95
    assert scores[3, 3] == 100


@pytest.mark.parametrize(
    ("text", "is_data"), [("Ngày 1", False), ("(12)", False), ("2021", True), ("01/08/2021", True)]
)
def test_header_row_holds_no_data(text: str, is_data: bool) -> None:
    assert is_data_like(text) is is_data


def test_long_column_is_sampled_over_its_whole_length() -> None:
    column = ["01/08/2021"] * 5_000 + ["chữ"] * 5_000
    shape = _shape(*column)
    assert shape.sampled_count == 500
    assert shape.share("date") == pytest.approx(0.5, abs=0.01)
