"""Look-ups from compared names to codes, built once per catalogue and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.catalogue.model import Catalogue
from transforms.catalogue.procedure_code import (
    field_key,
    procedure_core,
    procedure_key,
    repair_procedure_code,
    split_glued_code,
)


@dataclass(frozen=True, slots=True)
class NameIndex:
    """What the catalogue knows, by the key on which each kind of name is compared."""

    field_by_code: Mapping[str, str]
    """Procedure core → field id."""
    code_by_name: Mapping[str, str]
    """Compared procedure name (or replaced core) → procedure core."""
    field_by_alias: Mapping[str, str]
    """Compared procedure name (or core) → field id, where no national code is known."""
    field_by_name: Mapping[str, str]
    """Compared field name → field id."""

    def core(self, code: str | None) -> str | None:
        """The core of a printed code, a clipped number repaired by look-up; None when there is none."""
        return procedure_core(code) or repair_procedure_code(code, self.field_by_code)

    def known_code(self, core: str | None) -> str | None:
        """The catalogue's code for a core, a replaced core led to its successor; None when unknown."""
        if core is None:
            return None
        return core if core in self.field_by_code else self.code_by_name.get(core)

    def procedure(self, code: str | None, name: str | None) -> tuple[str | None, str | None, str]:
        """(procedure code, field id, by code or by name) of a printed code and name; (None, None, "")."""
        glued, _ = split_glued_code(name) if name else (None, "")
        for core in (self.core(code), glued):
            if known := self.known_code(core):
                return known, self.field_by_code[known], "code"
        key = procedure_key(name) if name else ""
        if known := self.code_by_name.get(key):
            return known, self.field_by_code[known], "name"
        for core in (self.core(code), glued):
            if core is not None and core in self.field_by_alias:
                return None, self.field_by_alias[core], "code"
        if key in self.field_by_alias:
            return None, self.field_by_alias[key], "name"
        return None, None, ""

    def field(self, name: str | None) -> str | None:
        """The field id that a printed field name or a field id means; None when unknown."""
        return self.field_by_name.get(field_key(name)) if name else None


def build_name_index(catalogue: Catalogue) -> NameIndex:
    """The look-ups of a catalogue; its loader has proven that no key has two meanings."""
    return NameIndex(
        field_by_code={procedure.code: procedure.field_id for procedure in catalogue.procedures},
        code_by_name={
            procedure_key(name): procedure.code
            for procedure in catalogue.procedures
            for name in (procedure.name, *procedure.aliases)
        },
        field_by_alias=dict(catalogue.field_aliases),
        field_by_name={
            field_key(name): field.field_id
            for field in catalogue.fields
            for name in (field.field_id, field.name, *field.aliases)
        },
    )
