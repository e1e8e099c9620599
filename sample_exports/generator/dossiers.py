"""Dossiers of one unit as they really went, and what an export of a given moment shows of them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sample_exports.generator.calendar import (
    LAST_MOMENT,
    WINDOW_START,
    add_working_days,
    promised_day,
    working_days,
)
from sample_exports.generator.procedures import (
    PROCEDURES,
    UNCLASSIFIED,
    UNKNOWN_PROCEDURES,
    SampleProcedure,
    of_field,
)
from sample_exports.generator.units import BINH_LUONG, SampleUnit

REGISTERED, ACCEPTED, REFUSED, PROCESSING, SUPPLEMENT, WITHDRAWN, STOPPED, DONE, RETURNED = (
    1, 2, 3, 4, 5, 7, 8, 9, 10,
)  # fmt: skip

BINH_LUONG_FIELDS = (
    ("bao_tro_xa_hoi", 10),
    ("chung_thuc", 545),
    ("dat_dai", 17),
    ("ho_tich", 277),
    ("nguoi_co_cong", 2),
    ("thi_dua_khen_thuong", 2),
    ("xu_ly_don", 5),
    (UNCLASSIFIED, 505),
)
"""Fields of xã Bình Lương: those of the printed report, and the 505 dossiers that it counts but does not name."""
_OPEN_PETITIONS = (date(2021, 8, 30), date(2021, 9, 1))


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier; moments are naive Vietnam time. ``status`` 0 leaves the status to the moments."""

    code: str
    procedure: SampleProcedure
    person: int
    channel: int
    filed: datetime
    received: datetime | None
    due: date | None
    ended: datetime | None
    returned: datetime | None
    status: int = 0

    def as_of(self, moment: datetime) -> Dossier:
        """The same dossier as an export taken at that moment shows it."""
        ended = self.ended if self.ended and self.ended <= moment else None
        returned = self.returned if self.returned and self.returned <= moment else None
        status = self.status
        if status in (0, WITHDRAWN):
            final = WITHDRAWN if status == WITHDRAWN else RETURNED if returned else DONE
            status = final if ended else PROCESSING
        return replace(self, ended=ended, returned=returned, status=status)


def generate_dossiers(unit: SampleUnit, rng: random.Random) -> list[Dossier]:
    """All dossiers of a unit in order of reception, coded without gaps within each day."""
    if unit.code == BINH_LUONG:
        drafts = _binh_luong(rng)
    else:
        drafts = [_ordinary(rng, unit, day) for day in _reception_days(rng, unit.size)]
        drafts += _carried_over(rng, unit)
    drafts.sort(key=lambda draft: (draft.received or draft.filed, draft.procedure.name))
    return _with_codes(unit.agency_code, drafts)


def _reception_days(rng: random.Random, count: int) -> list[date]:
    return rng.choices(working_days(WINDOW_START, LAST_MOMENT.date()), k=count)


def _ordinary(rng: random.Random, unit: SampleUnit, day: date) -> Dossier:
    pool = UNKNOWN_PROCEDURES if rng.random() < unit.unknown_share else PROCEDURES
    procedure = rng.choices(pool, weights=[entry.weight for entry in pool])[0]
    draft = _received(rng, procedure, day, unit.online_share)
    roll = rng.random()
    if roll < 0.012 and day > date(2021, 7, 15):
        return replace(draft, status=rng.choice((SUPPLEMENT, SUPPLEMENT, STOPPED)))
    if roll < 0.018:
        return _ended(rng, replace(draft, status=WITHDRAWN), rng.choice((0, 1)))
    if roll < 0.024:
        return replace(draft, status=REFUSED)
    if roll < 0.034:
        return draft
    if roll < 0.200 and day >= date(2021, 8, 30):
        return replace(draft, status=REGISTERED, channel=2, received=None, due=None)
    return _resolved(rng, draft, late_share=0.035)


def _received(
    rng: random.Random, procedure: SampleProcedure, day: date, online_share: float, latest_hour: int = 16
) -> Dossier:
    hour = rng.choice([hour for hour in (7, 8, 8, 9, 9, 10, 10, 14, 14, 15, 16) if hour <= latest_hour])
    first_minute = 15 if hour == 7 else 0
    received = datetime.combine(day, time(hour, rng.randint(first_minute, 54), rng.randint(0, 59)))
    roll = rng.random()
    channel = 2 if roll < online_share else 3 if roll < online_share + 0.008 else 1
    minutes_before = rng.randint(60, 900) if channel == 2 else rng.randint(0, 6)
    return Dossier(
        code="",
        procedure=procedure,
        person=rng.randint(1, 9999),
        channel=channel,
        filed=received - timedelta(minutes=minutes_before),
        received=received,
        due=promised_day(received, procedure.time_value, procedure.time_unit),
        ended=None,
        returned=None,
    )


