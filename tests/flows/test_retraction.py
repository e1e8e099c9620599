"""A file that was taken by mistake: out of every later answer, kept for the past."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.cli.root import motcua
from pipelines.clock import FixedClock
from pipelines.errors import StoreUnreachableError, UsageProblemError
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps import check as check_step
from pipelines.steps.draft import CountedNight
from pipelines.steps.nightly import (
    NightResult,
    check_everything,
    commit_reads,
    finish,
    plan_folder,
    read_planned,
)
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.outbox import OutboxResult
from pipelines.steps.records import read_latest
from pipelines.steps.report import render_report
from pipelines.steps.retraction import find_delivery, list_deliveries, retract_delivery
from pipelines.store import RETRACTED, Store
from pipelines.store_format import FORMAT_FILE
from tests.support.masks_only import check_by_masks
from tests.support.plain_night import AS_OF, open_session
from tests.support.random_nights import DISTRICT, District
from tests.support.sent_back import CODE, UNIT, dossier_list, send
from transforms.schema.model import Table
from transforms.schema.tables import DECISION

GOOD = """
| Mã hồ sơ | Trạng thái       | Ngày kết thúc xử lý |
| -1       | Đã trả kết quả   |                     |
| -2       | Đang xử lý       | -                   |
"""
WRONG = """
| Mã hồ sơ | Trạng thái       | Ngày kết thúc xử lý |
| -1       | Đã trả kết quả   |                     |
| -2       | Đã trả kết quả   | 01/09/2021          |
| -3       | Đã trả kết quả   |                     |
"""
REASON = "gửi nhầm danh sách thử"


@pytest.fixture(autouse=True)
def only_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts of Great Expectations take seconds and say nothing here."""

    monkeypatch.setattr(check_step, "check_table", check_by_masks)


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Session:
    opened = open_session(tmp_path_factory.mktemp("packaged"))
    assert opened.catalogue
    assert opened.messages
    return opened


@pytest.fixture
def session(tmp_path: Path, packaged: Session) -> Session:
    return opened(tmp_path / "workspace", packaged)


def opened(root: Path, packaged: Session) -> Session:
    found = open_session(root)
    found.__dict__.update(catalogue=packaged.catalogue, messages=packaged.messages)
    return found


def run_night(session: Session) -> NightResult:
    """A night without drafts and without an outbox."""
    with start_run(session.workspace.runs, "nightly", session.clock, {}) as run:
        plan = plan_folder(session, session.workspace.inbox)
        outcomes = commit_reads(session, plan, [read_planned(session, run, item) for item in plan.to_read])
        check_everything(session, plan.findings, outcomes, CountedNight({}), run, AS_OF)
        return finish(session, run, AS_OF, outcomes, (), OutboxResult())


def take(session: Session, name: str, text: str) -> str:
    """Send a list and run a night; the id of its delivery."""
    send(session, name, dossier_list(text))
    outcomes = run_night(session).outcomes
    (identity,) = [outcome.delivery_id for outcome in outcomes if outcome.file == name]
    return identity


def retract(session: Session, identity: str, *, undo: bool = False) -> Any:
    return retract_delivery(session, identity, REASON, "chuyên viên huyện", undo=undo)


def statuses(session: Session, known_at: datetime | None = None) -> dict[str, int]:
    rows = read_latest(session.store, "dossier", session.catalogue, known_at).to_pylist()
    return {row["dossier_code"].removeprefix(CODE): row["status_code"] for row in rows}


def context_of(session: Session, known_at: datetime | None = None, unit: str = UNIT) -> bytes:
    answer = answer_request(session, Request(unit, "2021-9T", as_of=AS_OF, known_at=known_at))
    return render_report(answer.context, ["json"])["context.json"]


