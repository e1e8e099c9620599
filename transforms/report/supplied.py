"""What a unit filled in and what it still owes."""

from __future__ import annotations

from transforms.catalogue.model import SupplementItem
from transforms.report.inputs import ReportInputs

SECTION_NAMES = {
    "I.1": "kế hoạch cải cách hành chính",
    "I.2": "công tác kiểm tra",
    "I.3": "công tác tuyên truyền",
    "I.4": "tổ chức, chỉ đạo, thi đua, sáng kiến",
    "II.1": "cải cách thể chế",
    "II.2": "công khai thủ tục hành chính",
    "II.3": "cải cách tổ chức bộ máy",
    "II.4": "đội ngũ cán bộ, công chức",
    "II.5": "cải cách tài chính công",
    "II.6": "hiện đại hóa hành chính",
    "III.0": "đánh giá chung",
    "III.1": "tồn tại, hạn chế",
    "III.2": "nguyên nhân của tồn tại, hạn chế",
    "IV": "phương hướng, nhiệm vụ kỳ tới",
    "V": "kiến nghị, đề xuất",
    "ky": "nơi nhận và người ký",
}
"""Section of the supplement catalogue → what the report calls it inside a sentence."""


def supplement_lines(inputs: ReportInputs, unit_code: str, item_id: str) -> tuple[str, ...]:
    """The texts that the unit filled in under that item, in order; empty lines left out."""
    lines = inputs.supplement.get(unit_code, {}).get(item_id, ())
    return tuple(line.text for line in lines if line.text.strip())


def has_supplement(inputs: ReportInputs, unit_code: str) -> bool:
    """True when the unit filled in anything at all."""
    return any(inputs.supplement.get(unit_code, {}).values())


def missing_items(inputs: ReportInputs, unit_code: str) -> tuple[SupplementItem, ...]:
    """Required items without a value, in catalogue order."""
    given = inputs.supplement.get(unit_code, {})
    return tuple(
        item
        for item in inputs.catalogue.supplement_items
        if item.is_required
        and item.is_asked_by((inputs.report_type,))
        and not any(v.text.strip() or v.number is not None for v in given.get(item.item_id, ()))
    )


def missing_words(inputs: ReportInputs, unit_code: str) -> str:
    """What the report lacks, as a phrase: sections when nothing came, else the missing items.

    Empty when every required item is filled in.
    """
    missing = missing_items(inputs, unit_code)
    if has_supplement(inputs, unit_code):
        return "; ".join(item.label for item in missing)
    # Signature and recipients are not content; without any supplement they are the smaller loss.
    sections = dict.fromkeys(item.section for item in missing if item.section != "ky")
    return "; ".join(SECTION_NAMES.get(section, section) for section in sections)
