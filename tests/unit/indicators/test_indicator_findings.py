"""What makes counted figures doubtful, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import expectations
from expectations.messages import build_column_labels, describe, finding_id, parse_messages, placeholders
from tests.unit.history.version_rows import read_versions
from tests.unit.indicators.small_catalogue import indicators_of
from transforms.findings import Finding, Place
from transforms.indicators.build import check_indicators
from transforms.indicators.identities import check_identities
from transforms.schema.tables import DOSSIER

MESSAGES = parse_messages(
    {
        "indicators.vi.yml": (
            Path(expectations.__file__).parent / "messages" / "indicators.vi.yml"
        ).read_bytes()
    }
)
DOUBTFUL = """
    | dossier_code | field_name | status_code | status_label | channel_code | received_date | due_date   | exported   |
    | HS-1         | Hộ tịch    | 8           | Dừng xử lý   | 1            | 01/03/2021    | 04/03/2021 | 20/09/2021 |
    | HS-2         | Hộ tịch    | 4           | Đang xử lý   |              | 01/03/2021    | 04/03/2021 | 05/09/2021 |
    | HS-3         | Hộ tịch    | 4           | Đang xử lý   | 2            | 01/03/2021    |            | 05/09/2021 |
    | HS-4         | Hộ tịch    | 4           | Đang xử lý   |              | 01/12/2020    | 04/03/2021 | 05/09/2021 |
    | HS-5         | Hộ tịch    | 4           | Đang xử lý   |              | 06/09/2021    |            | 05/09/2021 |
    """
UNDATED_REGISTER = "| direction | symbol |\n| outgoing | 7/BC-UBND |"
UNDATED_RECEIPT = "| dossier_code | total_amount |\n| HS-9 | 200 |"


def sentences(findings: tuple[Finding, ...]) -> list[str]:
    names = {"16204": "xã Bình Lương"}
    return [describe(finding, MESSAGES, build_column_labels(), names).sentence for finding in findings]


def test_doubtful_dossiers_are_named_with_their_rows() -> None:
    findings = check_indicators(indicators_of(DOUBTFUL))
    assert {(f.code, f.column): f.places for f in findings} == {
        ("dossier.state.undated", "status_code"): (Place("", 5, "HS-1", "Dừng xử lý"),),
        ("indicator.due_date.missing", "due_date"): (Place("", 7, "HS-3"),),
        ("indicator.channel.unknown", "channel_code"): (Place("", 6, "HS-2"),),
    }
    assert {(f.unit_code, f.kind, f.file) for f in findings} == {("16204", "dossier", "mau.xls")}


def test_every_finding_has_a_vietnamese_sentence_that_its_params_fill() -> None:
    table = indicators_of(DOUBTFUL, UNDATED_RECEIPT, UNDATED_REGISTER)
    broken = replace(table, cells={**table.cells, ("early", "16204", "*"): 7})
    findings = (*check_indicators(broken), *check_identities(broken))
    assert {finding.code for finding in findings} == set(MESSAGES)
    for finding in findings:
        assert placeholders(MESSAGES[finding.code]) <= {name for name, _ in finding.params}
    assert sentences(findings)[:1] == [
        "Kỳ 9 tháng năm 2021: 1 hồ sơ có trạng thái đã kết thúc hoặc tạm dừng mà không có ngày kết thúc xử lý, và chỉ "
        "xuất hiện trong tệp kết xuất sau ngày tính số liệu (dòng 5)."
    ]
    assert (
        "Kỳ 9 tháng năm 2021: 1 văn bản trong sổ của xã Bình Lương không có ngày nên không được tính vào kỳ báo cáo nào."
        in sentences(findings)
    )


def test_each_finding_has_an_identity_of_its_own() -> None:
    table = indicators_of(DOUBTFUL, UNDATED_RECEIPT, UNDATED_REGISTER)
    broken = replace(
        table, cells={**table.cells, ("early", "16204", "*"): 7, ("late", "16204", "ho_tich"): 3}
    )
    findings = (*check_indicators(broken), *check_identities(broken))
    assert len({finding_id(finding) for finding in findings}) == len(findings)


def test_rows_from_several_files_are_one_finding_that_names_the_files() -> None:
    versions = read_versions(
        DOSSIER,
        """
        | dossier_code | status_code | channel_code | received_date | due_date | _file    | _sheet | _row |
        | HS-1         | 4           | 1            | 01/03/2021    |          | thang-8  | A      | 9    |
        | HS-2         | 4           | 1            | 01/03/2021    |          | thang-9  |        | 7    |
        """,
    )
    (finding,) = check_indicators(indicators_of(versions))
    assert finding.file == ""
    assert finding.places == (Place("A", 9, "HS-1", file="thang-8"), Place("", 7, "HS-2", file="thang-9"))


def test_closed_dossier_without_a_date_seen_only_after_the_opening_makes_what_was_carried_over_doubtful() -> (
    None
):
    table = indicators_of("""
        | dossier_code | status_code | channel_code | received_date | due_date   | exported   |
        | xong         | 9           | 1            | 01/12/2020    | 04/12/2020 | 05/09/2021 |
        | dung         | 8           | 1            | 01/12/2020    | 04/12/2020 | 05/09/2021 |
        """)
    (finding,) = check_indicators(table)
    assert (finding.code, [place.subject for place in finding.places]) == ("dossier.state.undated", ["xong"])
    assert table.notes["undated_state", "16204"] == 1


def test_clean_dossiers_raise_nothing() -> None:
    clean = (
        "| dossier_code | status_code | channel_code | received_date | due_date |\n"
        "| HS-1 | 4 | 1 | 01/03/2021 | 04/03/2021 |"
    )
    assert check_indicators(indicators_of(clean)) == ()
