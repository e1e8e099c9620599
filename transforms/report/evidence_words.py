"""What an evidence pack says of a number: what it counts, of whom, and what a number is that counts no records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.catalogue.model import Catalogue
from transforms.indicators.measure import ALL_FIELDS
from transforms.indicators.measures import RATIOS
from transforms.report.lateness import LONGEST
from transforms.report.names import sentence_case
from transforms.report.ranking import RANKING_TITLE, USUAL
from transforms.report.restated import (
    LEDGER_FILE,
    RECORD_NAMES,
    STATE_NAMES,
    facet_words,
    measure_words,
)

KIND_NAMES = {**RECORD_NAMES, "quarantined": "dòng cách ly"}
"""Kind of record → what one of them is called."""
_SHOWN_UNITS = 3
_TOLD = {
    "coverage": "Đây là số đơn vị, không phải số hồ sơ. Tên các đơn vị đã gửi hoặc còn thiếu ghi ngay cạnh số này, "
    "dưới bảng hoặc ở phần lưu ý của báo cáo.",
    "published": "Đây là số liệu chép nguyên từ lần công bố trước; hồ sơ đứng sau nằm trong gói bằng chứng của lần đó.",
    "restated": "Đây là số ô hoặc số bản ghi đã thay đổi so với lần công bố trước; danh sách và lý do của từng bản ghi "
    f"nằm trong tệp {LEDGER_FILE} cạnh báo cáo.",
    "explained": "Đây là số dòng đã được giải trình; nội dung nằm ở phụ lục giải trình số liệu của báo cáo.",
    USUAL: "Đây là mức giữa của các đơn vị khác, không đếm hồ sơ; tỷ lệ của từng đơn vị nằm trong bảng "
    f"“{RANKING_TITLE}”, mỗi tỷ lệ có danh sách riêng.",
}
_TOLD_NAMES = {
    "coverage": "Số đơn vị",
    "published": "Số liệu của lần công bố trước",
    "restated": "Số thay đổi so với lần công bố trước",
    "explained": "Số dòng đã được giải trình",
    USUAL: "Mức giữa của các đơn vị khác",
}


def told_words(cell_id: str) -> tuple[str, str] | None:
    """What a number is called that counts no records, and the sentence that stands for them; None for other cells."""
    prefix = cell_id.partition("/")[0]
    return (_TOLD_NAMES[prefix], _TOLD[prefix]) if prefix in _TOLD else None


def cell_words(
    cell_id: str,
    measures: Sequence[str],
    facets: Sequence[str],
    units: Sequence[str],
    catalogue: Catalogue,
) -> str:
    """What a cell counts: "Giải quyết quá hạn · lĩnh vực Hộ tịch · xã Bình Lương".

    ``units``: names. A share is called by its own name, not by that of its numerator.
    """
    rate = _rate_of(cell_id)
    named = RATIOS[rate].label if rate else " + ".join(_lowered(measures, catalogue))
    if cell_id.startswith(f"{LONGEST}/"):
        named = f"Số ngày làm việc đã quá hạn của hồ sơ chậm nhất, trong số: {named.lower()}"
    elif cell_id.startswith("rate/") and not rate:
        named = f"Tỷ lệ của: {named.lower()}"
    fields = [facet_words(measures[0], facet, catalogue) for facet in facets if facet != ALL_FIELDS]
    words = [sentence_case(named), ", ".join(fields)]
    words.append(", ".join(units) if len(units) <= _SHOWN_UNITS else f"{len(units)} đơn vị")
    return " · ".join(each for each in words if each)


def record_names(unit_names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Column of the records → what its values are called; ``unit_names``: key of a line → name."""
    return {"kind": dict(KIND_NAMES), "state": dict(STATE_NAMES), "unit_code": dict(unit_names)}


def _rate_of(cell_id: str) -> str:
    parts = cell_id.split("/")
    return parts[1] if parts[0] == "rate" and parts[1] in RATIOS else ""


def _lowered(measures: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The names of the measures; after the first one they stand within a line."""
    words = [measure_words(measure, catalogue) for measure in measures]
    return [words[0], *(each[:1].lower() + each[1:] for each in words[1:])]
