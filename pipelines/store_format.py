"""Which layout a store has: the file ``FORMAT`` beside its tables.

Layouts only grow: columns and tables are added, never renamed or taken away, so an old store can be read and
written by a newer product at any time. The file says what an older product may lack, and keeps a product from
touching a store that is newer than itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.errors import ConfigurationError
from pipelines.store_files import folders, has_file, read_file, write_file

FORMAT_FILE = "FORMAT"
FIRST = 1
"""Stores without the file: before corrections, confirmed ranges, catalogue versions and publications were kept."""
PRESENT = 2
"""Every unchanged record of a delivery is confirmed, so that any delivery can be taken back without loss."""
_LOG = "_delta_log"


@dataclass(frozen=True, slots=True)
class StoreFormat:
    """``confirmed_since``: from when on every unchanged record was confirmed; None where always."""

    number: int
    confirmed_since: datetime | None = None


def read_format(root: str) -> StoreFormat:
    """The layout of the store; the present one where nothing was stored yet.

    Raises ConfigurationError for a store that is newer than the product, and for a file that says nothing,
    StoreUnreachableError where an object store does not answer.
    """
    stored = read_file(root, FORMAT_FILE)
    if stored is None:
        return (
            StoreFormat(FIRST, datetime.max.replace(tzinfo=UTC)) if has_tables(root) else StoreFormat(PRESENT)
        )
    try:
        content = json.loads(stored.decode("utf-8"))
        number, since = int(content["format"]), content.get("confirmed_since")
        found = StoreFormat(number, datetime.fromisoformat(since) if since else None)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ConfigurationError(
            f"Tệp {root.rstrip('/')}/{FORMAT_FILE} không đọc được; hãy khôi phục tệp này từ bản sao lưu, không xóa vì phần mềm sẽ hiểu nhầm là kho đời cũ."
        ) from problem
    if number > PRESENT:
        raise ConfigurationError(
            f"Kho dữ liệu {root} do phiên bản phần mềm mới hơn ghi (định dạng {number}, phần mềm này đọc được đến {PRESENT}); "
            "hãy cài phiên bản mới hơn của Mot Cua rồi chạy lại, kho không bị thay đổi."
        )
    return found


def mark_format(root: str, confirmed_since: datetime | None = None) -> None:
    """Say that the store has the present layout."""
    content = {
        "format": PRESENT,
        "confirmed_since": confirmed_since.isoformat() if confirmed_since else None,
    }
    write_file(root, FORMAT_FILE, (json.dumps(content) + "\n").encode("utf-8"))


def mark_new(root: str) -> None:
    """Say so for a store that is about to get its first rows; an old one is left as it is."""
    if not has_file(root, FORMAT_FILE) and not has_tables(root):
        mark_format(root)


def has_tables(root: str) -> bool:
    """True once anything was stored."""
    return any(_LOG in folders(f"{root.rstrip('/')}/{name}") for name in folders(root))
