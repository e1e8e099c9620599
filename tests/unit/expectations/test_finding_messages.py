"""The registry of messages and the Vietnamese of a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from expectations.across import ACROSS_CODES
from expectations.deliveries import DELIVERY_CODES
from expectations.messages import (
    DescribedFinding,
    Message,
    MessageError,
    Messages,
    build_column_labels,
    describe,
    describe_rows,
    finding_id,
    parse_messages,
    placeholders,
    sort_described,
)
from expectations.registry import finding_codes
from transforms.findings import Finding, Place

ENTRY = {
    "code": "fee.total.odd",
    "severity": "warning",
    "audience": "unit",
    "sentence": "Có {count} khoản thu của {unit} có {column} lạ ({rows}) trong tệp {file}.",
    "why": "Tổng lệch {gap} đồng.",
    "remedy": "Hãy xem lại {file}.",
    "regulation": "",
}
UNIT_NAMES = {"16204": "xã Bình Lương"}


def _file(*entries: object) -> bytes:
    return yaml.safe_dump(list(entries), allow_unicode=True).encode()


def _places(*rows: int, sheet: str = "") -> tuple[Place, ...]:
    return tuple(Place(sheet, row) for row in rows)


def _rule_messages() -> Messages:
    content = Path(__file__).parents[3].joinpath("expectations", "messages", "rules.vi.yml").read_bytes()
    return parse_messages({"rules.vi.yml": content})


def test_message_file_becomes_a_registry_by_code() -> None:
    messages = parse_messages({"b": _file(ENTRY), "a": _file({**ENTRY, "code": "fee.another"})})

    assert list(messages) == ["fee.another", "fee.total.odd"]
    assert messages["fee.total.odd"] == Message(**ENTRY)
    assert "fee.none" not in messages


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({**ENTRY, "severity": "fatal"}, "f: fee.total.odd: severity fatal is unknown"),
        ({**ENTRY, "audience": "citizen"}, "f: fee.total.odd: audience citizen is unknown"),
        ({**ENTRY, "note": "x"}, "f: fee.total.odd: key note is unknown"),
        ({**ENTRY, "why": 3}, "f: fee.total.odd: why is not text"),
        ({**ENTRY, "remedy": " "}, "f: fee.total.odd: remedy is empty"),
        ({k: v for k, v in ENTRY.items() if k != "remedy"}, "f: fee.total.odd: key remedy is missing"),
        ({**ENTRY, "why": "{a.b}"}, "f: fee.total.odd: why has the placeholder {a.b}, not a plain name"),
        ("text", "f: entry 1: not a mapping"),
    ],
)
def test_faulty_entry_is_named_with_its_file(entry: object, problem: str) -> None:
    with pytest.raises(MessageError) as raised:
        parse_messages({"f": _file(entry)})

    assert raised.value.problems == (problem,)


def test_broken_brace_is_a_problem() -> None:
    with pytest.raises(MessageError, match="why has a broken placeholder"):
        parse_messages({"f": _file({**ENTRY, "why": "Lệch {gap đồng."})})


def test_code_written_twice_is_named_with_both_files() -> None:
    with pytest.raises(MessageError) as raised:
        parse_messages({"a": _file(ENTRY), "b": _file(ENTRY)})

    assert raised.value.problems == ("b: fee.total.odd is already in a",)


@pytest.mark.parametrize("content", [b"code: x", b"", b"- [", "- code: é".encode("utf-16-le")])
def test_file_that_is_no_list_is_a_problem(content: bytes) -> None:
    with pytest.raises(MessageError):
        parse_messages({"f": content})


def test_finding_is_described_with_place_count_and_params() -> None:
    finding = Finding(
        "fee.total.odd",
        "16204",
        "fee",
        "phi.xls",
        "total_amount",
        (("gap", 11250000),),
        _places(*range(12, 1375)),
    )

    described = describe(
        finding, parse_messages({"f": _file(ENTRY)}), {"fee.total_amount": "Tổng"}, UNIT_NAMES
    )

    assert described == DescribedFinding(
        finding,
        "warning",
        "unit",
        "Có 1.363 khoản thu của xã Bình Lương có Tổng lạ (dòng 12, 13, 14 và 1.360 dòng khác) trong tệp phi.xls.",
        "Tổng lệch 11.250.000 đồng.",
        "Hãy xem lại phi.xls.",
        "",
    )


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ((), ""),
        (_places(12), "dòng 12"),
        (_places(12, 15, 18), "dòng 12, 15, 18"),
        (_places(12, 15, 18, 20), "dòng 12, 15, 18 và 1 dòng khác"),
        (_places(*range(1, 506)), "dòng 1, 2, 3 và 502 dòng khác"),
        (_places(12, sheet="Tháng 8"), "dòng 12"),
        (
            _places(12, sheet="Tháng 8") + _places(7, sheet="Tháng 9"),
            "dòng 12 (trang tính Tháng 8), 7 (trang tính Tháng 9)",
        ),
        (
            _places(12, 13, sheet="Tháng 8") + _places(7, 8, sheet="Tháng 9"),
            "dòng 12, 13 (trang tính Tháng 8), 7 (trang tính Tháng 9) và 1 dòng khác",
        ),
    ],
)
def test_rows_are_told_by_the_first_three(places: tuple[Place, ...], text: str) -> None:
    assert describe_rows(places) == text


def test_unknown_unit_prints_its_code_and_no_unit_the_whole_system() -> None:
    messages = parse_messages({"f": _file({**ENTRY, "sentence": "{unit}", "why": "-"})})

    assert describe(Finding("fee.total.odd", "99999"), messages, {}, UNIT_NAMES).sentence == "99999"
    assert describe(Finding("fee.total.odd"), messages, {}, UNIT_NAMES).sentence == "toàn hệ thống"


def test_param_goes_before_the_common_placeholder_of_its_name() -> None:
    messages = parse_messages({"f": _file({**ENTRY, "sentence": "{column}", "why": "-"})})
    finding = Finding("fee.total.odd", column="total_amount", params=(("column", "Cột lạ"),))

    assert describe(finding, messages, {}, {}).sentence == "Cột lạ"


def test_period_is_told_in_words_and_what_is_in_words_already_stays() -> None:
    entry = {**ENTRY, "sentence": "Kỳ {period}.", "why": "Vì sao.", "remedy": "Hãy xem lại."}
    messages = parse_messages({"f": _file(entry)})
    told = [
        describe(Finding("fee.total.odd", params=(("period", period),)), messages, {}, {}).sentence
        for period in ("2021-9T", "2021-09", "2021", "9 tháng năm 2021")
    ]
    assert told == [
        "Kỳ 9 tháng năm 2021.",
        "Kỳ tháng 9 năm 2021.",
        "Kỳ năm 2021.",
        "Kỳ 9 tháng năm 2021.",
    ]


def test_code_without_message_raises() -> None:
    with pytest.raises(KeyError, match=r"fee\.none"):
        describe(Finding("fee.none"), parse_messages({"f": _file(ENTRY)}), {}, {})


def test_placeholder_that_nothing_fills_raises_with_the_code() -> None:
    with pytest.raises(KeyError, match=r"fee\.total\.odd: .*gap"):
        describe(Finding("fee.total.odd"), parse_messages({"f": _file(ENTRY)}), {}, {})


def test_described_findings_come_by_severity_code_and_unit() -> None:
    def described(severity: str, code: str, unit: str) -> DescribedFinding:
        return DescribedFinding(Finding(code, unit), severity, "unit", "", "", "", "")

    ordered = sort_described(
        [
            described("info", "a", "1"),
            described("critical", "b", "2"),
            described("warning", "a", "1"),
            described("critical", "b", "1"),
            described("critical", "a", "9"),
        ]
    )

    assert [(d.severity, d.finding.code, d.finding.unit_code) for d in ordered] == [
        ("critical", "a", "9"),
        ("critical", "b", "1"),
        ("critical", "b", "2"),
        ("warning", "a", "1"),
        ("info", "a", "1"),
    ]


def test_finding_id_survives_another_delivery_with_other_rows() -> None:
    first = Finding("dossier.due_date.missing", "16204", "dossier", "a.xls", "due_date", (), _places(5))
    again = Finding("dossier.due_date.missing", "16204", "dossier", "b.xls", "due_date", (), _places(5, 6))

    assert finding_id(first) == finding_id(again)
    assert len(finding_id(first)) == 16
    assert int(finding_id(first), 16) >= 0


def test_finding_id_tells_code_unit_kind_column_and_subject_apart() -> None:
    findings = [
        Finding("a", "16204", "fee", "f", "total_amount"),
        Finding("b", "16204", "fee", "f", "total_amount"),
        Finding("a", "16174", "fee", "f", "total_amount"),
        Finding("a", "16204", "dossier", "f", "total_amount"),
        Finding("a", "16204", "fee", "f", "duty_amount"),
        Finding("a", "16204", "fee", "f", "total_amount", (("period", "2021-9T"),)),
        Finding("a", "16204", "fee", "f", "total_amount", (("code", "2021-9T"),)),
    ]

    assert len({finding_id(finding) for finding in findings}) == len(findings)


def test_every_code_of_validation_has_a_message_and_no_message_is_left_over() -> None:
    assert set(_rule_messages()) == set(finding_codes()) - set(ACROSS_CODES) - set(DELIVERY_CODES)


def test_rule_messages_need_only_params_that_the_findings_carry() -> None:
    given = {
        "supplement.staff.parts_differ": {"period", "official", "part_time", "total"},
        "supplement.staff.qualified_too_many": {"period", "part", "whole"},
        "supplement.staff.trained_too_many": {"period", "part", "whole"},
        "rule.disagreement": {"code", "gx_count", "mask_count"},
        "rule.not_evaluated": {"code"},
    }
    messages = _rule_messages()

    for code in messages:
        assert placeholders(messages[code]) <= given.get(code, set()), code


def test_rule_messages_are_one_sentence_each() -> None:
    messages = _rule_messages()

    for code in messages:
        message = messages[code]
        for text in (message.sentence, message.why, message.remedy):
            assert text.endswith("."), code
            assert ". " not in text, code
            assert text[0].isupper(), code


def test_column_labels_tell_the_same_column_of_two_kinds_apart() -> None:
    labels = build_column_labels()

    assert labels["dossier.unit_code"] == "Đơn vị giải quyết"
    assert labels["fee.unit_code"] == "Đơn vị"
