"""The types of report: which templates word them, and which annexes they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DEFAULT_TYPE = "cchc"


@dataclass(frozen=True, slots=True)
class ReportType:
    """One type of report."""

    type_id: str
    name: str
    """As staff choose it in a list."""
    unit_template: str
    rollup_template: str
    has_indicator_annex: bool = False


REPORT_TYPES: Mapping[str, ReportType] = MappingProxyType(
    {
        each.type_id: each
        for each in (
            ReportType(
                DEFAULT_TYPE,
                "Báo cáo cải cách hành chính theo đề cương đang dùng ở cấp xã",
                "cchc_unit.md.j2",
                "cchc_rollup.md.j2",
            ),
            # The outline and its indicators follow reports in use and a summary of 581/BNV-CCHC; the dispatch
            # itself was not seen (DOMAIN.md 5.2, 5.3).
            ReportType(
                "cchc_bnv",
                "Báo cáo cải cách hành chính theo đề cương của Bộ Nội vụ (chưa kiểm chứng)",
                "cchc_bnv_unit.md.j2",
                "cchc_bnv_rollup.md.j2",
                has_indicator_annex=True,
            ),
        )
    }
)
"""Every type by its id; the default first."""
