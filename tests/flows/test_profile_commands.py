"""A layout seen for the first time: refused with a proposal, accepted, read the next night from the same file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from pipelines.cli.profile import profile as profile_group
from pipelines.cli.summary import print_night
from pipelines.errors import ConfigurationError, UnreadableInputError, UsageProblemError, UserError
from pipelines.runs import start_run
from pipelines.session import Session
from pipelines.steps.model import DeliveryOutcome
from pipelines.steps.nightly import commit_reads, plan_folder, read_planned
from pipelines.steps.open_findings import open_findings
from pipelines.steps.proposals import latest_proposals, own_profile_problems
from pipelines.steps.recording import Describer, record_findings
from tests.flows.test_command_line import motcua
from tests.support.export_files import xlsx_file
from tests.support.plain_night import AS_OF, NIGHT, open_session, run_plain_night
from tests.unit.readers.propose_cases import PEOPLE, land_rows

UNIT = "16204"
RECEIVED = "received_in_window/16204/*/2021-9T/nd09/2021-09-05/tt01"
IGATE = (
    "Số hồ sơ", "Tên thủ tục", "Tên lĩnh vực", "Phòng ban", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
    "Cơ quan/đơn vị", "Chủ hồ sơ", "Số điện thoại", "Trạng thái hồ sơ", "Hình thức nộp",
)  # fmt: skip


def _igate(renamed: Mapping[str, str]) -> bytes:
    header = [renamed.get(text, text) for text in IGATE]
    rows = [
        (f"000.09.42.H56-210801-{n:04d}", "Đăng ký khai sinh", "Hộ tịch", "P", "02/08/2021", "09/08/2021", "05/08/2021",
         "UBND xã Bình Lương", f"Người Mẫu {n:04d}", f"{n:010d}", "Đã trả kết quả", "Trực tuyến")
        for n in range(1, 13)
    ]  # fmt: skip
    return xlsx_file({"DS": [header, *rows]})


def _put(root: Path, name: str, content: bytes) -> None:
    folder = root / "inbox" / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _read_inbox(session: Session) -> tuple[DeliveryOutcome, ...]:
    """Read and commit what lies there, and record what reading found; nothing is counted or drafted."""
    with start_run(session.workspace.runs, "ingest", session.clock, {}) as run:
        plan = plan_folder(session, session.workspace.inbox)
        outcomes = commit_reads(session, plan, [read_planned(session, run, file) for file in plan.to_read])
        word = Describer.of(session.messages, session.catalogue, date(2021, 9, 5))
        record_findings(
            session.store, (), (), outcomes, word, run.run_id, session.clock.now(), is_whole_inbox=True
        )
        return outcomes


def _call(session: Session, *arguments: str) -> Result:
    return CliRunner().invoke(profile_group, [*arguments, "--workspace", str(session.workspace.root)])


def _ok(session: Session, *arguments: str) -> str:
    done = _call(session, *arguments)
    assert done.exception is None, done.exception
    return done.output


def _refused(session: Session, *arguments: str) -> UserError:
    problem = _call(session, *arguments).exception
    assert isinstance(problem, UserError), problem
    assert "\n" not in str(problem)
    return problem


def _cells(root: Path) -> dict[str, int]:
    context = json.loads((root / "drafts" / UNIT / "2021-9T" / "context.json").read_text(encoding="utf-8"))
    return {cell["cell_id"]: cell["value"] for cell in context["cells"].values()}


def test_unknown_layout_is_proposed_accepted_and_read_the_next_night_from_the_same_file(
    tmp_path: Path,
) -> None:
    session = open_session(tmp_path)
    _put(tmp_path, "So tiep nhan 05-09-2021.xlsx", xlsx_file({"DS": land_rows(30)}))
    first = run_plain_night(session, session.workspace.inbox, units={UNIT})
    assert [(o.state, o.refusal_code) for o in first.outcomes] == [("refused", "file.profile.none")]
    (proposal,) = latest_proposals(session.workspace)
    assert proposal.name == f"{UNIT}-So tiep nhan 05-09-2021.yml"
    relative = f"runs/{proposal.parent.parent.name}/proposals/{proposal.name}"
    (finding,) = (f for f in first.findings if f.code == "file.profile.none")
    assert f'motcua profile accept "{relative}"' in finding.remedy
    console = Console(width=300, record=True, quiet=False, file=(tmp_path / "out.txt").open("w"))
    print_night(console, session, first)
    assert "1 tệp có mẫu lạ hoặc cột đổi tên: xem đề xuất trong" in console.export_text()

    told = _ok(session, "accept", relative, "--by", "Người Duyệt")
    assert "Đã nhận mẫu mau_moi.dossier_" in told

    later = open_session(tmp_path, NIGHT + timedelta(days=1))
    assert later.catalogue.version != session.catalogue.version
    second = run_plain_night(later, later.workspace.inbox, units={UNIT})
    assert [(o.state, o.counts.data_rows, o.counts.accepted) for o in second.outcomes] == [
        ("accepted", 30, 30)
    ]
    assert not [f for f in second.findings if f.code in ("file.profile.none", "file.column.unknown")]
    assert _cells(tmp_path)[RECEIVED] == 30

    third = open_session(tmp_path, NIGHT + timedelta(days=2))
    assert [o.state for o in _read_inbox(third)] == ["unchanged"]
    for path in (proposal, *(tmp_path / "catalogue" / "sources").iterdir()):
        assert not any(word in path.read_text(encoding="utf-8") for word in PEOPLE), path


def test_renamed_required_column_is_one_finding_with_a_new_version(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    _put(tmp_path, "iGate 05-09-2021.xlsx", _igate({"Ngày hẹn trả": "Thời điểm phải trả"}))
    (refused,) = _read_inbox(session)
    assert (refused.state, refused.refusal_code) == ("refused", "file.header.renamed")
    (finding,) = refused.findings
    params = dict(finding.params)
    assert str(params["renamed"]).startswith("“Thời điểm phải trả” có lẽ là cột “Ngày hẹn trả” (")
    _ok(session, "accept", str(params["proposal"]))

    later = open_session(tmp_path, NIGHT + timedelta(days=1))
    _put(tmp_path, "iGate 04-09-2021.xlsx", _igate({}))
    outcomes = _read_inbox(later)
    assert {(o.file, o.state, o.profile_id) for o in outcomes} == {
        ("iGate 04-09-2021.xlsx", "accepted", "igate.dossier.v2"),
        ("iGate 05-09-2021.xlsx", "accepted", "igate.dossier.v2"),
    }
    days = later.store.versions("dossier").column("due_date").to_pylist()
    assert {day.isoformat() for day in days} == {"2021-08-09"}


def test_renamed_optional_column_does_not_keep_the_file_out(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    _put(tmp_path, "iGate 05-09-2021.xlsx", _igate({"Hình thức nộp": "Hình thức nộp hồ sơ"}))
    (read,) = _read_inbox(session)
    assert (read.state, read.counts.accepted) == ("accepted", 12)
    found = {finding.code: dict(finding.params) for finding in read.findings}
    assert "file.column.unknown" not in found
    assert "“Hình thức nộp hồ sơ” có lẽ là cột" in str(found["file.column.renamed"]["renamed"])
    assert [f.code for f in open_findings(session.store, day=AS_OF)] == ["file.column.renamed"]
    _ok(session, "accept", str(found["file.column.renamed"]["proposal"]))

    later = open_session(tmp_path, NIGHT + timedelta(days=1))
    _put(
        tmp_path,
        "iGate 06-09-2021.xlsx",
        _igate({"Hình thức nộp": "Hình thức nộp hồ sơ", "Phòng ban": "Chủ hồ sơ"}),
    )
    new = next(o for o in _read_inbox(later) if o.file.endswith("06-09-2021.xlsx"))
    assert (new.profile_id, new.findings) == ("igate.dossier.v2", ())
    assert not [f for f in open_findings(later.store, day=AS_OF) if f.code == "file.column.renamed"]
    assert set(later.store.versions("dossier").column("channel_code").to_pylist()) == {None, 2}


def test_accepting_twice_says_so_and_changes_nothing(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    _put(tmp_path, "la.xlsx", xlsx_file({"DS": land_rows(30)}))
    _read_inbox(session)
    (proposal,) = latest_proposals(session.workspace)
    _ok(session, "accept", str(proposal))
    (target,) = (tmp_path / "catalogue" / "sources").iterdir()
    before = target.read_bytes()
    assert "không có gì thay đổi" in _ok(session, "accept", str(proposal))
    assert target.read_bytes() == before

    proposal.write_bytes(proposal.read_bytes().replace("Chưa rõ, hãy ghi".encode(), b"X"))
    problem = _refused(session, "accept", str(proposal))
    assert isinstance(problem, ConfigurationError)
    assert "đã có và khác nội dung" in str(problem)
    assert ".v2" in str(problem)
    assert target.read_bytes() == before


def test_proposal_that_claims_files_of_a_known_format_is_not_accepted(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    packaged = next(p for p in session.catalogue.profiles if p.profile_id == "tandan.fee.v1")
    columns = "\n".join(
        f"  - {{name: {c.name}, aliases: {json.dumps(c.aliases, ensure_ascii=False)}, required: {str(c.is_required).lower()}, parse: {c.parse}}}"
        for c in packaged.columns
    )
    clash = tmp_path / "trung.yml"
    clash.write_text(
        f"profile_id: khac.fee.v1\nkind: fee\nsoftware: Khác\nlabel: Khác\ncolumns:\n{columns}\n",
        encoding="utf-8",
    )
    assert "không phân biệt được với mẫu tandan.fee.v1" in str(_refused(session, "accept", str(clash)))
    assert not (tmp_path / "catalogue" / "sources").exists()

    (tmp_path / "catalogue" / "sources").mkdir()
    own = tmp_path / "catalogue" / "sources" / "khac.fee.v1.yml"
    own.write_bytes(clash.read_bytes())
    later = open_session(tmp_path)
    (sentence,) = own_profile_problems(later.catalogue, {"sources/khac.fee.v1.yml": own.read_bytes()})
    assert sentence.startswith(
        "catalogue/sources/khac.fee.v1.yml: không phân biệt được với mẫu tandan.fee.v1"
    )
    checked = motcua("catalogue", "check", "--workspace", str(tmp_path))
    assert checked.returncode == 10
    assert "khac.fee.v1.yml" in checked.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("profile_id: x.v1\nkind: dossier\ncolumns: [\n", "dòng"),
        ("profile_id: x.v1\nkind: dossier\nsoftware: a\nlabel: b\nmau: do\n", "dòng 5: không hiểu khóa: mau"),
        ("xin chào", "phải là danh sách khóa"),
    ],
)
def test_faulty_proposal_file_is_one_sentence_with_exit_10(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "de-xuat.yml"
    file.write_text(content, encoding="utf-8")
    problem = _refused(open_session(tmp_path / "w"), "accept", str(file))
    assert problem.exit_code == 10
    assert "de-xuat.yml" in str(problem)
    assert said in str(problem)


def test_proposal_file_that_is_not_there_is_a_usage_problem(tmp_path: Path) -> None:
    problem = _refused(open_session(tmp_path), "accept", "khong-co.yml")
    assert isinstance(problem, UsageProblemError)
    assert "khong-co.yml" in str(problem)


def test_propose_on_demand_prints_the_mapping_and_writes_what_can_be_accepted(tmp_path: Path) -> None:
    session = open_session(tmp_path / "w")
    file, out = tmp_path / "la.xlsx", tmp_path / "de-xuat.yml"
    file.write_bytes(xlsx_file({"DS": land_rows(30)}))
    told = _ok(session, "propose", str(file), "--out", str(out))
    assert "Mã biên nhận" in told
    assert "thông tin cá nhân" in told
    assert not any(word in told for word in PEOPLE)
    listed = json.loads(_ok(session, "propose", str(file), "--json"))
    placed = {c["column"]: c["header"] for c in listed["columns"] if c["fate"] == "placed"}
    assert placed["due_date"] == "Hạn trả kết quả"
    _ok(session, "accept", str(out))
    again = _ok(session, "propose", str(file))
    assert "đã đọc được bằng mẫu mau_moi.dossier_" in again
    rows = json.loads(_ok(session, "list", "--json"))
    assert [row["profile_id"] for row in rows if row["is_own"]] == [listed["proposal"]]
    assert all(row["accepted_on"] for row in rows if row["is_own"])
    assert "có sẵn" in _ok(session, "list")


def test_propose_says_honestly_when_it_cannot(tmp_path: Path) -> None:
    session = open_session(tmp_path / "w")
    for name, content, said in (
        (
            "lich.xlsx",
            xlsx_file({"Lịch": [("Ngày lễ", "Từ ngày"), ("Quốc khánh", "02/09/2021")]}),
            "Không đề xuất được",
        ),
        ("trong.xlsx", b"", "không có nội dung"),
    ):
        (tmp_path / name).write_bytes(content)
        problem = _refused(session, "propose", str(tmp_path / name))
        assert isinstance(problem, UnreadableInputError)
        assert said in str(problem)
