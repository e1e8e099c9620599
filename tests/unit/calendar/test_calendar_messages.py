"""Both codes of the legal calendar have their Vietnamese sentence, filled by what the findings carry."""

from __future__ import annotations

from pathlib import Path

from expectations.messages import describe, parse_messages, placeholders
from transforms.findings import Finding, Place
from transforms.indicators.closing import LATE_DELIVERY
from transforms.indicators.due_rule import DIFFERS

MESSAGES = parse_messages(
    {
        "calendar.vi.yml": Path(__file__)
        .parents[3]
        .joinpath("expectations", "messages", "calendar.vi.yml")
        .read_bytes()
    }
)
GIVEN = {LATE_DELIVERY: {"period", "cells", "state"}, DIFFERS: {"later", "earlier"}}


def test_messages_and_findings_have_the_same_codes_and_parameters() -> None:
    assert {code: set(placeholders(MESSAGES[code])) for code in MESSAGES} == GIVEN


def test_both_are_notes_to_the_level_above() -> None:
    assert {(MESSAGES[code].severity, MESSAGES[code].audience) for code in MESSAGES} == {("info", "parent")}


def test_sentences_read_well() -> None:
    names = {"16204": "xã Bình Lương"}
    late = Finding(
        LATE_DELIVERY,
        "16204",
        params=(("period", "2021-09"), ("cells", 3), ("state", "đã khóa từ ngày 17/9/2021, theo hạn gửi")),
    )
    assert describe(late, MESSAGES, {}, names).sentence == (
        "Kỳ tháng 9 năm 2021 của xã Bình Lương đã khóa từ ngày 17/9/2021, theo hạn gửi; "
        "dữ liệu đến sau làm 3 số liệu khác với bản đã công bố."
    )
    differs = Finding(
        DIFFERS,
        "16204",
        "dossier",
        "ds.xls",
        "due_date",
        (("later", 2), ("earlier", 1)),
        (Place("", 9), Place("", 10), Place("", 13)),
    )
    assert describe(differs, MESSAGES, {}, names).sentence == (
        "Có 3 hồ sơ của xã Bình Lương hẹn trả khác với thời hạn của thủ tục: "
        "2 hồ sơ hẹn muộn hơn, 1 hồ sơ hẹn sớm hơn (dòng 9, 10, 13)."
    )
