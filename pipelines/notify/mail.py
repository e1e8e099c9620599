"""E-mail: Apprise reads the address (server, security, login, recipients), the letter is our own.

Apprise draws a new Message-ID at every attempt. Ours follows from the message and the addressee, so that a
letter sent again after a crash, when nobody knows whether the first one went out, is the same letter to the
receiving side.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from pipelines.clock import VIETNAM
from pipelines.notify.channels import Message, Outcome, name_of

_POLICY = SMTP.clone(cte_type="7bit")
"""Servers of offices may take neither 8-bit bodies nor lines over 998 letters."""


def send_mail(plugin: Any, message: Message) -> Outcome:
    """One letter to every address of the channel, the plain text beside the HTML.

    Sent as soon as one address took it (``partly`` where another did not): a second attempt would send
    it again to those that have it. Letters that Apprise is told to sign or encrypt are left to Apprise.
    """
    if plugin.pgp_mode != "no":
        is_sent = plugin.notify(body=message.html, title=message.title, body_format="html")
        return Outcome(True) if is_sent else Outcome(False, "refused_or_unreachable")
    server = f"{plugin.smtp_host}:{plugin.port}"
    try:
        connection = _connect(plugin)
    except smtplib.SMTPAuthenticationError:
        return Outcome(False, "login_refused", server)
    except (OSError, smtplib.SMTPException) as problem:
        return Outcome(False, f"unreachable:{type(problem).__name__}", server)
    taken = 0
    try:
        for name, address in plugin.targets:
            letter = build_letter(plugin, message, name, address)
            copies = [] if taken else [*plugin.cc, *plugin.bcc]  # once, not with every addressee's letter
            with suppress(smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
                connection.send_message(letter, plugin.from_addr[1], [address, *copies])
                taken += 1
    except (OSError, smtplib.SMTPException) as problem:
        if not taken:
            return Outcome(False, f"broken_off:{type(problem).__name__}")
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
    if not taken:
        return Outcome(False, "refused")
    return Outcome(True, "" if taken == len(plugin.targets) else "partly")


def build_letter(plugin: Any, message: Message, name: Any, address: str) -> EmailMessage:
    """The letter to one addressee; its Message-ID is the same at every attempt."""
    sender = plugin.from_addr[1]
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = message.title
    letter["From"] = formataddr((plugin.from_addr[0] or "", sender))
    letter["To"] = formataddr((name or "", address))
    letter["Date"] = format_datetime(message.sent_at.astimezone(VIETNAM))
    domain = sender.rpartition("@")[2] or "motcua.invalid"
    letter["Message-ID"] = f"<motcua.{name_of(message.alert_id, address)}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    if plugin.cc:
        letter["Cc"] = ", ".join(sorted(plugin.cc))
    if plugin.reply_to:
        letter["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    letter.set_content(message.text)
    letter.add_alternative(message.html, subtype="html")
    return letter


def _connect(plugin: Any) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not plugin.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    wait = plugin.socket_connect_timeout
    connection: smtplib.SMTP
    if plugin.secure_mode == "ssl":
        connection = smtplib.SMTP_SSL(plugin.smtp_host, plugin.port, timeout=wait, context=context)
    else:
        connection = smtplib.SMTP(plugin.smtp_host, plugin.port, timeout=wait)
    try:
        if plugin.secure_mode == "starttls":
            connection.starttls(context=context)
        if plugin.user and plugin.password:
            connection.login(plugin.user, plugin.password)
    except BaseException:
        connection.close()
        raise
    return connection
