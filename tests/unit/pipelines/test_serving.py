"""The server's surroundings: who may see the pages, when a night is due, what a form holds."""

from __future__ import annotations

import asyncio
import base64
import socket
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import CliRunner
from starlette.types import ASGIApp

from pipelines.cli.serve import serve
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.forms import Field, chosen, schema_of
from pipelines.pages import ADDRESS, build_app, page_address
from pipelines.schedules import last_due
from pipelines.server import require_free
from pipelines.settings import load_settings
from pipelines.steps.days import is_night_off
from pipelines.workspace import Workspace
from tests.support.plain_night import open_session

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WORD = "van-phong:mat-khau-mau"


def get(app: ASGIApp, path: str, **headers: str) -> httpx.Response:
    """What the application answers."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path / "ws")
    space.create()
    (space.drafts / "16204").mkdir()
    (space.drafts / "16204" / "bao-cao.html").write_text("<p>Dự thảo</p>", encoding="utf-8")
    run = space.runs / "20210906T013000-nightly"
    run.mkdir()
    (run / "index.html").write_text("<p>Lượt chạy</p>", encoding="utf-8")
    (run / "log.jsonl").write_text("{}", encoding="utf-8")
    (space.runs / "latest").symlink_to(run.name)
    (space.drafts / "ra-ngoai").symlink_to(space.inbox)
    (space.inbox / "tep.csv").write_text("riêng", encoding="utf-8")
    return space


def test_pages_show_drafts_and_pages_of_runs_only(workspace: Workspace) -> None:
    app = build_app(workspace, None)
    assert "Dự thảo" in get(app, "/drafts/16204/bao-cao.html").text
    assert "Lượt chạy" in get(app, "/runs/latest/index.html").text
    for path in ("/runs/latest/log.jsonl", "/inbox/tep.csv", "/drafts/ra-ngoai/tep.csv", "/runs/", "/store/"):
        assert get(app, path).status_code == 404, path


def test_pages_keep_to_themselves(workspace: Workspace) -> None:
    headers = get(build_app(workspace, None), "/drafts/16204/bao-cao.html").headers
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


def test_pages_with_a_password_ask_for_it_and_take_no_other(workspace: Workspace) -> None:
    app = build_app(workspace, WORD)
    page = "/drafts/16204/bao-cao.html"
    refused = get(app, page)
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    assert "Dự thảo" not in refused.text
    for word, status in ((WORD, 200), ("van-phong:sai", 401)):
        given = "Basic " + base64.b64encode(word.encode()).decode()
        assert get(app, page, authorization=given).status_code == status


def test_server_does_not_open_to_other_machines_without_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOTCUA_AUTH", raising=False)
    arguments = ["--host", "0.0.0.0", "--workspace", str(tmp_path / "ws")]
    with pytest.raises(UsageProblemError, match="MOTCUA_AUTH"):
        CliRunner().invoke(serve, arguments, standalone_mode=False, catch_exceptions=False)
    assert not (tmp_path / "ws").exists()


@pytest.mark.parametrize("word", ["mat-khau", ":", "van-phong:", ":mat-khau", "van phong:mat-khau"])
def test_password_that_no_browser_could_give_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("MOTCUA_AUTH", word)
    arguments = ["--host", "0.0.0.0", "--workspace", str(tmp_path / "ws")]
    with pytest.raises(UsageProblemError, match="người-dùng:mật-khẩu") as refused:
        CliRunner().invoke(serve, arguments, standalone_mode=False, catch_exceptions=False)
    assert "mat-khau" not in str(refused.value).replace("mật-khẩu", "")
    assert not (tmp_path / "ws").exists()


def test_port_of_another_program_is_named_with_the_option_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"Cổng {port} .* --port"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)


def test_address_that_this_machine_does_not_have_is_named_with_its_option() -> None:
    with pytest.raises(ConfigurationError, match=r"203\.0\.113\.9.* --host"):
        require_free("203.0.113.9", 4200)
    with pytest.raises(ConfigurationError, match=r"khong-co\.invalid.* --host"):
        require_free("khong-co.invalid", 4200)


def test_address_of_a_report_is_on_the_server_where_there_is_one_else_on_the_disk(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = workspace.drafts / "16204" / "bao-cao.html"
    monkeypatch.delenv(ADDRESS, raising=False)
    assert page_address(workspace.root, page) == page.as_uri()
    monkeypatch.setenv(ADDRESS, "http://127.0.0.1:4201")
    assert page_address(workspace.root, page) == "http://127.0.0.1:4201/drafts/16204/bao-cao.html"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2021-09-06T01:29", "2021-09-05T01:30"),
        ("2021-09-06T01:30", "2021-09-06T01:30"),
        ("2021-09-06T23:00", "2021-09-06T01:30"),
    ],
)
def test_last_night_that_was_due(now: str, due: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=VIETNAM)
    assert last_due("01:30", instant) == datetime.fromisoformat(due).replace(tzinfo=VIETNAM)


def test_nights_of_working_days_leave_out_weekends_and_holidays(tmp_path: Path) -> None:
    tmp_path.joinpath("motcua.toml").write_text('night_days = "working"\n', encoding="utf-8")
    session = open_session(tmp_path)
    off = {day: is_night_off(session, date(2021, 9, day)) for day in (1, 2, 3, 4, 6)}
    assert off == {1: False, 2: True, 3: True, 4: True, 6: False}


@pytest.mark.parametrize("line", ['night_at = "25:00"', "night_at = 130", 'night_days = "cuối tuần"'])
def test_schedule_that_cannot_be_meant_is_refused_with_its_key(tmp_path: Path, line: str) -> None:
    (tmp_path / "motcua.toml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=line.split(" ")[0]):
        load_settings(tmp_path)


def test_form_is_a_schema_with_its_lines_in_order() -> None:
    fields = (
        Field("unit", "Đơn vị", "Chọn.", ("16204 · xã Bình Lương",), is_required=True),
        Field("cutoff", "Chốt", "Để trống.", format="date"),
        Field("is_writing", "Ghi", "Tắt.", is_switch=True, default=False),
    )
    schema = schema_of(fields)
    assert schema["required"] == ["unit"]
    assert [line["position"] for line in schema["properties"].values()] == [0, 1, 2]
    assert schema["properties"]["unit"]["enum"] == ["16204 · xã Bình Lương"]
    assert schema["properties"]["is_writing"] == {
        "title": "Ghi", "description": "Tắt.", "position": 2, "type": "boolean", "default": False,
    }  # fmt: skip
    assert chosen("16204 · xã Bình Lương") == "16204"
