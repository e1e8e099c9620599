"""Their own files back: who gets one, when it is written anew, left alone, removed or purged."""

from __future__ import annotations

import errno
import io
import os
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from rich.console import Console

from pipelines.cli.summary import print_night
from pipelines.clock import FixedClock
from pipelines.errors import StoreUnreachableError
from pipelines.session import Session
from pipelines.steps import outbox as outbox_module
from pipelines.steps.nightly import NightResult
from pipelines.steps.outbox import purge_outbox
from pipelines.steps.private import purge_inbox
from tests.support.plain_night import NIGHT, open_session, run_plain_night
from transforms.returned.model import MARKER_SHEET, MEND_SHEET
from transforms.schema.tables import DECISION

UNIT = "16207"
HEADER = (
    "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;"
    "Ngày kết thúc xử lý;Ngày trả kết quả"
)


def dossier(number: int, due: str = "03/09/2021") -> str:
    return (
        f"000.10.42.H56-210901-{number:04};1.001193;Đăng ký khai sinh;Hộ tịch;Trực tiếp;Đang xử lý;"
        f"01/09/2021;01/09/2021;{due};;"
    )


def put(session: Session, name: str, *rows: str, unit: str = UNIT) -> Path:
    file = session.workspace.inbox / unit / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8-sig")
    old = datetime(2021, 9, 1, tzinfo=UTC).timestamp()
    os.utime(file, (old, old))
    return file


def night(session: Session) -> NightResult:
    return run_plain_night(session, session.workspace.inbox, units=set())


def held(session: Session) -> list[str]:
    return sorted(path.name for path in session.workspace.outbox.glob("*/*.xlsx"))


def front(session: Session) -> list[tuple[object, ...]]:
    """Lines of the only workbook in the outbox."""
    (path,) = session.workspace.outbox.glob("*/*.xlsx")
    sheet = openpyxl.load_workbook(path)[MEND_SHEET]
    return list(sheet.iter_rows(min_row=6, values_only=True))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return open_session(tmp_path / "workspace")


# Who gets one


def test_column_that_the_format_does_not_have_is_one_line_of_its_file(session: Session) -> None:
    names = ("STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ")
    names += ("Người nộp", "Chủ hồ sơ", "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý")
    name, people, day = "Thủ tục đăng ký khai sinh", ("Thôn Mẫu", "Người Mẫu", "Người Mẫu"), "01/09/2021"
    rows = [
        (
            "UBND xã Thanh Quân",
            name,
            f"000.10.42.H56-210901-{number:04}",
            "Đang xử lý",
            *people,
            day,
            day,
            due,
            "",
        )
        for number, due in enumerate(["", *["06/09/2021"] * 4], start=1)
    ]
    lines = [names, *((str(number), *row) for number, row in enumerate(rows, start=1))]
    file = put(session, "ds.xls")
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    file.write_text(f'<meta charset="utf-8"><table>{cells}</table>', encoding="utf-8")
    os.utime(file, (0, 0))
    night(session)
    found = {(line[1], line[5]): line for line in front(session)}
    assert ("dossier.due_date.missing", 2) in found, "a cell that the clerk can fill in is a line of its own"
    (line,) = [line for (code, _), line in found.items() if code == "indicator.channel.unknown"]
    assert "5 hồ sơ" in str(line)
    assert "cột hình thức nộp" in str(line)


def test_sample_night_gives_every_delivery_with_unit_findings_its_workbook_and_nobody_else(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, result = sample_night
    assert len(result.outbox.written) == len(list(session.workspace.outbox.glob("*/*.xlsx"))) > 10
    lines = 0
    for name in result.outbox.written:
        book = openpyxl.load_workbook(session.workspace.outbox / name)
        assert book[MARKER_SHEET].sheet_state == "veryHidden"
        lines += book[MEND_SHEET].max_row - 5
    columns = {
        profile.profile_id: {column.name for column in profile.columns}
        for profile in session.catalogue.profiles
    }
    channelless = {
        (row["unit_code"], row["file"])
        for row in session.store.deliveries().to_pylist()
        if row["profile_id"] and "channel_code" not in columns[row["profile_id"]]
    }
    spots = {
        (row["unit_code"], row["code"], row["column_name"], file)
        + ((place["sheet"], place["row"]) if is_row else ())
        for row in session.store.findings().to_pylist()
        if row["state"] == "open" and row["audience"] == "unit"
        for place in row["places"] or ()
        for file in [place["file"] or row["file"]]
        for is_row in [row["column_name"] != "channel_code" or (row["unit_code"], file) not in channelless]
    }
    whole_files = {
        row["finding_id"]
        for row in session.store.findings().to_pylist()
        if row["state"] == "open" and row["audience"] == "unit" and row["delivery_id"] and not row["places"]
    }
    assert lines == len(spots) + len(whole_files), "no cap, and no row twice for several periods"
    assert any(name.startswith("16195/Tong hop") for name in result.outbox.written), "a refused file too"


def test_list_and_marker_hold_no_personal_value_of_the_files(
    sample_night: tuple[Session, NightResult],
) -> None:
    session, result = sample_night
    theirs = ours = 0
    for name in result.outbox.written:
        for sheet in openpyxl.load_workbook(session.workspace.outbox / name, read_only=True).worksheets:
            texts = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value]
            found = sum("Người Mẫu" in text or "Thôn Mẫu" in text for text in texts)
            if sheet.title in (MEND_SHEET, MARKER_SHEET):
                ours += found
            else:
                theirs += found
    assert theirs > 1000, "the samples must hold what this test looks for"
    assert ours == 0


