"""Messages over many nights: one a working day, nothing twice, nothing lost, nobody told what is not theirs."""

from __future__ import annotations

import os
import random
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import click
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from pipelines.cli.catalogue import check_catalogue
from pipelines.cli.init import init
from pipelines.clock import VIETNAM
from pipelines.errors import ConfigurationError
from pipelines.notify import sending
from pipelines.notify.checks import check_alerts
from pipelines.notify.sending import Round, read_alerts, send_pending, sending_lock
from pipelines.steps.nightly import send_alerts
from tests.support.alert_workspace import MONDAY, OTHER, UNIT, AlertWorkspace, Said, worse
from tests.support.plain_night import SAMPLES, open_session, run_plain_night
from tests.support.receivers import MailServer, mail_server, web_hook
from transforms.calendar.work_calendar import build_calendar
from transforms.schema.tables import ALERT_ATTEMPT, FINDING

CLERK = f"{UNIT},*,đơn vị,Công chức một cửa,file://binh-luong,,,\n"
DISTRICT = "402,*,cấp trên,Văn phòng huyện,file://huyen,,,\n"
IT = "*,*,công nghệ thông tin,Quản trị,file://it,,,\n"
LATE = Said("late")
CRITICAL = Said("crit", severity="critical", code="dossier.code.missing")


def day(number: int) -> date:
    """Monday 6 September 2021 is day 0."""
    return MONDAY + timedelta(days=number)


@pytest.fixture
def district(tmp_path: Path) -> AlertWorkspace:
    return AlertWorkspace(tmp_path / "w", CLERK + DISTRICT + IT)


def test_person_gets_one_message_a_day_about_what_changed(district: AlertWorkspace) -> None:
    district.night(day(0), LATE)
    district.night(day(1), LATE)
    district.night(day(2), worse(LATE, 5))
    district.night(day(3), worse(LATE, 2))
    district.night(day(4))
    district.night(day(7))
    clerk = "Công chức một cửa"
    assert district.told() == [
        ("06/09", "digest", clerk, ("new late",)),
        ("08/09", "digest", clerk, ("worse late",)),
        ("09/09", "digest", clerk, ("better late",)),
        ("10/09", "digest", clerk, ("fixed late",)),
    ]


def test_second_run_of_a_day_waits_with_what_is_not_critical(district: AlertWorkspace) -> None:
    district.night(day(0), LATE)
    district.night(day(0), worse(LATE, 9), Said("more"), CRITICAL)
    district.night(day(1), worse(LATE, 9), Said("more"), CRITICAL)
    assert [told[1:2] + told[3:] for told in district.told()] == [
        ("digest", ("new late",)),
        ("critical", ("new crit",)),
        ("digest", ("worse late", "new more")),
    ]


def test_critical_finding_is_told_at_once_and_left_out_of_the_digest(district: AlertWorkspace) -> None:
    assert district.night(day(0), LATE, CRITICAL) == Round(sent=2)
    digest, critical = sorted(read_alerts(district.session.store), key=lambda alert: alert["kind"])[::-1]
    assert [entry["finding_id"] for entry in digest["entries"]] == ["late"]
    assert [entry["finding_id"] for entry in critical["entries"]] == ["crit"]
    assert district.night(day(1), LATE, CRITICAL) == Round()


def test_weekend_and_holiday_are_quiet_and_the_next_working_day_tells_the_rest(tmp_path: Path) -> None:
    thursday = date(2021, 9, 2)  # National Day; the third is off too, then comes a weekend
    place = AlertWorkspace(tmp_path / "w", CLERK)
    gone, stays = Said("gone"), Said("stays", count=1)
    place.night(thursday, gone, CRITICAL)
    place.night(thursday + timedelta(days=1), gone, stays, CRITICAL)
    place.night(thursday + timedelta(days=2), worse(stays, 4), CRITICAL)
    assert place.told() == []
    place.night(day(0), worse(stays, 4), CRITICAL)
    assert sorted(told[1:2] + told[3:] for told in place.told()) == [
        ("critical", ("new crit",)),
        ("digest", ("new stays",)),
    ]


