"""Faults in single records: a day, a code or a status that a clerk or the software got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.mutation.district import AS_OF, units
from tests.mutation.model import Canvas, FaultKind, Injected

Row = dict[str, Any]
PER_KIND = 10
_AGENCIES = {unit.code: unit.agency_code for unit in units()}


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _is_ordinary(row: Row) -> bool:
    return (
        row["status_code"] == 10
        and row["resolved_date"] is not None
        and row["received_date"] >= date(2021, 1, 4)
    )


def _pick(canvas: Canvas, rows: list[Row], subject: str, suits: Callable[[Row], bool]) -> list[Row]:
    """Ten records that suit and that no fault has touched yet; they count as touched from now on."""
    suitable = [row for row in rows if row[subject] not in canvas.touched and suits(row)]
    picked = canvas.rng.sample(suitable, PER_KIND)
    canvas.touched.update(row[subject] for row in picked)
    return picked


def _dossier(
    name: str, code: str, change: Callable[[Row], None], suits: Callable[[Row], bool] = _is_ordinary
) -> FaultKind:
    """A fault in dossiers whose overdue line, if they have one, goes away with it."""

    def inject(canvas: Canvas) -> list[Injected]:
        picked = _pick(canvas, canvas.district.dossiers, "dossier_code", suits)
        codes = {row["dossier_code"] for row in picked}
        kept = [row for row in canvas.district.overdue if row["dossier_code"] not in codes]
        canvas.district.overdue[:] = kept
        for row in picked:
            change(row)
        return [Injected(code, row["unit_code"], row["dossier_code"]) for row in picked]

    return FaultKind(name, code, inject)


def _set(**values: object) -> Callable[[Row], None]:
    return lambda row: row.update(values)


def _shift(column: str, start: str, days: int) -> Callable[[Row], None]:
    return lambda row: row.update({column: row[start] + _days(days)})


def _recode(name: str, code: str, new_code: Callable[[Row, int], str]) -> FaultKind:
    """A fault in the code of the day's last dossier (no gap) that nobody paid for (no receipt is left over)."""

    def inject(canvas: Canvas) -> list[Injected]:
        district = canvas.district
        counters = Counter(row["dossier_code"].rpartition("-")[0] for row in district.dossiers)
        elsewhere = {row["dossier_code"] for row in (*district.fees, *district.overdue)}

        def is_last(row: Row) -> bool:
            day, _, number = row["dossier_code"].rpartition("-")
            return (
                _is_ordinary(row)
                and number == f"{counters[day]:04d}"
                and row["dossier_code"] not in elsewhere
            )

        picked = _pick(canvas, district.dossiers, "dossier_code", is_last)
        for number, row in enumerate(picked):
            row["dossier_code"] = new_code(row, number)
            canvas.touched.add(row["dossier_code"])
        return [Injected(code, row["unit_code"], row["dossier_code"]) for row in picked]

    return FaultKind(name, code, inject)


def _foreign(row: Row, number: int) -> str:
    other = next(agency for unit, agency in sorted(_AGENCIES.items()) if unit != row["unit_code"])
    return row["dossier_code"].replace(_AGENCIES[row["unit_code"]], other)[:-4] + f"{9000 + number}"


def _inject_two_dossiers(canvas: Canvas) -> list[Injected]:
    rows = canvas.district.dossiers
    picked = _pick(canvas, rows, "dossier_code", _is_ordinary)
    found = []
    for row in picked:
        other = next(unit.code for unit in units() if unit.code != row["unit_code"])
        twin = {
            **row,
            "unit_code": other,
            "procedure_code": "1.001653",
            "_file": f"{other}-ho-so.csv",
            "_row": 90_000,
        }
        twin["procedure_name"] = "Đổi, cấp lại Giấy xác nhận khuyết tật"
        twin["received_date"] = row["received_date"] - _days(1)
        rows.append(twin)
        found.append(Injected("dossier.code.two_dossiers", row["unit_code"], row["dossier_code"]))
    return found


def _has_choice(row: Row) -> bool:
    return _is_ordinary(row) and row["resolved_date"] > row["received_date"]


