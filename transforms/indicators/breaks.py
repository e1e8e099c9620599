"""Whether figures of two periods compare, or a series changed its meaning between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from transforms.catalogue.model import Break


def breaks_between(
    breaks: Sequence[Break], levels: Collection[str], subject: str, earlier_start: date, later_end: date
) -> tuple[Break, ...]:
    """The breaks that part two periods, by day: empty where their figures compare.

    ``levels``: levels of the units counted; ``subject``: dossier, fee or document. A break parts them when
    its first day lies after the first day of the earlier one and not after the last day of the later one:
    then one side, or a part of one, was counted under another meaning.
    """
    return tuple(
        each
        for each in breaks
        if each.level in levels and each.subject == subject and earlier_start < each.day <= later_end
    )
