"""What the sample units fill into the supplement workbook; written for the sample, in the official manner."""

from __future__ import annotations

from sample_exports.generator.units import BINH_LUONG, SampleUnit

DISTRICT_PLAN = (
    "Kế hoạch số 192/KH-UBND ngày 31/12/2020 của UBND huyện Như Xuân về cải cách hành chính năm 2021"
)
DISTRICT_CONTROL_PLAN = (
    "Kế hoạch số 13/KH-UBND ngày 18/01/2021 của UBND huyện Như Xuân về kiểm soát thủ tục hành chính năm 2021"
)
PROGRAMME = "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021 - 2030"
DISCIPLINE = "Chỉ thị số 26/CT-TTg ngày 05/9/2016 của Thủ tướng Chính phủ về tăng cường kỷ luật, kỷ cương trong các cơ quan hành chính nhà nước các cấp"
ONE_STOP = "Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính"
ONE_STOP_GUIDE = "Thông tư số 01/2018/TT-VPCP ngày 23/11/2018 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ hướng dẫn thi hành Nghị định số 61/2018/NĐ-CP"
POSTAL = "Quyết định số 45/2016/QĐ-TTg ngày 19/10/2016 của Thủ tướng Chính phủ về việc tiếp nhận hồ sơ, trả kết quả giải quyết thủ tục hành chính qua dịch vụ bưu chính công ích"
AUTONOMY = "Nghị định số 130/2005/NĐ-CP ngày 17/10/2005 của Chính phủ, được sửa đổi, bổ sung tại Nghị định số 117/2013/NĐ-CP ngày 07/10/2013"

Filled = dict[str, tuple[str, ...]]


def supplement_of(unit: SampleUnit) -> Filled:
    """Item id → values in order, for the nine months of 2021."""
    return _binh_luong() if unit.code == BINH_LUONG else _plain(unit)


