"""Layouts of statistical forms as values: which columns a form prints, for whom, and from when to when.

A form that changes is another file beside the old one, never another branch in code; the files are read by
``transforms.catalogue.forms_file``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

COLUMN_WIDTH_MM = 16.0
LEVELS = ("xa", "huyen", "tinh")
"""Levels of administration from the lowest up."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One printed column."""

    number: int
    """Printed column number: 3 for "(3)"."""
    key: str
    """Measure or supplement item whose figures stand in it; stt and name for the words of a line."""
    label: str
    group: str = ""
    """Header that it shares with its neighbours; empty when none."""
    sum_of: tuple[str, ...] = ()
    """Keys of the columns of which it is the sum."""
    is_text: bool = False
    width_mm: float = COLUMN_WIDTH_MM
    level: str = ""
    """Level of units whose figures it holds (xa, huyen, tinh); empty where it is for every unit."""
    valid_to: date | None = None
    """Last day on which there was such a level; the column stays in print, empty."""

    def is_asked_of(self, level: str, day: date) -> bool:
        """True when a unit of that level has figures for it on that day: its own level's and those below it."""
        if not self.level:
            return True
        is_gone = self.valid_to is not None and day > self.valid_to
        return not is_gone and level in LEVELS and LEVELS.index(self.level) <= LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class Identity:
    """A column that has to equal the sum of others: 3 = 7 + 11."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What the lines of a form are: its title and the label above their names."""

    title: str
    label: str


@dataclass(frozen=True, slots=True)
class RowBlock:
    """A block of lines in a list of units."""

    level: str
    label: str
    valid_to: date | None = None
    """Last day on which there was such a level."""


@dataclass(frozen=True, slots=True)
class FormUser:
    """Who reports with a form."""

    level: str
    """xa, huyen, tinh, nhom."""
    is_rollup: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True when the level reports with the form on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Form:
    """One form in one version."""

    form_id: str
    """II.06a."""
    version: str
    """tt01-2020: the circular that laid it down."""
    family: str
    """II.06: forms of one family are the same columns at different levels."""
    number: str
    """As printed: "Biểu số II.06a/VPCP/KSTT"."""
    circular: str
    source: str
    valid_from: date
    valid_to: date | None
    note_afterwards: str
    """What is printed on the form for periods that end after ``valid_to``, while nothing has taken its place."""
    unit_of_measure: str
    box: tuple[str, ...]
    """Lines of the box, with {circular} {period} {start} {end} {reporter} {receiver} to fill in."""
    columns: tuple[FormColumn, ...]
    identities: tuple[Identity, ...]
    entry: tuple[str, ...]
    """Keys of the columns in the order in which they are keyed into the Government's reporting system."""
    used_by: tuple[FormUser, ...]
    listings: Mapping[str, Listing]
    """field, unit → title and label of such a list."""
    row_blocks: tuple[RowBlock, ...] = ()

    def note_on(self, day: date) -> str:
        """The note for a period that ends on that day; empty while the layout is in force."""
        return self.note_afterwards if self.valid_to is not None and day > self.valid_to else ""


def form_items(forms: Sequence[Form]) -> Mapping[str, tuple[FormColumn, ...]]:
    """Key of a column that only units of a level fill in → such columns of every form and version.

    The key is that of a supplement item: printed in its form, and asked of those whose column it is.
    """
    found: dict[str, tuple[FormColumn, ...]] = {}
    for column in dict.fromkeys(column for form in forms for column in form.columns if column.level):
        found[column.key] = (*found.get(column.key, ()), column)
    return found


def pick_form(forms: Sequence[Form], family: str, level: str, is_rollup: bool, day: date) -> Form | None:
    """The form with which a unit of that level reports a period ending on ``day``; None where the family has none.

    Between versions the one in force on the day counts, else the last before it, else the first there is:
    a form is late to be written down here more often than a period has none.
    """
    fitting = [
        form
        for form in forms
        if form.family == family
        and any(user.level == level and user.is_rollup == is_rollup for user in form.used_by)
    ]

    def order(form: Form) -> tuple[bool, bool, bool, date]:
        users = [user for user in form.used_by if user.level == level and user.is_rollup == is_rollup]
        has_begun = form.valid_from <= day
        is_over = form.valid_to is not None and day > form.valid_to
        started = form.valid_from if has_begun else date.max - (form.valid_from - date.min)
        return has_begun, not is_over, any(user.holds_on(day) for user in users), started

    return max(fitting, key=order, default=None)
