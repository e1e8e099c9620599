"""``motcua period list|close|reopen`` on a workspace, and bases that a workspace defines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.root import motcua
from pipelines.clock import FixedClock
from pipelines.errors import ConfigurationError, UsageProblemError, UserError, WorkspaceLockedError
from pipelines.session import Session
from pipelines.steps.periods import (
    close_periods,
    find_unit_period,
    parse_period_decisions,
    refuse_closed,
    reopen_periods,
    state_of,
)

WINDOWS = "basis,kind,index,start_month_offset,start_day,end_month_offset,end_day,is_legal,source\n"
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a ``motcua period`` command and gives what it printed, line ends taken out."""

    def command(*arguments: str) -> str:
        motcua.main(["period", *arguments, "--workspace", str(tmp_path)], standalone_mode=False)
        return capsys.readouterr().out

    return command


def listed(run: Run, as_of: str, *more: str, unit: str = "16204") -> dict[str, dict[str, Any]]:
    rows = json.loads(run("list", "--unit", unit, "--as-of", as_of, "--json", *more))
    return {row["period_id"]: row for row in rows}


def decide(run: Run, name: str, as_of: str, *more: str, unit: str = "16204", period: str = "2021-09") -> str:
    return run(name, "--unit", unit, "--period", period, "--by", "chuyên viên huyện", "--as-of", as_of, *more)


REASON = ("--reason", "xã gửi bổ sung 12 hồ sơ")


def test_list_says_which_periods_are_open_and_closed_and_by_when(run: Run) -> None:
    states = {period: (row["deadline"], row["state"]) for period, row in listed(run, "2021-09-20").items()}
    assert states["2021-09"] == ("2021-09-16", "closed")
    assert states["2021-9T"] == ("2021-09-16", "closed")
    assert states["2021-10"] == ("2021-10-18", "open")
    assert states["2021"] == ("2021-12-16", "open")
    assert set(states) == {*(f"2021-{month:02d}" for month in range(1, 11)), "2021-9T", "2021"}
    row = listed(run, "2021-09-20")["2021-09"]
    assert (row["start"], row["end"], row["since"], row["decided_by"]) == (
        "2021-08-15", "2021-09-14", "2021-09-17", "theo hạn gửi",
    )  # fmt: skip
    assert "Điều 8 khoản 5" in row["deadline_source"]


def test_list_as_a_table_tells_the_source_and_what_is_not_certain(run: Run) -> None:
    said = run("list", "--unit", "16204", "--as-of", "2021-02-20")
    assert "Các kỳ báo cáo của xã Bình Lương, tính theo Nghị định số 09/2019/NĐ-CP" in said
    assert "18/02/2021*" in said
    assert "Hạn gửi: NĐ 09/2019/NĐ-CP, Điều 8 khoản 5" in said
    assert (
        "* Ngày 15/02/2021 (nghỉ bù Tết Nguyên đán, mùng hai: chưa kiểm chứng); hạn gửi có thể thay đổi."
        in said
    )


def test_list_in_december_reaches_into_the_next_year_and_an_early_year_is_empty(run: Run) -> None:
    assert {"2021-12", "2022-01", "2022-9T", "2022"} <= set(listed(run, "2021-12-20"))
    assert set(listed(run, "2021-12-20", "--year", "2022")) == {"2022-01", "2022-9T", "2022"}
    assert "Năm 2023 chưa có kỳ nào bắt đầu" in run(
        "list", "--unit", "16204", "--year", "2023", "--as-of", "2021-12-20"
    )


def test_calendar_basis_has_no_deadline_and_stays_open(run: Run) -> None:
    row = listed(run, "2021-12-20", "--basis", "lich")["2021-09"]
    assert (row["end"], row["deadline"], row["state"]) == ("2021-09-30", None, "open")


