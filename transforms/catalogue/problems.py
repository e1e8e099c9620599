"""What is wrong with the reference data, collected so that a reader mends everything in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class CatalogueError(Exception):
    """The reference data cannot be used; ``problems`` are Vietnamese sentences naming file and line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Entry(Generic[T_co]):
    """A parsed value and where it stands, for sentences of later cross-checks."""

    value: T_co
    where: str
    """For example ``units.csv dòng 12``."""


class Problems:
    """Collects sentences in the order found; the same sentence is kept once."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, where: str, sentence: str) -> None:
        """Keep ``where: sentence``."""
        self.add_sentence(f"{where}: {sentence}")

    def add_sentence(self, sentence: str) -> None:
        """Keep a sentence that already says where."""
        self._sentences[sentence] = None

    def __bool__(self) -> bool:
        return bool(self._sentences)

    def __len__(self) -> int:
        return len(self._sentences)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence collected, in the order found."""
        return tuple(self._sentences)

    def raise_if_any(self) -> None:
        """Raise CatalogueError with every sentence collected; nothing when there is none."""
        if self._sentences:
            raise CatalogueError(tuple(self._sentences))
