"""The to-do list through whole nights: officers by code, due days, and promises that a new export keeps."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from deltalake import write_deltalake

from pipelines.cli.todo import todo
from pipelines.clock import FixedClock
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps import nightly as nightly_step
from pipelines.steps.check import check_store
from pipelines.steps.draft import CountedNight
from pipelines.steps.nightly import check_everything, commit_reads, plan_folder, read_planned
from pipelines.steps.records import read_latest
from pipelines.steps.report import count_period, read_known, reckoning_of
from pipelines.steps.todo import TodoList, TodoRequest, build_todo, read_due_counts
from pipelines.store import Store
from tests.support.plain_night import AS_OF, open_session
from tests.support.sent_back import CODE, UNIT, dossier_list, send
from transforms.catalogue.model import Catalogue
from transforms.findings import Finding
from transforms.indicators.due_soon import DueCounts
from transforms.indicators.effect import Effect, cells_of
from transforms.indicators.fix_list import FixGroup
from transforms.schema.tables import DOSSIER

PERIOD = "2021-9T"
OFFICER, DEPARTMENT = "Cán bộ thụ lý", "Phòng ban"
OFFICERS = f"Mã đơn vị,Họ tên cán bộ,Mã cán bộ\n{UNIT},Cán bộ Mẫu 01,CB01\n"
LIST = """
    | Mã hồ sơ | Ngày tiếp nhận | Ngày hẹn trả | Trạng thái | Ngày kết thúc xử lý | Ngày trả kết quả | Tên thủ tục         | Mã thủ tục |
    | 02-0001  |                |              |            |                     |                  |                     |            |
    | 30-0001  | 30/08/2021     | 01/09/2021   | Đang xử lý | -                   | -                |                     |            |
    | 31-0001  | 31/08/2021     | 07/09/2021   | Đang xử lý | -                   | -                |                     |            |
    | 02-0002  |                | 31/09/2021   |            |                     |                  |                     |            |
    | -        | 04/08/2021     | 05/08/2021   |            | 04/08/2021          | 04/08/2021       |                     |            |
    | 05-0001  | -              | 06/08/2021   |            | 09/08/2021          | 09/08/2021       |                     |            |
    | 06-0001  | 06/08/2021     | 09/08/2021   |            | 06/08/2021          | 06/08/2021       | Chứng thực chữ ký   | -          |
    | 06-0001  | 10/08/2021     | 11/08/2021   |            | 10/08/2021          | 10/08/2021       |                     |            |
"""


def with_columns(text: str, officer: str = "Cán bộ Mẫu 01", department: str = "Bộ phận Một cửa") -> bytes:
    """The list with who has each dossier in hand."""
    head, *rows = dossier_list(text).decode("utf-8-sig").strip().split("\r\n")
    lines = [f"{head};{OFFICER};{DEPARTMENT}", *(f"{row};{officer};{department}" for row in rows), ""]
    return "\r\n".join(lines).encode("utf-8-sig")


@pytest.fixture(autouse=True)
def only_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts of Great Expectations take seconds and say nothing about to-do lists."""

    def masks(store: Store, catalogue: Catalogue, as_of: date, **_: object) -> tuple[Finding, ...]:
        return check_store(store, catalogue, as_of, with_great_expectations=False)

    monkeypatch.setattr(nightly_step, "check_store", masks)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    opened = open_session(tmp_path / "workspace")
    (opened.workspace.catalogue / "officers.csv").write_text(OFFICERS, encoding="utf-8")
    return opened


def night(session: Session, hour: int = 0) -> Any:
    session.clock = FixedClock(datetime(2021, 9, 5, 10 + hour, tzinfo=UTC))
    with start_run(session.workspace.runs, "nightly", session.clock, {}) as run:
        plan = plan_folder(session, session.workspace.inbox)
        outcomes = commit_reads(session, plan, [read_planned(session, run, item) for item in plan.to_read])
        findings = check_everything(session, plan.findings, outcomes, CountedNight({}), run, AS_OF)
    return outcomes, findings


