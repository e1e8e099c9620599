"""One sample night that the tests of this folder look at; none of them changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from tests.support.plain_night import SAMPLES, open_session, run_plain_night


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, NightResult]]:
    """The workspace after one night over the sample inbox, and what the night said."""
    session = open_session(Path(tmp_path_factory.mktemp("sample")) / "workspace")
    yield session, run_plain_night(session, SAMPLES / "inbox")
