"""Excel and OpenDocument workbooks through calamine, every cell as text.

What fastexcel 0.21 gives for ``dtypes="string"``: a date cell "2021-09-05 00:00:00", a whole number
"12", a fraction "12.5", a boolean "true", an error such as #DIV/0! nothing at all. A code that Excel
keeps as a number has lost its final zeros before it reaches us ("2.000890" is "2.00089").
"""

from __future__ import annotations

from typing import BinaryIO

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.sheet import build_sheet

# A Rust panic over a damaged file; its class cannot be imported and derives from BaseException.
_PANIC = "PanicException"
_ISO_INSTANT = r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?$"


def read_excel(file: BinaryIO, container: str) -> tuple[RawSheet, ...]:
    """Every worksheet in order, hidden ones flagged, with the row numbers of the sheet.

    Raises UnreadableFileError ``file.broken``; locked workbooks were told apart by ``detect``.
    """
    file.seek(0)
    try:
        reader = fastexcel.read_excel(file.read())
        return tuple(_read_sheet(reader, position, container) for position in range(len(reader.sheet_names)))
    except BaseException as error:
        if isinstance(error, fastexcel.FastExcelError) or type(error).__name__ == _PANIC:
            raise UnreadableFileError("file.broken") from error
        raise


def _read_sheet(reader: fastexcel.ExcelReader, position: int, container: str) -> RawSheet:
    # skip_rows=0 keeps empty leading rows, so that the n-th row of the table is row n of the sheet.
    sheet = reader.load_sheet(position, header_row=None, skip_rows=0, dtypes="string")
    batch = sheet.to_arrow()
    columns = [pa.chunked_array([column.cast(pa.string())]) for column in batch.columns]
    if container == "ods":
        columns = [pc.replace_substring_regex(column, _ISO_INSTANT, r"\1 \2") for column in columns]
    numbers = pa.array(range(1, batch.num_rows + 1), pa.int64())
    return build_sheet(sheet.name, columns, numbers, is_hidden=sheet.visible != "visible")