def todo_of(session: Session) -> TodoList:
    (only,) = build_todo(session, TodoRequest(UNIT, PERIOD, AS_OF))
    return only


def counted(session: Session) -> dict[tuple[str, str], int]:
    reckoning = reckoning_of(PERIOD, session.settings.basis, session.catalogue, AS_OF)
    known = read_known(session.store, session.catalogue, (UNIT,))
    cells = cells_of(count_period(known, session.catalogue, reckoning).table)
    return {
        (measure, facet): value for (measure, unit, facet), value in cells.items() if unit == UNIT and value
    }


def promised(before: dict[tuple[str, str], int], effect: Effect) -> dict[tuple[str, str], int]:
    cells = {**before, **{(change.measure_id, change.facet): change.after for change in effect.cells}}
    return {key: value for key, value in cells.items() if value}


def group(found: TodoList, rule: str) -> FixGroup:
    return next(item for item in found.fixes.groups if item.rule == rule)


def run_command(session: Session, *arguments: str) -> Result:
    root = str(session.workspace.root)
    return CliRunner().invoke(
        todo, ["--unit", UNIT, "--as-of", "2021-09-05", "--workspace", root, *arguments]
    )


MENDED = {
    "work.overdue": (
        "30-0001  | 30/08/2021     | 01/09/2021   | Đang xử lý | -  ",
        "30-0001  | 30/08/2021     | 01/09/2021   | Đã xử lý xong | 05/09/2021  ",
    ),
    "work.near_due": ("07/09/2021   | Đang xử lý | -  ", "07/09/2021   | Đã xử lý xong | 05/09/2021  "),
    "dossier.date.impossible": ("31/09/2021", "30/09/2021"),
    "dossier.code.missing": ("| -        | 04/08/2021", "| 04-0099  | 04/08/2021"),
    "dossier.received_date.missing": ("05-0001  | -              |", "05-0001  | 05/08/2021     |"),
    "dossier.code.two_dossiers": ("06-0001  | 06/08/2021", "06-0002  | 06/08/2021"),
}
"""What the clerk writes instead, rule by rule."""


@pytest.mark.parametrize("rule", MENDED)
def test_next_export_with_the_rows_mended_gives_the_promised_figures(session: Session, rule: str) -> None:
    send(session, "ds 04-09-2021.csv", dossier_list(LIST))
    night(session)
    before, found = counted(session), todo_of(session)
    (fix,) = [fix for fix in found.fixes.fixes if fix.rule == rule]
    old, new = MENDED[rule]
    assert LIST.count(old) == 1
    send(session, "ds 05-09-2021.csv", dossier_list(LIST.replace(old, new)))
    night(session, hour=1)
    after = counted(session)
    assert after == promised(before, group(found, rule).effect)
    assert after == promised(before, fix.effect)
    assert rule not in {item.rule for item in todo_of(session).fixes.groups}


