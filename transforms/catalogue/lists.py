"""Short closed lists: statuses, channels, document types and the items of the supplement workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.catalogue.model import Channel, DocumentType, Status, SupplementItem
from transforms.catalogue.problems import Problems
from transforms.catalogue.rows import Row, read_rows
from transforms.catalogue.subjects import Claims
from transforms.schema.tables import CHANNEL_CODES, STATUS_CODES
from transforms.text_vi import fold

STATUS_GROUPS = ("not_received", "processing", "refused", "paused", "withdrawn", "resolved")
ITEM_TYPES = ("text", "count", "money")


def parse_statuses(content: bytes, file: str, problems: Problems) -> tuple[Status, ...]:
    """The ten statuses of the National Portal (DOMAIN.md 3.5) with the labels software prints for them."""
    rows = read_rows(content, file, ("code", "name", "group"), ("aliases", "source"), problems)
    statuses = tuple(
        Status(
            row.required_whole("code"),
            row.required("name"),
            row.one_of("group", STATUS_GROUPS),
            row.names("aliases"),
        )
        for row in rows
    )
    _check_closed_list("trạng thái", file, rows, statuses, STATUS_CODES, problems)
    return statuses


def parse_channels(content: bytes, file: str, problems: Problems) -> tuple[Channel, ...]:
    """The three channels of filing (DOMAIN.md 3.6)."""
    rows = read_rows(content, file, ("code", "name"), ("aliases", "source"), problems)
    channels = tuple(
        Channel(row.required_whole("code"), row.required("name"), row.names("aliases")) for row in rows
    )
    _check_closed_list("hình thức nộp", file, rows, channels, CHANNEL_CODES, problems)
    return channels


def _check_closed_list(
    noun: str,
    file: str,
    rows: Sequence[Row],
    values: Sequence[Status | Channel],
    codes: Iterable[int],
    problems: Problems,
) -> None:
    wanted, seen = set(codes), set()
    claims = Claims(noun, problems)
    for row, value in zip(rows, values, strict=True):
        if value.code not in wanted:
            problems.add(row.where, f"mã {noun} {value.code} không có trong danh mục quốc gia.")
        if value.code in seen:
            problems.add(row.where, f"mã {noun} {value.code} bị lặp lại.")
        seen.add(value.code)
        for name in (value.name, *value.aliases):
            claims.claim(fold(name), name, str(value.code), row.where)
    if rows and wanted - seen:
        missing = ", ".join(str(code) for code in sorted(wanted - seen))
        problems.add(file, f"thiếu mã {noun} {missing}.")


def parse_document_types(content: bytes, file: str, problems: Problems) -> tuple[DocumentType, ...]:
    """Document types in the order of NĐ 30/2020/NĐ-CP Art. 7, legal types and "Văn bản khác" last.

    A legal type shares its abbreviation with the administrative one and differs by the year in its
    number; abbreviations are compared letter by letter because ĐA and DA differ in the stroke only.
    """
    rows = read_rows(
        content,
        file,
        ("type_id", "name", "abbreviation", "is_legal"),
        ("report_order", "aliases", "source"),
        problems,
    )
    types, ids = [], Claims("loại văn bản", problems)
    names, abbreviations = Claims("loại văn bản", problems), Claims("viết tắt của loại văn bản", problems)
    for row in rows:
        found = DocumentType(
            row.required("type_id"),
            row.required("name"),
            row.text("abbreviation"),
            row.yes("is_legal"),
            row.names("aliases"),
            row.whole("report_order"),
        )
        types.append(found)
        ids.claim(found.type_id, found.type_id, row.where, row.where)
        for name in (found.name, *found.aliases):
            names.claim(fold(name), name, found.type_id, row.where)
        if found.abbreviation:
            key = f"{found.abbreviation}/{found.is_legal}"
            abbreviations.claim(key, found.abbreviation, found.type_id, row.where)
    return tuple(types)


def parse_supplement_items(content: bytes, file: str, problems: Problems) -> tuple[SupplementItem, ...]:
    """What a unit fills in by hand, in the order of the workbook."""
    rows = read_rows(
        content,
        file,
        ("item_id", "section", "label", "type", "unit_of_measure", "is_list", "is_required"),
        ("choices", "help", "report_types"),
        problems,
    )
    items, ids = [], Claims("mục", problems)
    for row in rows:
        item = SupplementItem(
            row.required("item_id"),
            row.required("section"),
            row.required("label"),
            row.one_of("type", ITEM_TYPES),
            row.text("unit_of_measure"),
            row.yes("is_list"),
            row.yes("is_required"),
            row.text("help"),
            row.names("choices", separator=";"),
            row.names("report_types", separator=";"),
        )
        items.append(item)
        ids.claim(item.item_id, item.item_id, row.where, row.where)
    return tuple(items)
