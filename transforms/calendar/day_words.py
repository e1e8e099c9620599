"""A day in the words of official documents."""

from __future__ import annotations

from datetime import date


def official_date(day: date) -> str:
    """The day as official documents write it: a zero before days 1-9 and before months 1 and 2 only.

    Source: NĐ 30/2020/NĐ-CP, Annex I (place and date of issue).
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
