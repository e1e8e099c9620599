"""``context.json``: a report as data, and the map from a bookmark to the cell behind it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum

from transforms.render.anchors import cell_stem, context_figures
from transforms.report.blocks import Figure, ReportContext

FORMAT = "motcua.context.v1"


def render_json(context: ReportContext) -> bytes:
    """Canonical JSON in UTF-8: sorted keys, one space of indent, a line break at the end.

    ``report`` is the context with the kind of every part under ``is``; a number stands there as its
    bookmark stem and printed text. ``cells`` maps each stem to cell id, value and first printed text.
    Raises ValueError when one cell is printed with two different values, since a sentence would then
    contradict its table.
    """
    document = {"format": FORMAT, "report": _plain(context), "cells": _cells(context)}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _cells(context: ReportContext) -> dict[str, dict[str, object]]:
    first: dict[str, Figure] = {}
    for figure in context_figures(context):
        known = first.setdefault(cell_stem(figure.cell_id), figure)
        if (known.cell_id, known.value) != (figure.cell_id, figure.value):
            raise ValueError(
                f"cell {figure.cell_id} is printed as {figure.text!r}, "
                f"but {known.cell_id} was printed as {known.text!r}"
            )
    return {
        stem: {"cell_id": figure.cell_id, "value": figure.value, "text": figure.text}
        for stem, figure in first.items()
    }


def _plain(value: object) -> object:
    if isinstance(value, Figure):
        return {"is": "figure", "cell": cell_stem(value.cell_id), "text": value.text}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        parts = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        if not parts.get("source", True):
            del parts["source"]
        return {"is": _kind(value), **parts}
    return value


def _kind(value: object) -> str:
    name = type(value).__name__
    return "".join(f"_{ch.lower()}" if ch.isupper() else ch for ch in name).lstrip("_")
