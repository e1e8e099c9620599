"""From every printed figure back to its records, and everything about one dossier in one place."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.root import motcua
from pipelines.clock import FixedClock
from pipelines.errors import UsageProblemError
from pipelines.publications.publish import Order, issue, prepare
from pipelines.session import Session
from pipelines.steps.cell_names import parse_cell_id
from pipelines.steps.history import dossier_history
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.published_sides import counted_side
from pipelines.steps.retraction import retract_delivery
from pipelines.steps.tracing import trace_cell_id, trace_on
from tests.support.plain_night import AS_OF, NIGHT, SAMPLES, open_session, run_plain_night
from tests.support.sent_back import CODE, UNIT, dossier_list, send
from transforms.render.anchors import context_figures

CELL = f"resolved_total/{UNIT}/*/2021-9T/nd09/2021-09-05/tt01"


@pytest.mark.parametrize("unit", ["16204", "402"])
def test_every_kind_of_printed_figure_is_the_sum_of_its_records(
    sample_night: tuple[Session, NightResult], unit: str
) -> None:
    session, _ = sample_night
    answer = answer_request(session, Request(unit, "2021-9T", as_of=AS_OF))
    side = counted_side(answer.data, answer.node, answer.leaves, answer.catalogue)
    figures = {figure.cell_id: figure for figure in context_figures(answer.context)}
    seen: set[tuple[object, ...]] = set()
    for cell_id, figure in figures.items():
        if cell_id.startswith("coverage/"):
            continue
        name = parse_cell_id(cell_id)
        kind = (
            *(m if m.startswith("note") else m.partition(".")[0] for m in name.measures),
            name.below,
            name.facets == ("*",),
        )
        if kind in seen:
            continue
        seen.add(kind)
        traced = trace_on(session, side, name, cell_id)
        assert all(record.sha256 and record.file for record in traced.records), cell_id
        if cell_id.startswith("rate/supplement"):
            continue
        if name.below:
            assert traced.value is not None
            assert traced.denominator == len(traced.records)
            assert traced.total == traced.value
            assert traced.value / traced.denominator == pytest.approx(figure.value)
        elif not traced.is_distinct:
            assert (traced.value, traced.total) == (figure.value, figure.value), cell_id
    measures = {name for kind in seen for name in kind if isinstance(name, str)}
    assert {"resolved_total", "fee_total_amount", "documents_issued", "supplement"} <= measures


def test_traced_row_is_where_it_says_it_is(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    traced = trace_cell_id(session, "late/16207/*/2021-9T/nd09/2021-09-05/tt01")
    (path,) = {SAMPLES / "inbox" / "16207" / record.file for record in traced.records}
    assert {record.sha256 for record in traced.records} == {hashlib.sha256(path.read_bytes()).hexdigest()}
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert traced.records
    for record in traced.records:
        assert record.code in lines[record.row - 1]


@pytest.mark.parametrize(
    ("cell_id", "said"),
    [
        ("late", "không đúng dạng"),
        ("khong_co/16207/*/2021-9T/nd09/2021-09-05/tt01", "không có chỉ tiêu"),
        ("late/16207/*/2021-9T/nd09/hôm qua/tt01", "ngày chốt"),
        ("coverage/sent/402/*/2021-9T/nd09/2021-09-05/tt01", "không đếm hồ sơ"),
        ("late/99999/*/2021-9T/nd09/2021-09-05/tt01", "Không có đơn vị mang mã 99999"),
        ("late/16207/*/2021-9T/nd09/2022-03-05/tt01", "nằm ngoài kỳ"),
    ],
)
def test_wrong_cell_id_gets_a_sentence(
    sample_night: tuple[Session, NightResult], cell_id: str, said: str
) -> None:
    session, _ = sample_night
    with pytest.raises(UsageProblemError, match=said):
        trace_cell_id(session, cell_id)


FIRST = """
| Mã hồ sơ | Trạng thái | Ngày kết thúc xử lý | Ngày trả kết quả |
| 02-0001  | Đang xử lý | -                   | -                |
| 02-0002  |            |                     |                  |
"""
LATER = """
| Mã hồ sơ | Trạng thái | Ngày kết thúc xử lý |
| 02-0001  |            | 10/08/2021          |
| 02-0002  |            |                     |
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, str]:
    """Two lists with a publication between them; the second list was taken back in the end."""
    session = open_session(tmp_path_factory.mktemp("moved") / "workspace")
    send(session, "ds 05-08-2021.csv", dossier_list(FIRST))
    run_plain_night(session, session.workspace.inbox, units=set())
    order = Order(Request(UNIT, "2021-9T", as_of=AS_OF), "45/BC-UBND", date(2021, 9, 5), "văn thư")
    issue(session, prepare(session, order))
    session.clock = FixedClock(NIGHT + timedelta(days=1))
    send(session, "ds 20-08-2021.csv", dossier_list(LATER))
    night = run_plain_night(session, session.workspace.inbox, units=set())
    (wrong,) = [outcome.delivery_id for outcome in night.outcomes if outcome.state == "accepted"]
    return session, wrong


