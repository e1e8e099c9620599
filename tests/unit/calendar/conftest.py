"""The packaged catalogue, whose calendar the tests of this folder reckon with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from pipelines.catalogue_files import packaged_files
from transforms.calendar.work_calendar import WorkCalendar, build_calendar
from transforms.catalogue.load import CatalogueError, load_catalogue
from transforms.catalogue.model import Catalogue

WithOverlay = Callable[[Mapping[str, str]], Catalogue]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(packaged_files())


@pytest.fixture(scope="session")
def work_calendar(catalogue: Catalogue) -> WorkCalendar:
    return build_calendar(catalogue.days_off)


@pytest.fixture(scope="session")
def with_overlay() -> WithOverlay:
    """The catalogue under files of a workspace, keys such as ``calendars/deadlines.csv``."""
    packaged = packaged_files()

    def load(overlay: Mapping[str, str]) -> Catalogue:
        return load_catalogue(packaged, {key: text.encode() for key, text in overlay.items()})

    return load


@pytest.fixture(scope="session")
def problems_with(with_overlay: WithOverlay) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """The problems that such files have."""

    def load(overlay: Mapping[str, str]) -> tuple[str, ...]:
        with pytest.raises(CatalogueError) as caught:
            with_overlay(overlay)
        return caught.value.problems

    return load
