"""The pages of a night in ``pages/``: one for the district, one for each unit."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines import package_files
from pipelines.durable import write_whole
from pipelines.session import Session
from pipelines.steps.draft import CountedNight, nodes_to_draft
from pipelines.steps.night_inputs import PagesNight
from pipelines.steps.open_findings import OpenFinding
from pipelines.steps.rollup import report_units
from pipelines.workspace import make_private
from transforms.catalogue.model import Unit
from transforms.indicators.rollup import code_of
from transforms.render.pages_html import render_page
from transforms.report.pages.delivered import page_codes
from transforms.report.pages.inputs import NightInputs
from transforms.report.pages.model import PageContext
from transforms.report.pages.rollup_page import INDEX, build_home_page, build_rollup_page
from transforms.report.pages.unit_page import build_unit_page

log = logging.getLogger("motcua.pages")


def write_pages(session: Session, counted: CountedNight, findings: Sequence[OpenFinding], as_of: date) -> int:
    """How many pages lie in ``pages/`` after the night; each is replaced in one step, and only when it changed.

    The reports are written by then: pages that cannot be built cost nothing but themselves, and the old ones,
    which name their working day, stay. ``findings``: what is open after the night's check.
    """
    try:
        contexts = build_pages(session, counted, findings, as_of)
        templates = package_files.page_templates()
        files = {f"{context.name}.html": render_page(context, templates) for context in contexts}
        changed = _write(session.workspace.pages, files)
    except Exception:
        log.exception("pages not built")
        return 0
    log.info("pages written", extra={"count": changed})
    return len(files)


def build_pages(
    session: Session, counted: CountedNight, findings: Sequence[OpenFinding], as_of: date
) -> tuple[PageContext, ...]:
    """Every page of the night, those of units before the ones that lead to them; none where nothing was counted."""
    if counted.known is None or not counted.periods:
        return ()
    nodes = nodes_to_draft(session, as_of)
    drafted = frozenset(node.code for node in nodes)
    night = PagesNight(session, counted, findings, as_of)
    rollups = [node for node in nodes if _is_rollup(night, node)]
    covered = {leaf for node in rollups for leaf in _leaf_codes(night, node)}
    alone = [node for node in nodes if node not in rollups and node.code not in covered]
    is_single = len(rollups) == 1 and not alone
    pages: dict[str, PageContext] = {}
    shown: list[NightInputs] = []
    # A unit's page leads to the district before any group that the unit is in as well.
    for node in sorted(rollups, key=lambda node: node.is_group):
        inputs = night.inputs(node, INDEX if is_single else _page_name(node), drafted)
        shown.append(inputs)
        codes = page_codes(inputs)
        for unit in inputs.units:
            if unit.code in codes and unit.code not in pages:
                pages[unit.code] = build_unit_page(inputs, unit)
        pages[inputs.page_name] = build_rollup_page(inputs)
    for node in alone:
        inputs = night.inputs(node, node.code, drafted)
        shown.append(inputs)
        pages[node.code] = build_unit_page(inputs, inputs.node)
    if INDEX not in pages and shown:
        pages[INDEX] = build_home_page(shown)
    return tuple(sorted(pages.values(), key=lambda page: (page.name == INDEX, page.name)))


def _page_name(node: Unit) -> str:
    """The code of a unit or group; a group may be called what the first page is called."""
    return f"{node.code}_" if node.code.lower() == INDEX else node.code


def _is_rollup(night: PagesNight, node: Unit) -> bool:
    return _leaf_codes(night, node) != [node.code]


def _leaf_codes(night: PagesNight, node: Unit) -> list[str]:
    return [code_of(leaf.code) for leaf in report_units(night.main, node).leaves]


def _write(folder: Path, files: dict[str, bytes]) -> int:
    """How many files changed; what is no page of this night is taken away last."""
    make_private(folder)
    changed = 0
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
            changed += 1
    for path in folder.glob("*.html"):
        if path.name not in files:
            path.unlink()
    return changed
