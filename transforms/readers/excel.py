"""Excel and OpenDocument workbooks through calamine, every cell as text.

What fastexcel 0.21 gives for ``dtypes="string"``: a date cell "2021-09-05 00:00:00", a whole number
"12", a fraction "12.5", a boolean "true", a formula its last result; an error such as #DIV/0! comes as
nothing and is listed apart. A code that Excel keeps as a number has lost its final zeros before it
reaches us ("2.000890" is "2.00089").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.readers.model import RawSheet, UnreadableFileError
from transforms.readers.package import Package
from transforms.readers.sheet import build_sheet

# A Rust panic over a damaged file; its class cannot be imported and derives from BaseException.
_PANIC = "PanicException"
_ISO_INSTANT = r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?$"
_ERROR = re.compile(r"Error\((\w+)\)")
_ERROR_TEXTS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_OTHER_ERROR = "#ERROR!"


def read_excel(file: BinaryIO, container: str, package: Package | None = None) -> tuple[RawSheet, ...]:
    """Every worksheet in order, hidden ones flagged, with the row numbers of the sheet.

    A cell whose formula failed holds the error as its text ("#N/A"), so that it is set apart later and
    never taken for an empty one; ``package``, what ``detect`` learned, spares the search for them where there are none. Raises UnreadableFileError ``file.broken``; locked workbooks were told
    apart by ``detect``.
    """
    file.seek(0)
    try:
        reader = fastexcel.read_excel(file.read())
        count = len(reader.sheet_names)
        if package is not None and not package.has_errors:
            return tuple(_read_plain_sheet(reader, place, package) for place in range(count))
        return tuple(_read_sheet(reader, place, container) for place in range(count))
    except BaseException as error:
        if isinstance(error, fastexcel.FastExcelError) or type(error).__name__ == _PANIC:
            raise UnreadableFileError("file.broken") from error
        raise


# skip_rows=0 keeps empty leading rows, so that the n-th row of the table is row n of the sheet.
_AS_IT_STANDS = {"header_row": None, "skip_rows": 0, "dtypes": "string"}


def _read_sheet(reader: fastexcel.ExcelReader, place: int, container: str) -> RawSheet:
    sheet = reader.load_sheet(place, **_AS_IT_STANDS)
    batch, errors = sheet.to_arrow_with_errors()
    name, is_hidden = sheet.name, sheet.visible != "visible"
    del sheet  # its cells stand beside the batch as long as it lives
    return _built(name, batch, errors, container, is_hidden)


def _read_plain_sheet(reader: fastexcel.ExcelReader, place: int, package: Package) -> RawSheet:
    # Reads shared texts where they stand instead of copying them into every cell first.
    batch = reader.load_sheet_eager(place, **_AS_IT_STANDS)
    name = reader.sheet_names[place]
    return _built(name, batch, None, package.container, name in package.hidden_sheets)


def _built(
    name: str, batch: pa.RecordBatch, errors: fastexcel.CellErrors | None, container: str, is_hidden: bool
) -> RawSheet:
    numbers = pa.array(np.arange(1, batch.num_rows + 1, dtype=np.int64))
    return build_sheet(name, _columns(batch, errors, container), numbers, is_hidden=is_hidden)


def _columns(
    batch: pa.RecordBatch, errors: fastexcel.CellErrors | None, container: str
) -> Iterator[pa.ChunkedArray]:
    failed: dict[int, list[tuple[int, str]]] = {}
    for error in errors.errors if errors else ():
        row, column = error.position
        failed.setdefault(column, []).append((row, _error_text(error.detail)))
    for position, values in enumerate(batch.columns):
        texts = values.cast(pa.string())
        if position in failed:
            texts = _with_errors(texts, failed[position])
        if container == "ods":
            texts = pc.replace_substring_regex(texts, _ISO_INSTANT, r"\1 \2")
        yield pa.chunked_array([texts], type=pa.string())


def _error_text(detail: str) -> str:
    found = _ERROR.search(detail)
    return _ERROR_TEXTS.get(found[1], _OTHER_ERROR) if found else _OTHER_ERROR


def _with_errors(texts: pa.Array, failed: list[tuple[int, str]]) -> pa.Array:
    mask = np.zeros(len(texts), bool)
    mask[[row for row, _ in failed]] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array([text for _, text in sorted(failed)]))
