"""The committed sample district against its generator, and the manifest against itself."""

from __future__ import annotations

import io
import random
import re
import tomllib
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from sample_exports.generate import write_samples
from sample_exports.generator.calendar import add_working_days, is_working_day, promised_day
from sample_exports.generator.district import build_district
from sample_exports.generator.dossiers import generate_dossiers
from sample_exports.generator.units import UNITS

SAMPLES = Path(__file__).parents[3] / "sample_exports"
INBOX = SAMPLES / "inbox"
ROW_COUNTS = ("accepted", "unchanged", "superseded", "quarantined")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))


def _files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _parts(content: bytes) -> dict[str, bytes]:
    """Members of an xlsx, so that another zlib's compression is no difference."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def test_generator_run_again_writes_the_committed_files(tmp_path: Path) -> None:
    write_samples(tmp_path)
    fresh, committed = _files(tmp_path / "inbox"), _files(INBOX)
    assert sorted(fresh) == sorted(committed)
    for name, content in fresh.items():
        if content.startswith(b"PK"):
            assert _parts(content) == _parts(committed[name]), name
        else:
            assert content == committed[name], name
    assert (tmp_path / "manifest.toml").read_bytes() == (SAMPLES / "manifest.toml").read_bytes()


def test_generator_run_twice_gives_identical_bytes() -> None:
    first, second = build_district()[0], build_district()[0]
    assert first == second


def test_every_sample_file_stands_in_the_manifest(manifest: dict[str, Any]) -> None:
    listed = [f"{entry['unit']}/{entry['file']}" for entry in manifest["files"] + manifest["passed_over"]]
    assert sorted(listed) == sorted(_files(INBOX))
    assert len(set(listed)) == len(listed)


def test_samples_stay_small() -> None:
    assert sum(map(len, _files(INBOX).values())) < 8_000_000


def test_manifest_row_counts_add_up(manifest: dict[str, Any]) -> None:
    accepted = [entry for entry in manifest["files"] if entry["state"] != "refused"]
    assert len(accepted) == len(manifest["files"]) - 1
    for entry in accepted:
        assert entry["data_rows"] == sum(entry[name] for name in ROW_COUNTS), entry["file"]
        assert entry["sheet_rows"] == entry["data_rows"] + sum(entry["structural"].values()), entry["file"]


def test_manifest_files_run_in_unit_and_name_order(manifest: dict[str, Any]) -> None:
    order = [(entry["unit"], entry["file"]) for entry in manifest["files"]]
    assert order == sorted(order)


def test_manifest_unit_figures_obey_the_identities_of_the_form(manifest: dict[str, Any]) -> None:
    for code, unit in manifest["units"].items():
        received = unit["received_online"] + unit["received_direct"] + unit["carried_over"]
        assert unit["received_total"] == received, code
        assert unit["resolved_total"] == unit["early"] + unit["on_time"] + unit["late"], code
        assert unit["pending_total"] == unit["pending_within"] + unit["pending_overdue"], code
        assert unit["received_total"] == unit["resolved_total"] + unit["pending_total"], code
        assert unit["received_in_window"] == unit["received_online"] + unit["received_direct"], code


def test_manifest_cells_of_binh_luong_sum_over_fields_to_the_total(manifest: dict[str, Any]) -> None:
    cells = manifest["units"]["16204"]["cells"]
    totals = {key.partition(":")[0]: value for key, value in cells.items() if key.endswith(":*")}
    parts: Counter[str] = Counter()
    for key, value in cells.items():
        measure, _, facet = key.partition(":")
        if facet != "*":
            parts[measure] += value
    for measure, value in parts.items():
        assert totals[measure] == value, measure


def test_fifteen_of_sixteen_units_send_and_one_file_is_refused(manifest: dict[str, Any]) -> None:
    assert manifest["sample"]["silent_units"] == ["16210"]
    assert len(manifest["units"]) == 15
    refused = [(e["unit"], e["refusal_code"]) for e in manifest["files"] if e["state"] == "refused"]
    assert refused == [("16195", "file.profile.none")]
    good = [e for e in manifest["files"] if e["unit"] == "16195" and e["state"] == "accepted"]
    assert len(good) == 4


def test_every_special_case_has_its_file(manifest: dict[str, Any]) -> None:
    cases = {entry.get("case") for entry in manifest["files"] + manifest["passed_over"]} - {None}
    assert cases == {
        "quarantined_rows",
        "refused_file",
        "same_file_twice",
        "corrected_file",
        "older_export",
        "old_tone_placement",
        "foreign_prefix",
        "duplicate_code",
        "content_column",
        "dated_by_title",
        "lock_file",
    }
    by_case = {entry["case"]: entry for entry in manifest["files"] if "case" in entry}
    assert by_case["quarantined_rows"]["quarantined"] == 3
    assert by_case["duplicate_code"]["superseded"] == 1
    assert by_case["same_file_twice"]["unchanged"] == by_case["same_file_twice"]["data_rows"] > 0
    assert by_case["corrected_file"]["accepted"] > 2 < by_case["corrected_file"]["unchanged"]
    assert by_case["older_export"]["accepted"] == by_case["older_export"]["data_rows"], "oldest export first"
    carried = {code for code, unit in manifest["units"].items() if unit["carried_over"]}
    assert carried == {"16174", "16213", "16225"}


def test_persons_in_the_samples_are_visibly_artificial() -> None:
    pattern = re.compile(r"Người (?!Mẫu \d{4}\b|Ký Mẫu\b|Xử Lý|Ký\b)(?=[A-ZĐ])\w+")
    for name, content in _files(INBOX).items():
        text = (
            "".join(part.decode("utf-8", "ignore") for part in _parts(content).values())
            if content.startswith(b"PK")
            else content.decode("utf-8", "ignore")
        )
        assert not pattern.findall(text), name
        assert not re.search(r"\b0[1-9]\d{8}\b", text), name
        if name.endswith(".xls"):
            assert "dữ liệu mẫu" in text[:300], name


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.size], ids=lambda unit: unit.code)
def test_dossier_codes_run_without_gaps_on_working_days(unit: Any) -> None:
    numbers: dict[str, list[int]] = {}
    for dossier in generate_dossiers(unit, random.Random(1)):
        prefix, number = dossier.code.rsplit("-", 1)
        numbers.setdefault(prefix, []).append(int(number))
        assert prefix.startswith(unit.agency_code)
        if dossier.received:
            assert is_working_day(dossier.received.date())
            assert dossier.filed <= dossier.received
            assert dossier.code.split("-")[1] == f"{dossier.received:%y%m%d}"
        if dossier.ended:
            assert is_working_day(dossier.ended.date())
            assert dossier.received is None or dossier.received <= dossier.ended
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2021, 9, 1), 1, date(2021, 9, 6)),
        (date(2021, 2, 9), 3, date(2021, 2, 19)),
        (date(2021, 4, 29), 2, date(2021, 5, 5)),
        (date(2021, 4, 20), 1, date(2021, 4, 22)),
    ],
)
def test_working_days_step_over_the_holidays_of_2021(received: date, days: int, due: date) -> None:
    assert add_working_days(received, days) == due


def test_same_day_procedure_received_after_three_is_due_the_next_working_day() -> None:
    afternoon = datetime.fromisoformat("2021-09-01T15:30:00")
    morning = datetime.fromisoformat("2021-09-01T09:00:00")
    assert promised_day(afternoon, 0, "same_day") == date(2021, 9, 6)
    assert promised_day(morning, 0, "same_day") == date(2021, 9, 1)
