"""Faults in what a unit sends as a whole: rows missing, months that are odd, dates that were filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Set
from datetime import date, datetime, timedelta
from typing import Any

from tests.mutation.district import units
from tests.mutation.model import Canvas, FaultKind, Injected

Row = dict[str, Any]
JULY, AUGUST = (2021, 7), (2021, 8)


def _units(canvas: Canvas, count: int) -> list[str]:
    return sorted(canvas.rng.sample([unit.code for unit in units()], count))


def _of(canvas: Canvas, unit: str) -> list[Row]:
    return [row for row in canvas.district.dossiers if row["unit_code"] == unit]


def _received_in(row: Row, month: tuple[int, int]) -> bool:
    day = row["received_date"]
    return day is not None and (day.year, day.month) == month


def _drop(canvas: Canvas, codes: Set[str]) -> None:
    """Take dossiers out of every list, as an export with a filter does."""
    district = canvas.district
    for rows in (district.dossiers, district.fees, district.overdue):
        rows[:] = [row for row in rows if row["dossier_code"] not in codes]


def _without_summaries(canvas: Canvas, damaged: list[str]) -> None:
    """The units' summaries would tell the fault as well; without them only the code meant for it can."""
    rows = canvas.district.summaries
    rows[:] = [row for row in rows if row["unit_code"] not in damaged]


def _in_units(
    code: str, count: int, change: Callable[[Canvas, str], None]
) -> Callable[[Canvas], list[Injected]]:
    def inject(canvas: Canvas) -> list[Injected]:
        damaged = _units(canvas, count)
        for unit in damaged:
            change(canvas, unit)
        _without_summaries(canvas, damaged)
        return [Injected(code, unit) for unit in damaged]

    return inject


def _days_of(rows: list[Row]) -> dict[str, list[str]]:
    """Code without its counter → codes of that day in order."""
    days: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        days[row["dossier_code"].rpartition("-")[0]].append(row["dossier_code"])
    return {day: sorted(codes) for day, codes in days.items()}


def _inject_single_gap(canvas: Canvas) -> list[Injected]:
    """One dossier in the middle of a day is missing; the finding names the day."""
    found = []
    for unit in _units(canvas, 10):
        days = {
            day: codes
            for day, codes in _days_of(_of(canvas, unit)).items()
            if len(codes) >= 3 and "-2012" not in day
        }
        day = canvas.rng.choice(sorted(days))
        _drop(canvas, {days[day][canvas.rng.randrange(len(days[day]) - 1)]})
        found.append(Injected("dossier.sequence.gap", unit, day))
    _without_summaries(canvas, [item.unit for item in found])
    return found


