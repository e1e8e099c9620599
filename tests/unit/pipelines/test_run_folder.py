"""The folder of a run: timings, a page for every ending, and older folders that have less in them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.cli.runs import runs
from pipelines.clock import FixedClock
from pipelines.errors import StoreUnreachableError
from pipelines.run_records import RunRecord, StepTime, list_runs, read_run
from pipelines.runs import Run, close_stopped, start_run
from pipelines.steps.run_page import render_run_page, say_seconds

CLOCK = FixedClock(datetime(2021, 9, 5, 18, 30, tzinfo=UTC))
ADDRESS = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:[a-z]+:)?//""", re.IGNORECASE)
KEPT = "không có báo cáo nào được công bố và các bản đã công bố giữ nguyên"


def _page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def _verdict(folder: Path) -> tuple[str, str]:
    """State and sentence at the head of the page."""
    found = re.search(r'<p class="verdict (\w+)">(.*?)</p>', _page(folder), re.DOTALL)
    assert found is not None
    return found[1], found[2]


def _fail(root: Path, problem: Exception) -> Path:
    """The folder of a night that read its files and broke while drafting."""
    try:
        with start_run(root, "nightly", CLOCK, {"as_of": "2021-09-05"}) as run:
            with run.step("read"):
                pass
            with run.step("draft"):
                raise problem
    except type(problem):
        return run.folder


def _delivery(file: str, state: str, accepted: int) -> dict[str, Any]:
    counts = dict.fromkeys(("structural", "unchanged", "superseded", "quarantined"), 0)
    rows = dict.fromkeys(("sheet_rows", "data_rows", "accepted"), accepted)
    return {"unit_code": "16204", "file": file, "state": state, "kind": "dossier", **counts, **rows}


def _write_old(root: Path, name: str, content: dict[str, Any]) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_steps_leave_their_times_in_the_folder_and_in_the_log(tmp_path: Path) -> None:
    with start_run(tmp_path, "nightly", CLOCK, {}) as run, run.step("read"):
        (inside,) = read_run(run.folder).steps

    assert inside == StepTime("read", None, "running")
    (step,) = read_run(run.folder).steps
    assert (step.step, step.state) == ("read", "success")
    assert step.seconds is not None
    lines = [json.loads(line) for line in (run.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["message"], line["step"], line["seconds"]) for line in lines] == [
        ("step success", "read", step.seconds)
    ]


def test_page_of_a_good_run_says_so_and_leads_to_files_that_are_there(tmp_path: Path) -> None:
    with start_run(tmp_path, "ingest", CLOCK, {"as_of": "2021-09-05"}) as run, run.step("read"):
        pass

    assert _verdict(run.folder) == ("success", "Lượt chạy đã hoàn thành.")
    page = _page(run.folder)
    assert "Nhận tệp lúc 01:30 ngày 06/9/2021" in page
    assert "ngày làm việc 05/9/2021" in page
    links = re.findall(r'<a href="([^"#]+)"', page)
    assert links == ["log.jsonl", "timings.json"]
    assert all((run.folder / link).is_file() for link in links)
    assert not ADDRESS.search(page)


@pytest.mark.parametrize(
    ("problem", "cause"),
    [
        (StoreUnreachableError("Người Mẫu 0001"), "không đọc hoặc ghi được đĩa hay kho dữ liệu"),
        (PermissionError("Người Mẫu 0001"), "đĩa hoặc quyền truy cập có trục trặc"),
        (ZeroDivisionError("Người Mẫu 0001"), "phần mềm gặp lỗi không lường trước (ZeroDivisionError)"),
    ],
    ids=["store", "disk", "bug"],
)
def test_page_of_a_failed_run_says_in_one_sentence_what_failed_and_where(
    tmp_path: Path, problem: Exception, cause: str
) -> None:
    folder = _fail(tmp_path, problem)

    assert _verdict(folder) == (
        "failed",
        f"Lượt chạy không hoàn thành ở bước “Viết dự thảo” vì {cause}; {KEPT}.",
    )
    assert not (tmp_path / "latest").exists()
    for path in folder.iterdir():
        assert "Người Mẫu" not in path.read_text(encoding="utf-8"), path


def test_run_that_is_killed_leaves_a_page_that_says_so(tmp_path: Path) -> None:
    killed = start_run(tmp_path, "nightly", CLOCK, {})
    run = killed.__enter__()

    assert _verdict(run.folder) == (
        "running",
        f"Lượt chạy chưa kết thúc; nếu không còn chạy thì lượt này đã bị ngắt, {KEPT}.",
    )
    killed.__exit__(None, None, None)


def test_run_that_is_stopped_by_hand_has_a_page_that_says_so(tmp_path: Path) -> None:
    with start_run(tmp_path, "nightly", CLOCK, {}) as run, run.step("read"):
        close_stopped(run, CLOCK)
        said = _verdict(run.folder)

    assert said == (
        "stopped",
        f"Lượt chạy được dừng theo yêu cầu ở bước “Đọc tệp”; {KEPT}, lượt sau sẽ làm tiếp phần còn lại.",
    )


