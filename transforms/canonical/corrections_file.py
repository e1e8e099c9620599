"""``corrections.yml`` of a workspace: entries checked one by one, each problem a sentence with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from transforms.canonical.comparing import Comparer
from transforms.canonical.corrections import CORRECTIONS_FILE, REMOVE, SET, Correction
from transforms.catalogue.model import Catalogue, Profile
from transforms.catalogue.problems import CatalogueError, Problems
from transforms.catalogue.rows import parse_day
from transforms.schema.tables import ASSIGNED_COLUMNS, RECORD_TABLES
from transforms.text_vi import fold, tidy

NOT_MENDABLE = frozenset(
    (
        *("unit_code", "receiving_unit_code", "field_hint", "document_type_id", "issuer_level", "direction"),
        *ASSIGNED_COLUMNS,
    )
)
"""Columns that follow from the folder, from the profile or from text that is dropped after reading."""
NOT_CORRECTED = ("supplement", "summary")
"""Kinds of record that corrections are not about."""
_NOT_KINDS = {
    "supplement": "số liệu bổ sung không sửa ở đây; hãy gửi lại biểu số liệu bổ sung của kỳ đó.",
    "summary": "bảng tổng hợp của phần mềm chỉ để đối chiếu nên không sửa ở đây.",
}
_KEYS = ("match", "column", "was", "set", "remove", "reason", "owner", "date")
_NULL = "tag:yaml.org,2002:null"
_YES = ("true", "yes", "có")


def parse_corrections(content: bytes, file_name: str, catalogue: Catalogue) -> tuple[Correction, ...]:
    """The entries of a corrections file in order; none for an empty one.

    An entry is a mapping of ``match`` (``unit``, ``kind`` and the columns that name the record), then
    either ``column`` + ``was`` + ``set`` or ``remove: true``, and ``reason``, ``owner`` and ``date``,
    which nobody may leave out. Kinds and columns go by their canonical name, their Vietnamese label or a
    header text of an export profile. Raises CatalogueError with every problem, each naming file and line:
    what is no YAML list, unknown keys, units, kinds and columns, columns that cannot be mended, a value
    that its column could not hold, and the same decision written twice.
    """
    problems = Problems()
    found: dict[str, Correction] = {}
    for node in _entries(content, file_name, problems):
        where = f"{file_name} dòng {node.start_mark.line + 1}"
        correction = _Entry(node, where, catalogue, problems).read()
        if correction is None:
            continue
        first = found.setdefault(correction.correction_id, correction)
        if first is not correction:
            problems.add(where, f"mục này đã có ở dòng {first.line}.")
    problems.raise_if_any()
    return tuple(found.values())


def _entries(content: bytes, file_name: str, problems: Problems) -> list[yaml.Node]:
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        problems.add(file_name, "tệp không đọc được theo bảng mã UTF-8; hãy lưu lại dạng UTF-8.")
        return []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file_name} dòng {mark.line + 1}" if mark else file_name
        problems.add(
            where, "sai cú pháp YAML; hãy so với ví dụ ở đầu tệp, chú ý dấu cách đầu dòng và dấu hai chấm."
        )
        return []
    if root is None or root.tag == _NULL:
        return []
    if not isinstance(root, yaml.SequenceNode):
        problems.add(file_name, "tệp phải là một danh sách, mỗi mục bắt đầu bằng “- match:”.")
        return []
    return list(root.value)


@dataclass(slots=True)
class _Entry:
    """One entry; reading a bad part records a sentence."""

    node: yaml.Node
    where: str
    catalogue: Catalogue
    problems: Problems
    is_bad: bool = False

    def read(self) -> Correction | None:
        parts = self._mapping(self.node, "mỗi mục")
        if parts is None:
            return None
        for key in parts:
            if key not in _KEYS:
                self._add(f"không hiểu khóa “{key}”; các khóa dùng được: {', '.join(_KEYS)}.")
        match = self._mapping(parts["match"], "“match”") if "match" in parts else None
        if match is None:
            self._add("thiếu “match” (đơn vị, loại dữ liệu và mã hồ sơ của bản ghi cần sửa).")
            return None
        unit_code, kind = self._unit(self._text(match, "unit")), self._kind(self._text(match, "kind"))
        if not kind:
            return None
        columns = _columns(kind, self.catalogue)
        chosen = self._match(match, kind, columns)
        remove = fold(self._text(parts, "remove"))
        column, was, value = "", "", ""
        if "remove" in parts:
            if remove not in tuple(map(fold, _YES)):
                self._add("“remove” chỉ nhận true.")
            if any(key in parts for key in ("column", "was", "set")):
                self._add("một mục hoặc có “remove”, hoặc có “column”, “was” và “set”, không có cả hai.")
        else:
            column, was, value = self._change(parts, kind, columns)
        for key, name in (("reason", "lý do"), ("owner", "người chịu trách nhiệm")):
            if not self._text(parts, key):
                self._add(f"thiếu “{key}” ({name}); không có {name} thì không được sửa số liệu.")
        day = parse_day(self._text(parts, "date"))
        if day is None:
            self._add("thiếu “date” (ngày quyết định) hoặc ngày không hợp lệ; hãy viết dạng 06/09/2021.")
        if self.is_bad:
            return None
        line = self.node.start_mark.line + 1
        return Correction(
            unit_code=unit_code,
            kind=kind,
            match=chosen,
            action=REMOVE if "remove" in parts else SET,
            column=column,
            was=was,
            value=value,
            reason=self._text(parts, "reason"),
            owner=self._text(parts, "owner"),
            decided_on=day,
            source=f"{CORRECTIONS_FILE} dòng {line}",
            file=CORRECTIONS_FILE,
            line=line,
        )

    def _unit(self, code: str) -> str:
        if not code:
            self._add("thiếu “unit” trong “match”: mã của đơn vị.")
        elif not any(unit.code == code for unit in self.catalogue.units):
            self._add(f"không có đơn vị mang mã “{code}” trong danh mục.")
        return code

    def _kind(self, text: str) -> str:
        kinds = {kind: table for kind, table in RECORD_TABLES.items() if kind not in NOT_CORRECTED}
        for kind, table in kinds.items():
            if fold(text) in (fold(kind), fold(table.label)):
                return kind
        for kind, sentence in _NOT_KINDS.items():
            if fold(text) in (fold(kind), fold(RECORD_TABLES[kind].label)):
                self._add(sentence)
                return ""
        known = ", ".join(f"{kind} ({table.label})" for kind, table in kinds.items())
        self._add(
            f"loại dữ liệu “{text}” không có; “kind” nhận: {known}."
            if text
            else "thiếu “kind” trong “match”."
        )
        return ""

    def _match(
        self, match: Mapping[str, yaml.Node], kind: str, columns: Mapping[str, str]
    ) -> tuple[tuple[str, str], ...]:
        texts: dict[str, str] = {}
        for key in match:
            if key in ("unit", "kind"):
                continue
            name = columns.get(fold(key))
            if name is None:
                self._add(f"cột “{key}” trong “match” không có ở loại dữ liệu {RECORD_TABLES[kind].label}.")
            else:
                texts[name] = self._text(match, key)
        if not any(texts.values()) and not self.is_bad:
            self._add("“match” phải nêu mã hồ sơ, hoặc nguyên văn vài cột của dòng không có mã.")
        order = RECORD_TABLES[kind].content_names
        return tuple(sorted(texts.items(), key=lambda item: order.index(item[0])))

    def _change(
        self, parts: Mapping[str, yaml.Node], kind: str, columns: Mapping[str, str]
    ) -> tuple[str, str, str]:
        for key in ("column", "was", "set"):
            if key not in parts:
                self._add(f'thiếu “{key}”; mục sửa một ô cần đủ “column”, “was” và “set” (ô trống viết "").')
        text = self._text(parts, "column")
        was, value = self._text(parts, "was"), self._text(parts, "set")
        name = columns.get(fold(text), "")
        if text and not name:
            self._add(f"cột “{text}” không có ở loại dữ liệu {RECORD_TABLES[kind].label}.")
        elif name in NOT_MENDABLE:
            self._add(
                f"cột “{text}” không sửa được ở đây vì chương trình suy ra từ thư mục hoặc từ cột khác."
            )
        elif name:
            comparer = Comparer(kind, self.catalogue, merged_profile(kind, self.catalogue))
            if not comparer.is_readable(name, value):
                self._add(f"giá trị “{value}” ở “set” không đọc được cho cột “{text}”.")
            if tidy(was) == tidy(value):
                self._add("“was” và “set” giống nhau, mục này không sửa gì.")
        return name, was, value

    def _mapping(self, node: yaml.Node, what: str) -> dict[str, yaml.Node] | None:
        if not isinstance(node, yaml.MappingNode):
            self._add(f"{what} phải gồm các cặp “khóa: giá trị”.")
            return None
        parts: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in parts:
                self._add(f"khóa “{name}” viết hai lần.")
            parts[name] = value
        return parts

    def _text(self, parts: Mapping[str, yaml.Node], key: str) -> str:
        """The scalar as it is written: YAML would make 2021-08-31 a date and 0012 a number."""
        node = parts.get(key)
        if node is None or node.tag == _NULL:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._add(f"“{key}” phải là một giá trị, không phải danh sách.")
            return ""
        return tidy(str(node.value))

    def _add(self, sentence: str) -> None:
        self.is_bad = True
        self.problems.add(self.where, sentence)


def merged_profile(kind: str, catalogue: Catalogue) -> Profile:
    """A profile that knows the labels of every export format of that kind, for texts whose format is not known."""
    own = [profile for profile in catalogue.profiles if profile.kind == kind]
    return Profile(
        profile_id="",
        kind=kind,
        software="",
        label="",
        columns=(),
        status_map={label: code for profile in own for label, code in profile.status_map.items()},
        channel_map={label: code for profile in own for label, code in profile.channel_map.items()},
    )


def _columns(kind: str, catalogue: Catalogue) -> dict[str, str]:
    """Folded name → canonical column; canonical names go before labels, labels before header texts."""
    table = RECORD_TABLES[kind]
    names = {fold(name): name for name in table.content_names}
    for name in table.content_names:
        names.setdefault(fold(table.column(name).label), name)
    for profile in catalogue.profiles:
        for column in profile.columns if profile.kind == kind else ():
            if column.name in table.content_names:
                for alias in column.aliases:
                    names.setdefault(fold(alias), column.name)
    return names


__all__ = ["CatalogueError", "parse_corrections"]
