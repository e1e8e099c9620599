"""How a report names bodies, forms, bases and rulebooks."""

from __future__ import annotations

from datetime import date

from transforms.catalogue.model import Catalogue, Unit
from transforms.catalogue.rulebook import DEFAULT_RULEBOOK
from transforms.indicators.model import Reckoning
from transforms.indicators.rollup import is_office

COMMITTEE = "Ủy ban nhân dân"
FORM_SOURCE = "Thông tư số 01/2020/TT-VPCP"
FORM_RULES = f"Biểu số II.06a/VPCP/KSTT, {FORM_SOURCE}, xét theo ngày"
"""Name of the default rulebook where a catalogue of old does not give it."""
BASIS_NAMES = {
    "nd09": "theo Nghị định số 09/2019/NĐ-CP",
    "lich": "theo tháng dương lịch",
}
PRACTICE_NAMES = {
    # Art. 12 of the decree knows month, quarter, six months and year only (DOMAIN.md 1.1).
    "nd09": "theo cách tính các kỳ của Nghị định số 09/2019/NĐ-CP",
}


def committee(unit: Unit) -> str:
    """ "Ủy ban nhân dân xã Bình Lương"; the name alone of a group, which has no committee."""
    return unit.full_name if unit.is_group else f"{COMMITTEE} {unit.full_name}"


def short_committee(unit: Unit) -> str:
    """ "UBND xã Bình Lương"; the name alone of a group."""
    return unit.full_name if unit.is_group else f"UBND {unit.full_name}"


def issuer(node: Unit, catalogue: Catalogue, day: date) -> Unit:
    """Whose committee issues the node's report: its own, for a group that of the unit above all members."""
    return (parent_of(node, catalogue, day) or node) if node.is_group else node


def parent_of(unit: Unit, catalogue: Catalogue, day: date) -> Unit | None:
    """The unit above on that day; None at the top and where the catalogue does not hold it."""
    try:
        return catalogue.unit(unit.parent_code, day)
    except KeyError:
        return None


def rulebook_name(reckoning: Reckoning, catalogue: Catalogue) -> str:
    """Readable name of the way of counting, as it stands after "được đếm theo"; its id where it has none."""
    known = catalogue.rulebooks.get(reckoning.rulebook)
    if known is not None and known.name:
        return known.name
    return FORM_RULES if reckoning.rulebook == DEFAULT_RULEBOOK else reckoning.rulebook


def basis_name(reckoning: Reckoning, catalogue: Catalogue) -> str:
    """Where the window's days come from: the decree, or practice where the decree is silent."""
    is_legal = any(
        window.is_legal
        for window in catalogue.windows
        if window.basis == reckoning.basis and window.kind == reckoning.period.kind
    )
    names = BASIS_NAMES if is_legal else PRACTICE_NAMES | {"lich": BASIS_NAMES["lich"]}
    return names.get(reckoning.basis) or catalogue.basis_name(reckoning.basis)


def window_range(window_words: str) -> str:
    """ "từ ngày 15/12/2020 đến ngày 05/9/2021", whatever verb the wording starts with."""
    return window_words.removeprefix("tính ")


def unit_kinds(units: tuple[Unit, ...]) -> str:
    """ "xã, thị trấn": the kinds of unit among them, the commonest first."""
    kinds = [unit.type for unit in units if not is_office(unit.code)] or [unit.type for unit in units]
    return ", ".join(sorted(dict.fromkeys(kinds), key=lambda kind: (-kinds.count(kind), kind)))


def join_names(units: tuple[Unit, ...]) -> str:
    """ "xã Thanh Xuân, xã Bình Lương": the units in the order given."""
    return ", ".join(unit.full_name for unit in units)


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