def _binh_luong() -> Filled:
    return {
        "plan_basis": (DISTRICT_PLAN, DISTRICT_CONTROL_PLAN, PROGRAMME),
        "plan_issued": (
            "Kế hoạch số 01/KH-UBND ngày 18/01/2021 của UBND xã Bình Lương về cải cách hành chính năm 2021",
        ),
        "plan_focus": (
            "Rút ngắn thời gian giải quyết thủ tục hành chính, không để hồ sơ quá hạn.",
            "Tăng số hồ sơ nộp trực tuyến mức độ 3, mức độ 4 trong các lĩnh vực hộ tịch và chứng thực.",
            "Nâng chất lượng phục vụ của Bộ phận Tiếp nhận và Trả kết quả; lấy ý kiến của người dân làm căn cứ đánh giá công chức.",
            "Gắn trách nhiệm của người đứng đầu với kết quả cải cách hành chính của xã.",
        ),
        "inspection_basis": (DISCIPLINE, ONE_STOP, ONE_STOP_GUIDE),
        "inspection_count": ("1",),
        "inspection_note": (
            "Tháng 7/2021, đoàn kiểm tra của UBND huyện Như Xuân làm việc trực tiếp tại UBND xã về cải cách hành chính và kỷ luật, kỷ cương hành chính.",
            "Đoàn ghi nhận việc niêm yết thủ tục hành chính đầy đủ, hồ sơ lưu trữ có sổ theo dõi; yêu cầu xã cập nhật kịp thời hồ sơ lên phần mềm một cửa điện tử.",
            "UBND xã đã phân công công chức khắc phục từng nội dung và báo cáo kết quả về Phòng Nội vụ huyện.",
        ),
        "publicity_basis": (DISTRICT_CONTROL_PLAN, POSTAL),
        "publicity_count": ("24",),
        "publicity_note": (
            "Phát thanh trên hệ thống truyền thanh xã về quyền và trách nhiệm của người dân khi làm thủ tục hành chính.",
            "Đăng danh mục thủ tục hành chính và kết quả giải quyết hồ sơ trên trang thông tin điện tử của xã.",
            "Công chức Bộ phận Tiếp nhận và Trả kết quả hướng dẫn tại chỗ cách tạo tài khoản, nộp hồ sơ và thanh toán trực tuyến.",
        ),
        "direction_assessment": (
            "Việc chỉ đạo, điều hành được thực hiện thường xuyên, phân công rõ người, rõ việc; các nhiệm vụ trong kế hoạch năm cơ bản bám sát tiến độ.",
        ),
        "institution_review": (
            "UBND xã phối hợp với HĐND xã rà soát các nghị quyết còn hiệu lực và đối chiếu với văn bản mới của cấp trên.",
            "Dự thảo văn bản được công chức Tư pháp - Hộ tịch kiểm tra về thẩm quyền, nội dung và thể thức trước khi trình ký.",
        ),
        "institution_implementation": (
            "Văn bản của cấp trên được vào sổ trong ngày, giao công chức chuyên môn tham mưu và theo dõi thời hạn thực hiện.",
        ),
        "procedure_disclosure": (
            "Thủ tục hành chính thuộc thẩm quyền được niêm yết đầy đủ tại trụ sở và cập nhật khi có quyết định công bố mới.",
            "Mức thu phí chứng thực và lệ phí hộ tịch được công khai tại nơi tiếp nhận hồ sơ; mọi khoản thu đều có biên lai.",
        ),
        "procedure_reporting": (
            "Báo cáo định kỳ về kiểm soát thủ tục hành chính được gửi đúng thời hạn quy định.",
        ),
        "organisation_note": (
            "UBND xã thực hiện Quy chế làm việc nhiệm kỳ 2021 - 2026, phân công nhiệm vụ cho từng thành viên UBND ngay sau bầu cử.",
            "Bộ phận Tiếp nhận và Trả kết quả được kiện toàn, có công chức trực và người thay thế khi vắng mặt.",
        ),
        "staff_total_count": ("22",),
        "staff_official_count": ("19",),
        "staff_part_time_count": ("3",),
        "staff_qualified_count": ("19",),
        "trained_count": ("0",),
        "trained_professional_count": ("0",),
        "civil_service_note": (
            f"UBND xã quán triệt {DISCIPLINE} đến toàn thể cán bộ, công chức và người hoạt động không chuyên trách.",
            "Việc chấp hành giờ giấc, thái độ tiếp dân được đưa vào đánh giá, xếp loại hằng quý.",
        ),
        "finance_note": (
            f"UBND xã thực hiện chế độ tự chủ về biên chế và kinh phí quản lý hành chính theo {AUTONOMY}.",
            "Quy chế chi tiêu nội bộ và dự toán ngân sách được công khai trong hội nghị cán bộ, công chức.",
        ),
        "egovernment_note": (
            "Văn bản đi, đến được xử lý trên phần mềm quản lý văn bản; hồ sơ thủ tục hành chính được cập nhật trên phần mềm một cửa điện tử.",
            "Nội quy cơ quan ban hành kèm theo Quyết định số 342/QĐ-UBND ngày 03/8/2021 của UBND xã Bình Lương quy định việc sử dụng thư điện tử công vụ trong trao đổi công việc.",
        ),
        "shortcoming": (
            "Số hồ sơ nộp trực tuyến còn ít so với tổng số hồ sơ tiếp nhận.",
            "Một số việc xác nhận hằng ngày được nhập vào phần mềm với tên chưa khớp danh mục thủ tục hành chính, gây khó cho thống kê theo lĩnh vực.",
            "Trang thiết bị của Bộ phận Tiếp nhận và Trả kết quả đã cũ, chưa đáp ứng yêu cầu số hóa hồ sơ.",
        ),
        "cause_objective": (
            "Xã miền núi, dân cư phân tán; nhiều hộ chưa có điện thoại thông minh và tài khoản thanh toán điện tử.",
        ),
        "cause_subjective": (
            "Công chức phải kiêm nhiệm nhiều việc, chưa dành đủ thời gian cập nhật phần mềm và hướng dẫn người dân nộp hồ sơ trực tuyến.",
        ),
        "next_task": (
            "Chuẩn hóa tên thủ tục khi nhập hồ sơ vào phần mềm một cửa điện tử.",
            "Hoàn thành các nhiệm vụ còn lại của kế hoạch cải cách hành chính năm 2021 và xây dựng kế hoạch năm 2022.",
            "Mở đợt hướng dẫn nộp hồ sơ trực tuyến tại các thôn.",
        ),
        "proposal": (
            "Đề nghị UBND huyện hỗ trợ máy quét và đường truyền cho Bộ phận Tiếp nhận và Trả kết quả của xã.",
            "Đề nghị Phòng Nội vụ huyện mở lớp tập huấn nghiệp vụ cải cách hành chính cho công chức cấp xã.",
        ),
        "recipient": (
            "UBND huyện (b/c)",
            "Phòng Nội vụ huyện (b/c)",
            "TTr. Đảng ủy, HĐND xã (b/c)",
            "UBMTTQ và các đoàn thể xã (đ/b)",
            "Lưu: VP, VT.",
        ),
        "signer_authority": ("TM. ỦY BAN NHÂN DÂN",),
        "signer_role": ("CHỦ TỊCH",),
        "signer_name": ("Người Ký Mẫu",),
    }


