"""Reports beside earlier periods, out of a real store; both outlines, as drafts and as publications."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.root import motcua
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.publications.folder import Series, find_series, publication_folder
from pipelines.publications.model import read_publications
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps.draft import count_night, draft_files
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.tracing import trace_cell_id
from tests.support.plain_night import AS_OF, open_session
from tests.support.published import FIRST_LIST, FIRST_NAME, PERIOD, open_at, order, publish, take_in
from tests.support.sent_back import UNIT
from tests.unit.report.report_case import show
from transforms.render.anchors import context_figures
from transforms.report.check import check_report

Night = tuple[Session, NightResult]


@pytest.mark.parametrize("unit", ["16207", "402"])
def test_differences_lead_back_to_the_dossiers_of_both_periods(sample_night: Night, unit: str) -> None:
    session, _ = sample_night
    answer = answer_request(session, Request(unit, "2021-09", as_of=AS_OF))
    text = show(answer.context)
    assert "So với kỳ trước (tháng 8 năm 2021, tính đến hết ngày 05/8/2021):" in text
    assert "Chưa đủ dữ liệu để so sánh số liệu hồ sơ với cùng kỳ năm trước (tháng 9 năm 2020)" in text
    assert "report.figure.disagreement" not in {finding.code for finding in check_report(answer.context)}
    changes = {f.cell_id: f for f in context_figures(answer.context) if f.cell_id.startswith("change/")}
    counted = {cell_id: figure for cell_id, figure in changes.items() if "/rate/" not in cell_id}
    assert len(counted) >= 4
    for cell_id, figure in list(counted.items())[:3]:
        traced = trace_cell_id(session, cell_id)
        now, then = traced.sides
        assert traced.value == figure.value == (now.value or 0) - (then.value or 0)
        assert (now.total, then.total) == (now.value, then.value)
        assert {now.cell_id.split("/")[3], then.cell_id.split("/")[3]} == {"2021-09", "2021-08"}


def test_earlier_period_is_the_figure_of_its_own_report(sample_night: Night) -> None:
    session, _ = sample_night
    compared = answer_request(session, Request("402", "2021-09", as_of=date(2021, 9, 5))).context
    own = answer_request(session, Request("402", "2021-08", as_of=date(2021, 8, 5))).context
    cell = "resolved_total/402/*/2021-08/nd09/2021-08-05/tt01"
    (beside,) = {f.value for f in context_figures(compared) if f.cell_id == cell}
    (counted,) = {f.value for f in context_figures(own) if f.cell_id == cell}
    assert beside == counted


def test_list_that_begins_with_open_dossiers_is_not_compared_with_the_month_before_it(
    sample_night: Night,
) -> None:
    session, _ = sample_night
    text = show(answer_request(session, Request("402", "2021-01", as_of=AS_OF)).context)
    assert "So với kỳ trước" not in text


def test_small_unit_without_dossiers_on_the_first_day_is_compared(sample_night: Night) -> None:
    session, _ = sample_night
    text = show(answer_request(session, Request("16195", "2021-02", as_of=AS_OF)).context)
    assert "So với kỳ trước (tháng 1 năm 2021):" in text


def test_period_before_the_first_record_is_missing_and_not_zero(sample_night: Night) -> None:
    session, _ = sample_night
    context = answer_request(session, Request("16204", "2019", as_of=AS_OF)).context
    text = show(context)
    assert any("Số liệu hồ sơ bắt đầu từ ngày 15/12/2020" in str(stamp) for stamp in context.stamps)
    assert "không phát sinh hồ sơ" not in text
    assert "0 văn bản" not in text
    assert "không phát sinh khoản thu" not in text
    assert not [f for f in context_figures(context) if f.cell_id.startswith("received_total/")]


def test_period_that_begins_with_the_list_has_no_such_stamp(sample_night: Night) -> None:
    session, _ = sample_night
    for unit in ("16204", "16207", "402"):
        context = answer_request(session, Request(unit, "2021-9T", as_of=AS_OF)).context
        assert not any("Số liệu hồ sơ" in str(stamp) for stamp in context.stamps)


def test_growth_that_is_traced_on_the_command_line_shows_both_figures(
    sample_night: Night, tmp_path: Path
) -> None:
    session, _ = sample_night
    cell = "growth/received_in_window/402/*/2021-09/nd09/2021-09-05/tt01/402/2021-08/2021-08-05"
    arguments = ["trace", cell, "--workspace", str(session.workspace.root)]
    told = CliRunner().invoke(motcua, arguments)
    assert "so sánh hai số liệu dưới đây" in told.output
    assert told.output.count("bản ghi") >= 2
    found = json.loads(CliRunner().invoke(motcua, [*arguments, "--json"]).output)
    assert found["value"] == found["sides"][0]["value"] - found["sides"][1]["value"]
    assert found["denominator"] == found["sides"][1]["value"]
    rows = tmp_path / "a.csv"
    CliRunner().invoke(motcua, [*arguments, "--csv", str(rows)])
    assert len(rows.read_text(encoding="utf-8-sig").splitlines()) == 1 + sum(
        len(side["records"]) for side in found["sides"]
    )


@pytest.mark.parametrize("cell", ["change/a/b", "growth/late/402/*/2021-09/nd09/2021-09-05/tt01"])
def test_mutilated_id_of_a_difference_is_refused(sample_night: Night, cell: str) -> None:
    with pytest.raises(UsageProblemError, match="không đúng dạng"):
        trace_cell_id(sample_night[0], cell)


def test_second_outline_is_asked_for_by_its_type(sample_night: Night) -> None:
    session, _ = sample_night
    answer = answer_request(session, Request("16204", "2021-9T", as_of=AS_OF, report_type="cchc_bnv"))
    assert answer.context.report_type == "cchc_bnv"
    assert "III. ĐÁNH GIÁ CHUNG" in show(answer.context)
    assert "6. Xây dựng, phát triển Chính quyền điện tử, Chính quyền số" in show(answer.context)
    assert "Các chỉ tiêu cải cách hành chính" in [annex.title for annex in answer.context.annexes]
    with pytest.raises(UsageProblemError, match="Không có loại báo cáo “khac”"):
        answer_request(session, Request("16204", "2021-9T", report_type="khac"))


def test_drafts_of_two_types_lie_below_one_another(sample_night: Night) -> None:
    session = open_session(sample_night[0].workspace.root)
    session.settings = replace(session.settings, report_types=("cchc", "cchc_bnv"))
    data = count_night(session, AS_OF).periods["2021-9T"]
    files, contexts = draft_files(session, data, session.unit("16204"), ())
    assert [context.report_type for context in contexts] == ["cchc", "cchc_bnv"]
    assert {name for name in files if "/" in name} == {
        f"cchc_bnv/{name}" for name in files if "/" not in name
    }


@pytest.mark.parametrize("line", ['report_types = ["khac"]', "report_types = []", 'report_types = "cchc"'])
def test_unknown_type_in_the_settings_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "motcua.toml").write_text(line, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="report_types phải là danh sách các loại báo cáo"):
        open_session(tmp_path)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Session:
    session = open_at(tmp_path_factory.mktemp("packed") / "w")
    take_in(session, FIRST_NAME, FIRST_LIST)
    return session


def test_each_type_of_report_has_publications_of_its_own(packed: Session, tmp_path: Path) -> None:
    shutil.copytree(packed.workspace.root, tmp_path / "w", symlinks=True)
    session = open_at(tmp_path / "w")
    usual = order(formats=("json",))
    other = replace(
        order("46/BC-UBND", formats=("json",)),
        request=replace(usual.request, report_type="cchc_bnv"),
    )
    first, second = publish(session, usual), publish(session, other)
    assert (first.number, first.report_type) == (1, "cchc")
    assert (second.number, second.report_type, second.restates) == (1, "cchc_bnv", None)
    root = session.workspace.publications
    series = Series(UNIT, PERIOD, "nd09", "cchc_bnv")
    folder = publication_folder(root, series, 1)
    assert folder == root / UNIT / PERIOD / "cchc_bnv" / "1"
    assert json.loads((folder / "context.json").read_bytes())["report"]["report_type"] == "cchc_bnv"
    assert set(find_series(root)) == {Series(UNIT, PERIOD, "nd09"), series}
    assert [each.report_type for each in read_publications(session.store)] == ["cchc", "cchc_bnv"]
    assert verify(root, session.store).problems == ()


def test_broken_template_of_the_workspace_is_named_with_its_line(packed: Session, tmp_path: Path) -> None:
    shutil.copytree(packed.workspace.root, tmp_path / "w", symlinks=True)
    templates = tmp_path / "w" / "catalogue" / "templates"
    templates.mkdir(parents=True)
    (templates / "_next_period.md.j2").write_text("\n\n{{ cout('late') }}\n", encoding="utf-8")
    session = open_at(tmp_path / "w")
    with pytest.raises(ConfigurationError, match=r"_next_period\.md\.j2, dòng 3") as caught:
        answer_request(session, Request(UNIT, PERIOD, as_of=date(2021, 9, 15)))
    assert "motcua templates check" in str(caught.value)
    told = CliRunner().invoke(motcua, ["templates", "check", "--workspace", str(tmp_path / "w")])
    assert "catalogue/templates/_next_period.md.j2, dòng 3: Không có tên “cout”" in told.output
    assert told.exit_code != 0
