"""Where the reference data lies: inside the package, and in the workspace's overlay folder."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue

_SUFFIXES = (".csv", ".yml", ".yaml")
_OVERLAY_FOLDERS = ("sources",)
# The owners file maps officers to codes; it is read apart and is no part of the catalogue's version.
_NOT_CATALOGUE = ("owners.csv",)


def packaged_files() -> dict[str, bytes]:
    """Content of every packaged data file by key, for example ``units.csv`` or ``sources/x.yml``."""
    return dict(_walk(files("transforms.catalogue"), ""))


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(_SUFFIXES):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def overlay_files(workspace_catalogue_dir: Path) -> dict[str, bytes]:
    """Content of the workspace's own data files by key; empty when the folder does not exist.

    Other folders beside ``sources/`` (templates) and hidden or lock files are not reference data.
    """
    found: dict[str, bytes] = {}
    for folder in (workspace_catalogue_dir, *(workspace_catalogue_dir / name for name in _OVERLAY_FOLDERS)):
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix in _SUFFIXES and not path.name.startswith((".", "~")):
                found[path.relative_to(workspace_catalogue_dir).as_posix()] = path.read_bytes()
    return {key: content for key, content in found.items() if key not in _NOT_CATALOGUE}


def load_workspace_catalogue(workspace_catalogue_dir: Path) -> Catalogue:
    """The packaged reference data under the workspace's overlay; raises CatalogueError."""
    return load_catalogue(packaged_files(), overlay_files(workspace_catalogue_dir))
