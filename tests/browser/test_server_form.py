"""The form “Chạy lại kỳ báo cáo” as an analyst uses it: filled in, run, and followed to the report's page."""

from __future__ import annotations

import json
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import opened_page
from tests.support.plain_night import SAMPLES, open_session, run_plain_night
from tests.support.served import Server, served
from tests.support.server_form import choose, open_form

UNIT = "16204"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("server")
    shutil.copytree(SAMPLES / "inbox" / UNIT, root / "inbox" / UNIT)
    run_plain_night(open_session(root / "ws"), root / "inbox")
    return root / "ws"


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Server]:
    with served(workspace.parent, "--workspace", workspace, environment={}) as started:
        # The night that is made up keeps the server busy, and a browser asks only once.
        started.ended("Chạy đêm")
        yield started
    assert "Warning" not in started.said.read_text(encoding="utf-8"), "stopped as a service is stopped"


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    with opened_page() as opened:
        yield opened


def test_period_is_rerun_from_the_form_and_its_report_is_two_clicks_away(
    server: Server, workspace: Path, page: Page
) -> None:
    open_form(page, server, "Chạy lại kỳ báo cáo")
    form = page.url
    expect(page.get_by_text("Huyện, tỉnh hoặc nhóm thì tổng hợp các đơn vị bên dưới.")).to_be_visible()
    choose(page, "Đơn vị", "16204 · xã Bình Lương")
    choose(page, "Kỳ báo cáo", "2021-9T · 9 tháng năm 2021")
    page.get_by_role("button", name="Submit").click()
    expect(page).not_to_have_url(form, timeout=30_000)

    run = server.ended("Chạy lại kỳ báo cáo")
    assert run["state"]["type"] == "COMPLETED"
    assert "9 tháng năm 2021" in run["state"]["message"]

    page.goto(f"{server.address}/runs/flow-run/{run['id']}?tab=Artifacts", wait_until="networkidle")
    page.get_by_text("Artifacts", exact=True).first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Mở báo cáo").first.click(modifiers=["ControlOrMeta"])
    report = opened.value
    report.wait_for_load_state()
    assert "Bình Lương" in report.title()
    draft = workspace / "drafts" / UNIT / "2021-9T" / "context.json"
    received = json.loads(draft.read_text(encoding="utf-8"))["cells"]
    total = next(
        cell["text"]
        for cell in received.values()
        if cell["cell_id"].startswith("received_in_window/16204/*/")
    )
    assert total in report.inner_text("body")


def test_every_form_speaks_vietnamese_and_offers_only_what_there_is(server: Server) -> None:
    forms = {each["name"]: each["parameter_openapi_schema"] for each in server.ask("deployments/filter")}
    assert set(forms) == {"Chạy đêm", "Chạy lại kỳ báo cáo", "Kiểm tra dữ liệu", "Nạp lại khoảng thời gian"}
    for form in forms.values():
        for line in form["properties"].values():
            assert line["title"] != line["title"].lower()
            assert line["description"].endswith(".")
    periods = forms["Chạy lại kỳ báo cáo"]["properties"]["period"]["enum"]
    assert "2021-9T · 9 tháng năm 2021" in periods
    assert not [period for period in periods if period > "2022"]
    assert "402 · huyện Như Xuân" in forms["Kiểm tra dữ liệu"]["properties"]["unit"]["enum"]


def test_period_that_is_not_offered_is_refused_by_the_server(server: Server) -> None:
    deployment = server.deployment("Chạy lại kỳ báo cáo")
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.ask(
            f"deployments/{deployment['id']}/create_flow_run",
            parameters={"unit": "16204 · xã Bình Lương", "period": "2031-13"},
        )
    assert refused.value.code in (409, 422)


def test_check_lists_the_open_findings_of_a_unit(server: Server) -> None:
    deployment = server.deployment("Kiểm tra dữ liệu")
    server.ask(
        f"deployments/{deployment['id']}/create_flow_run", parameters={"unit": "16204 · xã Bình Lương"}
    )
    run = server.ended("Kiểm tra dữ liệu")
    assert "phát hiện đang mở" in run["state"]["message"]
    (artifact,) = server.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    assert artifact["data"].startswith("| Mức độ | Đơn vị |")


def test_range_is_previewed_from_the_form_without_writing(server: Server, workspace: Path) -> None:
    deployment = server.deployment("Nạp lại khoảng thời gian")
    months = {"first": "2021-06 · tháng 6 năm 2021", "last": "2021-07 · tháng 7 năm 2021"}
    server.ask(f"deployments/{deployment['id']}/create_flow_run", parameters=months)
    run = server.ended("Nạp lại khoảng thời gian")
    assert (run["state"]["type"], "chưa ghi gì" in run["state"]["message"]) == ("COMPLETED", True)
    assert not (workspace / "drafts" / UNIT / "2021-06").exists()


def test_missed_night_was_made_up_once_and_says_where_its_page_is(server: Server) -> None:
    run = server.ended("Chạy đêm")
    assert run["state"]["type"] == "COMPLETED", run["state"]["message"]
    made_up = server.ask("flow_runs/filter", flow_runs={"tags": {"all_": ["bù"]}})
    assert len(made_up) == 1
    artifacts = server.ask("artifacts/filter", artifacts={"key": {"any_": ["chay-dem-ket-qua"]}})
    address = artifacts[0]["data"].split("](")[1].split(")")[0]
    with urllib.request.urlopen(address, timeout=10) as page:
        assert "<html" in page.read().decode()


@pytest.mark.parametrize(
    "path",
    [
        "inbox/",
        "store/FORMAT",
        "runs/latest/log.jsonl",
        "drafts/../inbox/",
        "runs/latest/bao-cao/../log.jsonl",
        "engine/",
    ],
)
def test_pages_show_reports_and_nothing_else(server: Server, path: str) -> None:
    port = int(server.address.rsplit(":", 1)[1]) + 1
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /{path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        assert b" 404 " in connection.recv(200)