def test_publication_is_traced_by_what_it_kept_and_the_present_by_what_is_known(
    moved: tuple[Session, str],
) -> None:
    session, _ = moved
    published, now = trace_cell_id(session, CELL, version=1), trace_cell_id(session, CELL)
    assert [record.code for record in published.records] == [f"{CODE}02-0002"]
    assert [record.code for record in now.records] == [f"{CODE}02-0001", f"{CODE}02-0002"]
    assert (published.value, now.value) == (1, 2)
    assert {record.file for record in published.records} == {"ds 05-08-2021.csv"}
    then = session.store.deliveries()["known_from"].to_pylist()[0]
    assert trace_cell_id(session, CELL, known_at=then).value == 1
    with pytest.raises(UsageProblemError, match="không có lần công bố 7"):
        trace_cell_id(session, CELL, version=7)


def test_history_tells_versions_decisions_and_what_counts(moved: tuple[Session, str], tmp_path: Path) -> None:
    session, wrong = moved
    code = f"{CODE}02-0001"
    before = dossier_history(session.store, code.lower())
    assert [(entry.what, entry.is_latest) for entry in before.entries] == [
        ("first", False),
        ("changed", True),
    ]
    assert [entry.values["status_label"] for entry in before.entries] == ["Đang xử lý", "Đã trả kết quả"]
    assert [entry.row for entry in before.entries] == [2, 2]
    retract_delivery(session, wrong, "gửi nhầm", "văn phòng")
    try:
        after = dossier_history(session.store, code)
        told = [(entry.what, entry.counts, entry.is_latest) for entry in after.entries]
        assert told == [("first", True, True), ("changed", False, False), ("retracted", True, False)]
        assert after.entries[-1].note == "văn phòng: gửi nhầm"
    finally:
        retract_delivery(session, wrong, "tính lại", "văn phòng", undo=True)
    assert dossier_history(session.store, "khong-co").entries == ()
    assert dossier_history(session.store, code, "16204").entries == ()


def test_commands_print_csv_and_json(
    moved: tuple[Session, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    session, _ = moved

    def call(*arguments: str) -> str:
        motcua.main(["trace", *arguments, "--workspace", str(session.workspace.root)], standalone_mode=False)
        return capsys.readouterr().out

    assert f"{CELL}: 2, 2 bản ghi" in call(CELL, "--csv", str(tmp_path / "a.csv"))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [row[1] for row in rows] == ["Mã", f"{CODE}02-0001", f"{CODE}02-0002"]
    content: dict[str, Any] = json.loads(call(CELL, "--version", "1", "--json"))
    assert (content["value"], content["total"], len(content["records"])) == (1, 1, 1)
    said = call("--dossier", f"{CODE}02-0001")
    assert "thay đổi (đang tính)" in said
    history = json.loads(call("--dossier", f"{CODE}02-0001", "--unit", UNIT, "--json"))
    assert history["entries"][0]["values"]["received_date"] == "2021-08-02"
    with pytest.raises(UsageProblemError, match="Hãy ghi hoặc mã ô"):
        call()
