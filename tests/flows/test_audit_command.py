"""``motcua audit``: a written report against itself and against the data, as staff call it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from pipelines.session import Session
from pipelines.steps.audit import AgainstData, AuditedReport, audit_report, open_report
from pipelines.steps.nightly import NightResult
from tests.support.report_files import pdf
from transforms.audit import Verdict
from transforms.render.audit_marks import Mark, gather_marks

Night = tuple[Session, NightResult]
PROGRAM = Path(sys.executable).with_name("motcua")
COMMUNE, PERIOD = "16204", "2021-9T"
WRITTEN = """UBND XÃ MẪU
BÁO CÁO
Cải cách hành chính 9 tháng năm 2021

1. Trong 9 tháng đầu năm 2021, UBND xã đã tiếp nhận 20 hồ sơ, cụ thể:
- Hộ tịch: 10 hồ sơ;
- Đất đai: 15 hồ sơ.
Tổng số cán bộ, công chức: 22 người, trong đó cán bộ: 19 người; công chức: 3 người.
"""
FIGURE = re.compile(
    r'(<w:bookmarkStart w:id="\d+" w:name="(mc_\w+)"/><w:r>(?:<w:rPr>.*?</w:rPr>)?<w:t xml:space="preserve">)([^<]*)(</w:t>)'
)


def motcua(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "120", "LANG": "C.UTF-8"}
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=cwd, env=environment, timeout=240,
    )  # fmt: skip


def draft(night: Night, unit: str = COMMUNE, period: str = PERIOD, name: str = "bao-cao.docx") -> Path:
    return night[0].workspace.drafts / unit / period / name


def audited(night: Night, file: Path, unit: str = COMMUNE, period: str = PERIOD) -> AuditedReport:
    return audit_report(file, night[0], AgainstData(unit, period))


def marks_of(found: AuditedReport) -> tuple[Mark, ...]:
    return gather_marks(found.read.text, found.audit)


def written(folder: Path) -> Path:
    file = folder / "bao-cao.txt"
    file.write_text(WRITTEN, encoding="utf-8")
    return file


def test_text_alone_needs_no_workspace_and_leaves_none(tmp_path: Path) -> None:
    done = motcua("audit", written(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Không thể đúng (1)" in done.stdout
    assert "cộng lại được 25" in done.stdout
    assert "Tổng cộng: Mâu thuẫn: 1 · Khớp: 1." in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["bao-cao.txt"]


def test_consistent_claims_are_listed_only_when_asked_for(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert "22 người" not in motcua("audit", file, cwd=tmp_path).stdout
    listed = motcua("audit", file, "--all", cwd=tmp_path).stdout
    assert "Đã đối chiếu, khớp (1)" in listed
    assert "22 người" in listed


def test_json_gives_everything_with_offsets_into_its_blocks(tmp_path: Path) -> None:
    values = json.loads(motcua("audit", written(tmp_path), "--json", cwd=tmp_path).stdout)
    texts = [block["text"] for block in values["blocks"]]
    assert values["format"] == "txt"
    assert values["counts"] == {"contradiction": 1, "consistent": 1, "remarks": 0}
    for judgement in values["judgements"]:
        assert texts[judgement["block"]][judgement["start"] : judgement["end"]] == judgement["text"]
        for value in judgement["values"]:
            shown = texts[value["block"]][value["start"] : value["end"]]
            assert value["value"] in shown
    (wrong,) = [j for j in values["judgements"] if j["verdict"] == "contradiction"]
    assert (wrong["expected"], wrong["difference"]) == ("25", "-5")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cu.docx", b"PK\x03\x04hong", "cu.docx bị hỏng"),
        ("quet.pdf", pdf([], picture=True), "chỉ có ảnh chụp trang giấy"),
        ("bang.json", b'{"a": 1}', "nội dung bên trong là tệp JSON"),
        ("trong.txt", b"", "trong.txt không có chữ nào"),
    ],
)
def test_unreadable_file_is_refused_with_one_sentence_and_code_11(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = motcua("audit", name, cwd=tmp_path)
    assert done.returncode == 11
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unit", "16204"), "Thiếu tùy chọn --period"),
        (("--period", "2021-9T"), "Thiếu tùy chọn --unit"),
        (("--as-of", "2021-09-05"), "Thiếu tùy chọn --unit và --period"),
        (("--docx", "ra.docx"), "Chỉ ghi được bản Word có chú thích khi tệp vào là .docx"),
        (("--html", "bao-cao.txt"), "là chính báo cáo đang kiểm tra"),
    ],
)
def test_options_that_cannot_be_meant_are_a_usage_problem(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    done = motcua("audit", written(tmp_path), *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert (tmp_path / "bao-cao.txt").read_text(encoding="utf-8") == WRITTEN


def test_paragraph_of_another_report_is_found_under_its_title(tmp_path: Path) -> None:
    copied = (
        "2. Công tác tuyên truyền được thực hiện thường xuyên trên hệ thống truyền thanh của xã, tại bộ phận một cửa "
        "và trong các buổi sinh hoạt của thôn, giúp người dân nắm rõ quyền và trách nhiệm khi làm thủ tục hành chính.\n"
    )
    file, other = tmp_path / "nay.txt", tmp_path / "truoc.txt"
    file.write_text(WRITTEN + copied, encoding="utf-8")
    other.write_text(
        WRITTEN.replace("2021", "2020").replace("XÃ MẪU", "XÃ KHÁC") + copied.replace("2. ", "4. "),
        encoding="utf-8",
    )
    done = motcua("audit", file, "--other", other, "--json", cwd=tmp_path)
    (remark,) = json.loads(done.stdout)["remarks"]
    assert remark["code"] == "text.copied"
    assert "báo cáo 9 tháng năm 2020 của xã Khác" in remark["sentence"]


def test_command_loads_neither_prefect_nor_great_expectations_nor_idle_readers(tmp_path: Path) -> None:
    code = (
        "import sys; from pipelines.cli.root import motcua;"
        f"motcua.main(['audit', {str(written(tmp_path))!r}], standalone_mode=False);"
        "print([n for n in ('prefect', 'great_expectations', 'pdfminer', 'holidays') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_drafts_of_the_night_are_clean(sample_night: Night) -> None:
    drafts = sample_night[0].workspace.drafts
    files = {*drafts.glob(f"*/{PERIOD}/bao-cao.docx"), *drafts.glob(f"{COMMUNE}/*/bao-cao.docx")}
    assert len(files) > 16
    for file in sorted(files):
        unit, period = file.parts[-3:-1]
        found = audited(sample_night, file, unit, period)
        said = [(mark.place, mark.quote, mark.said[0].sentence) for mark in marks_of(found)]
        assert said == [], f"{unit} {period}"
        agreeing = [j for j in found.audit.judgements if j.verdict is Verdict.AGREES_WITH_DATA]
        assert len(agreeing) > 100, f"{unit} {period}"


def edited(source: Path, target: Path, number: int) -> tuple[str, str, str]:
    """A copy in which the last digit of one figure is another; its bookmark, old and new text."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as out:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "word/document.xml":
                text = content.decode()
                match = list(FIGURE.finditer(text))[number]
                digits = list(re.finditer(r"\d", match[3]))
                at = digits[-1].start()
                new = f"{match[3][:at]}{(int(match[3][at]) + 3) % 10}{match[3][at + 1 :]}"
                content = (text[: match.start(3)] + new + text[match.end(3) :]).encode()
                told = (match[2], match[3], new)
            out.writestr(name, content)
    return told


