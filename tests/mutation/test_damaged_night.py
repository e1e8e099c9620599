"""A whole night over one damaged list: the checks across rows see what the store holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.steps.open_findings import OpenFinding
from tests.support.plain_night import SAMPLES, open_session, run_plain_night

UNIT = "16183"
LIST = SAMPLES / "inbox" / UNIT / "ho_so_05-09-2021.csv"


def _rows_of_days() -> dict[str, list[int]]:
    """Code without its counter → lines of the file, for days with at least four dossiers."""
    days: dict[str, list[int]] = {}
    for at, line in enumerate(LIST.read_text("utf-8-sig").splitlines()[1:], start=1):
        days.setdefault(line.split(";")[0].strip('"').rpartition("-")[0], []).append(at)
    return {day: lines for day, lines in days.items() if len(lines) >= 4}


@pytest.mark.slow
def test_row_left_out_is_a_gap_and_row_set_apart_is_none(tmp_path: Path) -> None:
    lines = LIST.read_text("utf-8-sig").splitlines()
    (left_out, (_, gone, *_)), (_, (_, spoilt, *_)) = list(_rows_of_days().items())[2:4]
    cells = lines[spoilt].split(";")
    received = lines[0].split(";").index("Ngày tiếp nhận") - len(lines[0].split(";"))
    cells[received] = "31/09/2021"
    lines[spoilt] = ";".join(cells)
    code = lines[gone].split(";")[0].strip('"')
    del lines[gone]
    folder = tmp_path / "inbox" / UNIT
    folder.mkdir(parents=True)
    (folder / LIST.name).write_text("\n".join(lines) + "\n", "utf-8-sig")

    session = open_session(tmp_path / "workspace")
    night = run_plain_night(session, tmp_path / "inbox", units=set())

    found = {finding.code: finding for finding in night.findings}
    assert "dossier.date.impossible" in found
    gap: OpenFinding = found["dossier.sequence.gap"]
    assert (gap.unit_code, gap.severity, gap.audience, gap.count) == (UNIT, "warning", "unit", 1)
    (place,) = next(
        row["places"] for row in session.store.findings().to_pylist() if row["code"] == "dossier.sequence.gap"
    )
    assert (place["subject"], place["value"]) == (left_out, code.rpartition("-")[2])
    assert place["row"] == gone + 1
    assert f"thiếu số {code.rpartition('-')[2]}" in gap.sentence
    assert not [code for code in found if code.startswith(("history.", "plausibility.", "rule."))]