DOSSIER_FAULTS = (
    _dossier("promised day left out", "dossier.due_date.missing", _set(due_date=None)),
    _dossier("end left out", "dossier.resolved_date.missing", _set(resolved_date=None)),
    _dossier("status not updated", "dossier.status.not_closed", _set(status_code=4, returned_date=None)),
    _dossier("handed over, status finished", "dossier.status.not_returned", _set(status_code=9)),
    _dossier("filed after reception", "dossier.filed_date.after_received", _shift("filed_date", "received_date", 3)),
    _dossier("promised before reception", "dossier.due_date.before_received", _shift("due_date", "received_date", -2)),
    _dossier("ended before reception", "dossier.resolved_date.before_received", _shift("resolved_date", "received_date", -3)),
    _dossier("handed over before the end", "dossier.returned_date.before_resolved", _shift("returned_date", "resolved_date", -1), _has_choice),
    _dossier(
        "handed over before reception, no end",
        "dossier.returned_date.before_received",
        lambda row: row.update(resolved_date=None, returned_date=row["received_date"] - _days(2)),
    ),
    _dossier("filed in the future", "dossier.filed_date.in_future", _set(filed_date=AS_OF + _days(30))),
    _dossier("received in the future", "dossier.received_date.in_future", _set(received_date=AS_OF + _days(30))),
    _dossier("ended in the future", "dossier.resolved_date.in_future", _set(resolved_date=date(2031, 8, 5))),
    _dossier("handed over in the future", "dossier.returned_date.in_future", _set(returned_date=AS_OF + _days(1))),
    _dossier("received on another day than coded", "dossier.code.other_day", _shift("received_date", "received_date", -1)),
    _dossier("unknown status number", "dossier.status_code.not_in_list", _set(status_code=11)),
    _dossier("unknown channel number", "dossier.channel_code.not_in_list", _set(channel_code=4)),
    _dossier("no copies", "dossier.copies_count.too_small", _set(copies_count=0)),
    _dossier("procedure code without its point", "dossier.procedure_code.malformed", _set(procedure_code="1001193")),
    _dossier("promised too late for the procedure", "dossier.due_date.differs_from_rule", _shift("due_date", "due_date", 40), _has_choice),
    _recode("code typed by hand", "dossier.dossier_code.malformed", lambda row, number: f"HS-2021-{row['unit_code']}-{number}"),
    _recode("code of another agency", "dossier.code.foreign_unit", _foreign),
    FaultKind("one code, two dossiers", "dossier.code.two_dossiers", _inject_two_dossiers),
)  # fmt: skip


def _fee(name: str, code: str, change: Callable[[Row], None]) -> FaultKind:
    def inject(canvas: Canvas) -> list[Injected]:
        picked = _pick_receipts(canvas)
        for row in picked:
            change(row)
            canvas.touched.update((row["dossier_code"], f"{row['unit_code']}/{row['receipt_number']}"))
        return [Injected(code, row["unit_code"], row["receipt_number"]) for row in picked]

    return FaultKind(name, code, inject)


def _pick_receipts(canvas: Canvas) -> list[Row]:
    """Ten receipts, their numbers made unique over all units so that a finding can be told to be theirs."""
    suitable = [row for row in canvas.district.fees if not row["receipt_number"].startswith("BL")]
    picked = canvas.rng.sample(suitable, PER_KIND)
    for row in picked:
        row["receipt_number"] = f"BL-{row['unit_code']}-{row['receipt_number']}"
    return picked


def _unknown_dossier(row: Row) -> None:
    row["dossier_code"] = row["dossier_code"][:-4] + "7777"


def _inject_on_dossier(code: str, change: Callable[[Row, Row], None]) -> Callable[[Canvas], list[Injected]]:
    """A fault between a receipt and its dossier; the finding names the dossier."""

    def inject(canvas: Canvas) -> list[Injected]:
        by_code = {row["dossier_code"]: row for row in canvas.district.dossiers}
        known = [row for row in canvas.district.fees if row["dossier_code"] in by_code]
        fees = [row for row in known if _is_ordinary(by_code[row["dossier_code"]])]
        fees = [row for row in fees if row["dossier_code"] not in canvas.touched]
        picked = canvas.rng.sample(fees, PER_KIND)
        for row in picked:
            change(row, by_code[row["dossier_code"]])
            canvas.touched.update((row["dossier_code"], row["receipt_number"]))
        codes = {row["dossier_code"] for row in picked}
        kept = [row for row in canvas.district.overdue if row["dossier_code"] not in codes]
        canvas.district.overdue[:] = kept
        return [Injected(code, row["unit_code"], row["dossier_code"]) for row in picked]

    return inject


