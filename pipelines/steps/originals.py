"""The bytes of a delivery that was taken before, as long as they lie in the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.inbox import InboxFile, list_inbox
from pipelines.session import Session
from pipelines.unpacking import unpack
from transforms.readers.archive import MEMBER_SEPARATOR
from transforms.readers.model import UnreadableFileError
from transforms.readers.workbook import read_workbook
from transforms.returned.body import SentFile
from transforms.returned.model import ReturnedMarker
from transforms.returned.read import find_marker


class Originals:
    """Finds deliveries in an inbox by the hash of their content."""

    def __init__(self, session: Session, inbox: Path) -> None:
        self._session, self._limits = session, session.settings.limits
        codes = sorted({unit.code for unit in session.catalogue.units})
        self._codes = frozenset(codes)
        self._files = list_inbox(inbox, codes).files if inbox.is_dir() else ()
        self._profiles = {profile.profile_id: profile for profile in session.catalogue.profiles}

    @contextmanager
    def open(self, delivery: Mapping[str, Any]) -> Iterator[SentFile | None]:
        """The file as it was sent; None for a refused one and where its bytes are gone."""
        file = None if delivery["state"] == "refused" else self._find(delivery)
        if file is None:
            yield None
            return
        with file.open(self._limits) as content:
            workbook = read_workbook(content, file.name, self._limits)
            yield SentFile(
                content,
                workbook,
                self._profiles.get(delivery["profile_id"] or ""),
                _original_rows(find_marker(workbook)),
            )

    def _find(self, delivery: Mapping[str, Any]) -> InboxFile | None:
        """By name first, then every file of the unit: a clerk may have renamed it since."""
        outer = str(delivery["file"]).split(MEMBER_SEPARATOR, 1)[0]
        named = [file for file in self._files if file.path.name == outer]
        units = {delivery["unit_code"] or "", ""}
        others = [file for file in self._files if file.unit_code in units and file not in named]
        for candidate in [*named, *others]:
            try:
                for file in unpack(candidate, self._limits, self._codes).files:
                    if not file.refusal_code and file.sha256(self._limits) == delivery["sha256"]:
                        return file
            except (OSError, UnreadableFileError):
                continue
        return None


def _original_rows(earlier: ReturnedMarker | None) -> dict[tuple[str, int], int]:
    """Rows of a partial workbook that came back: findings speak of the rows of the file it answered."""
    return {} if earlier is None else {(sheet, row): sent for sheet, row, sent in earlier.row_map}
