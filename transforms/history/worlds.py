"""What is known of records as deliveries say it one after the other; arrays hold one entry per record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Known:
    """The winning stored row of each record; -1 where there is none."""

    def __init__(self, size: int) -> None:
        self.row = np.full(size, -1, dtype=np.int64)
        self.exported = np.zeros(size, dtype=np.int64)

    def take(self, rows: Numbers, key: Numbers, exported: Numbers) -> None:
        """Rows of a later commit, one per key."""
        keys = key[rows]
        wins = (self.row[keys] < 0) | (exported[rows] >= self.exported[keys])
        self.row[keys[wins]] = rows[wins]
        self.exported[keys[wins]] = exported[rows][wins]


@dataclass(frozen=True, slots=True)
class Log:
    """Statements beside each other; ``is_stored`` where a stored row of its own says it already."""

    key: Numbers
    exported: Numbers
    row: Numbers
    said_by: Numbers
    is_stored: Flags


_NO_NUMBERS: Numbers = np.empty(0, dtype=np.int64)
_NOTHING = Log(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, np.empty(0, dtype=np.bool_))


class World:
    """The records as they would be known, by the rules of ``transforms.canonical.compare``."""

    def __init__(self, size: int) -> None:
        self.row = np.full(size, -1, dtype=np.int64)
        self.content = np.full(size, -1, dtype=np.int64)
        self.is_removed = np.zeros(size, dtype=bool)
        self.exported = np.zeros(size, dtype=np.int64)
        """Export of the winning version."""
        self.last = np.zeros(size, dtype=np.int64)
        """Last export that held the record as it is."""
        self.last_by = np.zeros(size, dtype=np.int64)
        self._said_by = np.zeros(size, dtype=np.int64)
        self._log: list[Log] = []

    def counts(self, keys: Numbers) -> Flags:
        """True for records that are known and not taken out."""
        return (self.row[keys] >= 0) & ~self.is_removed[keys]

    def say(
        self,
        keys: Numbers,
        rows: Numbers,
        content: Numbers,
        is_removal: Flags,
        is_stored: Flags,
        exported_at: int,
        said_by: int,
    ) -> None:
        """What one delivery says of these records; ``is_stored`` where a row of its own says it already."""
        is_known = self.counts(keys)
        is_same = is_known & (self.content[keys] == content) & ~is_removal
        is_older = is_known & ~is_same & ~is_removal & (exported_at < self.last[keys])
        exported = np.full(len(keys), exported_at, dtype=np.int64)
        self._note(keys, exported, rows, np.full(len(keys), said_by), is_stored, ~is_same)
        # It would win by its export time, so what was held later is said again under that time.
        wins = keys[is_older & (exported_at >= self.exported[keys])]
        nothing = np.zeros(len(wins), dtype=bool)
        self._note(wins, self.last[wins], self.row[wins], self._said_by[wins], nothing, ~nothing)
        self.exported[wins] = self.last[wins]
        later = keys[is_same & (exported_at > self.last[keys])]
        self.last[later], self.last_by[later] = exported_at, said_by
        # The store holds a row of it although it is no news; it stands where it stands.
        again = keys[is_same & is_stored & (exported_at >= self.exported[keys])]
        self.exported[again] = exported_at
        is_first = ~is_known | is_removal
        takes = (
            ~is_same & ~is_older & (~is_first | (self.row[keys] < 0) | (exported_at >= self.exported[keys]))
        )
        self._set(keys[takes], rows[takes], content[takes], is_removal[takes], exported[takes], said_by)

    def mend(
        self,
        keys: Numbers,
        rows: Numbers,
        content: Numbers,
        is_removal: Flags,
        is_stored: bool,
        exported: Numbers,
        said_by: int,
    ) -> None:
        """What a correction made of these records: said under the export that it mends."""
        everyone = np.ones(len(keys), dtype=bool)
        self._note(keys, exported, rows, np.full(len(keys), said_by), everyone & is_stored, everyone)
        takes = (self.row[keys] < 0) | (exported >= self.exported[keys])
        self._set(keys[takes], rows[takes], content[takes], is_removal[takes], exported[takes], said_by)

    def log(self) -> Log:
        """Every statement that was news, in the order in which it was said."""
        parts = self._log or [_NOTHING]
        return Log(
            np.concatenate([part.key for part in parts]),
            np.concatenate([part.exported for part in parts]),
            np.concatenate([part.row for part in parts]),
            np.concatenate([part.said_by for part in parts]),
            np.concatenate([part.is_stored for part in parts]),
        )

    def _note(
        self,
        keys: Numbers,
        exported: Numbers,
        rows: Numbers,
        said_by: Numbers,
        is_stored: Flags,
        chosen: Flags,
    ) -> None:
        self._log.append(
            Log(keys[chosen], exported[chosen], rows[chosen], said_by[chosen], is_stored[chosen])
        )

    def _set(
        self,
        keys: Numbers,
        rows: Numbers,
        content: Numbers,
        is_removal: Flags,
        exported: Numbers,
        said_by: int,
    ) -> None:
        self.row[keys], self.content[keys], self.is_removed[keys] = rows, content, is_removal
        self.exported[keys] = self.last[keys] = exported
        self.last_by[keys] = self._said_by[keys] = said_by
