"""Readers, canonical form and indicators against what the manifest says must come out."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.catalogue_files import packaged_files
from transforms.canonical.build import canonicalise
from transforms.canonical.compare import compare
from transforms.canonical.model import DeliveryContext
from transforms.catalogue.load import load_catalogue
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.indicators.build import build_indicators
from transforms.indicators.period import parse_period, reckon
from transforms.readers.model import UnreadableFileError
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook
from transforms.schema.tables import RECORD_TABLES
from transforms.supplement.canonical import canonicalise_supplement

SAMPLES = Path(__file__).parents[3] / "sample_exports"
ARRIVED = datetime.fromisoformat("2021-09-06T01:30")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return load_catalogue(packaged_files())


@pytest.fixture(scope="module")
def ingested(manifest: dict[str, Any], catalogue: Any) -> tuple[list[dict[str, Any]], dict[str, pa.Table]]:
    """Outcome of every file in manifest order, and the versions by kind as a store would hold them."""
    versions: dict[tuple[str, str], list[pa.Table]] = defaultdict(list)
    outcomes = []
    for number, entry in enumerate(manifest["files"]):
        unit, name = entry["unit"], entry["file"]
        try:
            with (SAMPLES / "inbox" / unit / name).open("rb") as file:
                raw = recognise(read_workbook(file, name), catalogue.profiles)
        except UnreadableFileError as refusal:
            outcomes.append({"state": "refused", "refusal_code": refusal.code})
            continue
        read = canonicalise_supplement if raw.kind == "supplement" else canonicalise
        found = read(raw, DeliveryContext(f"{number:016x}", unit, name, ARRIVED), catalogue)
        table = RECORD_TABLES[raw.kind]
        known = versions[raw.kind, unit]
        latest = latest_versions(pa.concat_tables(known), table) if known else table.empty()
        compared = compare(found.records, latest, table)
        instant = datetime(2021, 9, 5, 18, 30, tzinfo=UTC) + timedelta(seconds=number)
        for part in (found.superseded, compared.accepted, compared.superseded):
            place = part.schema.get_field_index("_known_from")
            field = part.schema.field(place)
            known.append(part.set_column(place, field, pa.repeat(pa.scalar(instant, field.type), len(part))))
        structural = {kind: count for kind, count in found.structural_counts.items() if count}
        outcomes.append(
            {
                "state": "accepted",
                "kind": found.kind,
                "profile_id": found.profile_id,
                "exported_at": found.exported_at,
                "exported_at_source": found.exported_at_source,
                "sheet_rows": found.data_row_count + sum(structural.values()),
                "data_rows": found.data_row_count,
                "accepted": compared.accepted.num_rows,
                "unchanged": compared.unchanged_count,
                "superseded": compared.superseded.num_rows + found.superseded.num_rows,
                "quarantined": found.quarantined.num_rows,
                "structural": structural,
            }
        )
    kinds: dict[str, list[pa.Table]] = defaultdict(list)
    for (kind, _), parts in versions.items():
        kinds[kind] += parts
    return outcomes, {kind: pa.concat_tables(parts) for kind, parts in kinds.items()}


def test_every_sample_file_gives_the_counts_of_the_manifest(
    manifest: dict[str, Any], ingested: tuple[list[dict[str, Any]], dict[str, pa.Table]]
) -> None:
    about = ("unit", "file", "case")
    expected = [{k: v for k, v in entry.items() if k not in about} for entry in manifest["files"]]
    for entry, wanted, outcome in zip(manifest["files"], expected, ingested[0], strict=True):
        assert outcome == wanted, f"{entry['unit']}/{entry['file']}"


def test_every_unit_shows_the_figures_of_the_manifest(
    manifest: dict[str, Any],
    catalogue: Any,
    ingested: tuple[list[dict[str, Any]], dict[str, pa.Table]],
) -> None:
    versions = ingested[1]
    table = build_indicators(
        known_dossiers(versions["dossier"]),
        latest_versions(versions["fee"], RECORD_TABLES["fee"]),
        latest_versions(versions["document"], RECORD_TABLES["document"]),
        reckon(parse_period("2021-9T"), "nd09", catalogue.windows, date(2021, 9, 5)),
        catalogue,
    )
    for code, unit in manifest["units"].items():
        figures = {f"{key}:*": value for key, value in unit.items() if isinstance(value, int)}
        for key, value in {**figures, **unit.get("cells", {})}.items():
            measure, _, facet = key.partition(":")
            assert table.cells.get((measure, code, facet)) == value, f"{code} {key}"
    assert not any(code == "16210" for _, code, _ in table.cells)
