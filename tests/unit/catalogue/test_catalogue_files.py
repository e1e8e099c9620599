"""Where the reference data is taken from on disk."""

from __future__ import annotations

from pathlib import Path

from pipelines.catalogue_files import load_workspace_catalogue, overlay_files, packaged_files


def test_packaged_keys_are_relative_and_hold_data_only() -> None:
    keys = packaged_files().keys()
    assert {
        "units.csv",
        "calendars/windows.csv",
        "rulebooks/tt01.yml",
        "sources/tandan.dossier.v1.yml",
    } <= keys
    assert not [key for key in keys if key.endswith(".py") or "\\" in key or key.startswith("/")]


def test_overlay_takes_tables_and_profiles_and_leaves_the_rest(tmp_path: Path) -> None:
    for name in (
        "units.csv",
        "owners.csv",
        "sources/x.yml",
        "templates/y.csv",
        "~$units.csv",
        ".an.csv",
        "ghi chú.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    assert overlay_files(tmp_path) == {"units.csv": b"units.csv", "sources/x.yml": b"sources/x.yml"}


def test_workspace_without_overlay_has_the_packaged_catalogue(tmp_path: Path) -> None:
    assert overlay_files(tmp_path / "catalogue") == {}
    assert len(load_workspace_catalogue(tmp_path / "catalogue").units) == 24
