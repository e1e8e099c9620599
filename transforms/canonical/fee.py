"""Rows of a fee list as typed records."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.assemble import Assembled, Refusal, assemble_rows, find_repeats
from transforms.canonical.dates import read_dates, refuse_dates
from transforms.canonical.source import Source, codes_of_labels, showable, tidied, tidied_codes
from transforms.findings import Finding
from transforms.readers.values import parse_amounts, parse_unique
from transforms.text_vi import tidy

AMOUNT_COLUMNS = ("charge_amount", "duty_amount", "total_amount")


def canonicalise_fees(source: Source) -> tuple[Assembled, tuple[Finding, ...]]:
    """Typed fee receipts of one export and what is doubtful about them.

    A missing total is charge + duty. Set apart: rows without a dossier code, with an amount or a date
    that cannot be read, or with no amount at all. Rows whose printed total is not charge + duty keep it
    and stand in ``fee.total.mismatch``. A receipt without a number has "".
    """
    codes = tidied_codes(source.text("dossier_code"))
    receipts = pc.fill_null(parse_unique(source.text("receipt_number"), _receipt, pa.string())[0], "")
    channel_label = tidied(source.text("channel_code"))
    channel_code, unknown_channel = codes_of_labels(
        channel_label, source.catalogue.channels, source.profile.channel_map
    )
    amounts, unreadable = {}, {}
    for name in AMOUNT_COLUMNS:
        amounts[name], unreadable[name] = parse_amounts(source.text(name))
    charge, duty, printed = (amounts[name] for name in AMOUNT_COLUMNS)
    has_part = pc.or_(pc.is_valid(charge), pc.is_valid(duty))
    parts = pc.if_else(
        has_part, pc.add(pc.fill_null(charge, 0), pc.fill_null(duty, 0)), pa.scalar(None, pa.int64())
    )
    total = pc.coalesce(printed, parts)
    dates, impossible = read_dates(source, ("received_date", "collected_date"))
    size = len(codes)
    any_unreadable = pc.or_(pc.or_(*list(unreadable.values())[:2]), unreadable["total_amount"])
    refusals = (
        Refusal("fee.code.missing", "dossier_code", pc.is_null(codes)),
        *(
            Refusal("fee.amount.unreadable", name, mask, showable(source.text(name), mask))
            for name, mask in unreadable.items()
        ),
        Refusal("fee.amount.missing", "total_amount", pc.and_(pc.is_null(total), pc.invert(any_unreadable))),
        *refuse_dates(source, impossible),
    )
    columns = {
        **amounts,
        **dates,
        "unit_code": pa.repeat(pa.scalar(source.unit_code, pa.string()), size),
        "receipt_number": receipts,
        "dossier_code": codes,
        "channel_code": channel_code,
        "total_amount": total,
    }
    assembled = assemble_rows(source, columns, refusals, codes)
    mismatch = pc.and_(pc.fill_null(pc.not_equal(printed, parts), False), pc.invert(any_unreadable))
    findings = (
        *source.find(
            "fee.total.mismatch",
            "total_amount",
            mismatch,
            codes,
            showable(source.text("total_amount"), mismatch),
        ),
        *source.find("fee.channel.unknown", "channel_code", unknown_channel, codes, channel_label),
        *_repeats(source, assembled),
    )
    return assembled, findings


def _receipt(text: str) -> str | None:
    """Receipt number as printed; a dash is none."""
    number = tidy(text)
    return number if any(ch.isalnum() for ch in number) else None


def _repeats(source: Source, assembled: Assembled) -> tuple[Finding, ...]:
    """The same receipt twice is a correction; another amount or day may be a second payment that is lost."""
    earlier, later = assembled.repeat.earlier, assembled.repeat.later
    differs = pc.or_(
        pc.fill_null(pc.not_equal(earlier.column("total_amount"), later.column("total_amount")), False),
        pc.fill_null(pc.not_equal(earlier.column("collected_date"), later.column("collected_date")), False),
    )
    return find_repeats(
        source,
        assembled.repeat,
        differs,
        ("fee.receipt.two_payments", "fee.receipt.repeated"),
        ("dossier_code", "total_amount"),
    )
