"""Codes of procedures (TTHC): the core on which they are compared, and names with a code glued on."""

from __future__ import annotations

import re
from collections.abc import Container

from transforms.text_vi import fold, tidy

# The long form carries ministry levels and the province (1.010708.000.00.00.H56), the short one the
# province only (1.000948.H38); DOMAIN.md 3.4. First digits 1-3 are in use, others are let through.
_TAIL = r"(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.[A-Za-zĐđ]\d{2}[A-Za-z]?)?"
_CORE = re.compile(r"(?<![\d.,])([1-9]\.\d{6})(?!\d)")
_GLUED = re.compile(rf"^[\W_]*([1-9]\.\d{{6}})(?!\d){_TAIL}[\s\])}}_–—:;.,-]*")
_CLIPPED = re.compile(r"([1-9])[.,](\d{1,6})")
_CORE_DECIMALS = 6
_LEADING = re.compile(r"^thu tuc (?:hanh chinh )?")


def procedure_core(text: str | None) -> str | None:
    """The core ``d.dddddd`` of a procedure code in any of its printed forms; None when there is none.

    ``1.010708.000.00.00.H56``, ``1.000948.H38`` and ``Mã: 1.001193`` give their first eight characters.
    """
    if not text:
        return None
    found = _CORE.search(tidy(text))
    return found.group(1) if found else None


def repair_procedure_code(text: str | None, known: Container[str]) -> str | None:
    """The known core that a spreadsheet clipped to a number (2.00089 for 2.000890), else None.

    Only codes of ``known`` are given back: a clipped number never invents a code (DOMAIN.md 9.3).
    """
    if not text or not (found := _CLIPPED.fullmatch(tidy(text))):
        return None
    core = f"{found.group(1)}.{found.group(2).ljust(_CORE_DECIMALS, '0')}"
    return core if core in known else None


def split_glued_code(name: str) -> tuple[str | None, str]:
    """(core, name without it) of a name such as ``1.001193.000.00.00.H41- Thủ tục đăng ký khai sinh``."""
    tidied = tidy(name)
    found = _GLUED.match(tidied)
    return (found.group(1), tidied[found.end() :]) if found else (None, tidied)


def procedure_key(name: str) -> str:
    """Key on which names of procedures are compared: folded, without a glued code or leading "Thủ tục".

    A text that is nothing but a code gives its core, so that a replaced code can be an alias as well; a
    folded name has no dot and never meets it.
    """
    core, rest = split_glued_code(name)
    return _LEADING.sub("", fold(rest)) or core or ""


def field_key(name: str) -> str:
    """Key on which names of fields are compared: folded, without a leading "Lĩnh vực"."""
    return fold(name).removeprefix("linh vuc ")
