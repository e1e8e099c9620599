"""What has been kept long enough is erased; figures, reports and publications stay."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.clock import FixedClock
from pipelines.errors import ConfigurationError
from pipelines.publications.publish import Order, issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.settings import load_settings
from pipelines.steps import check as check_step
from pipelines.steps.decisions import decision_table
from pipelines.steps.maintenance import ERASED, ERASURE, erase_old, erase_when_due
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import render_report
from tests.support.masks_only import check_by_masks
from tests.support.plain_night import AS_OF, open_session, run_plain_night
from tests.support.sent_back import CODE, UNIT, dossier_list, send
from transforms.schema.tables import DECISION, FINDING, QUARANTINED

LATER = datetime(2027, 1, 5, 3, tzinfo=UTC)
FIRST = """
| Mã hồ sơ | Ngày tiếp nhận | Ngày hẹn trả |
| 02-0001  |                | 31/09/2021   |
| 02-0002  |                | 31/09/2021   |
| 02-0003  |                | 31/09/2021   |
| 02-0004  |                |              |
| 02-0005  | 02/08/2021     | 01/08/2021   |
"""
SECOND = """
| Mã hồ sơ | Ngày tiếp nhận | Ngày hẹn trả |
| 02-0001  |                |              |
| 02-0002  |                | 31/09/2021   |
| 02-0004  |                |              |
| 02-0005  | 02/08/2021     | 02/08/2021   |
"""
ENTRY = (
    f'- match: {{unit: "{UNIT}", kind: "Hồ sơ", Mã hồ sơ: "{CODE}02-0003"}}\n'
    '  column: "Ngày hẹn trả"\n  was: "31/09/2021"\n  set: "30/09/2021"\n'
    '  reason: "Giấy hẹn ghi ngày khác"\n  owner: "Văn phòng"\n  date: "05/09/2021"\n'
)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Two nights of 2021 with a publication, set-apart rows (one mended since), explanations and findings."""

    monkeypatch.setattr(check_step, "check_table", check_by_masks)
    opened = open_session(tmp_path / "workspace")
    send(opened, "ds 05-08-2021.csv", dossier_list(FIRST))
    run_plain_night(opened, opened.workspace.inbox, units=set())
    (opened.workspace.catalogue / "corrections.yml").write_text(ENTRY, encoding="utf-8")
    send(opened, "ds 06-08-2021.csv", dossier_list(SECOND))
    run_plain_night(opened, opened.workspace.inbox, units=set())
    explained = {
        "decision_id": "giaitrinh", "kind": "explanation", "unit_code": UNIT, "rule_code": "x", "subject": f"{CODE}02-0004",
        "author": "đơn vị", "reason": "Người Mẫu 0001 xin rút", "details_json": "{}", "source": "tệp",
    }  # fmt: skip
    instant = opened.store.next_instants(opened.clock.now(), 1)[0]
    opened.store.append(DECISION, decision_table([explained], frozenset(), instant))
    order = Order(Request(UNIT, "2021-9T", as_of=AS_OF), "45/BC-UBND", date(2021, 9, 5), "văn thư")
    issue(opened, prepare(opened, order))
    return opened


def reports(session: Session) -> list[bytes]:
    """Every report that the two nights could give, as known after each delivery and now."""
    instants = [*session.store.deliveries()["known_from"].to_pylist(), session.store.last_commit()]
    found = []
    for known_at in instants:
        answer = answer_request(session, Request(UNIT, "2021-9T", as_of=AS_OF, known_at=known_at))
        found += render_report(answer.context, ["json", "xlsx"]).values()
    return found


def test_references_to_records_are_erased_and_every_report_and_publication_stays(session: Session) -> None:
    before = reports(session)
    cells = {
        path: path.read_bytes()
        for path in sorted(session.workspace.publications.rglob("*"))
        if path.is_file()
    }
    done = erase_old(session.store, session.catalogue, date(2022, 1, 1), LATER)
    assert done.quarantined
    assert done.findings
    assert done.explanations == 1
    texts = [json.loads(text) for text in session.store.read(QUARANTINED)["raw_json"].to_pylist()]
    whole = [text for text in texts if set(text) - {"dossier_code"}]
    assert [text["dossier_code"] for text in whole] == [f"{CODE}02-0003"], (
        "a correction is matched against its text"
    )
    assert {f"{CODE}02-0002"}.isdisjoint(text.get("dossier_code") for text in texts), (
        "nothing else knows that code"
    )
    open_now = {row["finding_id"] for row in session.store.findings().to_pylist() if row["state"] == "open"}
    for row in session.store.read(FINDING).to_pylist():
        if row["finding_id"] not in open_now:
            assert not [p for p in row["places"] or () if p["subject"] or p["value"]]
    decisions = session.store.decisions().to_pylist()
    assert [row["reason"] for row in decisions if row["kind"] == "explanation"] == [ERASED]
    (line,) = [row for row in decisions if row["kind"] == ERASURE]
    assert json.loads(line["details_json"])["before"] == "2022-01-01"
    assert reports(session)[: len(before)] == before
    assert {path: path.read_bytes() for path in cells} == cells
    assert verify(session.workspace.publications, session.store).problems == ()


def test_erasing_again_changes_nothing_and_writes_no_second_line(session: Session) -> None:
    erase_old(session.store, session.catalogue, date(2022, 1, 1), LATER)
    assert not erase_old(session.store, session.catalogue, date(2022, 1, 1), LATER)
    assert [row["kind"] for row in session.store.decisions().to_pylist()].count(ERASURE) == 1


def test_what_is_younger_than_the_limit_stays(session: Session) -> None:
    assert not erase_old(session.store, session.catalogue, date(2021, 9, 1), LATER)


def test_setting_says_after_how_many_years(session: Session) -> None:
    assert not erase_when_due(session), "0 years: never"
    for years, erased in ((6, False), (5, True)):
        path = session.workspace.root / "motcua.toml"
        path.write_text(f"keep_record_years = {years}\n", encoding="utf-8")
        later = Session(session.workspace.root, FixedClock(LATER))
        assert bool(erase_when_due(later)) is erased
    path.write_text("keep_record_years = -1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="keep_record_years"):
        load_settings(session.workspace.root)


def test_erased_text_leaves_the_disk_with_the_clearing(session: Session) -> None:
    folder = session.workspace.store / DECISION.name

    def on_disk() -> set[str]:
        return {
            text for path in folder.glob("*.parquet") for text in pq.read_table(path)["reason"].to_pylist()
        }

    assert "Người Mẫu 0001 xin rút" in on_disk()
    erase_old(session.store, session.catalogue, date(2022, 1, 1), LATER)
    session.store.clear(DECISION, 0)
    assert "Người Mẫu 0001 xin rút" not in on_disk()
