"""Every rule says in Vietnamese what it demands."""

from __future__ import annotations

from datetime import date

import pytest

from expectations.params import RuleParams
from expectations.registry import rules_of
from expectations.rule_words import describe_rule
from transforms.schema.tables import RECORD_KINDS

PARAMS = RuleParams(date(2021, 9, 5))
SENTENCES = {rule.code: describe_rule(rule) for kind in RECORD_KINDS for rule in rules_of(kind, PARAMS)}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("dossier.dossier_code.missing", "“Mã hồ sơ” phải có giá trị."),
        ("dossier.dossier_code.malformed", "“Mã hồ sơ” phải đúng cấu trúc quy định."),
        ("dossier.channel_code.not_in_list", "“Hình thức nộp” phải là mã 1, 2 hoặc 3."),
        ("dossier.copies_count.too_small", "“Số bộ” không được nhỏ hơn 1."),
        ("dossier.received_date.in_future", "“Ngày tiếp nhận” không được muộn hơn ngày 05/9/2021."),
        (
            "dossier.due_date.missing",
            "“Ngày hẹn trả” phải có giá trị khi “Trạng thái” không phải là mã 1 hoặc 3.",
        ),
        (
            "dossier.status.not_returned",
            "“Trạng thái” phải là mã 7 hoặc 10 khi “Ngày trả kết quả” có giá trị.",
        ),
        (
            "dossier.returned_date.before_received",
            "“Ngày trả kết quả” không được sớm hơn “Ngày tiếp nhận” khi “Ngày kết thúc xử lý” để trống.",
        ),
        ("dossier.code.other_day", "“Ngày trong mã hồ sơ” phải khớp với “Ngày tiếp nhận”."),
        ("document.issued_date.missing", "“Ngày văn bản” phải có giá trị khi “Chiều” là đi."),
        (
            "summary.received_online.too_many",
            "“Tiếp nhận: tổng số” không được nhỏ hơn “Nộp trực tuyến cộng nộp qua bưu chính công ích”.",
        ),
    ],
)
def test_sentence_of_a_form_of_rule(code: str, sentence: str) -> None:
    assert SENTENCES[code] == sentence


def test_every_rule_has_one_finished_sentence_without_names_of_our_own() -> None:
    assert len(SENTENCES) > 60
    for code, sentence in SENTENCES.items():
        assert sentence.endswith("."), code
        assert "_" not in sentence, code
        assert "notnull" not in sentence, code
        assert sentence[0] in "“K", code
