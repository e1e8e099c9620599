"""Exports count by the time they were taken, whatever the order in which they arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.history.version_rows import read_versions
from transforms.canonical.compare import compare
from transforms.history.as_known import latest_versions
from transforms.history.confirmed import confirmed_ranges, last_exported
from transforms.history.joined import join_overdue
from transforms.schema.tables import CONFIRMED, DOSSIER, OVERDUE

FIRST_DAY = datetime(2021, 9, 1, tzinfo=UTC)
UNIT_OF = {"A": "16174", "B": "16204", "C": "16204", "D": "16204", "E": "16207"}
Export = dict[str, int]
"""Dossier → status, as one export shows it."""


@dataclass
class Known:
    """The store in small: what is appended, and nothing else."""

    versions: pa.Table = field(default_factory=DOSSIER.empty)
    confirmed: pa.Table = field(default_factory=CONFIRMED.empty)
    instant: datetime = FIRST_DAY

    def deliver(self, day: int, export: Export) -> int:
        """Take the export of that September day; how many versions were appended."""
        self.instant += timedelta(hours=1)
        lines = [
            f"| {UNIT_OF[code]} | {code} | {status} | {day:02}/09/2021 |" for code, status in export.items()
        ]
        records = read_versions(
            DOSSIER, "\n".join(["| unit_code | dossier_code | status_code | exported |", *lines])
        )
        records = self._stamped(records)
        units = pa.array(sorted({UNIT_OF[code] for code in export}), pa.string())
        known = latest_versions(self.versions, DOSSIER)
        known = known.filter(pc.is_in(known["unit_code"], value_set=units))
        result = compare(records, known, DOSSIER, last_exported(known, DOSSIER, self.confirmed))
        ranges = confirmed_ranges(known, records, result.confirmed, DOSSIER, "dossier")
        self.confirmed = pa.concat_tables([self.confirmed, self._stamped(ranges)])
        appended = [result.accepted, result.superseded, self._stamped(result.restated)]
        self.versions = pa.concat_tables([self.versions, *appended])
        assert result.accepted.num_rows + result.superseded.num_rows + result.unchanged_count == len(export)
        return sum(rows.num_rows for rows in appended)

    def latest(self) -> Export:
        rows = latest_versions(self.versions, DOSSIER)
        return dict(zip(rows["dossier_code"].to_pylist(), rows["status_code"].to_pylist(), strict=True))

    def _stamped(self, rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index("_known_from")
        kind = rows.schema.field(at)
        return rows.set_column(at, kind, pa.repeat(pa.scalar(self.instant, kind.type), rows.num_rows))


def _taken(exports: list[Export], order: list[int]) -> Known:
    known = Known()
    for number in order:
        if exports[number]:
            known.deliver(number + 1, exports[number])
    return known


EXPORTS = st.lists(
    st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from([4, 9, 10]), max_size=5), min_size=1, max_size=6
)


@settings(max_examples=150, deadline=None)
@given(EXPORTS.flatmap(lambda exports: st.tuples(st.just(exports), st.permutations(range(len(exports))))))
@example(([{"B": 4}, {"B": 9}, {"B": 4}], [0, 2, 1]))
@example(([{"B": 4, "C": 4, "D": 4}, {"C": 9}, {"B": 4, "D": 4}], [0, 2, 1]))
@example(([{"B": 4}, {"C": 9}, {"C": 4}, {"B": 4, "D": 4}], [0, 3, 2, 1]))
def test_latest_versions_do_not_depend_on_the_order_of_arrival(case: tuple[list[Export], list[int]]) -> None:
    exports, order = case
    expected: Export = {}
    for export in exports:
        expected |= export

    assert _taken(exports, list(order)).latest() == expected


def test_late_export_from_between_is_kept_but_does_not_win() -> None:
    known = Known()

    appended = [known.deliver(1, {"B": 4}), known.deliver(3, {"B": 4}), known.deliver(2, {"B": 9})]

    assert known.latest() == {"B": 4}
    assert appended == [1, 0, 2], "the confirmed version is restated beside the one that never wins"
    days = sorted(
        (moment.day, status)
        for moment, status in zip(
            known.versions["_exported_at"].to_pylist(), known.versions["status_code"].to_pylist(), strict=True
        )
    )
    assert days == [(1, 4), (2, 9), (3, 4)], "as if all three had come in order"


def test_repeating_everything_every_night_adds_one_line_per_unit_and_no_version() -> None:
    known = Known()
    everything = dict.fromkeys("ABCDE", 4)
    known.deliver(1, everything)

    appended = [known.deliver(day, everything) for day in (2, 3)]

    assert appended == [0, 0]
    assert known.confirmed.num_rows == 6
    assert set(known.confirmed["unit_code"].to_pylist()) == {"16174", "16204", "16207"}


def test_record_that_was_not_in_the_newer_export_is_not_confirmed() -> None:
    known = Known()
    known.deliver(1, {"B": 4, "C": 4, "D": 4})
    known.deliver(3, {"B": 4, "D": 4})

    known.deliver(2, {"B": 9, "C": 9, "D": 9})

    assert known.latest() == {"B": 4, "C": 9, "D": 4}


def test_record_that_became_known_later_is_not_confirmed() -> None:
    known = Known()
    known.deliver(1, {"B": 4, "D": 4})
    known.deliver(5, {"B": 4, "D": 4})
    known.deliver(2, {"C": 4})

    known.deliver(3, {"C": 9})

    assert known.latest() == {"B": 4, "C": 9, "D": 4}


def test_list_that_a_newer_export_repeated_goes_before_an_overdue_list_from_between() -> None:
    listed = read_versions(
        DOSSIER, "| dossier_code | due_date | exported |\n| HS-1 | 05/08/2021 | 01/09/2021 |"
    )
    overdue = read_versions(
        OVERDUE, "| dossier_code | due_date | exported |\n| HS-1 | 07/08/2021 | 03/09/2021 |"
    )
    again = read_versions(
        DOSSIER,
        "| dossier_code | due_date | exported | known |\n| HS-1 | 05/08/2021 | 05/09/2021 | 05/09/2021 |",
    )
    result = compare(again, listed, DOSSIER)
    ranges = confirmed_ranges(listed, again, result.confirmed, DOSSIER, "dossier")
    at = ranges.schema.get_field_index("_known_from")
    ranges = ranges.set_column(at, ranges.schema.field(at), again["_known_from"])

    assert join_overdue(listed, overdue).versions["due_date"].to_pylist() == [date(2021, 8, 7)]
    joined = join_overdue(listed, overdue, confirmed=ranges)
    assert joined.versions["due_date"].to_pylist() == [date(2021, 8, 5)]
