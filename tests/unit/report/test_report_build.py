"""The finished content of a report, on a count made by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.unit.report.report_case import (
    BINH_LUONG,
    BINH_LUONG_DOSSIERS,
    DISTRICT,
    SUPPLEMENT,
    TEMPLATES,
    THANH_XUAN,
    YEN_CAT,
    dossiers,
    inputs,
    lines,
    number,
    papers,
    show,
    show_table,
)
from transforms.report.blocks import Figure, Heading, Paragraph, ReportContext, Table
from transforms.report.build import build_report
from transforms.report.check import all_blocks, check_report
from transforms.report.figures import flatten
from transforms.report.inputs import ReportFinding
from transforms.report.markup import TemplateProblemError


def tables(context: ReportContext) -> dict[str, Table]:
    return {block.table_id: block for block in all_blocks(context) if isinstance(block, Table)}


def paragraph_figures(context: ReportContext) -> list[Figure]:
    paragraphs = [block for block in context.blocks if isinstance(block, Paragraph)]
    return [inline for block in paragraphs for inline in block.text if isinstance(inline, Figure)]


YEN_CAT_DOSSIERS = """
    ho_tich       | 1 | 5 | 2 | 0 | 0 | 7 | 0 | 1
    nuoi_con_nuoi | 0 | 1 | 0 | 0 | 0 | 0 | 1 | 0
