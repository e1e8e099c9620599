"""What became of each list: days, working days and rows decide, written as small tables of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pyarrow as pa
import pytest

from pipelines.catalogue_files import packaged_files
from tests.support.pipe_table import read_rows
from transforms.catalogue.expected import identity, parse_expected
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue, Unit
from transforms.catalogue.problems import Problems
from transforms.indicators.delivered import DeliveryCoverage, count_coverage
from transforms.indicators.expected import Expectations
from transforms.indicators.period import parse_period
from transforms.indicators.sent import Sent, SentList, find_sent
from transforms.schema.tables import DELIVERY, SUPPLEMENT

HEADER = "unit_code,kind,frequency,due_working_days,period_kinds\n"
UNIT, OTHER = "16204", "16210"
WEEKLY = f"{UNIT},dossier,weekly,2,\n"
SEPTEMBER = "2021-09"
"""15/8/2021-14/9/2021."""


@cache
def packaged(groups: str) -> Catalogue:
    return load_catalogue(packaged_files(), {"groups.csv": groups.encode()} if groups else {})


def catalogue(rows: str = "", groups: str = "") -> Catalogue:
    """The product's catalogue with these rows in place of its own for the same unit and kind."""
    base = packaged(groups)
    own = [entry.value for entry in parse_expected((HEADER + rows).encode(), "own", None, Problems())]
    replaced = {identity(row) for row in own}
    kept = [row for row in base.expected if identity(row) not in replaced]
    return replace(base, expected=(*kept, *own))


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007


def sent(files: str, row_days: Mapping[tuple[str, str], Sequence[date]] | None = None) -> Sent:
    """Lists from a pipe table: kind | exported | arrived | rows | period, of one unit unless a column names it."""
    return Sent(
        (
            SentList(
                row.get("unit", UNIT),
                row["kind"],
                day(row["exported"]),
                day(row["arrived"]),
                int(row["rows"]) if row.get("rows") else None,
                row.get("period", ""),
            )
            for row in read_rows(files)
        ),
        row_days,
    )


START = """
    | kind  | exported   | arrived    | unit  |
    | fee   | 02/01/2021 | 04/01/2021 | 16174 |
"""
"""The workspace took its first file long before; nothing else is known."""


def state(
    of: Sent, as_of: str, kind: str = "dossier", rows: str = WEEKLY, period: str = SEPTEMBER, unit: str = UNIT
) -> DeliveryCoverage:
    expectations = Expectations(catalogue(rows), "nd09", day(as_of))
    units = [catalogue(rows).unit(unit, day(as_of))]
    found = expectations.period_coverage(parse_period(period), units, of)
    return next(each for each in found if each.kind == kind)


def with_start(lines: str) -> Sent:
    return sent(START + "\n".join(line + " 16204 |" for line in lines.strip().splitlines()))


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ("30/08/2021", ("on_time", 0)),
        ("31/08/2021", ("on_time", 0)),  # the second working day after Sunday 29/8
        ("01/09/2021", ("late", 1)),
        ("04/09/2021", ("late", 1)),  # Thursday and Friday are the National Day, then a Saturday
        ("06/09/2021", ("late", 2)),
    ],
)
def test_list_of_a_week_is_late_by_the_working_days_after_its_last_day(
    arrived: str, expected: tuple[str, int]
) -> None:
    found = state(with_start(f"| dossier | 29/08/2021 | {arrived} |"), "07/09/2021")
    assert (found.state, found.late_days) == expected
    assert (found.due, found.exported_on) == (date(2021, 8, 31), date(2021, 8, 29))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("23/08/2021", "not_due_yet"),  # the week that ended on 22/8 is due on the 24th
        ("24/08/2021", "not_due_yet"),
        ("25/08/2021", "missing"),
    ],
)
def test_list_is_missing_from_the_day_after_the_last_day_for_sending(as_of: str, expected: str) -> None:
    assert state(sent(START), as_of).state == expected


def test_nothing_turns_missing_on_a_day_off() -> None:
    friday_due = f"{UNIT},dossier,weekly,5,\n"
    for as_of, expected in (("03/09/2021", "missing"), ("27/08/2021", "not_due_yet")):
        assert state(sent(START), as_of, rows=friday_due).state == expected
    # Due on Friday 27/8: Saturday and Sunday ask nobody, Monday does.
    assert state(sent(START), "28/08/2021", rows=friday_due).state == "not_due_yet"
    assert state(sent(START), "29/08/2021", rows=friday_due).state == "not_due_yet"
    assert state(sent(START), "30/08/2021", rows=friday_due).state == "missing"
    # Come on the Saturday it is not late either.
    came = state(with_start("| dossier | 28/08/2021 | 28/08/2021 |"), "30/08/2021", rows=friday_due)
    assert (came.state, came.late_days) == ("on_time", 0)


def test_older_list_of_the_period_does_not_cover_the_week_but_is_named() -> None:
    found = state(with_start("| dossier | 27/08/2021 | 27/08/2021 |"), "06/09/2021")
    assert (found.state, found.exported_on, found.due) == ("missing", date(2021, 8, 27), date(2021, 8, 31))
    assert found.late_days == 2  # 1/9 and 6/9