def test_one_number_edited_in_word_is_reported_and_no_other(sample_night: Night, tmp_path: Path) -> None:
    source = draft(sample_night)
    with zipfile.ZipFile(source) as archive:
        figures = [m[3] for m in FIGURE.finditer(archive.read("word/document.xml").decode())]
    chosen = [n for n in range(0, len(figures), 17) if re.search(r"\d", figures[n])]
    assert len(chosen) > 9
    places = set()
    for number in chosen:
        file = tmp_path / "sua.docx"
        name, old, new = edited(source, file, number)
        found = audited(sample_night, file)
        (mark,) = marks_of(found)
        (place,) = [figure.span for figure in found.read.figures if figure.name == name]
        assert mark.span == place, (old, new)
        assert mark.said[0].code == Verdict.DISAGREES_WITH_DATA
        assert old in mark.said[0].sentence
        assert new in mark.said[0].sentence
        assert mark.said[0].cell_id
        places.add(found.read.text.blocks[place.block].table is None)
    assert places == {True, False}, "prose and table cells"


def test_audit_against_data_names_unit_day_and_cell_and_writes_page_and_comments(
    sample_night: Night, tmp_path: Path
) -> None:
    file = tmp_path / "sua.docx"
    number = next(
        n for n, m in enumerate(FIGURE.finditer(zipfile.ZipFile(draft(sample_night)).read("word/document.xml").decode())) if m[3] == "545"
    )  # fmt: skip
    edited(draft(sample_night), file, number)
    before = file.read_bytes()
    done = motcua(
        "audit", file, "--unit", COMMUNE, "--period", PERIOD, "--workspace", sample_night[0].workspace.root,
        "--html", tmp_path / "ra" / "kiem-tra.html", "--docx", tmp_path / "ra" / "kiem-tra.docx", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stdout.split())
    assert "dữ liệu của xã Bình Lương, số liệu đến hết ngày 05/9/2021" in told
    assert "Không thể đúng (1)" in told
    assert "received_in_window/16204/chung_thuc/2021-9T/nd09/2021-09-05/tt01" in told.replace(" ", "")
    assert file.read_bytes() == before
    assert "received_in_window/16204/chung_thuc" in (tmp_path / "ra" / "kiem-tra.html").read_text(
        encoding="utf-8"
    )
    (comment,) = docx.Document(tmp_path / "ra" / "kiem-tra.docx").comments
    assert "Lệch với dữ liệu: Dữ liệu là 545, báo cáo ghi 548." in comment.text


