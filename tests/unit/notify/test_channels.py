"""What really leaves the machine: a letter, a post, a file; and what never does."""

from __future__ import annotations

import logging
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.notify.channels import ChannelError, Message, Outcome, deliver, open_channel
from tests.support.receivers import mail_server, web_hook

MESSAGE = Message(
    "0123456789abcdef",
    "Công chức một cửa",
    "Một cửa ngày 06/9/2021: xã Bình Lương, 1 việc mới",
    "Kính gửi Công chức một cửa,\n\nCó 3 hồ sơ không có ngày hẹn trả.\n",
    "<p>Kính gửi <b>Công chức một cửa</b></p>\n",
    datetime(2021, 9, 5, 19, 0, tzinfo=UTC),
)
SECRET = "mat-khau-mau-0001"


def test_letter_arrives_with_plain_text_beside_html(tmp_path: Path) -> None:
    with mail_server() as server:
        channel = open_channel("KENH", {"KENH": server.address("mot-cua@mau.example")})
        assert deliver(channel, MESSAGE, tmp_path) == Outcome(True)
    (letter,) = server.letters
    assert server.envelopes == [("motcua@mau.example", ("mot-cua@mau.example",))]
    assert letter["Subject"] == MESSAGE.title
    assert letter["Date"].datetime == MESSAGE.sent_at
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert rich.get_content().replace("\r\n", "\n") == MESSAGE.html


def test_letter_sent_again_has_one_message_id_and_another_addressee_another(tmp_path: Path) -> None:
    with mail_server() as server:
        for to in ("a@mau.example", "a@mau.example", "b@mau.example"):
            deliver(open_channel("KENH", {"KENH": server.address(to)}), MESSAGE, tmp_path)
    first, again, other = (letter.get_all("Message-ID") for letter in server.letters)
    assert first == again
    assert len(first or ()) == 1
    assert first != other


def test_every_address_of_a_channel_gets_its_own_letter(tmp_path: Path) -> None:
    with mail_server() as server:
        channel = open_channel("KENH", {"KENH": server.address("a@mau.example", "b@mau.example")})
        assert deliver(channel, MESSAGE, tmp_path).is_sent
    assert sorted(to for _, to in server.envelopes) == [("a@mau.example",), ("b@mau.example",)]


def test_refused_addressee_beside_a_good_one_is_not_tried_again(tmp_path: Path) -> None:
    with mail_server() as server:
        server.refused.add("b@mau.example")
        channel = open_channel("KENH", {"KENH": server.address("a@mau.example", "b@mau.example")})
        assert deliver(channel, MESSAGE, tmp_path) == Outcome(True, "partly")
    assert len(server.letters) == 1


def test_only_addressee_refused_is_a_failure(tmp_path: Path) -> None:
    with mail_server() as server:
        server.refused.add("b@mau.example")
        channel = open_channel("KENH", {"KENH": server.address("b@mau.example")})
        assert deliver(channel, MESSAGE, tmp_path) == Outcome(False, "refused")


def test_server_that_is_not_there_is_named_for_the_round_only(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    channel = open_channel(
        "KENH", {"KENH": f"mailto://127.0.0.1:{port}/a@mau.example?from=b@mau.example&mode=insecure"}
    )
    assert deliver(channel, MESSAGE, tmp_path) == Outcome(
        False, "unreachable:ConnectionRefusedError", f"127.0.0.1:{port}"
    )


def test_web_hook_gets_title_text_and_the_id_of_the_message(tmp_path: Path) -> None:
    with web_hook() as server:
        channel = open_channel("KENH", {"KENH": f"json://127.0.0.1:{server.port}/tin"})
        assert deliver(channel, MESSAGE, tmp_path) == Outcome(True)
    ((path, post),) = server.posts
    assert path == "/tin"
    assert (post["title"], post["message"].strip()) == (MESSAGE.title, MESSAGE.text.strip())
    assert post["alert_id"] == MESSAGE.alert_id


def test_web_hook_that_answers_with_an_error_is_a_failure(tmp_path: Path) -> None:
    with web_hook() as server:
        server.status = 500
        channel = open_channel("KENH", {"KENH": f"json://127.0.0.1:{server.port}/tin"})
        assert deliver(channel, MESSAGE, tmp_path) == Outcome(False, "refused_or_unreachable")
    assert len(server.posts) == 1


def test_files_are_private_and_one_message_stays_one_file(tmp_path: Path) -> None:
    channel = open_channel("file://binh-luong", {})
    for _ in range(2):
        assert deliver(channel, MESSAGE, tmp_path / "alerts").is_sent
    files = sorted((tmp_path / "alerts").rglob("*.*"))
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        "alerts/binh-luong/20210906-0123456789abcdef.html",
        "alerts/binh-luong/20210906-0123456789abcdef.txt",
    ]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert (tmp_path / "alerts").stat().st_mode & 0o777 == 0o700
    assert files[1].read_text(encoding="utf-8") == f"{MESSAGE.title}\n\n{MESSAGE.text}"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "file:../../ngoai", "file://"])
def test_file_address_never_leads_out_of_the_folder(tmp_path: Path, address: str) -> None:
    assert deliver(open_channel("KENH", {"KENH": address}), MESSAGE, tmp_path / "alerts").is_sent
    assert {path.parent.parent for path in tmp_path.rglob("*.txt")} == {tmp_path / "alerts"}


@pytest.mark.parametrize(
    ("environment", "reason"),
    [({}, "not_set"), ({"KENH": "  "}, "not_set"), ({"KENH": "thu-cua-toi"}, "unreadable")],
)
def test_channel_that_cannot_be_opened_says_why(environment: dict[str, str], reason: str) -> None:
    with pytest.raises(ChannelError) as raised:
        open_channel("KENH", environment)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    "address",
    [
        f"mailto://thu:{SECRET}@127.0.0.1:{{port}}/a@mau.example?from=b@mau.example&mode=insecure",
        f"json://thu:{SECRET}@127.0.0.1:{{port}}/tin",
        f"khong-biet://{SECRET}",
    ],
)
def test_secret_stands_in_no_log_text_or_outcome(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, address: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    said = ""
    try:
        channel = open_channel("KENH", {"KENH": address.format(port=port)})
        said = repr(channel) + repr(deliver(channel, MESSAGE, tmp_path))
    except ChannelError as problem:
        said = repr(problem)
    out, err = capfd.readouterr()
    assert SECRET not in said + out + err + caplog.text
    assert said


def test_channel_over_telegram_is_understood_without_being_called() -> None:
    channel = open_channel("KENH", {"KENH": "tgram://123456789:abcdefg_hijklmnop/12315544/"})
    assert type(channel.plugin).__name__ == "NotifyTelegram"
    assert not channel.is_mail
