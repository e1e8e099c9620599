"""The report of a real commune for nine months of 2021, audited by its text alone."""

from decimal import Decimal
from importlib.resources import files

from tests.support.audit_cases import FOLDER, read_case
from transforms.audit import Audit, AuditFacts, ClaimKind, Judgement, Verdict, audit_text
from transforms.audit.legal import parse_legal_documents

CASE = read_case(FOLDER / "000-xa-binh-luong-9-thang-2021.txt")
DOCUMENTS = parse_legal_documents((files("transforms.audit") / "legal_documents.csv").read_bytes())
AUDIT: Audit = audit_text(CASE.report, AuditFacts(documents=DOCUMENTS))


def _judgement(kind: ClaimKind, text: str) -> Judgement:
    return next(j for j in AUDIT.judgements if j.claim.kind is kind and text in j.claim.text)


def _marked(code: str) -> list[str]:
    return [CASE.report.blocks[r.block].text[r.start : r.end] for r in AUDIT.remarks if r.code == code]


def test_505_of_1363_dossiers_are_not_classified() -> None:
    found = _judgement(ClaimKind.TOTAL, "1363")
    assert (found.verdict, found.expected, found.difference) == (Verdict.REMAINDER_NOT_CLASSIFIED, 858, 505)
    assert "còn 505 hồ sơ chưa được phân loại" in found.sentence


def test_five_documents_contradict_the_list_of_588() -> None:
    found = next(j for j in AUDIT.judgements if j.verdict is Verdict.CONTRADICTION and j.claim.text == "5")
    assert found.expected == Decimal(588)


def test_all_on_time_contradicts_two_open_petitions() -> None:
    found = _judgement(ClaimKind.ON_TIME, "đúng thời hạn")
    assert found.verdict is Verdict.CONTRADICTION
    assert "02 đơn đang hoàn thiện" in found.sentence


def test_nineteen_and_three_make_twenty_two() -> None:
    assert _judgement(ClaimKind.TOTAL, "22 người").verdict is Verdict.CONSISTENT


def test_the_fees_match_their_words() -> None:
    assert _judgement(ClaimKind.MONEY, "11.250.000 đồng").verdict is Verdict.CONSISTENT


def test_the_qualified_share_has_no_denominator() -> None:
    assert _judgement(ClaimKind.RATE, "100%").verdict is Verdict.DENOMINATOR_UNKNOWN


def test_nine_months_with_data_to_the_fifth_of_september_is_remarked() -> None:
    assert _marked("period.cutoff_early") == ["5/9/2021"]


def test_names_of_another_commune_and_of_another_level_are_remarked() -> None:
    assert _marked("unit.other") == ["UBND xã Hoá Quỳ"]
    assert _marked("unit.level") == ["Cổng thông tin điện tử thị xã"]


def test_the_second_heading_one_is_remarked() -> None:
    assert _marked("numbering.repeated") == ["I"]


def test_only_the_decree_out_of_force_is_remarked() -> None:
    assert _marked("citation.expired") == ["43/2006/NĐ-CP ngày 25/04/2006"]


def test_nothing_else_is_an_alarm() -> None:
    assert len(list(AUDIT.alarms)) == 2
    assert len(AUDIT.remarks) == 5