"""


def district_report() -> ReportContext:
    cells = dossiers(BINH_LUONG_DOSSIERS) | papers() | dossiers(YEN_CAT_DOSSIERS, "16174")
    leaves = (YEN_CAT, BINH_LUONG, THANH_XUAN)
    return build_report(inputs(cells, DISTRICT, leaves, missing_units=(THANH_XUAN,)))


def test_build_report_binh_luong_prints_the_numbers_of_the_commune() -> None:
    text = show(build_report(inputs()))
    for sentence in (
        "đã tiếp nhận 1.363 hồ sơ thủ tục hành chính",
        "kỳ trước chuyển sang 0 hồ sơ",
        "- Bảo trợ xã hội: 10 hồ sơ;",
        "- Chứng thực: 545 hồ sơ;",
        "- Đất đai: 17 hồ sơ;",
        "- Hộ tịch: 277 hồ sơ;",
        "- Người có công: 02 hồ sơ;",
        "- Phổ biến, giáo dục pháp luật: 0 hồ sơ;",
        "- Thi đua, khen thưởng: 02 hồ sơ;",
        "- Xử lý đơn: 05 hồ sơ, trong đó 02 hồ sơ đang giải quyết;",
        "- Chưa phân loại: 505 hồ sơ (thủ tục chưa có trong danh mục).",
        "là 99,9% (1.359/1.361 hồ sơ đã giải quyết)",
        "11.250.000 đồng (Mười một triệu hai trăm năm mươi nghìn đồng)",
        "- Văn bản quy phạm pháp luật: 03 văn bản;",
        "- Văn bản hành chính: 588 văn bản, gồm:",
        "174 quyết định của cấp huyện và cấp tỉnh",
        "22 người, trong đó cán bộ, công chức: 19 người; người hoạt động không chuyên trách: 3 người",
        "100% (19/19 người)",
        "được cử đi học trong kỳ: 0 người.",
    ):
        assert sentence in text
    assert re.findall(r"\+ (.*): (\d+) văn bản", text) == [
        ("Quyết định", "362"),
        ("Tờ trình", "61"),
        ("Báo cáo", "72"),
        ("Kế hoạch", "52"),
        ("Thông báo", "27"),
        ("Văn bản khác", "14"),
    ]


def test_build_report_full_supplement_numbers_every_section_once() -> None:
    context = build_report(inputs())
    headings = [f"{b.number} {b.text}" for b in context.blocks if isinstance(b, Heading) and b.level == 1]
    assert headings == [
        "I CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
        "II KẾT QUẢ THỰC HIỆN",
        "III TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
    ]
    results = [
        b.number for b in context.blocks[_at(context, "KẾT QUẢ THỰC HIỆN") :] if isinstance(b, Heading)
    ]
    assert results[1:9] == ["1", "a", "b", "2", "3", "4", "5", "6"]
    assert show(context).endswith("./.")
    assert show(context).count("./.") == 1


def _at(context: ReportContext, heading: str) -> int:
    return next(i for i, b in enumerate(context.blocks) if isinstance(b, Heading) and b.text == heading)


def test_build_report_sections_four_and_five_follow_the_supplement() -> None:
    given = {**SUPPLEMENT, "next_task": lines("Rà soát thủ tục"), "proposal": lines("Bố trí trang thiết bị")}
    text = show(build_report(inputs(supplement={"16204": given})))
    assert "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI\n- Rà soát thủ tục." in text
    assert text.endswith("V. KIẾN NGHỊ, ĐỀ XUẤT\n- Bố trí trang thiết bị./.")


def test_build_report_opening_tells_period_data_date_and_rulebook() -> None:
    context = build_report(inputs(data_date=date(2021, 9, 3)))
    opening = show(context).split("\nI. ")[0]
    assert "Ủy ban nhân dân xã Bình Lương báo cáo" in opening
    assert "từ ngày 15 tháng 12 năm 2020 đến ngày 14 tháng 9 năm 2021" in opening
    assert "Số liệu tính đến hết ngày 05 tháng 9 năm 2021, trước ngày kết thúc kỳ báo cáo" in opening
    assert "lập ngày 03/9/2021; số liệu phát sinh sau ngày lập tệp có thể chưa đầy đủ" in opening
    assert "Biểu số II.06a/VPCP/KSTT" in opening
    facts = {fact.key: fact.text for fact in context.facts}
    assert facts == {
        "period": "9 tháng năm 2021",
        "window": "từ ngày 15/12/2020 đến ngày 14/9/2021 (theo cách tính các kỳ của Nghị định số 09/2019/NĐ-CP)",
        "closing_day": "05/9/2021",
        "data_date": "03/9/2021",
        "rulebook": "Biểu số II.06a/VPCP/KSTT, Thông tư số 01/2020/TT-VPCP, xét theo ngày",
        "outline_left_out": "Phương hướng, nhiệm vụ kỳ tới; Kiến nghị, đề xuất",
    }


def test_build_report_unit_words_are_printed_and_never_read_as_markup() -> None:
    assert "# Phát trên đài truyền thanh **xã**." in show(build_report(inputs())).split("\n")


def test_build_report_every_number_in_prose_leads_to_its_cell() -> None:
    figures = {figure.cell_id: figure.text for figure in paragraph_figures(build_report(inputs()))}
    tail = "2021-9T/nd09/2021-09-05/tt01"
    assert figures[f"received_in_window/16204/*/{tail}"] == "1.363"
    assert figures[f"received_in_window/16204/xu_ly_don/{tail}"] == "05"
    assert figures[f"rate/on_time_rate/16204/*/{tail}"] == "99,9%"
    assert figures["supplement/16204/staff_total_count/2021-9T"] == "22"
    assert figures["rate/supplement/16204/staff_qualified_count/2021-9T"] == "100%"
    assert figures[f"documents_received/16204/huyen:quyet_dinh+tinh:quyet_dinh/{tail}"] == "174"


def test_build_report_counts_are_padded_in_prose_and_not_in_tables() -> None:
    form = tables(build_report(inputs()))["bieu_06a"]
    assert show_table(form)[7] == "8 | Xử lý đơn | 5 | 0 | 5 | 0 | 3 | 1 | 2 | 0 | 2 | 2 | 0"
    assert show_table(form)[-1] == " | Tổng số | 1.363 | 7 | 1.356 | 0 | 1.361 | 1.023 | 336 | 2 | 2 | 2 | 0"


def test_build_report_form_06a_has_its_columns_box_and_identities() -> None:
    form = tables(build_report(inputs()))["bieu_06a"]
    assert [column.number for column in form.columns] == [f"({n})" for n in range(1, 14)]
    formulas = {column.key: column.formula for column in form.columns if column.formula}
    assert formulas == {
        "received_total": ("received_online", "received_direct", "carried_over"),
        "resolved_total": ("early", "on_time", "late"),
        "pending_total": ("pending_within", "pending_overdue"),
    }
    assert form.checks == (("received_total", ("resolved_total", "pending_total")),)
    assert form.form_number == "Biểu số II.06a/VPCP/KSTT"
    assert form.form_box[-2:] == (
        "Đơn vị báo cáo: UBND xã Bình Lương",
        "Đơn vị nhận báo cáo: UBND huyện Như Xuân",
    )


def test_build_report_form_notes_name_only_what_occurred() -> None:
    notes = {("unknown_procedure", "16204"): 505, ("paused", "16204"): 0, ("refused", "16204"): 3}
    form = tables(build_report(inputs(notes=notes, quarantined_count={"16204": 2})))["bieu_06a"]
    told = [flatten(note) for note in form.notes]
    assert told[1:] == [
        "505 hồ sơ có thủ tục chưa có trong danh mục được xếp vào dòng chưa phân loại.",
        "Ngoài biểu: 3 hồ sơ không được tiếp nhận.",
        "Ngoài biểu: 2 dòng của tệp kết xuất không đọc được, chưa được tính.",
    ]
    first = next(inline for inline in form.notes[1] if isinstance(inline, Figure))
    assert first.cell_id == "note/unknown_procedure/16204/*/2021-9T/nd09/2021-09-05/tt01"


def test_build_report_undated_papers_are_told_under_their_tables() -> None:
    notes = {("undated_document", "16204"): 4, ("undated_fee", "16204"): 2, ("excluded_field", "16204"): 6}
    found = tables(build_report(inputs(notes=notes)))
    assert [flatten(note) for note in found["van_ban"].notes] == [
        "4 dòng của sổ văn bản không có ngày nên chưa được tính."
    ]
    assert [flatten(note) for note in found["phi_le_phi"].notes] == [
        "2 khoản thu không có ngày nên chưa được tính."
    ]
    assert flatten(found["bieu_06a"].notes[-1]).startswith("Ngoài biểu: 6 hồ sơ thuộc lĩnh vực không do")


def test_build_report_letterhead_of_a_draft_leaves_the_number_open() -> None:
    letterhead = build_report(inputs()).letterhead
    assert letterhead.parent_body == ""
    assert letterhead.issuing_body == ("ỦY BAN NHÂN DÂN", "XÃ BÌNH LƯƠNG")
    assert letterhead.document_number == "Số:       /BC-UBND"
    assert letterhead.place_and_date == "Bình Lương, ngày 05 tháng 9 năm 2021"
    assert (letterhead.document_type, letterhead.subject) == (
        "BÁO CÁO",
        "Cải cách hành chính 9 tháng năm 2021",
    )
    assert letterhead.draft_mark == "DỰ THẢO"


@pytest.mark.parametrize(("given", "printed"), [("5", "Số: 05/BC-UBND"), ("45/BC-UBND", "Số: 45/BC-UBND")])
def test_build_report_issued_document_carries_number_and_date(given: str, printed: str) -> None:
    issued = inputs(is_draft=False, document_number=given, document_date=date(2021, 9, 7))
    letterhead = build_report(issued).letterhead
    assert letterhead.document_number == printed
    assert letterhead.place_and_date == "Bình Lương, ngày 07 tháng 9 năm 2021"
    assert letterhead.draft_mark == ""


def test_build_report_signature_comes_from_the_supplement() -> None:
    signature = build_report(inputs()).signature
    assert signature.recipients == ("UBND huyện (b/c);", "Phòng Nội vụ (b/c);", "Lưu: VT.")
    assert (signature.authority, signature.role, signature.name) == (
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Người Mẫu 0001",
    )


def test_build_report_no_supplement_leaves_sections_out_and_says_so() -> None:
    context = build_report(inputs(supplement={}))
    text = show(context)
    assert "! Đơn vị chưa gửi số liệu bổ sung 9 tháng năm 2021. Báo cáo chưa có các nội dung: " in text
    assert "I. KẾT QUẢ THỰC HIỆN\n1. Cải cách thể chế" in text
    for absent in ("CHỈ ĐẠO", "TỒN TẠI", "tổ chức bộ máy hành chính", "đội ngũ cán bộ, công chức\n"):
        assert (
            absent not in text.replace("Báo cáo chưa có các nội dung", "\0").split("\0")[1].split("\n", 1)[1]
        )
    # What never came is asked for once it is due (delivery.missing), not item by item.
    assert check_report(context) == ()


def test_build_report_supplement_with_gaps_names_the_items() -> None:
    given = {key: value for key, value in SUPPLEMENT.items() if key not in ("finance_note", "trained_count")}
    context = build_report(inputs(supplement={"16204": given}))
    told = "Số cán bộ, công chức được cử đi học; Cải cách tài chính công"
    assert f"! Số liệu bổ sung của đơn vị còn thiếu: {told}." in show(context)
    (finding,) = check_report(context)
    assert dict(finding.params)["items"] == told


def test_build_report_no_data_at_all_is_said_and_never_zero() -> None:
    context = build_report(inputs(cells={}, supplement={}, missing_units=(BINH_LUONG,), data_date=None))
    text = show(context)
    assert "Đơn vị chưa có số liệu hồ sơ thủ tục hành chính" in text
    assert "Chưa có số liệu phí, lệ phí" in text
    assert paragraph_figures(context) == []
    assert (context.key_numbers, context.annexes, context.charts) == ((), (), ())
    assert context.stamps == ("Đơn vị chưa gửi tệp số liệu nào của kỳ báo cáo này.",)


def test_build_report_zero_dossiers_says_that_none_arose() -> None:
    context = build_report(inputs(dossiers("ho_tich | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0")))
    assert "không phát sinh hồ sơ thủ tục hành chính; không có hồ sơ từ kỳ trước chuyển sang." in show(
        context
    )
    assert "%" not in show(context).replace("100% (19/19 người)", "")
    assert context.charts == ()


def test_build_report_all_late_is_said_in_words_and_without_a_rate_of_nothing() -> None:
    text = show(build_report(inputs(dossiers("ho_tich | 0 | 12 | 0 | 0 | 0 | 12 | 0 | 0"))))
    assert "trong số 12 hồ sơ phải giải quyết, đã giải quyết 12 hồ sơ, đều quá hạn." in text
    assert "tỷ lệ giải quyết" not in text


def test_build_report_nothing_resolved_prints_no_rate() -> None:
    text = show(build_report(inputs(dossiers("ho_tich | 0 | 3 | 0 | 0 | 0 | 0 | 2 | 1"))))
    assert "trong số 03 hồ sơ phải giải quyết, chưa có hồ sơ nào giải quyết xong." in text
    assert "đang giải quyết 03 hồ sơ, gồm 02 hồ sơ còn trong hạn và 01 hồ sơ đã quá hạn." in text
    assert "tỷ lệ giải quyết" not in text


def test_build_report_carried_over_dossiers_are_kept_apart_from_new_ones() -> None:
    text = show(build_report(inputs(dossiers("ho_tich | 0 | 1 | 4 | 0 | 2 | 0 | 3 | 0"))))
    assert "- Hộ tịch: 01 hồ sơ; kỳ trước chuyển sang 04 hồ sơ; đang giải quyết 03 hồ sơ;" in text
    assert "trong số 05 hồ sơ phải giải quyết, đã giải quyết 02 hồ sơ" in text


def test_build_report_district_names_units_that_sent_nothing() -> None:
    context = district_report()
    text = show(context)
    assert "Báo cáo tổng hợp số liệu của 2/3 đơn vị; chưa gửi: xã Thanh Xuân." in text
    assert "đã tiếp nhận 1.370 hồ sơ" in text
    assert "Số liệu phí, lệ phí của 1/3 đơn vị; chưa có: thị trấn Yên Cát, xã Thanh Xuân." in text
    assert context.stamps == ("Chưa có số liệu của 1/3 đơn vị: xã Thanh Xuân.",)
    assert context.letterhead.issuing_body == ("ỦY BAN NHÂN DÂN", "HUYỆN NHƯ XUÂN")
    assert (
        "- Thị trấn Yên Cát: 07 hồ sơ đã giải quyết quá hạn, 01 hồ sơ đang giải quyết đã quá hạn, trong số 9 hồ sơ phải giải quyết;"
        in text
    )
    assert "TỒN TẠI" not in text
    assert check_report(context) == ()


def test_build_report_district_form_leaves_a_missing_unit_empty() -> None:
    form = tables(district_report())["bieu_06_don_vi"]
    assert form.form_number == "Biểu số II.06d/VPCP/KSTT"
    assert show_table(form) == [
        "1 | thị trấn Yên Cát | 9 | 1 | 6 | 2 | 7 | 0 | 0 | 7 | 2 | 1 | 1",
        "2 | xã Bình Lương | 1.363 | 7 | 1.356 | 0 | 1.361 | 1.023 | 336 | 2 | 2 | 2 | 0",
        "3 | xã Thanh Xuân (chưa có số liệu)" + " | " * 11,
        " | Tổng số | 1.372 | 8 | 1.362 | 2 | 1.368 | 1.023 | 336 | 9 | 4 | 3 | 1",
    ]


def test_build_report_district_lists_other_fields_after_the_listed_ones() -> None:
    form = tables(district_report())["bieu_06_linh_vuc"]
    assert [row.cells[1] for row in form.rows][-4:] == [
        "Xử lý đơn",
        "Nuôi con nuôi",
        "Chưa phân loại",
        "Tổng số",
    ]


def test_build_report_district_own_supplement_stays_apart_from_the_sums() -> None:
    leaves = (YEN_CAT, BINH_LUONG)
    given = {"16204": SUPPLEMENT, "402": {"inspection_count": number(5), "plan_issued": lines("Kế hoạch C")}}
    context = build_report(inputs(dossiers(BINH_LUONG_DOSSIERS), DISTRICT, leaves, given))
    text = show(context)
    assert "tại Ủy ban nhân dân huyện Như Xuân trong kỳ: 5 cuộc" in text
    assert "tại các thị trấn, xã trong kỳ: 1 cuộc" in text
    assert not [f for f in check_report(context) if f.code == "report.figure.disagreement"]


def test_build_report_missing_unit_outside_the_leaves_is_counted_too() -> None:
    cells = dossiers(BINH_LUONG_DOSSIERS)
    text = show(build_report(inputs(cells, DISTRICT, (BINH_LUONG,), missing_units=(THANH_XUAN,))))
    assert "1/2 đơn vị; chưa gửi: xã Thanh Xuân" in text


def test_build_report_findings_stamp_only_the_critical_ones() -> None:
    found = (
        ReportFinding("warning", "b", "16204", "Câu cảnh báo.", "Sửa."),
        ReportFinding("critical", "a", "16204", "Câu nghiêm trọng.", "Sửa."),
        ReportFinding("critical", "a", "16210", "Câu của xã khác.", "Sửa."),
    )
    context = build_report(inputs(findings=found))
    assert context.stamps == ("Câu nghiêm trọng.",)
    assert [label for label, _, _ in context.findings] == ["Nghiêm trọng", "Cảnh báo"]
    district = build_report(inputs({}, DISTRICT, (BINH_LUONG, THANH_XUAN), findings=found))
    assert district.stamps == ("Xã Bình Lương: Câu nghiêm trọng.", "Xã Thanh Xuân: Câu của xã khác.")


def test_build_report_same_inputs_give_an_equal_context() -> None:
    assert build_report(inputs()) == build_report(inputs())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{{ value('early') }}", "chỉ được in chữ"),
        ("{{ 1 + 1 }}", "không được tính toán"),
        ("{{ khong_co }}", "khong_co"),
        ("{{ count('khong_co') }}", "không có chỉ tiêu khong_co"),
        ("{{ own_number('khong_co') }}", "không có mục số liệu bổ sung khong_co"),
        ("@table khong_co", "không có mã này"),
        ("{% if %}", "Expected an expression"),
    ],
)
def test_build_report_bad_template_names_template_and_line(line: str, message: str) -> None:
    spoiled = TEMPLATES["_assessment.md.j2"].replace('{{ m.bullets("shortcoming") }}', line)
    templates = {**TEMPLATES, "_assessment.md.j2": spoiled}
    with pytest.raises(TemplateProblemError, match=message) as caught:
        build_report(replace(inputs(), templates=templates))
    assert (caught.value.template, caught.value.line) == ("_assessment.md.j2", 6)


def test_check_report_total_that_its_parts_do_not_make_is_found() -> None:
    cells = dossiers(BINH_LUONG_DOSSIERS) | papers()
    cells["received_total", "16204", "*"] = 1868
    findings = check_report(build_report(inputs(cells)))
    params = [dict(finding.params) for finding in findings if finding.code == "report.total.mismatch"]
    assert {"1.868", "1.363"} == {str(each[key]) for each in params for key in ("total", "parts")}
    assert {each["gap"] for each in params} == {"505"}
    assert {"cột số lượng hồ sơ tiếp nhận, tổng số", "dòng Tổng số, cột (3)"} == {
        each["what"] for each in params
    }


def test_check_report_document_and_fee_parts_are_added_up() -> None:
    cells = papers()
    cells["documents_issued", "16204", "*"] = 5
    cells["fee_total_amount", "16204", "*"] = 12_000_000
    context = build_report(inputs(cells))
    assert [(f.kind, dict(f.params)["gap"]) for f in check_report(context)] == [
        ("document", "583"),
        ("fee", "750.000"),
    ]
    assert "trong đó phí" not in show(context)


def test_check_report_staff_parts_that_do_not_add_up_are_printed_with_a_warning() -> None:
    context = build_report(inputs(supplement={"16204": {**SUPPLEMENT, "staff_total_count": number(25)}}))
    assert "! Số liệu nhân sự không khớp: tổng số là 25 người" in show(context)
    (finding,) = check_report(context)
    assert (finding.kind, dict(finding.params)["gap"]) == ("supplement", "3")
