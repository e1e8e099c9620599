"""Header block and signature block of an administrative document (NĐ 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

import re

from transforms.report.blocks import Letterhead, Signature
from transforms.report.inputs import ReportInputs
from transforms.report.names import COMMITTEE, issuer, sentence_case
from transforms.report.numbers_vi import date_long
from transforms.report.prose import clean_line
from transforms.report.supplied import supplement_lines

DOCUMENT_TYPE = "BÁO CÁO"
DRAFT_MARK = "DỰ THẢO"
_SYMBOL = "BC-UBND"
_BLANK_NUMBER = " " * 6
_NUMBER = re.compile(r"\s*(\d+)\s*(?:/\s*(\S.*?))?\s*")
_ARCHIVE = "Lưu: VT"
_DEFAULT_AUTHORITY, _DEFAULT_ROLE = "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"


def subject(inputs: ReportInputs) -> str:
    """ "Cải cách hành chính 9 tháng năm 2021"."""
    return f"Cải cách hành chính {inputs.period_name}"


def build_letterhead(inputs: ReportInputs) -> Letterhead:
    """The header block.

    A People's Committee, commune or district, prints no parent body above its own name: the parent
    line is for bodies that are part of another one (NĐ 30/2020/NĐ-CP, Annex I; DOMAIN.md 6.1). The
    date line is the document's date, for a draft the working day of the run.
    """
    day = inputs.document_date or inputs.table.reckoning.as_of
    body = issuer(inputs.node, inputs.catalogue, inputs.table.reckoning.closing_day)
    return Letterhead(
        parent_body="",
        issuing_body=(body.full_name.upper(),)
        if body.is_group
        else (COMMITTEE.upper(), body.full_name.upper()),
        document_number=f"Số: {number_and_symbol(inputs.document_number)}",
        place_and_date=f"{inputs.place_name}, {date_long(day)}",
        document_type=DOCUMENT_TYPE,
        subject=subject(inputs),
        draft_mark=DRAFT_MARK if inputs.is_draft else "",
    )


def number_and_symbol(document_number: str) -> str:
    """ "5" or "5/BC-UBND" → "05/BC-UBND"; room to write the number by hand when there is none."""
    if not document_number.strip():
        return f"{_BLANK_NUMBER}/{_SYMBOL}"
    match = _NUMBER.fullmatch(document_number)
    if match is None:
        return document_number.strip()
    return f"{int(match[1]):02d}/{match[2] or _SYMBOL}"


def build_signature(inputs: ReportInputs) -> Signature:
    """Recipients and signer from the node's own supplement.

    Without one: the chair signs for the Committee, the name stays open and only the archive is named;
    nobody is invented. Recipients end with ";", the last with ".".
    """
    code = inputs.node.code

    def given(item_id: str, default: str) -> str:
        lines = supplement_lines(inputs, code, item_id)
        return lines[0].strip() if lines else default

    return Signature(
        recipients=_recipients(supplement_lines(inputs, code, "recipient")),
        authority=given("signer_authority", _DEFAULT_AUTHORITY),
        role=given("signer_role", _DEFAULT_ROLE),
        name=given("signer_name", ""),
    )


def _recipients(texts: tuple[str, ...]) -> tuple[str, ...]:
    names = [sentence_case(line) for text in texts if (line := clean_line(text))]
    if not any(name.casefold().startswith("lưu") for name in names):
        names.append(_ARCHIVE)
    return (*(f"{name};" for name in names[:-1]), f"{names[-1]}.")