def _plain(unit: SampleUnit) -> Filled:
    kind = unit.type
    staff = 18 + unit.number % 5
    part_time = 2 + unit.number % 3
    return {
        "plan_basis": (DISTRICT_PLAN,),
        "plan_issued": (
            f"Kế hoạch số {unit.number:02d}/KH-UBND ngày 20/01/2021 của UBND {unit.full_name} về cải cách hành chính năm 2021",
        ),
        "plan_focus": ("Giải quyết hồ sơ đúng và trước hạn; tăng hồ sơ nộp trực tuyến.",),
        "inspection_basis": (DISTRICT_CONTROL_PLAN,),
        "inspection_count": (str(unit.number % 2),),
        "publicity_count": (str(8 + unit.number),),
        "publicity_note": (f"Phát thanh và đăng tin trên trang thông tin điện tử của {kind}.",),
        "institution_review": (f"UBND {kind} rà soát văn bản do mình ban hành theo kế hoạch năm.",),
        "procedure_disclosure": (
            "Thủ tục hành chính và mức thu phí, lệ phí được niêm yết tại nơi tiếp nhận hồ sơ.",
        ),
        "organisation_note": (f"UBND {kind} thực hiện Quy chế làm việc nhiệm kỳ 2021 - 2026.",),
        "staff_total_count": (str(staff + part_time),),
        "staff_official_count": (str(staff),),
        "staff_part_time_count": (str(part_time),),
        "staff_qualified_count": (str(staff - unit.number % 2),),
        "trained_count": (str(unit.number % 3),),
        "trained_professional_count": (str(min(1, unit.number % 3)),),
        "finance_note": ("Quy chế chi tiêu nội bộ được công khai và thực hiện đúng.",),
        "egovernment_note": ("Hồ sơ được cập nhật trên phần mềm một cửa điện tử trong ngày.",),
        "shortcoming": ("Tỷ lệ hồ sơ nộp trực tuyến còn thấp.",),
        "cause_subjective": ("Công chức kiêm nhiệm nhiều việc.",),
        "recipient": ("UBND huyện (b/c)", "Phòng Nội vụ huyện (b/c)", "Lưu: VP, VT."),
        "signer_authority": ("TM. ỦY BAN NHÂN DÂN",),
        "signer_role": ("CHỦ TỊCH",),
        "signer_name": ("Người Ký Mẫu",),
    }
