"""Remarks on the text: citations, units, periods, numbering, paragraphs."""

from datetime import date
from importlib.resources import files

import pytest

from transforms.audit import AuditFacts, OtherReport, UnitFacts, audit_text, split_text
from transforms.audit.legal import parse_legal_documents

CSV = (files("transforms.audit") / "legal_documents.csv").read_bytes()
DOCUMENTS = parse_legal_documents(CSV)
COMMUNE = UnitFacts(
    "16204", "xã", "Bình Lương", "xa", (("huyện", "Như Xuân"), ("tỉnh", "Thanh Hóa")), (("xã", "Hóa Quỳ"),)
)
HEAD = "BÁO CÁO\nCải cách hành chính 9 tháng năm 2021\nỦy ban nhân dân xã Bình Lương báo cáo như sau:\n"


def _codes(text: str, facts: AuditFacts | None = None) -> list[str]:
    return [remark.code for remark in audit_text(split_text(text), facts).remarks]


def test_every_catalogued_document_says_where_its_dates_come_from() -> None:
    assert len(DOCUMENTS) >= 25
    assert all(document.source for document in DOCUMENTS)
    assert all(document.replaced_by for document in DOCUMENTS if document.valid_to)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2015, 4, 5), []),
        (date(2015, 4, 6), ["citation.expired"]),
        (date(2021, 9, 5), ["citation.expired"]),
    ],
)
def test_a_citation_expires_on_the_day_its_successor_takes_over(day: date, codes: list[str]) -> None:
    text = "Thực hiện Nghị định số 43/2006/NĐ-CP ngày 25/4/2006 của Chính phủ."
    assert _codes(text, AuditFacts(documents=DOCUMENTS, report_date=day)) == codes


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định số 16/2015/NĐ-CP thay thế Nghị định số 43/2006/NĐ-CP ngày 25/4/2006.",
        "Thực hiện Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ.",
        "Thực hiện Nghị quyết số 30c/NQ-CP ngày 08/11/2011 của Chính phủ.",
        "Thực hiện Kế hoạch số 43/KH-UBND ngày 25/4/2006 của UBND huyện.",
    ],
)
def test_history_valid_documents_and_doubtful_ones_are_left_alone(text: str) -> None:
    facts = AuditFacts(documents=DOCUMENTS, report_date=date(2021, 7, 1))
    assert _codes(text, facts) == []


def test_one_number_with_two_days_of_the_same_issuer_is_remarked() -> None:
    text = (
        "Kế hoạch số 13/KH-UBND ngày 18/01/2021 của UBND huyện Như Xuân về kiểm soát.\n"
        "Kế hoạch số 13/KH-UBND ngày 19/01/2021 của UBND huyện Như Xuân về kiểm soát."
    )
    assert _codes(text) == ["citation.two_dates"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Quyết định số 12/QĐ-UBND ngày 13/02/2020 của UBND xã Hoá Quỳ ban hành quy chế.",
        "UBND xã Hóa Quỳ đã niêm yết thủ tục.",
    ],
)
def test_another_commune_as_author_is_remarked_in_either_tone_placement(sentence: str) -> None:
    assert _codes(HEAD + sentence, AuditFacts(unit=COMMUNE)) == ["unit.other"]
    assert _codes(HEAD + sentence) == ["unit.other"]


@pytest.mark.parametrize(
    "sentence",
    [
        "UBND xã phối hợp với UBND xã Hóa Quỳ tổ chức hòa giải.",
        "UBND xã Bình Lương đã ban hành kế hoạch.",
        "Thực hiện chỉ đạo của UBND huyện Như Xuân và UBND tỉnh Thanh Hóa.",
        "Các huyện, thị xã, thành phố đều triển khai; UBND các xã, phường, thị trấn thực hiện.",
        "Trang thông tin điện tử xã đăng tải tin bài.",
        "Công dân đi thị xã Nghi Sơn làm việc.",
    ],
)
def test_units_that_may_rightly_be_named_raise_no_remark(sentence: str) -> None:
    assert _codes(HEAD + sentence, AuditFacts(unit=COMMUNE)) == []


