"""Every sample of a defect, in the order of its place in the manifest."""

from __future__ import annotations

from sample_exports.generator.defects.layouts import layout_defects
from sample_exports.generator.defects.reference import Defect
from sample_exports.generator.defects.repeats import repeat_defects
from sample_exports.generator.defects.spellings import spelling_defects
from sample_exports.generator.defects.wrappers import wrapper_defects


def build_defects() -> tuple[Defect, ...]:
    """All defects; each one's folder is an inbox of its own. Raises ValueError when two share a name."""
    defects = (*layout_defects(), *spelling_defects(), *wrapper_defects(), *repeat_defects())
    if len({defect.slug for defect in defects}) != len(defects):
        raise ValueError("two defects share a name")
    return defects
