# ruff: noqa: DTZ001 - exports print local time only
"""Who has a dossier in hand: names become codes and go no further; a change of hands is no storm of versions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa

import expectations
from expectations.messages import parse_messages, placeholders
from tests.support.pipe_table import read_records
from tests.unit.canonical.small_exports import ARRIVED_AT, CATALOGUE, raw_export
from transforms.canonical.assigned import UNKNOWN_OFFICER
from transforms.canonical.build import canonicalise
from transforms.canonical.compare import compare
from transforms.canonical.model import Canonicalised, DeliveryContext
from transforms.catalogue.officers import Officer, name_key
from transforms.findings import Finding
from transforms.schema.tables import DOSSIER

OFFICERS = (
    Officer("16204", name_key("Cán bộ Mẫu 01"), "CB01"),
    Officer("16186", name_key("Cán bộ Mẫu 02"), "CB77"),
)
LIST = """
    | dossier_code | status_label | received_date | officer_name   | department          |
    | HS-1         | Đang xử lý   | 03/08/2021    | CÁN BỘ MẪU  01 | Bộ phận  Một cửa    |
    | HS-2         | Đang xử lý   | 03/08/2021    | Cán bộ Mẫu 02  | Tô Văn Mẫu          |
    | HS-3         | Đang xử lý   | 03/08/2021    | Cán bộ Mẫu 03  | Tổ tiếp nhận        |
    | HS-4         | Đang xử lý   | 03/08/2021    | cán bộ mẫu 03  | Người Mẫu 0001      |
    | HS-5         | Đang xử lý   | 03/08/2021    |                |                     |
    |              | Đang xử lý   | 03/08/2021    | Cán bộ Mẫu 01  | Người Mẫu 0001      |
"""


def read_list(officers: tuple[Officer, ...]) -> Canonicalised:
    context = DeliveryContext(
        "lan-nhan-1", "16204", "danh-sach 05-09-2021 16-30.xls", ARRIVED_AT, None, officers
    )
    return canonicalise(raw_export(LIST), context, CATALOGUE)


def told_of(result: Canonicalised) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == UNKNOWN_OFFICER]


def test_names_become_the_codes_of_their_own_unit_and_offices_stay() -> None:
    records = read_list(OFFICERS).records
    assert records["officer_code"].to_pylist() == ["CB01", None, None, None, None]
    assert records["department_name"].to_pylist() == ["Bộ phận Một cửa", None, "Tổ tiếp nhận", None, None]


def test_no_name_of_an_officer_or_in_place_of_an_office_is_kept_anywhere() -> None:
    result = read_list(OFFICERS)
    kept = str([result.records.to_pylist(), result.quarantined.to_pylist(), result.findings]).casefold()
    for name in ("cán bộ mẫu", "văn mẫu", "người mẫu"):
        assert name not in kept
    assert "mẫu" not in repr(OFFICERS).casefold()


def test_unknown_officers_are_counted_once_for_the_unit_without_a_name() -> None:
    (finding,) = told_of(read_list(OFFICERS))
    assert (finding.unit_code, finding.places) == ("16204", ())
    assert dict(finding.params) == {"names": 2, "dossiers": 3}


def test_workspace_without_an_officers_file_is_not_told_of_unknown_officers() -> None:
    result = read_list(())
    assert told_of(result) == []
    assert result.records["officer_code"].null_count == 5


def test_wording_takes_the_parameters_that_are_raised() -> None:
    path = Path(next(iter(expectations.__path__))) / "messages" / "todo.vi.yml"
    messages = parse_messages({path.name: path.read_bytes()})
    assert {code: set(placeholders(messages[code])) for code in messages} == {
        UNKNOWN_OFFICER: {"names", "dossiers"}
    }
    assert (messages[UNKNOWN_OFFICER].severity, messages[UNKNOWN_OFFICER].audience) == ("info", "parent")


def exported(at: datetime, text: str) -> pa.Table:
    rows = read_records(DOSSIER, text)
    column = rows.schema.get_field_index("_exported_at")
    return rows.set_column(
        column, rows.schema.field(column), pa.repeat(pa.scalar(at, pa.timestamp("us")), len(rows))
    )


KNOWN = """
    | unit_code | dossier_code | status_code | received_date | resolved_date | returned_date | officer_code | department_name |
    | 16204     | dang-lam     | 4           | 03/08/2021    |               |               |              |                 |
    | 16204     | doi-nguoi    | 4           | 03/08/2021    |               |               | CB01         |                 |
    | 16204     | khong-ghi    | 4           | 03/08/2021    |               |               | CB01         | Bộ phận Một cửa |
    | 16204     | da-xong      | 9           | 03/08/2021    | 05/08/2021    |               |              |                 |
    | 16204     | da-tra       |             | 03/08/2021    |               | 05/08/2021    | CB01         |                 |
"""
AGAIN = """
    | unit_code | dossier_code | status_code | received_date | resolved_date | returned_date | officer_code | department_name |
    | 16204     | dang-lam     | 4           | 03/08/2021    |               |               | CB01         | Bộ phận Một cửa |
    | 16204     | doi-nguoi    | 4           | 03/08/2021    |               |               | CB02         |                 |
    | 16204     | khong-ghi    | 4           | 03/08/2021    |               |               |              |                 |
    | 16204     | da-xong      | 9           | 03/08/2021    | 05/08/2021    |               | CB01         | Bộ phận Một cửa |
    | 16204     | da-tra       |             | 03/08/2021    |               | 05/08/2021    | CB02         |                 |
"""


def test_change_of_hands_is_a_new_version_only_while_there_is_work_left() -> None:
    morning, evening = datetime(2021, 9, 5, 8), datetime(2021, 9, 5, 20)
    result = compare(exported(evening, AGAIN), exported(morning, KNOWN), DOSSIER)
    assert result.accepted["dossier_code"].to_pylist() == ["dang-lam", "doi-nguoi"]
    assert result.unchanged_count == 3