def test_row_marked_ngay_is_told_of_critical_findings_on_days_off(tmp_path: Path) -> None:
    place = AlertWorkspace(tmp_path / "w", CLERK.replace(",,,\n", ",ngay,,\n"))
    place.night(day(5), LATE, CRITICAL)
    assert place.told() == [("11/09", "critical", "Công chức một cửa", ("new crit",))]
    place.night(day(7), LATE, CRITICAL)
    assert place.told()[1:] == [("13/09", "digest", "Công chức một cửa", ("new late",))]


def test_explained_finding_is_told_once_and_then_only_when_it_is_fixed(district: AlertWorkspace) -> None:
    district.night(day(0), LATE)
    district.explain(day(1), LATE)
    district.night(day(1), LATE)
    district.night(day(2), LATE)
    district.night(day(3))
    assert [told[3] for told in district.told()] == [("new late",), ("explained late",), ("fixed late",)]


def test_row_beyond_the_explanation_reopens_that_finding(district: AlertWorkspace) -> None:
    district.night(day(0), LATE, CRITICAL)
    district.explain(day(0), CRITICAL)
    district.night(day(1), LATE, CRITICAL)
    district.night(day(2), LATE, worse(CRITICAL, 4))
    assert [(told[1], told[3]) for told in district.told()[2:]] == [
        ("digest", ("explained crit",)),
        ("critical", ("reopened crit",)),
    ]


def test_open_critical_finding_goes_once_to_the_next_in_line(tmp_path: Path) -> None:
    clerk = CLERK.replace(",,,\n", ",,Văn phòng huyện,2\n")
    place = AlertWorkspace(tmp_path / "w", clerk + DISTRICT + IT)
    known, explained = replace(CRITICAL, name="known"), replace(CRITICAL, name="said", code="fee.total.odd")
    friday = day(4)
    for number in range(8):
        place.record(friday + timedelta(days=number), known, explained)
        place.explain(friday, explained) if number == 0 else None
        place.write(friday + timedelta(days=number))
    place.night(day(14), explained)
    district = [(told[0], told[1], told[3]) for told in place.told() if told[2] == "Văn phòng huyện"]
    # Two working days after Friday are Tuesday; the fix is told to everybody who was told of the finding.
    assert district == [("14/09", "escalation", ("escalated known",)), ("20/09", "digest", ("fixed known",))]


def test_nobody_gets_a_finding_of_another_audience(district: AlertWorkspace) -> None:
    district.night(
        day(0),
        LATE,
        Said("other", unit=OTHER),
        Said("suspect", audience="parent"),
        Said("profile", audience="it", unit=""),
    )
    assert {told[2]: told[3] for told in district.told()} == {
        "Công chức một cửa": ("new late",),
        "Quản trị": ("new profile",),
        # Unit 16174 has no owner, so its finding falls to the level above.
        "Văn phòng huyện": ("new other", "new suspect"),
    }


def test_only_the_units_own_owner_reads_where_its_workbook_lies(district: AlertWorkspace) -> None:
    district.record(day(0), LATE, Said("other", unit=OTHER), Said("suspect", audience="parent"))
    district.write(day(0), workbooks=(f"{UNIT}/thang-8-can-sua.xlsx", f"{OTHER}/ho-so-can-sua.xlsx"))
    texts = {alert["recipient"]: alert["body_text"] for alert in read_alerts(district.session.store)}
    assert f"outbox/{UNIT}/thang-8-can-sua.xlsx" in texts["Công chức một cửa"]
    assert "outbox/" not in texts["Công chức một cửa"].replace(f"outbox/{UNIT}/", "")
    assert "outbox/" not in texts["Văn phòng huyện"]


def test_message_names_rows_and_records_but_no_value(district: AlertWorkspace) -> None:
    district.record(day(0), worse(LATE, 12))
    district.write(day(0))
    (alert,) = read_alerts(district.session.store)
    for body in (alert["body_text"], alert["body_html"]):
        assert "000.09.42.H56-210801-late" in body
        assert "và 9 mục khác" in body
        assert "Người Mẫu" not in body  # what stands in the row
    assert alert["title"] == "Một cửa ngày 06/9/2021: xã Bình Lương, 1 việc mới"


