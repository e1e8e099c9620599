"""The Word document as LibreOffice lays it out on pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.sample_context import sample_context
from transforms.render.docx import render_docx

pytestmark = pytest.mark.documents


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """Text of each page after conversion to PDF."""
    base = (Path(__file__).parents[3] / "report_templates/base.docx").read_bytes()
    (tmp_path / "report.docx").write_bytes(render_docx(sample_context(), base))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        "report.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", "report.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, timeout=60
    ).stdout.decode()
    return [page for page in text.split("\f") if page.strip()]


def test_pages_show_header_block_numbers_signature_and_annex_where_they_belong(pages: list[str]) -> None:
    assert len(pages) == 4
    first, second, third, annex = pages
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "DỰ THẢO" in first
    assert first.split()[0] != "1", "the first page carries no number"
    for number, page in ((2, second), (3, third), (4, annex)):
        assert page.split("\n")[0].split() == [str(number), "DỰ", "THẢO"]
    assert "./." in third
    assert "Người Mẫu 0001" in third, "the signature stands on the page of the last sentence"
    assert "Phụ lục I" in annex
    assert "1.363" in annex
    assert "Chưa phân loại" in annex
