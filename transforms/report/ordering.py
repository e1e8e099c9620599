"""In which order fields, document types and names stand in a report."""

from __future__ import annotations

import re
import unicodedata

from transforms.catalogue.model import UNCLASSIFIED, Catalogue, DocumentType, Field

_LETTERS = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=20)}
# Order of the tones in Vietnamese dictionaries: level, hanging, asking, tumbling, sharp, heavy.
_TONES = {tone: index for index, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
OTHER_DOCUMENTS = "khac"
_QUALIFIER = re.compile(r"\s*\([^)]*\)$")


def alphabet_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sort key of the Vietnamese alphabet: letters first (a ă â b ... d đ ...), tones only to break ties."""
    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).casefold():
        parts = unicodedata.normalize("NFD", character)
        tone = next((_TONES[part] for part in parts if part in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters.append(_LETTERS.get(bare, 10 if bare.isdigit() else 0))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def listed_fields(catalogue: Catalogue, occurring: frozenset[str]) -> tuple[str, ...]:
    """Field ids of a list or form: those always listed, then the others that occur, then unclassified.

    Both groups stand in the order of the Vietnamese alphabet.
    """
    known = {each.field_id: each for each in catalogue.fields}
    always = [each for each in catalogue.fields if each.is_listed_when_zero]
    listed = {each.field_id for each in always} | {UNCLASSIFIED}
    others = [known[field_id] for field_id in occurring - listed if field_id in known]
    ids = [each.field_id for group in (always, others) for each in sorted(group, key=_by_name)]
    # A field that the catalogue lost still has to be in the list, or the parts would not make the total.
    ids += sorted(occurring - listed - known.keys())
    return (*ids, UNCLASSIFIED) if UNCLASSIFIED in occurring else tuple(ids)


def _by_name(field: Field) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return alphabet_key(field.name)


def field_name(catalogue: Catalogue, field_id: str) -> str:
    """Official name of a field; the id itself where the catalogue no longer has it."""
    try:
        return catalogue.field_name(field_id)
    except StopIteration:
        return field_id


def listed_document_types(catalogue: Catalogue, occurring: frozenset[str]) -> tuple[str, ...]:
    """Document type ids that occur, in catalogue order, "Văn bản khác" last."""
    known = [each.type_id for each in catalogue.document_types if each.type_id in occurring]
    unknown = sorted(occurring - set(known))
    return tuple(sorted([*known, *unknown], key=lambda type_id: type_id == OTHER_DOCUMENTS))


def named_document_types(
    catalogue: Catalogue, occurring: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The occurring types that a report's text names, in its order, and the ones summed as "Văn bản khác".

    A single remaining type is named itself: summing one thing would only hide it.
    """
    places = {
        each.type_id: each.report_order for each in catalogue.document_types if each.report_order is not None
    }
    named = sorted((each for each in occurring if each in places), key=lambda each: places[each])
    others = tuple(each for each in listed_document_types(catalogue, occurring) if each not in places)
    return ((*named, *others), ()) if len(others) == 1 or not named else (tuple(named), others)


def document_type_name(catalogue: Catalogue, type_id: str) -> str:
    """Name of a document type without the catalogue's qualifier: "Quyết định (cá biệt)" → "Quyết định"."""
    found: DocumentType | None = next(
        (each for each in catalogue.document_types if each.type_id == type_id), None
    )
    return _QUALIFIER.sub("", found.name) if found else type_id
