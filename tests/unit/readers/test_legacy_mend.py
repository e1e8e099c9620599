"""A sheet comes out in Unicode whatever its columns and cells were written in, and Unicode stays untouched."""

from __future__ import annotations

import random
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.legacy_text import misread, rows_of, sheet_of
from transforms.readers.legacy.charsets import OLD_CHARSETS, Charset, decode_as
from transforms.readers.legacy.columns import find_charset
from transforms.readers.legacy.mend import mend_sheet, mend_sheets
from transforms.readers.legacy.syllables import syllables
from transforms.readers.model import RawSheet

ALL_CHARSETS = [*OLD_CHARSETS, Charset.UTF8]
HEADER = ("STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Lĩnh vực", "Trạng thái", "Ngày nhận", "Số tiền")
PROCEDURES = (
    "Đăng ký khai sinh",
    "Đăng ký lại kết hôn",
    "Cấp bản sao trích lục hộ tịch",
    "Chứng thực chữ ký trong giấy tờ, văn bản (áp dụng cả chứng thực điểm chỉ)",
    "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
    "Thẩm định nhu cầu sử dụng đất để xem xét giao đất, cho thuê đất",
    "Cấp Giấy xác nhận tình trạng hôn nhân - cấp lại",
    "Xóa đăng ký thường trú",
)
FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Bảo trợ xã hội")
STATUSES = ("Đã trả kết quả", "Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Được tiếp nhận")
# Words that stay the same letters under windows-1252, and things that are no words.
CLEAN = st.sampled_from(
    (
        *(
            "Hoà",
            "xã",
            "Không có",
            "Công an",
            "là",
            "Bá Thước",
            "và",
            "số",
            "Quá hạn",
            "Thanh Hoá",
            "Trì trệ",
        ),
        *(
            "Müller",
            "Citroën",
            "Noël",
            "Café",
            "São Paulo",
            "El Niño",
            "naïve résumé",
            "über",
            "façade",
            "Zürich",
        ),
        *(
            "000.00.45.H56-210902-0001",
            "362/QĐ-UBND",
            "61/TTr-UBND",
            "1.001193.000.00.00.H56",
            "NĐ-CP",
            "HĐND",
        ),
        *("11.250.000 đ", "11,250,000 VNĐ", "98,81%", "05/09/2021 16:30", "300 m²", "25°C", "½", "10 ± 2"),
        *("received on time", "Đã trả kết quả", "Uỷ ban nhân dân", "«Hộ tịch»", "§ 5", "© 2021", "–", "…"),
    )
)


def _table(count: int = 12) -> list[tuple[str, ...]]:
    rows = [
        (
            str(number + 1),
            f"000.00.45.H56-210902-{number:04d}",
            PROCEDURES[number % len(PROCEDURES)],
            FIELDS[number % len(FIELDS)],
            STATUSES[number % len(STATUSES)],
            "02/09/2021",
            "11.250.000 đ",
        )
        for number in range(count)
    ]
    return [HEADER, *rows]


@pytest.mark.parametrize("charset", ALL_CHARSETS)
def test_table_in_one_old_set_comes_back(charset: Charset) -> None:
    old = [tuple(misread(cell, charset) for cell in row) for row in _table()]
    mended = mend_sheet(sheet_of(old))
    assert rows_of(mended.sheets[0]) == _table()
    (finding,) = mended.findings
    assert finding.code == "file.encoding.legacy"
    assert finding.params == (("charsets", charset.value), ("columns", "B–G"))


