"""Which layout a store has: the file ``FORMAT`` beside its tables.

Layouts only grow: columns and tables are added, never renamed or taken away, so an old store can be read and
written by a newer product at any time. The file says what an older product may lack, and keeps a product from
touching a store that is newer than itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.durable import write_whole
from pipelines.errors import ConfigurationError

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

    Raises ConfigurationError for a store that is newer than the product, and for a file that says nothing.
    """
    path = Path(root) / FORMAT_FILE
    if not path.exists():
        return (
            StoreFormat(FIRST, datetime.max.replace(tzinfo=UTC)) if has_tables(root) else StoreFormat(PRESENT)
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        number, since = int(content["format"]), content.get("confirmed_since")
        found = StoreFormat(number, datetime.fromisoformat(since) if since else None)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ConfigurationError(
            f"Tệp {path} không đọc được; hãy khôi phục tệp này từ bản sao lưu, không xóa vì phần mềm sẽ hiểu nhầm là kho đời cũ."
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
    Path(root).mkdir(parents=True, exist_ok=True)
    write_whole(Path(root) / FORMAT_FILE, (json.dumps(content) + "\n").encode("utf-8"))


def mark_new(root: str) -> None:
    """Say so for a store that is about to get its first rows; an old one is left as it is."""
    if not _is_remote(root) and not (Path(root) / FORMAT_FILE).exists() and not has_tables(root):
        mark_format(root)


def has_tables(root: str) -> bool:
    """True once anything was stored."""
    return any(Path(root).glob(f"*/{_LOG}"))


def _is_remote(root: str) -> bool:
    """True for an object store, which keeps no files beside its tables."""
    return "://" in root
