"""The laws that hold for every night, shown on the sample district."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import StoreUnreachableError
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.report import count_period, read_known, reckoning_of
from pipelines.store import Store
from tests.support.plain_night import AS_OF, SAMPLES, open_session, run_plain_night
from transforms.indicators.measures import FORM_06A
from transforms.schema.tables import ALL_TABLES

INBOX = SAMPLES / "inbox"
SMALL = ("16204", "16180", "16195")


def copy_inbox(target: Path, units: tuple[str, ...] = SMALL) -> Path:
    for unit in units:
        shutil.copytree(INBOX / unit, target / unit)
    return target


def drafts_of(session: Session) -> dict[str, bytes]:
    """Every file that a reader of the drafts can reach, by its path."""
    root = session.workspace.drafts
    links = sorted(path for unit in root.iterdir() for path in unit.iterdir() if path.is_symlink())
    return {
        f"{link.relative_to(root)}/{file.name}": file.read_bytes()
        for link in links
        for file in sorted(link.iterdir())
    }


# Law 1


def test_rows_of_every_delivery_add_up(sample_night: tuple[Session, NightResult]) -> None:
    session, result = sample_night
    stored = session.store.deliveries().to_pylist()
    assert len(stored) == 71
    for row in stored:
        parts = ("accepted_count", "unchanged_count", "superseded_count", "quarantined_count")
        assert row["data_row_count"] == sum(row[name] for name in parts), row["file"]
        assert row["sheet_row_count"] == row["structural_row_count"] + row["data_row_count"], row["file"]
    assert (
        sum(outcome.counts.quarantined for outcome in result.outcomes)
        == session.store.quarantined().num_rows
        == 3
    )


# Law 2


def test_sum_over_fields_is_sum_over_units_is_total(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    reckoning = reckoning_of("2021-9T", "nd09", session.catalogue, AS_OF)
    units = tuple(unit.code for unit in session.catalogue.children("402", AS_OF))
    table = count_period(
        read_known(session.store, session.catalogue, units), session.catalogue, reckoning
    ).table
    for measure in FORM_06A:
        total = table.value(measure.measure_id, units)
        by_unit = [table.value(measure.measure_id, (unit,)) for unit in units]
        by_field = [
            table.value(measure.measure_id, units, facet) for facet in table.facets(measure.measure_id, units)
        ]
        assert total == sum(value or 0 for value in by_unit) == sum(value or 0 for value in by_field)
        assert by_unit[units.index("16210")] is None, "a silent unit is missing, not zero"
    assert table.value("received_in_window", units, "chua_phan_loai") == 547


# Law 3


def test_same_inputs_at_another_time_give_the_same_bytes(tmp_path: Path) -> None:
    inbox = copy_inbox(tmp_path / "inbox")
    first = open_session(tmp_path / "one", datetime(2021, 9, 5, 18, 30, tzinfo=UTC))
    second = open_session(tmp_path / "two", datetime(2023, 2, 1, 3, 4, tzinfo=UTC))
    for session in (first, second):
        run_plain_night(session, inbox)
    assert drafts_of(first) == drafts_of(second)
    assert any(name.endswith("bao-cao.docx") for name in drafts_of(first))


def test_second_night_over_the_same_files_changes_nothing(tmp_path: Path) -> None:
    inbox = copy_inbox(tmp_path / "inbox", ("16180", "16195", "16198"))
    session = open_session(tmp_path / "workspace")
    run_plain_night(session, inbox)
    before = {table.name: session.store.read(table).num_rows for table in ALL_TABLES}
    drafts = drafts_of(session)
    again = run_plain_night(session, inbox)
    assert {table.name: session.store.read(table).num_rows for table in ALL_TABLES} == before
    assert {outcome.state for outcome in again.outcomes} == {"unchanged", "refused"}
    assert all(draft.written == () for draft in again.drafts)
    assert drafts_of(session) == drafts


def test_older_export_that_arrives_a_night_later_is_kept_but_never_wins(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "16186"
    inbox.mkdir(parents=True)
    newer, older = "Danh sach ho so 05-09-2021 16-30.xls", "Danh sach ho so 27-08-2021 17-00.xls"
    shutil.copy(INBOX / "16186" / newer, inbox / newer)
    session = open_session(tmp_path / "workspace")
    run_plain_night(session, inbox.parent, units={"16186"})
    drafts = {name: content for name, content in drafts_of(session).items() if "/2021-9T/" in name}
    shutil.copy(INBOX / "16186" / older, inbox / older)
    result = run_plain_night(session, inbox.parent, units={"16186"})
    late = next(outcome for outcome in result.outcomes if outcome.file == older)
    assert late.state == "accepted"
    assert late.counts.superseded > 0 == late.counts.accepted
    cells = {
        name: content
        for name, content in drafts_of(session).items()
        if name.endswith("2021-9T/bieu-so-lieu.xlsx")
    }
    assert all(drafts[name] == content for name, content in cells.items()), "no figure moves"


# Law 4


@pytest.mark.parametrize("appends", range(6))
def test_night_that_dies_at_an_append_leaves_what_the_next_night_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, appends: int
) -> None:
    inbox = copy_inbox(tmp_path / "inbox", ("16180",))
    undisturbed = open_session(tmp_path / "undisturbed")
    run_plain_night(undisturbed, inbox)
    session = open_session(tmp_path / "workspace")
    real, done = Store.append, iter(range(100))

    def dying(store: Store, table: object, rows: pa.Table, since: int | None = None) -> None:
        if rows.num_rows and next(done) == appends:
            raise StoreUnreachableError("đĩa đầy")
        real(store, table, rows, since)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "append", dying)
    with pytest.raises(StoreUnreachableError):
        run_plain_night(session, inbox)
    latest = session.workspace.runs / "latest"
    assert not latest.exists(), "a failed run moves no latest"
    monkeypatch.setattr(Store, "append", real)
    run_plain_night(session, inbox)
    assert drafts_of(session) == drafts_of(undisturbed)
    for kind in ("dossier", "fee", "document", "supplement"):
        assert session.store.versions(kind).num_rows == undisturbed.store.versions(kind).num_rows
    assert session.store.quarantined().num_rows == undisturbed.store.quarantined().num_rows


# Law 5


def test_bad_files_of_one_unit_leave_every_other_report_as_it_was(tmp_path: Path) -> None:
    clean = open_session(tmp_path / "clean")
    run_plain_night(clean, copy_inbox(tmp_path / "inbox"))
    bad = copy_inbox(tmp_path / "bad")
    for number, content in enumerate(
        (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"PK\x03\x04 cut", b"%PDF-1.7 not a table")
    ):
        (bad / "16195" / f"hong-{number}.xls").write_bytes(content)
    session = open_session(tmp_path / "workspace")
    result = run_plain_night(session, bad)
    assert sum(1 for outcome in result.outcomes if outcome.state == "refused") == 5
    kept = [path.name for path in (session.workspace.quarantine / "16195").iterdir()]
    assert len(kept) == 5
    for name, content in drafts_of(clean).items():
        if name.startswith(("16204/", "16180/")):
            assert drafts_of(session)[name] == content, name
    assert any(name.startswith("16195/") for name in drafts_of(session)), "the unit's good files still count"


# Law 7

PERSONAL = ("Người Mẫu", "Thôn Mẫu", "0000000001")


def readable_texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Whatever a person could read out of the files below a folder, archives and tables opened."""
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            table = pq.ParquetFile(path).read()
            for column in table.columns:
                yield path, "\n".join(str(value) for value in column.to_pylist())
        elif content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield path, archive.read(name).decode("utf-8", "replace")
        else:
            yield path, content.decode("utf-8", "replace")


