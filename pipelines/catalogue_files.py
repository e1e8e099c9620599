"""Where the reference data lies: inside the package, and in the workspace's overlay folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from pipelines import package_files
from transforms.canonical.corrections import CORRECTIONS_FILE, Correction
from transforms.canonical.corrections_file import parse_corrections
from transforms.catalogue.load import OVERLAY_LABEL, load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.catalogue.officers import OFFICERS_FILE, Officer, parse_officers
from transforms.catalogue.owners import OWNERS_FILE, OwnerRow, parse_owners
from transforms.catalogue.problems import Problems

_SUFFIXES = (".csv", ".yml", ".yaml")
_OVERLAY_FOLDERS = ("sources", "calendars", "forms")
# Who is told what decides no figure, officers' names must not be kept beside the tables, the corrections are
# kept as decisions; all are read apart and are no part of the catalogue's version.
_NOT_CATALOGUE = (OWNERS_FILE, OFFICERS_FILE, CORRECTIONS_FILE)
_TEMPLATES = "templates"
_PACKAGED, _OWN = "packaged/", "own/"


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """Every file that decides how records are classified, counted and worded; messages are not among them."""

    packaged: Mapping[str, bytes]
    own: Mapping[str, bytes]
    """The workspace's overlay."""
    packaged_templates: Mapping[str, bytes]
    own_templates: Mapping[str, bytes]

    @property
    def templates(self) -> Mapping[str, str]:
        """Narrative templates by name, the workspace's own in place of the packaged ones."""
        merged = {**self.packaged_templates, **self.own_templates}
        return MappingProxyType({name: content.decode("utf-8") for name, content in merged.items()})

    def load(self) -> Catalogue:
        """The catalogue that these files make; raises CatalogueError."""
        return load_catalogue(self.packaged, self.own)

    def members(self) -> dict[str, bytes]:
        """Every file under a name that says where it came from, for example ``own/aliases.csv``."""
        return {
            **{f"{_PACKAGED}{key}": content for key, content in self.packaged.items()},
            **{f"{_OWN}{key}": content for key, content in self.own.items()},
            **{f"{_TEMPLATES}/{_PACKAGED}{key}": text for key, text in self.packaged_templates.items()},
            **{f"{_TEMPLATES}/{_OWN}{key}": text for key, text in self.own_templates.items()},
        }

    @classmethod
    def from_members(cls, members: Mapping[str, bytes]) -> CatalogueFiles:
        """The files of ``members``; ValueError for a name that ``members`` would not give."""
        prefixes = (_PACKAGED, _OWN, f"{_TEMPLATES}/{_PACKAGED}", f"{_TEMPLATES}/{_OWN}")
        parts: tuple[dict[str, bytes], ...] = ({}, {}, {}, {})
        for name, content in members.items():
            at = next((number for number, prefix in enumerate(prefixes) if name.startswith(prefix)), None)
            if at is None:
                raise ValueError(f"unknown member {name}")
            parts[at][name.removeprefix(prefixes[at])] = content
        return cls(*parts)


def read_catalogue_files(workspace_catalogue_dir: Path) -> CatalogueFiles:
    """The files as they are now: those of the product, and those of the workspace."""
    folder = workspace_catalogue_dir / _TEMPLATES
    own_templates = {path.name: path.read_bytes() for path in sorted(folder.glob("*.j2"))}
    return CatalogueFiles(
        packaged_files(),
        overlay_files(workspace_catalogue_dir),
        {name: text.encode("utf-8") for name, text in package_files.narrative_templates().items()},
        own_templates,
    )


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


def load_corrections(workspace_catalogue_dir: Path, catalogue: Catalogue) -> tuple[Correction, ...]:
    """Entries of the workspace's corrections.yml, none where there is no such file; raises CatalogueError."""
    path = workspace_catalogue_dir / CORRECTIONS_FILE
    content = path.read_bytes() if path.is_file() else b""
    return parse_corrections(content, OVERLAY_LABEL + CORRECTIONS_FILE, catalogue)


def load_owners(
    workspace_catalogue_dir: Path, catalogue: Catalogue, codes: Iterable[str]
) -> tuple[tuple[OwnerRow, ...], tuple[str, ...]]:
    """(rows of the workspace's owners.csv that can be used, a sentence for every line that cannot); none where there is no such file.

    A fault in it costs messages, never a report, so nothing is raised. ``codes``: every finding code.
    """
    path, problems = workspace_catalogue_dir / OWNERS_FILE, Problems()
    if not path.is_file():
        return (), ()
    units = {unit.code for unit in catalogue.units} | {group.code for group in catalogue.groups}
    rows = parse_owners(path.read_bytes(), OVERLAY_LABEL + OWNERS_FILE, units, codes, problems)
    return rows, problems.sentences


def load_officers(workspace_catalogue_dir: Path, catalogue: Catalogue) -> tuple[Officer, ...]:
    """Officers of the workspace's officers.csv, none where there is no such file; raises CatalogueError."""
    path, problems = workspace_catalogue_dir / OFFICERS_FILE, Problems()
    if not path.is_file():
        return ()
    units = {unit.code for unit in catalogue.units}
    officers = parse_officers(path.read_bytes(), OVERLAY_LABEL + OFFICERS_FILE, units, problems)
    problems.raise_if_any()
    return officers
