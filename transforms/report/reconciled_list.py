"""The dossiers that make the differences, as lines of a list."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.rulebook import Rulebook
from transforms.report.ordering import field_name
from transforms.report.reconciled import measure_label, reason_sentence, standing_words
from transforms.report.reconciled_view import ReconciledView

DOSSIER_HEADERS = (
    "Đơn vị", "Mã hồ sơ", "Lĩnh vực", "Thủ tục", "Trạng thái", "Ngày tiếp nhận", "Ngày hẹn trả",
    "Ngày kết thúc xử lý", "Ngày trả kết quả",
)  # fmt: skip
REASON_HEADERS = ("So với", "Chỉ tiêu", "Chênh lệch", "Mã lý do", "Lý do", "Tệp", "Trang tính", "Dòng")


def dossier_table(view: ReconciledView) -> Iterator[tuple[str, ...]]:
    """Header, then one line for each dossier, rulebook and measure: the differences add up to those of the page."""
    countings = view.reconciliation.countings
    books: dict[str, Rulebook] = {c.rulebook.rulebook_id: c.rulebook for c in countings}
    yield (*DOSSIER_HEADERS, *(f"Theo {book.label}" for book in books.values()), *REASON_HEADERS)
    base = countings[0].rulebook
    for dossier in view.reconciliation.dossiers:
        days = (dossier.received_date, dossier.due_date, dossier.resolved_date, dossier.returned_date)
        told = (
            dossier.unit_code,
            dossier.dossier_code,
            field_name(view.catalogue, dossier.field_id),
            dossier.procedure,
            dossier.status,
            *(f"{day:%d/%m/%Y}" if day else "" for day in days),
            *(standing_words(standing) for standing in dossier.standings),
        )
        for book_id, measure, code, sign in dossier.reasons:
            sentence = reason_sentence(code, base, books[book_id], view.reckoning.start)
            yield (
                *told, books[book_id].label, measure_label(measure), str(sign), code, sentence,
                dossier.file, dossier.sheet, str(dossier.row),
            )  # fmt: skip