def test_clean_file_gets_none_and_the_summary_says_so(session: Session) -> None:
    put(session, "ds 05-09-2021.csv", dossier(1))
    result = night(session)
    assert held(session) == []
    console = Console(file=io.StringIO(), width=160)
    print_night(console, session, result)
    assert "Không có tệp nào phải trả lại" in console.file.getvalue()  # type: ignore[attr-defined]


def test_summary_counts_the_workbooks_and_says_where_they_are(session: Session) -> None:
    put(session, "ds 05-09-2021.csv", dossier(1, due=""))
    console = Console(file=io.StringIO(), width=400)
    print_night(console, session, night(session))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"Tệp trả lại đơn vị để sửa: 1 tệp (1 viết mới) trong thư mục {session.workspace.outbox}" in text


def test_row_belongs_to_the_file_that_brought_it_where_two_have_one_name(session: Session) -> None:
    put(session, "ds.csv", dossier(1, due=""), dossier(2))
    night(session)
    (first,) = held(session)
    put(session, "ds.csv", dossier(1, due=""), dossier(2), dossier(3, due=""))
    night(session)
    assert len(held(session)) == 2
    (second,) = [name for name in held(session) if name != first]
    rows = {
        name: openpyxl.load_workbook(session.workspace.outbox / UNIT / name)[MEND_SHEET]["F6"].value
        for name in (first, second)
    }
    assert rows == {first: 2, second: 4}


# When it is written


def test_second_night_leaves_every_workbook_alone(session: Session) -> None:
    put(session, "ds 05-09-2021.csv", dossier(1, due=""))
    assert len(night(session).outbox.written) == 1
    (path,) = session.workspace.outbox.glob("*/*.xlsx")
    before = path.stat().st_mtime_ns
    again = night(session).outbox
    assert (again.written, len(again.same)) == ((), 1)
    assert path.stat().st_mtime_ns == before


def test_lost_ledger_costs_no_rewriting_of_equal_content(session: Session) -> None:
    put(session, "ds 05-09-2021.csv", dossier(1, due=""))
    night(session)
    (session.workspace.outbox / ".da-viet.json").write_text("{", encoding="utf-8")
    again = night(session).outbox
    assert (again.written, len(again.same)) == ((), 1)


def test_mended_in_a_later_export_the_workbook_and_its_folder_go(session: Session) -> None:
    put(session, "ds 05-09-2021.csv", dossier(1, due=""))
    night(session)
    put(session, "ds 06-09-2021.csv", dossier(1))
    assert len(night(session).outbox.removed) == 1
    assert not (session.workspace.outbox / UNIT).exists()


def test_workbook_edited_in_the_outbox_is_left_to_its_editor(session: Session) -> None:
    put(session, "ds.csv", dossier(1, due=""))
    night(session)
    (path,) = session.workspace.outbox.glob("*/*.xlsx")
    book = openpyxl.load_workbook(path)
    book[MEND_SHEET]["K6"] = "Thủ tục không quy định thời hạn"
    book.save(path)
    edited = path.read_bytes()
    night(session)
    assert path.read_bytes() == edited


def test_explanation_on_record_is_filled_in_and_asked_for_no_more(session: Session) -> None:
    put(session, "ds.csv", dossier(1, due=""))
    night(session)
    row = {
        "decision_id": "e1", "kind": "explanation", "unit_code": UNIT, "rule_code": "dossier.due_date.missing",
        "subject": "000.10.42.H56-210901-0001", "column_name": "due_date", "author": "Văn thư",
        "reason": "Thủ tục không quy định thời hạn", "source": "x", "decided_on": date(2021, 9, 6),
        "known_from": session.store.next_instants(NIGHT, 1)[0],
    }  # fmt: skip
    session.store.append(DECISION, pa.Table.from_pylist([row], schema=DECISION.arrow_schema()))
    night(session)
    explained = {line[1]: line[10:12] for line in front(session)}
    assert explained["dossier.due_date.missing"] == ("Thủ tục không quy định thời hạn", "Văn thư")


def test_original_that_left_the_inbox_leaves_what_was_written_and_later_only_the_list(
    session: Session,
) -> None:
    file = put(session, "ds.csv", dossier(1, due=""))
    night(session)
    (path,) = session.workspace.outbox.glob("*/*.xlsx")
    before = path.read_bytes()
    file.unlink()
    night(session)
    assert path.read_bytes() == before
    path.unlink()
    night(session)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [MEND_SHEET, MARKER_SHEET]
    assert "không còn được lưu" in str(book[MEND_SHEET]["A4"].value)


