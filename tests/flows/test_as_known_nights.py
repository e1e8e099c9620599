"""Every past night can be had again, byte for byte, whatever was loaded, mended or renamed since (law 3)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable

from pipelines.clock import FixedClock
from pipelines.session import Session
from pipelines.steps import check as check_step
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import FORMATS, render_report
from tests.support.masks_only import check_by_masks
from tests.support.random_nights import AGENCIES, DISTRICT, District, Night

SEEDS, COUNT = (1, 2), 4
LATER = datetime(2024, 2, 1, 3, tzinfo=UTC)
REPORTS = [*((unit, "2021-9T") for unit in (*AGENCIES, DISTRICT)), (DISTRICT, "2021-09")]


@pytest.fixture(scope="module")
def pasts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Path, list[Night]]]]:
    """Workspaces after some random nights each, with what every night left; no test changes them."""

    with pytest.MonkeyPatch.context() as patch:
        # The verdicts of Great Expectations take seconds a night and change no report.
        patch.setattr(check_step, "check_table", check_by_masks)
        roots = [tmp_path_factory.mktemp("nights") / f"w{seed}" for seed in SEEDS]
        yield [
            (root, list(District(root, seed).nights(COUNT))) for root, seed in zip(roots, SEEDS, strict=True)
        ]


def assert_rebuilt(root: Path, nights: list[Night], formats: tuple[str, ...], units: set[str]) -> None:
    """What ``motcua report --known-at`` writes for every night is what the night wrote."""
    session = Session(root, FixedClock(LATER))
    for number, night in enumerate(nights):
        for unit, period in REPORTS:
            if unit in units:
                request = Request(unit, period, as_of=night.as_of, known_at=night.known_at)
                for name, content in render_report(answer_request(session, request).context, formats).items():
                    assert content == night.drafts[f"{unit}/{period}/{name}"], (number, unit, period, name)


def test_the_random_nights_do_what_they_are_meant_to_do(pasts: list[tuple[Path, list[Night]]]) -> None:
    """A property over nights in which nothing happens would prove nothing."""
    seen: set[str] = set()
    versions: list[int] = []
    for root, nights in pasts:
        store = Session(root, FixedClock(LATER)).store
        contexts = [night.drafts[f"{DISTRICT}/2021-9T/context.json"] for night in nights]
        assert len(set(contexts)) == COUNT, "every night says something new"
        seen |= {row["state"] for row in store.deliveries().to_pylist()}
        seen |= {row["profile_id"] for row in store.deliveries().to_pylist()}
        seen |= {"removal" for row in store.versions("dossier").to_pylist() if row["_removal"]}
        seen |= {row["state"] for row in store.findings().to_pylist()}
        seen |= {"quarantined"} if store.quarantined().num_rows else set()
        versions.append(DeltaTable(str(root / "store" / "catalogue_versions")).version() + 1)
    assert {"accepted", "refused", "motcua.correction.v1", "removal", "fixed", "open", "quarantined"} <= seen
    assert max(versions) > 1, "the catalogue changes between nights"


def test_every_past_night_is_rebuilt_byte_for_byte(pasts: list[tuple[Path, list[Night]]]) -> None:
    for root, nights in pasts:
        assert_rebuilt(root, nights, tuple(FORMATS), {DISTRICT})


def test_past_nights_are_rebuilt_from_a_compacted_store_restored_elsewhere(
    pasts: list[tuple[Path, list[Night]]], tmp_path: Path
) -> None:
    """Every table in as few files as possible, and nothing but the store: no overlay, no other folder."""
    for root, nights in pasts:
        target = tmp_path / root.name
        shutil.copytree(root / "store", target / "store")
        for log in sorted((target / "store").glob("*/_delta_log")):
            table = DeltaTable(str(log.parent))
            table.optimize.compact()
            table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
        assert_rebuilt(target, nights, ("json",), {*AGENCIES, DISTRICT})
