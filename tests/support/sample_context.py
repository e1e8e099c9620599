"""An artificial report with one of everything a renderer can meet: xã Bình Lương, nine months of 2021.

The counts are those of the sample district; the prose is invented for tests and names no person.
"""

from __future__ import annotations

from dataclasses import replace

from transforms.report.blocks import (
    Annex,
    Block,
    Chart,
    Fact,
    Figure,
    Heading,
    KeyNumber,
    Letterhead,
    Paragraph,
    ParagraphStyle,
    ReportContext,
    Run,
    Series,
    Signature,
    Table,
    TableColumn,
    TableRow,
    Text,
)

UNIT_CODE = "16204"
TAIL = "2021-9T/nd09/2021-09-05/tt01"

FIELDS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    # field id, name, (online, direct, carried over, early, on time, late, pending within, pending overdue)
    ("bao_tro_xa_hoi", "Bảo trợ xã hội", (4, 6, 0, 3, 7, 0, 0, 0)),
    ("chung_thuc", "Chứng thực", (12, 533, 0, 0, 545, 0, 0, 0)),
    ("dat_dai", "Đất đai", (3, 14, 0, 5, 12, 0, 0, 0)),
    ("ho_tich", "Hộ tịch", (100, 177, 0, 41, 236, 0, 0, 0)),
    ("nguoi_co_cong", "Người có công", (0, 2, 0, 0, 2, 0, 0, 0)),
    ("pbgdpl", "Phổ biến, giáo dục pháp luật", (0, 0, 0, 0, 0, 0, 0, 0)),
    ("thi_dua_khen_thuong", "Thi đua - Khen thưởng", (0, 2, 0, 0, 2, 0, 0, 0)),
    ("xu_ly_don", "Xử lý đơn thư", (0, 5, 0, 0, 3, 0, 1, 1)),
    ("chua_phan_loai", "Chưa phân loại", (61, 444, 0, 22, 483, 0, 0, 0)),
)
MEASURES = (
    "received_total", "received_online", "received_direct", "carried_over",
    "resolved_total", "early", "on_time", "late",
    "pending_total", "pending_within", "pending_overdue",
)  # fmt: skip

COLUMNS = (
    TableColumn("stt", "TT", number="(1)", width_mm=10, is_text=True),
    TableColumn("field", "Lĩnh vực, công việc giải quyết theo cấp", number="(2)", width_mm=56, is_text=True),
    TableColumn("received_total", "Tổng số", "Số hồ sơ nhận giải quyết", "(3)", ("received_online", "received_direct", "carried_over")),
    TableColumn("received_online", "Trực tuyến", "Số hồ sơ nhận giải quyết", "(4)"),
    TableColumn("received_direct", "Trực tiếp, dịch vụ bưu chính", "Số hồ sơ nhận giải quyết", "(5)"),
    TableColumn("carried_over", "Từ kỳ trước", "Số hồ sơ nhận giải quyết", "(6)"),
    TableColumn("resolved_total", "Tổng số", "Số hồ sơ đã giải quyết", "(7)", ("early", "on_time", "late")),
    TableColumn("early", "Trước hạn", "Số hồ sơ đã giải quyết", "(8)"),
    TableColumn("on_time", "Đúng hạn", "Số hồ sơ đã giải quyết", "(9)"),
    TableColumn("late", "Quá hạn", "Số hồ sơ đã giải quyết", "(10)"),
    TableColumn("pending_total", "Tổng số", "Số hồ sơ đang giải quyết", "(11)", ("pending_within", "pending_overdue")),
    TableColumn("pending_within", "Trong hạn", "Số hồ sơ đang giải quyết", "(12)"),
    TableColumn("pending_overdue", "Quá hạn", "Số hồ sơ đang giải quyết", "(13)"),
)  # fmt: skip


def whole(value: int) -> str:
    """ "1.363"."""
    return f"{value:,}".replace(",", ".")


def figure(measure: str, value: float, field: str = "*", *, text: str = "") -> Figure:
    """A figure of the sample unit."""
    printed = text or whole(int(value))
    return Figure(value, printed, f"{measure}/{UNIT_CODE}/{field}/{TAIL}")


def say(*parts: str | Figure) -> Text:
    """A text of plain runs and figures."""
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)


def body(*parts: str | Figure) -> Paragraph:
    """A body paragraph."""
    return Paragraph(ParagraphStyle.BODY, say(*parts))


