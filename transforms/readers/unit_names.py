"""Units named in running text: "ỦY BAN NHÂN DÂN XÃ BÌNH LƯƠNG" names 16204 in 2021."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from transforms.catalogue.model import Catalogue, Unit
from transforms.readers.phrases import PhraseIndex
from transforms.text_vi import fold

_TYPE_SHORT_FORMS = {"thi tran": ("tt",), "thi xa": ("tx",), "thanh pho": ("tp",)}
_TYPES = ("xa", "phuong", "thi tran", "huyen", "thi xa", "thanh pho", "quan", "tinh")
_COMMITTEE = ("ubnd", "uy ban nhan dan")
_DEEPEST_FIRST = ("xa", "huyen", "tinh")


class UnitNames:
    """The names of the units that exist on one day; names of other years are not found."""

    def __init__(self, catalogue: Catalogue, day: date) -> None:
        self._units = {unit.code: unit for unit in catalogue.units if unit.is_valid_on(day)}
        typed: dict[str, set[str]] = {}
        bare: dict[str, set[str]] = {}
        for unit in self._units.values():
            for form in _typed_forms(unit):
                typed.setdefault(form, set()).add(unit.code)
            for name in (unit.name, *unit.aliases):
                bare.setdefault(fold(name), set()).add(unit.code)
        # A bare name says a unit only where one unit has it: "Thanh Hoa" is a commune and a province.
        self._bare = {name: codes for name, codes in bare.items() if len(codes) == 1}
        for name, codes in self._bare.items():
            for committee in _COMMITTEE:
                typed.setdefault(f"{committee} {name}", set()).update(codes)
        self._index = PhraseIndex({form: frozenset(codes) for form, codes in typed.items()})

    def named_in(self, texts: Iterable[str]) -> frozenset[str]:
        """Codes of the units that the texts name together, of the deepest level only.

        "huyện Như Xuân" beside "xã Bình Lương" names the commune and serves to tell namesakes apart;
        more than one code is left where the texts name several units or cannot tell two apart.
        """
        groups = [codes for text in texts for codes in self._groups_in(text)]
        named = frozenset().union(*groups)
        for level in _DEEPEST_FIRST:
            here = [group for group in groups if any(self._units[code].level == level for code in group)]
            if here:
                return frozenset().union(*(self._nearest(group, named) for group in here))
        return frozenset()

    def find(self, text: str) -> str | None:
        """Code of the one unit that a text names, by its bare name too; None where none or several."""
        whole = self._bare.get(fold(text))
        named = whole or self.named_in((text,))
        return next(iter(named)) if len(named) == 1 else None

    def ancestors(self, code: str) -> frozenset[str]:
        """Codes above a unit on the day, the unit itself left out."""
        above: set[str] = set()
        while (unit := self._units.get(code)) and unit.parent_code and unit.parent_code not in above:
            code = unit.parent_code
            above.add(code)
        return frozenset(above)

    def _groups_in(self, text: str) -> Iterator[frozenset[str]]:
        for phrase, codes, word_before in self._index.find(fold(text)):
            # "thị xã X" is not the commune X.
            if not (phrase.startswith("xa ") and word_before == "thi"):
                yield codes

    def _nearest(self, namesakes: frozenset[str], named: frozenset[str]) -> frozenset[str]:
        below = frozenset(code for code in namesakes if self.ancestors(code) & (named - namesakes))
        return below or namesakes


def _typed_forms(unit: Unit) -> Iterator[str]:
    kind = fold(unit.type)
    for name in (unit.name, *unit.aliases):
        folded = fold(name)
        if folded.startswith(tuple(f"{known} " for known in _TYPES)):
            yield folded
        for form in (kind, *_TYPE_SHORT_FORMS.get(kind, ())):
            yield f"{form} {folded}"
