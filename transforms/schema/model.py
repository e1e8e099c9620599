"""What a column and a table are. Everything that needs to know a column derives it from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa


class Sensitivity(StrEnum):
    """How far a column may travel (DESIGN.md section 3, personal data)."""

    PUBLIC = "public"
    """May be stored, printed and exported."""
    INTERNAL = "internal"
    """May be stored and shown to staff, never in a public edition."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, written down once.

    Names follow the house suffixes: ``_code`` key, ``_name`` prose, ``_date`` day, ``_at`` instant,
    ``_amount`` whole đồng, ``_count`` whole number; a leading ``_`` is provenance.
    """

    name: str
    type: pa.DataType
    label: str
    description: str
    required: bool = False
    codes: tuple[str | int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC

    @property
    def is_provenance(self) -> bool:
        """True for columns that say where a row came from rather than what it states."""
        return self.name.startswith("_")


@dataclass(frozen=True, slots=True)
class Table:
    """A named list of columns with the key that identifies one record."""

    name: str
    label: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Raise ValueError when a column is written twice or the key names none."""
        by_name = {column.name: column for column in self.columns}
        if len(by_name) != len(self.columns):
            raise ValueError(f"table {self.name}: a column is declared twice")
        missing = [name for name in self.key if name not in by_name]
        if missing:
            raise ValueError(f"table {self.name}: key columns {missing} are not declared")
        object.__setattr__(self, "_by_name", by_name)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        return self._by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def content_names(self) -> tuple[str, ...]:
        """Names of the columns that state something, provenance left out."""
        return tuple(column.name for column in self.columns if not column.is_provenance)

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema, one nullable field per column, in order."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def empty(self) -> pa.Table:
        """A table of this schema without rows."""
        return self.arrow_schema().empty_table()
