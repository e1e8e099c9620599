"""From a night's files to who is told what is missing, what the status shows and what every page says."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli.status import status
from pipelines.cli.status_table import print_status
from pipelines.clock import FixedClock
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Request, answer_request
from pipelines.steps.report import render_report
from pipelines.steps.sending_state import SendingState, read_sending_state
from pipelines.steps.sent_lists import PeriodCoverage, check_sent
from tests.support.plain_night import NIGHT, SAMPLES, open_session, run_plain_night
from transforms.catalogue.model import LIST_KINDS, Unit
from transforms.indicators.delivered import DeliveryCoverage, DeliveryState
from transforms.indicators.period import parse_period
from transforms.indicators.sent import Sent

Night = tuple[Session, NightResult]
UNIT, DISTRICT = "16204", "402"
AS_OF = date(2021, 9, 5)
FEES = "Thu phi le phi 05-09-2021 16-35.xls"


def open_codes(session: Session, unit: str) -> list[tuple[str, str]]:
    """(code, kind) of the open findings about what a unit sends."""
    return sorted(
        (row["code"], row["kind"])
        for row in session.store.findings().to_pylist()
        if row["state"] == "open" and row["unit_code"] == unit and row["code"] in _ABOUT_SENDING
    )


_ABOUT_SENDING = (
    "delivery.missing",
    "delivery.late",
    "delivery.empty",
    "delivery.none",
    "delivery.units.missing",
)


def test_missing_list_is_found_and_fixed_when_it_arrives(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "inbox" / UNIT, inbox / UNIT, ignore=shutil.ignore_patterns(FEES))
    session = open_session(tmp_path / "w")
    run_plain_night(session, inbox, AS_OF, units=set())
    assert open_codes(session, UNIT) == [("delivery.missing", "fee")]
    assert open_codes(session, "16210") == [("delivery.none", "")]
    assert ("delivery.units.missing", "fee") in open_codes(session, DISTRICT)

    shutil.copy(SAMPLES / "inbox" / UNIT / FEES, inbox / UNIT)
    session = Session(session.workspace.root, FixedClock(NIGHT + timedelta(days=1)))
    run_plain_night(session, inbox, AS_OF + timedelta(days=1), units=set())
    assert open_codes(session, UNIT) == []
    fixed = [row for row in session.store.findings().to_pylist() if row["state"] == "fixed"]
    assert ("delivery.missing", UNIT) in [(row["code"], row["unit_code"]) for row in fixed]

    # Ten days later the list of the week that ended on 12/9 is owed, on Saturday as on Friday.
    session = Session(session.workspace.root, FixedClock(NIGHT + timedelta(days=12)))
    codes = {(each.code, dict(each.params).get("subject")) for each in check_sent(session, date(2021, 9, 17))}
    assert ("delivery.missing", "dossier") in codes
    assert check_sent(session, date(2021, 9, 18)) == check_sent(session, date(2021, 9, 17))


def test_empty_workspace_owes_nothing(tmp_path: Path) -> None:
    assert check_sent(open_session(tmp_path / "w"), AS_OF) == ()


def test_sample_night_finds_what_its_inbox_lacks(sample_night: Night) -> None:
    found = {
        (each.code, each.unit_code, dict(each.params).get("subject"))
        for each in check_sent(sample_night[0], AS_OF)
        if each.unit_code != DISTRICT
    }
    assert found == {
        ("delivery.none", "16210", None),
        ("delivery.missing", "16213", "document.incoming"),
        *(("delivery.missing", unit, "fee") for unit in ("16177", "16183", "16207", "16213")),
    }


def test_status_tells_every_list_of_every_unit_for_machines(sample_night: Night) -> None:
    root = str(sample_night[0].workspace.root)
    asked = ["--workspace", root, "--period", "2021-9T", "--as-of", "2021-09-20", "--json"]
    result = CliRunner().invoke(status, asked, standalone_mode=False)
    content = json.loads(result.output)
    (period,) = content["periods"]
    assert (period["period_id"], period["first_day"], period["last_day"]) == (
        "2021-9T",
        "2020-12-15",
        "2021-09-14",
    )
    lists = {(each["unit_code"], each["kind"]): each for each in period["lists"]}
    assert len(lists) == 16 * 5
    assert lists[UNIT, "dossier"] == {
        "unit_code": UNIT, "kind": "dossier", "state": "missing", "exported_on": "2021-09-05",
        "due": "2021-09-16", "late_working_days": 2,
    }  # fmt: skip
    assert lists[UNIT, "supplement"]["state"] == "on_time"
    assert lists["16195", "supplement"]["state"] == "missing"
    assert period["counts"]["supplement"]["expected"] == 16
    assert period["counts"]["supplement"]["sent"] == 13
    assert period["counts"]["supplement"]["missing"] == 3


def test_status_shows_the_day_of_the_last_night_where_none_has_run_since(sample_night: Night) -> None:
    session = sample_night[0]
    years_later = Session(session.workspace.root, FixedClock(datetime(2026, 11, 25, tzinfo=UTC)))
    state = read_sending_state(years_later, None, None)
    assert not state.is_good
    assert state.as_of == date(2021, 9, 6)
    assert [each.period.period_id for each in state.periods] == ["2021-09", "2021-9T", "2021"]


def test_status_refuses_a_period_that_is_none(sample_night: Night) -> None:
    root = str(sample_night[0].workspace.root)
    result = CliRunner().invoke(status, ["--workspace", root, "--period", "2021-13"], standalone_mode=False)
    assert "Kỳ báo cáo “2021-13” không đúng mẫu" in str(result.exception)


def test_narrow_terminal_breaks_lines_and_leaves_no_list_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "60"), ("LINES", "40")):
        monkeypatch.setenv(name, value)
    unit = Unit("16100", "Mẫu Số Một", "thị trấn", "xa", DISTRICT, AS_OF, None, "")
    lists = tuple(
        DeliveryCoverage(unit.code, kind, DeliveryState.MISSING, date(2021, 8, 20 + number), AS_OF, 12)
        for number, kind in enumerate(LIST_KINDS)
    )
    covered = PeriodCoverage(parse_period("2021-09"), date(2021, 8, 15), date(2021, 9, 14), lists)
    print_status(SendingState(AS_OF, (unit,), (covered,), Sent(()), NIGHT, True), (), ())
    printed = capsys.readouterr().out
    for number in range(len(LIST_KINDS)):
        assert f"({20 + number}/8)" in printed
    assert "16100" in printed


@pytest.mark.parametrize(
    ("exported", "late"), [(date(2021, 8, 27), "27/8 chậm 12"), (date(2020, 12, 27), "")]
)
def test_sixty_units_stand_on_a_line_each_within_a_hundred_columns(
    capsys: pytest.CaptureFixture[str], exported: date, late: str
) -> None:
    states = list(DeliveryState)
    units = tuple(
        Unit(f"{16100 + n}", f"Mẫu Số {n}", "thị trấn", "xa", DISTRICT, AS_OF, None, "") for n in range(60)
    )
    lists = tuple(
        DeliveryCoverage(unit.code, kind, states[(n + m) % len(states)], exported, AS_OF, 12)
        for n, unit in enumerate(units)
        for m, kind in enumerate(LIST_KINDS)
    )
    covered = PeriodCoverage(parse_period("2021-09"), date(2021, 8, 15), date(2021, 9, 14), lists)
    print_status(SendingState(AS_OF, units, (covered, covered), Sent(()), NIGHT, True), (), ())
    printed = capsys.readouterr().out.splitlines()
    assert max(map(len, printed)) <= 100
    for unit in units:
        (line,) = [line for line in printed if unit.code in line]
        assert unit.full_name in line
        assert late in line or not any(
            each.state is DeliveryState.LATE for each in lists if each.unit_code == unit.code
        )


def test_every_page_of_the_district_report_says_what_is_lacking(sample_night: Night) -> None:
    context = answer_request(sample_night[0], Request(DISTRICT, "2021-9T", as_of=AS_OF)).context
    stamp = (
        "Thiếu số liệu: hồ sơ 1/16 đơn vị; phí, lệ phí 5/16; văn bản đi 1/16; văn bản đến 2/16; bổ sung 3/16"
    )
    assert context.page_stamp == stamp
    files = render_report(context)
    with zipfile.ZipFile(io.BytesIO(files["bao-cao.docx"])) as word:
        headers = [word.read(name).decode() for name in word.namelist() if name.startswith("word/header")]
    assert len(headers) >= 3
    assert all(stamp in re.sub(r"<[^>]+>", "", header) for header in headers)
    with zipfile.ZipFile(io.BytesIO(files["bieu-so-lieu.xlsx"])) as workbook:
        names = [name for name in workbook.namelist() if name.startswith("xl/worksheets/sheet")]
        assert all(stamp in workbook.read(name).decode() for name in names)
    page = files["bao-cao.html"].decode()
    assert f'@bottom-center {{ content: "{stamp}"' in page
    shown = page.partition('<p class="page-stamp">')[2].partition("</p>")[0]
    assert re.sub(r"<[^>]+>", "", shown) == stamp


def test_report_of_a_unit_carries_no_stamp(sample_night: Night) -> None:
    context = answer_request(sample_night[0], Request(UNIT, "2021-9T", as_of=AS_OF)).context
    assert context.page_stamp == ""


def test_lists_from_before_the_period_are_missing_not_zero(sample_night: Night) -> None:
    answer = answer_request(sample_night[0], Request(UNIT, "2021-10", as_of=date(2021, 9, 16)))
    cells = {figure.label: figure.figure.value for figure in answer.context.key_numbers}
    assert "Hồ sơ tiếp nhận trong kỳ" not in cells
    assert "Phí, lệ phí đã thu" not in cells
    text = str(answer.context.blocks)
    assert "chưa nhận được tệp kết xuất danh sách hồ sơ" in text
    assert "đơn vị chưa gửi tệp kết xuất thu phí, lệ phí của kỳ này" in text
