"""``motcua doctor``: each trouble is found, named and has a remedy."""

from __future__ import annotations

import json
import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.doctor import doctor
from pipelines.clock import FixedClock
from pipelines.doctor import (
    Diagnosis,
    State,
    check_clock,
    check_disk,
    check_lock,
    check_nights,
    check_owners,
    check_rights,
    check_server,
    check_settings,
    check_store,
    examine,
)
from pipelines.errors import EXIT_CONFIGURATION, EXIT_STORE
from pipelines.store import Store
from pipelines.workspace import Workspace

NOW = datetime(2021, 9, 6, 1, 0, tzinfo=UTC)
CLOCK = FixedClock(NOW)
NO_SERVER = 1025
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "ws")
    made.create()
    return made


def _free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 40, 0, size))


@pytest.mark.parametrize(
    ("free", "state"), [(1 << 30, State.TROUBLE), (5 << 30, State.WARNING), (50 << 30, State.GOOD)]
)
def test_disk_says_whether_a_night_fits(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    _free(monkeypatch, free)
    found = check_disk(workspace.root)
    assert found.state is state
    assert bool(found.remedy) is (state is not State.GOOD)


def test_folder_of_senders_files_open_to_others_is_named_with_the_command_that_closes_it(
    workspace: Workspace,
) -> None:
    workspace.inbox.chmod(0o755)
    found = check_rights(workspace)
    assert (found.state, "inbox" in found.sentence) == (State.WARNING, True)
    assert str(workspace.inbox) in found.remedy
    assert "outbox" not in found.sentence


def test_folder_that_went_to_another_owner_is_a_trouble_of_rights(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != workspace.runs)
    found = check_rights(workspace)
    assert (found.state, found.exit_code) == (State.TROUBLE, EXIT_STORE)
    assert str(workspace.runs) in found.sentence
    assert str(workspace.inbox) not in found.sentence
    assert "chown" in found.remedy


def test_clock_behind_the_store_is_a_trouble(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_clock(workspace.root, CLOCK).state is State.GOOD
    monkeypatch.setattr(Store, "last_commit", lambda _self: NOW + timedelta(days=2))
    found = check_clock(workspace.root, CLOCK)
    assert (found.state, "08/09/2021" in found.sentence) == (State.TROUBLE, True)


def test_settings_that_cannot_be_read_are_told_in_the_words_of_the_other_commands(
    workspace: Workspace,
) -> None:
    assert check_settings(workspace.root, CLOCK).state is State.GOOD
    (workspace.root / "motcua.toml").write_text("so_ngay = 3\n", encoding="utf-8")
    found = check_settings(workspace.root, CLOCK)
    assert (found.state, "so_ngay" in found.sentence) == (State.TROUBLE, True)


def test_store_of_a_newer_product_is_a_trouble_of_the_store(workspace: Workspace) -> None:
    assert check_store(workspace.root, CLOCK).state is State.GOOD
    (workspace.store / "FORMAT").write_text('{"format": 99}', encoding="utf-8")
    found = check_store(workspace.root, CLOCK)
    assert (found.state, found.exit_code) == (State.TROUBLE, EXIT_STORE)


def test_lock_is_named_only_while_a_run_holds_it(workspace: Workspace) -> None:
    with workspace.lock():
        assert check_lock(workspace).state is State.WARNING
    assert check_lock(workspace).state is State.GOOD


def test_nights_are_good_for_26_hours(workspace: Workspace) -> None:
    assert "Chưa có" in check_nights(workspace, CLOCK).sentence
    folder = workspace.runs / "20210905T013000-nightly"
    folder.mkdir()
    ended = NOW - timedelta(hours=25)
    (folder / "index.json").write_text(
        json.dumps({"state": "success", "ended_at": ended.isoformat()}), encoding="utf-8"
    )
    assert check_nights(workspace, CLOCK).state is State.GOOD
    later = FixedClock(NOW + timedelta(hours=2))
    assert check_nights(workspace, later).state is State.WARNING


def test_nobody_to_tell_and_no_server_are_warnings_with_a_remedy(workspace: Workspace) -> None:
    for found in (check_owners(workspace), check_server(NO_SERVER)):
        assert found.state is State.WARNING
        assert found.remedy


def test_check_that_fails_itself_is_a_trouble_and_the_others_go_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> Usage:
        raise OSError(5, "Input/output error", "/o-dia")

    monkeypatch.setattr(shutil, "disk_usage", fail)
    found = examine(workspace.root, CLOCK, NO_SERVER)
    (trouble,) = (each for each in found if each.state is State.TROUBLE)
    assert (trouble.check, trouble.exit_code) == ("Ổ đĩa", EXIT_STORE)
    assert "/o-dia (ổ đĩa báo lỗi)" in trouble.sentence
    assert len(found) > 1


def test_command_ends_with_the_code_of_the_first_trouble_and_prints_every_remedy(
    workspace: Workspace,
) -> None:
    fine = CliRunner().invoke(doctor, ["--workspace", str(workspace.root), "--json"], standalone_mode=False)
    rows = json.loads(fine.output)
    assert fine.return_value == 0
    assert {row["check"] for row in rows} >= {
        "Ổ đĩa",
        "Quyền",
        "Đồng hồ",
        "Kho dữ liệu",
        "Máy chủ",
        "Phông chữ",
    }
    (workspace.root / "motcua.toml").write_text("read_tasks = [", encoding="utf-8")
    broken = CliRunner().invoke(doctor, ["--workspace", str(workspace.root)], standalone_mode=False)
    assert broken.return_value == EXIT_CONFIGURATION
    assert "lỗi phải sửa" in broken.output


def test_every_diagnosis_that_is_not_good_has_a_remedy(tmp_path: Path) -> None:
    found: tuple[Diagnosis, ...] = examine(tmp_path / "chua-co", CLOCK, NO_SERVER)
    assert [each.check for each in found if each.state is not State.GOOD and not each.remedy] == []
    assert not (tmp_path / "chua-co").exists()
