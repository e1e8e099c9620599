"""``context.json`` and the names that lead from a printed number to its cell."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from tests.support.sample_context import body, figure, sample_context
from transforms.render.anchors import LONGEST_NAME, Anchors, cell_stem, context_figures
from transforms.render.json_context import render_json


def test_cell_stem_is_mc_and_sixteen_hex_digits_of_the_hash() -> None:
    cell = "received_total/16204/*/2021-9T/nd09/2021-09-05/tt01"
    assert cell_stem(cell) == "mc_" + hashlib.sha256(cell.encode()).hexdigest()[:16]


def test_anchors_number_each_printing_of_a_cell_and_stay_short() -> None:
    anchors = Anchors()
    names = [anchors.name("a") for _ in range(12)] + [anchors.name("b")]
    assert names[0] == f"{cell_stem('a')}_1"
    assert names[11] == f"{cell_stem('a')}_12"
    assert len(set(names)) == 13
    assert max(map(len, names)) <= LONGEST_NAME


def test_json_maps_every_figure_to_its_cell() -> None:
    document = json.loads(render_json(sample_context()))
    for one in context_figures(sample_context()):
        cell = document["cells"][cell_stem(one.cell_id)]
        assert (cell["cell_id"], cell["value"]) == (one.cell_id, one.value)


def test_json_holds_the_report_as_readable_data() -> None:
    document = json.loads(render_json(sample_context()))
    report = document["report"]
    assert document["format"] == "motcua.context.v1"
    assert report["unit_code"] == "16204"
    assert report["blocks"][1] == {
        "is": "heading",
        "level": 1,
        "number": "I",
        "text": "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
    }
    total = cell_stem("received_total/16204/*/2021-9T/nd09/2021-09-05/tt01")
    assert report["key_numbers"][0]["figure"] == {"is": "figure", "cell": total, "text": "1.363"}
    assert {block["is"] for block in report["blocks"]} == {"heading", "paragraph", "table"}


def test_json_is_canonical_utf8_with_a_final_line_break() -> None:
    content = render_json(sample_context())
    text = content.decode("utf-8")
    assert content == render_json(sample_context())
    assert text.endswith("}\n")
    assert "Bảo trợ xã hội" in text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_json_refuses_one_cell_with_two_values() -> None:
    context = replace(sample_context(), blocks=(body(figure("received_total", 858)),))
    with pytest.raises(ValueError, match="received_total/16204"):
        render_json(context)