def test_retracted_file_is_out_of_later_answers_and_stays_in_earlier_ones(session: Session) -> None:
    take(session, "ds 01-09-2021.csv", GOOD)
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    before = session.store.last_commit()
    assert before is not None
    report = context_of(session, before)
    assert statuses(session) == {"-1": 10, "-2": 10, "-3": 10}
    retract(session, wrong)
    assert statuses(session) == {"-1": 10, "-2": 4}
    assert statuses(session, before) == {"-1": 10, "-2": 10, "-3": 10}
    assert context_of(session, before) == report, "what was said then can be said again"
    (line,) = [row for row in session.store.decisions().to_pylist() if row["kind"] == "retraction"]
    assert (line["subject"], line["author"], line["reason"]) == (wrong, "chuyên viên huyện", REASON)


def test_report_after_a_retraction_is_the_report_of_a_workspace_that_never_had_the_file(
    tmp_path: Path, packaged: Session
) -> None:
    had, never = opened(tmp_path / "had", packaged), opened(tmp_path / "never", packaged)
    wrong = ""
    for session in (had, never):
        if session is had:
            wrong = take(session, "ds 01-09-2021.csv", WRONG)
        take(session, "ds 02-09-2021.csv", GOOD)
        if session is had:
            (session.workspace.inbox / UNIT / "ds 01-09-2021.csv").unlink()
            retract(session, wrong)
        run_night(session)
    texts = [re.sub(r"\(dòng [^)]*\)", "(dòng …)", context_of(each).decode()) for each in (had, never)]
    assert texts[0] == texts[1], "equal but for the row of a record that only the retracted file told"
    assert statuses(had) == {"-1": 10, "-2": 4}


def test_data_date_and_coverage_follow_what_is_left(session: Session) -> None:
    only = take(session, "ds 03-09-2021.csv", WRONG)
    retract(session, only)
    answer = answer_request(session, Request(UNIT, "2021-9T", as_of=AS_OF))
    assert answer.data.deliveries.num_rows == 0
    assert answer.data.table.units("received_total") == ()


def test_same_bytes_again_are_refused_until_the_file_counts_again(session: Session) -> None:
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    retract(session, wrong)
    again = run_night(session)
    assert [(o.state, o.refusal_code) for o in again.outcomes] == [("refused", "delivery.retracted.again")]
    (finding,) = [f for f in again.findings if f.code == "delivery.retracted.again"]
    assert (finding.severity, finding.audience, finding.unit_code) == ("warning", "unit", UNIT)
    assert wrong in finding.remedy
    assert statuses(session) == {}
    retract(session, wrong, undo=True)
    back = run_night(session)
    assert [o.state for o in back.outcomes] == ["unchanged"]
    assert statuses(session) == {"-1": 10, "-2": 10, "-3": 10}
    assert "delivery.retracted.again" not in {f.code for f in back.findings}


def test_same_bytes_at_the_top_of_the_inbox_are_refused_too_and_another_unit_may_send_them(
    session: Session,
) -> None:
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    retract(session, wrong)
    path = session.workspace.inbox / UNIT / "ds 03-09-2021.csv"
    path.rename(session.workspace.inbox / path.name)
    assert [o.state for o in run_night(session).outcomes] == ["refused"]
    send(session, path.name, dossier_list(WRONG), "16204")
    (session.workspace.inbox / path.name).unlink()
    assert [o.state for o in run_night(session).outcomes] == ["accepted"], "it was only in the wrong folder"


def test_findings_about_a_retracted_file_are_over_and_those_about_its_rows_too(session: Session) -> None:
    bad = WRONG.replace("01/09/2021", "31/09/2021")
    wrong = take(session, "ds 03-09-2021.csv", bad)
    assert session.store.quarantined().num_rows == 1
    open_before = {row["code"] for row in session.store.findings().to_pylist() if row["state"] == "open"}
    assert any(row["delivery_id"] == wrong for row in session.store.findings().to_pylist())
    assert open_before
    with start_run(session.workspace.runs, "retract", session.clock, {}) as run:
        done = retract(session, wrong)
        check_everything(session, (), done.outcomes, None, run, AS_OF)
    assert session.store.quarantined().num_rows == 0
    left = {row["code"] for row in session.store.findings().to_pylist() if row["state"] == "open"}
    assert not left, "nothing is known any more, so nothing can be wrong with it"


