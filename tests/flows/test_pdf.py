"""PDF through LibreOffice: asked for, made and kept like the other files; missing or hanging, a clear sentence."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pipelines.errors import EXIT_RENDERING, RenderingError, UsageProblemError
from pipelines.pdf import convert_to_pdf, find_office
from pipelines.publications.folder import Series, publication_folder
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps.on_demand import parse_formats
from pipelines.steps.report import ALL_FORMATS, FORMATS, render_report
from tests.support.published import FIRST_LIST, FIRST_NAME, PERIOD, open_at, order, publish, take_in
from tests.support.sample_context import published_context, sample_context
from tests.support.sent_back import UNIT


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A soffice of our own before every other."""
    path = folder / "bin" / "soffice"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")


def test_pdf_is_made_only_where_it_is_asked_for() -> None:
    assert "pdf" not in FORMATS
    assert parse_formats("docx,pdf") == ["docx", "pdf"]
    with pytest.raises(UsageProblemError, match="docx, xlsx, html, json, pdf"):
        parse_formats("odt")
    assert set(render_report(sample_context(), list(FORMATS))) == set(FORMATS.values())


def test_missing_libreoffice_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_office() is None
    with pytest.raises(RenderingError, match="chưa cài LibreOffice") as told:
        render_report(sample_context(), ["pdf"])
    assert told.value.exit_code == EXIT_RENDERING
    assert "bỏ pdf khỏi --formats" in str(told.value)


def test_hanging_libreoffice_is_ended_with_everything_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    program(tmp_path, monkeypatch, f"sleep 300 &\necho $! > {child}\nwait")
    with pytest.raises(RenderingError, match="không xuất xong PDF trong 1 giây"):
        convert_to_pdf(b"", timeout_seconds=1)
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", child.read_text().strip()], capture_output=True, text=True, check=False
    )
    assert state.stdout.strip() in ("", "Z"), "the child of the program that hung is still at work"


def test_libreoffice_that_writes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(RenderingError, match="không viết ra tệp PDF"):
        convert_to_pdf(b"")


def test_conversion_uses_a_profile_of_its_own_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, temporary = tmp_path / "seen", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    program(tmp_path, monkeypatch, f'echo "$@" > {seen}; printf "%%PDF-1.7" > report.pdf')
    assert convert_to_pdf(b"") == b"%PDF-1.7"
    assert f"-env:UserInstallation=file://{temporary}/motcua-pdf-" in seen.read_text()
    assert list(temporary.iterdir()) == []


def test_publication_hashes_the_pdf_and_verify_watches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, monkeypatch, 'printf "%%PDF-1.7" > report.pdf')
    session: Session = open_at(tmp_path / "w")
    take_in(session, FIRST_NAME, FIRST_LIST)
    publication = publish(session, order(formats=("docx", "pdf")))
    assert {ALL_FORMATS["pdf"], ALL_FORMATS["docx"], ALL_FORMATS["json"]} <= set(publication.files)
    root = session.workspace.publications
    assert verify(root, session.store).problems == ()

    written = publication_folder(root, Series(UNIT, PERIOD, "nd09"), 1) / ALL_FORMATS["pdf"]
    written.chmod(0o644)
    written.write_bytes(b"%PDF-1.7 changed")
    assert [(p.kind, p.file) for p in verify(root, session.store).problems] == [
        ("file_changed", ALL_FORMATS["pdf"])
    ]


@pytest.mark.documents
def test_report_becomes_a_pdf_of_its_pages(tmp_path: Path) -> None:
    content = render_report(published_context(), ["pdf"])["bao-cao.pdf"]
    (tmp_path / "report.pdf").write_bytes(content)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert len(pages) == 3
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH\n" in text, "no hidden field shows in a heading"
    assert "Phụ lục" in pages[-1]
