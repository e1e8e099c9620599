"""Files that come with the product: templates, the style-only Word base, the wording of findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType


@cache
def narrative_templates() -> Mapping[str, str]:
    """Jinja2 text templates of the reports by file name."""
    return _texts("report_templates", "narrative", ".j2")


@cache
def page_templates() -> Mapping[str, str]:
    """Jinja2 page templates by their path below ``report_templates``."""
    found = _texts("report_templates", "page", ".j2")
    return MappingProxyType({f"page/{name}": text for name, text in found.items()})


@cache
def word_base() -> bytes:
    """The style-only Word document that every report is built over."""
    return (files("report_templates") / "base.docx").read_bytes()


@cache
def message_files() -> Mapping[str, bytes]:
    """Wording of findings by file name."""
    folder = files("expectations") / "messages"
    return MappingProxyType(
        {item.name: item.read_bytes() for item in _sorted(folder) if item.name.endswith(".yml")}
    )


def overriding(packaged: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """Packaged templates with those of the same name in a workspace's folder put in their place."""
    own = (
        {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.j2"))}
        if folder.is_dir()
        else {}
    )
    return {**packaged, **own}


def _texts(package: str, folder: str, suffix: str) -> Mapping[str, str]:
    found = {
        item.name: item.read_text(encoding="utf-8")
        for item in _sorted(files(package) / folder)
        if item.name.endswith(suffix)
    }
    return MappingProxyType(found)


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda item: item.name)
