"""When nights stay away IT is told, whatever else is broken, and the command says 15."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.status import status
from pipelines.clock import VIETNAM, FixedClock
from pipelines.notify.heartbeat import find_last_good_night, read_heartbeat, tell_missing_night
from pipelines.notify.owners import Recipient
from pipelines.notify.watch import watch_once, watching
from tests.support.alert_workspace import HEADER, MONDAY, AlertWorkspace, Said
from tests.support.receivers import mail_server

IT = "*,*,công nghệ thông tin,Quản trị,file://it,,,\n"
NIGHT = datetime(2021, 9, 6, 1, 45, tzinfo=VIETNAM)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "owners.csv").write_text(HEADER + IT, encoding="utf-8")
    write_run(tmp_path, "20210906T013000-nightly", "success", NIGHT)
    return tmp_path


def write_run(root: Path, name: str, state: str, ended: datetime) -> None:
    folder = root / "runs" / name
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(
        json.dumps({"state": state, "ended_at": ended.isoformat()}), encoding="utf-8"
    )


def after(hours: float) -> FixedClock:
    return FixedClock(NIGHT + timedelta(hours=hours))


def letters(root: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((root / "alerts").rglob("*.txt"))]


def test_only_nights_that_ended_well_count(root: Path) -> None:
    write_run(root, "20210907T013000-nightly", "failed", NIGHT + timedelta(days=1))
    write_run(root, "20210907T080000-ingest", "success", NIGHT + timedelta(days=1))
    write_run(root, "20210907T090000-nightly", "running", NIGHT + timedelta(days=1))
    broken = root / "runs" / "20210908T013000-nightly"
    broken.mkdir()
    (broken / "index.json").write_text("{", encoding="utf-8")
    assert find_last_good_night(root / "runs") == NIGHT
    assert read_heartbeat(root / "runs", NIGHT + timedelta(hours=26)).is_good
    assert not read_heartbeat(root / "runs", NIGHT + timedelta(hours=26, seconds=1)).is_good
    assert not read_heartbeat(root / "khong-co", NIGHT).is_good


def test_it_is_told_once_a_working_day_until_a_night_ends_well(root: Path) -> None:
    told = Recipient("Quản trị", "file://it")
    assert tell_missing_night(root, after(25)) == ()
    assert tell_missing_night(root, after(27)) == (told,)
    assert tell_missing_night(root, after(30)) == ()
    assert tell_missing_night(root, after(50)) == (told,)
    write_run(root, "20210909T013000-nightly", "success", NIGHT + timedelta(hours=72))
    assert tell_missing_night(root, after(73)) == ()
    assert tell_missing_night(root, after(99)) == (told,)
    said = letters(root)
    assert len(said) == 3
    assert "01:45 ngày 06/09/2021" in "".join(said)
    assert "01:45 ngày 09/09/2021" in "".join(said)
    assert all("motcua nightly" in letter for letter in said)


def test_weekend_waits_unless_the_row_says_ngay(root: Path) -> None:
    saturday = FixedClock(datetime(2021, 9, 11, 8, 0, tzinfo=VIETNAM))
    assert tell_missing_night(root, saturday) == ()
    lines = HEADER + IT.replace(",,,\n", ",ngay,,\n")
    (root / "catalogue" / "owners.csv").write_text(lines, encoding="utf-8")
    assert len(tell_missing_night(root, saturday)) == 1


def test_only_it_is_told(root: Path) -> None:
    lines = HEADER + IT + "16204,*,đơn vị,Công chức,file://xa,,,\n402,*,cấp trên,Huyện,file://huyen,,,\n"
    (root / "catalogue" / "owners.csv").write_text(lines, encoding="utf-8")
    assert [recipient.name for recipient in tell_missing_night(root, after(27))] == ["Quản trị"]


def test_broken_settings_catalogue_and_store_do_not_silence_it(root: Path) -> None:
    (root / "motcua.toml").write_text("basis = ", encoding="utf-8")
    (root / "catalogue" / "units.csv").write_text("hỏng", encoding="utf-8")
    (root / "store").write_text("không phải thư mục", encoding="utf-8")
    assert len(watch_once(root, after(27))) == 1


def test_channel_that_fails_is_tried_again_at_the_next_look(root: Path) -> None:
    lines = HEADER + IT.replace("file://it", "KENH_IT")
    (root / "catalogue" / "owners.csv").write_text(lines, encoding="utf-8")
    assert tell_missing_night(root, after(27), {}) == ()
    with mail_server() as server:
        environment = {"KENH_IT": server.address("it@mau.example")}
        assert len(tell_missing_night(root, after(27.5), environment)) == 1
        assert tell_missing_night(root, after(28), environment) == ()
    assert server.letters[0]["Subject"] == "Một cửa: chưa có lượt chạy đêm nào hoàn thành"


def test_status_says_15_and_tells_only_when_asked_to(root: Path) -> None:
    quiet = CliRunner().invoke(status, ["--workspace", str(root)], standalone_mode=False)
    assert quiet.return_value == 15
    assert "Đã quá 26 giờ" in quiet.output
    assert letters(root) == []
    lines = HEADER + IT.replace(",,,\n", ",ngay,,\n")  # whatever day this test runs on
    (root / "catalogue" / "owners.csv").write_text(lines, encoding="utf-8")
    told = CliRunner().invoke(status, ["--workspace", str(root), "--notify"], standalone_mode=False)
    assert told.return_value == 15
    assert "Đã báo cho: Quản trị" in told.output
    assert len(letters(root)) == 1


def test_status_says_0_after_a_fresh_night(root: Path) -> None:
    write_run(root, "20991231T013000-nightly", "success", datetime.now(VIETNAM))
    done = CliRunner().invoke(status, ["--workspace", str(root), "--notify"], standalone_mode=False)
    assert done.return_value == 0
    assert letters(root) == []


def test_look_between_nights_sends_what_waits(tmp_path: Path) -> None:
    place = AlertWorkspace(tmp_path / "w", "16204,*,đơn vị,Công chức,file://xa,,,\n")
    place.record(MONDAY, Said("a"))
    place.write(MONDAY)
    write_run(place.root, "20210906T013000-nightly", "success", NIGHT)
    assert watch_once(place.root, after(1)) == ()
    assert len(letters(place.root)) == 1
    assert watch_once(tmp_path / "khong-co", after(1)) == ()
    assert not (tmp_path / "khong-co").exists()


def test_watching_looks_by_itself_and_stops_with_its_block(root: Path) -> None:
    with watching(root, after(27), every_seconds=0.01):
        for _ in range(500):
            if letters(root):
                break
            time.sleep(0.02)
    assert len(letters(root)) == 1
