"""Who has a dossier in hand: officers by code, offices by name. Names of officers go no further than here."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical.source import Source
from transforms.catalogue.officers import name_key, officer_codes
from transforms.findings import Finding
from transforms.readers.repeating import as_strings
from transforms.readers.values import parse_unique
from transforms.text_vi import tidy

UNKNOWN_OFFICER = "officer.unknown"
_OFFICES = (
    *("phòng", "ban", "bộ phận", "tổ", "ubnd", "ủy ban", "văn phòng", "trung tâm", "đội", "khối", "chi cục"),
    *("công an", "tư pháp", "địa chính", "tài chính", "văn hóa", "lao động", "một cửa", "tiếp nhận"),
)
"""How the name of an office begins, tones included ("tổ" is one, "Tô" a surname); anything else may be a person."""

_OFFICE_KEYS = tuple(map(name_key, _OFFICES))


def assign_work(source: Source, units: pa.Array) -> tuple[dict[str, pa.Array], tuple[Finding, ...]]:
    """``officer_code`` and ``department_name`` of each row, and ``officer.unknown`` of each unit.

    ``units``: resolving unit of each row, whose line of the officers file holds. A name that the file does
    not know gives no code; only how many there are is told, and only where the file is used at all.
    """
    names = as_strings(source.text("officer_name"))
    officers = source.context.officers
    codes = pa.nulls(len(names), pa.string())
    findings: list[Finding] = []
    is_told = bool(officers) and source.has("officer_name")
    for unit_code in sorted(pc.unique(units).drop_null().to_pylist()) if is_told else ():
        is_own = pc.equal(units, unit_code)
        found = officer_codes(names, unit_code, officers)
        codes = pc.if_else(is_own, found, codes)
        missed = names.filter(pc.and_(is_own, pc.and_(pc.is_valid(names), pc.is_null(found))))
        if len(missed):
            keys = {name_key(name) for name in pc.unique(missed).to_pylist()}
            params = (("names", len(keys)), ("dossiers", len(missed)))
            findings.append(
                Finding(UNKNOWN_OFFICER, unit_code, source.raw.kind, source.context.file, params=params)
            )
    return {"officer_code": codes, "department_name": _offices(source)}, tuple(findings)


def _offices(source: Source) -> pa.Array:
    """The offices named in the rows; null where the text does not begin like one."""

    def _office(text: str) -> str | None:
        key = f"{name_key(text)} "
        return tidy(text) if any(key.startswith(f"{word} ") for word in _OFFICE_KEYS) else None

    return parse_unique(source.text("department"), _office, pa.string())[0]
