"""A store from which deliveries were taken back answers like one that never had them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from transforms.canonical.compare import compare
from transforms.history.as_known import known_dossiers, latest_versions
from transforms.history.confirmed import confirmed_ranges, last_exported
from transforms.history.retracted import Commit, Verdict, counting_rows, restate
from transforms.schema.keys import key_texts
from transforms.schema.tables import CONFIRMED, DELIVERY, DOSSIER

START = datetime(2021, 9, 5, 18, 30, tzinfo=UTC)
UNIT = "16204"
Content = dict[str, tuple[int, str]]
"""Dossier code → status and procedure name."""


@dataclass
class SmallStore:
    """Versions, ranges, commits and verdicts as the real store keeps them."""

    rows: pa.Table = field(default_factory=DOSSIER.empty)
    ranges: pa.Table = field(default_factory=CONFIRMED.empty)
    commits: list[Commit] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    judged: set[datetime] = field(default_factory=set)
    ticks: int = 0

    def deliver(self, name: str, day: int, content: Content) -> None:
        at, exported = self._tick(), datetime(2021, 9, day)  # noqa: DTZ001 - offices print local time
        records = pa.Table.from_pylist(
            [
                row_of(name, exported, number, code, *said)
                for number, (code, said) in enumerate(content.items(), 2)
            ],
            schema=DOSSIER.arrow_schema(),
        )
        known = self.latest()
        result = compare(records, known, DOSSIER, last_exported(known, DOSSIER, self.confirmed()))
        ranges = confirmed_ranges(known, records, result.confirmed, DOSSIER, "dossier")
        self._append([result.accepted, result.superseded, result.restated], at)
        self.ranges = pa.concat_tables([self.ranges, stamped(ranges, at)])
        self.commits.append(Commit(at, name, f"{name}.xls", exported))

    def mend(self, name: str, code: str, status: int) -> None:
        """A correction laid over what is stored."""
        rows = [row for row in self.latest().to_pylist() if row["dossier_code"] == code]
        if rows:
            at, exported = self._tick(), rows[0]["_exported_at"]
            row = {
                **rows[0],
                "status_code": status,
                "_delivery_id": name,
                "_file": "corrections.yml",
                "_row": 3,
            }
            self._append([pa.Table.from_pylist([row], schema=DOSSIER.arrow_schema())], at)
            self.commits.append(Commit(at, name, "corrections.yml", exported, is_correction=True))

    def judge(self, *names: str) -> None:
        """From now on these deliveries do not count, and all others do."""
        out = {commit.known_from for commit in self.commits if commit.delivery_id in names}
        self.judged |= out
        restated = restate(self.rows, self.ranges, self.commits, self.verdicts, DOSSIER, self.judged, out)
        at = self._tick()
        self._append([restated.rows], at)
        self.verdicts.append(Verdict(at, restated.out))

    def view(self, known_at: datetime | None = None) -> pa.Table:
        return self._counting(self.rows, known_at)

    def confirmed(self) -> pa.Table:
        return self._counting(self.ranges, None)

    def latest(self) -> pa.Table:
        return latest_versions(self.view(), DOSSIER)

    def answers(self) -> dict[str, dict[str, Any]]:
        """Everything that a report can ask about each record."""
        known = known_dossiers(self.view())
        last = last_exported(known.latest, DOSSIER, self.confirmed()).to_pylist()
        days = {day: known.statuses_on(date(2021, 9, day)).to_pylist() for day in range(1, 10)}
        since = known.status_since.to_pylist()
        return {
            row["dossier_code"]: {
                "content": {name: row[name] for name in DOSSIER.content_names},
                "last": last[n], "since": since[n], "shown": [days[day][n] for day in days],
            }
            for n, row in enumerate(known.latest.to_pylist())
        }  # fmt: skip

    def _counting(self, rows: pa.Table, known_at: datetime | None) -> pa.Table:
        commits = [
            {"known_from": c.known_from, "delivery_id": c.delivery_id}
            for c in self.commits
            if known_at is None or c.known_from <= known_at
        ]
        verdicts = [v for v in self.verdicts if known_at is None or v.known_from <= known_at]
        if known_at is not None:
            rows = rows.filter(pc.less_equal(rows["_known_from"], pa.scalar(known_at)))
        return counting_rows(
            rows,
            pa.Table.from_pylist(commits, schema=DELIVERY.arrow_schema()),
            verdicts[-1] if verdicts else None,
        )

    def _append(self, parts: list[pa.Table], at: datetime) -> None:
        self.rows = pa.concat_tables([self.rows, *(stamped(part, at) for part in parts)])

    def _tick(self) -> datetime:
        self.ticks += 1
        return START + timedelta(minutes=self.ticks)


def row_of(
    name: str, exported: datetime, number: int, code: str, status: int, procedure: str
) -> dict[str, Any]:
    return {
        "unit_code": UNIT, "dossier_code": code, "status_code": status, "procedure_name": procedure,
        "_delivery_id": name, "_file": f"{name}.xls", "_row": number, "_exported_at": exported,
    }  # fmt: skip


def stamped(rows: pa.Table, at: datetime) -> pa.Table:
    position = rows.schema.get_field_index("_known_from")
    kind = rows.schema.field(position)
    return rows.set_column(position, kind, pa.repeat(pa.scalar(at, kind.type), rows.num_rows))


OPEN, DONE = (4, "Khai sinh"), (10, "Khai sinh")


def test_record_that_another_delivery_confirmed_outlives_the_one_that_brought_it() -> None:
    store = SmallStore()
    store.deliver("sai", 1, {"A": OPEN, "B": OPEN})
    store.deliver("dung", 2, {"A": OPEN})
    store.judge("sai")
    (row,) = store.latest().to_pylist()
    assert (row["dossier_code"], row["_delivery_id"], row["_file"]) == ("A", "dung", "dung.xls")
    assert (row["_sheet"], row["_row"]) == (None, 0), "where it stands in that file nobody knows any more"


def test_older_and_equally_old_deliveries_confirm_too() -> None:
    store = SmallStore()
    store.deliver("sai", 5, {"A": OPEN, "B": OPEN})
    store.deliver("cu", 1, {"A": OPEN})
    store.deliver("cung luc", 5, {"B": OPEN})
    store.judge("sai")
    found = {row["dossier_code"]: row["_exported_at"].day for row in store.latest().to_pylist()}
    assert found == {"A": 1, "B": 5}


def test_record_that_only_the_wrong_delivery_brought_is_gone_and_the_past_keeps_it() -> None:
    store = SmallStore()
    store.deliver("truoc", 1, {"A": OPEN})
    store.deliver("sai", 2, {"A": DONE, "B": DONE})
    before, past = store.answers(), store.commits[-1].known_from
    store.judge("sai")
    assert {code: answer["content"]["status_code"] for code, answer in store.answers().items()} == {"A": 4}
    assert len(before) == 2
    assert latest_versions(store.view(past), DOSSIER).num_rows == 2


def test_stored_row_restated_because_of_the_wrong_delivery_does_not_stay() -> None:
    """An older file was overtaken only because the wrong one had confirmed what was stored."""
    store = SmallStore()
    store.deliver("dau", 1, {"A": OPEN})
    store.deliver("sai", 5, {"A": OPEN})
    store.deliver("giua", 3, {"A": DONE})
    assert store.answers()["A"]["content"]["status_code"] == 4
    store.judge("sai")
    assert store.answers()["A"]["content"]["status_code"] == 10


def test_correction_of_a_record_that_is_taken_back_goes_with_it() -> None:
    store = SmallStore()
    store.deliver("dau", 1, {"A": OPEN})
    store.deliver("sai", 2, {"A": DONE})
    store.mend("sua", "A", 7)
    store.judge("sai")
    assert store.answers()["A"]["content"]["status_code"] == 4


def test_correction_follows_its_record_to_the_delivery_that_also_holds_it() -> None:
    store = SmallStore()
    store.deliver("sai", 1, {"A": OPEN, "B": OPEN})
    store.deliver("dung", 2, {"A": OPEN})
    store.mend("sua", "A", 7)
    store.judge("sai")
    (row,) = store.latest().to_pylist()
    assert (row["status_code"], row["_delivery_id"], row["_exported_at"].day) == (7, "sua", 2)


def test_delivery_that_counts_again_does_not_swallow_what_came_meanwhile() -> None:
    """While it was out, a newer file repeated the older word; that file's range must not confirm the other one."""
    store = SmallStore()
    store.deliver("dau", 1, {"A": OPEN})
    store.deliver("bi rut", 2, {"A": DONE})
    store.judge("bi rut")
    store.deliver("sau", 3, {"A": OPEN})
    store.judge()
    answer = store.answers()["A"]
    assert answer["content"]["status_code"] == 4
    assert answer["shown"][:4] == [4, 10, 4, 4]