def _cut_days(canvas: Canvas, unit: str) -> None:
    """Of each day of two months only the second half came."""
    days = _days_of(
        [row for row in _of(canvas, unit) if _received_in(row, JULY) or _received_in(row, (2021, 5))]
    )
    _drop(
        canvas, {code for codes in days.values() for code in codes[: (len(codes) + 1) // 2] if len(codes) > 1}
    )


def _cut_everywhere(canvas: Canvas, unit: str) -> None:
    """A filter let through four dossiers in ten."""
    codes = [row["dossier_code"] for row in _of(canvas, unit)]
    _drop(canvas, set(canvas.rng.sample(codes, len(codes) * 6 // 10)))


def _skip_numbers(canvas: Canvas, unit: str) -> None:
    """The software numbers registrations that are cancelled later: an eighth of the numbers, every month."""
    codes = [row["dossier_code"] for row in _of(canvas, unit)]
    _drop(canvas, set(canvas.rng.sample(codes, len(codes) // 8)))


def _thin_month(canvas: Canvas, unit: str) -> None:
    """Only a few days of August came."""
    august = [row for row in _of(canvas, unit) if _received_in(row, AUGUST) and row["received_date"].day > 4]
    _drop(canvas, {row["dossier_code"] for row in august})


def _leave_open(canvas: Canvas, unit: str) -> None:
    """Half of August's dossiers are closed in reality, but nobody closed them in the software."""
    for row in _of(canvas, unit):
        if _received_in(row, AUGUST) and row["resolved_date"] and canvas.rng.random() < 0.6:
            due = max(row["due_date"], date(2021, 9, 5))
            row.update(status_code=4, resolved_date=None, returned_date=None, due_date=due)
            _forget_overdue(canvas, row)


def _make_late(canvas: Canvas, unit: str) -> None:
    """Half of what ended in August ended after its day."""
    for row in _of(canvas, unit):
        ended = row["resolved_date"]
        if (
            ended
            and (ended.year, ended.month) == AUGUST
            and ended > row["received_date"]
            and canvas.rng.random() < 0.9
        ):
            row["due_date"] = ended - timedelta(days=1)
            _forget_overdue(canvas, row)
        elif (
            ended and (ended.year, ended.month) == AUGUST and row["received_date"] == ended and ended.day < 28
        ) and canvas.rng.random() < 0.4:
            row["resolved_date"] = row["returned_date"] = row["due_date"] + timedelta(days=2)
            _forget_overdue(canvas, row)


def _forget_overdue(canvas: Canvas, row: Row) -> None:
    rows = canvas.district.overdue
    rows[:] = [line for line in rows if line["dossier_code"] != row["dossier_code"]]


def _shift_field(canvas: Canvas, unit: str) -> None:
    """Half of August's certifications were entered as another procedure."""
    for row in _of(canvas, unit):
        if _received_in(row, AUGUST) and row["field_name"] == "Chứng thực" and canvas.rng.random() < 0.8:
            row.update(procedure_code="1.001653", procedure_name="Đổi, cấp lại Giấy xác nhận khuyết tật", field_name="Bảo trợ xã hội")  # fmt: skip


def _lose_receipts(canvas: Canvas, unit: str) -> None:
    """Every second receipt is missing."""
    rows = canvas.district.fees
    rows[:] = [row for row in rows if row["unit_code"] != unit or int(row["receipt_number"]) % 2]


def _lose_decisions(canvas: Canvas) -> list[Injected]:
    """The decisions of units with enough results that are decisions are not in the register."""
    results = defaultdict(int)
    for row in canvas.district.dossiers:
        if row["field_name"] in ("Bảo trợ xã hội", "Thi đua - Khen thưởng") and row["status_code"] in (9, 10):
            results[row["unit_code"]] += 1
    damaged = sorted(unit for unit, count in results.items() if count >= 12)[:8]
    rows = canvas.district.documents
    rows[:] = [
        row for row in rows if row["unit_code"] not in damaged or row["document_type_id"] != "quyet_dinh"
    ]
    return [Injected("document.decisions.few", unit) for unit in damaged]


def _end_on_due_day(canvas: Canvas, unit: str) -> None:
    """The day of the end is filled in from the promised day, all year."""
    for row in _of(canvas, unit):
        _copy_due(canvas, row)


def _end_on_due_day_in_spring(canvas: Canvas, unit: str) -> None:
    for row in _of(canvas, unit):
        if row["resolved_date"] and row["resolved_date"] >= date(2021, 8, 1):
            _copy_due(canvas, row)


def _copy_due(canvas: Canvas, row: Row) -> None:
    if (
        row["resolved_date"]
        and row["status_code"] in (9, 10)
        and row["received_date"]
        and row["due_date"] <= date(2021, 9, 5)
    ):
        row.update(status_code=10, resolved_date=row["due_date"], returned_date=row["due_date"])
        _forget_overdue(canvas, row)


def _more_slow_work(canvas: Canvas, unit: str) -> None:
    """Enough dossiers that take days for a month's share to mean something: same-day ones become slow ones."""
    for row in _of(canvas, unit):
        received = row["received_date"]
        is_same_day = received and row["due_date"] == received and row["status_code"] == 10
        if is_same_day and canvas.rng.random() < 0.85:
            due = received + timedelta(days=5)
            ended = received + timedelta(days=canvas.rng.choice((1, 2, 3, 4, 5)))
            if ended <= date(2021, 9, 1):
                row.update(due_date=due, resolved_date=ended, returned_date=ended, procedure_code=None,
                           procedure_name="Thủ tục mẫu không có thời hạn")  # fmt: skip


def _inject_own_past(canvas: Canvas) -> list[Injected]:
    damaged = ["16174", "16183", "16186", "16198", "16222"]
    for unit in damaged:
        _more_slow_work(canvas, unit)
        _end_on_due_day_in_spring(canvas, unit)
    _without_summaries(canvas, damaged)
    return [Injected("plausibility.due_day.above_past", unit) for unit in damaged]


def _close_together(canvas: Canvas, unit: str) -> None:
    """What was waiting in July was closed on its last working day."""
    last = date(2021, 7, 30)
    for row in _of(canvas, unit):
        if _received_in(row, JULY) and row["resolved_date"] and row["received_date"] < last:
            row.update(resolved_date=last, returned_date=last, status_code=10)
            _forget_overdue(canvas, row)


def _ask_again(canvas: Canvas, unit: str) -> None:
    """Four dossiers were sent back for papers, taken up again and sent back once more."""
    rows = [row for row in _of(canvas, unit) if row["status_code"] == 10]
    for row in canvas.rng.sample(rows, 4):
        for number, status in enumerate((5, 4, 5)):
            earlier = datetime(2021, 8, 2 + number)  # noqa: DTZ001 - exports carry local time
            version = {**row, "status_code": status, "resolved_date": None, "returned_date": None}
            canvas.district.dossiers.append(
                {**version, "_exported_at": earlier, "_delivery_id": f"cu-{number}"}
            )


WHOLE_FAULTS = (
    FaultKind("one dossier of a day missing", "dossier.sequence.gap", _inject_single_gap, True),
    FaultKind("half of every day of two months", "dossier.sequence.partial", _in_units("dossier.sequence.partial", 8, _cut_days), True),
    FaultKind("list filtered to four in ten", "dossier.sequence.partial", _in_units("dossier.sequence.partial", 8, _cut_everywhere), True),
    FaultKind("software skips numbers", "dossier.sequence.skipping", _in_units("dossier.sequence.skipping", 8, _skip_numbers), True),
    FaultKind("most of a month missing", "history.volume.unusual", _in_units("history.volume.unusual", 8, _thin_month), True),
    FaultKind("a month's work not closed", "history.rate.unusual", _in_units("history.rate.unusual", 8, _leave_open), True),
    FaultKind("a month suddenly late", "history.on_time.unusual", _in_units("history.on_time.unusual", 8, _make_late), True),
    FaultKind("a field entered as another", "history.share.unusual", _in_units("history.share.unusual", 8, _shift_field), True),
    FaultKind("every second receipt missing", "fee.receipts.few", _in_units("fee.receipts.few", 5, _lose_receipts), True),
    FaultKind("decisions not in the register", "document.decisions.few", _lose_decisions, True),
    FaultKind("ends filled in from promised days", "plausibility.due_day.above_district", _in_units("plausibility.due_day.above_district", 4, _end_on_due_day), True),
    FaultKind("ends filled in since August", "plausibility.due_day.above_past", _inject_own_past, True),
    FaultKind("everything closed on the last day", "plausibility.closing_day.mass", _in_units("plausibility.closing_day.mass", 8, _close_together), True),
    FaultKind("asked for papers again and again", "plausibility.supplement.repeated", _in_units("plausibility.supplement.repeated", 8, _ask_again), True),
)  # fmt: skip
