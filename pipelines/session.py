"""What every command opens first: workspace, settings, catalogue, store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from expectations.messages import Messages, parse_messages
from pipelines import package_files
from pipelines.catalogue_files import (
    CatalogueFiles,
    load_corrections,
    load_officers,
    read_catalogue_files,
)
from pipelines.clock import Clock
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.settings import Settings, load_settings
from pipelines.snapshots import Snapshot, completed, snapshot_at
from pipelines.store import Store
from pipelines.store_format import has_tables, read_format
from pipelines.workspace import Workspace
from transforms.canonical.corrections import Correction
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Catalogue, Unit
from transforms.catalogue.officers import Officer
from transforms.indicators.period import PeriodError, check_basis

_SHOWN_PROBLEMS = 5


# Not a dataclass: Prefect looks for futures inside dataclasses, and a catalogue is large.
class Session:
    """An opened workspace. The catalogue is loaded once, when first asked for."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.workspace = Workspace(root)
        self.clock = clock
        self.settings: Settings = load_settings(root)
        self.store = Store(self.settings.store or str(self.workspace.store))
        read_format(self.store.root)  # one that is newer than the product is not touched
        self._check_moved()
        self._versions: dict[str, tuple[Catalogue, Mapping[str, str]]] = {}

    def _check_moved(self) -> None:
        """Raise ConfigurationError where a store that has content was exchanged for an empty one."""
        own = str(self.workspace.store)
        if self.store.root != own and has_tables(own) and not has_tables(self.store.root):
            raise ConfigurationError(
                f"Kho {self.store.root} trong motcua.toml đang trống, còn thư mục {own} có dữ liệu; hãy chép nội dung thư mục "
                "này lên kho đó rồi chạy lại, hoặc bỏ khóa store để dùng tiếp thư mục."
            )

    @cached_property
    def files(self) -> CatalogueFiles:
        """Catalogue files and templates, read once: a run is written under what it found when it began."""
        return read_catalogue_files(self.workspace.catalogue)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Packaged catalogue with the workspace's overlay; ConfigurationError with the first problems."""
        catalogue = _loaded(self.files)
        try:
            check_basis(self.settings.basis, catalogue.windows)
        except PeriodError as problem:
            raise ConfigurationError(f"Tệp cấu hình motcua.toml, khóa basis: {problem}") from problem
        return catalogue

    def catalogue_at(self, known_at: datetime | None) -> Catalogue:
        """The catalogue as known at that instant, the present one for None."""
        return self.catalogue if known_at is None else self._past(known_at)[0]

    def templates_at(self, known_at: datetime | None) -> Mapping[str, str]:
        """Narrative templates as known at that instant, the present ones for None."""
        return self.templates if known_at is None else self._past(known_at)[1]

    def snapshot_at(self, known_at: datetime) -> Snapshot | None:
        """The kept version that ``catalogue_at`` gives; None where none was kept, so that the present one serves."""
        return snapshot_at(self.store, known_at)

    def _past(self, known_at: datetime) -> tuple[Catalogue, Mapping[str, str]]:
        snapshot = self.snapshot_at(known_at)
        if snapshot is None:
            return self.catalogue, self.templates
        if snapshot.version_id not in self._versions:
            files = completed(snapshot.files, self.files)
            self._versions[snapshot.version_id] = (_loaded(files), _templates(files))
        return self._versions[snapshot.version_id]

    def corrections(self) -> tuple[Correction, ...]:
        """Entries of the workspace's corrections.yml as they are now; ConfigurationError with the first problems."""
        try:
            return load_corrections(self.workspace.catalogue, self.catalogue)
        except CatalogueError as problem:
            raise _configuration_error(problem) from problem

    @cached_property
    def officers(self) -> tuple[Officer, ...]:
        """Officers' names to codes, for reading only; ConfigurationError with the first problems of the file."""
        try:
            return load_officers(self.workspace.catalogue, self.catalogue)
        except CatalogueError as problem:
            raise _configuration_error(problem) from problem

    @cached_property
    def messages(self) -> Messages:
        """Wording of every finding."""
        return parse_messages(package_files.message_files())

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """Narrative templates, the workspace's own in place of the packaged ones of the same name."""
        return _templates(self.files)

    def unit(self, code: str, day: date | None = None) -> Unit:
        """The unit with that code in the present catalogue, see ``find_unit``."""
        return find_unit(self.catalogue, code, day)


def find_unit(catalogue: Catalogue, code: str, day: date | None = None) -> Unit:
    """The unit with that code, the one valid on ``day`` where there is one, else the latest.

    Raises UsageProblemError with examples of codes when there is none at all.
    """
    valid = [unit for unit in catalogue.units if unit.code == code and day and unit.is_valid_on(day)]
    if valid:
        return valid[0]
    try:
        return catalogue.unit(code)
    except KeyError:
        some = ", ".join(f"{unit.code} ({unit.full_name})" for unit in catalogue.units[:3])
        raise UsageProblemError(
            f"Không có đơn vị mang mã {code} trong danh mục; ví dụ mã đúng: {some}."
        ) from None


def _loaded(files: CatalogueFiles) -> Catalogue:
    try:
        return files.load()
    except CatalogueError as problem:
        raise _configuration_error(problem) from problem


def _templates(files: CatalogueFiles) -> Mapping[str, str]:
    try:
        return files.templates
    except UnicodeDecodeError as problem:
        raise ConfigurationError(
            "Thư mục catalogue/templates có mẫu báo cáo không phải UTF-8; hãy lưu lại bằng bảng mã UTF-8 rồi chạy lại."
        ) from problem


def _configuration_error(problem: CatalogueError) -> ConfigurationError:
    shown = " ".join(problem.problems[:_SHOWN_PROBLEMS])
    rest = len(problem.problems) - _SHOWN_PROBLEMS
    more = f" Còn {rest} lỗi khác." if rest > 0 else ""
    return ConfigurationError(f"Danh mục có lỗi, hãy sửa rồi chạy lại: {shown}{more}")
