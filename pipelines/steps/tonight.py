"""What the dossier lists of one night say against each other and against what was known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.steps.model import ReadDelivery
from transforms.canonical.identity import TWO_DOSSIERS, is_other_dossier
from transforms.canonical.model import Comparison
from transforms.canonical.pairs import find_pairs
from transforms.findings import Finding
from transforms.schema.keys import key_texts
from transforms.schema.tables import DOSSIER

STATUS_CONFLICT = "dossier.status.conflict"


@dataclass(slots=True)
class Tonight:
    """The lists taken so far, by the time of their export."""

    _lists: dict[datetime | None, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    _delivery_ids: set[str] = field(default_factory=set)

    def add_findings(
        self, read: ReadDelivery, records: pa.Table, comparison: Comparison
    ) -> tuple[Finding, ...]:
        """The findings of the delivery with those that only other files show; the delivery joins the night.

        ``dossier.code.two_dossiers``: a record and what was known under its code are two dossiers.
        ``dossier.status.conflict``: an earlier list of this night, exported at the same time, shows another
        status, so that only the order of their names decides.
        """
        earlier = self._lists[read.exported_at]
        found = (*self._two_dossiers(read, comparison), *_status_conflicts(read, records, earlier))
        earlier.append(records)
        self._delivery_ids.add(read.delivery_id)
        return _merged(read.findings, found)

    def _two_dossiers(self, read: ReadDelivery, comparison: Comparison) -> tuple[Finding, ...]:
        before, after = comparison.before, comparison.after
        is_other = is_other_dossier(before, after)
        # A file of a later night with the export time of what is stored is that export, mended.
        is_same_time = pc.fill_null(pc.equal(before["_exported_at"], after["_exported_at"]), False)
        is_of_tonight = pc.is_in(
            before["_delivery_id"], value_set=pa.array(sorted(self._delivery_ids), pa.string())
        )
        is_other = pc.and_(is_other, pc.or_(pc.invert(is_same_time), is_of_tonight))
        return find_pairs(
            TWO_DOSSIERS,
            "dossier",
            "dossier_code",
            before.filter(is_other),
            after.filter(is_other),
            read.file,
        )


def _status_conflicts(read: ReadDelivery, records: pa.Table, earlier: list[pa.Table]) -> tuple[Finding, ...]:
    """One finding per earlier list of the same export time that shows other statuses of the same dossiers."""
    units = records["unit_code"].unique()
    found: list[Finding] = []
    for other in earlier:
        if not pc.any(pc.is_in(other["unit_code"].unique(), value_set=units)).as_py():
            continue
        at = pc.index_in(key_texts(records, DOSSIER), value_set=key_texts(other, DOSSIER))
        is_both = pc.is_valid(at)
        later, before = records.filter(is_both), other.take(at.filter(is_both))
        differs = pc.fill_null(pc.not_equal(before["status_code"], later["status_code"]), False)
        conflict = pc.and_(differs, pc.invert(is_other_dossier(before, later)))
        found += find_pairs(
            STATUS_CONFLICT,
            "dossier",
            "status_label",
            before.filter(conflict),
            later.filter(conflict),
            read.file,
        )
    return tuple(found)


def _merged(findings: tuple[Finding, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All of them, one for each code, unit and column: a clerk is told once, with the places of both."""
    result = list(findings)
    for finding in found:
        identity = (finding.code, finding.unit_code, finding.column)
        at = next((n for n, f in enumerate(result) if (f.code, f.unit_code, f.column) == identity), None)
        if at is None:
            result.append(finding)
            continue
        both = (*result[at].places, *finding.places)
        if any(place.file for place in both):
            both = tuple(replace(place, file=place.file or finding.file) for place in both)
        result[at] = replace(
            result[at], places=tuple(dict.fromkeys(both)), params=_added(result[at], finding)
        )
    return tuple(result)


def _added(one: Finding, other: Finding) -> tuple[tuple[str, str | int], ...]:
    """Params of the two as one: numbers are added."""
    numbers = dict(one.params)
    for name, value in other.params:
        known = numbers.get(name, 0)
        numbers[name] = known + value if isinstance(known, int) and isinstance(value, int) else value
    return tuple(numbers.items())
