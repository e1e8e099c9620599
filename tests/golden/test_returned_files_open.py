"""Workbooks that go back, in the program that staff open them with."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from tests.support.export_files import html_file
from tests.unit.returned.mend_case import UNIT_NAME, clerks_workbook, line, marker, sent, table
from transforms.readers.workbook import read_workbook
from transforms.returned.body import SentFile
from transforms.returned.build import render_returned
from transforms.returned.read import split_returned

SOURCES = {
    "kept": (sent(clerks_workbook()), "Hồ sơ"),
    "converted": (sent(html_file(table(6)), "ds.xls"), ""),
}


def saved_by_office(content: bytes, target: str, out: Path) -> bytes:
    source = out / "tra-lai.xlsx"
    source.write_bytes(content)
    (out / "made").mkdir(exist_ok=True)
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to", target, "--outdir", out / "made", source],
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    made = out / "made" / f"tra-lai.{target}"
    assert made.exists(), done.stderr
    return made.read_bytes()


@pytest.mark.documents
@pytest.mark.parametrize("source", SOURCES)
def test_workbook_saved_by_an_office_program_still_says_what_it_answers(source: str, tmp_path: Path) -> None:
    sent_file, sheet = SOURCES[source]
    content = written(sent_file, sheet)
    before = split_returned(read_workbook(io.BytesIO(content), "x.xlsx"))
    after = split_returned(read_workbook(io.BytesIO(saved_by_office(content, "xlsx", tmp_path)), "x.xlsx"))
    assert after.marker == before.marker
    codes = [sheet.cells.column("c3").to_pylist() for sheet in after.data.sheets[:1]]
    assert codes == [sheet.cells.column("c3").to_pylist() for sheet in before.data.sheets[:1]]
    assert after.data.sheets[0].row_numbers.equals(before.data.sheets[0].row_numbers)


@pytest.mark.documents
@pytest.mark.parametrize("source", SOURCES)
def test_list_prints_as_one_page_width_with_its_head(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(saved_by_office(written(*SOURCES[source]), "pdf", tmp_path))
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    first = text.split("\f")[0]
    for words in (
        "NỘI DUNG CẦN SỬA – xã Bình Lương",
        "Giải trình",
        "Người giải trình",
        "Cảnh báo",
        "Trang 1/",
    ):
        assert words in first
    assert "0123456789012345" not in text, "the marker is not printed"


def written(sent_file: SentFile, sheet: str) -> bytes:
    lines = [line(5, sheet=sheet), line(6, "dossier_code", "critical", sheet=sheet)]
    return render_returned(marker(), UNIT_NAME, lines, sent_file)