def test_message_calls_a_unit_what_it_was_called_on_that_day(district: AlertWorkspace) -> None:
    district.record(day(0), Said("other", unit=OTHER))
    district.write(day(0))
    (alert,) = read_alerts(district.session.store)
    assert alert["title"] == "Một cửa ngày 06/9/2021: thị trấn Yên Cát, 1 việc mới"
    assert "THỊ TRẤN YÊN CÁT (16174)" in alert["body_text"]


def test_findings_of_one_rule_stand_together_and_their_remedy_once(district: AlertWorkspace) -> None:
    other = "dossier.filed_date.after_received"
    district.record(day(0), Said("a1"), Said("b1", code=other), Said("a2"), Said("b2", code=other))
    rows = district.session.store.findings().to_pylist()
    assert len({row["remedy"] for row in rows}) == 1
    district.write(day(0))
    (alert,) = read_alerts(district.session.store)
    for body in (alert["body_text"], alert["body_html"]):
        assert body.count("Có 3 hồ sơ") == 4
        assert body.count("Việc cần làm") == 1
        at = [body.index(f"210801-00{name}") for name in ("a1", "a2", "b1", "b2")]
        assert at == sorted(at)


def test_units_that_a_finding_is_about_are_not_called_dossiers(district: AlertWorkspace) -> None:
    district.record(day(0), Said("silent", unit="402", audience="parent"))
    rows = district.session.store.findings().to_pylist()
    (row,) = (row for row in rows if row["state"] == "open")
    place = {"sheet": "", "row": 0, "subject": OTHER, "value": "", "file": ""}
    instant = district.session.store.next_instants(datetime.combine(day(0), time(2), VIETNAM), 1)[0]
    named = {**row, "places": [place], "count": 1, "known_from": instant}
    district.session.store.append(FINDING, pa.Table.from_pylist([named], schema=FINDING.arrow_schema()))
    district.write(day(0))
    (alert,) = read_alerts(district.session.store)
    assert "Hồ sơ, văn bản" not in alert["body_text"] + alert["body_html"]


def test_text_of_a_finding_is_escaped_in_html(district: AlertWorkspace) -> None:
    district.record(day(0), LATE)
    rows = district.session.store.findings().to_pylist()
    assert rows
    odd = replace(LATE, name="odd")
    district.record(day(0), LATE, odd)
    district.write_owners(CLERK.replace("Công chức một cửa", "Một <cửa> & A"))
    district.write(day(0))
    (alert,) = read_alerts(district.session.store)
    assert "Một &lt;cửa&gt; &amp; A" in alert["body_html"]
    assert "Một <cửa> & A" in alert["body_text"]


def test_who_cannot_be_reached_is_told_everything_in_one_message_later(tmp_path: Path) -> None:
    place = AlertWorkspace(tmp_path / "w", CLERK.replace("file://binh-luong", "KENH_BL"))
    place.night(day(0), LATE, environment={})
    place.night(day(1), worse(LATE, 5), Said("more"), environment={})
    assert place.told() == []
    (finding,) = check_alerts(place.session, day(1), {})[-1:]
    assert finding.code == "alert.channel.unusable"
    place.night(day(2), worse(LATE, 5), environment={"KENH_BL": "file://bl"})
    assert place.told() == [("08/09", "digest", "Công chức một cửa", ("new late",))]
    assert not [
        f for f in check_alerts(place.session, day(2), {"KENH_BL": "file://bl"}) if "channel" in f.code
    ]


def test_missing_owners_are_one_finding_for_it(tmp_path: Path) -> None:
    place = AlertWorkspace(tmp_path / "w", CLERK + DISTRICT + IT)
    place.record(day(0), LATE, Said("other", unit=OTHER))
    (missing,) = check_alerts(place.session, day(0))
    assert (missing.code, dict(missing.params)["units"]) == ("alert.owner.missing", OTHER)
    place.write_owners(CLERK + "402,*,đơn vị,Cụm,file://cum,,,\n" + DISTRICT + IT)
    assert check_alerts(place.session, day(0)) == ()
    place.write_owners("")
    assert [finding.code for finding in check_alerts(place.session, day(0))] == ["alert.owners.empty"]
    (place.root / "catalogue" / "owners.csv").unlink()
    assert check_alerts(place.session, day(0)) == ()


