"""Publications: made whole or not at all, never changed, and checked to the last byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from docx import Document

from pipelines import durable
from pipelines.cli import main
from pipelines.clock import VIETNAM
from pipelines.errors import StoreUnreachableError, UsageProblemError
from pipelines.publications import folder as folder_module
from pipelines.publications.folder import Series, latest_number, publication_folder
from pipelines.publications.model import read_publications
from pipelines.publications.publish import Prepared, issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.snapshots import record_snapshot
from pipelines.steps.on_demand import answer_request
from pipelines.steps.report import Issued, render_report
from pipelines.store import Store
from tests.support.published import (
    FIRST_LIST,
    FIRST_NAME,
    LATER_LIST,
    LATER_NAME,
    PERIOD,
    SIGNED,
    everything_below,
    open_at,
    order,
    publish,
    take_in,
)
from tests.support.sent_back import CODE, UNIT
from transforms.indicators.population import rows_of_measure
from transforms.schema.published import PUBLISHED_CELL, PUBLISHED_DOSSIER
from transforms.schema.tables import CATALOGUE, PUBLICATION

SERIES = Series(UNIT, PERIOD, "nd09")
NAMES = {
    "bao-cao.docx", "bieu-so-lieu.xlsx", "bao-cao.html", "context.json", "manifest.json", "cells.parquet",
    "population.parquet", "goi-bang-chung.zip",
}  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workspace that has taken in the first list; copied for every test."""
    session = open_at(tmp_path_factory.mktemp("packed") / "w")
    take_in(session, FIRST_NAME, FIRST_LIST)
    return session