def test_standing_corrections_are_laid_over_what_is_left_at_once(session: Session) -> None:
    take(session, "ds 01-09-2021.csv", GOOD)
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    (session.workspace.catalogue / "corrections.yml").write_text(
        f'- match: {{unit: "{UNIT}", kind: "Hồ sơ", Mã hồ sơ: "{CODE}-2"}}\n'
        '  column: "Ngày hẹn trả"\n  was: "03/08/2021"\n  set: "10/09/2021"\n'
        '  reason: "Giấy hẹn ghi ngày khác"\n  owner: "Văn phòng"\n  date: "05/09/2021"\n',
        encoding="utf-8",
    )
    run_night(session)
    done = retract(session, wrong)
    rows = {
        row["dossier_code"][-2:]: row
        for row in read_latest(session.store, "dossier", session.catalogue).to_pylist()
    }
    assert (rows["-2"]["status_code"], f"{rows['-2']['due_date']:%d/%m/%Y}") == (4, "10/09/2021")
    assert sum(outcome.corrected_count for outcome in done.outcomes) == 1


def test_list_names_every_delivery_newest_first_with_its_state(session: Session) -> None:
    first = take(session, "ds 01-09-2021.csv", GOOD)
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    send(session, "hong.xls", b"PK\x03\x04 cut")
    run_night(session)
    retract(session, wrong)
    rows = list_deliveries(session.store, UNIT)
    assert [(row["file"], row["state"]) for row in rows] == [
        ("hong.xls", "refused"), ("ds 03-09-2021.csv", RETRACTED), ("ds 01-09-2021.csv", "accepted"),
    ]  # fmt: skip
    assert (rows[1]["retracted_by"], rows[1]["reason"]) == ("chuyên viên huyện", REASON)
    assert find_delivery(session.store, first[:6])["delivery_id"] == first
    assert list_deliveries(session.store, "16204") == []


def test_what_cannot_be_retracted_gets_a_sentence(session: Session) -> None:
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    send(session, "hong.xls", b"PK\x03\x04 cut")
    run_night(session)
    (refused,) = [r["delivery_id"] for r in session.store.deliveries().to_pylist() if r["state"] == "refused"]
    for identity, undo, said in (
        ("khong-co", False, "Không có lần nhận tệp nào mang mã khong-co"),
        (refused, False, "đã bị từ chối"),
        (wrong, True, "không có gì để khôi phục"),
    ):
        with pytest.raises(UsageProblemError, match=said):
            retract(session, identity, undo=undo)
    with pytest.raises(UsageProblemError, match="Lý do"):
        retract_delivery(session, wrong, "  ", "x")
    retract(session, wrong)
    with pytest.raises(UsageProblemError, match="đã được thu hồi trước đó"):
        retract(session, wrong)


def test_death_before_the_decision_leaves_everything_as_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = take(session, "ds 01-09-2021.csv", WRONG)
    take(session, "ds 03-09-2021.csv", GOOD)
    before = session.store.versions("dossier").to_pylist()
    real = Store.append

    def dies(store: Store, table: Table, rows: pa.Table) -> None:
        if table is DECISION:
            raise StoreUnreachableError("đĩa đầy")
        real(store, table, rows)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", dies)
        with pytest.raises(StoreUnreachableError):
            retract(session, wrong)
    assert session.store.versions("dossier").to_pylist() == before
    retract(session, wrong)
    assert statuses(session) == {"-1": 10, "-2": 4}


