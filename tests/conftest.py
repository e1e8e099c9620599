"""Fixtures that many tests share, and what to say about tests that this machine cannot run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from tests.support.plain_night import SAMPLES, open_session, run_plain_night
from tests.support.postgres import find_program

_NEEDS = {
    "documents": (("soffice", "pdftoppm", "pdftotext"), "LibreOffice Writer and Calc, poppler-utils"),
    "browser": (("chromium",), "Chromium"),
    "postgres": (("initdb", "pg_ctl"), "PostgreSQL"),
}
_REQUIRED = "MOTCUA_REQUIRE_DOCUMENT_TESTS"


def _missing(marker: str) -> list[str]:
    # Debian keeps the programs of PostgreSQL's server off the path.
    find = find_program if marker == "postgres" else shutil.which
    return [program for program in _NEEDS[marker][0] if find(program) is None]


def pytest_configure() -> None:
    """No example of a property is judged by the time that it takes."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


def pytest_report_header() -> list[str]:
    """Name the tests that are left out here and why."""
    return [
        f"left out: tests marked {marker}, because {', '.join(_missing(marker))} is missing (install {packages})"
        for marker, (_, packages) in _NEEDS.items()
        if _missing(marker)
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs an absent program; where the programs are required the test fails instead."""
    for item in items:
        for marker in _NEEDS:
            if item.get_closest_marker(marker) and (missing := _missing(marker)):
                if os.environ.get(_REQUIRED):
                    raise pytest.UsageError(f"{_REQUIRED} is set, but {', '.join(missing)} is missing")
                item.add_marker(pytest.mark.skip(reason=f"{', '.join(missing)} is missing"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """--update-golden writes what the tests see as the new goldens."""
    parser.addoption(
        "--update-golden", action="store_true", help="write goldens anew; read them before you keep them"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """True when goldens are to be written."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, NightResult]:
    """The workspace after one night over the sample inbox, and what the night said; no test changes it."""
    session = open_session(Path(tmp_path_factory.mktemp("sample")) / "workspace")
    return session, run_plain_night(session, SAMPLES / "inbox")