def test_list_from_before_the_period_says_nothing_about_it() -> None:
    found = state(with_start("| dossier | 14/08/2021 | 14/08/2021 |"), "18/08/2021")
    assert (found.state, found.exported_on) == ("not_due_yet", None)


def test_what_was_due_before_the_first_file_was_taken_is_not_called_late() -> None:
    first = sent("| kind | exported | arrived |\n| dossier | 05/09/2021 | 05/09/2021 |")
    assert state(first, "05/09/2021").state == "on_time"
    assert state(with_start("| dossier | 05/09/2021 | 05/09/2021 |"), "05/09/2021").state == "late"


@pytest.mark.parametrize(("rows", "expected"), [("0", "empty"), ("3", "on_time"), ("", "on_time")])
def test_file_with_nothing_below_its_header_is_empty(rows: str, expected: str) -> None:
    of = sent(f"| kind | exported | arrived | rows |\n| dossier | 29/08/2021 | 30/08/2021 | {rows} |")
    assert state(of, "30/08/2021").state == expected


def test_list_without_a_row_of_a_whole_month_is_empty_and_over_some_days_not() -> None:
    files = "| kind | exported | arrived |\n| fee | 15/09/2021 | 15/09/2021 |"
    monthly = f"{UNIT},fee,monthly,3,\n"
    july, august = date(2021, 7, 30), date(2021, 8, 20)

    def at(days: list[date], period: str = SEPTEMBER) -> str:
        of = sent(files, {(UNIT, "fee"): days, (OTHER, "fee"): [august]})
        return state(of, "16/09/2021", "fee", monthly, period).state

    assert at([july, august]) == "on_time"
    assert at([july]) == "empty"
    assert at([]) == "empty"
    assert at([july], "2021-10") == "on_time"  # one day old


def test_unit_without_the_software_is_not_missing_and_not_counted() -> None:
    rows = f"{UNIT},fee,none,,\n"
    units = [catalogue(rows).unit(code, date(2021, 9, 20)) for code in (UNIT, OTHER)]
    found = Expectations(catalogue(rows), "nd09", date(2021, 9, 20)).period_coverage(
        parse_period(SEPTEMBER), units, sent(START)
    )
    by_unit = {each.unit_code: each.state for each in found if each.kind == "fee"}
    assert by_unit == {UNIT: "not_expected", OTHER: "missing"}
    count = count_coverage(found)["fee"]
    assert (count.expected, count.sent, count.missing) == (1, 0, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("*,fee,none,,\n", "not_expected"),
        ("*,fee,none,,\n402,fee,monthly,3,\n", "missing"),
        ("402,fee,monthly,3,\nmien_nui,fee,none,,\n", "not_expected"),
        (f"mien_nui,fee,none,,\n{UNIT},fee,monthly,3,\n", "missing"),
    ],
)
def test_nearest_row_holds_unit_then_group_then_unit_above_then_every_unit(rows: str, expected: str) -> None:
    groups = f"group_code,name,unit_code,valid_from,valid_to\nmien_nui,Các xã miền núi,{UNIT},2019-12-01,\n"
    data = catalogue(rows, groups)
    found = Expectations(data, "nd09", date(2021, 9, 20)).period_coverage(
        parse_period(SEPTEMBER), [data.unit(UNIT, date(2021, 9, 20))], sent(START)
    )
    assert {each.kind: each.state for each in found}["fee"] == expected


def test_list_of_a_period_is_due_once_after_its_end() -> None:
    rows = f"{UNIT},dossier,period,2,\n"
    early = with_start("| dossier | 10/09/2021 | 10/09/2021 |")
    assert state(early, "16/09/2021", rows=rows).state == "on_time"
    found = state(early, "17/09/2021", rows=rows)
    assert (found.state, found.due) == ("missing", date(2021, 9, 16))
    after = with_start("| dossier | 14/09/2021 | 20/09/2021 |")
    assert state(after, "21/09/2021", rows=rows).late_days == 2


def test_daily_list_is_due_for_every_working_day() -> None:
    rows = f"{UNIT},dossier,daily,1,\n"
    of = with_start("| dossier | 06/09/2021 | 06/09/2021 |")
    assert state(of, "07/09/2021", rows=rows).state == "on_time"
    assert state(of, "08/09/2021", rows=rows).state == "on_time"
    assert state(of, "09/09/2021", rows=rows).due == date(2021, 9, 8)
    assert state(of, "09/09/2021", rows=rows).state == "missing"


