"""The night's files in the programs that staff open them with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from tests.support.recalculated import convert, formula_differences, recalculated

Night = tuple[Session, NightResult]
UNITS = ("16204", "402")


def draft(night: Night, unit: str, name: str) -> Path:
    return night[0].workspace.drafts / unit / "2021-9T" / name


@pytest.mark.documents
@pytest.mark.parametrize("unit", UNITS)
def test_word_draft_becomes_a_pdf_with_every_section_and_no_empty_page(
    sample_night: Night, unit: str, tmp_path: Path
) -> None:
    pdf = convert(draft(sample_night, unit, "bao-cao.docx"), "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert 6 <= len(pages) <= 12
    assert all(len(page.split()) > 25 for page in pages), "a page with next to nothing on it"
    for heading in ("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "II. KẾT QUẢ THỰC HIỆN", "Phụ lục I", "Phụ lục II"):
        assert heading in text


@pytest.mark.documents
@pytest.mark.parametrize("unit", UNITS)
def test_recalculated_workbook_gives_our_numbers_and_every_check_agrees(
    sample_night: Night, unit: str, tmp_path: Path
) -> None:
    content = draft(sample_night, unit, "bieu-so-lieu.xlsx").read_bytes()
    calculated = recalculated(content, tmp_path)
    count, differing = formula_differences(content, calculated)
    assert differing == []
    assert count > 30
    answers = [
        cell.value
        for sheet in calculated
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert "Khớp" in answers
    assert "Lệch" not in answers


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("unit", UNITS)
def test_page_fits_its_window_and_asks_for_nothing(
    sample_night: Night, unit: str, width: int, tmp_path: Path
) -> None:
    page = draft(sample_night, unit, "bao-cao.html").resolve()
    html = page.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)=["'](?!#)[^"']+""", html), "the page asks for another file"
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<!doctype html><title>?</title><iframe id="f" src="file://{page}" width="{width}" height="800"></iframe>'
        "<script>f.onload = () => { const d = f.contentDocument.documentElement;"
        " document.title = d.scrollWidth + ' ' + f.contentDocument.querySelectorAll('[data-cell]').length; }</script>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", f"--user-data-dir={tmp_path}/profile", "--window-size=1400,900",
            "--virtual-time-budget=5000", "--dump-dom", f"file://{frame}",
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    found = re.search(r"<title>(\d+) (\d+)</title>", done.stdout)
    assert found, done.stderr[-500:]
    scroll_width, bound = map(int, found.groups())
    assert scroll_width <= width
    assert bound > 50, "numbers carry their cells"
