"""One thing wrong or doubtful, as a value.

A finding holds a permanent code, a place and the parameters of its sentence. Severity, audience and
the Vietnamese wording belong to the code and live in one registry (``expectations/messages.vi.yml``),
so that no layer below has to word anything.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One failing row: where the clerk finds it and what stands there.

    ``value`` is the raw text of an allow-listed column only; never personal data.
    """

    sheet: str
    row: int
    subject: str = ""
    """The record the row is about, usually the dossier code."""
    value: str = ""
    file: str = ""
    """The row's file; empty where the finding itself names the only one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A coded observation about a workspace, a unit, a file or rows of a file."""

    code: str
    unit_code: str = ""
    kind: str = ""
    file: str = ""
    column: str = ""
    """Canonical column name, empty when the finding is not about one column."""
    params: tuple[tuple[str, str | int], ...] = ()
    """Named values for the sentence, in a fixed order."""
    places: tuple[Place, ...] = ()
    """Every failing row; no cap."""

    @property
    def count(self) -> int:
        """Number of failing rows, or 1 for a finding that is not about rows."""
        return len(self.places) or 1