def test_a_district_may_name_its_communes() -> None:
    head = "BÁO CÁO\nCải cách hành chính năm 2021\nỦy ban nhân dân huyện Như Xuân báo cáo như sau:\n"
    assert (
        _codes(head + "UBND xã Hóa Quỳ, UBND xã Bình Lương đã triển khai; UBND thị trấn Yên Cát hoàn thành.")
        == []
    )


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("Tiếp nhận 10 hồ sơ (tính đến ngày 5/9/2021).", ["period.cutoff_early"]),
        ("Tiếp nhận 10 hồ sơ (tính đến ngày 14/9/2021).", []),
        ("Tiếp nhận 10 hồ sơ (tính đến ngày 30/9/2021).", []),
        ("Số liệu tính đến ngày 15/10/2021.", ["period.cutoff_late"]),
        ("Số liệu tính đến ngày 5/9/2020.", ["period.last_period"]),
        ("Số liệu tính đến ngày 05/9/2021, trước ngày kết thúc kỳ báo cáo.", []),
        ("Trong 9 tháng đầu năm 2020, UBND xã đã tiếp nhận 10 hồ sơ.", ["period.last_period"]),
        ("Trong quý II năm 2021, UBND xã đã tiếp nhận 10 hồ sơ.", []),
        ("So với cùng kỳ tính đến ngày 5/9/2020 tăng nhẹ.", []),
        ("Quyết định ngày 13/02/2020 quy định đến ngày 31/12/2020.", []),
    ],
)
def test_days_against_nine_months_of_2021(sentence: str, codes: list[str]) -> None:
    assert _codes(HEAD + sentence) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I. A\nI. B\nII. C", ["numbering.repeated"]),
        ("I. A\nIII. B", ["numbering.skipped"]),
        ("1. A\n2. B\n2. C", ["numbering.repeated"]),
        ("1. A\n2. B\n4. C", ["numbering.skipped"]),
        ("I. A\n1. B\n2. C\nII. D\n1. E\n2. F", []),
        ("a) A\nb) B\nc) C\nd) D\ne) E", []),
        ("I. A\nII. B\nPHỤ LỤC\nI. C", []),
        ("1. A\n1. B", []),
    ],
)
def test_numbers_of_sections_repeat_or_skip(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


LONG = "UBND xã đã niêm yết công khai đầy đủ thủ tục hành chính thuộc thẩm quyền tại Bộ phận Một cửa, phân công công chức trực và hướng dẫn tổ chức, cá nhân nộp hồ sơ, nhận kết quả theo quy định của pháp luật."


def test_a_paragraph_of_another_report_is_remarked_with_its_name() -> None:
    other = OtherReport("báo cáo 9 tháng năm 2020 của xã Bình Lương", (LONG.replace("hồ sơ", "HỒ SƠ"),))
    (remark,) = audit_text(split_text(LONG), AuditFacts(others=(other,))).remarks
    assert remark.code == "text.copied"
    assert "báo cáo 9 tháng năm 2020" in remark.sentence


TABLE = "| Lĩnh vực | Tiếp nhận |\n| Hộ tịch | 12 |\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (TABLE + LONG + "\n\n" + TABLE + LONG, []),
        (TABLE + LONG + "\nDanh mục được niêm yết.\n" + LONG, []),
        (LONG + "\nDanh mục được niêm yết.\n" + LONG, ["text.repeated"]),
        (TABLE + "Danh mục được niêm yết.\n" + LONG + "\n" + TABLE + "Danh mục.\n" + LONG, ["text.repeated"]),
    ],
)
def test_a_note_directly_under_a_table_may_repeat(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1/2020/NĐ-CP,t,i,2020-13-01,,,,yes,s", "is not a day"),
        ("1/2020/NĐ-CP,t,i,2020-01-01,2020-02-01,2020-01-31,,yes,s", "lies before"),
        ("1/2020/NĐ-CP,t,i,2020-01-01,,,,yes,", "required"),
    ],
)
def test_a_bad_line_of_the_catalogue_is_named(line: str, message: str) -> None:
    header = CSV.decode().splitlines()[0]
    with pytest.raises(ValueError, match=message):
        parse_legal_documents(f"{header}\n{line}\n".encode())
