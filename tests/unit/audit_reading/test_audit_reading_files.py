"""Which file goes to which reader, pages and plain texts, refusals and their sentences."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import pytest

import expectations
import transforms.audit.documents
from expectations.messages import parse_messages, placeholders
from tests.support.report_files import para, word
from transforms.audit.documents import read_report
from transforms.audit.model import BlockKind
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

TEXT = "BÁO CÁO\n\nTrong kỳ, xã đã tiếp nhận 15 hồ sơ, gồm:\n- Hộ tịch: 10 hồ sơ;\n- Đất đai: 5 hồ sơ.\n"


def refusal(content: bytes, limits: Limits | None = None) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(UnreadableFileError) as refused:
        read_report(io.BytesIO(content), *([limits] if limits else []))
    return refused.value.code, dict(refused.value.params)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_plain_text_is_read_in_any_unicode_encoding(encoding: str) -> None:
    report = read_report(io.BytesIO(TEXT.encode(encoding)))
    assert report.format == "txt"
    assert [b.text for b in report.text.blocks][-2:] == ["- Hộ tịch: 10 hồ sơ;", "- Đất đai: 5 hồ sơ."]
    assert {b.page for b in report.text.blocks} == {None}


def test_plain_text_in_tcvn3_is_read_as_vietnamese() -> None:
    old = "B¸o c¸o kÕt qu¶ gi¶i quyÕt hå s¬. Trong kú x· ®· tiÕp nhËn 15 hå s¬, gi¶i quyÕt ®óng h¹n 14 hå s¬."
    (block,) = read_report(io.BytesIO(old.encode("latin-1"))).text.blocks
    assert (
        block.text
        == "Báo cáo kết quả giải quyết hồ sơ. Trong kỳ xã đã tiếp nhận 15 hồ sơ, giải quyết đúng hạn 14 hồ sơ."
    )


def test_form_feeds_of_plain_text_count_pages() -> None:
    report = read_report(io.BytesIO("Trang một.\nCuối trang một.\n\fTrang hai.\n".encode()))
    assert (report.text.blocks[0].page, report.text.blocks[-1].page) == (1, 2)


PAGE = """<!doctype html><html><head><title>x</title><style>p{}</style></head><body><nav>Trang chủ</nav>
<h1>BÁO CÁO</h1><p>Trong kỳ, xã đã tiếp nhận
<b>15</b> hồ sơ:</p><ul><li>Hộ tịch: 10 hồ sơ<ul><li>trực tuyến: 4</li></ul></li><li>Đất đai: 5 hồ sơ</li></ul>
<ol type="a"><li>Kiểm tra</li></ol><p hidden>ẩn</p><script>var a = 5;</script>
<table><tr><th rowspan="2">Lĩnh vực</th><th colspan="2">Tiếp nhận</th></tr><tr><th>Trực tuyến</th><th>Trực tiếp</th></tr>
<tr><td>Hộ tịch</td><td>4</td><td>6</td></tr></table>
<table><tr><td><p>UBND XÃ MẪU</p></td><td>Độc lập - Tự do</td></tr></table><p>Dòng một<br>dòng hai</p></body></html>"""


def test_page_gives_what_a_reader_sees_with_the_markers_of_its_lists() -> None:
    report = read_report(io.BytesIO(PAGE.encode()))
    assert report.format == "html"
    assert [b.text for b in report.text.blocks] == [
        "BÁO CÁO",
        "Trong kỳ, xã đã tiếp nhận 15 hồ sơ:",
        "- Hộ tịch: 10 hồ sơ",
        "+ trực tuyến: 4",
        "- Đất đai: 5 hồ sơ",
        "a) Kiểm tra",
        "Lĩnh vực | Tiếp nhận",
        "Trực tuyến | Trực tiếp",
        "Hộ tịch | 4 | 6",
        "UBND XÃ MẪU",
        "Độc lập - Tự do",
        "Dòng một dòng hai",
    ]
    assert report.text.blocks[0].kind is BlockKind.HEADING
    places = [[(c.column, c.column_count) for c in b.table.cells] for b in report.text.blocks if b.table]
    assert places == [[(0, 1), (1, 2)], [(1, 1), (2, 1)], [(0, 1), (1, 1), (2, 1)]]


def compound(*names: str) -> bytes:
    """An old Office file with empty streams of those names."""
    entries = b""
    for name, kind in (("Root Entry", 5), *((name, 2) for name in names)):
        label = name.encode("utf-16-le") + b"\0\0"
        entries += (
            label.ljust(64, b"\0")
            + struct.pack("<HBB", len(label), kind, 0)
            + b"\xff" * 12
            + b"\0" * 36
            + struct.pack("<II", 0xFFFFFFFE, 0)
            + b"\0" * 4
        )
    entries = entries.ljust(-(-len(entries) // 512) * 512, b"\0")
    count = len(entries) // 512
    fat = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 10
    )
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<109I", 0, *[0xFFFFFFFF] * 108
    )
    return header + struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))) + entries


def with_member_flag(content: bytes) -> bytes:
    """The archive with its members declared encrypted."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


def test_files_that_are_no_report_are_refused_by_what_they_are() -> None:
    assert refusal(b"")[0] == "audit.file.empty"
    assert refusal(b"  \n ")[0] == "audit.file.empty"
    assert refusal(compound("WordDocument"))[0] == "audit.file.word_97"
    assert refusal(compound("EncryptedPackage"))[0] == "audit.file.encrypted"
    assert refusal(b"{\\rtf1 x}") == ("audit.file.unknown_format", {"seems": "văn bản RTF"})
    assert refusal(b"\x89PNG\r\n\x1a\n" + b"\0" * 50) == ("audit.file.unknown_format", {"seems": "ảnh PNG"})
    assert refusal(word(para("x")).getvalue()[:200])[0] == "audit.file.broken"
    assert refusal(with_member_flag(word(para("x")).getvalue()))[0] == "audit.file.encrypted"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("ghi chu.txt", "x")
    assert refusal(other.getvalue()) == ("audit.file.unknown_format", {"seems": "tệp nén"})


def test_files_too_large_packed_or_unpacked_are_refused() -> None:
    bomb = word(para("0" * 3_000_000)).getvalue()
    assert len(bomb) < 10_000
    assert refusal(bomb, Limits(unpacked_bytes=2_000_000))[0] == "audit.file.too_large"
    assert refusal(bomb, Limits(file_bytes=1_000))[0] == "audit.file.too_large"
    packed = (
        b"%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>stream\n"
        + __import__("zlib").compress(b"0" * 3_000_000)
        + b"\nendstream"
    )
    assert refusal(packed, Limits(unpacked_bytes=2_000_000))[0] == "audit.file.too_large"


def test_every_refusal_has_its_sentence_with_its_parameters_and_no_sentence_is_idle() -> None:
    folder = Path(next(iter(expectations.__path__))) / "messages"
    messages = parse_messages({"audit.vi.yml": (folder / "audit.vi.yml").read_bytes()})
    source = "".join(
        path.read_text("utf-8") for path in Path(next(iter(transforms.audit.documents.__path__))).glob("*.py")
    )
    raised = set(re.findall(r'"(audit\.file\.[a-z_0-9]+)"', source))
    assert raised == set(messages)
    assert {code for code in messages if placeholders(messages[code])} == {"audit.file.unknown_format"}
    assert placeholders(messages["audit.file.unknown_format"]) == {"seems"}
