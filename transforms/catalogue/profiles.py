"""Export profiles: one YAML file per export format and version, read into a ``Profile``."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import yaml

from transforms.catalogue.model import Profile, Shift, SourceColumn
from transforms.schema.tables import ASSIGNED_COLUMNS, RECORD_TABLES
from transforms.text_vi import fold
from transforms.yaml_text import YamlLoader

READER_ONLY_NAMES = frozenset(
    (
        *("receiving_unit_name", "resolving_unit_name", "free_text", "author_name", "label"),
        *("officer_name", "department"),
    )
)
"""Source columns that canonicalisation reads and never stores."""
PARSERS = frozenset(
    ("text", "code", "procedure_code", "date", "money", "count", "status", "channel", "direction", "symbol")
)
CONTAINERS = frozenset(("xlsx", "xls", "xlsb", "ods", "xml2003", "html", "csv"))

_PROFILE_ID = re.compile(r"^[a-z0-9_]+(?:\.[a-z0-9_]+)*\.v\d+$")
_TEXT_KEYS = ("profile_id", "kind", "software", "label")
_LIST_KEYS = ("containers", "ignored", "title_hints", "date_formats", "total_words")
_MAP_KEYS = ("constants", "status_map", "channel_map")
_ACCEPTED_KEYS = ("accepted_on", "accepted_by")
_KEYS = frozenset((*_TEXT_KEYS, *_LIST_KEYS, *_MAP_KEYS, *_ACCEPTED_KEYS, "columns", "shift"))
_SHIFT_KEYS = frozenset(("extra_header", "renames"))
_COLUMN_KEYS = frozenset(("name", "aliases", "required", "parse"))


class ProfileError(ValueError):
    """A profile that cannot be used; the text is a Vietnamese sentence that names the file."""


class _StrictLoader(YamlLoader):
    """Refuses a key that stands twice; YAML itself would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"khóa “{key}” viết hai lần", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse_profile(content: bytes, file_name: str) -> Profile:
    """The profile that a YAML file describes, checked.

    Checked: no unknown or repeated key, the kind exists, every column is a column of that kind's table
    or a reader-only name, no column and no header text stands twice, at least one column is required,
    constants and maps name what exists, the file is called after the profile. Raises ProfileError.
    """
    document = _load(content, file_name)
    complain = _Complaint(file_name)
    complain.unless(not (extra := sorted(set(document) - _KEYS)), f"không hiểu khóa: {', '.join(extra)}")
    texts = {key: document.get(key) for key in _TEXT_KEYS}
    for key, value in texts.items():
        complain.unless(isinstance(value, str) and bool(value), f"thiếu “{key}”")
    profile_id, kind = str(texts["profile_id"]), str(texts["kind"])
    complain.unless(bool(_PROFILE_ID.match(profile_id)), f"mã mẫu “{profile_id}” phải có dạng ten.loai.v1")
    complain.unless(
        file_name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0] == profile_id,
        f"tên tệp phải là {profile_id}.yml",
    )
    complain.unless(kind in RECORD_TABLES, f"loại dữ liệu “{kind}” không có")
    lists = {key: _texts(document, key, complain) for key in _LIST_KEYS if key in document}
    maps = {key: _mapping(document, key, complain) for key in _MAP_KEYS if key in document}
    columns = _columns(document.get("columns"), kind, complain)
    _check_headers(columns, lists.get("ignored", ()), complain)
    unknown = sorted(set(lists.get("containers", ())) - CONTAINERS)
    complain.unless(not unknown, f"định dạng tệp không có: {', '.join(unknown)}")
    _check_constants(maps.get("constants", {}), kind, columns, complain)
    for key in ("status_map", "channel_map"):
        complain.unless(
            all(isinstance(value, int) for value in maps.get(key, {}).values()), f"“{key}” phải cho số"
        )
    for key in ("title_hints", "total_words"):
        if key in lists:
            lists[key] = tuple(fold(text) for text in lists[key])
    accepted_on, accepted_by = (document.get(key) for key in _ACCEPTED_KEYS)
    complain.unless(type(accepted_on) in (date, type(None)), "“accepted_on” phải là ngày, dạng 2021-09-05")
    complain.unless(isinstance(accepted_by, str | None), "“accepted_by” phải là chữ")
    options: dict[str, Any] = {**lists, **{key: MappingProxyType(value) for key, value in maps.items()}}
    return Profile(
        profile_id=profile_id,
        kind=kind,
        software=str(texts["software"]),
        label=str(texts["label"]),
        columns=columns,
        shift=_shift(document, kind, columns, lists.get("ignored", ()), complain),
        accepted_on=accepted_on,
        accepted_by=accepted_by or "",
        **options,
    )


class _Complaint:
    def __init__(self, file_name: str) -> None:
        self._file_name = file_name

    def unless(self, is_right: bool, what: str) -> None:
        if not is_right:
            raise ProfileError(f"Mẫu kết xuất {self._file_name}: {what}.")


