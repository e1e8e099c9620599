"""The words of a to-do list: how soon, in whose hands, and what a mending changes."""

from __future__ import annotations

from transforms.catalogue.model import Catalogue
from transforms.indicators.contributions import NOTE
from transforms.indicators.due_soon import DueCounts, DueDossier, DueGroup
from transforms.indicators.effect import CellChange, Effect, RateChange
from transforms.indicators.fix_texts import RULES
from transforms.indicators.measures import FORM_06A, RATIOS
from transforms.indicators.model import ALL_FIELDS
from transforms.report.numbers_vi import percent, thousands
from transforms.report.restated import facet_words, measure_words

PROMISE_NOTE = (
    "Chỉ sửa theo hồ sơ, giấy tờ lưu. Số liệu sau khi sửa đúng như ghi ở đây nếu giá trị thật đúng như giả định "
    "và tệp kết xuất mới là của ngày làm việc này."
)
NO_EFFECT = "Số liệu không đổi."
_ORDER = {measure.measure_id: place for place, measure in enumerate(FORM_06A)}
_PARTS_FIRST = {measure.measure_id for measure in FORM_06A if not measure.parts}


def due_words(counts: DueCounts) -> str:
    """ "2 hồ sơ đang quá hạn; đến hạn trong 1 ngày làm việc: 0, trong 3 ngày: 1, trong 7 ngày: 4." """
    return (
        f"{thousands(counts.overdue)} hồ sơ đang quá hạn; đến hạn trong 1 ngày làm việc: {thousands(counts.within_1)}, "
        f"trong 3 ngày: {thousands(counts.within_3)}, trong 7 ngày: {thousands(counts.within_7)}."
    )


def hand_words(group: DueGroup) -> str:
    """Who has these dossiers in hand."""
    if group.officer_code:
        return f"Cán bộ {group.officer_code}"
    return group.department_name or "Chưa rõ cán bộ"


def left_words(dossier: DueDossier) -> str:
    """ "quá 3 ngày làm việc", "còn 2 ngày làm việc", "trong ngày"."""
    days = abs(dossier.working_days)
    if dossier.is_overdue:
        return f"quá {thousands(days)} ngày" if days else "vừa quá hạn"
    return f"còn {thousands(days)} ngày" if days else "trong ngày"


def rule_title(rule: str) -> str:
    """What is wrong or to do under the rule; the code itself for one without words."""
    return RULES[rule].title if rule in RULES else rule


def rule_action(rule: str) -> str:
    """What is to be done under the rule, a sentence."""
    return RULES[rule].action if rule in RULES else ""


def rule_assumption(rule: str) -> str:
    """The title, with what the promise takes for true where the new value is not certain."""
    told = RULES[rule].assumption if rule in RULES else ""
    return f"{rule_title(rule)} (giả định {told})" if told else rule_title(rule)


def lowered(text: str) -> str:
    """The text as it goes on after a colon."""
    return text[:1].lower() + text[1:]


def effect_words(effect: Effect, catalogue: Catalogue, limit: int) -> str:
    """ "Giải quyết quá hạn 4 → 5; đang giải quyết, quá hạn 2 → 1; tỷ lệ ... 98,5% → 98,4%." The main changes first, at most ``limit`` cells."""
    rates = [words for change in effect.rates if (words := rate_words(change))]
    cells = sorted(effect.cells, key=_place)
    is_total = any(change.facet == ALL_FIELDS and not change.measure_id.startswith(NOTE) for change in cells)
    if is_total:
        # What the fields say is in the sum already; a sum of parts says nothing new either.
        cells = [c for c in cells if c.facet == ALL_FIELDS and c.measure_id in _PARTS_FIRST] or cells
    elif any(change.facet != ALL_FIELDS for change in cells):
        cells = [c for c in cells if c.measure_id == "received_total"] or cells
    shown = [cell_words(change, catalogue) for change in cells[:limit]]
    if not shown and not rates:
        return NO_EFFECT
    text = "; ".join([*shown, *rates])
    return text[:1].upper() + text[1:] + "."


def cell_words(change: CellChange, catalogue: Catalogue) -> str:
    """ "số hồ sơ tiếp nhận, Hộ tịch 12 → 13"."""
    name = lowered(measure_words(change.measure_id, catalogue))
    facet = (
        "" if change.measure_id.startswith(NOTE) else facet_words(change.measure_id, change.facet, catalogue)
    )
    named = f"{name}, {facet}" if facet else name
    return f"{named} {thousands(change.before)} → {thousands(change.after)}"


def rate_words(change: RateChange) -> str:
    """ "tỷ lệ ... 98,5% → 98,4%"; by counts where both print alike, empty where the share stays the same."""
    (above, below), (later_above, later_below) = change.before, change.after
    if above * later_below == later_above * below and bool(below) == bool(later_below):
        return ""
    texts = [percent(*side) or "không phát sinh" for side in (change.before, change.after)]
    if texts[0] == texts[1]:
        texts = [f"{thousands(side[0])}/{thousands(side[1])}" for side in (change.before, change.after)]
    return f"{lowered(RATIOS[change.measure_id].label)} {texts[0]} → {texts[1]}"


def _place(change: CellChange) -> tuple[bool, bool, int, str, str]:
    is_note = change.measure_id.startswith(NOTE)
    place = _ORDER.get(change.measure_id, len(_ORDER))
    return is_note, change.facet != ALL_FIELDS, place, change.measure_id, change.facet