def test_report_of_another_unit_disagrees_with_the_data(sample_night: Night) -> None:
    found = audited(sample_night, draft(sample_night, "16183"))
    verdicts = {judgement.verdict for judgement in found.audit.judgements}
    assert Verdict.DISAGREES_WITH_DATA in verdicts
    assert "unit.other" in {remark.code for remark in found.audit.remarks}


def test_own_page_reads_as_the_own_document_does(sample_night: Night) -> None:
    page = open_report(draft(sample_night, name="bao-cao.html")).text
    document = open_report(draft(sample_night)).text
    prose = [block.text for block in page.blocks if block.table is None]
    paper = {block.text for block in document.blocks if block.table is None}
    assert [text for text in prose if text.startswith(("- ", "+ "))][:5] == [
        block.text for block in document.blocks if block.text.startswith(("- ", "+ "))
    ][:5]
    assert sum(text in paper for text in prose) > 100
    numbers = [block.text for block in page.blocks if block.table is not None and "Chứng thực" in block.text]
    assert numbers == [
        block.text for block in document.blocks if block.table is not None and "Chứng thực" in block.text
    ]
    assert not any("Biểu đồ" in text or "Số liệu chính" in text for text in prose)


def converted(source: Path, folder: Path) -> Path:
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", folder, source],
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    made = folder / f"{source.stem}.pdf"
    assert made.exists(), done.stderr
    return made


@pytest.mark.documents
def test_own_document_printed_as_pdf_reads_as_the_document_does(sample_night: Night, tmp_path: Path) -> None:
    printed = open_report(converted(draft(sample_night), tmp_path)).text
    document = open_report(draft(sample_night)).text
    paper = [block.text for block in document.blocks if block.table is None]
    # The style of an annex's title prints small letters as capitals.
    prose = {block.text.casefold() for block in printed.blocks if block.table is None}
    assert [text for text in paper if text.casefold() not in prose and len(text) > 20][1:] == [], (
        "only a long title may break"
    )
    rows = [
        block.text for block in document.blocks if block.table is not None and not block.text.startswith(" |")
    ]
    printed_rows = {block.text for block in printed.blocks if block.table is not None}
    assert [row for row in rows if row not in printed_rows] == []
    assert {block.page for block in printed.blocks} >= {1, 2, 3}


@pytest.mark.documents
def test_commented_copy_opens_in_the_office_program(sample_night: Night, tmp_path: Path) -> None:
    file = tmp_path / "sua.docx"
    edited(draft(sample_night), file, 40)
    out = tmp_path / "chu-thich.docx"
    done = motcua(
        "audit", file, "--unit", COMMUNE, "--period", PERIOD, "--workspace", sample_night[0].workspace.root, "--docx", out,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = open_report(converted(out, tmp_path)).text
    assert any("KẾT QUẢ THỰC HIỆN" in block.text for block in text.blocks)
    assert open_report(out).text == open_report(file).text
