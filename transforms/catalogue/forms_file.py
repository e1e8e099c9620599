"""Files of form layouts: one YAML file per family and circular, with the columns that its forms share."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from transforms.catalogue.form_layout import (
    COLUMN_WIDTH_MM,
    Form,
    FormColumn,
    FormUser,
    Identity,
    Listing,
    RowBlock,
)
from transforms.catalogue.problems import Problems
from transforms.yaml_text import parse_yaml

FORMS_FOLDER = "forms/"
BOX_WORDS = frozenset(("circular", "period", "start", "end", "reporter", "receiver"))
"""What a line of the box may have filled in."""
LEVELS = ("xa", "huyen", "tinh", "nhom")
LISTINGS = ("field", "unit")
_TEXTS = ("family", "version", "circular", "source", "unit_of_measure")
_SHARED = frozenset(
    (*_TEXTS, "valid_from", "valid_to", "note_afterwards", "box", "columns", "identities", "entry", "forms")
)
_OWN = frozenset(("form_id", "number", "used_by", "listings", "row_blocks"))
_COLUMN = frozenset(("number", "key", "label", "group", "sum_of", "is_text", "width_mm", "level", "valid_to"))
_USER = frozenset(("level", "is_rollup", "valid_from", "valid_to"))


def is_form_file(key: str) -> bool:
    """True for ``forms/ii_06.tt01-2020.yml``."""
    return key.startswith(FORMS_FOLDER) and key.endswith((".yml", ".yaml"))


def load_forms(
    files: Mapping[str, bytes], overlay: Mapping[str, bytes], overlay_label: str, problems: Problems
) -> tuple[Form, ...]:
    """Layouts of forms in the order of their files; a file of the workspace takes the place of its namesake."""
    found: list[Form] = []
    for key in sorted({key for layer in (files, overlay) for key in layer if is_form_file(key)}):
        content, where = (overlay[key], overlay_label + key) if key in overlay else (files[key], key)
        found.extend(parse_forms(content, where, problems))
    check_forms(found, problems)
    if not found and not problems:
        problems.add(FORMS_FOLDER, "không có biểu mẫu nào.")
    return tuple(found)


def parse_forms(content: bytes, file: str, problems: Problems) -> tuple[Form, ...]:
    """The forms of one file; what cannot be used becomes a problem that names the file and the form."""
    try:
        loaded = parse_yaml(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problems.add(file if mark is None else f"{file} dòng {mark.line + 1}", "tệp không phải YAML hợp lệ.")
        return ()
    before = len(problems)
    if not isinstance(loaded, dict) or not isinstance(loaded.get("forms"), list):
        problems.add(file, "thiếu mục “forms”.")
        return ()
    reader = _Reader(file, problems)
    reader.known(loaded, _SHARED, "tệp")
    for key in _TEXTS:
        reader.text(loaded, key, "tệp")
    columns = tuple(reader.column(entry) for entry in reader.entries(loaded, "columns"))
    keys = [column.key for column in columns]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        problems.add(file, f"cột “{key}” viết hai lần.")
    identities = tuple(
        Identity(str(entry.get("whole", "")), tuple(map(str, entry.get("parts", ()))))
        for entry in reader.entries(loaded, "identities")
    )
    entry_order = tuple(map(str, loaded.get("entry") or ()))
    named = [key for column in columns for key in column.sum_of]
    named += [key for identity in identities for key in (identity.whole, *identity.parts)]
    for key in dict.fromkeys(key for key in (*named, *entry_order) if key not in keys):
        problems.add(file, f"không có cột “{key}” mà công thức hoặc thứ tự nhập nhắc đến.")
    box = tuple(map(str, loaded.get("box") or ()))
    for word in dict.fromkeys(word for line in box for word in _words(line) if word not in BOX_WORDS):
        problems.add(file, f"ô thông tin của biểu nhắc đến “{{{word}}}” không có.")
    own = [reader.own(entry) for entry in reader.entries(loaded, "forms")]
    if len(problems) > before:
        return ()
    shared = {
        "family": str(loaded["family"]),
        "version": str(loaded["version"]),
        "circular": str(loaded["circular"]),
        "source": str(loaded["source"]),
        "valid_from": reader.day(loaded, "valid_from") or date.min,
        "valid_to": reader.day(loaded, "valid_to"),
        "note_afterwards": str(loaded.get("note_afterwards") or ""),
        "unit_of_measure": str(loaded["unit_of_measure"]),
        "box": box,
        "columns": columns,
        "identities": identities,
        "entry": entry_order,
    }
    return tuple(Form(**{**shared, **entry}) for entry in own)


def check_forms(forms: Sequence[Form], problems: Problems) -> None:
    """A form of one version stands once, and no two are for the same user on the same day."""
    for at, form in enumerate(forms):
        for other in forms[:at]:
            if (form.family, form.form_id, form.version) == (other.family, other.form_id, other.version):
                problems.add_sentence(f"Biểu mẫu {form.form_id} bản {form.version} bị lặp lại.")
            elif (
                form.family == other.family
                and _overlap(form, other)
                and any(_same_user(mine, theirs) for mine in form.used_by for theirs in other.used_by)
            ):
                problems.add_sentence(
                    f"Biểu mẫu {form.form_id} và {other.form_id} cùng dùng cho một cấp trong một thời gian."
                )


def _same_user(one: FormUser, other: FormUser) -> bool:
    return (one.level, one.is_rollup) == (other.level, other.is_rollup) and _overlap(one, other)


def _overlap(one: Form | FormUser, other: Form | FormUser) -> bool:
    starts = max(each.valid_from or date.min for each in (one, other))
    return starts <= min(each.valid_to or date.max for each in (one, other))


def _words(line: str) -> list[str]:
    try:
        return [name for _, name, _, _ in string.Formatter().parse(line) if name is not None]
    except ValueError:
        return [line]


class _Reader:
    """Entries of one file; a bad one becomes a problem and gives a harmless value."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file, self._problems = file, problems

    def known(self, entry: Mapping[str, Any], keys: frozenset[str], what: str) -> None:
        if extra := sorted(map(str, set(entry) - keys)):
            self._problems.add(self._file, f"{what} có mục không biết: {', '.join(extra)}.")

    def text(self, entry: Mapping[str, Any], key: str, what: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            self._problems.add(self._file, f"{what} thiếu “{key}”.")
            return ""
        return value

    def day(self, entry: Mapping[str, Any], key: str) -> date | None:
        value = entry.get(key)
        if value is None or isinstance(value, date):
            return value
        self._problems.add(self._file, f"“{key}” không phải ngày hợp lệ: “{value}”.")
        return None

    def level(self, entry: Mapping[str, Any], what: str, allowed: tuple[str, ...] = LEVELS) -> str:
        value = str(entry.get("level") or "")
        if value not in allowed:
            self._problems.add(self._file, f"{what} ghi cấp không có: “{value}”.")
        return value

    def entries(self, entry: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        found = entry.get(key) or []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self._problems.add(self._file, f"mục “{key}” phải là danh sách.")
            return []
        return found

    def column(self, entry: dict[str, Any]) -> FormColumn:
        what = f"cột “{entry.get('key', '')}”"
        self.known(entry, _COLUMN, what)
        number = entry.get("number")
        if not isinstance(number, int):
            self._problems.add(self._file, f"{what} thiếu số thứ tự cột.")
        return FormColumn(
            number=number if isinstance(number, int) else 0,
            key=self.text(entry, "key", "một cột"),
            label=str(entry.get("label") or ""),
            group=str(entry.get("group") or ""),
            sum_of=tuple(map(str, entry.get("sum_of") or ())),
            is_text=bool(entry.get("is_text", False)),
            width_mm=float(entry.get("width_mm", COLUMN_WIDTH_MM)),
            level=self.level(entry, what, ("", *LEVELS)),
            valid_to=self.day(entry, "valid_to"),
        )

    def own(self, entry: dict[str, Any]) -> dict[str, Any]:
        what = f"biểu “{entry.get('form_id', '')}”"
        self.known(entry, _OWN, what)
        listings = entry.get("listings")
        if not isinstance(listings, dict) or not set(listings) <= set(LISTINGS) or not listings:
            self._problems.add(self._file, f"{what}: mục “listings” chỉ nhận {', '.join(LISTINGS)}.")
            listings = {}
        users = self.entries(entry, "used_by")
        for user in users:
            self.known(user, _USER, what)
        return {
            "form_id": self.text(entry, "form_id", "một biểu"),
            "number": self.text(entry, "number", what),
            "used_by": tuple(
                FormUser(
                    self.level(user, what),
                    bool(user.get("is_rollup", False)),
                    self.day(user, "valid_from"),
                    self.day(user, "valid_to"),
                )
                for user in users
            ),
            "listings": {
                name: Listing(self.text(each, "title", what), self.text(each, "label", what))
                for name, each in listings.items()
            },
            "row_blocks": tuple(
                RowBlock(
                    self.level(block, what), self.text(block, "label", what), self.day(block, "valid_to")
                )
                for block in self.entries(entry, "row_blocks")
            ),
        }