def _resolved(rng: random.Random, draft: Dossier, late_share: float) -> Dossier:
    """The draft with an end: mostly before or on the promised day, some of them after it."""
    if draft.received is None:
        return draft
    day = draft.received.date()
    due = draft.due or add_working_days(day, 8)
    if rng.random() < late_share:
        return _ended_on(rng, draft, add_working_days(due, rng.randint(1, 6)))
    choices = [day, *working_days(day + timedelta(days=1), due)]
    if due == day:
        return _ended_on(rng, draft, day)
    # Two in ten leave on the last day, the others anywhere before it.
    end = due if rng.random() < 0.2 else rng.choice(choices[:-1])
    return _ended_on(rng, draft, end)


def _ended(rng: random.Random, draft: Dossier, days: int) -> Dossier:
    return _ended_on(rng, draft, add_working_days((draft.received or draft.filed).date(), days))


def _ended_on(rng: random.Random, draft: Dossier, day: date) -> Dossier:
    morning = datetime.combine(day, time(7, 30))
    earliest = max(morning, draft.received or draft.filed)
    closing = datetime.combine(day, time(17, 0))
    span = max(1, int((closing - earliest).total_seconds()) - 60)
    ended = earliest + timedelta(seconds=rng.randint(min(span, 60), span))
    return replace(draft, ended=ended, returned=_handed_over(rng, ended))


def _handed_over(rng: random.Random, ended: datetime) -> datetime:
    """Usually minutes after the end, sometimes only days later."""
    if rng.random() < 0.85:
        return min(ended + timedelta(minutes=rng.randint(1, 15)), datetime.combine(ended.date(), time(17, 0)))
    day = add_working_days(ended.date(), rng.randint(1, 4))
    return datetime.combine(day, time(rng.choice((8, 9, 10, 14)), rng.randint(0, 59), rng.randint(0, 59)))


def _carried_over(rng: random.Random, unit: SampleUnit) -> list[Dossier]:
    """Dossiers received before the window: open ones of one day each, and some settled in time."""
    days = working_days(date(2020, 11, 16), date(2020, 12, 14))
    slow = [entry for entry in PROCEDURES if entry.code in ("1.001699", "1.003554", "1.004884", "1.001731")]
    drafts = []
    for day in rng.sample(days, unit.carried):
        draft = _received(rng, rng.choice(slow), day, 0.0)
        end = add_working_days(date(2020, 12, 14), rng.randint(1, 25))
        drafts.append(draft if rng.random() < 0.15 else _ended_on(rng, draft, end))
    early = working_days(date(2020, 11, 2), date(2020, 11, 13))
    for day in rng.sample(early, unit.settled_before):
        drafts.append(_resolved(rng, _received(rng, of_field("ho_tich")[3], day, 0.0), 0.0))
    return drafts


def _binh_luong(rng: random.Random) -> list[Dossier]:
    """xã Bình Lương: fixed numbers by field, all settled in time but two petitions still within theirs."""
    drafts: list[Dossier] = []
    for field_id, count in BINH_LUONG_FIELDS:
        pool = of_field(field_id)
        if field_id == "nguoi_co_cong":
            pool = pool[:1]
        for _ in range(count):
            procedure = rng.choices(pool, weights=[entry.weight for entry in pool])[0]
            drafts.append(_settled_in_time(rng, procedure))
    petition = of_field("xu_ly_don")[0]
    drafts = [draft for draft in drafts if draft.procedure is not petition]
    drafts += [_received(rng, petition, day, 0.0) for day in _OPEN_PETITIONS]
    drafts += [_settled_in_time(rng, petition) for _ in range(3)]
    return drafts


def _settled_in_time(rng: random.Random, procedure: SampleProcedure) -> Dossier:
    days = working_days(WINDOW_START, LAST_MOMENT.date())
    while True:
        draft = _resolved(rng, _received(rng, procedure, rng.choice(days), 0.11), late_share=0.0)
        if draft.ended and draft.ended <= LAST_MOMENT and draft.due and draft.due >= draft.ended.date():
            return draft


def _with_codes(agency_code: str, drafts: list[Dossier]) -> list[Dossier]:
    """Number the dossiers of each day from 0001, as the software does."""
    numbers: Counter[date] = Counter()
    coded = []
    for draft in drafts:
        day = (draft.received or draft.filed).date()
        numbers[day] += 1
        coded.append(replace(draft, code=f"{agency_code}-{day:%y%m%d}-{numbers[day]:04d}"))
    return coded
