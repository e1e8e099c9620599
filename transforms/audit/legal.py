"""The catalogue of legal documents with validity: parsing and cross-checks of its CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

from transforms.audit.model import LegalDocument

COLUMNS = (
    "number", "title", "issuer", "issued_on", "valid_from", "valid_to", "replaced_by", "is_certain", "source",
)  # fmt: skip


def parse_legal_documents(content: bytes, file: str = "legal_documents.csv") -> tuple[LegalDocument, ...]:
    """The documents of the file in its order.

    Days are ISO; an empty ``valid_to`` means in force or unknown. Raises ValueError naming the line for a
    missing column, a bad day, a doubled document, an end before its start or a missing source.
    """
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{file}: expected the columns {', '.join(COLUMNS)}")
    documents: list[LegalDocument] = []
    seen: set[tuple[str, date | None]] = set()
    for row in reader:
        where = f"{file}, line {reader.line_num}"
        document = LegalDocument(
            number=row["number"],
            title=row["title"],
            issuer=row["issuer"],
            issued_on=_day(row["issued_on"], where),
            valid_from=_day(row["valid_from"], where),
            valid_to=_day(row["valid_to"], where),
            replaced_by=row["replaced_by"],
            is_certain=row["is_certain"] == "yes",
            source=row["source"],
        )
        if not document.number or not document.source:
            raise ValueError(f"{where}: number and source are required")
        if (document.number, document.issued_on) in seen:
            raise ValueError(f"{where}: {document.number} is listed twice")
        if document.valid_from and document.valid_to and document.valid_to < document.valid_from:
            raise ValueError(f"{where}: valid_to lies before valid_from")
        seen.add((document.number, document.issued_on))
        documents.append(document)
    return tuple(documents)


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"{where}: {text!r} is not a day like 2018-04-23") from error