def test_page_that_cannot_be_written_costs_the_run_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.runs.write_run_page", refuse)
    with start_run(tmp_path, "nightly", CLOCK, {}) as run:
        pass

    assert read_run(run.folder).state == "success"
    assert not (run.folder / "index.html").exists()


def test_page_escapes_what_comes_from_outside(tmp_path: Path) -> None:
    record = RunRecord(
        tmp_path,
        command="nightly",
        state="success",
        deliveries=(_delivery("<b>a</b>.xls", "accepted", 1363),),
    )

    page = render_run_page(record).decode()

    assert "&lt;b&gt;a&lt;/b&gt;.xls" in page
    assert "<b>" not in page
    assert "1.363" in page


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0.04, "0,0 giây"),
        (12.34, "12,3 giây"),
        (59.94, "59,9 giây"),
        (59.96, "1 phút 00 giây"),
        (97.0, "1 phút 37 giây"),
        (3599.6, "1 giờ 00 phút"),
        (7500.0, "2 giờ 05 phút"),
    ],
)
def test_durations_are_said_in_words(seconds: float | None, said: str) -> None:
    assert say_seconds(seconds) == said


def test_older_folders_are_listed_with_what_they_have(tmp_path: Path) -> None:
    old = _write_old(
        tmp_path, "20210901T013000-nightly",
        {"run_id": "20210901T013000-nightly", "command": "nightly", "state": "success", "parameters": {},
         "started_at": "2021-09-01T01:30:00+07:00", "ended_at": "2021-09-01T01:31:37+07:00"},
    )  # fmt: skip
    (old / "findings.json").write_text('[{"severity": "critical", "unit_code": "16204", "sentence": "Câu."}]')
    _write_old(tmp_path, "20210902T013000-nightly", {"state": "running"})
    (tmp_path / "20210903T013000-nightly").mkdir()
    _write_old(
        tmp_path, "20210904T013000-nightly", {"state": "running", "started_at": "2021-09-04T01:30:00+07:00"}
    )
    (tmp_path / "latest").symlink_to(old.name)

    records = list_runs(tmp_path)

    assert [(record.run_id[:8], record.state, record.seconds) for record in records] == [
        ("20210904", "running", None),
        ("20210903", "unreadable", None),
        ("20210902", "broken_off", None),
        ("20210901", "success", 97.0),
    ]
    assert records[3].deliveries is None
    page = render_run_page(records[3]).decode()
    assert "1 phút 37 giây" in page
    assert "Câu." in page
    for record in records:
        assert render_run_page(record)


def test_runs_command_lists_the_newest_first_and_says_what_failed(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    root.mkdir()
    _fail(root, ZeroDivisionError())
    with start_run(root, "ingest", FixedClock(datetime(2021, 9, 6, tzinfo=UTC)), {}) as run:
        deliveries = [_delivery("a.xls", "accepted", 1363), _delivery("b.xls", "refused", 0)]
        run.write_json("deliveries.json", deliveries)
        run.write_json("findings.json", [{"severity": "warning"}])

    done = CliRunner().invoke(runs, ["--workspace", str(tmp_path)], standalone_mode=False)
    rows = [line.split() for line in done.output.splitlines() if line.strip().startswith("06/")]
    assert [row[:2] for row in rows] == [["06/09/2021", "07:00"], ["06/09/2021", "01:30"]]
    assert rows[0][-8:] == ["hoàn", "thành", "2", "1", "1.363", "1", "0", "20210906T070000-ingest"]
    assert rows[1][-6:] == ["–", "–", "–", "–", "–", "20210906T013000-nightly"]
    assert "20210906T013000-nightly: Lượt chạy không hoàn thành ở bước “Viết dự thảo”" in done.output

    done = CliRunner().invoke(
        runs, ["--workspace", str(tmp_path), "--last", "1", "--json"], standalone_mode=False
    )
    (told,) = json.loads(done.output)
    assert told["run_id"] == "20210906T070000-ingest"
    assert told["deliveries"] == {"accepted": 1, "refused": 1, "unchanged": 0}
    assert told["open_findings"] == {"critical": 0, "warning": 1, "info": 0}
    assert Path(told["page"]).is_file()


def test_runs_command_in_a_workspace_without_runs_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(runs, ["--workspace", str(tmp_path)], standalone_mode=False)
    assert done.output.strip() == "Chưa có lượt chạy nào."


def test_run_in_progress_is_the_same_value_for_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "20210906T013000-nightly"
    folder.mkdir()
    run = Run(folder.name, folder)
    run.write_page()
    assert "Không đọc được thông tin của lượt chạy này." in _page(folder)
