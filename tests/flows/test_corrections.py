# ruff: noqa: DTZ001 - exports print local time only
"""What people decide about data, through whole nights: corrections.yml and workbooks that come back."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from pipelines.clock import FixedClock
from pipelines.errors import ConfigurationError, StoreUnreachableError
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
from pipelines.steps.outbox import write_outbox
from pipelines.steps.records import read_latest
from pipelines.steps.report import count_period, read_known, reckoning_of
from pipelines.store import Store
from tests.support.masks_only import check_by_masks
from tests.support.plain_night import AS_OF, open_session
from tests.support.sent_back import CODE, UNIT, Clerk, dossier_list, send
from transforms.schema.tables import ALL_TABLES

FIRST = "ds 05-08-2021.csv"
BAD = """
    | Mã hồ sơ  | Ngày tiếp nhận | Ngày hẹn trả | Tên thủ tục               |
    | 02-0001   |                |              |                           |
    | 02-0002   |                | 31/09/2021   |                           |
    | -         | 04/08/2021     |              | Đăng ký lại khai sinh     |
    | 02-0004   |                | 05/08/2021   |                           |
"""
LATER = f"{BAD}    | 20-0001   | 20/08/2021     | 23/08/2021   |                           |\n"
"""The next export: the same mistakes and a dossier more."""


def night(session: Session, hour: int = 0) -> NightResult:
    """A night that counts no period and writes no draft, but checks everything and fills the outbox."""
    session.clock = FixedClock(datetime(2021, 9, 5, 10 + hour, tzinfo=UTC))
    inbox = session.workspace.inbox
    with start_run(session.workspace.runs, "nightly", session.clock, {}) as run:
        plan = plan_folder(session, inbox)
        outcomes = commit_reads(session, plan, [read_planned(session, run, item) for item in plan.to_read])
        check_everything(session, plan.findings, outcomes, CountedNight({}), run, AS_OF)
        return finish(session, run, AS_OF, outcomes, (), write_outbox(session, inbox, AS_OF))


def dossiers(session: Session, known_at: datetime | None = None) -> dict[str, dict[str, Any]]:
    rows = read_latest(session.store, "dossier", session.catalogue, known_at).to_pylist()
    return {row["dossier_code"].removeprefix(CODE): row for row in rows}


def codes(result: NightResult) -> set[str]:
    return {finding.code for finding in result.findings}


def reported(session: Session, known_at: datetime | None = None) -> tuple[int | None, int | None, int]:
    """Received and early dossiers of the nine months, and the rows that the report says are missing."""
    reckoning = reckoning_of("2021-9T", "nd09", session.catalogue, AS_OF)
    known = read_known(session.store, session.catalogue, (UNIT,), known_at)
    table = count_period(known, session.catalogue, reckoning).table
    measures = (table.value(name, (UNIT,)) for name in ("received_in_window", "early"))
    return *measures, known.quarantined_count.get(UNIT, 0)


def decisions(session: Session, kind: str) -> list[dict[str, Any]]:
    return [row for row in session.store.decisions().to_pylist() if row["kind"] == kind]


def write_corrections(session: Session, text: str) -> None:
    (session.workspace.catalogue / "corrections.yml").write_text(text, encoding="utf-8")


def entry(code: str, what: str) -> str:
    return (
        f'- match: {{unit: "{UNIT}", kind: "Hồ sơ", Mã hồ sơ: "{CODE}{code}"}}\n'
        f"  {what}\n"
        '  reason: "Giấy hẹn ghi ngày khác"\n  owner: "Văn phòng HĐND và UBND"\n  date: "05/09/2021"\n'
    )


DUE_DATE = 'column: "Ngày hẹn trả"\n  was: "{was}"\n  set: "{set}"'


@pytest.fixture(autouse=True)
def only_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts of Great Expectations take seconds and say nothing about corrections."""

    monkeypatch.setattr(check_step, "check_table", check_by_masks)


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Catalogue and wording without an overlay, loaded once for all tests."""
    opened = open_session(tmp_path_factory.mktemp("packaged"))
    assert opened.catalogue
    assert opened.messages
    return opened


@pytest.fixture
def session(tmp_path: Path, packaged: Session) -> Session:
    opened = open_session(tmp_path / "workspace")
    opened.__dict__.update(catalogue=packaged.catalogue, messages=packaged.messages)
    send(opened, FIRST, dossier_list(BAD))
    return opened


def add_up(session: Session) -> None:
    for row in session.store.deliveries().to_pylist():
        parts = ("accepted_count", "unchanged_count", "superseded_count", "quarantined_count")
        assert row["data_row_count"] == sum(row[name] for name in parts), row["file"]


# --- corrections.yml


def test_correction_takes_the_quarantined_row_at_once_and_the_next_night_adds_nothing(
    session: Session,
) -> None:
    first = night(session)
    assert "dossier.date.impossible" in codes(first)
    assert set(dossiers(session)) == {"02-0001", "02-0004"}

    write_corrections(session, entry("02-0002", DUE_DATE.format(was="31/09/2021", set="30/09/2021")))
    second = night(session, 1)

    assert dossiers(session)["02-0002"]["due_date"] == date(2021, 9, 30)
    assert dossiers(session)["02-0002"]["_exported_at"] == datetime(2021, 8, 5)
    assert {"dossier.date.impossible", "correction.unmatched"}.isdisjoint(codes(second))
    assert "dossier.code.missing" in codes(second), "the other row is still set apart"
    assert reported(session) == (3, 2, 1)
    (line,) = decisions(session, "correction")
    assert (line["author"], line["subject"]) == ("Văn phòng HĐND và UBND", f"{CODE}02-0002")
    assert line["source"] == "corrections.yml dòng 1"
    delivery = session.store.deliveries().to_pylist()[-1]
    assert (delivery["profile_id"], delivery["file"]) == ("motcua.correction.v1", "corrections.yml")
    assert delivery["accepted_count"] == delivery["data_row_count"] == 1

    before = {name: session.store.read(table).num_rows for name, table in _tables()}
    night(session, 2)
    assert {name: session.store.read(table).num_rows for name, table in _tables()} == before


def _tables() -> list[tuple[str, Any]]:
    return [(table.name, table) for table in ALL_TABLES]


def test_value_that_the_store_holds_is_mended_and_known_as_it_was_before(session: Session) -> None:
    night(session)
    then = session.store.deliveries().to_pylist()[-1]["known_from"]
    write_corrections(session, entry("02-0004", DUE_DATE.format(was="5/8/2021", set="06/08/2021")))
    result = night(session, 1)

    assert dossiers(session)["02-0004"]["due_date"] == date(2021, 8, 6)
    assert dossiers(session, then)["02-0004"]["due_date"] == date(2021, 8, 5)
    assert dossiers(session)["02-0004"]["procedure_code"] == "1.001193", "what is not corrected stays"
    run = json.loads((session.workspace.runs / "latest" / "deliveries.json").read_text(encoding="utf-8"))
    assert sum(row["corrections"] for row in run) == 1
    assert "correction.unmatched" not in codes(result)


def test_next_export_with_the_same_mistake_is_mended_while_it_is_read(session: Session) -> None:
    night(session)
    write_corrections(session, entry("02-0002", DUE_DATE.format(was="31/09/2021", set="30/09/2021")))
    night(session, 1)
    send(session, "ds 20-08-2021.csv", dossier_list(LATER.replace("31/09/2021", "31/09/2021 08:00")))
    result = night(session, 2)

    latest = next(outcome for outcome in result.outcomes if outcome.file == "ds 20-08-2021.csv")
    assert (latest.counts.unchanged, latest.counts.quarantined) == (3, 1)
    assert "dossier.date.impossible" not in codes(result)
    add_up(session)


def test_correction_that_no_longer_matches_says_what_stands_there_and_goes_when_it_is_taken_out(
    session: Session,
) -> None:
    write_corrections(session, entry("02-0004", DUE_DATE.format(was="05/08/2021", set="06/08/2021")))
    night(session)
    assert dossiers(session)["02-0004"]["due_date"] == date(2021, 8, 6)
    send(session, "ds 20-08-2021.csv", dossier_list(BAD.replace("05/08/2021  ", "17/08/2021  ")))
    result = night(session, 1)
    (finding,) = [finding for finding in result.findings if finding.code == "correction.unmatched"]
    assert (finding.severity, finding.audience, finding.unit_code) == ("warning", "parent", UNIT)
    assert "corrections.yml dòng 1" in finding.sentence
    assert "“Ngày hẹn trả” đang ghi “17/08/2021”" in finding.sentence
    write_corrections(session, "")
    assert "correction.unmatched" not in codes(night(session, 2))
    ended = decisions(session, "correction")[-1]
    assert ended["expires_on"] == date(2021, 9, 4)
    assert len(decisions(session, "correction")) == 2
    night(session, 3)
    assert len(decisions(session, "correction")) == 2, "an end is written once"


def test_correction_of_a_record_that_nobody_sent_is_told_only_after_the_unit_delivered(
    session: Session,
) -> None:
    (session.workspace.inbox / UNIT / FIRST).rename(session.workspace.root / FIRST)
    write_corrections(session, entry("02-0099", DUE_DATE.format(was="05/08/2021", set="06/08/2021")))
    assert "correction.unmatched" not in codes(night(session))
    (session.workspace.root / FIRST).rename(session.workspace.inbox / UNIT / FIRST)
    (finding,) = [f for f in night(session, 1).findings if f.code == "correction.unmatched"]
    assert "không có dòng nào khớp" in finding.sentence


def test_row_without_a_code_gets_one_by_what_else_stands_in_it(session: Session) -> None:
    night(session)
    write_corrections(
        session,
        f'- match: {{unit: "{UNIT}", kind: dossier, Tên thủ tục: Đăng ký lại khai sinh, received_date: 04/08/2021}}\n'
        f'  column: Mã hồ sơ\n  was: ""\n  set: {CODE}04-0001\n'
        "  reason: Tra sổ tiếp nhận\n  owner: Công chức một cửa\n  date: 2021-09-05\n",
    )
    result = night(session, 1)
    assert dossiers(session)["04-0001"]["received_date"] == date(2021, 8, 4)
    assert {"dossier.code.missing", "correction.unmatched"}.isdisjoint(codes(result))


def test_removed_record_leaves_from_then_on_and_no_later_delivery_brings_it_back(session: Session) -> None:
    night(session)
    then = session.store.deliveries().to_pylist()[-1]["known_from"]
    write_corrections(session, entry("02-0004", "remove: true"))
    result = night(session, 1)
    assert "02-0004" not in dossiers(session)
    assert "02-0004" in dossiers(session, then)
    assert "correction.unmatched" not in codes(result)

    send(session, "ds 20-08-2021.csv", dossier_list(LATER))
    result = night(session, 2)
    assert "02-0004" not in dossiers(session)
    latest = next(outcome for outcome in result.outcomes if outcome.file == "ds 20-08-2021.csv")
    assert (latest.counts.superseded, latest.counts.data_rows) == (1, 5)
    add_up(session)
    versions = session.store.versions("dossier").num_rows

    write_corrections(session, "")
    night(session, 3)
    assert "02-0004" not in dossiers(session), "what is stored stays as it is known"
    assert session.store.versions("dossier").num_rows == versions
    send(session, "ds 30-08-2021.csv", dossier_list(LATER.replace("| 20-0001", "| 20-0002")))
    night(session, 4)
    assert "02-0004" in dossiers(session), "later deliveries are read as they come"
    assert session.store.versions("dossier").num_rows == versions + 2


def test_corrections_without_reason_or_owner_stop_the_night_before_anything_is_read(session: Session) -> None:
    text = entry("02-0004", "remove: true").replace('owner: "Văn phòng HĐND và UBND"', 'owner: ""')
    write_corrections(session, text)
    with pytest.raises(ConfigurationError, match=r"corrections\.yml dòng 1: thiếu “owner”"):
        night(session)
    assert session.store.deliveries().num_rows == 0


@pytest.mark.parametrize("appends", range(4))
def test_night_that_dies_while_it_mends_is_completed_by_the_next(
    session: Session, monkeypatch: pytest.MonkeyPatch, appends: int
) -> None:
    night(session)
    write_corrections(
        session,
        entry("02-0002", DUE_DATE.format(was="31/09/2021", set="30/09/2021"))
        + entry("02-0004", "remove: true"),
    )
    real, done = Store.append, iter(range(100))

    def dying(store: Store, table: object, rows: pa.Table, since: int | None = None) -> None:
        if rows.num_rows and next(done) == appends:
            raise StoreUnreachableError("đĩa đầy")
        real(store, table, rows, since)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "append", dying)
    with pytest.raises(StoreUnreachableError):
        night(session, 1)
    monkeypatch.setattr(Store, "append", real)
    night(session, 2)
    assert set(dossiers(session)) == {"02-0001", "02-0002"}
    assert len(decisions(session, "correction")) == 2
    assert session.store.versions("dossier").num_rows == 4


# --- Workbooks that come back


def test_mended_workbook_takes_its_rows_explains_the_rest_and_mends_the_next_export(session: Session) -> None:
    first = night(session)
    then = session.store.deliveries().to_pylist()[-1]["known_from"]
    known_then = dossiers(session)
    assert reported(session) == (2, 1, 2)
    assert {"dossier.date.impossible", "dossier.code.missing"} <= codes(first)
    clerk = Clerk(session)
    assert ("dossier.date.impossible", f"{CODE}02-0002", 3) in clerk.told
    clerk.mend(3, {"Ngày hẹn trả": "30/09/2021"})
    clerk.mend(5, {"Ngày hẹn trả": "09/08/2021"})
    clerk.explain("dossier.code.missing", "Hồ sơ giấy, chưa có mã; liên hệ 0000000001", "Công chức một cửa")
    send(session, "sua roi.xlsx", clerk.content())
    second = night(session, 1)

    assert dossiers(session)["02-0002"]["due_date"] == date(2021, 9, 30)
    assert dossiers(session)["02-0004"]["due_date"] == date(2021, 8, 9)
    assert reported(session) == (3, 2, 1)
    assert dossiers(session, then) == known_then
    assert reported(session, then) == (2, 1, 2), "the report of the first night can be built again"
    back = next(outcome for outcome in second.outcomes if outcome.file == "sua roi.xlsx")
    assert (back.state, back.counts.accepted, back.counts.unchanged, back.counts.quarantined) == (
        "accepted",
        2,
        1,
        1,
    )
    assert back.exported_at == datetime(2021, 8, 5)
    stored = session.store.deliveries().to_pylist()
    assert stored[-1]["answers_delivery_id"] == stored[0]["delivery_id"]
    assert "dossier.date.impossible" not in codes(second)
    (left,) = [finding for finding in second.findings if finding.code == "dossier.code.missing"]
    assert left.is_explained
    (explained,) = decisions(session, "explanation")
    assert explained["reason"] == "Hồ sơ giấy, chưa có mã; liên hệ [đã ẩn số]"
    assert (explained["rule_code"], explained["author"]) == ("dossier.code.missing", "Công chức một cửa")
    corrected = {
        row["column_name"]: json.loads(row["details_json"]) for row in decisions(session, "correction")
    }
    assert set(corrected) == {"due_date"}
    add_up(session)

    send(session, "ds 20-08-2021.csv", dossier_list(LATER))
    third = night(session, 2)
    assert dossiers(session)["02-0002"]["due_date"] == date(2021, 9, 30)
    assert dossiers(session)["02-0004"]["due_date"] == date(2021, 8, 9)
    assert "dossier.date.impossible" not in codes(third)
    newest = next(outcome for outcome in third.outcomes if outcome.file == "ds 20-08-2021.csv")
    assert (newest.counts.unchanged, newest.counts.quarantined) == (3, 1)
    before = {name: session.store.read(table).num_rows for name, table in _tables()}
    night(session, 3)
    assert {name: session.store.read(table).num_rows for name, table in _tables()} == before


def test_row_without_code_that_got_one_is_mended_in_the_next_export_too(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.mend(4, {"Mã hồ sơ": f"{CODE}04-0001"})
    send(session, clerk.name, clerk.content())
    assert "dossier.code.missing" not in codes(night(session, 1))
    assert dossiers(session)["04-0001"]["procedure_name"] == "Đăng ký lại khai sinh"
    (line,) = decisions(session, "correction")
    assert json.loads(line["details_json"])["match"]["received_date"] == "04/08/2021"
    send(session, "ds 20-08-2021.csv", dossier_list(LATER))
    assert "dossier.code.missing" not in codes(night(session, 2))
    assert set(dossiers(session)) == {"02-0001", "02-0004", "04-0001", "20-0001"}


def test_sheet_that_was_sorted_renamed_and_shortened_is_mapped_by_code(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.mend(3, {"Ngày hẹn trả": "30/09/2021"})
    clerk.explain("dossier.code.missing", "Không tra được")
    rows = [[cell.value for cell in row] for row in clerk.data.iter_rows(min_row=2)]
    clerk.data.delete_rows(2, 10)
    for row in [rows[3], rows[1], rows[2]]:
        clerk.data.append(row)
    clerk.list.title = "Đã xem"
    clerk.list.insert_rows(6)
    send(session, "da xem.xlsx", clerk.content())
    night(session, 1)
    assert set(dossiers(session)) == {"02-0001", "02-0002", "02-0004"}, "a row left out says nothing"
    assert [row["column_name"] for row in decisions(session, "correction")] == ["due_date"]
    assert len(decisions(session, "explanation")) == 1


def test_changed_code_moves_the_record_and_the_next_export_follows(session: Session) -> None:
    send(session, FIRST, dossier_list(BAD.replace("| 02-0004  ", "| x2-04    ")))
    result = night(session)
    (told,) = [line for line in Clerk(session).told if line[1].endswith("X2-04")]
    assert told[0] in codes(result)
    clerk = Clerk(session)
    clerk.mend(5, {"Mã hồ sơ": f"{CODE}02-0004"})
    send(session, "ma dung.xlsx", clerk.content())
    night(session, 1)
    assert set(dossiers(session)) == {"02-0001", "02-0004"}
    send(session, "ds 20-08-2021.csv", dossier_list(LATER.replace("| 02-0004  ", "| x2-04    ")))
    night(session, 2)
    assert set(dossiers(session)) == {"02-0001", "02-0004", "20-0001"}


def test_newer_export_that_came_in_between_wins_and_the_clerk_is_told(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.mend(5, {"Ngày hẹn trả": "09/08/2021"})
    content = clerk.content()
    send(session, "ds 20-08-2021.csv", dossier_list(BAD.replace("05/08/2021  ", "17/08/2021  ")))
    night(session, 1)
    send(session, "sua roi.xlsx", content)
    result = night(session, 2)
    assert dossiers(session)["02-0004"]["due_date"] == date(2021, 8, 17)
    (finding,) = [finding for finding in result.findings if finding.code == "returned.outdated"]
    assert (finding.severity, finding.count) == ("info", 1)
    add_up(session)


def test_workbook_in_the_folder_of_another_unit_is_refused(session: Session) -> None:
    night(session)
    send(session, "sua roi.xlsx", Clerk(session).content(), unit="16204")
    result = night(session, 1)
    assert "returned.other_unit" in codes(result)
    assert [o.refusal_code for o in result.outcomes if o.unit_code == "16204"] == ["returned.other_unit"]


def test_workbook_with_a_damaged_marker_is_refused_with_a_sentence(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.book["_motcua"]["A3"] = "khac"
    send(session, "sua roi.xlsx", clerk.content())
    (finding,) = [f for f in night(session, 1).findings if f.code == "returned.marker.damaged"]
    assert "đánh dấu ẩn" in finding.sentence


def test_workbook_of_a_delivery_that_the_store_does_not_know_is_read_as_an_export(
    session: Session, tmp_path: Path
) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.mend(3, {"Ngày hẹn trả": "30/09/2021"})
    other = open_session(tmp_path / "other")
    send(other, "ds 05-08-2021.xlsx", clerk.content())
    result = night(other)
    assert "returned.unknown_delivery" in codes(result)
    assert set(dossiers(other)) == {"02-0001", "02-0002", "02-0004"}
    assert decisions(other, "correction") == []


def test_explanation_of_a_finding_that_is_closed_is_kept_and_said(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.explain("dossier.date.impossible", "Phần mềm ghi sai, đã sửa ở lần kết xuất sau")
    content = clerk.content()
    send(session, "ds 20-08-2021.csv", dossier_list(BAD.replace("31/09/2021", "30/09/2021")))
    night(session, 1)
    send(session, "giai trinh.xlsx", content)
    result = night(session, 2)
    assert "returned.explanation.late" in codes(result)
    assert len(decisions(session, "explanation")) == 1


def test_explanation_beside_a_refused_file_counts_without_any_row(session: Session) -> None:
    send(session, FIRST, b"%PDF-1.7 not a table")
    assert "file.unknown_format" in codes(night(session))
    path = next((session.workspace.outbox / UNIT).glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    book["Cần sửa"]["K6"] = "Đơn vị chỉ có bản in"
    buffer = io.BytesIO()
    book.save(buffer)
    send(session, "giai trinh.xlsx", buffer.getvalue())
    result = night(session, 1)
    (finding,) = [finding for finding in result.findings if finding.code == "file.unknown_format"]
    assert finding.is_explained
    assert len(decisions(session, "explanation")) == 1
    night(session, 2)
    assert len(decisions(session, "explanation")) == 1


def test_workbook_of_a_workbook_is_answered_in_its_turn(session: Session) -> None:
    night(session)
    clerk = Clerk(session)
    clerk.mend(3, {"Ngày hẹn trả": "32/09/2021"})
    send(session, "lan 1.xlsx", clerk.content())
    (left,) = [f for f in night(session, 1).findings if f.code == "dossier.date.impossible"]
    assert left.file == "lan 1.xlsx"
    assert reported(session) == (2, 1, 2)
    clerk = Clerk(session)
    clerk.mend(3, {"Ngày hẹn trả": "30/09/2021"})
    clerk.mend(4, {"Mã hồ sơ": f"{CODE}04-0001"})
    send(session, "lan 2.xlsx", clerk.content())
    result = night(session, 2)
    assert {"dossier.date.impossible", "dossier.code.missing"}.isdisjoint(codes(result))
    assert set(dossiers(session)) == {"02-0001", "02-0002", "02-0004", "04-0001"}
    assert reported(session)[2] == 0
    send(session, "ds 20-08-2021.csv", dossier_list(LATER))
    result = night(session, 3)
    assert {"dossier.date.impossible", "dossier.code.missing"}.isdisjoint(codes(result))
    assert dossiers(session)["02-0002"]["due_date"] == date(2021, 9, 30), "the first mistake is mended too"


def test_commands_know_of_corrections_and_explanations(tmp_path: Path) -> None:
    units = tmp_path / "don-vi.csv"
    units.write_text(
        f"Mã đơn vị,Tên,Loại,Mã cấp trên,Mã định danh\n{UNIT},Thanh Quân,xã,,000.10.42.H56\n",
        encoding="utf-8",
    )
    root = tmp_path / "workspace"
    assert run_command("init", "--units", str(units), "--workspace", str(root)).returncode == 0
    file = root / "catalogue" / "corrections.yml"
    assert "motcua catalogue check" in file.read_text(encoding="utf-8")
    assert run_command("catalogue", "check", "--workspace", str(root)).returncode == 0, (
        "the template is empty"
    )
    template = file.read_text(encoding="utf-8")
    file.write_text(entry("02-0002", "remove: true").replace(UNIT, "1"), encoding="utf-8")
    done = run_command("catalogue", "check", "--workspace", str(root))
    assert done.returncode == 10
    assert "catalogue/corrections.yml dòng 1: không có đơn vị mang mã “1”" in done.stdout

    file.write_text(template, encoding="utf-8")
    session = open_session(root)
    send(session, FIRST, dossier_list(BAD.replace("31/09/2021", "03/09/2021")))
    night(session)
    assert run_command("check", "--workspace", str(root)).returncode == 12
    clerk = Clerk(session)
    clerk.explain("dossier.code.missing", "Không tra được")
    send(session, "giai trinh.xlsx", clerk.content())
    result = night(session, 1)
    assert [f.code for f in result.findings if f.severity == "critical"] == ["dossier.code.missing"]
    done = run_command("check", "--workspace", str(root))
    assert (done.returncode, "Đã giải trình." in done.stdout) == (0, True)


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("motcua")
    environment = {**os.environ, "COLUMNS": "124", "LANG": "C.UTF-8"}
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, env=environment, timeout=120
    )