def _collected_early(receipt: Row, dossier: Row) -> None:
    receipt["collected_date"] = min(dossier["filed_date"], dossier["received_date"]) - _days(2)


def _withdrawn_first(receipt: Row, dossier: Row) -> None:
    dossier.update(status_code=7, resolved_date=dossier["received_date"], returned_date=None)
    receipt["collected_date"] = dossier["received_date"] + _days(4)


FEE_FAULTS = (
    _fee("negative charge", "fee.charge_amount.too_small", _set(charge_amount=-2000)),
    _fee("negative duty", "fee.duty_amount.too_small", _set(duty_amount=-1)),
    _fee("total left out", "fee.total_amount.missing", _set(total_amount=None)),
    _fee("collected in the future", "fee.collected_date.in_future", _set(collected_date=date(2022, 9, 5))),
    _fee("unknown channel of a receipt", "fee.channel_code.not_in_list", _set(channel_code=9)),
    FaultKind(
        "receipt of an unknown dossier",
        "fee.dossier.unknown",
        lambda canvas: _inject_unknown(canvas),
    ),
    FaultKind(
        "collected before filing",
        "fee.collected.before_filed",
        _inject_on_dossier("fee.collected.before_filed", _collected_early),
    ),
    FaultKind(
        "collected after withdrawal",
        "fee.collected.after_withdrawal",
        _inject_on_dossier("fee.collected.after_withdrawal", _withdrawn_first),
    ),
)


def _inject_unknown(canvas: Canvas) -> list[Injected]:
    picked = _pick_receipts(canvas)
    for row in picked:
        _unknown_dossier(row)
        canvas.touched.add(row["dossier_code"])
    return [Injected("fee.dossier.unknown", row["unit_code"], row["dossier_code"]) for row in picked]


def _inject_overdue(code: str, change: Callable[[Row], None]) -> Callable[[Canvas], list[Injected]]:
    def inject(canvas: Canvas) -> list[Injected]:
        picked = _pick(
            canvas, canvas.district.overdue, "dossier_code", lambda row: row["resolved_date"] is not None
        )
        for row in picked:
            change(row)
        return [Injected(code, row["unit_code"], row["dossier_code"]) for row in picked]

    return inject


def _inject_not_overdue(canvas: Canvas) -> list[Injected]:
    district = canvas.district
    listed = {row["dossier_code"] for row in district.overdue}
    picked = _pick(
        canvas,
        district.dossiers,
        "dossier_code",
        lambda row: (
            _is_ordinary(row)
            and row["resolved_date"] <= row["due_date"]
            and row["dossier_code"] not in listed
        ),
    )
    for row in picked:
        line = {name: row[name] for name in row if name.startswith("_")}
        line |= {name: row[name] for name in ("unit_code", "dossier_code", "received_date", "due_date")}
        district.overdue.append({**line, "_row": 80_000, "_file": f"{row['unit_code']}-qua-han.xls"})
    return [Injected("overdue.not_overdue", row["unit_code"], row["dossier_code"]) for row in picked]


def _inject_only_overdue(canvas: Canvas) -> list[Injected]:
    found = []
    for number, row in enumerate(canvas.rng.sample(canvas.district.overdue, PER_KIND)):
        code = row["dossier_code"][:-4] + f"{6000 + number}"
        canvas.district.overdue.append({**row, "dossier_code": code, "_row": 70_000 + number})
        canvas.touched.add(code)
        found.append(Injected("dossier.only_in_overdue_list", row["unit_code"], code))
    return found


OVERDUE_FAULTS = (
    FaultKind("listed as overdue, ended in time", "overdue.not_overdue", _inject_not_overdue),
    FaultKind(
        "two promised days",
        "overdue.due_date.differs",
        _inject_overdue("overdue.due_date.differs", _shift("due_date", "due_date", -1)),
    ),
    FaultKind(
        "two ends",
        "overdue.resolved_date.differs",
        _inject_overdue("overdue.resolved_date.differs", _shift("resolved_date", "resolved_date", 2)),
    ),
    FaultKind("known to the overdue list only", "dossier.only_in_overdue_list", _inject_only_overdue),
)


