"""An evidence pack: pages, data and styles as one archive that opens from a disk without a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from transforms.render.anchors import cell_stem
from transforms.render.archive import pack_files
from transforms.render.html import Printer, page_environment, render_page
from transforms.render.json_context import render_json
from transforms.report.blocks import Figure
from transforms.report.evidence import Evidence, EvidenceCell, EvidencePage, EvidencePart, RecordColumns
from transforms.report.numbers_vi import thousands

PAGE, STYLE, SCRIPT, GUIDE = (f"page/{name}.j2" for name in ("pack.html", "pack.css", "pack.js", "pack.txt"))
SUMS = "SHA256SUMS"
UNITS = "units"
"""Folder of the pages of a roll-up's units, one below it for each."""
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render_pack(evidence: Evidence, templates: Mapping[str, str]) -> bytes:
    """The archive; the same bytes for the same evidence and templates (DESIGN.md law 3)."""
    return pack_files(render_pack_files(evidence, templates))


def render_pack_files(evidence: Evidence, templates: Mapping[str, str]) -> dict[str, bytes]:
    """Path inside the pack → content, ``SHA256SUMS`` over all the others at the end.

    ``templates``: texts of the files below ``report_templates/`` by relative name. Nothing in the pack asks for an
    address outside of it.
    """
    environment = page_environment(templates)
    files = {
        "css/pack.css": environment.get_template(STYLE).render().encode("utf-8"),
        "js/pack.js": environment.get_template(SCRIPT).render().encode("utf-8"),
        "HUONG-DAN.txt": _windows_text(
            environment.get_template(GUIDE).render(title=evidence.pages[0].context.title)
        ),
        "data/records.js": _script("motcuaRecords", _records(evidence)),
    }
    for page in evidence.pages:
        folder = f"{UNITS}/{page.code}/" if page.code else ""
        files[f"{folder}index.html"] = _page(evidence, page, templates)
        files[f"{folder or 'data/'}cells.js"] = _script("motcuaCells", [_cell(cell) for cell in page.cells])
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return {**files, SUMS: sums.encode("utf-8")}


class LinkedPrinter(Printer):
    """Prints every number as a link: the page's script opens the list behind it."""

    def linked(self, figure: Figure, name: str, home: str | None) -> Markup:
        """Without the script the link leads to the table cell of the same number, or to the number itself."""
        return Markup('<a class="n" id="{}" data-cell="{}" href="#{}">{}</a>').format(
            name, figure.cell_id, home or name, figure.text
        )


def _page(evidence: Evidence, page: EvidencePage, templates: Mapping[str, str]) -> bytes:
    first = evidence.pages[0]
    units = evidence.pages[1:] if page is first else ()
    return render_page(
        page.context,
        templates,
        PAGE,
        LinkedPrinter(page.context),
        base="../../" if page.code else "",
        here="" if page.code else "data/",
        home=first.context.title if page.code else "",
        units=[{"href": f"{UNITS}/{u.code}/index.html", "name": u.context.unit_name} for u in units],
        sources=[s for s in evidence.sources if not page.code or s.unit_code == page.code],
        context_sha256=hashlib.sha256(render_json(page.context)).hexdigest(),
        thousands=thousands,
    )


def _records(evidence: Evidence) -> dict[str, object]:
    records: RecordColumns = evidence.records
    return {
        "code": records.codes,
        "amount": records.amounts,
        "row": records.rows,
        "coded": {name: {"values": column.values, "at": column.at} for name, column in records.coded.items()},
        "days": records.days,
        "names": evidence.names,
        "sources": {s.delivery_id: [s.file, s.sha256] for s in evidence.sources},
    }


def _cell(cell: EvidenceCell) -> dict[str, object]:
    return {
        "id": cell.figure.cell_id,
        "stem": cell_stem(cell.figure.cell_id),
        "text": cell.figure.text,
        "value": cell.figure.value,
        "label": cell.label,
        "proof": cell.proof.value,
        "parts": [_part(part) for part in cell.parts],
        "remark": cell.remark,
    }


def _part(part: EvidencePart) -> dict[str, object]:
    return {
        "id": part.cell_id,
        "label": part.label,
        "value": part.value,
        "denominator": part.denominator,
        "above": _gaps(part.above),
        "below": _gaps(part.below),
    }


def _gaps(runs: Sequence[int]) -> list[int]:
    """Runs with their distance from the end of the run before in the place of their start: smaller numbers."""
    gaps, end = [], 0
    for start, length in zip(runs[::2], runs[1::2], strict=True):
        gaps += [start - end, length]
        end = start + length
    return gaps


def _script(name: str, content: object) -> bytes:
    """A script that sets one global; text in it can end neither a string nor a script element."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    for character, written in _UNSAFE.items():
        text = text.replace(character, written)
    return f'"use strict";window.{name}={text};\n'.encode("utf-8", "replace")


def _windows_text(text: str) -> bytes:
    """With the line ends and the mark of the encoding that Windows' own editor wants."""
    return text.strip().replace("\n", "\r\n").encode("utf-8-sig") + b"\r\n"
