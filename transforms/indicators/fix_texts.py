"""What staff are told under each rule of a fix-list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class RuleText:
    """What to do under one rule, for staff."""

    title: str
    action: str
    """One sentence or two."""
    assumption: str = ""
    """Empty where the new value is certain."""
    is_work: bool = False
    """True for work to do, False for data to mend."""


CLOSE_OVERDUE, CLOSE_NEAR = "work.overdue", "work.near_due"
RULES: Mapping[str, RuleText] = MappingProxyType(
    {
        "dossier.resolved_date.missing": RuleText(
            "Đã xong nhưng thiếu ngày kết thúc xử lý",
            "Ghi ngày kết thúc xử lý theo hồ sơ lưu.",
            "việc đã xong không muộn hơn ngày hẹn trả",
        ),
        "dossier.resolved_date.before_received": RuleText(
            "Ngày kết thúc trước ngày tiếp nhận",
            "Ghi lại ngày kết thúc xử lý cho đúng.",
            "ngày đúng là ngày gần nhất có thể có",
        ),
        "dossier.resolved_date.in_future": RuleText(
            "Ngày kết thúc ở sau ngày làm việc",
            "Ghi lại ngày kết thúc xử lý cho đúng.",
            "ngày và tháng bị ghi đổi chỗ",
        ),
        "dossier.due_date.missing": RuleText(
            "Thiếu ngày hẹn trả",
            "Ghi ngày hẹn trả theo phiếu hẹn.",
            "hẹn trả đúng thời hạn của thủ tục",
        ),
        "dossier.due_date.before_received": RuleText(
            "Ngày hẹn trả trước ngày tiếp nhận",
            "Ghi lại ngày hẹn trả theo phiếu hẹn.",
            "hẹn trả đúng thời hạn của thủ tục",
        ),
        "dossier.procedure.unknown": RuleText(
            "Thủ tục chưa phân loại",
            "Ghi đúng mã thủ tục trong phần mềm, hoặc đề nghị xếp thủ tục vào danh mục.",
            "đó là thủ tục có tên gần nhất trong danh mục",
        ),
        "indicator.channel.unknown": RuleText(
            "Chưa rõ hình thức nộp",
            "Ghi hình thức nộp trong phần mềm.",
            "nộp trực tuyến, tức mức thay đổi nhiều nhất; nộp trực tiếp thì số liệu không đổi",
        ),
        "dossier.status.not_closed": RuleText(
            "Có ngày kết thúc nhưng trạng thái chưa kết thúc",
            "Chuyển trạng thái sang đã xử lý xong, hoặc xóa ngày kết thúc ghi nhầm.",
            "việc đã xong vào ngày đã ghi",
        ),
        "dossier.status.not_returned": RuleText(
            "Có ngày trả kết quả nhưng trạng thái chưa kết thúc",
            "Chuyển trạng thái sang đã trả kết quả, hoặc xóa ngày trả ghi nhầm.",
            "đã trả kết quả vào ngày đã ghi",
        ),
        "dossier.code.missing": RuleText(
            "Dòng không có mã hồ sơ, đang cách ly", "Ghi mã hồ sơ.", "dòng này là một hồ sơ chưa được tính"
        ),
        "dossier.date.impossible": RuleText(
            "Dòng có ngày không có thật, đang cách ly", "Ghi lại ngày cho đúng.", "ngày đúng là ngày có thật gần nhất"
        ),
        "dossier.received_date.missing": RuleText(
            "Dòng thiếu ngày tiếp nhận, đang cách ly",
            "Ghi ngày tiếp nhận.",
            "tiếp nhận vào ngày ghi trong mã hồ sơ hoặc ngày nộp",
        ),
        "dossier.code.two_dossiers": RuleText(
            "Một mã dùng cho hai hồ sơ", "Cấp mã riêng cho hồ sơ đang bị thay thế.", "hai dòng là hai hồ sơ khác nhau"
        ),
        CLOSE_OVERDUE: RuleText(
            "Đang quá hạn, chưa xong",
            "Giải quyết xong. Hồ sơ sẽ được tính là giải quyết quá hạn, nên tỷ lệ đúng hạn có thể giảm.",
            "xong ngay trong ngày làm việc này",
            is_work=True,
        ),
        CLOSE_NEAR: RuleText(
            "Sắp đến hạn",
            "Giải quyết xong trước ngày hẹn trả thì vẫn đúng hạn; để quá ngày đó sẽ tính là quá hạn.",
            "xong ngay trong ngày làm việc này",
            is_work=True,
        ),
    }
)  # fmt: skip
"""Rules in the order in which equal effects are listed; the codes are those of the findings, work has its own."""
