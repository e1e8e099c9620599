"""A night on which nothing has changed leaves what the last one wrote; whatever changed has it all done again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from expectations.checkpoints import CheckpointRecord
from pipelines.clock import FixedClock
from pipelines.night import run_night
from pipelines.session import Session
from pipelines.steps import pages, same_night
from pipelines.steps.nightly import plan_folder
from pipelines.steps.same_night import NIGHT, StandingNight, find_standing
from tests.support.plain_night import AS_OF, open_session, run_plain_night
from tests.support.plain_night import NIGHT as INSTANT

UNIT = "16207"
HEADER = (
    "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;"
    "Ngày kết thúc xử lý;Ngày trả kết quả"
)


def put(session: Session, name: str, count: int) -> Path:
    file = session.workspace.inbox / UNIT / name
    file.parent.mkdir(exist_ok=True)
    rows = [
        f"000.10.42.H56-210901-{number:04};1.001193;Đăng ký khai sinh;Hộ tịch;Trực tiếp;Đang xử lý;"
        "01/09/2021;01/09/2021;;;"
        for number in range(count)
    ]
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8-sig")
    old = datetime(2021, 9, 1, tzinfo=UTC).timestamp()
    os.utime(file, (old, old))
    return file


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = open_session(tmp_path / "workspace")
    put(session, "ds.csv", 3)
    run_plain_night(session, session.workspace.inbox)
    return session


def standing(session: Session, as_of: date = AS_OF) -> StandingNight | None:
    """What the next night would find, opened anew as that one is."""
    again = Session(session.workspace.root, FixedClock(INSTANT + timedelta(hours=1)))
    plan = plan_folder(again, again.workspace.inbox)
    return find_standing(again, again.workspace.inbox, plan, plan.unchanged, as_of)


def test_nothing_changed_gives_the_drafts_and_workbooks_that_stand(session: Session) -> None:
    found = standing(session)
    assert found is not None
    assert {draft.unit_code for draft in found.drafts} == {UNIT, "402"}
    assert all(draft.same and not draft.written for draft in found.drafts)
    assert len(found.outbox.same) == 1
    assert not found.outbox.written


def a_page_edited(session: Session) -> None:
    with (session.workspace.pages / f"{UNIT}.html").open("a") as file:
        file.write("x")


def a_draft_gone(session: Session) -> None:
    next(session.workspace.drafts.rglob("*.docx")).unlink()


def a_workbook_gone(session: Session) -> None:
    next(session.workspace.outbox.rglob("*.xlsx")).unlink()


def a_setting(session: Session) -> None:
    (session.workspace.root / "motcua.toml").write_text('period_kinds = ["month"]\n', encoding="utf-8")


def an_overlay(session: Session) -> None:
    session.workspace.catalogue.mkdir(exist_ok=True)
    (session.workspace.catalogue / "corrections.yml").write_text("[]\n", encoding="utf-8")


def an_original_gone(session: Session) -> None:
    (session.workspace.inbox / UNIT / "ds.csv").unlink()


def a_finding_on_record(session: Session) -> None:
    from transforms.schema.tables import FINDING

    session.store.append(FINDING, session.store.findings().slice(0, 1))


def the_checkpoints_gone(session: Session) -> None:
    shutil.rmtree(session.workspace.runs / "latest" / "checkpoints")


def the_night_s_word_damaged(session: Session) -> None:
    (session.workspace.runs / "latest" / NIGHT).write_text("{", encoding="utf-8")


def the_night_s_word_gone(session: Session) -> None:
    (session.workspace.runs / "latest" / NIGHT).unlink()


@pytest.mark.parametrize(
    "change",
    [
        a_page_edited,
        a_draft_gone,
        a_workbook_gone,
        a_setting,
        an_overlay,
        an_original_gone,
        a_finding_on_record,
        the_checkpoints_gone,
        the_night_s_word_damaged,
        the_night_s_word_gone,
    ],
)
def test_whatever_changed_has_the_night_done_again(
    session: Session, change: Callable[[Session], None]
) -> None:
    assert standing(session) is not None
    change(session)
    assert standing(session) is None


def test_night_whose_checkpoint_broke_off_is_not_remembered(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = CheckpointRecord("dossier", 3, {}, error="OSError")
    monkeypatch.setattr(same_night, "read_checkpoints", lambda run: (broken,))
    run_plain_night(session, session.workspace.inbox)
    assert standing(session) is None


def test_night_whose_pages_could_not_be_built_builds_them_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(tmp_path / "workspace")
    put(session, "ds.csv", 3)
    with monkeypatch.context() as broken:
        broken.setattr(pages, "build_pages", None)
        run_night(session.workspace.root, None, AS_OF, FixedClock(INSTANT))
    assert not list(session.workspace.pages.glob("*.html"))
    run_night(session.workspace.root, None, AS_OF, FixedClock(INSTANT + timedelta(hours=1)))
    assert (session.workspace.pages / "index.html").is_file()


def test_next_working_day_has_the_night_done_again(session: Session) -> None:
    assert standing(session, AS_OF + timedelta(days=1)) is None


def test_other_program_has_the_night_done_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_night, "_PROGRAM", ("pipelines", "transforms"))
    assert standing(session) is None


def test_file_that_came_since_is_no_standing_night(session: Session) -> None:
    put(session, "ds-2.csv", 4)
    assert standing(session) is None


def test_flow_writes_nothing_anew_and_says_the_same(tmp_path: Path) -> None:
    session = open_session(tmp_path / "workspace")
    put(session, "ds.csv", 3)

    def one(hour: int) -> tuple[list[str], object]:
        clock = FixedClock(INSTANT + timedelta(hours=hour))
        result = run_night(session.workspace.root, None, AS_OF, clock)
        latest = session.workspace.runs / "latest"
        steps = [each["step"] for each in json.loads((latest / "timings.json").read_text(encoding="utf-8"))]
        drafts = [(draft.unit_code, *sorted((*draft.written, *draft.same))) for draft in result.drafts]
        said = json.loads((latest / "findings.json").read_text(encoding="utf-8"))
        assert (latest / "data-docs" / "index.html").is_file()
        return steps, (drafts, said, sorted((*result.outbox.written, *result.outbox.same)))

    def written() -> dict[str, int]:
        folders = (session.workspace.drafts, session.workspace.pages, session.workspace.outbox)
        return {str(path): path.stat().st_mtime_ns for each in folders for path in each.rglob("*.*")}

    full, first = one(0)
    before = written()
    short, second = one(1)
    assert {"count", "draft", "outbox", "pages"} <= set(full)
    assert not {"count", "draft", "outbox", "pages"} & set(short)
    assert second == first
    assert written() == before
    put(session, "ds-2.csv", 4)
    third, _ = one(2)
    assert third == full