def test_fault_in_the_owners_file_costs_its_line_only(district: AlertWorkspace) -> None:
    district.write_owners(CLERK + "99999,*,đơn vị,A,file://a,,,\n" + DISTRICT + IT)
    district.night(day(0), LATE)
    assert district.told() == [("06/09", "digest", "Công chức một cửa", ("new late",))]
    assert [finding.code for finding in check_alerts(district.session, day(0))] == ["alert.owners.unreadable"]


def test_new_workspace_has_an_owners_file_to_fill_in_and_the_catalogue_check_reads_it(tmp_path: Path) -> None:
    units, root = tmp_path / "don-vi.csv", tmp_path / "w"
    units.write_text(
        "Mã đơn vị,Tên,Loại,Mã cấp trên,Mã định danh\n402,Mẫu,huyện,,000.01.42.H56\n16204,Bình Mẫu,xã,402,000.02.42.H56\n",
        encoding="utf-8",
    )

    def run(command: click.Command, *arguments: str) -> Result:
        return CliRunner().invoke(command, [*arguments, "--workspace", str(root)], standalone_mode=False)

    assert run(init, "--units", str(units)).exception is None
    assert "Danh mục hợp lệ" in run(check_catalogue).output
    owners = root / "catalogue" / "owners.csv"
    text = owners.read_text(encoding="utf-8-sig")
    owners.write_text(
        text.replace("16204,*,đơn vị,", "16204,*,đơn vị,Một cửa,mailto://a", 1), encoding="utf-8"
    )
    (root / "catalogue" / "officers.csv").write_text(
        "Mã đơn vị,Họ tên cán bộ,Mã cán bộ\n16204,Người Mẫu 0001,Người Mẫu\n", encoding="utf-8"
    )
    failed = run(check_catalogue)
    assert isinstance(failed.exception, ConfigurationError)
    assert "owners.csv dòng" in failed.output
    assert "officers.csv dòng 2" in failed.output
    assert "Người Mẫu" not in failed.output


# --- thirty nights


def test_thirty_nights_over_sixteen_units_repeat_nothing_and_announce_every_fix_once(tmp_path: Path) -> None:
    units = [unit.code for unit in open_session(tmp_path / "mau").catalogue.children("402", MONDAY)]
    assert len(units) == 16
    owners = "".join(f"{unit},*,đơn vị,Một cửa {unit},file://{unit},,Văn phòng huyện,3\n" for unit in units)
    place = AlertWorkspace(tmp_path / "w", owners + DISTRICT + IT)
    calendar = build_calendar(place.session.catalogue.days_off)
    chance = random.Random(20210906)
    pool = [
        Said(f"{unit}-{number}", unit, severity, audience)
        for unit in units
        for number, (severity, audience) in enumerate(
            [("critical", "unit"), ("warning", "unit"), ("warning", "unit"), ("info", "unit"), ("warning", "parent")]
        )
    ]  # fmt: skip
    current: dict[str, Said] = {}
    sent = 0
    for number in range(30):
        for said in chance.sample(pool, 12):
            if said.name not in current:
                current[said.name] = said
            elif chance.random() < 0.5:
                del current[said.name]
            else:
                current[said.name] = worse(said, 7)
        place.record(day(number), *current.values())
        if number % 2 == 0:  # a row more than is explained opens the finding again
            place.explain(day(number), chance.choice(sorted(current.values(), key=lambda said: said.name)))
        for _ in range(1 + (number % 3 == 0)):  # some nights run twice
            place.write(day(number))
        if number % 4 != 1:  # some nights die before they send
            sent += place.send(day(number)).sent
            sent += place.send(day(number), minutes=30).sent
    current.clear()
    for number in (30, 31):
        place.record(day(number))
        place.write(day(number))
        sent += place.send(day(number)).sent
    _assert_calm(place, calendar)
    alerts = read_alerts(place.session.store)
    superseded = {
        row["alert_id"]
        for row in place.session.store.read(ALERT_ATTEMPT).to_pylist()
        if row["state"] == "given_up"
    }
    files = [path.stem.partition("-")[2] for path in (place.root / "alerts").rglob("*.txt")]
    assert sorted(files) == sorted(a["alert_id"] for a in alerts if a["alert_id"] not in superseded)
    assert sent == len(files)
    assert sent > 150


