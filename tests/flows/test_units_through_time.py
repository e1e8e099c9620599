"""Reports over the reform of 1/7/2025, groups of units, and units whose rows come in the list of another."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from pipelines.cli import main
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.check import check_periods
from pipelines.steps.commit import commit_deliveries
from pipelines.steps.draft import count_night, nodes_to_draft
from pipelines.steps.model import ReadDelivery
from pipelines.steps.on_demand import Answer, Request, answer_request
from tests.support.pipe_table import read_records
from tests.support.plain_night import open_session
from transforms.report.blocks import Table
from transforms.schema.tables import QUARANTINED, RECORD_TABLES

NIGHT = datetime(2025, 9, 10, 18, 30, tzinfo=UTC)
AS_OF = date(2025, 9, 11)
LATER = date(2026, 2, 1)
OF_COMMUNES = """
    | unit_code | dossier_code | status_code | received_date | due_date   | resolved_date |
    | 16204     | BL-1         | 10          | 01/06/2025    | 04/06/2025 | 03/06/2025    |
    | 16204     | BL-2         | 10          | 02/06/2025    | 04/06/2025 | 05/06/2025    |
    | 16186     | HQ-1         | 10          | 01/06/2025    | 04/06/2025 | 30/06/2025    |
    | 16186     | HQ-2         | 10          | 28/06/2025    | 04/07/2025 | 01/07/2025    |
    | 16186     | HQ-3         | 4           | 01/08/2025    | 04/08/2025 |               |
    """


def deliver(session: Session, unit_code: str, text: str, day: date, kind: str = "dossier") -> None:
    """One accepted file of a unit, exported on that day; its rows say themselves whose they are."""
    table = RECORD_TABLES[kind]
    exported_at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - offices print local time
    records = read_records(table, text)
    identity = f"{unit_code}-{kind}-{day}"
    for name, value in {"_delivery_id": identity, "_file": "mau.xls", "_exported_at": exported_at}.items():
        at = records.schema.get_field_index(name)
        field = records.schema.field(at)
        records = records.set_column(at, field, pa.array([value] * records.num_rows, field.type))
    spool = session.workspace.root / "spool" / identity
    spool.mkdir(parents=True)
    for name, rows in (
        ("records", records),
        ("superseded", table.empty()),
        ("quarantined", QUARANTINED.empty()),
    ):
        with ipc.new_file(str(spool / f"{name}.arrow"), rows.schema) as sink:
            sink.write_table(rows)
    read = ReadDelivery(
        identity, identity, unit_code, "mau.xls", (), spool, kind, "p.v1", exported_at, "file_name", {}
    )
    commit_deliveries(session.store, [read], session.clock.now())


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """The district's list of its communes, and nothing else."""
    opened = open_session(tmp_path / "ws", NIGHT)
    deliver(opened, "402", OF_COMMUNES, date(2025, 9, 10))
    return opened


def asked(session: Session, unit: str, period: str, map_of: str = "then", as_of: date = LATER) -> Answer:
    return answer_request(session, Request(unit, period, as_of=as_of, map_of=map_of))


def rows_by_unit(answer: Answer) -> dict[str, str]:
    """Name of the line → dossiers to be handled, of the lines with figures; and the total."""
    table = next(
        block
        for annex in answer.context.annexes
        for block in annex.blocks
        if isinstance(block, Table) and block.table_id == "bieu_06_don_vi"
    )
    return {
        str(row.cells[1]): row.cells[2].text
        for row in table.rows
        if not isinstance(row.cells[2], str) and row.cells[2].value
    }


def test_period_over_the_reform_has_old_and_new_units_and_their_sum(session: Session) -> None:
    assert rows_by_unit(asked(session, "38", "2025-9T")) == {
        "xã Hóa Quỳ (từ ngày 01/7/2025)": "2",
        "xã Hóa Quỳ (đến ngày 30/6/2025)": "1",
        "xã Bình Lương (đến ngày 30/6/2025)": "2",
        "Tổng số": "5",
    }


def test_map_of_now_has_the_same_total_under_the_units_of_today(session: Session) -> None:
    then, now = (asked(session, "38", "2025-9T", map_of) for map_of in ("then", "now"))
    assert rows_by_unit(now) == {"xã Hóa Quỳ": "5", "Tổng số": "5"}
    assert rows_by_unit(then)["Tổng số"] == rows_by_unit(now)["Tổng số"]
    assert [unit.full_name for unit in now.leaves][:3] == ["xã Như Xuân", "xã Xuân Bình", "xã Hóa Quỳ"]


def test_commune_of_today_reports_for_its_predecessors_on_the_map_of_now(session: Session) -> None:
    then, now = (asked(session, "16186", "2025-9T", map_of) for map_of in ("then", "now"))
    totals = [
        answer.data.table.value("received_total", tuple(leaf.code for leaf in answer.leaves))
        for answer in (then, now)
    ]
    assert totals == [2, 5]
    assert {answer.context.unit_name for answer in (then, now)} == {"xã Hóa Quỳ"}
    assert not any(block.table_id == "bieu_06_don_vi" for annex in now.context.annexes for block in annex.blocks
                   if isinstance(block, Table))  # fmt: skip


def test_unit_that_the_map_does_not_have_is_refused_with_its_successor(session: Session) -> None:
    with pytest.raises(
        UsageProblemError,
        match=r"Xã Bình Lương \(mã 16204\) chỉ có đến ngày 30/6/2025.*xã Hóa Quỳ \(mã 16186\)",
    ):
        asked(session, "16204", "2025-9T", "now")
    with pytest.raises(UsageProblemError, match=r"Huyện Như Xuân \(mã 402\).*hãy chọn đơn vị cấp trên"):
        asked(session, "402", "2026-01")


