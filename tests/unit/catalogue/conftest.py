"""The packaged reference data, loaded once, and a way to break it on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from pipelines.catalogue_files import packaged_files
from transforms.catalogue.load import CatalogueError, load_catalogue
from transforms.catalogue.model import Catalogue


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    return packaged_files()


@pytest.fixture(scope="session")
def catalogue(files: Mapping[str, bytes]) -> Catalogue:
    return load_catalogue(files)


@pytest.fixture
def problems_of(files: Mapping[str, bytes]) -> Callable[..., tuple[str, ...]]:
    """Loads the packaged files with some replaced (and an overlay) and gives the problems found."""

    def load(
        changed: Mapping[str, str] | None = None, overlay: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        texts = {key: text.encode() for key, text in (changed or {}).items()}
        own = {key: text.encode() for key, text in (overlay or {}).items()}
        with pytest.raises(CatalogueError) as caught:
            load_catalogue({**files, **texts}, own)
        return caught.value.problems

    return load
