"""The sample night gives for every file and unit what the manifest says must come out."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.report import count_period, read_known, reckoning_of
from tests.support.plain_night import AS_OF, SAMPLES

Night = tuple[Session, NightResult]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))


def test_every_sample_file_comes_out_as_the_manifest_says(
    manifest: dict[str, Any], sample_night: Night
) -> None:
    session, result = sample_night
    stored = {row["delivery_id"]: row for row in session.store.deliveries().to_pylist()}
    outcomes = {(outcome.unit_code, outcome.file): outcome for outcome in result.outcomes}
    assert list(outcomes) == [(entry["unit"], entry["file"]) for entry in manifest["files"]]
    for entry in manifest["files"]:
        outcome = outcomes[entry["unit"], entry["file"]]
        row, counts = stored[outcome.delivery_id], outcome.counts
        found = {
            "state": outcome.state,
            "refusal_code": outcome.refusal_code,
            "kind": outcome.kind,
            "profile_id": outcome.profile_id,
            "exported_at": row["exported_at"],
            "exported_at_source": row["exported_at_source"],
            "sheet_rows": counts.sheet_rows,
            "data_rows": counts.data_rows,
            "accepted": counts.accepted,
            "unchanged": counts.unchanged,
            "superseded": counts.superseded,
            "quarantined": counts.quarantined,
            "structural": {kind: n for kind, n in json.loads(row["structural_json"]).items() if n},
        }
        wanted = {key: value for key, value in entry.items() if key not in ("unit", "file", "case")}
        assert {key: found[key] for key in wanted} == wanted, f"{entry['unit']}/{entry['file']}"


def test_every_unit_shows_the_figures_of_the_manifest(manifest: dict[str, Any], sample_night: Night) -> None:
    session, _ = sample_night
    reckoning = reckoning_of("2021-9T", "nd09", session.catalogue, AS_OF)
    units = [unit.code for unit in session.catalogue.children("402", AS_OF)]
    cells = count_period(
        read_known(session.store, session.catalogue, units), session.catalogue, reckoning
    ).table.cells
    for code, unit in manifest["units"].items():
        figures = {f"{key}:*": value for key, value in unit.items() if isinstance(value, int)}
        for key, value in {**figures, **unit.get("cells", {})}.items():
            measure, _, facet = key.partition(":")
            assert cells.get((measure, code, facet)) == value, f"{code} {key}"
    assert not any(code == "16210" for _, code, _ in cells)
