"""What every command opens first: workspace, settings, catalogue, store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from expectations.messages import Messages, parse_messages
from pipelines import package_files
from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.clock import Clock
from pipelines.errors import ConfigurationError, UsageProblemError
from pipelines.settings import Settings, load_settings
from pipelines.store import Store
from pipelines.workspace import Workspace
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Catalogue, Unit

_SHOWN_PROBLEMS = 5


# Not a dataclass: Prefect looks for futures inside dataclasses, and a catalogue is large.
class Session:
    """An opened workspace. The catalogue is loaded once, when first asked for."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.workspace = Workspace(root)
        self.clock = clock
        self.settings: Settings = load_settings(root)
        self.store = Store.at(self.workspace.store)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Packaged catalogue with the workspace's overlay; ConfigurationError with the first problems."""
        try:
            return load_workspace_catalogue(self.workspace.catalogue)
        except CatalogueError as problem:
            shown = " ".join(problem.problems[:_SHOWN_PROBLEMS])
            rest = len(problem.problems) - _SHOWN_PROBLEMS
            more = f" Còn {rest} lỗi khác." if rest > 0 else ""
            raise ConfigurationError(f"Danh mục có lỗi, hãy sửa rồi chạy lại: {shown}{more}") from problem

    @cached_property
    def messages(self) -> Messages:
        """Wording of every finding."""
        return parse_messages(package_files.message_files())

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """Narrative templates, the workspace's own in place of the packaged ones of the same name."""
        return package_files.overriding(
            package_files.narrative_templates(), self.workspace.catalogue / "templates"
        )

    def unit(self, code: str, day: date | None = None) -> Unit:
        """The unit with that code, the one valid on ``day`` where there is one, else the latest.

        Raises UsageProblemError with examples of codes when there is none at all.
        """
        valid = [unit for unit in self.catalogue.units if unit.code == code and day and unit.is_valid_on(day)]
        if valid:
            return valid[0]
        try:
            return self.catalogue.unit(code)
        except KeyError:
            some = ", ".join(f"{unit.code} ({unit.full_name})" for unit in self.catalogue.units[:3])
            raise UsageProblemError(
                f"Không có đơn vị mang mã {code} trong danh mục; ví dụ mã đúng: {some}."
            ) from None
