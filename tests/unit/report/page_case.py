"""Hand-made inputs of the pages of a night: three units of the sample district, or sixty."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    DISTRICT,
    THANH_XUAN,
    YEN_CAT,
    dossiers,
    inputs,
    unit,
)
from transforms.catalogue.model import LIST_KINDS, Unit
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState
from transforms.indicators.due_soon import DueCounts, DueDossier, DueGroup, DueSoon
from transforms.indicators.fix_list import FixList
from transforms.indicators.model import IndicatorTable, Period, Reckoning
from transforms.report.pages.inputs import MonthCount, NightInputs, OpenCurve, PageFinding, UnitTodo

AS_OF = date(2021, 9, 5)
FEW_DOSSIERS = "ho_tich | 0 | 12 | 0 | 6 | 4 | 1 | 1 | 0"
LATE_DOSSIERS = "ho_tich | 0 | 90 | 0 | 20 | 10 | 50 | 6 | 4"
MONTH_DAYS = tuple((date(2021, month - 1, 15), date(2021, month, 14)) for month in range(2, 9))


def finding(code: str, unit_code: str, audience: str = "unit", **others: object) -> PageFinding:
    values: dict[str, object] = {
        "finding_id": f"{code}-{unit_code}",
        "severity": "warning",
        "period_id": "",
        "count": 3,
        "sentence": f"Có 3 dòng cần xem ({code}).",
        "remedy": "Hãy xem lại.",
        "since": date(2021, 9, 1),
        **others,
    }
    return PageFinding(code=code, unit_code=unit_code, audience=audience, **values)  # type: ignore[arg-type]


def months(units: tuple[str, ...]) -> tuple[MonthCount, ...]:
    """Seven months in which every unit received ten dossiers more each month."""
    found = []
    for number, (first, last) in enumerate(MONTH_DAYS, 2):
        reckoning = Reckoning(
            Period(f"2021-{number:02d}", "month", 2021, number), "nd09", first, last, last, AS_OF
        )
        cells = {}
        for code in units:
            cells.update(
                dossiers(
                    f"ho_tich | 0 | {10 * number} | 0 | {8 * number} | {number} | {number} | 0 | 0", code
                )
            )
        found.append(MonthCount(reckoning, IndicatorTable(reckoning, cells, {}, pa.table({})), units))
    return tuple(found)


def lists(units: tuple[Unit, ...], silent: tuple[Unit, ...]) -> tuple[DeliveryCoverage, ...]:
    """Everything on time but the fees, which came late; nothing of the silent."""
    found = []
    for each in units:
        for kind in LIST_KINDS:
            state = DeliveryState.MISSING if each in silent else DeliveryState.ON_TIME
            if kind == "fee" and each not in silent:
                state = DeliveryState.LATE
            day = None if each in silent else AS_OF
            late = 4 if state is DeliveryState.LATE else 0
            found.append(DeliveryCoverage(each.code, kind, state, day, date(2021, 8, 31), late))
    return tuple(found)


def todo(unit_code: str) -> UnitTodo:
    """One overdue dossier and one that is due tomorrow."""
    rows = (
        DueDossier(
            "HS-0001",
            "Đăng ký <b>khai sinh</b>",
            date(2021, 8, 2),
            date(2021, 9, 1),
            -2,
            True,
            "a.xlsx",
            "1",
            5,
        ),
        DueDossier(
            "HS-0002", "Đăng ký kết hôn", date(2021, 8, 30), date(2021, 9, 6), 1, False, "a.xlsx", "1", 6
        ),
    )
    counts = DueCounts(1, 1, 1, 1)
    due = DueSoon(unit_code, AS_OF, counts, (DueGroup("CB01", "", counts, rows),), 0, 0)
    return UnitTodo(due, FixList(unit_code, (), (), 0), AS_OF)


def night(**others: object) -> NightInputs:
    """A district of three units: one with many dossiers, one with few, one that sent nothing."""
    units = (YEN_CAT, BINH_LUONG, THANH_XUAN)
    cells = dossiers(BINH_LUONG_DOSSIERS) | dossiers(FEW_DOSSIERS, "16174")
    report = inputs(
        cells,
        node=DISTRICT,
        leaf_units=units,
        missing_units=(THANH_XUAN,),
        data_days={("16204", "dossier"): date(2021, 9, 3), ("16174", "dossier"): AS_OF},
    )
    told = ("16204", "16174")
    days = tuple(date(2021, 8, day) for day in range(1, 31))
    values: dict[str, object] = {
        "reports": (report,),
        "months": months(("16174", "16204", "16210")),
        "told_since": {(code, "dossier"): date(2021, 3, 15) for code in told},
        "told_until": {(code, "dossier"): AS_OF for code in told},
        "lists": lists(units, (THANH_XUAN,)),
        "findings": (
            finding("dossier.due_date.missing", "16204"),
            finding("plausibility.closing_day.mass", "16204", "parent"),
            finding("delivery.none", "16210", count=1),
        ),
        "curves": (
            OpenCurve("16204", "unit", days, tuple(9 - day // 5 for day in range(30))),
            OpenCurve("16204", "parent", days, (7,) * 30),
        ),
        "todo": {"16204": todo("16204")},
        "backlog": {("age", "61-", "pending_overdue", "16204"): 2},
        "drafted": frozenset({"16204", "16174", "402"}),
        "draft_files": (("Trang", "bao-cao.html"), ("Word", "bao-cao.docx")),
        "run_page": "../runs/latest/index.html",
        **others,
    }
    return NightInputs(**values)  # type: ignore[arg-type]


def large_night(count: int = 60) -> NightInputs:
    """A province's worth of units, each with every field, and 20 findings each for its own page."""
    units = tuple(unit(f"{17000 + number}", f"Mẫu {number:02d}") for number in range(count))
    cells: dict[tuple[str, str, str], int] = {}
    for each in units:
        cells |= dossiers(BINH_LUONG_DOSSIERS, each.code)
    cells |= dossiers(LATE_DOSSIERS, units[7].code)
    report = inputs(
        cells,
        node=DISTRICT,
        leaf_units=units,
        data_days={(each.code, "dossier"): AS_OF for each in units},
    )
    findings = tuple(
        finding(f"dossier.rule_{number}", each.code, "unit" if number else "parent")
        for each in units
        for number in range(20)
    )
    codes = tuple(each.code for each in units)
    return night(
        reports=(report,),
        months=months(codes),
        told_since={(code, "dossier"): date(2021, 1, 15) for code in codes},
        told_until={(code, "dossier"): AS_OF for code in codes},
        lists=lists(units, ()),
        findings=findings,
        todo={},
        backlog={},
    )
