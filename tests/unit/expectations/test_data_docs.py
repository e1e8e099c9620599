"""Data Docs in Vietnamese: whole, closed in themselves, and without a value of any row."""

from __future__ import annotations

import logging
import os
import re
from datetime import date
from pathlib import Path

import pytest

from expectations.checkpoints import CheckpointRecord, Verdict, run_checkpoint
from expectations.data_docs import INDEX_PAGE, build_data_docs
from expectations.messages import parse_messages
from expectations.params import RuleParams
from expectations.registry import rules_of
from expectations.runner import prepare_table
from pipelines import package_files
from tests.support.pipe_table import read_records
from transforms.schema.tables import DOSSIER, FEE

os.environ["GX_ANALYTICS_ENABLED"] = "false"
PARAMS = RuleParams(date(2021, 9, 5))
RUN = "20210906T013000-nightly"
ADDRESS = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:[a-z]+:)?//""", re.IGNORECASE)


def _records() -> list[CheckpointRecord]:
    dossiers = read_records(
        DOSSIER,
        """
        | unit_code | dossier_code              | status_code | received_date | due_date   |
        | 16204     | 000.09.42.H56-210805-0001 | 4           | 05/08/2021    | 09/08/2021 |
        | 16204     | Người Mẫu <0001>          | 4           | 05/08/2021    |            |
        """,
    )
    table = prepare_table("dossier", dossiers, PARAMS).drop_columns(["returned_date"])
    fees = read_records(FEE, "| unit_code | dossier_code | total_amount |\n| 16204 | HS-1 | 5000 |")
    return [
        run_checkpoint("dossier", table, rules_of("dossier", PARAMS)),
        run_checkpoint("fee", fees, rules_of("fee", PARAMS)),
        CheckpointRecord("summary", 4, {"a": Verdict("a", False, False, 0)}, error="ValueError"),
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a run with a failing, an unevaluated and a broken-off table."""
    folder = tmp_path_factory.mktemp("docs") / "data-docs"
    messages = parse_messages(package_files.message_files())
    labels = build_data_docs(_records(), messages, package_files.page_templates(), RUN, str(folder))
    assert labels == ("Hồ sơ", "Phí, lệ phí")
    return folder


def _page(site: Path, kind: str) -> str:
    (path,) = site.glob(f"validations/{kind}/{RUN}/*/*.html")
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_first_page_leads_to_a_page_for_every_table_and_back(site: Path) -> None:
    index = (site / INDEX_PAGE).read_text(encoding="utf-8")
    paths = re.findall(r'<a href="(validations/[^"]+)">', index)

    assert [path.split("/")[1] for path in paths] == ["dossier", "fee"]
    for path in paths:
        assert (site / path).is_file()
        (home,) = re.findall(r'<a href="([^"]+)">', (site / path).read_text(encoding="utf-8"))
        assert ((site / path).parent / home).resolve() == (site / INDEX_PAGE).resolve()


@pytest.mark.slow
def test_first_page_names_broken_and_empty_tables(site: Path) -> None:
    index = (site / INDEX_PAGE).read_text(encoding="utf-8")

    row = re.search(r"Bảng tổng hợp của phần mềm(.*?)</tr>", index, re.DOTALL)
    assert row is not None
    assert "không kiểm tra được" in row[1]
    assert "Chưa có bản ghi nào để kiểm tra: Hồ sơ quá hạn, Văn bản, Số liệu bổ sung." in index


@pytest.mark.slow
def test_table_page_names_unevaluated_rules_first_then_failed_ones_with_counts(site: Path) -> None:
    page = _page(site, "dossier")
    states = re.findall(r'<span class="tag (\w+)">', page)

    assert states[:4] == ["unevaluated"] * 4
    assert states[4:6] == ["failed"] * 2
    assert set(states[6:]) == {"passed"}
    assert len(states) == len(rules_of("dossier", PARAMS))
    due = page[page.index("“Ngày hẹn trả” phải có giá trị khi") :]
    assert re.findall(r'<td class="num">([^<]*)</td>', due)[:2] == ["1", "50%"]
    assert "Căn cứ: NĐ 61/2018/NĐ-CP, Điều 17." in due
    assert "MetricResolutionError" in page


@pytest.mark.slow
def test_pages_ask_for_no_outside_address_and_hold_no_value(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) == 3
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), path
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert "Người Mẫu" not in text
        assert "000.09.42" not in text
        assert "greatexpectations.io" not in text


@pytest.mark.slow
def test_great_expectations_complains_of_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    messages = parse_messages(package_files.message_files())
    with caplog.at_level(logging.WARNING, logger="great_expectations"):
        build_data_docs(_records(), messages, package_files.page_templates(), RUN, str(tmp_path / "d"))

    assert [record.message for record in caplog.records] == []
