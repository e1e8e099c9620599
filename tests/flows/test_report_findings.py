"""Which findings a report speaks of: the unit's own, what is explained in the annex and no longer as a stamp."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.session import Session
from pipelines.steps.finding_life import read_opened_on
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.recording import Describer, record_findings, record_report_findings
from pipelines.steps.waiving import Waiver, accept
from tests.support.published import FIRST_LIST, FIRST_NAME, PERIOD, UNIT, open_at, take_in
from transforms.findings import Finding, Place
from transforms.render.json_context import render_json
from transforms.report.blocks import Figure, ReportContext, Table
from transforms.report.explained import EXPLAINED_TABLE

DAY = date(2021, 9, 15)
CODE = "dossier.resolved_date.before_received"


def wrong(*subjects: str, code: str = CODE, unit: str = UNIT) -> Finding:
    places = tuple(Place("", row, subject, "01/08/2021") for row, subject in enumerate(subjects, 2))
    return Finding(code, unit, "dossier", FIRST_NAME, "resolved_date", places=places)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = open_at(tmp_path / "w")
    take_in(session, FIRST_NAME, FIRST_LIST)
    return session


def record(session: Session, *findings: Finding, is_night: bool = True) -> None:
    word = Describer.of(session.messages, session.catalogue, date(2021, 9, 5))
    counted = (PERIOD,) if is_night else ()
    record_findings(
        session.store, findings, (), (), word, "run", session.clock.now(), is_night, counted=counted
    )


def report(session: Session, unit: str = UNIT, **more: object) -> ReportContext:
    return answer_request(session, Request(unit, PERIOD, as_of=DAY, **more)).context  # type: ignore[arg-type]


def stamps(context: ReportContext) -> tuple[str, ...]:
    """Stamps about findings; the list of these tests begins amid the period, which is a stamp of its own."""
    return tuple(stamp for stamp in context.stamps if not stamp.startswith("Số liệu hồ sơ bắt đầu từ"))


def explained(context: ReportContext) -> list[int | float]:
    blocks = [block for annex in context.annexes for block in annex.blocks]
    tables = [block for block in blocks if isinstance(block, Table) and block.table_id == EXPLAINED_TABLE]
    return [
        cell.value for table in tables for row in table.rows for cell in row.cells if isinstance(cell, Figure)
    ]


def waiver(**more: object) -> Waiver:
    return Waiver(UNIT, CODE, "Hồ sơ nhập lại", "Công chức một cửa", **more)  # type: ignore[arg-type]


def test_unit_report_says_nothing_of_what_is_for_the_level_above_or_for_it_and_the_district_reads_all(
    session: Session,
) -> None:
    record(
        session,
        wrong("H1"),
        wrong("H2", code="plausibility.supplement.repeated"),
        wrong("H3", code="dossier.status_code.not_in_list"),
    )
    own, district = report(session), report(session, "402")
    assert len(stamps(own)) == 1
    assert "ngày kết thúc xử lý trước ngày tiếp nhận" in stamps(own)[0]
    assert len(own.findings) == 1
    assert sum("danh mục 10 trạng thái" in stamp for stamp in stamps(district)) == 1
    assert len(district.findings) == 3


def test_critical_finding_explained_in_full_is_no_stamp_but_stands_in_the_annex(session: Session) -> None:
    record(session, wrong("H1", "H2"))
    before = session.store.last_commit()
    assert len(stamps(report(session))) == 1
    first = report(session)
    accept(session, waiver(subjects=("H1",)), DAY)
    partly = report(session)
    assert (len(stamps(partly)), explained(partly)) == (1, [1])
    accept(session, waiver(subjects=("H2",)), DAY)
    fully = report(session)
    assert (stamps(fully), fully.findings, explained(fully)) == ((), (), [2])
    assert explained(report(session, "402")) == [2]
    # What was known then gives what was written then (law 3).
    assert render_json(report(session, known_at=before)) == render_json(first)
    assert render_json(report(session)) == render_json(fully)


def test_expired_explanation_is_a_stamp_again_for_reports_of_later_days(session: Session) -> None:
    record(session, wrong("H1"))
    accept(session, waiver(expires_on=DAY), DAY)
    assert stamps(report(session)) == ()
    later = answer_request(session, Request(UNIT, PERIOD, as_of=date(2021, 9, 16))).context
    assert (len(stamps(later)), explained(later)) == (1, [])


def test_run_that_counts_no_period_leaves_what_is_found_about_periods_open(session: Session) -> None:
    about_period = Finding("indicator.fee.undated", UNIT, "fee", params=(("total", 3), ("period", PERIOD)))
    record(session, wrong("H1"), about_period)
    record(session, is_night=False)
    states = {row["code"]: row["state"] for row in session.store.findings().to_pylist()}
    assert states == {CODE: "fixed", "indicator.fee.undated": "open"}
    record(session)
    assert {row["state"] for row in session.store.findings().to_pylist()} == {"fixed"}


@pytest.mark.parametrize("code", ["report.supplement.missing", "form.layout.outdated"])
def test_what_a_report_says_of_itself_ends_only_when_that_report_is_built_again(
    session: Session, code: str
) -> None:
    told = {"period": "9 tháng năm 2021", "items": "Kiểm tra", "forms": "Biểu", "note": "Mẫu cũ"}
    word = Describer.of(session.messages, session.catalogue, DAY)
    store = session.store

    def finish(*findings: Finding, built: str) -> list[str]:
        record(session)
        record_report_findings(store, findings, word, "run", session.clock.now(), {(UNIT, built)})
        return [row["state"] for row in store.findings().to_pylist() if row["code"] == code]

    assert finish(Finding(code, UNIT, params=tuple(told.items())), built=PERIOD) == ["open"]
    since = read_opened_on(store)
    first = store.last_commit()
    assert finish(built="2021-10") == ["open"]
    assert (read_opened_on(store), store.last_commit()) == (since, first)
    assert finish(built=PERIOD) == ["fixed"]