def _load(content: bytes, file_name: str) -> dict[str, Any]:
    try:
        document = yaml.load(content.decode("utf-8-sig"), Loader=_StrictLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProfileError(f"Mẫu kết xuất {file_name}: không đọc được YAML ({_where(error)}).") from error
    if not isinstance(document, dict):
        raise ProfileError(f"Mẫu kết xuất {file_name}: phải là danh sách khóa và giá trị.")
    return document


def _where(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"dòng {error.problem_mark.line + 1}: {error.problem}"
    return "không phải UTF-8" if isinstance(error, UnicodeDecodeError) else "sai cú pháp"


def _texts(document: Mapping[str, Any], key: str, complain: _Complaint) -> tuple[str, ...]:
    value = document[key] or []
    complain.unless(
        isinstance(value, list) and all(isinstance(text, str) and text for text in value),
        f"“{key}” phải là danh sách chữ",
    )
    return tuple(value)


def _mapping(document: Mapping[str, Any], key: str, complain: _Complaint) -> dict[str, Any]:
    value = document[key] or {}
    complain.unless(
        isinstance(value, dict) and all(isinstance(name, str) for name in value),
        f"“{key}” phải là bảng khóa và giá trị",
    )
    return dict(value)


def _columns(value: object, kind: str, complain: _Complaint) -> tuple[SourceColumn, ...]:
    complain.unless(isinstance(value, list) and bool(value), "thiếu “columns”")
    assert isinstance(value, list)
    # Who works on it is read under a name of its own, so that no person's name is kept as a code.
    allowed = {*RECORD_TABLES[kind].content_names, *READER_ONLY_NAMES} - {*ASSIGNED_COLUMNS}
    columns: list[SourceColumn] = []
    for entry in value:
        complain.unless(
            isinstance(entry, dict) and isinstance(entry.get("name"), str), "mỗi cột phải có “name”"
        )
        name = entry["name"]
        complain.unless(not set(entry) - _COLUMN_KEYS, f"cột “{name}” có khóa không hiểu")
        complain.unless(name in allowed, f"cột “{name}” không có trong bảng {kind}")
        complain.unless(name not in {column.name for column in columns}, f"cột “{name}” khai hai lần")
        aliases = _texts(entry, "aliases", complain) if "aliases" in entry else ()
        complain.unless(bool(aliases), f"cột “{name}” thiếu “aliases”")
        parse = entry.get("parse", "text")
        complain.unless(parse in PARSERS, f"cột “{name}” có cách đọc “{parse}” không có")
        required = entry.get("required", False)
        complain.unless(isinstance(required, bool), f"cột “{name}”: “required” phải là true hoặc false")
        columns.append(SourceColumn(name, aliases, required, parse))
    complain.unless(any(column.is_required for column in columns), "cần ít nhất một cột bắt buộc")
    return tuple(columns)


def _shift(
    document: Mapping[str, Any],
    kind: str,
    columns: tuple[SourceColumn, ...],
    ignored: tuple[str, ...],
    complain: _Complaint,
) -> Shift | None:
    """The known variant with a header that has no cells; its header is one of the ignored ones."""
    if "shift" not in document:
        return None
    value = _mapping(document, "shift", complain)
    complain.unless(
        not (extra := sorted(set(value) - _SHIFT_KEYS)), f"“shift” có khóa không hiểu: {', '.join(extra)}"
    )
    header = value.get("extra_header")
    complain.unless(
        isinstance(header, str) and fold(header) in map(fold, ignored),
        "“shift” phải nêu “extra_header” là một tiêu đề trong “ignored”",
    )
    renames = _mapping(value, "renames", complain) if "renames" in value else {}
    names = {column.name for column in columns}
    for old, new in renames.items():
        complain.unless(old in names, f"“shift” đổi tên cột “{old}” không có trong mẫu")
        complain.unless(
            new in RECORD_TABLES[kind].content_names and new not in names,
            f"“shift” đổi “{old}” thành “{new}”, là cột không có trong bảng {kind} hoặc mẫu đã đọc",
        )
    return Shift(str(header), MappingProxyType(renames))


def _check_headers(columns: tuple[SourceColumn, ...], ignored: tuple[str, ...], complain: _Complaint) -> None:
    claimed: dict[str, str] = {}
    for owner, texts in (*((column.name, column.aliases) for column in columns), ("ignored", ignored)):
        for text in texts:
            key = fold(text)
            complain.unless(bool(key), f"tiêu đề “{text}” không có chữ nào")
            complain.unless(
                claimed.setdefault(key, owner) == owner,
                f"tiêu đề “{text}” thuộc cả {claimed[key]} và {owner}",
            )


def _check_constants(
    constants: Mapping[str, Any], kind: str, columns: tuple[SourceColumn, ...], complain: _Complaint
) -> None:
    table = RECORD_TABLES[kind]
    for name, value in constants.items():
        complain.unless(name in table.content_names, f"hằng “{name}” không có trong bảng {kind}")
        complain.unless(isinstance(value, str), f"hằng “{name}” phải là chữ")
        codes = table.column(name).codes
        complain.unless(not codes or value in codes, f"hằng “{name}” không nhận giá trị “{value}”")
        complain.unless(name not in {column.name for column in columns}, f"“{name}” vừa là cột vừa là hằng")
