"""Archives without a clock in them: Office files and evidence packs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def repack(content: bytes, replaced: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """The same package, some parts with new content, with fixed time stamps and parts in a fixed order (DESIGN.md law 3).

    The content types come first, as Word writes them; the other parts follow by name.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            out.writestr(_entry(name), replaced[name] if name in replaced else source.read(name))
    return target.getvalue()


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """An archive of those files by path, with fixed time stamps and in the order of their names (DESIGN.md law 3)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name in sorted(files):
            out.writestr(_entry(name), files[name])
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    entry.create_system = 0
    return entry