@pytest.mark.parametrize("charset", ALL_CHARSETS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_columns_of_different_sets_side_by_side_come_back(charset: Charset, data: st.DataObject) -> None:
    choice = st.sampled_from([None, charset, *ALL_CHARSETS])
    charsets = [None, None, *(data.draw(choice) for _ in range(3)), None, None]
    old = [
        tuple(misread(cell, c) if c else cell for cell, c in zip(row, charsets, strict=True))
        for row in _table()
    ]
    assert rows_of(mend_sheet(sheet_of(old)).sheets[0]) == _table()


@pytest.mark.parametrize("charset", ALL_CHARSETS)
def test_unicode_header_over_old_cells_comes_back(charset: Charset) -> None:
    header, *rows = _table()
    old = [header, *(tuple(misread(cell, charset) for cell in row) for row in rows)]
    assert rows_of(mend_sheet(sheet_of(old)).sheets[0]) == _table()


@pytest.mark.parametrize("charset", ALL_CHARSETS)
@given(is_old=st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=15, deadline=None)
def test_old_cells_between_unicode_cells_of_a_column_come_back(charset: Charset, is_old: list[bool]) -> None:
    header, *rows = _table()
    # A cell alone must have words enough to tell: the long titles have.
    old = [
        (*row[:2], misread(row[2], charset) if flag else row[2], *row[3:])
        for row, flag in zip(rows, is_old, strict=True)
    ]
    assert rows_of(mend_sheet(sheet_of([header, *old])).sheets[0]) == _table()


def test_cells_of_two_old_sets_in_one_column_come_back() -> None:
    header, *rows = _table(24)
    sets = (Charset.TCVN3, Charset.VNI)
    old = [(*row[:2], misread(row[2], sets[number % 3 == 1]), *row[3:]) for number, row in enumerate(rows)]
    mended = mend_sheet(sheet_of([header, *old]))
    assert rows_of(mended.sheets[0]) == _table(24)
    assert dict(mended.findings[0].params)["charsets"] == f"{Charset.TCVN3.value}, {Charset.VNI.value}"


@given(cells=st.lists(CLEAN, min_size=3, max_size=12))
@settings(max_examples=150, deadline=None)
def test_unicode_foreign_words_codes_and_money_stay_untouched(cells: list[str]) -> None:
    sheet = sheet_of([(cell, cells[0]) for cell in cells])
    mended = mend_sheet(sheet)
    assert mended.sheets[0].cells.equals(sheet.cells)
    assert mended.findings == ()


def test_clean_table_is_handed_on_as_it_is() -> None:
    sheet = sheet_of(_table())
    mended = mend_sheet(sheet)
    assert mended.sheets[0] is sheet
    assert mended.findings == ()


@pytest.mark.parametrize("charset", ALL_CHARSETS)
def test_one_old_cell_does_not_change_the_unicode_around_it(charset: Charset) -> None:
    clean = [("Hoà", "Lò", "UBND XÃ"), ("Có", "Đang xử lý", "Hộ tịch"), ("Quá hạn", "tú", "Bá Thước")]
    rows = [*clean, ("x", misread("Đăng ký thường trú", charset), "y"), *clean]
    expected = [*clean, ("x", "Đăng ký thường trú", "y"), *clean]
    mended = mend_sheet(sheet_of(rows))
    assert rows_of(mended.sheets[0]) == expected
    assert [finding.code for finding in mended.findings] == ["file.encoding.legacy"]


def test_foreign_name_in_an_old_column_stays() -> None:
    old = [tuple(misread(cell, Charset.TCVN3) for cell in row) for row in _table()]
    old.append(("13", "x", "Müller", "Citroën", "Đang xử lý", "", ""))
    assert rows_of(mend_sheet(sheet_of(old)).sheets[0])[-1][2:4] == ("Müller", "Citroën")


def test_short_cell_that_reads_well_either_way_follows_its_column() -> None:
    rows = [("Hoà sô",), *((misread(text, Charset.VNI),) for text in PROCEDURES)]
    assert rows_of(mend_sheet(sheet_of(rows)).sheets[0])[0] == ("Hồ sơ",)


def test_short_header_over_plain_codes_follows_the_sheet() -> None:
    old = [tuple(misread(cell, Charset.VNI) for cell in row) for row in _table()]
    rows = [(row[2], "Hoà sô" if number == 0 else "A-1") for number, row in enumerate(old)]
    assert rows_of(mend_sheet(sheet_of(rows)).sheets[0])[0] == ("Tên thủ tục hành chính", "Hồ sơ")


# VISCII has letters in the place of these signs.
@pytest.mark.parametrize("charset", [Charset.TCVN3, Charset.VNI, Charset.WINDOWS_1258, Charset.UTF8])
def test_signs_of_the_western_page_stay_in_old_text(charset: Charset) -> None:
    old = [(misread(f"{text} – 300 m², 25°C… “mẫu”", charset),) for text in PROCEDURES]
    mended = rows_of(mend_sheet(sheet_of(old)).sheets[0])
    assert mended == [(f"{text} – 300 m², 25°C… “mẫu”",) for text in PROCEDURES]


def test_text_that_fits_two_sets_equally_stays_and_its_rows_are_named() -> None:
    # "mức" in TCVN3 and "mục" in VISCII are the same bytes.
    rows = [("Mã", "Ghi"), ("A-1", "møc"), ("A-2", "ok"), ("A-3", "møc")]
    mended = mend_sheet(sheet_of(rows))
    assert rows_of(mended.sheets[0]) == rows
    (finding,) = mended.findings
    assert (finding.code, finding.params) == ("file.encoding.doubtful", (("columns", "B"),))
    assert [(place.row, place.subject, place.value) for place in finding.places] == [(2, "", ""), (4, "", "")]


@pytest.mark.parametrize(("font", "text"), [(".VnTime", "mức"), ("VISCII Times", "mục"), ("Arial", "møc")])
def test_font_decides_where_the_words_do_not(font: str, text: str) -> None:
    rows = [("Mã", "Ghi"), ("A-1", "møc"), ("A-2", "møc")]
    mended = mend_sheet(sheet_of(rows), lambda _: {1: [(2, 2, font)]})
    assert [row[1] for row in rows_of(mended.sheets[0])] == ["Ghi", text, "møc"]


def test_same_text_follows_the_set_of_its_sheet() -> None:
    old = [tuple(misread(cell, Charset.VISCII) for cell in row) for row in _table()]
    mended = mend_sheet(sheet_of([*((row[2], "A") for row in old), ("x", "møc")]))
    assert rows_of(mended.sheets[0])[-1] == ("x", "mục")
    assert [finding.code for finding in mended.findings] == ["file.encoding.legacy"]


@pytest.mark.parametrize("word_count", [3, 4, 8])
def test_set_of_a_few_words_is_found_or_left_open_and_never_mistaken(word_count: int) -> None:
    dice = random.Random(word_count)
    words = sorted(word for word in syllables() if not word.isascii())
    decided = 0
    for _ in range(300):
        text = " ".join(dice.choices(words, k=word_count))
        old = misread(text, dice.choice(OLD_CHARSETS))
        charset = find_charset([old])
        decided += charset is not None
        assert charset is None or decode_as(charset, old) == text
    assert decided >= 280


def test_soft_hyphen_stays_the_letter_that_it_is() -> None:
    texts = ("\u00ad¬ng c©y", "Ph\u00ad¬ng ¸n", "§\u00adîc tiÕp nhËn", "\u00ad")
    mended = mend_sheet(sheet_of([(text,) for text in texts])).sheets[0]
    assert [row[0] for row in rows_of(mended)][:3] == ["ương cây", "Phương án", "Được tiếp nhận"]


def test_control_characters_of_western_text_become_the_signs_they_stand_for() -> None:
    mended = mend_sheet(sheet_of([("\u0093Report\u0094 \u0096 100 \u0080",), ("caf\u00e9",)]))
    assert rows_of(mended.sheets[0]) == [("“Report” – 100 €",), ("café",)]
    assert mended.findings == ()


def test_marks_in_any_order_become_one_letter() -> None:
    rows = [("tie\u0301\u0302p nha\u0323\u0302n",), ("tie\u0302\u0301p nha\u0302\u0323n",), ("Hộ tịch",)]
    mended = rows_of(mend_sheet(sheet_of(rows)).sheets[0])
    assert mended == [("tiếp nhận",), ("tiếp nhận",), ("Hộ tịch",)]
    assert all(unicodedata.is_normalized("NFC", str(row[0])) for row in mended)


def test_text_misread_twice_comes_back() -> None:
    twice = misread(misread("Đã trả kết quả", Charset.UTF8), Charset.UTF8)
    assert rows_of(mend_sheet(sheet_of([(twice,)])).sheets[0]) == [("Đã trả kết quả",)]


def test_lost_characters_are_counted_and_their_rows_named() -> None:
    rows = [("Mã", "Tên"), ("1", "Đ\ufffdng k\ufffd"), ("2", "Hộ tịch"), ("3\ufffd", "x")]
    mended = mend_sheet(sheet_of(rows))
    (finding,) = mended.findings
    assert (finding.code, finding.params) == ("file.text.damaged", (("characters", 3),))
    assert [(place.row, place.value) for place in finding.places] == [(2, ""), (4, "")]
    assert rows_of(mended.sheets[0]) == rows


def test_font_of_capitals_makes_capitals_and_only_there() -> None:
    texts = ("ñy ban nh©n d©n x·", "Thñ tôc ®¨ng ký", "§ang xö lý")
    mended = mend_sheet(sheet_of([(text,) for text in texts]), lambda _: {0: [(1, 1, ".VnTimeH")]})
    assert [row[0] for row in rows_of(mended.sheets[0])] == [
        "ỦY BAN NHÂN DÂN XÃ",
        "Thủ tục đăng ký",
        "Đang xử lý",
    ]


def test_empty_cells_and_rows_stay_where_they_are() -> None:
    rows = [("§Êt ®ai", None), (None, "Hé tÞch"), ("Chøng thùc", None)]
    mended = mend_sheet(sheet_of(rows)).sheets[0]
    assert rows_of(mended) == [("Đất đai", None), (None, "Hộ tịch"), ("Chứng thực", None)]
    assert mended.row_numbers.to_pylist() == [1, 2, 3]


@given(
    rows=st.lists(
        st.tuples(st.none() | st.text(max_size=12), st.none() | st.text("Ãø¬§ñaéô\xad\x81 ", max_size=12)),
        min_size=1,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_keeps_its_shape_and_its_empty_cells(rows: list[tuple[str | None, str | None]]) -> None:
    once = mend_sheet(sheet_of(rows)).sheets[0]
    assert (once.cells.num_rows, once.cells.num_columns) == (len(rows), 2)
    assert [cell is None for row in rows_of(once) for cell in row] == [
        cell is None for row in rows for cell in row
    ]


def test_sheets_without_cells_are_handed_on() -> None:
    empty = RawSheet("A", pa.table({}), pa.array([], pa.int64()))
    hollow = RawSheet("B", pa.table({"c0": pa.chunked_array([], pa.string())}), pa.array([], pa.int64()))
    blank = sheet_of([(None, "a"), (None, None)])
    assert mend_sheets((empty, hollow, blank)).sheets == (empty, hollow, blank)