def _assert_calm(place: AlertWorkspace, calendar: object) -> None:
    """What must hold of every series of messages, read from what was really sent."""
    attempts = place.session.store.read(ALERT_ATTEMPT).to_pylist()
    given_up = {row["alert_id"] for row in attempts if row["state"] == "given_up"}
    arrived = [a for a in read_alerts(place.session.store) if a["alert_id"] not in given_up]
    days = [(a["recipient"], a["day"]) for a in arrived if a["kind"] == "digest"]
    assert len(days) == len(set(days))
    assert all(calendar.is_working_day(a["day"]) for a in arrived)  # type: ignore[attr-defined]
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for alert in arrived:
        assert alert["entries"]
        for entry in alert["entries"]:
            told[alert["recipient"], entry["finding_id"]].append(entry["change"])
            if alert["kind"] == "digest":
                assert (entry["change"], entry["severity"]) != ("new", "critical")
            if alert["recipient"].startswith("Một cửa "):
                assert entry["unit_code"] == alert["recipient"].removeprefix("Một cửa ")
                assert entry["audience"] == "unit"
    assert len(told) > 60
    assert {"explained", "reopened", "worse", "better"} <= {
        change for each in told.values() for change in each
    }
    for changes in told.values():
        assert changes[0] in ("new", "escalated")
        assert changes[-1] == "fixed"
        ends = [change for change in changes if change in ("new", "fixed", "escalated")]
        assert all(first != then for first, then in pairwise(ends)), changes
        answered = [change for change in changes if change in ("new", "fixed", "explained", "reopened")]
        assert all((first, then) != ("explained", "explained") for first, then in pairwise(answered)), changes
        assert all(first == "explained" for first, then in pairwise(answered) if then == "reopened"), changes


# --- sending


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailed(tmp_path: Path) -> AlertWorkspace:
    return AlertWorkspace(tmp_path / "w", CLERK.replace("file://binh-luong", "KENH_BL"))


def states(place: AlertWorkspace) -> list[tuple[int, str, str | None]]:
    rows = place.session.store.read(ALERT_ATTEMPT).sort_by("known_from").to_pylist()
    return sorted({(row["attempt"], row["state"], row["reason"]) for row in rows}, key=str)


def test_message_is_sent_after_the_run_and_its_attempt_is_on_record(
    mailed: AlertWorkspace, server: MailServer
) -> None:
    environment = {"KENH_BL": server.address("mot-cua@mau.example")}
    mailed.record(day(0), LATE)
    assert mailed.write(day(0), environment) == 1
    assert server.connections == 0
    assert mailed.send(day(0), environment) == Round(sent=1)
    assert mailed.send(day(0), environment) == Round()
    assert len(server.letters) == 1
    assert states(mailed) == [(1, "sending", None), (1, "sent", None)]


def test_failure_is_tried_again_later_and_later_and_then_given_up(mailed: AlertWorkspace) -> None:
    mailed.root.joinpath("motcua.toml").write_text("alert_attempts = 3\n", encoding="utf-8")
    with web_hook() as hook:
        environment = {"KENH_BL": f"json://127.0.0.1:{hook.port}/tin"}
        hook.status = 503
        mailed.record(day(0), LATE)
        mailed.write(day(0), environment)
        assert mailed.send(day(0), environment) == Round(failed=1)
        assert mailed.send(day(0), environment, minutes=4) == Round(waiting=1)
        assert mailed.send(day(0), environment, minutes=6) == Round(failed=1)
        assert mailed.send(day(0), environment, minutes=20) == Round(waiting=1)
        assert mailed.send(day(0), environment, minutes=30) == Round(given_up=1)
        assert mailed.send(day(0), environment, minutes=9000) == Round()
        assert len(hook.posts) == 3
        assert len({post["alert_id"] for _, post in hook.posts}) == 1
        assert check_alerts(mailed.session, day(0), environment)[-1].code == "alert.undelivered"
        hook.status = 200
        # What was given up was never told: the next digest tells it, and all is well again.
        mailed.night(day(1), LATE, environment=environment)
        assert mailed.told()[-1] == ("07/09", "digest", "Công chức một cửa", ("new late",))
        assert not [
            f for f in check_alerts(mailed.session, day(1), environment) if f.code == "alert.undelivered"
        ]


