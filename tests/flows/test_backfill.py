"""``motcua backfill``: shown before it is written, in order, gone on with after a break, publications untouched."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.backfill import open_backfill
from pipelines.cli.backfill import backfill
from pipelines.errors import UsageProblemError, WorkspaceLockedError
from pipelines.progress import no_progress
from pipelines.session import Session
from pipelines.steps import backfill as steps
from tests.support.plain_night import NIGHT, SAMPLES, open_session, run_plain_night

UNIT = "16204"
RANGE = ("--from", "2021-06", "--to", "2021-08")
DAY = date(2021, 9, 5)


@pytest.fixture(scope="module")
def after_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("backfill")
    shutil.copytree(SAMPLES / "inbox" / UNIT, root / "inbox" / UNIT)
    session = open_session(root / "ws", NIGHT)
    run_plain_night(session, root / "inbox")
    return root / "ws"


@pytest.fixture
def workspace(after_night: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "ws"
    shutil.copytree(after_night, copy, symlinks=True)
    return copy


def drafts(workspace: Path) -> list[str]:
    return sorted(
        path.name for path in (workspace / "drafts" / UNIT).iterdir() if not path.name.startswith(".")
    )


def run(workspace: Path, *more: str) -> str:
    arguments = [*RANGE, "--as-of", DAY.isoformat(), "--workspace", str(workspace), *more]
    done = CliRunner().invoke(backfill, arguments, standalone_mode=False, catch_exceptions=False)
    return done.output


def test_without_yes_it_shows_what_would_change_and_writes_nothing(workspace: Path) -> None:
    before = drafts(workspace)
    said = run(workspace)
    assert "2021-06" in said
    assert "2021-08" in said
    assert "Thêm --yes để ghi 6 dự thảo" in said  # three months of the commune and of its district
    assert drafts(workspace) == before
    assert not list((workspace / "runs").glob("*-backfill*"))


def test_with_yes_every_month_has_a_draft_and_a_second_time_there_is_nothing_to_write(
    workspace: Path,
) -> None:
    said = run(workspace, "--yes")
    assert "Đã viết 6 dự thảo" in said
    assert {"2021-06", "2021-07", "2021-08"} <= set(drafts(workspace))
    assert "không có gì phải ghi" in run(workspace, "--yes")


def test_draft_equals_what_a_report_on_demand_says(workspace: Path) -> None:
    from pipelines.steps.on_demand import Request, answer_request
    from pipelines.steps.report import FORMATS, render_report

    run(workspace, "--yes")
    session = open_session(workspace, NIGHT)
    answer = answer_request(session, Request(UNIT, "2021-07", as_of=DAY))
    for name, content in render_report(answer.context).items():
        assert (workspace / "drafts" / UNIT / "2021-07" / name).read_bytes() == content
    assert set(FORMATS.values()) >= set(render_report(answer.context))


def test_interrupted_backfill_goes_on_behind_what_was_written(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = steps.write_folder, []

    def dies_at_the_third(target: Path, files: dict[str, bytes]) -> bool:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(target)
        return real(target, files)

    monkeypatch.setattr(steps, "write_folder", dies_at_the_third)
    clock = open_session(workspace, NIGHT).clock
    with (
        pytest.raises(KeyboardInterrupt),
        open_backfill(workspace, clock, "2021-06", "2021-08", as_of=DAY) as work,
    ):
        work.write(no_progress)
    monkeypatch.setattr(
        steps, "write_folder", lambda target, files: (calls.append(target), real(target, files))[1]
    )
    with open_backfill(workspace, clock, "2021-06", "2021-08", as_of=DAY) as work:
        changes = work.preview(no_progress)
        assert [change.state for change in changes].count("done") == 2
        done = work.write(no_progress)
    assert done.written == 4
    assert len(calls) == len(set(calls)) == 6


def test_other_range_or_day_starts_over(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_target: Path, _files: dict[str, bytes]) -> bool:
        raise KeyboardInterrupt

    clock = open_session(workspace, NIGHT).clock
    with monkeypatch.context() as patch:
        patch.setattr(steps, "write_folder", dies)
        with pytest.raises(KeyboardInterrupt), open_backfill(workspace, clock, "2021-06", "2021-06") as work:
            work.write(no_progress)
    with open_backfill(workspace, clock, "2021-07", "2021-07", as_of=DAY) as work:
        assert "done" not in {change.state for change in work.preview(no_progress)}


def test_periods_come_in_the_order_of_their_last_days(workspace: Path) -> None:
    clock = open_session(workspace, NIGHT).clock
    with open_backfill(workspace, clock, "2020", "2021-09", [UNIT], as_of=DAY) as work:
        periods = [change.period_id for change in work.preview(no_progress)]
    assert periods[0] == "2020-01"
    assert (
        periods.index("2020-09") < periods.index("2020-9T") < periods.index("2020-12") < periods.index("2020")
    )
    assert periods[-1] == "2021-9T"
    assert "2021" not in periods


def test_present_draft_and_publication_that_would_be_contradicted_are_counted(workspace: Path) -> None:
    run(workspace, "--yes", "--unit", UNIT)
    folder = workspace / "drafts" / UNIT / "2021-07"
    content = json.loads((folder / "context.json").read_text(encoding="utf-8"))
    cell = next(
        cell for cell in content["cells"].values() if cell["cell_id"].startswith("received_in_window/")
    )
    cell["value"] += 1
    (folder / "context.json").write_text(json.dumps(content), encoding="utf-8")
    clock = open_session(workspace, NIGHT).clock
    with open_backfill(workspace, clock, "2021-07", "2021-07", [UNIT], as_of=DAY) as work:
        (change,) = work.preview(no_progress)
    assert (change.state, change.figure_count, change.published) == ("changed", 1, 0)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2021-08", "2021-06", "bị đảo ngược"),
        ("2022-01", "2022-03", "Không có kỳ báo cáo nào"),
        ("thang-6", "2021-08", "không đúng mẫu"),
    ],
)
def test_range_that_cannot_be_meant_is_refused_with_a_sentence(
    workspace: Path, first: str, last: str, said: str
) -> None:
    clock = open_session(workspace, NIGHT).clock
    with (
        pytest.raises(UsageProblemError, match=said),
        open_backfill(workspace, clock, first, last, as_of=DAY),
    ):
        pass


def test_workspace_that_another_run_holds_is_left_alone(workspace: Path) -> None:
    session: Session = open_session(workspace, NIGHT)
    with (
        session.workspace.lock(),
        pytest.raises(WorkspaceLockedError),
        open_backfill(workspace, session.clock, "2021-06", "2021-08"),
    ):
        pass
