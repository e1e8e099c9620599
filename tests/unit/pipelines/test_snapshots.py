"""Catalogue and templates kept by content hash and had again as of an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.catalogue_files import CatalogueFiles
from pipelines.clock import FixedClock
from pipelines.errors import ConfigurationError, StoreUnreachableError
from pipelines.session import Session
from pipelines.snapshots import (
    check_snapshots,
    completed,
    record_snapshot,
    remember_snapshot,
    snapshot_at,
    version_of,
)
from transforms.schema.tables import CATALOGUE

NOW = datetime(2021, 9, 5, 18, 30, tzinfo=UTC)
ALIAS = "kind,text,target,reason,decided_on,decided_by\r\nfield,Hộ tịch cũ,ho_tich,x,2021-09-05,Văn phòng\r\n"


def session_at(root: Path, hours: int = 0) -> Session:
    """A session that finds the overlay as it is now."""
    session = Session(root, FixedClock(NOW + timedelta(hours=hours)))
    session.workspace.create()
    return session


def record(session: Session) -> str:
    return record_snapshot(session, session.clock.now())


def rename(root: Path, text: str = ALIAS) -> None:
    (root / "catalogue" / "aliases.csv").write_text(text, encoding="utf-8-sig")


FILES = CatalogueFiles({"units.csv": b"a"}, {"sources/x.yml": b"b"}, {"t.j2": b"c"}, {"t.j2": b"d"})


def test_members_name_where_each_file_came_from_and_lead_back_to_the_files() -> None:
    members = FILES.members()
    assert set(members) == {
        "packaged/units.csv",
        "own/sources/x.yml",
        "templates/packaged/t.j2",
        "templates/own/t.j2",
    }
    assert CatalogueFiles.from_members(members) == FILES
    assert FILES.templates == {"t.j2": "d"}
    with pytest.raises(ValueError, match="unknown member"):
        CatalogueFiles.from_members({"elsewhere/x": b""})


def test_version_changes_with_any_file_and_with_nothing_else() -> None:
    same = CatalogueFiles(dict(FILES.packaged), dict(FILES.own), {"t.j2": b"c"}, {"t.j2": b"d"})
    other = CatalogueFiles(FILES.packaged, FILES.own, {"t.j2": b"d"}, {"t.j2": b"c"})
    assert version_of(FILES) == version_of(same) != version_of(other)


def test_old_version_is_completed_by_files_that_the_product_knows_only_since() -> None:
    old = CatalogueFiles({"units.csv": b"old"}, {}, {}, {})
    found = completed(
        old, CatalogueFiles({"units.csv": b"new", "holidays.csv": b"h"}, {"x": b"y"}, {"t.j2": b"c"}, {})
    )
    assert found == CatalogueFiles({"units.csv": b"old", "holidays.csv": b"h"}, {}, {"t.j2": b"c"}, {})


def test_unchanged_catalogue_is_recorded_once_and_a_changed_one_again(tmp_path: Path) -> None:
    first = record(session_at(tmp_path))
    assert record(session_at(tmp_path, 1)) == first
    rename(tmp_path)
    second = record(session_at(tmp_path, 2))
    (tmp_path / "catalogue" / "aliases.csv").unlink()
    assert record(session_at(tmp_path, 3)) == first != second
    store = session_at(tmp_path).store
    assert store.read(CATALOGUE).sort_by("known_from").column("version_id").to_pylist() == [
        first,
        second,
        first,
    ]
    for hours, version, is_exact in (
        (-1, first, False),
        (0, first, True),
        (2, second, True),
        (9, first, True),
    ):
        snapshot = snapshot_at(store, NOW + timedelta(hours=hours))
        assert snapshot is not None
        assert (snapshot.version_id, snapshot.is_exact) == (version, is_exact), hours


def test_session_gives_catalogue_and_templates_of_then_and_of_now(tmp_path: Path) -> None:
    record(session_at(tmp_path))
    rename(tmp_path)
    (tmp_path / "catalogue" / "templates").mkdir()
    (tmp_path / "catalogue" / "templates" / "_direction.md.j2").write_text("Khác.\n", encoding="utf-8")
    session = session_at(tmp_path, 1)
    record(session)
    field = {field.field_id: field for field in session.catalogue_at(NOW).fields}["ho_tich"]
    assert "Hộ tịch cũ" not in field.aliases
    assert session.templates_at(NOW)["_direction.md.j2"] != "Khác.\n" == session.templates["_direction.md.j2"]
    now = session.catalogue_at(NOW + timedelta(hours=2))
    assert now.version == session.catalogue_at(None).version == session.catalogue.version


def test_store_without_any_kept_version_gives_the_present_catalogue(tmp_path: Path) -> None:
    session = session_at(tmp_path)
    assert session.snapshot_at(NOW) is None
    assert session.catalogue_at(NOW) is session.catalogue


def test_catalogue_that_cannot_be_loaded_is_never_kept(tmp_path: Path) -> None:
    session = session_at(tmp_path)
    rename(tmp_path, "kind,text\r\nx,y\r\n")
    with pytest.raises(ConfigurationError):
        record(session)
    assert session.store.read(CATALOGUE).num_rows == 0


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_damaged_member_is_named_and_never_used(tmp_path: Path, damage: str) -> None:
    session = session_at(tmp_path)
    version = record(session)
    assert check_snapshots(session.store) == []
    member = sorted((tmp_path / "store" / "blobs").iterdir())[0]
    if damage == "missing":
        member.unlink()
    else:
        member.write_bytes(member.read_bytes() + b" ")
    assert check_snapshots(session.store) == [version]
    with pytest.raises(StoreUnreachableError, match="bản sao lưu"):
        session_at(tmp_path).catalogue_at(NOW)


def test_missing_member_comes_back_when_the_same_catalogue_is_recorded_again(tmp_path: Path) -> None:
    session = session_at(tmp_path)
    record(session)
    sorted((tmp_path / "store" / "blobs").iterdir())[0].unlink()
    record(session_at(tmp_path, 1))
    assert check_snapshots(session.store) == []


def test_reading_command_goes_on_where_another_run_holds_the_workspace(tmp_path: Path) -> None:
    record(session_at(tmp_path))
    rename(tmp_path)
    session = session_at(tmp_path, 1)
    with session.workspace.lock():
        remember_snapshot(session)
    assert session.store.read(CATALOGUE).num_rows == 1
    remember_snapshot(session)
    assert session.store.read(CATALOGUE).num_rows == 2