def _document(name: str, code: str, direction: str, change: Callable[[Row], None]) -> FaultKind:
    def inject(canvas: Canvas) -> list[Injected]:
        rows = [row for row in canvas.district.documents if row["direction"] == direction]
        rows = [row for row in rows if not row["symbol"].startswith("9")]
        picked = canvas.rng.sample(rows, PER_KIND)
        for number, row in enumerate(picked):
            row["symbol"] = f"9{canvas.rng.randrange(10**6):06d}{number}/{row['unit_code']}"
            change(row)
        return [Injected(code, row["unit_code"], row["symbol"]) for row in picked]

    return FaultKind(name, code, inject)


DOCUMENT_FAULTS = (
    _document("day of an issued document left out", "document.issued_date.missing", "outgoing", _set(issued_date=None)),
    _document("day of arrival left out", "document.arrived_date.missing", "incoming", _set(arrived_date=None)),
    _document("arrived before it was issued", "document.arrived_date.before_issued", "incoming", _shift("arrived_date", "issued_date", -4)),
    _document("issued in the future", "document.issued_date.in_future", "outgoing", _set(issued_date=date(2121, 3, 1))),
    _document("arrived in the future", "document.arrived_date.in_future", "incoming", _set(arrived_date=date(2022, 3, 1))),
    _document("issuer of no known level", "document.issuer_level.not_in_list", "incoming", _set(issuer_level="quoc_te")),
)  # fmt: skip


def _summary(name: str, code: str, change: Callable[[Row], None]) -> FaultKind:
    """A fault in one line of ten units' summaries; what is then odd about these summaries is its doing."""

    def inject(canvas: Canvas) -> list[Injected]:
        by_unit = {
            row["unit_code"]: row for row in canvas.district.summaries if row["field_name"] == "Hộ tịch"
        }
        units_left = sorted(unit for unit in by_unit if f"summary/{unit}" not in canvas.touched)
        found = []
        for unit in canvas.rng.sample(units_left, PER_KIND):
            row = by_unit[unit]
            change(row)
            canvas.touched.update(
                text
                for line in canvas.district.summaries
                if line["unit_code"] == unit
                for text in (line["field_name"],)
            )
            found.append(Injected(code, unit))
        return found

    return FaultKind(name, code, inject, is_alone=True)


def _add(**counts: int) -> Callable[[Row], None]:
    return lambda row: row.update({name: (row[name] or 0) + number for name, number in counts.items()})


SUMMARY_FAULTS = (
    _summary("summary parts do not add up", "summary.received_total.parts_differ", _add(received_in_window=1)),
    _summary("summary leaves dossiers out", "summary.received_total.not_accounted", _add(on_time=-2)),
    _summary("more online than received", "summary.received_online.too_many", _add(received_online=5000)),
    _summary("negative count", "summary.late.too_small", _set(late=-1)),
    _summary("summary counts two more", "summary.count.differs", _add(received_total=2, received_in_window=2, on_time=2)),
    _summary("late ones under on time", "summary.count.differs", _add(late=-1, on_time=1)),
    _summary("a field nobody knows", "summary.field.unknown", _set(field_name="Lĩnh vực lạ lùng")),
)  # fmt: skip


def _supplement(name: str, code: str, item: str, value: int) -> FaultKind:
    def inject(canvas: Canvas) -> list[Injected]:
        rows = [row for row in canvas.district.supplement if row["item_id"] == item]
        picked = canvas.rng.sample(rows, PER_KIND)
        for row in picked:
            row["number_value"] = value
        return [Injected(code, row["unit_code"], item) for row in picked]

    return FaultKind(name, code, inject)


SUPPLEMENT_FAULTS = (
    _supplement("staff do not add up", "supplement.staff.parts_differ", "staff_total_count", 25),
    _supplement("more qualified than official", "supplement.staff.qualified_too_many", "staff_qualified_count", 20),
    _supplement("more trained in profession than trained", "supplement.staff.trained_too_many", "trained_professional_count", 5),
)  # fmt: skip

RECORD_FAULTS = (
    *DOSSIER_FAULTS,
    *FEE_FAULTS,
    *OVERDUE_FAULTS,
    *DOCUMENT_FAULTS,
    *SUMMARY_FAULTS,
    *SUPPLEMENT_FAULTS,
)
