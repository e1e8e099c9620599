"""How a message leaves: an address behind a name, and one attempt to deliver over it.

Addresses hold passwords and tokens. They come from the environment or from a Prefect secret, live only as
long as the attempt, and stand in no log, file, table or sentence.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.clock import VIETNAM
from pipelines.durable import sync_folder
from pipelines.workspace import make_private
from transforms.text_vi import fold

log = logging.getLogger("motcua.alerts")

FILES = "file://"
_SECRET = "prefect:"
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Message:
    """What is delivered; ``alert_id`` is the same at every attempt, so that a receiver can drop a copy."""

    alert_id: str
    recipient: str
    title: str
    text: str
    html: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt; ``reason`` is a short code, empty when all went well."""

    is_sent: bool
    reason: str = ""
    server: str = ""
    """Set where a server could not be reached, so that the same round does not wait for it again."""


class ChannelError(Exception):
    """A channel that cannot be opened; ``reason``: not_set, unreadable, no_secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Channel:
    """An opened channel."""

    ref: str
    address: str = field(repr=False)
    plugin: Any = field(default=None, repr=False)
    """The Apprise plugin; None for the workspace's own folder."""

    @property
    def is_mail(self) -> bool:
        """True for e-mail."""
        return type(self.plugin).__name__ == "NotifyEmail"


def open_channel(ref: str, environment: Mapping[str, str] | None = None) -> Channel:
    """The channel of that name. Raises ChannelError where its address is not set or cannot be understood.

    ``ref``: the name of an environment variable, ``prefect:name`` of a secret block, or ``file://name`` for
    the workspace's own folder ``alerts/``. An address that itself begins with ``file:`` means that folder.
    """
    address = _find_address(ref, os.environ if environment is None else environment)
    if address.startswith("file:"):
        return Channel(ref, address)
    import apprise  # half a second, and only where there is something to send

    _silence()
    asset = apprise.AppriseAsset(
        app_id="Mot Cua", app_desc="Mot Cua", app_url="", image_url_mask="", image_url_logo=""
    )
    plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise ChannelError("unreadable")
    plugin.socket_connect_timeout = max(plugin.socket_connect_timeout, _TIMEOUT_SECONDS)
    plugin.socket_read_timeout = max(plugin.socket_read_timeout, _TIMEOUT_SECONDS)
    return Channel(ref, address, plugin)


def channel_problem(ref: str, environment: Mapping[str, str] | None = None) -> str:
    """Why nothing can be sent over a channel, as the reason of ChannelError; empty when it can be opened."""
    try:
        open_channel(ref, environment)
    except ChannelError as problem:
        return problem.reason
    return ""


def deliver(channel: Channel, message: Message, folder: Path) -> Outcome:
    """One attempt. ``folder``: the workspace's ``alerts/``, for channels of files; never raises."""
    try:
        if channel.plugin is None:
            _write_files(channel, message, folder)
            return Outcome(True)
        if channel.is_mail:
            from pipelines.notify.mail import send_mail

            return send_mail(channel.plugin, message)
        return _send(channel.plugin, message)
    except (
        Exception
    ) as problem:  # whatever a plugin does, it costs one message; its words may hold the address
        return Outcome(False, type(problem).__name__)


def _send(plugin: Any, message: Message) -> Outcome:
    import apprise

    # Long messages come in parts rather than not at all (Telegram takes 4,096 characters).
    plugin.overflow_mode = apprise.OverflowMode.SPLIT
    if isinstance(getattr(plugin, "payload_extras", None), dict):
        plugin.payload_extras.setdefault("alert_id", message.alert_id)
    sender = apprise.Apprise()
    sender.add(plugin)
    is_sent = sender.notify(
        body=message.text, title=message.title, body_format=apprise.NotifyFormat.TEXT, interpret_escapes=False
    )
    return Outcome(True) if is_sent else Outcome(False, "refused_or_unreachable")


def _write_files(channel: Channel, message: Message, folder: Path) -> None:
    """The message as two files of its own name: written again after a crash, it is still one message."""
    wanted = channel.address.partition(":")[2].strip("/").rpartition("/")[2] or message.recipient
    own = folder / (_NOT_NAME.sub("-", fold(wanted)).strip("-") or "tin")
    make_private(folder)
    make_private(own)
    stem = f"{message.sent_at.astimezone(VIETNAM):%Y%m%d}-{message.alert_id}"
    stem = next((path.stem for path in own.glob(f"*-{message.alert_id}.txt")), stem)
    for suffix, content in (("html", message.html), ("txt", f"{message.title}\n\n{message.text}")):
        temporary, target = own / f".{stem}.{suffix}", own / f"{stem}.{suffix}"
        temporary.unlink(missing_ok=True)
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content.encode("utf-8"))
            os.fsync(file.fileno())
        os.replace(temporary, target)
    sync_folder(own)


def _find_address(ref: str, environment: Mapping[str, str]) -> str:
    if ref.startswith(FILES):
        return ref
    if ref.startswith(_SECRET):
        return _load_secret(ref.removeprefix(_SECRET))
    address = environment.get(ref, "").strip()
    if not address:
        raise ChannelError("not_set")
    return address


def _load_secret(name: str) -> str:
    try:
        from prefect.blocks.system import Secret

        block: Any = Secret.load(name)
        return str(block.get()).strip()
    except Exception:
        raise ChannelError("no_secret") from None


def _silence() -> None:
    """Apprise logs hosts and addresses; nothing of it may reach a log or a terminal."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def name_of(alert_id: str, address: str) -> str:
    """A short name of one copy: message and addressee, without saying who that is."""
    return f"{alert_id}.{hashlib.sha256(address.encode()).hexdigest()[:8]}"
