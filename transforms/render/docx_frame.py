"""What surrounds the text of an administrative document: header block, title, signature, page headers.

Layout after NĐ 30/2020/NĐ-CP, Annex I; the sizes stand in the styles of the base.
"""

from __future__ import annotations

import unicodedata

from transforms.render.docx_xml import (
    Bookmarks,
    field_xml,
    paragraph,
    plain_cell,
    plain_table,
    run,
    short_rule,
    twips,
)
from transforms.render.numbering import recipient_line
from transforms.report.blocks import Letterhead, Signature

STATE_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

_LEFT_SHARE = 0.39
_MM_PER_POINT = 25.4 / 72
_HALF = 0.42
"""Rules below the issuing body and the subject take 1/3 to 1/2 of the line above them."""
_TOGETHER = "<w:keepNext/><w:keepLines/>"
_SIGNATURE_ROOM = 60
"""Points left between the signer's role and name for signature and seal."""

# Advance widths of Times New Roman Bold in thousandths of the size; letters with marks are as wide as bare ones.
_WIDTHS: dict[str, int] = {
    ch: width
    for width, letters in (
        (250, " .,"), (278, "il:;"), (333, "-fjt()/"), (389, "Is"), (444, "cerz"), (500, "Jagovxy0123456789"),
        (556, "Sbdhknpqu"), (611, "FP"), (667, "BELTZ"), (722, "ACDNRUVXYĐw"), (778, "GHKOQ"), (833, "m"),
        (944, "M"), (1000, "W"),
    )
    for ch in letters
}  # fmt: skip


def bold_width(text: str, size: float) -> float:
    """Width in mm of a line of Times New Roman Bold of ``size`` points; close enough to draw a rule to it."""
    letters = (ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch))
    return sum(_WIDTHS.get(ch, 556) for ch in letters) / 1000 * size * _MM_PER_POINT


def letterhead_xml(letterhead: Letterhead, text_width: float) -> str:
    """Issuing body and number on the left, the state's name and the date on the right.

    A commune's People's Committee has no body above its own line. A draft carries its mark in a box below
    the number.
    """
    left, right = text_width * _LEFT_SHARE, text_width * (1 - _LEFT_SHARE)
    issuer = paragraph("ParentBody", run(letterhead.parent_body)) if letterhead.parent_body else ""
    issuer += "".join(paragraph("IssuingBody", run(line)) for line in letterhead.issuing_body)
    last = letterhead.issuing_body[-1] if letterhead.issuing_body else letterhead.parent_body
    issuer += short_rule("ShortRule", _HALF * min(bold_width(last, 12), left), left, before=2)
    state = paragraph("StateName", run(STATE_NAME)) + paragraph("Motto", run(MOTTO))
    state += short_rule("ShortRule", bold_width(MOTTO, 13), right, before=2)
    number = paragraph("DocumentNumber", run(letterhead.document_number))
    if letterhead.draft_mark:
        side = twips((left - bold_width(letterhead.draft_mark, 13) - 8) / 2)
        indent = f'<w:spacing w:before="160" w:after="0"/><w:ind w:left="{side}" w:right="{side}"/>'
        number += paragraph("DraftMark", run(letterhead.draft_mark), indent)
    date = paragraph("PlaceAndDate", run(letterhead.place_and_date))
    widths = (twips(left), twips(right))
    rows = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{plain_cell(widths[0], first)}{plain_cell(widths[1], second)}</w:tr>"
        for first, second in ((issuer, state), (number, date))
    )
    return plain_table(
        widths, rows, "Tên cơ quan ban hành, số và ký hiệu; Quốc hiệu, Tiêu ngữ, địa danh và thời gian"
    )


def title_xml(letterhead: Letterhead, text_width: float) -> str:
    """Name of the document type, subject and the rule below it."""
    xml = paragraph("Title", run(letterhead.document_type)) + paragraph("Subtitle", run(letterhead.subject))
    length = _HALF * min(bold_width(letterhead.subject.rpartition("\n")[2], 14), text_width)
    return xml + short_rule("ShortRule", length, text_width, before=4, after=4)


def stamps_xml(stamps: tuple[str, ...], marks: Bookmarks) -> str:
    """The box with what to know before using a number; nothing without stamps."""
    if not stamps:
        return ""
    lines = [
        run("Lưu ý về số liệu của báo cáo này:", bold=True),
        *(run("- ") + marks.words(stamp) for stamp in stamps),
    ]
    last = len(lines) - 1
    return "".join(
        paragraph(
            "Stamp",
            line,
            ("<w:keepLines/>" if at == last else _TOGETHER)
            + f'<w:spacing w:before="{0 if at else 160}" w:after="{120 if at == last else 20}"/>',
        )
        for at, line in enumerate(lines)
    )


def signature_xml(signature: Signature, text_width: float) -> str:
    """Recipients on the left, signer on the right, on one page with the paragraph above."""
    left = text_width * 0.45
    widths = (twips(left), twips(text_width - left))
    # the table cannot stand off from the text by itself
    apart = '<w:spacing w:before="200" w:after="0"/>'
    recipients = paragraph("RecipientsHead", run("Nơi nhận:"), _TOGETHER + apart)
    last = len(signature.recipients) - 1
    for at, line in enumerate(signature.recipients):
        recipients += paragraph("Recipients", run(recipient_line(line, is_last=at == last)))
    roles = [role for role in (signature.authority, signature.role) if role]
    signer = "".join(
        paragraph("SignerRole", run(role), _TOGETHER + ("" if at else apart)) for at, role in enumerate(roles)
    )
    room = f'<w:keepLines/><w:spacing w:before="{_SIGNATURE_ROOM * 20}" w:after="0"/>'
    signer += paragraph("SignerName", run(signature.name), room)
    row = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{plain_cell(widths[0], recipients)}{plain_cell(widths[1], signer)}</w:tr>"
    return plain_table(widths, row, "Nơi nhận và chữ ký")


def page_header_xml(draft_mark: str, page_stamp: str, marks: Bookmarks, text_width: float) -> str:
    """Page number in the middle, the draft mark to the right of it, below them what the figures lack."""
    return _number_line(draft_mark, text_width) + page_stamp_xml(page_stamp, marks)


def page_stamp_xml(page_stamp: str, marks: Bookmarks) -> str:
    """The line on every page of a report that lacks units; nothing without one."""
    return paragraph("PageStamp", marks.words(page_stamp)) if page_stamp else ""


def _number_line(draft_mark: str, text_width: float) -> str:
    number = field_xml("PAGE", "2")
    if not draft_mark:
        return paragraph("Header", number)
    tabs = (
        f'<w:tabs><w:tab w:val="center" w:pos="{twips(text_width / 2)}"/>'
        f'<w:tab w:val="right" w:pos="{twips(text_width)}"/></w:tabs><w:jc w:val="left"/>'
    )
    tab = "<w:r><w:tab/></w:r>"
    return paragraph("Header", tab + number + tab + run(draft_mark, bold=True), tabs)
