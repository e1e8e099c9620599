"""What lies in an inbox besides good files."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from pipelines import inbox as inbox_module
from pipelines.inbox import delivery_id, growing_files, list_inbox
from pipelines.steps import read as read_module
from pipelines.steps.read import purge_refused
from tests.support.plain_night import SAMPLES, open_session, run_plain_night
from transforms.readers.limits import Limits
from transforms.readers.model import Workbook


def test_lock_files_unknown_folders_and_notes_are_no_deliveries(tmp_path: Path) -> None:
    for name in ("16204/ho so.xls", "16204/~$ho so.xls", "16204/README.md", "khong-phai-ma/x.xls", "le.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "thu-muc-trong").mkdir()
    listing = list_inbox(tmp_path, ["16204"])
    assert [(file.unit_code, file.name) for file in listing.files] == [("16204", "ho so.xls"), ("", "le.csv")]
    assert [finding.code for finding in listing.findings] == ["file.unit.unknown_folder", "file.temporary"]


def test_file_that_grows_while_looked_at_is_refused_for_tonight_and_read_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "inbox" / "16207" / "ds 05-09-2021.csv"
    file.parent.mkdir(parents=True)
    header = (
        "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;"
        "Ngày kết thúc xử lý;Ngày trả kết quả\n"
    )
    row = "000.10.42.H56-210901-0001;1.001193;Đăng ký khai sinh;Hộ tịch;Trực tiếp;Đã trả kết quả;01/09/2021;01/09/2021;01/09/2021;01/09/2021;01/09/2021\n"
    file.write_text(header, encoding="utf-8-sig")

    def somebody_writes(_seconds: float) -> None:
        with file.open("a", encoding="utf-8") as growing:
            growing.write(row)

    session = open_session(tmp_path / "workspace")
    with monkeypatch.context() as patch:
        patch.setattr(inbox_module.time, "sleep", somebody_writes)
        first = run_plain_night(session, file.parents[1], units=set())
    assert [(outcome.state, outcome.refusal_code) for outcome in first.outcomes] == [
        ("refused", "file.unstable")
    ]
    assert session.store.versions("dossier").num_rows == 0
    assert len(list((session.workspace.quarantine / "16207").iterdir())) == 1, "what there was of it is kept"
    old = time.time() - 60
    os.utime(file, (old, old))
    second = run_plain_night(session, file.parents[1], units=set())
    assert [(outcome.state, outcome.counts.accepted) for outcome in second.outcomes] == [("accepted", 1)]
    assert "file.unstable" not in {finding.code for finding in second.findings}


def test_file_written_to_between_hashing_and_reading_is_not_taken_under_a_foreign_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = next((SAMPLES / "inbox" / "16207").glob("*.csv"))
    file = tmp_path / "inbox" / "16207" / source.name
    file.parent.mkdir(parents=True)
    file.write_bytes(source.read_bytes())
    real = read_module.read_workbook

    def read_then_somebody_writes(content: BinaryIO, name: str, limits: Limits) -> Workbook:
        workbook = real(content, name, limits)
        with file.open("ab") as growing:
            growing.write(b"\r\n")
        return workbook

    session = open_session(tmp_path / "workspace")
    monkeypatch.setattr(read_module, "read_workbook", read_then_somebody_writes)
    result = run_plain_night(session, file.parents[1], units=set())
    assert [outcome.refusal_code for outcome in result.outcomes] == ["file.unstable"]
    assert session.store.versions("dossier").num_rows == 0


def test_settled_files_need_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    monkeypatch.setattr(inbox_module.time, "sleep", lambda _seconds: pytest.fail("waited for a settled file"))
    assert growing_files([file], 5) == frozenset()


def test_same_bytes_in_two_units_are_two_deliveries() -> None:
    assert delivery_id("16204", "ab") != delivery_id("16207", "ab")


def test_file_of_another_unit_in_a_folder_is_a_critical_finding(tmp_path: Path) -> None:
    source = SAMPLES / "inbox" / "16180" / "Danh sach ho so 05-09-2021 16-30.xls"
    target = tmp_path / "inbox" / "16204" / source.name
    target.parent.mkdir(parents=True)
    target.write_bytes(source.read_bytes())
    result = run_plain_night(open_session(tmp_path / "workspace"), tmp_path / "inbox", units=set())
    (finding,) = [finding for finding in result.findings if finding.code == "delivery.unit.mismatch"]
    assert finding.severity == "critical"


def test_refused_originals_are_purged_after_their_days(tmp_path: Path) -> None:
    now = datetime(2021, 9, 5, tzinfo=UTC)
    for name, days in (("cu.xls", 31), ("moi.xls", 29)):
        (tmp_path / name).write_bytes(b"x")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert purge_refused(tmp_path, 30, now) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["moi.xls"]