def test_no_personal_value_of_the_inputs_is_kept_anywhere(sample_night: tuple[Session, NightResult]) -> None:
    session, _ = sample_night
    space = session.workspace
    sent = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in (INBOX / "16204").glob("*.xls")
    )
    assert all(value in sent for value in PERSONAL[:2]), "the sample must hold what this test looks for"
    found = [
        (path.relative_to(space.root), value)
        for folder in (space.store, space.drafts, space.runs, space.catalogue)
        for path, text in readable_texts(folder)
        for value in PERSONAL
        if value in text
    ]
    assert found == []


# Law 8


def test_unknown_column_and_unknown_status_are_findings_and_not_lost(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "16207"
    inbox.mkdir(parents=True)
    (inbox / "ds 05-09-2021.csv").write_text(
        "Mã hồ sơ;Mã thủ tục;Tên thủ tục;Lĩnh vực;Hình thức nộp;Trạng thái;Ngày nộp;Ngày tiếp nhận;Ngày hẹn trả;"
        "Ngày kết thúc xử lý;Ngày trả kết quả;Cột lạ\n"
        "000.10.42.H56-210901-0001;1.001193;Đăng ký khai sinh;Hộ tịch;Trực tiếp;Đang bay;01/09/2021;01/09/2021;"
        "01/09/2021;;;x\n",
        encoding="utf-8-sig",
    )
    session = open_session(tmp_path / "workspace")
    result = run_plain_night(session, inbox.parent, units=set())
    codes = {finding.code for finding in result.findings}
    assert {"file.column.unknown", "dossier.status.unknown"} <= codes
    assert session.store.versions("dossier").column("status_label").to_pylist() == ["Đang bay"]