def test_digest_that_did_not_get_through_gives_way_to_the_next_one(mailed: AlertWorkspace) -> None:
    with web_hook() as hook:
        environment = {"KENH_BL": f"json://127.0.0.1:{hook.port}/tin"}
        hook.status = 503
        mailed.night(day(0), LATE, Said("gone"), environment=environment)
        hook.status = 200
        assert mailed.night(day(1), worse(LATE, 5), environment=environment) == Round(sent=1)
        assert mailed.send(day(1), environment, minutes=9000) == Round()
    said = [post["message"] for _, post in hook.posts]
    assert len(said) == 2
    assert "Có 5 hồ sơ" in said[1]
    assert "Tăng" not in said[1]
    assert mailed.told()[-1][3] == ("new late",)


def test_crash_between_sending_and_recording_gives_the_same_letter_again(
    mailed: AlertWorkspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"KENH_BL": server.address("mot-cua@mau.example")}
    mailed.record(day(0), LATE)
    mailed.write(day(0), environment)

    class PowerCutError(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as broken:
        broken.setattr(sending, "_note", cut)
        with pytest.raises(PowerCutError):
            mailed.send(day(0), environment)
    # Nobody knows whether it went out: the marker stands alone, and the same letter goes out again.
    _drop_outcomes(mailed)
    assert mailed.send(day(0), environment) == Round(sent=1)
    first, again = (letter["Message-ID"] for letter in server.letters)
    assert first == again
    assert mailed.send(day(0), environment, minutes=9000) == Round()


def _drop_outcomes(place: AlertWorkspace) -> None:
    """What a power cut leaves of a round that could write nothing after its marker."""
    rows = place.session.store.read(ALERT_ATTEMPT).to_pylist()
    if any(row["state"] != "sending" for row in rows):
        shutil.rmtree(place.root / "store" / "alert_attempts")
        sending.append_attempts(
            place.session.store,
            [{k: row[k] for k in ("alert_id", "attempt", "state", "reason")} for row in rows if row["state"] == "sending"],
            rows[0]["known_from"],
        )  # fmt: skip


def test_letter_noted_as_sent_before_the_crash_is_not_sent_again(
    mailed: AlertWorkspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"KENH_BL": server.address("mot-cua@mau.example")}
    mailed.record(day(0), LATE)
    mailed.write(day(0), environment)

    def lost(store: object, rows: list[dict[str, object]], now: object) -> None:
        if any(row["state"] != "sending" for row in rows):
            raise KeyboardInterrupt
        real(store, rows, now)  # type: ignore[arg-type]

    real = sending.append_attempts
    with monkeypatch.context() as broken:
        broken.setattr(sending, "append_attempts", lost)
        with pytest.raises(KeyboardInterrupt):
            mailed.send(day(0), environment)
    assert mailed.send(day(0), environment, minutes=60) == Round()
    assert len(server.letters) == 1
    assert states(mailed) == [(1, "sending", None), (1, "sent", None)]


def test_server_that_dies_after_taking_the_letter_is_answered_with_the_same_letter(
    mailed: AlertWorkspace, server: MailServer
) -> None:
    environment = {"KENH_BL": server.address("mot-cua@mau.example")}
    mailed.record(day(0), LATE)
    mailed.write(day(0), environment)
    server.is_silent_after_data = True
    assert mailed.send(day(0), environment) == Round(failed=1)
    server.is_silent_after_data = False
    assert mailed.send(day(0), environment, minutes=10) == Round(sent=1)
    assert len({letter["Message-ID"] for letter in server.letters}) == 1


def test_dead_server_is_asked_once_a_round(tmp_path: Path) -> None:
    owners = "".join(f"{unit},*,đơn vị,Một cửa {unit},KENH_{unit},,,\n" for unit in (UNIT, OTHER))
    place = AlertWorkspace(tmp_path / "w", owners)
    with mail_server() as server:
        port = server.port
    environment = {
        f"KENH_{unit}": f"mailto://127.0.0.1:{port}/a@mau.example?from=b@mau.example&mode=insecure"
        for unit in (UNIT, OTHER)
    }
    assert place.night(day(0), LATE, Said("x", unit=OTHER), environment=environment) == Round(failed=2)
    assert states(place) == [
        (1, "failed", "unreachable:ConnectionRefusedError"),
        (1, "sending", None),
    ]


def test_two_processes_never_send_at_once(district: AlertWorkspace) -> None:
    district.record(day(0), LATE)
    district.write(day(0))
    with sending_lock(district.root / "alerts", 0) as is_held:
        assert is_held
        assert district.send(day(0)) == Round()
    assert district.send(day(0)) == Round(sent=1)


def test_address_and_password_stand_nowhere_in_the_workspace(
    mailed: AlertWorkspace, capfd: pytest.CaptureFixture[str]
) -> None:
    with mail_server() as server:
        port = server.port
    secret = "mat-khau-mau-0001"
    environment = {
        "KENH_BL": f"mailto://thu:{secret}@127.0.0.1:{port}/mot-cua@mau.example?from=b@mau.example"
    }
    mailed.night(day(0), LATE, environment=environment)
    check_alerts(mailed.session, day(0), environment)
    out, err = capfd.readouterr()
    kept = b"".join(path.read_bytes() for path in mailed.root.rglob("*") if path.is_file())
    for word in (secret, "mot-cua@mau.example"):
        assert word.encode() not in kept
        assert word not in out + err


# --- a real night


def test_real_nights_write_their_messages_once_and_send_them_after_the_run(tmp_path: Path) -> None:
    session = open_session(tmp_path / "w")
    inbox = tmp_path / "inbox"
    shutil.copytree(SAMPLES / "inbox" / UNIT, inbox / UNIT)
    folder = session.workspace.catalogue
    header = "Mã đơn vị,Mã quy tắc,Cấp nhận,Người nhận,Kênh\n"
    lines = f"{UNIT},*,đơn vị,Một cửa,file://xa\n*,*,công nghệ thông tin,Quản trị,file://it\n"
    (folder / "owners.csv").write_text(header + lines, encoding="utf-8")
    result = run_plain_night(session, inbox, MONDAY, {UNIT})
    first = read_alerts(session.store)
    for_unit = {f.finding_id for f in result.findings if f.audience == "unit" and f.unit_code == UNIT}
    told = {
        entry["finding_id"]
        for alert in first
        if alert["recipient"] == "Một cửa"
        for entry in alert["entries"]
    }
    assert told == for_unit
    assert {"alert.owner.missing"} <= {finding.code for finding in result.findings}
    assert send_pending(session) == Round(sent=len(first))
    (inbox / UNIT / "hỏng.xls").write_bytes(b"")
    for number in (1, 2, 3):
        run_plain_night(session, inbox, day(number), {UNIT})
        send_pending(session)
        (inbox / UNIT / "hỏng.xls").unlink(missing_ok=True)
    later = read_alerts(session.store)[len(first) :]
    said = [(a["kind"], e["change"], e["code"]) for a in later for e in a["entries"]]
    assert said == [("critical", "new", "file.empty"), ("digest", "fixed", "file.empty")]


def test_failure_to_send_never_spoils_the_night(
    district: AlertWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Folder:
        written: dict[str, object]

        def write_json(self, name: str, content: dict[str, object]) -> None:
            self.written = {name: content}

        def write_page(self) -> None:
            pass

    run = Folder()
    send_alerts(district.session, run)  # type: ignore[arg-type]
    assert run.written == {"alerts.json": {"sent": 0, "failed": 0, "given_up": 0, "waiting": 0}}
    monkeypatch.setattr("pipelines.steps.nightly.send_pending", lambda *_, **__: os.fspath(3))  # type: ignore[call-overload]
    send_alerts(district.session, run)  # type: ignore[arg-type]
    assert run.written == {"alerts.json": {"error": "TypeError"}}
