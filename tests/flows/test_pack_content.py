"""The evidence pack of real reports: every number has its list, the lists are those of ``motcua trace``."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli.root import motcua
from pipelines.errors import UsageProblemError
from pipelines.publications.folder import publication_folder
from pipelines.publications.model import Series
from pipelines.publications.verify import verify
from pipelines.session import Session
from pipelines.steps.nightly import NightResult
from pipelines.steps.on_demand import Answer, Request, answer_request
from pipelines.steps.pack import build_pack, gather_evidence
from pipelines.steps.tracing import TracedRecord, trace_cell_id
from tests.support.plain_night import AS_OF, SAMPLES
from tests.support.published import FIRST_LIST, FIRST_NAME, PERIOD, open_at, order, publish, take_in
from tests.support.sent_back import UNIT
from transforms.render.anchors import context_figures
from transforms.report.evidence import Evidence, EvidenceCell, EvidencePart, Proof

PACK_FILE = "goi-bang-chung.zip"
_EPOCH = date(1970, 1, 1)


@pytest.fixture(scope="module")
def answers(sample_night: tuple[Session, NightResult]) -> dict[str, tuple[Answer, Evidence]]:
    """The district's nine months, and its month beside the month before; each with what stands behind it."""
    session, _ = sample_night
    found = {}
    for period in ("2021-9T", "2021-09"):
        answer = answer_request(session, Request("402", period, as_of=AS_OF))
        found[period] = (answer, gather_evidence(session, answer))
    return found


def members(runs: tuple[int, ...]) -> list[int]:
    return [start + n for start, length in zip(runs[::2], runs[1::2], strict=True) for n in range(length)]


def cells_of(evidence: Evidence) -> Iterator[EvidenceCell]:
    return (cell for page in evidence.pages for cell in page.cells)


def as_traced(evidence: Evidence, part: EvidencePart) -> list[TracedRecord]:
    """The part's records as ``motcua trace`` would list them."""
    records = evidence.records
    sources = {source.delivery_id: source for source in evidence.sources}
    found = []
    for runs, is_above in ((part.above, True), (part.below, False)):
        for at in members(runs):
            text = {name: column.values[column.at[at]] for name, column in records.coded.items()}
            source = sources.get(text["delivery_id"])
            found.append(
                TracedRecord(
                    text["kind"], records.codes[at], text["unit_code"], records.amounts[at], text["state"],
                    text["file"] or (source.file if source else ""), text["sheet"], records.rows[at],
                    text["delivery_id"], source.sha256 if source else "", is_above,
                )
            )  # fmt: skip
    return found


def in_order(records: tuple[TracedRecord, ...] | list[TracedRecord]) -> list[TracedRecord]:
    return sorted(records, key=lambda r: (r.is_above, r.unit_code, r.kind, r.code, r.file, r.row, r.amount))


@pytest.mark.parametrize("period", ["2021-9T", "2021-09"])
def test_every_number_of_the_content_has_its_records_and_they_make_it(
    answers: dict[str, tuple[Answer, Evidence]], period: str
) -> None:
    _, evidence = answers[period]
    sent = {folder.name for folder in (SAMPLES / "inbox").iterdir()}
    assert {page.code for page in evidence.pages} == {"", *sent}
    seen = set()
    for page in evidence.pages:
        printed = {figure.cell_id: figure for figure in context_figures(page.context)}
        assert {cell.figure.cell_id: cell.figure for cell in page.cells} == printed
        for cell in page.cells:
            seen.add(cell.proof)
            _check_proof(evidence, cell)
    expected = {Proof.SUM, Proof.SHARE, Proof.AMONG, Proof.TOLD}
    assert seen == expected | ({Proof.DIFFERENCE} if period == "2021-09" else set())


def _check_proof(evidence: Evidence, cell: EvidenceCell) -> None:
    value, amounts = cell.figure.value, evidence.records.amounts
    sums = [sum(amounts[at] for at in members(part.above)) for part in cell.parts]
    if cell.proof is Proof.TOLD:
        assert cell.figure.cell_id.startswith("coverage/")
        assert cell.remark
    elif cell.proof is Proof.SUM:
        assert sums == [value] == [cell.parts[0].value], cell.figure.cell_id
    elif cell.proof is Proof.SHARE:
        (part,) = cell.parts
        assert (part.above_count, part.above_count + part.below_count) == (part.value, part.denominator)
        assert part.above_count / (part.denominator or 1) == pytest.approx(value), cell.figure.cell_id
    elif cell.proof is Proof.DIFFERENCE and cell.parts[0].denominator is None:
        assert sums == [part.value for part in cell.parts]
        difference = sums[0] - sums[1]
        is_growth = cell.figure.cell_id.startswith("growth/")
        assert value == pytest.approx(difference / sums[1] if is_growth else difference), cell.figure.cell_id
    elif cell.proof is Proof.AMONG:
        assert cell.parts[0].above_count > 0
        assert cell.remark


