"""Document registers as typed records."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.canonical.small_exports import CATALOGUE, canonicalise_table, codes_of, rows_of
from transforms.canonical.document_type import DocumentTypes, tidy_symbol
from transforms.canonical.issuer_level import issuer_level
from transforms.schema.tables import DOCUMENT


@pytest.mark.parametrize(
    ("printed", "symbol"),
    [
        ("362 /QĐ-UBND", "362/QĐ-UBND"),
        ("Số: 362/ QĐ – UBND", "362/QĐ-UBND"),
        ("01/2021/NQ-HĐND", "01/2021/NQ-HĐND"),
        ("-", None),
        ("", None),
    ],
)
def test_symbol_is_tidied_without_losing_anything(printed: str, symbol: str | None) -> None:
    assert tidy_symbol(printed) == symbol


@pytest.mark.parametrize(
    ("symbol", "summary", "type_id"),
    [
        ("362/QĐ-UBND", "Báo cáo gì đó", "quyet_dinh"),
        ("362/QD-UBND", None, "quyet_dinh"),
        ("61/TTr-UBND", None, "to_trinh"),
        ("61/TTR-UBND", None, "to_trinh"),
        ("72/BC", None, "bao_cao"),
        ("05/HD-UBND", None, "huong_dan"),
        ("05/HĐ-UBND", None, "hop_dong"),
        ("12/NQ-HĐND", None, "nghi_quyet"),
        ("01/2021/NQ-HĐND", None, "nghi_quyet_qppl"),
        ("01/2021/QĐ-UBND", None, "quyet_dinh_qppl"),
        ("01/2021/QĐ-CTUBND", None, "quyet_dinh"),
        ("03/2021/BC-UBND", None, "bao_cao"),
        ("123/UBND-VP", "Báo cáo kết quả", "cong_van"),
        ("5318/BNV-CCHC", None, "cong_van"),
        ("45/XYZ", "Giấy mời họp Hội đồng", "giay_moi"),
        ("45", "V/v báo cáo số liệu", "cong_van"),
        (None, "Quyết định về việc phê duyệt", "quyet_dinh"),
        ("45/XYZ", "Nội dung khác", "khac"),
        ("61/2018/NĐ-CP", "Nghị định về một cửa", "khac"),
        (None, None, "khac"),
    ],
)
def test_document_type_comes_from_the_symbol_else_from_the_first_words(
    symbol: str | None, summary: str | None, type_id: str
) -> None:
    assert DocumentTypes(CATALOGUE.document_types).type_of(symbol, summary) == type_id


@pytest.mark.parametrize(
    ("author", "symbol", "level"),
    [
        ("UBND xã Hóa Quỳ", None, "xa"),
        ("UBND xã Hóa Quỳ, huyện Như Xuân, tỉnh Thanh Hóa", None, "xa"),
        ("Thị trấn Yên Cát", None, "xa"),
        ("UBND huyện Như Xuân", "12/QĐ-UBND", "huyen"),
        ("Huyện ủy Như Xuân", None, "huyen"),
        ("Thị xã Bỉm Sơn", None, "huyen"),
        ("UBND thành phố Thanh Hóa", None, "huyen"),
        ("Phòng Nội vụ", None, "huyen"),
        ("Phòng Lao động - Thương binh và Xã hội", None, "huyen"),
        ("Phòng Lao động - Thương binh và Xã hội huyện Như Xuân", None, "huyen"),
        ("UBND tỉnh Thanh Hóa", None, "tinh"),
        ("Sở Lao động - Thương binh và Xã hội", None, "tinh"),
        ("UBND thành phố Hà Nội", None, "tinh"),
        ("Bộ Chỉ huy quân sự tỉnh", None, "tinh"),
        ("Bộ Nội vụ", None, "trung_uong"),
        ("Văn phòng Chính phủ", None, "trung_uong"),
        ("Thủ tướng Chính phủ", None, "trung_uong"),
        ("", "61/2018/NĐ-CP", "trung_uong"),
        (None, "766/QĐ-TTg", "trung_uong"),
        (None, "5318/BNV-CCHC", "trung_uong"),
        (None, "01/2020/TT-VPCP", "trung_uong"),
        (None, "77/SNV-CCHC", "tinh"),
        (None, "12/PNV", "huyen"),
        (None, "12/BC-UBND", "khac"),
        (None, "12/BB-UBND", "khac"),
        ("Hợp tác xã Mẫu", None, "khac"),
        (None, None, "khac"),
    ],
)
def test_issuing_level_comes_from_the_author_else_from_the_symbol(
    author: str | None, symbol: str | None, level: str
) -> None:
    assert issuer_level(author, symbol) == level


def test_outgoing_register_takes_direction_from_the_profile_and_level_from_the_unit() -> None:
    result = canonicalise_table(
        """
        | issued_date | symbol       | free_text                  |
        | 03/08/2021  | 362 /QĐ-UBND | Quyết định về Người Mẫu 1  |
        | 04/08/2021  | 72/BC-UBND   | Báo cáo tháng 8            |
        """,
        "mau.outgoing",
    )

    assert result.records.schema == DOCUMENT.arrow_schema()
    assert codes_of(result) == set()
    assert result.records.select(
        ["direction", "symbol", "document_type_id", "issuer_level", "issued_date", "arrived_date"]
    ).to_pylist()[0] == {
        "direction": "outgoing",
        "symbol": "362/QĐ-UBND",
        "document_type_id": "quyet_dinh",
        "issuer_level": "xa",
        "issued_date": date(2021, 8, 3),
        "arrived_date": None,
    }
    assert "Người Mẫu" not in str(result)


def test_incoming_register_takes_level_from_the_author_who_is_then_dropped() -> None:
    result = canonicalise_table(
        """
        | arrived_date | register_number | author_name         | symbol      | issued_date | free_text  |
        | 05/08/2021   | 12.0            | UBND huyện Như Xuân | 12/QĐ-UBND  | 03/08/2021  | Quyết định |
        |              |                 | Sở Nội vụ           |             |             | Thông báo  |
        | 31/09/2021   | 14              |                     |             |             |            |
        | 05/08/2021   | 15              | Sở Nội vụ           |             |             | Giấy mời   |
        """,
        "mau.incoming",
    )

    assert result.records["register_number"].to_pylist() == ["12", "15"]
    assert result.records["issuer_level"].to_pylist() == ["huyen", "tinh"]
    assert result.records["document_type_id"].to_pylist() == ["quyet_dinh", "giay_moi"]
    assert [(row["_row"], row["finding_code"]) for row in result.quarantined.to_pylist()] == [
        (6, "document.symbol_and_date.missing"),
        (7, "document.date.impossible"),
    ]


def test_direction_column_is_read_and_an_unknown_direction_set_apart() -> None:
    result = canonicalise_table(
        """
        | direction    | issued_date | symbol     |
        | Văn bản đi   | 03/08/2021  | 1/QĐ-UBND  |
        | Văn bản đến  | 03/08/2021  | 2/QĐ-UBND  |
        | Nội bộ       | 03/08/2021  | 3/QĐ-UBND  |
        """,
        "mau.document",
    )

    assert result.records["direction"].to_pylist() == ["outgoing", "incoming"]
    assert rows_of(result, "document.direction.unknown") == [7]


def test_register_line_that_comes_twice_counts_once() -> None:
    result = canonicalise_table(
        """
        | issued_date | symbol     | free_text |
        | 03/08/2021  | 1/QĐ-UBND  |           |
        | 03/08/2021  | 1/ QĐ-UBND |           |
        | 04/08/2021  | 1/QĐ-UBND  |           |
        """,
        "mau.outgoing",
    )

    assert result.records["_row"].to_pylist() == [6, 7]
    assert rows_of(result, "document.line.repeated") == [5]
