"""xã Bình Lương, nine months of 2021 with data to 5/9: the numbers of the report that the example is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from tests.support.golden import assert_golden
from tests.support.word_text import word_text

Night = tuple[Session, NightResult]


def draft(night: Night, unit: str, name: str) -> bytes:
    return (night[0].workspace.drafts / unit / "2021-9T" / name).read_bytes()


def test_whole_word_document_reads_as_the_golden(sample_night: Night, update_golden: bool) -> None:
    assert_golden(
        "binh-luong-2021-9T.txt", word_text(draft(sample_night, "16204", "bao-cao.docx")), update_golden
    )


def test_district_word_document_reads_as_the_golden(sample_night: Night, update_golden: bool) -> None:
    assert_golden(
        "nhu-xuan-2021-9T.txt", word_text(draft(sample_night, "402", "bao-cao.docx")), update_golden
    )


@pytest.mark.parametrize(
    "stated",
    [
        "đã tiếp nhận 1.363 hồ sơ",
        "kỳ trước chuyển sang 0 hồ sơ",
        "- Bảo trợ xã hội: 10 hồ sơ;",
        "- Chứng thực: 545 hồ sơ;",
        "- Đất đai: 17 hồ sơ;",
        "- Hộ tịch: 277 hồ sơ;",
        "- Người có công: 02 hồ sơ;",
        "- Phổ biến giáo dục pháp luật: 0 hồ sơ;",
        "- Thi đua - Khen thưởng: 02 hồ sơ;",
        "- Xử lý đơn thư: 05 hồ sơ, trong đó 02 hồ sơ đang giải quyết;",
        "- Chưa phân loại: 505 hồ sơ",
        "11.250.000 đồng (Mười một triệu hai trăm năm mươi nghìn đồng)",
        "- Văn bản quy phạm pháp luật: 03 văn bản;",
        "- Văn bản hành chính: 588 văn bản, gồm:",
        "+ Quyết định: 362 văn bản;",
        "+ Tờ trình: 61 văn bản;",
        "+ Báo cáo: 72 văn bản;",
        "+ Kế hoạch: 52 văn bản;",
        "+ Thông báo: 27 văn bản;",
        "+ Văn bản khác: 14 văn bản.",
        "174 quyết định",
        "22 người, trong đó cán bộ, công chức: 19 người; người hoạt động không chuyên trách: 3 người",
        "100% (19/19 người)",
        "DỰ THẢO",
    ],
)
def test_number_of_the_example_is_stated(sample_night: Night, stated: str) -> None:
    assert stated in word_text(draft(sample_night, "16204", "bao-cao.docx"))


def test_finding_names_the_505_and_every_row_of_them(sample_night: Night) -> None:
    session, _ = sample_night
    rows = [row for row in session.store.findings().to_pylist() if row["unit_code"] == "16204"]
    (finding,) = [row for row in rows if row["code"] == "dossier.procedure.unknown"]
    assert finding["count"] == len(finding["places"]) == 505
    assert len({place["row"] for place in finding["places"]}) == 505
    assert all(place["value"] and place["value"] in finding["sentence"] for place in finding["places"][:1])


def test_clean_prose_names_no_other_commune_and_copies_no_sentence(sample_night: Night) -> None:
    text = word_text(draft(sample_night, "16204", "bao-cao.docx"))
    assert "Hóa Quỳ" not in text
    assert "Hoá Quỳ" not in text
    assert "thị xã" not in text
    headings = [line for line in text.splitlines() if line.startswith("[Heading 1]")]
    assert [heading.split("]")[1].split(".")[0].strip() for heading in headings[:3]] == ["I", "II", "III"]


def test_district_page_says_who_sent_nothing(sample_night: Night) -> None:
    text = word_text(draft(sample_night, "402", "bao-cao.docx"))
    assert "15/16 đơn vị" in text
    assert "xã Thanh Xuân" in text


def test_word_goldens_hold_no_folder_of_a_machine() -> None:
    for golden in Path(__file__).parent.glob("*.txt"):
        assert "/tmp" not in golden.read_text(encoding="utf-8")