def test_units_whose_rows_came_in_the_list_of_their_district_are_not_silent(session: Session) -> None:
    answer = asked(session, "402", "2025-6T", as_of=AS_OF)
    missing = {stamp for stamp in answer.context.stamps if "Chưa có số liệu của" in stamp}
    assert len(missing) == 1
    (stamp,) = missing
    assert "14/16 đơn vị" in stamp
    assert "Bình Lương" not in stamp
    assert "Hóa Quỳ" not in stamp
    assert answer.data.deliveries["unit_code"].to_pylist() == ["402"]
    single = asked(session, "16204", "2025-6T", as_of=AS_OF)
    (begins,) = single.context.stamps
    assert begins.startswith("Số liệu hồ sơ bắt đầu từ ngày 01/6/2025;"), (
        "its own list is there, if only from June"
    )
    assert single.data.deliveries["delivery_id"].to_pylist() == ["402-dossier-2025-09-10"]


def test_units_whose_rows_came_in_the_list_of_their_district_are_drafted(session: Session) -> None:
    assert [node.code for node in nodes_to_draft(session, date(2025, 6, 30))] == ["16186", "16204", "402"]
    assert [node.code for node in nodes_to_draft(session, AS_OF)] == ["16186", "38"]


def test_silent_predecessor_is_named_beside_the_line_that_it_belongs_to(tmp_path: Path) -> None:
    session = open_session(tmp_path / "ws", NIGHT)
    deliver(
        session,
        "402",
        "\n".join(OF_COMMUNES.splitlines()[:2] + OF_COMMUNES.splitlines()[4:]),
        date(2025, 9, 10),
    )
    answer = asked(session, "38", "2025-9T", "now")
    names = [unit.full_name for unit in answer.leaves]
    assert names[names.index("xã Hóa Quỳ") + 1] == "xã Bình Lương (nay thuộc xã Hóa Quỳ)"
    (stamp,) = (stamp for stamp in answer.context.stamps if "Chưa có số liệu của" in stamp)
    assert "xã Bình Lương (nay thuộc xã Hóa Quỳ)" in stamp


GROUPS = """group_code,name,unit_code,valid_from,valid_to,is_drafted
CUM-1,Cụm thi đua số 1,16204,2021-01-01,,yes
CUM-1,Cụm thi đua số 1,16186,2021-01-01,2025-06-30,
CUM-2,Cụm thi đua số 2,16204,2021-01-01,,no
"""


@pytest.fixture
def grouped(session: Session) -> Session:
    folder = session.workspace.catalogue
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groups.csv").write_text(GROUPS, encoding="utf-8")
    return open_session(session.workspace.root, NIGHT)


def test_group_is_reported_like_a_node_with_children(grouped: Session) -> None:
    answer = asked(grouped, "CUM-1", "2025-6T", as_of=AS_OF)
    assert rows_by_unit(answer) == {"xã Hóa Quỳ": "1", "xã Bình Lương": "2", "Tổng số": "3"}
    assert answer.context.unit_name == "Cụm thi đua số 1"
    assert answer.context.letterhead.issuing_body == ("ỦY BAN NHÂN DÂN", "HUYỆN NHƯ XUÂN")


def test_group_is_drafted_where_it_says_so(grouped: Session) -> None:
    nodes = [node.code for node in nodes_to_draft(grouped, date(2025, 6, 30))]
    assert nodes == ["16186", "16204", "402", "CUM-1"]


def test_check_of_the_catalogue_names_the_line_of_a_group_that_is_wrong(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = session.workspace.catalogue
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groups.csv").write_text(GROUPS + "CUM-3,Cụm 3,99999,2021-01-01,,\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["catalogue", "check", "--workspace", str(session.workspace.root)])
    assert left.value.code == 10
    assert "catalogue/groups.csv dòng 5: mã đơn vị “99999”" in capsys.readouterr().out


def test_command_takes_the_map_and_tells_how_to_get_the_report_again(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["report", "--unit", "38", "--period", "2025-9T", "--as-of", "2026-02-01", "--map", "now"]
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--formats", "json", "--out", str(out), "--workspace", str(session.workspace.root)])
    assert left.value.code == 0
    assert "thêm --map now --as-of 2026-02-01" in capsys.readouterr().out
    content = json.loads((out / "context.json").read_text(encoding="utf-8"))
    assert "16186@2026-02-01" in json.dumps(content)


def test_night_checks_its_periods_against_the_ones_before_and_their_parts(session: Session) -> None:
    counted = count_night(session, AS_OF)
    assert [table.reckoning.period.period_id for table in counted.neighbours] == [
        "2025-08", "2024", "2025-6T", "2025-Q3",
    ]  # fmt: skip
    tables = [data.table for data in counted.periods.values()]
    broken = [f for f in check_periods(tables, counted.neighbours) if f.code.endswith(".broken")]
    assert broken == []


def test_night_in_which_no_unit_of_the_past_is_left_counts_nothing_and_does_not_fail(tmp_path: Path) -> None:
    opened = open_session(tmp_path / "ws", NIGHT)
    rows = "| dossier_code | status_code | received_date |\n| BL-1 | 10 | 01/06/2025 |"
    deliver(opened, "16204", rows, date(2025, 6, 20))
    assert nodes_to_draft(opened, AS_OF) == ()
    counted = count_night(opened, AS_OF)
    assert (counted.known.asked, counted.known.deliveries.num_rows) == (frozenset(), 0)