def test_supplement_belongs_to_its_period_and_counts_before_the_end() -> None:
    files = """
    | kind       | exported   | arrived    | period  |
    | supplement | 05/09/2021 | 05/09/2021 | 2021-9T |
    | supplement | 01/07/2021 | 01/07/2021 | 2021-Q2 |
    """
    of, rows = sent(files), f"{UNIT},supplement,period,3,\n"
    assert state(of, "05/09/2021", "supplement", rows, "2021-9T").state == "on_time"
    assert state(of, "05/09/2021", "supplement", rows).state == "not_due_yet"
    assert state(of, "17/09/2021", "supplement", rows).state == "not_due_yet"
    assert state(of, "20/09/2021", "supplement", rows).state == "missing"
    only_long = f"{UNIT},supplement,period,3,nine_months|year\n"
    assert state(of, "20/09/2021", "supplement", only_long).state == "not_expected"


def test_counts_of_a_kind_add_up_over_its_units() -> None:
    data, as_of = catalogue(), date(2021, 9, 20)
    units: list[Unit] = list(data.children("402", as_of))
    of = sent(
        """
    | kind | exported   | arrived    | rows | unit  |
    | fee  | 15/09/2021 | 15/09/2021 | 5    | 16174 |
    | fee  | 15/09/2021 | 20/09/2021 | 5    | 16177 |
    | fee  | 15/09/2021 | 15/09/2021 | 0    | 16180 |
    """
    )
    found = Expectations(data, "nd09", as_of).period_coverage(parse_period(SEPTEMBER), units, of)
    fee = count_coverage(found)["fee"]
    assert (fee.expected, fee.sent, fee.late, fee.empty, fee.missing, fee.not_due) == (16, 3, 1, 1, 13, 0)


def test_present_state_looks_at_what_was_due_last_whatever_the_period() -> None:
    data, units = catalogue(), [catalogue().unit(UNIT, date(2021, 9, 16))]
    of = with_start("| dossier | 05/09/2021 | 05/09/2021 |")
    found = Expectations(data, "nd09", date(2021, 9, 16)).present_coverage(units, of, ("month", "year"))
    by_kind = {each.kind: each for each in found}
    assert set(by_kind) == {"dossier", "fee", "document.outgoing", "document.incoming"}
    # The week that ended on 12/9 was due on 14/9; the month that ended on 14/9 is due today.
    assert (by_kind["dossier"].state, by_kind["dossier"].due) == ("missing", date(2021, 9, 14))
    assert by_kind["fee"].due == date(2021, 8, 18)


def deliveries(text: str) -> pa.Table:
    rows = read_rows(text)
    for row in rows:
        row["exported_at"] = datetime.strptime(row["exported_at"], "%d/%m/%Y")  # type: ignore[assignment] # noqa: DTZ007
        known = datetime.strptime(row["known_from"], "%d/%m/%Y %H:%M")  # noqa: DTZ007
        row["known_from"] = known.replace(tzinfo=UTC)  # type: ignore[assignment]
        row["data_row_count"] = int(row["data_row_count"])  # type: ignore[assignment]
    columns = [pa.array([row.get(c.name) for row in rows], c.type) for c in DELIVERY.columns]
    return pa.Table.from_arrays(columns, schema=DELIVERY.arrow_schema())


def test_accepted_files_become_lists_by_unit_and_register() -> None:
    table = deliveries(
        """
    | delivery_id | unit_code | kind     | state    | profile_id  | exported_at | known_from       | data_row_count |
    | d1          | 16204     | dossier  | accepted | x.v1        | 05/09/2021  | 05/09/2021 18:30 | 9              |
    | d2          | 16204     | document | accepted | register.v1 | 05/09/2021  | 05/09/2021 10:00 | 9              |
    | d3          | 16204     | document | accepted | both.v1     | 04/09/2021  | 05/09/2021 10:00 | 9              |
    | d4          | 16204     | fee      | refused  | x.v1        | 05/09/2021  | 05/09/2021 10:00 | 9              |
    | d5          | 16204     | overdue  | accepted | x.v1        | 05/09/2021  | 05/09/2021 10:00 | 9              |
    """
    )
    carried = pa.table(
        {
            "unit_code": [UNIT, OTHER, OTHER],
            "kind": ["dossier", "dossier", "dossier"],
            "delivery_id": ["d1", "d1", "d9"],
            "exported_at": [datetime(2021, 9, 5)] * 3,  # noqa: DTZ001
        }
    )
    of = find_sent(table, carried, SUPPLEMENT.empty(), {"register.v1": "outgoing"}, date(2021, 9, 5))
    # Half past one in the morning of the 6th in Vietnam is after the working day that is run again.
    assert of.lists(UNIT, "dossier") == [SentList(UNIT, "dossier", date(2021, 9, 5), date(2021, 9, 5), 9)]
    assert [each.exported_on.day for each in of.lists(UNIT, "document.outgoing")] == [4, 5]
    assert [each.exported_on.day for each in of.lists(UNIT, "document.incoming")] == [4]
    assert of.lists(UNIT, "fee") == []
    assert [each.row_count for each in of.lists(OTHER, "dossier")] == [None]
    assert not of.is_silent(OTHER)
    assert of.is_silent("16174")
    late = find_sent(table, carried, SUPPLEMENT.empty(), {}, date(2021, 9, 30))
    assert late.lists(UNIT, "dossier")[0].arrived_on == date(2021, 9, 6)
