"""The stream of an Excel 97-2003 workbook ([MS-XLS]), looked at before the reader takes it.

The reader reserves memory for whatever area the records claim. A damaged record that names column
65535 makes it ask for 160 GB, which ends the process and with it the night of every other unit.
"""

from __future__ import annotations

import struct
from collections import Counter

from transforms.readers.biff_texts import SharedLengths
from transforms.readers.limits import Limits
from transforms.readers.model import UnreadableFileError

_FILEPASS = 0x002F
_DIMENSIONS = 0x0200
_BOF = 0x0809
_SST, _CONTINUE, _LABELSST, _BOUNDSHEET = 0x00FC, 0x003C, 0x00FD, 0x0085
_BIFF8 = 0x0600
_MOST_COLUMNS = 256
_CELL_RECORDS = frozenset((0x0006, 0x027E, 0x00BD, 0x00BE, 0x00FD, 0x00D6, 0x0201, 0x0203, 0x0204, 0x0205))
"""FORMULA, RK, MULRK, MULBLANK, LABELSST, RSTRING, BLANK, NUMBER, LABEL, BOOLERR: all start with row, column."""
_HEAD = struct.Struct("<HH")


def check_workbook_stream(stream: bytes, limits: Limits) -> None:
    """Return when the stream can be handed to the reader.

    Raises UnreadableFileError ``file.encrypted`` for a FILEPASS record (2.4.117), ``file.broken`` for a
    cell beyond column IV, the last of the format, or a stream that does not start as a workbook,
    ``file.too_large`` when a sheet claims a larger area than the limit, or the cells together more text
    than the limit: each gets a copy of the shared text at which it points.
    """
    if len(stream) < 8 or _HEAD.unpack_from(stream, 0)[0] != _BOF:
        raise UnreadableFileError("file.broken")
    is_biff8 = _HEAD.unpack_from(stream, 4)[0] == _BIFF8
    offset, end = 0, len(stream) - 4
    unpack = _HEAD.unpack_from
    texts = SharedLengths()
    table: list[bytes] = []
    sheets: Counter[bytes] = Counter()
    largest = 0
    while offset <= end:
        kind, length = unpack(stream, offset)
        offset += 4
        if table and kind != _CONTINUE:
            texts.add_texts(table)
            table = []
        if kind in _CELL_RECORDS:
            if length >= 4 and unpack(stream, offset)[1] >= _MOST_COLUMNS:
                raise UnreadableFileError("file.broken")
            if kind == _LABELSST and length >= 10:
                texts.add_reference(*struct.unpack_from("<I", stream, offset + 6))
        elif kind == _FILEPASS:
            raise UnreadableFileError("file.encrypted")
        elif kind == _SST or (kind == _CONTINUE and table):
            table.append(stream[offset : offset + length])
        elif kind == _BOUNDSHEET:
            sheets[stream[offset : offset + 4]] += 1
        elif kind == _DIMENSIONS and length >= (12 if is_biff8 else 8):
            rows, columns = _claimed_area(stream, offset, is_biff8)
            largest = max(largest, rows * columns)
        offset += length
    if table:
        texts.add_texts(table)
    # Several names may stand for one sheet, which the reader then reads once for each.
    times = max(sheets.values(), default=1)
    if largest * times > limits.cells or texts.total * times > limits.unpacked_bytes:
        raise UnreadableFileError("file.too_large")


def _claimed_area(stream: bytes, offset: int, is_biff8: bool) -> tuple[int, int]:
    layout = "<IIHH" if is_biff8 else "<HHHH"
    first_row, end_row, first_column, end_column = struct.unpack_from(layout, stream, offset)
    # The reader subtracts without looking, so an end before its start counts as the largest area.
    rows = end_row - first_row if end_row >= first_row else 1 << 32
    columns = end_column - first_column if end_column >= first_column else 1 << 16
    return rows, columns