def test_reopened_period_is_listed_with_who_and_why_until_it_is_closed_again(run: Run) -> None:
    said = decide(run, "reopen", "2021-09-20", *REASON)
    assert said.startswith(
        "Kỳ tháng 9 năm 2021 (2021-09) của xã Bình Lương đã mở lại từ ngày 20/9/2021, "
        "người quyết định: chuyên viên huyện; hạn gửi ngày 16/9/2021 (NĐ 09/2019/NĐ-CP"
    )
    row = listed(run, "2021-10-01")["2021-09"]
    assert (row["state"], row["since"], row["decided_by"], row["reason"]) == (
        "reopened", "2021-09-20", "chuyên viên huyện", "xã gửi bổ sung 12 hồ sơ",
    )  # fmt: skip
    assert listed(run, "2021-10-01", unit="16207")["2021-09"]["state"] == "closed"
    decide(run, "close", "2021-10-02", "--reason", "đã công bố bản điều chỉnh")
    assert listed(run, "2021-10-03")["2021-09"]["state"] == "closed"
    decide(run, "reopen", "2021-10-05", *REASON)
    assert listed(run, "2021-10-06")["2021-09"]["since"] == "2021-10-05"


def test_reopening_with_a_last_day_closes_by_itself(run: Run) -> None:
    decide(run, "reopen", "2021-09-20", *REASON, "--until", "2021-09-24")
    assert listed(run, "2021-09-24")["2021-09"]["state"] == "reopened"
    assert listed(run, "2021-09-25")["2021-09"]["state"] == "closed"


def test_open_period_can_be_kept_open_beyond_its_deadline(run: Run) -> None:
    decide(run, "reopen", "2021-09-15", *REASON, "--until", "2021-09-30")
    assert listed(run, "2021-09-30")["2021-09"]["state"] == "reopened"
    assert listed(run, "2021-10-01")["2021-09"]["state"] == "closed"


def test_period_that_someone_decided_about_is_listed_whatever_its_kind(run: Run) -> None:
    assert "2021-Q3" not in listed(run, "2021-09-20")
    decide(run, "reopen", "2021-09-20", *REASON, period="2021-Q3")
    assert listed(run, "2021-09-20")["2021-Q3"]["state"] == "reopened"