def test_officers_are_kept_by_code_and_their_names_nowhere(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", with_columns(LIST))
    _, findings = night(session)
    due = todo_of(session).due
    assert [(group.officer_code, group.counts) for group in due.groups] == [("CB01", DueCounts(1, 0, 1, 1))]
    assert not [finding for finding in findings if finding.code == "officer.unknown"]
    for path in Path(session.store.root).rglob("*.parquet"):
        content = path.read_bytes()
        assert "Cán bộ Mẫu".encode() not in content, path
    for path in session.workspace.runs.rglob("*"):
        assert not path.is_file() or "Cán bộ Mẫu".encode() not in path.read_bytes(), path


def test_unknown_officer_is_told_to_the_level_above_and_grouped_by_department(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", with_columns(LIST, officer="Cán bộ Mẫu 09"))
    _, findings = night(session)
    (finding,) = [finding for finding in findings if finding.code == "officer.unknown"]
    assert (finding.severity, finding.audience, finding.unit_code) == ("info", "parent", UNIT)
    assert "Mẫu 09" not in finding.sentence
    assert [group.department_name for group in todo_of(session).due.groups] == ["Bộ phận Một cửa"]


def test_store_from_before_the_column_opens_and_takes_the_same_rows_as_unchanged(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", dossier_list(LIST))
    night(session)
    table = str(Path(session.store.root) / DOSSIER.name)
    rows = session.store.read(DOSSIER).drop_columns(["officer_code", "department_name"])
    write_deltalake(table, rows, mode="overwrite", schema_mode="overwrite")
    assert [group.officer_code for group in todo_of(session).due.groups] == [""]

    send(session, "ds 05-09-2021.csv", with_columns(LIST))
    outcomes, _ = night(session, hour=1)
    counts = next(item.counts for item in outcomes if item.file == "ds 05-09-2021.csv")
    # Only the two dossiers with work left got a version that names the officer.
    assert counts.accepted == 2
    by_code = {
        row["dossier_code"].removeprefix(CODE): row
        for row in read_latest(session.store, "dossier", session.catalogue).to_pylist()
    }
    named = {code for code, row in by_code.items() if row["officer_code"]}
    assert named == {"30-0001", "31-0001"}
    send(session, "ds 06-09-2021.csv", with_columns(LIST))
    outcomes, _ = night(session, hour=2)
    assert next(item.counts.accepted for item in outcomes if item.file == "ds 06-09-2021.csv") == 0


def test_command_prints_both_lists_within_100_columns(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", with_columns(LIST))
    night(session)
    done = run_command(session, "--period", PERIOD)
    assert done.exit_code == 0, done.output
    assert max(map(len, done.output.splitlines())) <= 100
    for words in (
        "Sắp đến hạn",
        "Cán bộ CB01",
        "Nên sửa trước",
        "vừa quá hạn",
        "(chưa có mã)",
        "tỷ lệ hồ sơ",
    ):
        assert words in done.output, words
    assert "CHUA-CO-MA" not in done.output


def test_json_holds_every_row_within_the_days_asked_for(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", with_columns(LIST))
    night(session)
    for within, expected in (("1", ["30-0001"]), ("3", ["30-0001", "31-0001"])):
        (content,) = json.loads(run_command(session, "--period", PERIOD, "--within", within, "--json").output)
        rows = [row for item in content["due_soon"]["groups"] for row in item["dossiers"]]
        assert [row["dossier_code"].removeprefix(CODE) for row in rows] == expected
        assert content["due_soon"]["counts"]["within_3"] == 1
        assert content["fix_list"]["groups"]


def test_district_gets_a_line_for_each_unit_and_none_for_the_silent(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", dossier_list(LIST))
    night(session)
    lists = build_todo(session, TodoRequest("402", PERIOD, AS_OF))
    assert len(lists) > 10
    assert [item.unit.code for item in lists if not item.is_missing] == [UNIT]
    same = next(item for item in lists if item.unit.code == UNIT)
    assert same.fixes == todo_of(session).fixes
    assert read_due_counts(session, [UNIT, "16204"], AS_OF) == {UNIT: same.due.counts, "16204": DueCounts()}


def test_list_is_a_function_of_what_is_known_and_the_day(session: Session) -> None:
    send(session, "ds 04-09-2021.csv", dossier_list(LIST))
    night(session)
    first, known_at = todo_of(session), session.store.last_commit()
    old, new = MENDED["work.overdue"]
    send(session, "ds 05-09-2021.csv", dossier_list(LIST.replace(old, new)))
    night(session, hour=1)
    assert todo_of(session).due != first.due
    (again,) = build_todo(session, TodoRequest(UNIT, PERIOD, AS_OF, known_at))
    assert (again.due, again.fixes) == (first.due, first.fixes)
    assert date(2021, 9, 4) == first.data_date
