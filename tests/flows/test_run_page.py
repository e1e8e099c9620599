"""A night leaves a page that leads to everything it wrote, and Data Docs that stand on their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipelines.clock import SystemClock
from pipelines.session import Session
from tests.support.plain_night import SAMPLES

PROGRAM = Path(sys.executable).with_name("motcua")
ADDRESS = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:[a-z]+:)?//""", re.IGNORECASE)
WITHOUT_DUE_DATE = 3000
STEPS = ["plan", "read", "commit", "count", "check", "draft", "outbox", "pages", "data_docs", "finish"]


def _inbox(root: Path) -> Path:
    """One commune of the samples, and a list of another with many dossiers that nobody promised a day for."""
    shutil.copytree(SAMPLES / "inbox" / "16180", root / "16180")
    header = "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Ngày trả kết quả"
    rows = [
        f"000.04.42.H56-210805-{number:04d};2.000635.000.00.00.H56;Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh;"
        "Hộ tịch;Trực tiếp;Đã trả kết quả;05/08/2021;05/08/2021;;05/08/2021;05/08/2021"
        for number in range(1, WITHOUT_DUE_DATE + 1)
    ]
    (root / "16183").mkdir()
    text = "\n".join([header, *rows])
    (root / "16183" / "ho_so_05-09-2021.csv").write_text(text, encoding="utf-8-sig")
    return root


def _motcua(*arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one night through the command line."""
    root = tmp_path_factory.mktemp("run-page")
    inbox = _inbox(root / "inbox")
    _motcua("nightly", "--inbox", str(inbox), "--as-of", "2021-09-05", "--workspace", str(root / "w"))
    return root / "w"


@pytest.fixture(scope="module")
def folder(workspace: Path) -> Path:
    """The folder of that night."""
    return (workspace / "runs" / "latest").resolve()


@pytest.mark.slow
def test_every_link_of_the_page_leads_to_a_file(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall(r'href="([^"#]+)"', page)]

    assert "data-docs/index.html" in links
    assert "../../drafts/16180/2021-9T/bao-cao.docx" in links
    assert [link for link in links if not (folder / link).is_file()] == []
    assert "Lượt chạy đã hoàn thành." in page
    assert "xã Xuân Hòa" in page


@pytest.mark.slow
def test_pages_of_the_run_ask_for_no_outside_address(folder: Path) -> None:
    pages = [folder / "index.html", *(folder / "data-docs").rglob("*.html")]
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), page
        assert "default-src 'none'" in text, page
    assert not [
        path for path in (folder / "data-docs").rglob("*") if path.is_file() and path.suffix != ".html"
    ]


@pytest.mark.slow
def test_every_failing_row_is_kept_and_the_pages_count_the_same(workspace: Path, folder: Path) -> None:
    store = Session(workspace, SystemClock()).store
    (finding,) = [
        row
        for row in store.findings().to_pylist()
        if (row["code"], row["unit_code"]) == ("dossier.due_date.missing", "16183")
    ]
    assert finding["count"] == WITHOUT_DUE_DATE
    assert {place["row"] for place in finding["places"]} == set(range(2, WITHOUT_DUE_DATE + 2))

    (page,) = (folder / "data-docs").glob("validations/dossier/*/*/*.html")
    text = page.read_text(encoding="utf-8")
    due = text[text.index("“Ngày hẹn trả” phải có giá trị khi") :]
    assert re.findall(r'<td class="num">([^<]*)</td>', due)[0] == "3.000"


@pytest.mark.slow
def test_run_folder_holds_no_personal_data(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        assert "Người Mẫu".encode() not in content, path
        assert b"0000000001" not in content, path


@pytest.mark.slow
def test_runs_lists_the_night_with_its_steps_and_counts(workspace: Path, folder: Path) -> None:
    (told,) = json.loads(_motcua("runs", "--json", "--workspace", str(workspace)))

    assert told["run_id"] == folder.name
    assert (told["command"], told["state"]) == ("nightly", "success")
    assert [step["step"] for step in told["steps"]] == STEPS
    assert {step["state"] for step in told["steps"]} == {"success"}
    assert sum(step["seconds"] for step in told["steps"]) <= told["seconds"]
    assert told["deliveries"] == {"accepted": 6, "refused": 0, "unchanged": 0}
    assert told["accepted_rows"] == 891 + WITHOUT_DUE_DATE
    assert Path(told["page"]) == workspace / "runs" / folder.name / "index.html"


@pytest.mark.slow
def test_summary_counts_what_is_new_by_severity(folder: Path) -> None:
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    lives = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["findings"]

    for severity in ("critical", "warning", "info"):
        count = sum(finding["severity"] == severity for finding in findings)
        assert lives[severity]["new"] == count
        assert lives[severity]["fixed"] == 0
