"""Every sample of a defect gives the records, refusals and findings that the manifest names."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipelines.session import Session
from pipelines.steps.records import read_latest
from tests.support.plain_night import SAMPLES, open_session, run_plain_night

MANIFEST = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
EIGHT = [tuple(record) for record in MANIFEST["the_eight"]["records"]]
COLUMNS = ("dossier_code", "received_date", "due_date", "resolved_date", "status_code")


@pytest.mark.parametrize("defect", MANIFEST["defects"], ids=lambda defect: defect["name"])
def test_sample_of_a_defect_comes_out_as_the_manifest_says(defect: dict[str, Any], tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "defects" / defect["name"], inbox)
    session = open_session(tmp_path / "workspace")
    night = run_plain_night(session, inbox, units=set())

    deliveries = {(outcome.unit_code, outcome.file): outcome for outcome in night.outcomes}
    for file in defect["files"]:
        for name in file["delivered_as"] if file["state"] != "unread" else ():
            outcome = deliveries.pop((file["unit"], name))
            assert (outcome.state, outcome.refusal_code) == (file["state"], file.get("refusal_code", ""))
            if "data_rows" in file:
                counts = outcome.counts
                assert (counts.data_rows, counts.quarantined) == (file["data_rows"], file["quarantined"])
    assert not deliveries, "a delivery that the manifest does not name"
    wanted = EIGHT if defect["records"] == "the eight" else [tuple(record) for record in defect["records"]]
    assert _records(session) == wanted
    assert set(defect["findings"]) <= {finding.code for finding in night.findings}


def _records(session: Session) -> list[tuple[object, ...]]:
    rows = read_latest(session.store, "dossier", session.catalogue).select(COLUMNS).to_pylist()
    return sorted(
        (
            row["dossier_code"],
            *("" if row[name] is None else row[name].isoformat() for name in COLUMNS[1:4]),
            row["status_code"] or 0,
        )
        for row in rows
    )
