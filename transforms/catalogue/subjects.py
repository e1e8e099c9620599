"""Fields and procedures: parsing and cross-checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms.catalogue.model import UNCLASSIFIED, Field, Procedure
from transforms.catalogue.problems import Entry, Problems
from transforms.catalogue.procedure_code import field_key, procedure_key
from transforms.catalogue.rows import read_rows
from transforms.schema.tables import PROCEDURE_CODE_PATTERN

TIME_UNITS = ("", "same_day", "working_day", "calendar_day")
_ID = re.compile(r"[a-z][a-z0-9_]*")
# Fields that a workspace adds come after the packaged ones unless it says otherwise.
_LAST = 1000


def parse_fields(content: bytes, file: str, problems: Problems) -> list[Entry[Field]]:
    """Fields of a CSV file; flags and order may be left out in an overlay."""
    rows = read_rows(
        content,
        file,
        ("field_id", "name"),
        ("aliases", "order", "is_listed_when_zero", "is_excluded", "is_sensitive", "source"),
        problems,
    )
    return [
        Entry(
            Field(
                field_id=row.required("field_id"),
                name=row.required("name"),
                aliases=row.names("aliases"),
                is_listed_when_zero=row.yes("is_listed_when_zero"),
                is_excluded=row.yes("is_excluded"),
                order=row.whole("order", _LAST) or 0,
                source=row.text("source"),
                is_sensitive=row.yes("is_sensitive"),
            ),
            row.where,
        )
        for row in rows
    ]


def parse_procedures(content: bytes, file: str, problems: Problems) -> list[Entry[Procedure]]:
    """Procedures of a CSV file. ``level`` and ``note`` are remarks for the reviewer and are not loaded."""
    rows = read_rows(
        content,
        file,
        ("code", "name", "field_id"),
        ("aliases", "time_value", "time_unit", "level", "note", "source"),
        problems,
    )
    return [
        Entry(
            Procedure(
                code=row.required("code"),
                name=row.required("name"),
                field_id=row.required("field_id"),
                aliases=row.names("aliases"),
                time_value=row.whole("time_value"),
                time_unit=row.one_of("time_unit", TIME_UNITS) if row.text("time_unit") else "",
                source=row.text("source"),
            ),
            row.where,
        )
        for row in rows
    ]


def check_fields(entries: Sequence[Entry[Field]], problems: Problems) -> Claims:
    """Record ids that are malformed or repeated and names claimed by two fields; gives the claims."""
    seen: dict[str, str] = {}
    claims = Claims("lĩnh vực", problems)
    for entry in entries:
        field = entry.value
        if not _ID.fullmatch(field.field_id):
            problems.add(
                entry.where,
                f"mã lĩnh vực “{field.field_id}” chỉ được gồm chữ thường không dấu, số và dấu gạch dưới.",
            )
        if field.field_id == UNCLASSIFIED:
            problems.add(entry.where, f"mã “{UNCLASSIFIED}” dành riêng cho hồ sơ chưa phân loại.")
        _check_once("mã lĩnh vực", field.field_id, entry.where, seen, problems)
        for name in (field.field_id, field.name, *field.aliases):
            claims.claim(field_key(name), name, field.field_id, entry.where)
    return claims


def check_procedures(entries: Sequence[Entry[Procedure]], field_ids: set[str], problems: Problems) -> Claims:
    """Record malformed or repeated codes, fields that do not exist and names claimed twice.

    Gives the claims, which the aliases of a workspace must not contradict.
    """
    seen: dict[str, str] = {}
    claims = Claims("thủ tục", problems)
    for entry in entries:
        procedure = entry.value
        if not re.match(PROCEDURE_CODE_PATTERN, procedure.code, flags=re.ASCII):
            problems.add(
                entry.where,
                f"mã thủ tục “{procedure.code}” phải có dạng d.dddddd, ví dụ 1.001193"
                " (Excel có thể đã làm mất số 0 ở cuối).",
            )
        if procedure.field_id and procedure.field_id not in field_ids:
            problems.add(entry.where, f"lĩnh vực “{procedure.field_id}” không có trong fields.csv.")
        _check_once("mã thủ tục", procedure.code, entry.where, seen, problems)
        for name in (procedure.name, *procedure.aliases):
            claims.claim(procedure_key(name), name, procedure.code, entry.where)
    return claims


class Claims:
    """Who claims which compared name; a name claimed by two is a problem."""

    def __init__(self, noun: str, problems: Problems, targets: Mapping[str, str] | None = None) -> None:
        self._noun = noun
        self._problems = problems
        self.targets = dict(targets or {})

    def claim(self, key: str, name: str, target: str, where: str) -> None:
        """Give ``key`` to ``target`` unless another has it."""
        if not key:
            self._problems.add(where, f"tên “{name}” không có chữ nào để so sánh.")
        elif self.targets.setdefault(key, target) != target:
            self._problems.add(
                where, f"tên “{name}” đã dùng cho {self._noun} “{self.targets[key]}”, không dùng cho hai nơi."
            )


def _check_once(noun: str, value: str, where: str, seen: dict[str, str], problems: Problems) -> None:
    if value and value in seen:
        problems.add(where, f"{noun} “{value}” đã có ở {seen[value]}.")
    seen.setdefault(value, where)
