"""What the values of a column look like, as shares and counts; no value leaves this module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.catalogue.model import Catalogue
from transforms.catalogue.proposal import ValueShape
from transforms.readers.repeating import as_strings
from transforms.readers.values import parse_date
from transforms.schema.tables import DOSSIER_CODE_PATTERN
from transforms.text_vi import fold, tidy

SAMPLED_ROWS = 500
WIDEST = 200
"""Columns of a sheet that are looked at."""
_LONGEST = 200
"""Letters of a value that are looked at; longer ones are prose."""
_SOFT_LABELS = 20
"""A column of status or channel repeats few texts, also where the catalogue knows none of them."""

_DOSSIER_CODE = re.compile(DOSSIER_CODE_PATTERN)
_CODE_LIKE = re.compile(r"^(?=.*\d)[0-9A-ZĐ][0-9A-ZĐ._/-]{4,}$", re.IGNORECASE)
_PROCEDURE_CODE = re.compile(r"^[1-9]\.\d{6}(?:\.[0-9A-Z]{2,3})*$", re.IGNORECASE)
_SYMBOL = re.compile(r"^\d{1,5}[A-Za-z]?(?:/\d{4})?/[A-ZĐ][A-ZĐa-zđ0-9&-]*(?:-[A-ZĐ0-9.&-]+)*$")
_NUMBER = re.compile(r"^[+-]?\d[\d., ]*(?:đồng|vnđ|vnd|đ|₫)?$", re.IGNORECASE)
_PHONE = re.compile(r"^(?:\+?84|0)\d{9,10}$")
_IDENTITY = re.compile(r"^(?:\d{9}|\d{12})$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.\w{2,}$")
_PERSON = re.compile(r"^[^\W\d_a-z]\w*(?: [^\W\d_a-z]\w*){1,5}(?: \d{1,4})?$")
_ADDRESS = re.compile(
    r"^(?:thon|xom|ban|ap|buon|to|khu|khoi|so nha|pho|duong|ngo|ngach|hem|tieu khu|to dan pho) \w"
    r"|\b(?:thon|xom|to dan pho|khu pho)\b|\bxa\b.*\b(?:huyen|tinh)\b"
)
_OFFICE = re.compile(r"^(?:ubnd|uy ban|van phong|phong|so|trung tam|chi nhanh|bo phan|cong an)\b")


def measure_shapes(cells: pa.Table, catalogue: Catalogue) -> tuple[ValueShape, ...]:
    """The shapes of the first 200 columns below a header, from up to 500 rows spread over all of them."""
    cells = cells.select(range(min(cells.num_columns, WIDEST)))
    rows = cells.num_rows
    if rows > SAMPLED_ROWS:
        cells = cells.take(pa.array(np.linspace(0, rows - 1, SAMPLED_ROWS).astype(np.int64)))
    sorts = _sorts(catalogue)
    return tuple(_shape(column, sorts) for column in cells.columns)


def fit_of_parse(parse: str, shape: ValueShape) -> float:
    """How well values suit a way of reading them, 0-1; 0.8 where any text will do."""
    if parse == "date":
        return shape.share("date")
    if parse == "code":
        other = max(0.8 * shape.share("code_like"), 0.7 * shape.share("number"))
        return max(shape.share("dossier_code"), other * shape.distinct_share)
    if parse == "procedure_code":
        return shape.share("procedure_code")
    if parse in ("money", "count"):
        return shape.share("number")
    if parse in ("status", "channel", "direction"):
        is_soft = shape.distinct_count <= _SOFT_LABELS and _is_prose(shape)
        return max(shape.share(parse), 0.5 if is_soft else 0.0)
    if parse == "symbol":
        return max(shape.share("symbol"), 0.5 * shape.share("code_like"))
    return 0.8 if shape.share("date") < 0.9 else 0.2


def looks_personal(shape: ValueShape) -> str:
    """The sort of personal data that most values look like; "" for none."""
    for sort in ("phone", "email", "address"):
        if shape.share(sort) >= 0.5:
            return sort
    if shape.share("identity") >= 0.8 and shape.distinct_share >= 0.5:
        return "identity"
    # Titles of few fields are written like names, but names hardly repeat.
    if shape.share("person") >= 0.6 and shape.distinct_share >= 0.4:
        return "person"
    return ""


def is_data_like(text: str) -> bool:
    """True for a cell that no header holds: a day, a code, a phone, a number of three digits or more."""
    plain = tidy(text)[:_LONGEST]
    if sum(map(str.isdigit, plain)) < 3:
        return False
    bare = re.sub(r"[ .,-]", "", plain)
    return bare.isdigit() or _is_date(plain) or bool(_DOSSIER_CODE.match(plain.replace(" ", "").upper()))


def _is_prose(shape: ValueShape) -> bool:
    return shape.share("date") < 0.5 and shape.share("number") < 0.5


def _sorts(catalogue: Catalogue) -> Mapping[str, Callable[[str], bool]]:
    statuses = {fold(name) for entry in catalogue.statuses for name in (entry.name, *entry.aliases)}
    channels = {fold(name) for entry in catalogue.channels for name in (entry.name, *entry.aliases)}
    return {
        "date": _is_date,
        "dossier_code": lambda text: bool(_DOSSIER_CODE.match(text.replace(" ", "").upper())),
        "code_like": _is_other_code,
        "procedure_code": lambda text: bool(_PROCEDURE_CODE.match(text)),
        "symbol": lambda text: bool(_SYMBOL.match(text.replace(" ", ""))) and not _is_date(text),
        "number": lambda text: bool(_NUMBER.match(text)) and not _is_date(text),
        "status": lambda text: fold(text) in statuses,
        "channel": lambda text: fold(text) in channels,
        "phone": lambda text: bool(_PHONE.match(re.sub(r"[ .-]", "", text))),
        "identity": lambda text: bool(_IDENTITY.match(text)),
        "email": lambda text: bool(_EMAIL.match(text)),
        "person": lambda text: bool(_PERSON.match(text)) and fold(text) not in channels,
        "address": _is_address,
    }


def _is_date(text: str) -> bool:
    """A day that is written as one; a bare number is no day here, though Excel means one by it at times."""
    if not any(mark in text for mark in "/-. ") or not text[:1].isdigit():
        return False
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


def _is_other_code(text: str) -> bool:
    """A code of no known shape: letters or signs among the digits, and no number, day or symbol."""
    known = _DOSSIER_CODE.match(text.upper()) or _NUMBER.match(text) or _SYMBOL.match(text)
    return bool(_CODE_LIKE.match(text)) and not known and not _is_date(text)


def _is_address(text: str) -> bool:
    folded = fold(text)
    return bool(_ADDRESS.search(folded)) and not _OFFICE.match(folded)


def _shape(column: pa.ChunkedArray, sorts: Mapping[str, Callable[[str], bool]]) -> ValueShape:
    counted = pc.value_counts(as_strings(column).drop_null())
    texts = counted.field("values").to_pylist()
    counts = counted.field("counts").to_pylist()
    totals = dict.fromkeys(sorts, 0)
    filled = distinct = 0
    for text, count in zip(texts, counts, strict=True):
        plain = tidy(text[:_LONGEST])
        if not plain:
            continue
        filled += count
        distinct += 1
        for sort, is_of in sorts.items():
            if is_of(plain):
                totals[sort] += count
    shares = {sort: total / filled for sort, total in totals.items() if total}
    return ValueShape(len(column), filled, distinct, shares)
