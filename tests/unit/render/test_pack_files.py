"""The files of an evidence pack: self-contained, safely quoted, hashed, the same every time."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

import numpy as np
import pyarrow as pa
import pytest

from pipelines.package_files import page_templates
from tests.support.sample_context import sample_context
from transforms.render.anchors import cell_stem, context_figures
from transforms.render.html import render_html
from transforms.render.pack import SUMS, render_pack, render_pack_files
from transforms.report.evidence import (
    Evidence,
    FoundCell,
    FoundPage,
    FoundPart,
    Proof,
    SourceFile,
    build_evidence,
)
from transforms.report.evidence_rows import RECORDS

HOSTILE = "</script><script>alert(1)</script>\u2028\u2029<!-- & \"'"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Every number of a sample report and of one unit's, over one record with a name that tries to break out."""
    row = {name: "" for name in RECORDS.names if not name.endswith("_date")}
    row |= {"kind": "dossier", "unit_code": "16204", "code": HOSTILE, "file": HOSTILE, "delivery_id": "d1"}
    rows = pa.Table.from_pylist([{**row, "amount": 1, "row": 7}], schema=RECORDS)
    cells = tuple(
        FoundCell(
            figure,
            HOSTILE,
            Proof.SUM,
            (FoundPart(figure.cell_id, "", 1, None, np.array([0]), np.array([], int)),),
        )
        for figure in {each.cell_id: each for each in context_figures(sample_context())}.values()
    )
    source = SourceFile("d1", "16204", "xã Bình Lương", HOSTILE, "05/9/2021", "0" * 64)
    pages = [FoundPage("", sample_context(), cells), FoundPage("16204", sample_context(), cells)]
    return build_evidence([rows], pages, [source], {"kind": {"dossier": "hồ sơ"}})


@pytest.fixture(scope="module")
def files(evidence: Evidence) -> dict[str, bytes]:
    return render_pack_files(evidence, page_templates())


def data_of(script: bytes) -> object:
    """What a data script sets; it must be one assignment and nothing else."""
    found = re.fullmatch(r'"use strict";window\.\w+=(.*);\n', script.decode("utf-8"))
    assert found
    return json.loads(found[1])


def test_pack_holds_pages_data_and_hashes_of_everything(files: dict[str, bytes]) -> None:
    assert set(files) == {
        "index.html", "css/pack.css", "js/pack.js", "data/records.js", "data/cells.js", "units/16204/index.html",
        "units/16204/cells.js", "HUONG-DAN.txt", SUMS,
    }  # fmt: skip
    lines = [line.split("  ", 1) for line in files[SUMS].decode().splitlines()]
    assert {name: sha256 for sha256, name in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != SUMS
    }


def test_same_evidence_gives_the_same_archive_without_a_clock(evidence: Evidence) -> None:
    first, second = (render_pack(evidence, page_templates()) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_text_in_scripts_and_pages_cannot_break_out(files: dict[str, bytes]) -> None:
    for name in ("data/records.js", "data/cells.js"):
        text = files[name].decode("utf-8")
        assert not set(text) & {"<", ">", "&", "\u2028", "\u2029"}
    records = data_of(files["data/records.js"])
    assert isinstance(records, dict)
    assert records["code"] == [HOSTILE]
    assert b"<script>alert" not in files["index.html"]


@pytest.mark.parametrize(("page", "base"), [("index.html", ""), ("units/16204/index.html", "../../")])
def test_page_asks_for_nothing_but_files_of_the_pack(files: dict[str, bytes], page: str, base: str) -> None:
    text = files[page].decode("utf-8")
    asked = re.findall(r'(?:src|href)="([^"#][^"]*)"', text)
    folder = "/".join(page.split("/")[:-1])
    for each in asked:
        path = each.removeprefix(base) if base and each.startswith(base) else f"{folder}/{each}".lstrip("/")
        assert path in files, each
    assert "http" not in re.sub(r'xmlns="[^"]*"|http-equiv', "", text)
    assert "default-src 'none'" in text
    assert "script-src 'self'" in text


def test_every_printed_number_is_a_link_with_its_cell(files: dict[str, bytes]) -> None:
    text = files["index.html"].decode("utf-8")
    assert '<span class="n"' not in text
    links = re.findall(r'<a class="n" id="(mc_[0-9a-f]{16}_\d+)" data-cell="([^"]+)" href="#(mc_\w+)">', text)
    assert len(links) == len(re.findall(r'class="n"', text)) > 100
    cells = data_of(files["data/cells.js"])
    assert isinstance(cells, list)
    known = {cell["id"]: cell["stem"] for cell in cells}
    assert all(
        anchor.rpartition("_")[0] == known[cell_id] == cell_stem(cell_id) for anchor, cell_id, _ in links
    )
    anchors = set(re.findall(r'id="(mc_\w+)"', text))
    assert {target for _, _, target in links} <= anchors


def test_plain_page_is_as_it_was_before_the_pack_used_its_template() -> None:
    text = render_html(sample_context(), page_templates()).decode("utf-8")
    assert "<script" not in text
    assert "pack" not in text
    assert "default-src 'none'; style-src 'unsafe-inline'\">" in text
