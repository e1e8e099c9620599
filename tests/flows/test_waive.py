"""Explanations from the command line: what they cover, what reopens, what is told of it and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from pipelines.cli.check import check
from pipelines.cli.waive import waive
from pipelines.clock import VIETNAM, FixedClock
from pipelines.errors import UsageProblemError
from pipelines.runs import start_run
from pipelines.steps.decisions import decision_table
from pipelines.steps.explanations import explanation_rows
from pipelines.steps.finding_life import read_histories, read_lives
from pipelines.steps.model import SentBack
from pipelines.steps.open_findings import OpenFinding, open_findings
from pipelines.steps.recording import Describer, record_findings
from tests.support.alert_workspace import MONDAY, OTHER, UNIT, AlertWorkspace, Said, subject_of, worse
from transforms.findings import Finding, Place
from transforms.returned import read as returned
from transforms.returned.model import ReturnedLine, ReturnedMarker
from transforms.schema.tables import DECISION

CLERK = f"{UNIT},*,đơn vị,Công chức một cửa,file://binh-luong,,,\n"
LATE = Said("late")
CRITICAL = Said("crit", severity="critical", code="dossier.code.missing")
REASON = "Thủ tục không quy định thời hạn"


def day(number: int) -> date:
    """Monday 6 September 2021 is day 0."""
    return MONDAY + timedelta(days=number)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AlertWorkspace:
    """A workspace whose commands are given on the Monday at noon, or at the next instant that is free."""
    noon = FixedClock(datetime.combine(MONDAY, time(12), VIETNAM))
    for module in ("waive", "check"):
        monkeypatch.setattr(f"pipelines.cli.{module}.SystemClock", lambda: noon)
    return AlertWorkspace(tmp_path / "w", CLERK)


def run(place: AlertWorkspace, command: click.Command, *arguments: str) -> Result:
    done = CliRunner().invoke(command, [*arguments, "--workspace", str(place.root)], standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, UsageProblemError):
        raise done.exception
    return done


def explain(place: AlertWorkspace, said: Said, *more: str, at: int = 0) -> Result:
    own = () if "--reason" in more else ("--reason", REASON)
    return run(
        place, waive, "--unit", said.unit, "--rule", said.code, "--author", "Công chức một cửa", *own,
        "--as-of", day(at).isoformat(), *more,
    )  # fmt: skip


def explained(place: AlertWorkspace, at: int = 0) -> set[str]:
    return {f.finding_id for f in open_findings(place.session.store, day=day(at)) if f.is_explained}


def changes(place: AlertWorkspace) -> list[tuple[str, ...]]:
    return [told[3] for told in place.told()]


# --- what is explained, and what reopens


def test_explained_rows_are_asked_for_no_more_until_another_row_comes_and_that_is_told_once(
    place: AlertWorkspace,
) -> None:
    place.night(day(0), LATE)
    said = explain(place, LATE).output
    assert "dossier.due_date.missing của xã Bình Lương, 3 dòng: " in said
    assert "không hết hạn" in said
    place.night(day(1), LATE)
    place.night(day(2), worse(LATE, 2))
    assert explained(place) == {"late"}
    for number in (3, 4, 7):
        place.night(day(number), worse(LATE, 4))
    assert explained(place) == set()
    assert changes(place) == [("new late",), ("explained late",), ("reopened late",)]


def test_band_lets_the_number_move_and_only_what_leaves_it_reopens(place: AlertWorkspace) -> None:
    other = Said("other", code="dossier.due_date.before_received")
    place.night(day(0), LATE, other)
    explain(place, LATE, "--tolerance", "70")
    explain(place, other, "--from", "1", "--to", "9")
    place.night(day(1), worse(LATE, 5), worse(other, 9))
    assert explained(place) == {"late", "other"}
    place.night(day(2), worse(LATE, 6), worse(other, 1))
    assert explained(place) == {"other"}
    assert changes(place)[1:] == [("explained late", "explained other"), ("reopened late",)]


def test_explanation_ends_after_its_last_day_and_that_is_told_once(place: AlertWorkspace) -> None:
    place.night(day(0), LATE)
    assert "đến hết ngày 08/9/2021" in explain(place, LATE, "--expires", day(2).isoformat()).output
    for number in (1, 2, 3, 4):
        place.night(day(number), LATE)
    assert changes(place) == [("new late",), ("explained late",), ("reopened late",)]
    assert (explained(place, 2), explained(place, 3)) == ({"late"}, set())


def test_withdrawn_explanation_reopens_and_can_be_given_again(place: AlertWorkspace) -> None:
    place.night(day(0), LATE)
    explain(place, LATE)
    place.night(day(1), LATE)
    (listed,) = json.loads(run(place, waive, "list", "--json").output)
    assert (listed["is_in_force"], listed["covers"], listed["reason"]) == (True, 3, REASON)
    done = run(
        place, waive, "withdraw", listed["decision_id"], "--reason", "Nhầm thủ tục", "--author", "Huyện"
    )
    assert f"Đã rút giải trình {listed['decision_id']}" in done.output
    place.night(day(2), LATE)
    (listed,) = json.loads(run(place, waive, "list", "--json").output)
    assert (listed["is_withdrawn"], listed["covers"]) == (True, 0)
    again = run(place, waive, "withdraw", listed["decision_id"])
    assert "đã được rút trước đó" in str(again.exception)
    explain(place, LATE)
    place.night(day(3), LATE)
    assert changes(place) == [("new late",), ("explained late",), ("reopened late",), ("explained late",)]
    assert "đang dùng" in run(place, waive, "list", "--unit", UNIT).output


def test_rows_explained_in_the_same_words_are_one_line_of_the_list(place: AlertWorkspace) -> None:
    many = worse(LATE, 250)
    place.night(day(0), many)
    place.explain(day(0), many)
    output = run(place, waive, "list", "--unit", UNIT).output
    assert "250 dòng" in output
    assert "và 249 mã" in " ".join(output.split())
    assert len(output.splitlines()) < 15
    assert len(json.loads(run(place, waive, "list", "--json").output)) == 250


def test_single_records_are_explained_one_by_one(place: AlertWorkspace) -> None:
    place.record(day(0), LATE)
    explain(place, LATE, "--subject", subject_of(LATE, 1), "--subject", subject_of(LATE, 2))
    (finding,) = open_findings(place.session.store, day=day(0))
    assert not finding.is_explained
    assert [part.subjects for part in finding.coverage.parts] == [(subject_of(LATE, 1), subject_of(LATE, 2))]
    explain(place, LATE, "--subject", subject_of(LATE, 3), "--reason", "Hồ sơ liên thông")
    (finding,) = open_findings(place.session.store, day=day(0))
    assert finding.is_explained
    assert [part.explanation.reason for part in finding.coverage.parts] == [REASON, "Hồ sơ liên thông"]


def test_explanation_counts_from_its_own_instant_on(place: AlertWorkspace) -> None:
    place.record(day(0), LATE)
    before = place.session.store.last_commit()
    explain(place, LATE)
    then, now = (open_findings(place.session.store, day=day(0), known_at=at) for at in (before, None))
    assert [f.is_explained for f in (*then, *now)] == [False, True]


def test_explanation_given_ahead_waits_for_its_finding(place: AlertWorkspace) -> None:
    explain(place, LATE, "--ahead", "--to", "3")
    (listed,) = json.loads(run(place, waive, "list", "--json").output)
    assert (listed["is_in_force"], listed["covers"], listed["to"]) == (True, 0, 3)
    place.night(day(1), LATE)
    assert changes(place) == [], "what is explained when it comes is no news"
    place.night(day(2), worse(LATE, 4))
    assert changes(place) == [("new late",)]


def test_same_explanation_twice_is_one_decision_and_numbers_of_citizens_are_masked(
    place: AlertWorkspace,
) -> None:
    place.record(day(0), LATE)
    for _ in range(2):
        explain(place, LATE, "--reason", "Đã gọi 0000000001")
    (listed,) = json.loads(run(place, waive, "list", "--json").output)
    assert listed["reason"] == "Đã gọi [đã ẩn số]"


# --- re-deliveries


def night(place: AlertWorkspace, number: int, *findings: Finding) -> tuple[OpenFinding, ...]:
    """What a night records that found this in the store, without reading any file."""
    session = place.at(datetime.combine(day(number), time(1, 30), VIETNAM))
    word = Describer.of(session.messages, session.catalogue, day(0))
    record_findings(session.store, findings, (), (), word, f"night-{number}", session.clock.now(), True)
    return open_findings(session.store, day=day(number))


def due_dates(file: str, *rows: tuple[str, str]) -> Finding:
    places = tuple(Place("", 10 + at, subject, value) for at, (subject, value) in enumerate(rows))
    return Finding("dossier.due_date.before_received", UNIT, "dossier", file, "due_date", places=places)


def test_finding_keeps_its_identity_and_its_explanation_when_the_file_comes_again(
    place: AlertWorkspace,
) -> None:
    (first,) = night(place, 0, due_dates("thang-8.xls", ("H1", "01/08/2021"), ("H2", "02/08/2021")))
    explain(place, Said("x", code=first.code))
    (again,) = night(place, 1, due_dates("thang-9.xls", ("H2", "02/08/2021"), ("H1", "01/08/2021")))
    assert (again.finding_id, again.is_explained) == (first.finding_id, True)
    (other,) = night(place, 2, due_dates("thang-9.xls", ("H2", "02/08/2021"), ("H1", "03/08/2021")))
    assert (other.finding_id, other.is_explained) == (first.finding_id, False), (
        "another value in the same cell"
    )


def test_explanation_of_a_workbook_is_bound_to_what_stood_in_the_cell_when_it_was_written(
    place: AlertWorkspace,
) -> None:
    code = "dossier.due_date.before_received"
    line = ReturnedLine(1, "f", code, "H1", "", 10, "due_date", UNIT)
    marker = ReturnedMarker(
        "d",
        "0",
        UNIT,
        "dossier",
        "p",
        datetime.combine(day(0), time(8)),
        "title",
        "thang-8.xls",
        lines=(line,),
    )
    said = returned.Explanation(1, "Đã hẹn lại với công dân", "Văn thư", 6, "01/08/2021")
    read = SimpleNamespace(unit_code=UNIT, file="thang-8-can-sua.xlsx")
    rows, lost = explanation_rows(read, SentBack(marker, (said,)), day(0))  # type: ignore[arg-type]
    assert lost == []
    again, _ = explanation_rows(read, SentBack(marker, (replace(said, value="02/08/2021"),)), day(0))  # type: ignore[arg-type]
    assert again[0]["decision_id"] != rows[0]["decision_id"], "the same words about another value are news"
    store = place.session.store
    store.append(
        DECISION, decision_table(rows, frozenset(), store.next_instants(place.session.clock.now(), 1)[0])
    )
    assert [f.is_explained for f in night(place, 0, due_dates("a.xls", ("H1", "01/08/2021")))] == [True]
    assert [f.is_explained for f in night(place, 1, due_dates("b.xls", ("H1", "02/08/2021")))] == [False]
    assert [f.is_explained for f in night(place, 2, due_dates("c.xls", ("H1", "01/08/2021")))] == [True]


def test_months_of_one_rule_are_explained_apart(place: AlertWorkspace) -> None:
    def volume(month: str, total: int) -> Finding:
        params = (("month", month), ("subject", f"2021-{month}"), ("total", total), ("usual", 90))
        return Finding("history.volume.unusual", UNIT, "dossier", "", "received_date", params)

    night(place, 0, volume("07", 40), volume("08", 300))
    code = Said("x", code="history.volume.unusual")
    assert (
        "2021-08, giá trị từ 270 đến 330"
        in explain(place, code, "--period", "2021-08", "--tolerance", "10").output
    )

    def open_months(found: Iterable[OpenFinding]) -> list[str]:
        return [finding.sentence[6:8] for finding in found if not finding.is_explained]

    assert open_months(night(place, 1, volume("07", 40), volume("08", 270))) == ["07"]
    assert open_months(night(place, 2, volume("07", 40), volume("08", 269))) in (["07", "08"], ["08", "07"])


# --- what is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rule", "dossier.due_date.mising"), "gần giống: dossier.due_date.missing"),
        (("--unit", "99999"), "Không có đơn vị mang mã 99999"),
        (("--rule", "fee.total.mismatch"), "không có phát hiện fee.total.mismatch nào đang mở"),
        (("--rule", "fee.total.mismatch", "--ahead"), "Giải trình trước (--ahead) cần --subject"),
        (("--period", "2021-9T"), "quy tắc này không gắn với kỳ báo cáo nào"),
        (("--period", "2021-T9"), "không đúng mẫu"),
        (("--subject", "H56-la"), "không có đối tượng H56-la"),
        (("--to", "2"), "là 3, nằm ngoài khoảng đã ghi"),
        (("--from", "5", "--to", "2"), "không có số nào"),
        (("--to", "9", "--tolerance", "5"), "Chỉ ghi một trong hai"),
        (("--expires", "2021-09-05"), "đứng trước ngày làm việc"),
        (("--reason", " "), "bị bỏ trống"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_nothing_is_written(
    place: AlertWorkspace, arguments: tuple[str, ...], said: str
) -> None:
    place.record(day(0), LATE)
    done = explain(place, LATE, *arguments)
    assert said in str(done.exception)
    assert place.session.store.decisions().num_rows == 0


def test_missing_options_and_unknown_ids_are_told(place: AlertWorkspace) -> None:
    assert "Thiếu tùy chọn --rule, --reason, --author" in str(run(place, waive, "--unit", UNIT).exception)
    assert "Không có giải trình mang mã abc" in str(run(place, waive, "withdraw", "abc").exception)
    assert "Chưa có giải trình nào" in run(place, waive, "list").output


# --- what stands open


def checked(place: AlertWorkspace, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    done = run(place, check, "--json", *arguments)
    return int(done.return_value), json.loads(done.output)


def nightly_run(place: AlertWorkspace, number: int, *said: Said) -> None:
    """A night with its run folder, so that the states of life have a run to begin with."""
    clock = FixedClock(datetime.combine(day(number), time(1), VIETNAM))
    with start_run(place.session.workspace.runs, "nightly", clock, {}):
        place.record(day(number), *said)


def test_check_tells_what_became_of_each_finding_since_the_last_run(place: AlertWorkspace) -> None:
    stays, grows, shrinks, goes = (Said(name) for name in ("stays", "grows", "shrinks", "goes"))
    answered = Said("said", code="fee.total.mismatch")
    nightly_run(place, 0, stays, grows, shrinks, goes, answered)
    assert {row["state"] for row in checked(place)[1]} == {"new"}
    explain(place, answered)
    nightly_run(place, 1, stays, worse(grows, 9), worse(shrinks, 1), answered, Said("comes"))
    _, listed = checked(place)
    assert {row["finding_id"]: (row["state"], row["since"]) for row in listed} == {
        "stays": ("persisting", "2021-09-06"),
        "grows": ("worse", "2021-09-06"),
        "shrinks": ("better", "2021-09-06"),
        "comes": ("new", "2021-09-07"),
        "said": ("explained", "2021-09-06"),
        "goes": ("fixed", None),
    }
    shown = run(place, check).output
    for words in ("còn nguyên", "tăng", "giảm", "đã xong", "Đã giải trình."):
        assert words in shown
    nightly_run(place, 2, stays)
    states = {life.finding.finding_id: life.state for life in read_lives(place.session, day(2))}
    assert states.pop("stays") == "persisting"
    assert set(states.values()) == {"fixed"}
    assert "goes" not in states, "what was fixed before is not told again"


def test_check_says_so_where_nothing_was_ever_checked(place: AlertWorkspace) -> None:
    done = run(place, check)
    assert done.output.strip() == "Chưa có lượt chạy nào hoàn thành nên chưa có gì được kiểm tra."
    assert done.return_value == 0
    assert json.loads(run(place, check, "--json").output) == []


def test_check_leaves_with_twelve_until_the_critical_finding_is_explained(place: AlertWorkspace) -> None:
    nightly_run(place, 0, LATE, CRITICAL)
    assert checked(place)[0] == 12
    explain(place, CRITICAL)
    assert checked(place)[0] == 0
    nightly_run(place, 1, LATE, worse(CRITICAL, 9))
    assert checked(place)[0] == 12
    nightly_run(place, 2, LATE)
    code, listed = checked(place)
    assert (code, [row["state"] for row in listed]) == (0, ["persisting", "fixed"])


def test_check_of_a_unit_shows_what_is_meant_for_it_and_a_roll_up_what_is_meant_for_the_district(
    place: AlertWorkspace,
) -> None:
    own, other = Said("own"), Said("other", unit=OTHER)
    suspect, profile = Said("suspect", audience="parent"), Said("profile", audience="it", severity="critical")
    nightly_run(place, 0, own, other, suspect, profile)

    def shown(*arguments: str) -> tuple[int, set[object]]:
        code, listed = checked(place, *arguments)
        return code, {row["finding_id"] for row in listed}

    assert shown("--unit", UNIT) == (0, {"own"})
    assert shown("--unit", UNIT, "--all") == (12, {"own", "suspect", "profile"})
    assert shown("--unit", "402") == (0, {"own", "other", "suspect"})
    assert shown() == (12, {"own", "other", "suspect", "profile"})
    assert shown("--period", "2021-9T") == (12, {"own", "other", "suspect", "profile"})
    assert "không đúng mẫu" in str(run(place, check, "--period", "tháng 9").exception)


def test_open_rows_of_each_day_can_be_plotted_as_known_at_any_instant(place: AlertWorkspace) -> None:
    place.record(day(0), LATE, Said("more", count=2))
    place.record(day(2), worse(LATE, 9))
    then = place.session.store.last_commit()
    place.record(day(3))
    (curve,) = read_histories(place.session.store, day(4), days=5)
    assert (curve.unit_code, curve.code, curve.days) == (UNIT, LATE.code, tuple(map(day, range(5))))
    assert curve.counts == (5, 5, 9, 0, 0)
    (before,) = read_histories(place.session.store, day(4), days=3, known_at=then)
    assert before.counts == (9, 9, 9)