# What may go wrong


def test_workbook_that_cannot_be_written_costs_itself_only(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, "a.csv", dossier(1, due=""))
    put(session, "b.csv", dossier(2, due=""))
    real = outbox_module.render_returned

    def fails_for_one(marker, *rest):  # type: ignore[no-untyped-def]
        if marker.file == "a.csv":
            raise ValueError("odd")
        return real(marker, *rest)

    monkeypatch.setattr(outbox_module, "render_returned", fails_for_one)
    result = night(session)
    assert [name.split("-")[0] for name in held(session)] == ["b"]
    (finding,) = [finding for finding in result.findings if finding.code == "outbox.unwritten"]
    assert (finding.audience, finding.unit_code, finding.file) == ("it", UNIT, "a.csv")
    monkeypatch.undo()
    assert not [finding for finding in night(session).findings if finding.code == "outbox.unwritten"]
    assert len(held(session)) == 2


def test_full_disk_ends_the_night_as_any_full_disk_does(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, "a.csv", dossier(1, due=""))

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outbox_module, "_write_private", full)
    with pytest.raises(StoreUnreachableError):
        night(session)


# Private, and not for ever


def test_nobody_else_may_look_in_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        session = open_session(tmp_path / "workspace")
        put(session, "a.csv", dossier(1, due=""))
        (session.workspace.inbox / UNIT / "hong.xlsx").write_bytes(b"PK\x03\x04broken")
        night(session)
    finally:
        os.umask(before)
    root = session.workspace
    found = [path for folder in root.private_folders for path in (folder, *folder.rglob("*"))]
    assert len([path for path in found if path.is_file()]) >= 5, "inbox, quarantine, outbox and its ledger"
    for path in found:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def aged(path: Path, days: int) -> None:
    moment = (NIGHT - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def test_purged_workbook_is_not_written_again_until_there_is_something_new(session: Session) -> None:
    put(session, "ds.csv", dossier(1, due=""))
    night(session)
    (path,) = session.workspace.outbox.glob("*/*.xlsx")
    aged(path, 29)
    assert purge_outbox(session.workspace.outbox, 30, NIGHT) == 0
    aged(path, 31)
    assert purge_outbox(session.workspace.outbox, 30, NIGHT) == 1
    assert night(session).outbox.count == 0
    put(session, "ds 06-09-2021.csv", dossier(1), dossier(2, due=""))
    assert night(session).outbox.count == 1


def test_purged_inbox_changes_no_later_answer(session: Session) -> None:
    taken = put(session, "ds.csv", dossier(1, due=""))
    refused = session.workspace.inbox / UNIT / "hong.xlsx"
    refused.write_bytes(b"PK\x03\x04broken")
    before = night(session)
    for path in (taken, refused):
        aged(path, 400)
    assert purge_inbox(session, NIGHT + timedelta(days=89)) == 0, "accepted not long enough ago"
    assert purge_inbox(session, NIGHT + timedelta(days=91)) == 1
    assert (taken.exists(), refused.exists()) == (False, True)
    session.clock = FixedClock(NIGHT + timedelta(days=91))
    after = run_plain_night(session, session.workspace.inbox, units={UNIT})
    told = [{(f.code, f.unit_code, f.count, f.sentence) for f in found.findings} for found in (before, after)]
    assert {item for item in told[1] if not item[0].startswith("report.")} == told[0]
    assert len(after.drafts) == 1
    assert session.store.versions("dossier").num_rows == 1
    console = Console(file=io.StringIO(), width=160)
    print_night(console, session, after)
    silent = [line for line in console.file.getvalue().splitlines() if line.startswith("Chưa gửi")]  # type: ignore[attr-defined]
    assert not [line for line in silent if session.catalogue.unit(UNIT).full_name in line]


def test_file_touched_since_and_a_foreign_inbox_are_never_purged(session: Session, tmp_path: Path) -> None:
    put(session, "ds.csv", dossier(1))
    night(session)
    touched = session.workspace.inbox / UNIT / "ds.csv"
    now = NIGHT + timedelta(days=400)
    os.utime(touched, (now.timestamp(), now.timestamp()))
    assert purge_inbox(session, now) == 0
    foreign = tmp_path / "elsewhere" / UNIT / "ds.csv"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(touched.read_bytes())
    aged(foreign, 400)
    session.clock = FixedClock(now)
    run_plain_night(session, foreign.parents[1], units=set())
    assert foreign.exists()


def test_zero_days_keep_the_inbox_for_ever(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "motcua.toml").write_text("keep_inbox_days = 0\n", encoding="utf-8")
    session = open_session(tmp_path / "workspace")
    file = put(session, "ds.csv", dossier(1))
    night(session)
    aged(file, 4000)
    assert purge_inbox(session, NIGHT + timedelta(days=4000)) == 0
