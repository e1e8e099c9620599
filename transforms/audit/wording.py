"""How the audit says numbers and names in its Vietnamese sentences."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from transforms.text_vi import tidy

_LONGEST_LABEL = 70


def say(value: Decimal) -> str:
    """1363 → "1.363"; 96.80 → "96,8": points part thousands, a comma decimals, no idle zeros."""
    text = f"{value.normalize():,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def say_percent(value: Decimal, decimals: int = 2) -> str:
    """A percentage for a sentence, rounded half up: 62.951… → "62,95%"."""
    return f"{say(round_to(value, decimals))}%"


def round_to(value: Decimal, decimals: int) -> Decimal:
    """Rounded half up to that many decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def say_sum(values: tuple[Decimal, ...]) -> str:
    """ "362 + 61 + 72"; long sums name the first and the last ones."""
    if len(values) > 12:
        head, tail = " + ".join(say(v) for v in values[:5]), " + ".join(say(v) for v in values[-2:])
        return f"{head} + … + {tail}"
    return " + ".join(say(v) for v in values)


def say_label(text: str) -> str:
    """A piece of the report as quoted in a sentence, shortened at a word."""
    label = tidy(text).strip(" -–+•*:;,.(")
    if len(label) <= _LONGEST_LABEL:
        return label
    return label[:_LONGEST_LABEL].rsplit(" ", 1)[0] + "…"
