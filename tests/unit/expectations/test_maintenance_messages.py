"""What taking a delivery back finds has its Vietnamese sentences, filled by what the findings carry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from expectations.messages import describe, parse_messages, placeholders
from pipelines.steps.retraction import ABOUT_RETRACTION, AGAIN, INCOMPLETE, retracted_outcome
from transforms.findings import Finding

FOLDER = Path(__file__).parents[3] / "expectations" / "messages"
MESSAGES = parse_messages({"maintenance.vi.yml": (FOLDER / "maintenance.vi.yml").read_bytes()})
STORED = {
    "delivery_id": "01ab5445b5432909", "unit_code": "16204", "file": "ds 03-09-2021.csv", "kind": "dossier",
    "profile_id": "csv.dossier.v1", "known_from": datetime(2021, 9, 5, tzinfo=UTC),
}  # fmt: skip
NAMES = {"16204": "xã Bình Lương"}


def test_messages_and_codes_are_the_same() -> None:
    assert set(MESSAGES) == set(ABOUT_RETRACTION)
    assert set(placeholders(MESSAGES[AGAIN])) == {"first_file", "delivery"}
    assert set(placeholders(MESSAGES[INCOMPLETE])) == {"files"}


def test_file_that_comes_again_is_named_with_the_one_that_was_taken_back() -> None:
    outcome = retracted_outcome("gui lai.csv", "16204", STORED)
    assert (outcome.state, outcome.refusal_code, outcome.counts.sheet_rows) == ("refused", AGAIN, 0)
    (finding,) = outcome.findings
    described = describe(finding, MESSAGES, {}, NAMES)
    assert described.sentence == (
        "Tệp gui lai.csv của xã Bình Lương có nội dung đúng như tệp ds 03-09-2021.csv đã bị thu hồi nên không được nhận."
    )
    assert "motcua delivery retract 01ab5445b5432909 --undo" in described.remedy


def test_what_may_be_missing_is_told_to_the_level_above() -> None:
    params = (("files", "ds 01-09-2021.csv, ds 02-09-2021.csv"), ("total", 2))
    finding = Finding(INCOMPLETE, "16204", "dossier", "ds 03-09-2021.csv", params=params)
    described = describe(finding, MESSAGES, {}, NAMES)
    assert described.audience == "parent"
    assert described.sentence.endswith("mà các tệp khác cũng đã gửi: ds 01-09-2021.csv, ds 02-09-2021.csv.")