def test_several_units_are_decided_in_one_commit_or_not_at_all(run: Run, tmp_path: Path) -> None:
    said = decide(run, "reopen", "2021-09-20", *REASON, "--unit", "16207")
    assert len(said.splitlines()) == 2
    lines = Session(tmp_path, FixedClock(datetime(2021, 9, 20, tzinfo=UTC))).store.decisions().to_pylist()
    assert {line["unit_code"] for line in lines} == {"16204", "16207"}
    assert len({line["known_from"] for line in lines}) == 1
    decide(run, "close", "2021-09-21", *REASON, unit="16207")
    with pytest.raises(UsageProblemError, match="xã Thanh Quân đã khóa từ ngày 21/9/2021"):
        decide(run, "close", "2021-09-22", *REASON, "--unit", "16207")
    assert listed(run, "2021-09-22")["2021-09"]["state"] == "reopened"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("close", "2021-09-20", *REASON), "Không cần khóa: kỳ tháng 9 năm 2021 (2021-09) của xã Bình Lương đã khóa"),
        (("close", "2021-08-01", *REASON), "kỳ chỉ bắt đầu từ ngày 15/8/2021."),
        (("reopen", "2021-09-16", *REASON), "đang mở đến hết hạn gửi ngày 16/9/2021."),
        (("reopen", "2021-09-10", *REASON, "--until", "2021-09-12"), "hãy ghi ngày cuối sau hạn gửi bằng --until."),
        (("reopen", "2021-09-20", *REASON, "--until", "2021-09-19"), "đứng trước ngày làm việc 20/9/2021"),
        (("reopen", "2021-10-20", *REASON, "--basis", "lich"), "đang mở và không có hạn gửi."),
        (("reopen", "2021-09-20", "--reason", " "), "Lý do (--reason) bị bỏ trống"),
        (("reopen", "2021-09-20", *REASON, "--basis", "nd9"), "Không có cách tính kỳ “nd9”; các cách hiện có: lich, nd09."),
    ],
)  # fmt: skip
def test_decision_that_changes_nothing_or_cannot_be_meant_is_refused(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(UserError) as refused:
        decide(run, *arguments)
    assert refused.value.exit_code == 2
    assert sentence in str(refused.value)
    assert Session(tmp_path, FixedClock(datetime(2021, 9, 20, tzinfo=UTC))).store.decisions().num_rows == 0


def test_phone_or_identity_number_in_a_reason_is_not_kept(run: Run) -> None:
    decide(run, "reopen", "2021-09-20", "--reason", "gọi 0000000001 để biết")
    assert listed(run, "2021-09-20")["2021-09"]["reason"] == "gọi [đã ẩn số] để biết"


def test_decision_waits_for_a_run_that_holds_the_workspace(run: Run, tmp_path: Path) -> None:
    session = Session(tmp_path, FixedClock(datetime(2021, 9, 20, tzinfo=UTC)))
    session.workspace.create()
    with session.workspace.lock(), pytest.raises(WorkspaceLockedError):
        decide(run, "reopen", "2021-09-20", *REASON)


def test_publishing_is_refused_while_closed_and_as_known_before_the_reopening(tmp_path: Path) -> None:
    session = Session(tmp_path, FixedClock(datetime(2021, 9, 20, 2, tzinfo=UTC)))
    session.workspace.create()
    target = find_unit_period(session, "16204", "2021-09", None)
    with pytest.raises(
        UsageProblemError,
        match=r"đã khóa từ ngày 17/9/2021.*motcua period reopen --unit 16204 --period 2021-09",
    ):
        refuse_closed(session, target, date(2021, 9, 20))
    assert refuse_closed(session, target, date(2021, 9, 16)).decided_by == ""
    reopen_periods(session, [target], date(2021, 9, 20), "gửi muộn", "huyện")
    before = datetime(2021, 9, 20, 1, tzinfo=UTC)
    assert refuse_closed(session, target, date(2021, 9, 20)).reason == "gửi muộn"
    with pytest.raises(UsageProblemError):
        refuse_closed(session, target, date(2021, 9, 20), before)
    close_periods(session, [target], date(2021, 9, 21), "xong", "huyện")
    decisions = parse_period_decisions(session.store.decisions())
    assert [decision.kind for decision in decisions] == ["reopening", "closing"]
    assert state_of(target, date(2021, 9, 22), decisions, session.catalogue).is_closed


# --- bases of a workspace ---------------------------------------------------------------------------


def own_basis(workspace: Path) -> None:
    folder = workspace / "catalogue" / "calendars"
    folder.mkdir(parents=True)
    (folder / "bases.csv").write_text(
        "basis,name,source\nhuyen,theo quy định của huyện,QĐ số 1/QĐ-UBND\n", encoding="utf-8"
    )
    (folder / "windows.csv").write_text(
        f"{WINDOWS}huyen,month,,-1,21,0,20,no,QĐ số 1/QĐ-UBND\n", encoding="utf-8"
    )
    (folder / "deadlines.csv").write_text(
        "basis,working_days,source\nhuyen,1,QĐ số 1/QĐ-UBND\n", encoding="utf-8"
    )


def test_basis_of_the_workspace_serves_as_its_default(run: Run, tmp_path: Path) -> None:
    own_basis(tmp_path)
    (tmp_path / "motcua.toml").write_text('basis = "huyen"\n', encoding="utf-8")
    found = listed(run, "2021-09-25")
    row = found["2021-09"]
    assert (row["start"], row["end"], row["deadline"], row["state"]) == (
        "2021-08-21", "2021-09-20", "2021-09-21", "closed",
    )  # fmt: skip
    assert set(found) == {f"2021-{month:02d}" for month in range(1, 11)}
    assert "tính theo quy định của huyện" in run("list", "--unit", "16204", "--as-of", "2021-09-25")


def test_unknown_basis_in_the_settings_is_a_configuration_error_with_the_known_ones(tmp_path: Path) -> None:
    own_basis(tmp_path)
    (tmp_path / "motcua.toml").write_text('basis = "huyện"\n', encoding="utf-8")
    session = Session(tmp_path, FixedClock(datetime(2021, 9, 20, tzinfo=UTC)))
    with pytest.raises(
        ConfigurationError, match=r"khóa basis: .*“huyện”; các cách hiện có: huyen, lich, nd09\."
    ):
        _ = session.catalogue


def test_calendar_is_read_from_files_and_not_from_the_slow_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pipelines.cli.root import motcua; import pipelines.cli.report;"
        f"motcua.main(['period', 'list', '--unit', '16204', '--as-of', '2021-09-20', '--workspace', {str(tmp_path)!r}],"
        " standalone_mode=False); print([n for n in ('holidays', 'prefect', 'great_expectations') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
