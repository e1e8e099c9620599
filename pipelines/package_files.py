"""Files that come with the product: templates, the style-only Word base, the wording of findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
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
def alert_templates() -> Mapping[str, str]:
    """Jinja2 templates of the messages that are sent, by file name."""
    return _texts("report_templates", "alert", ".j2")


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


@cache
def legal_documents() -> bytes:
    """The catalogue of legal documents with the days they were in force."""
    return (files("transforms.audit") / "legal_documents.csv").read_bytes()


def _texts(package: str, folder: str, suffix: str) -> Mapping[str, str]:
    found = {
        item.name: item.read_text(encoding="utf-8")
        for item in _sorted(files(package) / folder)
        if item.name.endswith(suffix)
    }
    return MappingProxyType(found)


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda item: item.name)