@pytest.fixture(scope="module")
def issued_once(packed: Session, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The first version is published, and the next list was taken in since."""
    session = _copied(packed, tmp_path_factory.mktemp("issued"))
    publish(session, order(formats=("json",)))
    take_in(session, LATER_NAME, LATER_LIST)
    return session


@pytest.fixture
def session(packed: Session, tmp_path: Path) -> Session:
    return _copied(packed, tmp_path)


def _copied(session: Session, target: Path) -> Session:
    """The same workspace elsewhere; its catalogue need not be read again."""
    shutil.copytree(session.workspace.root, target / "w", symlinks=True)
    copied = open_at(target / "w")
    vars(copied).update(files=session.files, catalogue=session.catalogue, templates=session.templates)
    return copied


def problems(session: Session) -> list[str]:
    """Kinds of what ``verify`` finds."""
    return [problem.kind for problem in verify(session.workspace.publications, session.store).problems]


def folder_of(session: Session, number: int) -> Path:
    return publication_folder(session.workspace.publications, SERIES, number)


def cells(folder: Path) -> dict[str, int]:
    """Counted cells of the commune over all fields."""
    rows = pq.read_table(folder / "cells.parquet").to_pylist()
    return {row["measure_id"]: row["value"] for row in rows if row["kind"] == "count" and row["facet"] == "*"}


# What a publication is


def test_publication_holds_its_files_under_its_number_and_date(session: Session) -> None:
    publication = publish(session, order())
    folder = folder_of(session, 1)

    assert {path.name for path in folder.iterdir()} == NAMES
    text = "\n".join(
        paragraph.text
        for table in Document(str(folder / "bao-cao.docx")).tables[:1]
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    )
    assert "Số: 45/BC-UBND" in text
    assert "ngày 15 tháng 9 năm 2021" in text
    assert "DỰ THẢO" not in text
    assert "DỰ THẢO" not in (folder / "bao-cao.html").read_text(encoding="utf-8")
    assert latest_number(session.workspace.publications, SERIES) == 1
    assert (folder.parent / "latest" / "context.json").read_bytes() == (folder / "context.json").read_bytes()
    assert (publication.number, publication.restates, publication.requested_by) == (
        1,
        None,
        "Văn phòng HĐND và UBND",
    )
    assert all(not path.stat().st_mode & 0o222 for path in folder.iterdir()), "read-only"


def test_manifest_line_and_files_agree_and_name_what_the_figures_come_from(session: Session) -> None:
    publication = publish(session, order())
    folder = folder_of(session, 1)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    assert dict(publication.files) == hashes
    listed = {name: file["sha256"] for name, file in manifest["files"].items()}
    assert listed == {name: sha256 for name, sha256 in hashes.items() if name != "manifest.json"}
    assert publication.context_sha256 == manifest["context_sha256"] == hashes["context.json"]
    (delivery,) = session.store.deliveries().to_pylist()
    assert manifest["inputs"] == [{"delivery_id": delivery["delivery_id"], "sha256": delivery["sha256"]}]
    (version,) = session.store.read(CATALOGUE).to_pylist()
    assert manifest["catalogue_version"] == version["version_id"]
    assert (manifest["rulebook"], manifest["as_of"], manifest["closing_day"]) == (
        "tt01",
        "2021-09-15",
        "2021-09-14",
    )
    assert read_publications(session.store) == (publication,)


def test_cells_and_dossiers_are_kept_so_that_every_figure_can_be_counted_again(session: Session) -> None:
    publish(session, order())
    kept = pq.read_table(folder_of(session, 1) / "population.parquet")
    figures = pq.read_table(folder_of(session, 1) / "cells.parquet")

    assert kept.schema.equals(PUBLISHED_DOSSIER.arrow_schema())
    assert figures.schema.equals(PUBLISHED_CELL.arrow_schema())
    assert kept.column("dossier_code").to_pylist() == [f"{CODE}02-0001", f"{CODE}02-0002", f"{CODE}03-0003"]
    counted = cells(folder_of(session, 1))
    for measure in (
        "received_in_window",
        "received_online",
        "early",
        "late",
        "pending_within",
        "resolved_total",
    ):
        assert pc.sum(rows_of_measure(kept, measure)).as_py() == counted[measure] > 0, measure
    printed = json.loads((folder_of(session, 1) / "context.json").read_bytes())["cells"].values()
    by_id = {row["cell_id"]: row for row in figures.to_pylist()}
    for figure in printed:
        row = by_id[figure["cell_id"]]
        assert row["is_printed"]
        assert figure["value"] == (row["value"] if row["rate"] is None else row["rate"])


def test_preparing_twice_gives_the_same_bytes(session: Session) -> None:
    first, second = prepare(session, order()), prepare(session, order())
    assert first.files == second.files


def test_publication_of_a_district_keeps_the_sums_over_its_communes(session: Session) -> None:
    take_in(session, FIRST_NAME, FIRST_LIST.replace("| 0", "| 1"), "16204")
    publish(session, order(unit="402"))
    folder = publication_folder(session.workspace.publications, Series("402", PERIOD, "nd09"), 1)
    rows = {
        row["unit_code"]: row["value"]
        for row in pq.read_table(folder / "cells.parquet").to_pylist()
        if (row["kind"], row["measure_id"], row["facet"]) == ("count", "received_total", "*")
    }
    assert rows == {UNIT: 3, "16204": 3, "402": 6}, "communes that sent nothing have no cell"


def test_publication_of_the_calendar_basis_lies_apart_and_is_numbered_apart(session: Session) -> None:
    publish(session, order())
    other = publish(session, order("46/BC-UBND", basis="lich"))
    assert other.number == 1
    assert (session.workspace.publications / UNIT / PERIOD / "lich" / "1" / "manifest.json").is_file()
    assert problems(session) == []


# Again


def test_same_content_with_the_same_number_writes_nothing(session: Session) -> None:
    publication = publish(session, order())
    assert prepare(session, order()).same_as == publication


def test_another_version_takes_the_next_number_and_leaves_the_first_untouched(session: Session) -> None:
    publish(session, order())
    before = everything_below(folder_of(session, 1))
    take_in(session, LATER_NAME, LATER_LIST)
    second = publish(session, order("52/BC-UBND", SIGNED))

    assert (second.number, second.restates) == (2, 1)
    assert everything_below(folder_of(session, 1)) == before
    assert latest_number(session.workspace.publications, SERIES) == 2
    assert cells(folder_of(session, 1))["received_total"] == 3
    assert cells(folder_of(session, 2))["received_total"] == 4
    assert problems(session) == []


def test_publication_is_had_again_from_its_known_at_after_later_loads_and_another_catalogue(
    session: Session,
) -> None:
    publication = publish(session, order())
    take_in(session, LATER_NAME, LATER_LIST)
    own = (
        "kind,text,target,reason,decided_on,decided_by\r\nfield,Hộ tịch cũ,ho_tich,x,2021-09-15,Văn phòng\r\n"
    )
    (session.workspace.catalogue / "aliases.csv").write_text(own, encoding="utf-8-sig")
    later = open_at(session.workspace.root, datetime(2024, 1, 1, tzinfo=UTC))
    assert record_snapshot(later, later.clock.now()) != publication.catalogue_version

    request = order(as_of=publication.as_of, known_at=publication.known_at).request
    issued = Issued(publication.document_number, publication.document_date)
    files = render_report(answer_request(later, request, issued).context)
    for name, content in files.items():
        assert hashlib.sha256(content).hexdigest() == publication.files[name], name


# Refusals


def test_number_that_another_publication_of_the_year_bears_is_refused(session: Session) -> None:
    publish(session, order())
    take_in(session, LATER_NAME, LATER_LIST)
    for asked in (order(), order("45"), order(period="2021-08")):
        with pytest.raises(UsageProblemError, match="đã dùng cho kỳ 2021-9T, lần công bố 1"):
            prepare(session, asked)
    next_year = open_at(session.workspace.root, datetime(2022, 2, 1, tzinfo=UTC))
    prepared = prepare(next_year, order(signed=date(2022, 1, 10)))
    assert prepared.publication.number == 2, "numbers start again every year"


def test_number_and_date_that_cannot_be_meant_are_refused(session: Session) -> None:
    with pytest.raises(UsageProblemError, match="ở sau ngày hôm nay"):
        prepare(session, order(signed=SIGNED + timedelta(days=1)))
    with pytest.raises(UsageProblemError, match="không đúng dạng"):
        prepare(session, order("BC-UBND"))
    with pytest.raises(UsageProblemError, match="--known-at ở sau lúc này"):
        prepare(session, order(known_at=datetime(2022, 1, 1, tzinfo=UTC)))


def test_document_dated_before_the_end_of_the_window_counts_to_its_date_and_warns(session: Session) -> None:
    prepared = prepare(session, order(signed=date(2021, 9, 6)))
    assert prepared.publication.closing_day == date(2021, 9, 6)
    assert any("ở trước ngày cuối kỳ 14/9/2021" in sentence for sentence in prepared.warnings)
    asked = order(signed=date(2021, 9, 6), as_of=date(2021, 9, 15))
    assert any("sau ngày văn bản" in sentence for sentence in prepare(session, asked).warnings)


# The command


def run(session: Session, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--workspace", str(session.workspace.root)])
    return int(stopped.value.code or 0)


PUBLISH = (
    "publish",
    "--unit",
    UNIT,
    "--period",
    PERIOD,
    "--date",
    "2021-09-15",
    "--by",
    "Văn phòng",
    "--number",
)


def test_dry_run_says_what_would_be_written_and_writes_nothing(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything_below(session.workspace.root)
    assert run(session, *PUBLISH, "45/BC-UBND", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "Sẽ công bố lần 1" in said
    assert "chưa ghi gì" in said
    assert all(name in said for name in NAMES)
    assert everything_below(session.workspace.root) == before


def test_command_publishes_once_and_says_so_the_second_time(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(session, *PUBLISH, "45/BC-UBND") == 0
    assert "Đã công bố lần 1" in capsys.readouterr().out
    before = everything_below(session.workspace.publications)
    lines = session.store.read(PUBLICATION).num_rows
    assert run(session, *PUBLISH, "45") == 0
    assert "không ghi gì thêm" in capsys.readouterr().out
    assert everything_below(session.workspace.publications) == before
    assert session.store.read(PUBLICATION).num_rows == lines == 1


def test_closed_period_takes_a_late_first_version_and_another_only_after_it_was_reopened(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(session, *PUBLISH, "45/BC-UBND") == 0, "the period has been closed for years"
    take_in(session, LATER_NAME, LATER_LIST)
    assert run(session, *PUBLISH, "52/BC-UBND") == 2
    said = capsys.readouterr().err
    assert "đã khóa từ ngày" in said
    assert "motcua period reopen" in said
    assert latest_number(session.workspace.publications, SERIES) == 1
    reopen = (
        "period",
        "reopen",
        "--unit",
        UNIT,
        "--period",
        PERIOD,
        "--reason",
        "Tệp gửi muộn",
        "--by",
        "Văn phòng",
    )
    assert run(session, *reopen) == 0
    assert run(session, *PUBLISH, "52/BC-UBND") == 0
    assert latest_number(session.workspace.publications, SERIES) == 2


def test_report_names_the_options_that_give_it_again(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ("report", "--unit", UNIT, "--period", PERIOD, "--formats", "json,docx", "--out")
    assert run(session, *ask, str(tmp_path / "one"), "--as-of", "2021-09-15") == 0
    again = capsys.readouterr().out.strip().rsplit("thêm ", 1)[1].split()
    take_in(session, LATER_NAME, LATER_LIST)
    assert run(session, *ask, str(tmp_path / "two"), *again) == 0
    assert run(session, *ask, str(tmp_path / "three"), "--as-of", "2021-09-15") == 0
    one, two, three = (everything_below(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two != three


def test_report_after_a_change_by_hand_remembers_the_catalogue_it_was_written_under(session: Session) -> None:
    own = (
        "kind,text,target,reason,decided_on,decided_by\r\nfield,Hộ tịch cũ,ho_tich,x,2021-09-15,Văn phòng\r\n"
    )
    (session.workspace.catalogue / "aliases.csv").write_text(own, encoding="utf-8-sig")
    for _ in range(2):
        assert (
            run(
                session,
                "report",
                "--unit",
                UNIT,
                "--period",
                PERIOD,
                "--out",
                str(session.workspace.root / "x"),
            )
            == 0
        )
    assert session.store.read(CATALOGUE).num_rows == 2
    past = session.store.read(CATALOGUE).sort_by("known_from").column("known_from")[0].as_py()
    assert session.catalogue_at(past).version != open_at(session.workspace.root).catalogue.version


def test_known_at_before_any_catalogue_was_kept_uses_the_oldest_and_says_so(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    first = session.store.read(CATALOGUE).column("known_from")[0].as_py()
    moment = (first - timedelta(days=1)).astimezone(VIETNAM).replace(tzinfo=None).isoformat()
    ask = ("report", "--unit", UNIT, "--period", PERIOD, "--out", str(session.workspace.root / "x"))
    assert run(session, *ask, "--known-at", moment) == 2
    assert "chưa có tệp nào; hãy chọn thời điểm muộn hơn" in capsys.readouterr().err
    line = session.store.read(CATALOGUE)
    shutil.rmtree(session.workspace.store / "catalogue_versions")
    later = session.store.next_instants(session.clock.now(), 1)[0]
    session.store.append(
        CATALOGUE, line.set_column(2, line.schema.field(2), pa.array([later], line.schema.field(2).type))
    )
    known = (
        session.store.deliveries().column("known_from")[0].as_py().astimezone(VIETNAM).replace(tzinfo=None)
    )
    assert run(session, *ask, "--known-at", known.isoformat()) == 0
    assert "báo cáo này dùng bản sớm nhất đã lưu" in capsys.readouterr().err


# Verify


def _change(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "file changed": (lambda f: _change(f / "bao-cao.html", b"x"), "file_changed", "đã bị thay đổi sau khi công bố"),
    "manifest changed": (lambda f: _change(f / "manifest.json", b"{}"), "file_changed", "manifest.json"),
    "file missing": (lambda f: (f / "cells.parquet").unlink(), "file_missing", "thiếu tệp"),
    "file extra": (lambda f: (f / "ban-sua.docx").write_bytes(b"x"), "file_extra", "có tệp lạ"),
    "folder missing": (shutil.rmtree, "folder_missing", "không còn thư mục"),
    "folder without line": (lambda f: (f.parent / "2").mkdir(), "line_missing", "lần chạy sau sẽ tự dọn"),
    "unfinished": (lambda f: (f.parent / ".2.tmp").mkdir(), "unfinished", "dở dang"),
    "stray in series": (lambda f: (f.parent / "nhap.txt").write_bytes(b"x"), "file_extra", "nhap.txt"),
    "stray above": (lambda f: (f.parents[2] / "nhap.txt").write_bytes(b"x"), "file_extra", "nhap.txt"),
    "latest missing": (lambda f: (f.parent / "latest").unlink(), "latest_wrong", "phải là lần 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGE)
def test_verify_names_each_kind_of_damage_in_one_sentence(
    session: Session, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    publish(session, order())
    assert run(session, "verify") == 0
    assert capsys.readouterr().out == "1 lần công bố với 8 tệp còn nguyên như khi công bố.\n"
    damage, kind, words = DAMAGE[case]
    damage(folder_of(session, 1))
    assert run(session, "verify") == 12
    said = capsys.readouterr().out.strip().splitlines()
    assert len(said) == 1
    assert words in said[0]
    assert run(session, "verify", "--json") == 12
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["kind"] == kind


def test_verify_finds_a_latest_that_leads_to_an_older_version_and_the_next_run_mends_it(
    session: Session,
) -> None:
    publish(session, order())
    take_in(session, LATER_NAME, LATER_LIST)
    publish(session, order("52/BC-UBND"))
    folder_module.point_latest(session.workspace.publications, SERIES, 1)
    assert problems(session) == ["latest_wrong"]
    publish(session, order("53/BC-UBND", period="2021-08"))
    assert problems(session) == []


def test_verify_of_one_unit_or_period_looks_at_nothing_else(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(session, order())
    publish(session, order("46/BC-UBND", period="2021-08"))
    _change(folder_of(session, 1) / "bao-cao.html", b"x")
    assert run(session, "verify", "--period", "2021-08") == 0
    assert "1 lần công bố" in capsys.readouterr().out
    assert run(session, "verify", "--unit", "16204") == 0
    assert "Chưa có lần công bố nào" in capsys.readouterr().out
    assert run(session, "verify", "--unit", UNIT) == 12


def test_verify_finds_a_damaged_member_of_a_kept_catalogue(session: Session) -> None:
    publish(session, order())
    member = max((session.workspace.store / "blobs").iterdir(), key=lambda path: path.stat().st_size)
    _change(member, b"x")
    assert problems(session) == ["catalogue_damaged"]


def test_published_folder_whose_line_was_lost_is_named_and_never_taken_away(session: Session) -> None:
    publish(session, order())
    shutil.rmtree(session.workspace.store / "publications")  # as after an older backup of the store alone
    before = everything_below(folder_of(session, 1))
    assert problems(session) == ["line_missing", "latest_wrong"]
    with pytest.raises(StoreUnreachableError, match="kho dữ liệu không còn ghi"):
        publish(session, order())
    assert everything_below(folder_of(session, 1)) == before


# Faults


def _failing(patch: pytest.MonkeyPatch, owner: Any, name: str, at: int = 0) -> None:
    """Let the call number ``at`` of a function fail as on a full disk."""
    real, calls = getattr(owner, name), iter(range(10_000))

    def fail(*arguments: Any, **named: Any) -> Any:
        if next(calls) == at:
            raise OSError(28, "No space left on device")
        return real(*arguments, **named)

    patch.setattr(owner, name, fail)


STEPS: dict[str, tuple[Any, str, int]] = {
    "building folder": (Path, "mkdir", 1),
    "first file": (folder_module, "write_synced", 0),
    "last file": (folder_module, "write_synced", 3),
    "file to disk": (durable.os, "fsync", 2),
    "names to disk": (folder_module, "sync_folder", 0),
    "rename": (folder_module.os, "rename", 0),
    "names of the series": (folder_module, "sync_folder", 1),
    "line": (Store, "append", 0),
    "link": (Path, "symlink_to", 0),
    "latest": (folder_module.os, "replace", 0),
}


@pytest.mark.parametrize("is_tidied", [True, False], ids=["failed", "died"])
@pytest.mark.parametrize("step", STEPS)
def test_publishing_that_fails_at_any_step_leaves_the_old_or_the_new_and_the_next_one_is_clean(
    issued_once: Session, tmp_path: Path, step: str, is_tidied: bool
) -> None:
    """ "died": nothing is cleared away afterwards either, as when the process was killed."""
    session = _copied(issued_once, tmp_path)
    first = everything_below(folder_of(session, 1))
    prepared: Prepared = prepare(session, order("52/BC-UBND", formats=("json",)))
    with pytest.MonkeyPatch.context() as patch:
        if not is_tidied:
            patch.setattr("pipelines.publications.publish.tidy", lambda *_: None)
        _failing(patch, *STEPS[step])
        with pytest.raises((StoreUnreachableError, OSError)):
            issue(session, prepared)
    is_committed = step in ("link", "latest")
    assert len(read_publications(session.store)) == 1 + is_committed
    assert latest_number(session.workspace.publications, SERIES) == 1
    if is_tidied and not is_committed:
        assert problems(session) == []
    again = prepare(session, order("52/BC-UBND", formats=("json",)))
    assert (again.same_as is not None) == is_committed
    if is_committed:
        publish(session, order("53/BC-UBND", formats=("json",)))
    else:
        issue(session, again)
    assert problems(session) == []
    assert latest_number(session.workspace.publications, SERIES) == 2 + is_committed
    assert everything_below(folder_of(session, 1)) == first


def test_publishing_killed_at_any_moment_leaves_latest_old_or_new_and_the_next_one_is_clean(
    session: Session,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_publishing", str(session.workspace.root), "20", "7"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
        timeout=300,
    )
    told = json.loads(done.stdout)
    assert len(told["rounds"]) == 20
    assert sum(each["was_killed"] for each in told["rounds"]) >= 15
    for each in told["rounds"]:
        assert each["latest_is_old_or_next"]
        assert each["latest_is_whole"]
        assert each["problems"] == []
    # Two publications before, one after every kill; the rest were killed after their line was written.
    committed = told["rounds"][-1]["line_count"] - 2 - 20
    assert 1 <= committed <= 15, "kills fall before and after the commit"
