"""The commune procedures of 2021 that the sample uses: name, field, limit, money, how often."""

from __future__ import annotations

from dataclasses import dataclass

UNCLASSIFIED = "chua_phan_loai"


@dataclass(frozen=True, slots=True)
class SampleProcedure:
    """A procedure as offices name it; ``money`` tells how its fee comes about.

    ``money``: "" free, "pages" by page (phí chứng thực bản sao), "copies" 8.000 đ a copy, "charge" a
    fixed charge (phí), "duty" a fixed duty (lệ phí).
    """

    code: str
    name: str
    field_id: str
    field_name: str
    time_value: int | None
    time_unit: str
    money: str = ""
    amount: int = 0
    weight: int = 0


def _group(field_id: str, field_name: str, *rows: tuple[object, ...]) -> tuple[SampleProcedure, ...]:
    return tuple(SampleProcedure(row[0], row[1], field_id, field_name, *row[2:]) for row in rows)  # type: ignore[arg-type]


PROCEDURES: tuple[SampleProcedure, ...] = (
    *_group(
        "ho_tich",
        "Hộ tịch",
        ("1.001193", "Thủ tục đăng ký khai sinh", 0, "same_day", "", 0, 90),
        ("1.000894", "Thủ tục đăng ký kết hôn", 0, "same_day", "", 0, 30),
        ("1.000656", "Thủ tục đăng ký khai tử", 0, "same_day", "", 0, 25),
        ("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", 3, "working_day", "duty", 10_000, 55),
        (
            "1.004859",
            "Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
            3,
            "working_day",
            "duty",
            10_000,
            20,
        ),
        ("1.004884", "Thủ tục đăng ký lại khai sinh", 5, "working_day", "duty", 5_000, 22),
        ("1.001022", "Thủ tục đăng ký nhận cha, mẹ, con", 3, "working_day", "duty", 15_000, 5),
        (
            "2.000635",
            "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh",
            0,
            "same_day",
            "copies",
            8_000,
            50,
        ),
    ),
    *_group(
        "chung_thuc",
        "Chứng thực",
        (
            "2.000815",
            "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam cấp hoặc chứng nhận",
            0,
            "same_day",
            "pages",
            2_000,
            430,
        ),
        ("2.000884", "Chứng thực chữ ký trong giấy tờ, văn bản", 0, "same_day", "charge", 10_000, 80),
        (
            "2.001035",
            "Chứng thực giao dịch liên quan đến động sản, quyền sử dụng đất, nhà ở",
            2,
            "working_day",
            "charge",
            50_000,
            40,
        ),
        ("2.001016", "Chứng thực văn bản từ chối nhận di sản", 2, "working_day", "charge", 50_000, 5),
        (
            "2.000913",
            "Chứng thực việc sửa đổi, bổ sung, hủy bỏ hợp đồng, giao dịch",
            0,
            "same_day",
            "charge",
            30_000,
            5,
        ),
    ),
    *_group(
        "bao_tro_xa_hoi",
        "Bảo trợ xã hội",
        ("1.001731", "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", 5, "working_day", "", 0, 8),
        (
            "1.001699",
            "Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật",
            25,
            "working_day",
            "",
            0,
            8,
        ),
        ("1.001653", "Đổi, cấp lại Giấy xác nhận khuyết tật", 5, "working_day", "", 0, 4),
    ),
    *_group(
        "nguoi_co_cong",
        "Người có công",
        ("2.002307", "Mai táng phí đối với cựu chiến binh", 10, "working_day", "", 0, 3),
        ("2.001157", "Trợ cấp một lần đối với thanh niên xung phong", None, "", "", 0, 2),
    ),
    *_group("dat_dai", "Đất đai", ("1.003554", "Hòa giải tranh chấp đất đai", 45, "calendar_day", "", 0, 14)),
    *_group(
        "thi_dua_khen_thuong",
        "Thi đua - Khen thưởng",
        (
            "2.000346",
            "Tặng Giấy khen của Chủ tịch UBND cấp xã theo đợt hoặc chuyên đề",
            10,
            "working_day",
            "",
            0,
            3,
        ),
    ),
    *_group(
        "xu_ly_don",
        "Xử lý đơn thư",
        ("2.002501", "Thủ tục xử lý đơn tại cấp xã", 10, "calendar_day", "", 0, 8),
    ),
    *_group(
        "hoa_giai_co_so",
        "Hòa giải ở cơ sở",
        ("1.002211", "Công nhận hòa giải viên", 5, "working_day", "", 0, 2),
    ),
    *_group(
        "nuoi_con_nuoi",
        "Nuôi con nuôi",
        ("2.001263", "Đăng ký việc nuôi con nuôi trong nước", 30, "calendar_day", "duty", 400_000, 1),
    ),
)

UNKNOWN_PROCEDURES: tuple[SampleProcedure, ...] = tuple(
    SampleProcedure("", name, UNCLASSIFIED, "", 0, "same_day", weight=weight)
    for name, weight in (
        ("Xác nhận đơn đề nghị của công dân", 40),
        ("Xác nhận sơ yếu lý lịch tự khai", 30),
        ("Xác nhận hoàn cảnh gia đình để đề nghị miễn, giảm học phí", 15),
        ("Xác nhận đơn xin đi làm việc ngoài tỉnh", 10),
        ("Xác nhận đơn đề nghị vay vốn ngân hàng", 5),
    )
)
"""Things a commune confirms every day under names that no catalogue of procedures holds."""


def of_field(field_id: str) -> tuple[SampleProcedure, ...]:
    """The sample's procedures of one field; the unknown ones for ``chua_phan_loai``."""
    if field_id == UNCLASSIFIED:
        return UNKNOWN_PROCEDURES
    return tuple(procedure for procedure in PROCEDURES if procedure.field_id == field_id)