def everything_said(script: list[tuple[str, int, Content]]) -> SmallStore:
    """A store that keeps every word of every delivery, also where it is no news."""
    store = SmallStore()
    for name, day, content in script:
        exported = datetime(2021, 9, day)  # noqa: DTZ001
        rows = [
            row_of(name, exported, number, code, *said)
            for number, (code, said) in enumerate(content.items(), 2)
        ]
        at = store._tick()
        store._append([pa.Table.from_pylist(rows, schema=DOSSIER.arrow_schema())], at)
        store.commits.append(Commit(at, name, f"{name}.xls", exported))
    return store


def assert_same_answers(store: SmallStore, never: SmallStore, script: list[tuple[str, int, Content]]) -> None:
    """Records, their content and their last export are equal; so is what was shown on each day.

    A store does not keep what an older export merely repeats. One that had another delivery in between may
    have kept it, and then tells more truly what an early export showed: as one that keeps every word would.
    """
    ours, theirs, full = store.answers(), never.answers(), everything_said(script).answers()
    days = [day for _, day, _ in script]
    if days == sorted(days):
        assert ours == theirs, "without an older export everything is equal"
    assert {code: (a["content"], a["last"]) for code, a in ours.items()} == {
        code: (a["content"], a["last"]) for code, a in theirs.items()
    }
    for code, answer in ours.items():
        for shown, simple, true in zip(
            answer["shown"], theirs[code]["shown"], full[code]["shown"], strict=True
        ):
            assert shown in (simple, true)


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_answers_equal_those_of_a_store_that_never_had_what_was_taken_back(seed: int, in_order: bool) -> None:
    """Random deliveries, some of them older than what is known; taken back and counted again at random moments."""
    chance = random.Random(seed)
    store, script, out = SmallStore(), [], set()
    past: list[tuple[datetime, Any]] = []
    for number in range(chance.randint(3, 9)):
        content = {
            code: (chance.choice((4, 10)), chance.choice(("Khai sinh", "Khai tử")))
            for code in "ABCD"
            if chance.random() < 0.7
        }
        day = min(9, number + 1) if in_order else chance.randint(1, 6)
        script.append((f"d{number}", day, content))
        store.deliver(*script[-1])
        if chance.random() < 0.35:
            out ^= {chance.choice(script)[0]}
            store.judge(*out)
        past.append((START + timedelta(minutes=store.ticks), store.view().to_pylist()))
    out ^= {chance.choice(script)[0]}
    store.judge(*out)
    standing = [delivery for delivery in script if delivery[0] not in out]
    never = SmallStore()
    for delivery in standing:
        never.deliver(*delivery)
    assert_same_answers(store, never, standing)
    for known_at, view in past:
        assert store.view(known_at).to_pylist() == view, "the past stays as it was"
    later = (
        "sau nay",
        9 if in_order else chance.randint(1, 6),
        {code: (chance.choice((4, 10)), "Khai sinh") for code in "ABC"},
    )
    for each in (store, never):
        each.deliver(*later)
    assert_same_answers(store, never, [*standing, later])


@pytest.mark.parametrize("seed", range(15))
def test_taking_everything_back_leaves_nothing(seed: int) -> None:
    chance = random.Random(seed)
    store = SmallStore()
    names = [f"d{number}" for number in range(chance.randint(1, 5))]
    for name in names:
        store.deliver(name, chance.randint(1, 4), {code: (chance.choice((4, 10)), "X") for code in "ABC"})
    store.judge(*names)
    assert store.view().num_rows == 0
    store.judge()
    never = SmallStore()
    chance = random.Random(seed)
    chance.randint(1, 5)
    for name in names:
        never.deliver(name, chance.randint(1, 4), {code: (chance.choice((4, 10)), "X") for code in "ABC"})
    assert store.answers() == never.answers()
    assert set(key_texts(store.latest(), DOSSIER).to_pylist()) == set(
        key_texts(never.latest(), DOSSIER).to_pylist()
    )