def test_store_that_did_not_put_every_confirmation_on_record_says_what_may_be_missing(
    session: Session,
) -> None:
    wrong = take(session, "ds 03-09-2021.csv", WRONG)
    take(session, "ds 01-09-2021.csv", GOOD)
    (session.workspace.store / FORMAT_FILE).unlink()
    with start_run(session.workspace.runs, "retract", session.clock, {}) as run:
        done = retract(session, wrong)
        check_everything(session, (), done.outcomes, None, run, AS_OF)
    (finding,) = [
        r for r in session.store.findings().to_pylist() if r["code"] == "delivery.retracted.incomplete"
    ]
    assert "ds 01-09-2021.csv" in finding["sentence"]
    run_night(session)
    assert open_codes(session) >= {"delivery.retracted.incomplete"}, "it stays while no newer list came"
    take(session, "ds 04-09-2021.csv", GOOD + WRONG[-55:])
    assert "delivery.retracted.incomplete" not in open_codes(session)


def open_codes(session: Session) -> set[str]:
    return {row["code"] for row in session.store.findings().to_pylist() if row["state"] == "open"}


def test_commands_list_and_retract(
    session: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(session.workspace.root)

    def call(*arguments: str) -> str:
        motcua.main(["delivery", *arguments, "--workspace", root], standalone_mode=False)
        return capsys.readouterr().out

    take(session, "ds 01-09-2021.csv", WRONG)
    wrong = session.store.deliveries().to_pylist()[0]["delivery_id"]
    take(session, "ds 03-09-2021.csv", GOOD)
    said = call("retract", wrong, "--reason", REASON, "--as-of", AS_OF.isoformat())
    assert said.startswith(f"Đã thu hồi tệp ds 01-09-2021.csv của đơn vị {UNIT} (mã {wrong}). Giữ lại 1 dòng")
    rows: Sequence[dict[str, Any]] = json.loads(call("list", "--json"))
    assert [row["state"] for row in rows] == ["accepted", RETRACTED]
    table = call("list", "--unit", UNIT)
    assert wrong in table
    assert "đã thu hồi" in table


def test_later_nights_go_on_from_what_is_left(tmp_path: Path, packaged: Session) -> None:
    """A file that repeats what only the retracted one had said is news again."""
    session = opened(tmp_path / "w", packaged)
    wrong = take(session, "ds 01-09-2021.csv", WRONG)
    retract(session, wrong)
    session.clock = FixedClock(datetime(2021, 9, 6, tzinfo=UTC) + timedelta(hours=1))
    send(
        session,
        "ds 02-09-2021.csv",
        dossier_list(WRONG + "| -4       | Đang xử lý       | -                   |\n"),
    )
    outcomes = [o for o in run_night(session).outcomes if o.state == "accepted"]
    assert [(o.counts.accepted, o.counts.unchanged) for o in outcomes] == [(4, 0)]


@pytest.mark.parametrize("seed", [3, 5])
def test_nights_before_a_retraction_are_rebuilt_byte_for_byte_after_it(tmp_path: Path, seed: int) -> None:
    """Offices send, mend and correct at random; then the largest file is taken back and a night goes on."""
    district = District(tmp_path / "w", seed)
    nights = list(district.nights(2))
    session = Session(tmp_path / "w", FixedClock(datetime(2021, 9, 4, 3, tzinfo=UTC)))
    files = [row for row in list_deliveries(session.store) if row["profile_id"] == "csv.dossier.v1"]
    largest = max(files, key=lambda row: row["accepted_count"] or 0)
    retract_delivery(session, largest["delivery_id"], REASON, "văn phòng")
    now = context_of(session, unit=DISTRICT)
    for night in nights:
        request = Request(DISTRICT, "2021-9T", as_of=night.as_of, known_at=night.known_at)
        content = render_report(answer_request(session, request).context, ["json"])["context.json"]
        assert content == night.drafts[f"{DISTRICT}/2021-9T/context.json"]
        assert content != now
    retract_delivery(session, largest["delivery_id"], REASON, "văn phòng", undo=True)
    request = Request(DISTRICT, "2021-9T", as_of=nights[-1].as_of)
    figures = [
        answer_request(session, replace(request, known_at=at)).data.table.cells
        for at in (nights[-1].known_at, None)
    ]
    assert figures[0] == figures[1], "counting again gives the figures of before"
