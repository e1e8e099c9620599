"""Field of a dossier where the export names neither procedure nor field: free text, group row, file name."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import Source
from transforms.catalogue.model import Catalogue
from transforms.catalogue.procedure_code import field_key, procedure_key
from transforms.readers.phrases import PhraseIndex
from transforms.readers.values import parse_unique
from transforms.text_vi import fold

_SHORTEST_PHRASE = 4
"""Shorter aliases ("HT", "NCC") stand for too much else inside a sentence."""
_GROUP_ORNAMENT = re.compile(r"^(?:(?:[ivx]+|\d+|[a-h]) )?(?:linh vuc )?|(?: \d+(?: ho so)?)$")


class FieldHints:
    """Finds the field that a text speaks of, by the names and aliases of fields and procedures."""

    def __init__(self, catalogue: Catalogue) -> None:
        names: dict[str, set[str]] = {}
        for field in catalogue.fields:
            for name in (field.name, *field.aliases):
                names.setdefault(field_key(name), set()).add(field.field_id)
        phrases = {name: set(ids) for name, ids in names.items()}
        for procedure in catalogue.procedures:
            for name in (procedure.name, *procedure.aliases):
                phrases.setdefault(procedure_key(name), set()).add(procedure.field_id)
        for name, field_id in catalogue.field_aliases.items():
            phrases.setdefault(procedure_key(name), set()).add(field_id)
        self._names = {name: frozenset(ids) for name, ids in names.items()}
        self._field_index = PhraseIndex(_telling(names))
        self._index = PhraseIndex(_telling(phrases))

    def in_free_text(self, text: str) -> str | None:
        """Field of the longest procedure or field name in the text; None where none, or two as long."""
        found = self._index.find(fold(text))
        longest = max((len(phrase) for phrase, _, _ in found), default=0)
        return _only(frozenset().union(*(ids for phrase, ids, _ in found if len(phrase) == longest)))

    def in_group_row(self, text: str) -> str | None:
        """Field that a group row names: "II. Lĩnh vực Hộ tịch (277 hồ sơ)"."""
        folded = fold(text)
        bare = _GROUP_ORNAMENT.sub("", folded)
        return _only(self._names.get(folded) or self._names.get(bare) or self._fields_in(folded))

    def in_file_name(self, file_name: str) -> str | None:
        """Field of a file whose name holds exactly one field's name."""
        return _only(self._fields_in(fold(file_name.rsplit(".", 1)[0])))

    def _fields_in(self, folded: str) -> frozenset[str]:
        return frozenset().union(*(ids for _, ids, _ in self._field_index.find(folded)))


def hint_fields(source: Source) -> pa.Array:
    """Field id per row from the free text, else the group row above, else the file name; null where none."""
    hints = FieldHints(source.catalogue)
    by_text = parse_unique(source.text("free_text"), hints.in_free_text, pa.string())[0]
    by_file = pa.scalar(hints.in_file_name(source.context.file), pa.string())
    if source.raw.group_names is None:
        return pc.coalesce(by_text, by_file)
    groups = source.raw.group_names.cast(pa.string())
    return pc.coalesce(by_text, parse_unique(groups, hints.in_group_row, pa.string())[0], by_file)


def _telling(phrases: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {phrase: frozenset(ids) for phrase, ids in phrases.items() if len(phrase) >= _SHORTEST_PHRASE}


def _only(ids: frozenset[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None