@pytest.mark.parametrize("period", ["2021-9T", "2021-09"])
def test_lists_are_those_of_trace(
    sample_night: tuple[Session, NightResult], answers: dict[str, tuple[Answer, Evidence]], period: str
) -> None:
    session, _ = sample_night
    _, evidence = answers[period]
    seen: set[tuple[object, ...]] = set()
    for page in evidence.pages[:2]:
        for cell in page.cells:
            # One cell of every kind: prefix, kind of record, sum or one facet.
            parts = cell.figure.cell_id.split("/")
            kind = (page.code, len(parts), cell.proof, parts[0].partition("_")[0], parts[2] == "*")
            if cell.proof is Proof.TOLD or kind in seen:
                continue
            seen.add(kind)
            traced = trace_cell_id(session, cell.figure.cell_id)
            for part, side in zip(cell.parts, traced.sides or (traced,), strict=True):
                assert in_order(as_traced(evidence, part)) == in_order(side.records), cell.figure.cell_id
                assert (part.value, part.denominator) == (side.value, side.denominator)
    assert len(seen) > 15


def test_records_tell_the_dates_field_and_procedure_of_the_dossier(
    answers: dict[str, tuple[Answer, Evidence]],
) -> None:
    answer, evidence = answers["2021-9T"]
    rows = {
        (row["unit_code"], row["dossier_code"]): row
        for row in answer.data.table.population.select(
            ["unit_code", "dossier_code", "received_date", "due_date", "procedure_name", "field_id", "_row"]
        ).to_pylist()
    }
    records = evidence.records
    text = {name: [column.values[at] for at in column.at] for name, column in records.coded.items()}
    dossiers = [at for at, kind in enumerate(text["kind"]) if kind == "dossier"]
    assert len(dossiers) > 6000
    for at in dossiers:
        row = rows[text["unit_code"][at], records.codes[at]]
        assert text["facet"][at] == answer.catalogue.field_name(row["field_id"])
        assert text["procedure_name"][at] == (row["procedure_name"] or "")
        assert records.rows[at] == row["_row"]
        for name in ("received_date", "due_date"):
            day = row[name]
            assert records.days[name][at] == ((day - _EPOCH).days if day else 0)


def test_pack_is_the_same_every_time_and_names_no_person(
    sample_night: tuple[Session, NightResult], answers: dict[str, tuple[Answer, Evidence]]
) -> None:
    session, _ = sample_night
    answer, _ = answers["2021-9T"]
    first = build_pack(session, answer)
    assert first == build_pack(session, answer_request(session, Request("402", "2021-9T", as_of=AS_OF)))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        names = archive.namelist()
        text = "\n".join(archive.read(name).decode("utf-8") for name in names)
    assert "units/16204/index.html" in names
    assert "Người Mẫu" not in text
    assert "Thôn Mẫu" not in text
    without_hashes = re.sub(r"[0-9a-f]{16,}", "", text)
    assert not re.findall(r"(?<![\d.])0\d{9,11}(?!\d)", without_hashes), "phone or identity number"


@pytest.fixture
def small(tmp_path: Path) -> Session:
    """A workspace that has taken in one list."""
    session = open_at(tmp_path / "w")
    take_in(session, FIRST_NAME, FIRST_LIST)
    return session


def test_publication_keeps_its_pack_and_verify_covers_it(small: Session) -> None:
    publication = publish(small, order(formats=("docx",)))
    path = publication_folder(small.workspace.publications, Series(UNIT, PERIOD, "nd09"), 1) / PACK_FILE
    assert PACK_FILE in publication.files
    with zipfile.ZipFile(path) as archive:
        page = archive.read("index.html").decode("utf-8")
        assert publication.context_sha256 in page
        assert "45/BC-UBND" in page
        assert "DỰ THẢO" not in page
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])
    (problem,) = verify(small.workspace.publications, small.store).problems
    assert (problem.kind, problem.file) == ("file_changed", PACK_FILE)


def test_report_command_writes_the_pack_only_where_asked(
    small: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = [
        "report",
        "--unit",
        UNIT,
        "--period",
        PERIOD,
        "--as-of",
        "2021-09-15",
        "--workspace",
        str(small.workspace.root),
    ]
    motcua.main([*ask, "--out", str(tmp_path / "plain")], standalone_mode=False)
    assert not (tmp_path / "plain" / PACK_FILE).exists()
    for name in ("one", "two"):
        motcua.main([*ask, "--formats", "pack", "--out", str(tmp_path / name)], standalone_mode=False)
    assert [path.name for path in (tmp_path / "one").iterdir()] == [PACK_FILE]
    assert (tmp_path / "one" / PACK_FILE).read_bytes() == (tmp_path / "two" / PACK_FILE).read_bytes()
    assert PACK_FILE in capsys.readouterr().out


def test_edition_for_the_public_has_no_pack(small: Session) -> None:
    ask = ["report", "--unit", UNIT, "--period", PERIOD, "--workspace", str(small.workspace.root)]
    with pytest.raises(UsageProblemError, match="không kèm gói bằng chứng"):
        motcua.main([*ask, "--formats", "pack", "--edition", "public"], standalone_mode=False)
    publication = publish(small, order(edition="public"))
    assert PACK_FILE not in publication.files