def _eleven(counts: tuple[int, ...]) -> tuple[int, ...]:
    online, direct, carried, early, on_time, late, within, overdue = counts
    return (online + direct + carried, online, direct, carried,
            early + on_time + late, early, on_time, late, within + overdue, within, overdue)  # fmt: skip


def form_06a(rows: int = len(FIELDS)) -> Table:
    """Biểu II.06a with ``rows`` fields (the nine sample fields repeated as often as asked) and the total."""
    printed = [FIELDS[at % len(FIELDS)] for at in range(rows)]
    lines: list[TableRow] = []
    totals = [0] * len(MEASURES)
    for at, (field_id, name, counts) in enumerate(printed):
        values = _eleven(counts)
        totals = [total + value for total, value in zip(totals, values, strict=True)]
        key = field_id if rows <= len(FIELDS) else f"{field_id}-{at}"
        cells = (figure(measure, value, key) for measure, value in zip(MEASURES, values, strict=True))
        lines.append(TableRow((str(at + 1), name, *cells)))
    every = "*" if rows <= len(FIELDS) else "rows"
    cells = (figure(measure, value, every) for measure, value in zip(MEASURES, totals, strict=True))
    lines.append(TableRow(("", "Tổng số", *cells), kind="total"))
    return Table(
        table_id="bieu_06a",
        caption="Tình hình, kết quả giải quyết thủ tục hành chính",
        columns=COLUMNS,
        rows=tuple(lines),
        unit_of_measure="Số hồ sơ TTHC",
        notes=(
            say("Hồ sơ không có ngày hẹn trả được tính đúng hạn: ", figure("missing_due_date", 3, text="03"), " hồ sơ."),
            say("Hồ sơ chưa rõ thủ tục được giữ ở dòng “Chưa phân loại”."),
        ),
        form_number="Biểu số II.06a/VPCP/KSTT",
        form_box=(
            "Ban hành theo Thông tư số 01/2020/TT-VPCP",
            "- Đơn vị báo cáo: Ủy ban nhân dân xã Bình Lương",
            "- Đơn vị nhận báo cáo: Ủy ban nhân dân huyện Như Xuân",
        ),
        checks=(
            ("received_total", ("received_online", "received_direct", "carried_over")),
            ("resolved_total", ("early", "on_time", "late")),
            ("pending_total", ("pending_within", "pending_overdue")),
            ("received_total", ("resolved_total", "pending_total")),
        ),
    )  # fmt: skip


def fee_table() -> Table:
    """A small table of the narrative with a missing number, a rate and a group row."""
    return Table(
        table_id="phi_le_phi",
        caption="Phí, lệ phí đã thu trong kỳ",
        columns=(
            TableColumn("name", "Khoản thu", width_mm=70, is_text=True),
            TableColumn("amount", "Số tiền", width_mm=35),
            TableColumn("share", "Tỷ lệ", width_mm=25),
        ),
        rows=(
            TableRow(("Theo biên lai", "", ""), kind="group"),
            TableRow(("Phí chứng thực", figure("fee_charge_amount", 9_250_000), figure("fee_charge_share", 0.8222, text="82,2%"))),
            TableRow(("Lệ phí hộ tịch", figure("fee_duty_amount", 2_000_000), figure("fee_duty_share", 0.1778, text="17,8%"))),
            TableRow(("Phí khác", "", "")),
            TableRow(("Tổng số", figure("fee_total_amount", 11_250_000), figure("fee_all_share", 1.0, text="100%")), kind="total"),
        ),
        unit_of_measure="đồng",
    )  # fmt: skip


def field_chart() -> Chart:
    """Dossiers by field, one of them missing."""
    values: list[Figure | None] = [figure("received_total", sum(c[:3]), field) for field, _, c in FIELDS]
    return Chart(
        chart_id="ho_so_theo_linh_vuc",
        title="Hồ sơ tiếp nhận theo lĩnh vực",
        kind="bar",
        categories=(*(name for _, name, _ in FIELDS), "Tôn giáo"),
        series=(Series("Hồ sơ tiếp nhận", (*values, None)),),
        alt_text="Biểu đồ cột ngang: Chứng thực nhiều nhất với 545 hồ sơ; 505 hồ sơ chưa phân loại.",
    )


