"""``motcua reconcile`` over the sample night: what the software counts, what the form counts, and the 505 between."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.root import motcua
from pipelines.errors import UsageProblemError
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.reconcile import (
    Reconciled,
    reconcile_request,
    render_dossier_list,
    render_reconciled_json,
)
from pipelines.steps.tracing import trace_cell_id
from tests.support.plain_night import AS_OF
from transforms.indicators.reconcile_model import RECONCILED

BOOKS = ("tt01", "phan_mem", "qd766")


@pytest.fixture(scope="module")
def binh_luong(sample_night: tuple[Session, NightResult]) -> Reconciled:
    session, _ = sample_night
    return reconcile_request(session, Request("16204", "2021-9T", as_of=AS_OF))


def test_software_gives_858_and_the_form_1363_and_the_505_are_named_by_code(binh_luong: Reconciled) -> None:
    counted = {
        c.rulebook.rulebook_id: c.value("received_in_window")
        for c in binh_luong.view.reconciliation.countings
    }
    assert counted == {"tt01": 1363, "phan_mem": 858, "qd766": 1363}
    software = next(
        c for c in binh_luong.view.reconciliation.comparisons if c.other.rulebook_id == "phan_mem"
    )
    received = next(d for d in software.differences if d.measure_id == "received_in_window")
    assert [(reason.code, reason.amount) for reason in received.reasons] == [
        ("procedure_unknown_left_out", -505)
    ]
    named = {dossier.dossier_code for dossier in binh_luong.view.reconciliation.dossiers}
    assert len(named) == 505
    assert all(code.startswith("000.09.42.H56-") for code in named)


@pytest.mark.parametrize("unit", ["16204", "16174", "402"])
def test_every_figure_is_what_trace_finds_and_what_the_report_prints(
    sample_night: tuple[Session, NightResult], unit: str
) -> None:
    session, _ = sample_night
    found = reconcile_request(session, Request(unit, "2021-9T", as_of=AS_OF)).view
    for counting in found.reconciliation.countings:
        for measure in ("received_in_window", "early+on_time", "note.paused"):
            cell_id = counting.cell_id(measure, found.node.code)
            traced = trace_cell_id(session, cell_id)
            assert (traced.value, traced.total) == (counting.value(measure),) * 2, cell_id
        rulebook = counting.rulebook.rulebook_id
        answer = answer_request(session, Request(unit, "2021-9T", as_of=AS_OF, rulebook=rulebook))
        table, leaves = answer.data.table, tuple(leaf.code for leaf in answer.leaves)
        for measure in RECONCILED:
            if "+" not in measure and not measure.startswith("note."):
                assert table.value(measure, leaves) == counting.value(measure), measure
        fact = next(fact for fact in answer.context.facts if fact.key == "rulebook")
        assert fact.text == counting.rulebook.name


def test_district_is_the_sum_of_its_units_and_names_who_is_missing(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, _ = sample_night
    found = reconcile_request(session, Request("402", "2021-9T", as_of=AS_OF)).view
    assert [unit.full_name for unit in found.missing] == ["xã Thanh Xuân"]
    software = next(c for c in found.reconciliation.comparisons if c.other.rulebook_id == "phan_mem")
    for difference in software.differences:
        assert sum(reason.amount for reason in difference.reasons) == difference.amount
    codes = {reason.code for difference in software.differences for reason in difference.reasons}
    assert codes == {"procedure_unknown_left_out", "window_start_excluded"}


def test_list_and_json_hold_the_same_dossiers_and_no_personal_data(binh_luong: Reconciled) -> None:
    lines = list(
        csv.reader(io.StringIO(render_dossier_list(binh_luong.view).decode("utf-8-sig")), delimiter=";")
    )
    content = json.loads(render_reconciled_json(binh_luong))
    assert {line[1] for line in lines[1:]} == {d["dossier_code"] for d in content["dossiers"]}
    assert [book["id"] for book in content["rulebooks"]] == list(BOOKS)
    assert content["software_summary"]["sent"] is False
    assert all(
        part["outcome"] in ("no_data", "not_in_force")
        for group in content["scores"][0]["groups"]
        for part in group["parts"]
    )
    everything = json.dumps(content, ensure_ascii=False)
    assert "Người Mẫu" not in everything
    assert "Thôn Mẫu" not in everything


def test_command_prints_a_hundred_columns_and_writes_page_list_and_json(
    sample_night: tuple[Session, NightResult], tmp_path: Path
) -> None:
    session, _ = sample_night
    arguments = ["reconcile", "--unit", "16204", "--period", "2021-9T", "--as-of", "2021-09-05"]
    arguments += ["--workspace", str(session.workspace.root), "--out", str(tmp_path)]
    done = CliRunner().invoke(motcua, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert max(map(len, done.output.splitlines()[:-1])) <= 100
    assert "lệch −505, gồm −505 procedure_unknown_left_out" in " ".join(done.output.split())
    assert "áp dụng từ 23/6/2022" in done.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "doi-chieu.html",
        "doi-chieu-ho-so.csv",
        "doi-chieu.json",
    }
    as_json = CliRunner().invoke(motcua, [*arguments[:-2], "--json"], catch_exceptions=False)
    assert json.loads(as_json.output) == json.loads((tmp_path / "doi-chieu.json").read_text(encoding="utf-8"))


def test_unit_without_dossiers_is_one_sentence(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    with pytest.raises(UsageProblemError, match="Chưa có danh sách hồ sơ nào của xã Thanh Xuân"):
        reconcile_request(session, Request("16210", "2021-9T", as_of=AS_OF))