def state_chart() -> Chart:
    """States by field, stacked."""
    names = {"early": 3, "on_time": 4, "late": 5, "pending_within": 6, "pending_overdue": 7}
    labels = ("Trước hạn", "Đúng hạn", "Quá hạn", "Đang giải quyết, trong hạn", "Đang giải quyết, quá hạn")
    chosen = [field for field in FIELDS if sum(field[2]) > 0]
    return Chart(
        chart_id="tinh_trang_theo_linh_vuc",
        title="Kết quả giải quyết theo lĩnh vực",
        kind="stacked_bar",
        categories=tuple(name for _, name, _ in chosen),
        series=tuple(
            Series(label, tuple(figure(measure, counts[at], field) for field, _, counts in chosen))
            for label, (measure, at) in zip(labels, names.items(), strict=True)
        ),
        alt_text="Biểu đồ cột chồng: hầu hết hồ sơ được giải quyết đúng hạn; Xử lý đơn thư còn 02 hồ sơ.",
    )


def _blocks() -> tuple[Block, ...]:
    long = (
        "Ủy ban nhân dân xã chỉ đạo các ban, ngành tiếp tục rà soát, niêm yết công khai thủ tục hành chính, "
        "bố trí công chức trực tại Bộ phận Tiếp nhận và Trả kết quả, hướng dẫn người dân nộp hồ sơ trực tuyến "
        "và theo dõi thời hạn trả kết quả của từng hồ sơ."
    )
    dash, plus = ParagraphStyle.DASH_ITEM, ParagraphStyle.PLUS_ITEM
    return (
        body("Thực hiện chế độ thông tin, báo cáo định kỳ, Ủy ban nhân dân xã Bình Lương báo cáo kết quả công tác "
             "cải cách hành chính 9 tháng năm 2021 như sau:"),
        Heading(1, "I", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
        Heading(2, "1", "Về kế hoạch cải cách hành chính"),
        body(long),
        Heading(2, "2", "Về kiểm tra cải cách hành chính"),
        body("Trong kỳ có ", figure("inspection_count", 1, text="01"), " cuộc kiểm tra. ", long),
        Heading(1, "II", "KẾT QUẢ THỰC HIỆN"),
        Heading(2, "1", "Cải cách thể chế"),
        Heading(3, "a", "Văn bản quy phạm pháp luật"),
        body("Ban hành ", figure("legal_documents_issued", 3, text="03"), " văn bản quy phạm pháp luật và ",
             figure("documents_issued", 588), " văn bản hành chính, gồm:"),
        Paragraph(dash, say("Quyết định: ", figure("documents_issued", 362, "quyet_dinh"), " văn bản;")),
        Paragraph(dash, say("Báo cáo: ", figure("documents_issued", 72, "bao_cao"), " văn bản; trong đó:")),
        Paragraph(plus, say("Báo cáo định kỳ: ", figure("documents_issued", 60, "dinh_ky"), " văn bản;")),
        Paragraph(plus, say("Báo cáo chuyên đề: ", figure("documents_issued", 12, "chuyen_de"), " văn bản.")),
        Heading(2, "2", "Cải cách thủ tục hành chính"),
        body("Từ ngày 15/12/2020 đến ngày 05/9/2021 tiếp nhận ", figure("received_total", 1363), " hồ sơ, gồm:"),
        *(Paragraph(dash, say(f"{name}: ", figure("received_total", sum(c[:3]), field,
                                                  text=f"{sum(c[:3]):02d}" if 0 < sum(c) < 10 else ""), " hồ sơ;"))
          for field, name, c in FIELDS),
        Paragraph(ParagraphStyle.WARNING,
                  say("Có ", figure("received_total", 505, "chua_phan_loai"),
                      " hồ sơ mang mã thủ tục chưa có trong danh mục; số liệu theo lĩnh vực vì vậy chưa đầy đủ.")),
        body("Đã giải quyết ", figure("resolved_total", 1361), " hồ sơ, đạt ",
             figure("on_time_rate", 0.9985, text="99,9%"), "; còn ", figure("pending_total", 2, text="02"),
             " hồ sơ đang giải quyết."),
        fee_table(),
        body("Tổng số phí, lệ phí đã thu: ", figure("fee_total_amount", 11_250_000), " đồng (",
             "bằng chữ: Mười một triệu hai trăm năm mươi nghìn đồng)."),
        Paragraph(ParagraphStyle.NOTE,
                  (Run("Ghi chú: ", bold=True, italic=True),
                   Run("số liệu tính đến ngày 05/9/2021, theo cách tính của Thông tư số 01/2020/TT-VPCP."))),
        Heading(1, "III", "ĐÁNH GIÁ CHUNG"),
        body(long),
        body("Trên đây là báo cáo kết quả công tác cải cách hành chính 9 tháng năm 2021 của Ủy ban nhân dân "
             "xã Bình Lương./."),
    )  # fmt: skip


def sample_context() -> ReportContext:
    """The draft of xã Bình Lương with stamps, findings, charts and Biểu II.06a."""
    reference = Run(
        "(Kèm theo Báo cáo số      /BC-UBND ngày 05 tháng 9 năm 2021 của Ủy ban nhân dân xã Bình Lương)"
    )
    return ReportContext(
        report_type="cchc",
        unit_code=UNIT_CODE,
        unit_name="xã Bình Lương",
        period_id="2021-9T",
        period_name="9 tháng năm 2021",
        title="Báo cáo công tác cải cách hành chính 9 tháng năm 2021 - xã Bình Lương",
        letterhead=Letterhead(
            parent_body="",
            issuing_body=("ỦY BAN NHÂN DÂN", "XÃ BÌNH LƯƠNG"),
            document_number="Số:        /BC-UBND",
            place_and_date="Bình Lương, ngày 05 tháng 9 năm 2021",
            document_type="BÁO CÁO",
            subject="Công tác cải cách hành chính 9 tháng năm 2021",
            draft_mark="DỰ THẢO",
        ),
        facts=(
            Fact("window", "Thời gian số liệu", "15/12/2020 - 14/9/2021 (Nghị định số 09/2019/NĐ-CP, Điều 12)"),
            Fact("closing_day", "Chốt đến ngày", "05/9/2021"),
            Fact("data_date", "Ngày kết xuất dữ liệu", "05/9/2021"),
            Fact("rulebook", "Cách tính", "Thông tư số 01/2020/TT-VPCP"),
        ),
        key_numbers=(
            KeyNumber("Hồ sơ tiếp nhận", figure("received_total", 1363), "gồm 0 hồ sơ kỳ trước chuyển sang"),
            KeyNumber("Đã giải quyết", figure("resolved_total", 1361)),
            KeyNumber("Trước hạn và đúng hạn", figure("on_time_rate", 0.9985, text="99,9%"), "trên số đã giải quyết"),
            KeyNumber("Đang giải quyết", figure("pending_total", 2), "trong đó quá hạn 1"),
            KeyNumber("Phí, lệ phí đã thu", figure("fee_total_amount", 11_250_000), "đồng"),
        ),
        stamps=(
            "505 hồ sơ mang mã thủ tục chưa có trong danh mục nên chưa phân loại được.",
            "Số liệu chốt đến ngày 05/9/2021, trước khi kỳ báo cáo kết thúc (14/9/2021).",
        ),
        blocks=_blocks(),
        annexes=(
            Annex("I", "KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH 9 THÁNG NĂM 2021",
                  (Paragraph(ParagraphStyle.NOTE, (reference,)), form_06a())),
        ),
        signature=Signature(
            recipients=("UBND huyện Như Xuân (b/c)", "Phòng Nội vụ huyện", "Thường trực Đảng ủy, HĐND xã", "Lưu: VT"),
            authority="TM. ỦY BAN NHÂN DÂN",
            role="CHỦ TỊCH",
            name="Người Mẫu 0001",
        ),
        charts=(field_chart(), state_chart()),
        findings=(
            ("Nghiêm trọng", "505 hồ sơ có mã thủ tục không có trong danh mục.",
             "Bổ sung mã vào danh mục bằng lệnh motcua catalogue unknown rồi motcua catalogue accept."),
            ("Cảnh báo", "03 hồ sơ không có ngày hẹn trả (dòng 12, 15 và 18).", "Điền ngày hẹn trả trên phần mềm một cửa."),
            ("Để biết", "Tệp danh sách có cột “Ghi chú” không dùng đến.", ""),
        ),
    )  # fmt: skip


def published_context() -> ReportContext:
    """The same report as a publication: a number, no draft mark, no stamps."""
    draft = sample_context()
    head = replace(draft.letterhead, document_number="Số: 45/BC-UBND", draft_mark="")
    return replace(draft, letterhead=head, stamps=())
