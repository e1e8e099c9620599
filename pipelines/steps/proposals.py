"""Proposed profiles: left in the run's folder when a file is refused, and accepted into the workspace's catalogue."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.catalogue_files import load_workspace_catalogue
from pipelines.clock import today
from pipelines.errors import ConfigurationError
from pipelines.inbox import InboxFile
from pipelines.session import Session
from pipelines.workspace import Workspace
from transforms.catalogue.accepted import build_accepted, next_version, parse_proposal, same_profile
from transforms.catalogue.load import CatalogueError
from transforms.catalogue.model import Catalogue, Profile
from transforms.catalogue.profiles import ProfileError
from transforms.catalogue.proposal import NoProposal, Proposal, write_proposal
from transforms.findings import Finding
from transforms.readers.model import RawExport, UnreadableFileError
from transforms.readers.model import Workbook as ReadWorkbook
from transforms.readers.propose import propose
from transforms.readers.recognise import recognise
from transforms.readers.renamed import find_clashes, find_renamed_optional
from transforms.text_vi import fold

UNKNOWN_LAYOUT = "file.profile.none"
RENAMED = "file.header.renamed"
"""Refusal of a known format in which a required column has another name."""
_FOLDER = "proposals"
_SOURCES = "sources/"
_NO_UNIT = "chua-ro-don-vi"
_LONGEST_NAME = 180
"""Bytes; with the unit before it and the delivery after it below the 255 that a file system takes."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A profile after acceptance. ``is_new``: False where the workspace already read files this way."""

    profile: Profile
    target: Path
    is_new: bool
    catalogue_version: str


def recognise_or_propose(
    workbook: ReadWorkbook, catalogue: Catalogue, file: InboxFile, delivery_id: str, run_folder: Path
) -> RawExport:
    """The recognised export; where a header was not known, with a proposal left in the run's folder.

    A renamed column that no export must have is the finding ``file.column.renamed``; the rest of the file
    is read. Raises UnreadableFileError as ``recognise`` does; ``file.profile.none`` says where the
    proposal lies, and becomes ``file.header.renamed`` where only headers of a known format changed.
    """
    try:
        raw = recognise(workbook, catalogue.profiles)
    except UnreadableFileError as problem:
        if problem.code != UNKNOWN_LAYOUT:
            raise
        raise _with_proposal(problem, workbook, catalogue, file, delivery_id, run_folder) from problem
    if not raw.unknown_headers:
        return raw
    proposal = find_renamed_optional(workbook, raw.profile_id, catalogue)
    if proposal is None:
        return raw
    path = _leave(proposal, file, delivery_id, run_folder)
    # Of a merged header the finding names the whole, the proposal the part that tells.
    renamed = tuple(fold(column.header) for column in proposal.placed)
    params = (("renamed", describe_renames(proposal)), ("proposal", path))
    return replace(
        raw,
        unknown_headers=tuple(header for header in raw.unknown_headers if not fold(header).endswith(renamed)),
        findings=(*raw.findings, Finding("file.column.renamed", kind=raw.kind, params=params)),
    )


def describe_renames(proposal: Proposal) -> str:
    """For example "“Hạn trả kết quả” có lẽ là cột “Ngày hẹn trả” (82%)", one part a column."""
    names = {c.name: c.aliases[0] for c in proposal.profile.columns}
    return "; ".join(
        f"“{column.header}” có lẽ là cột “{names[column.best.column]}” ({column.best.score:.0f}%)"
        for column in proposal.placed
        if column.best
    )


def accept_command(path: str) -> str:
    """What to run to accept a proposal file."""
    return f'motcua profile accept "{path}"'


def latest_proposals(workspace: Workspace) -> tuple[Path, ...]:
    """The proposals of the last good run, in name order."""
    latest = workspace.runs / "latest"
    return tuple(sorted((latest.resolve() / _FOLDER).glob("*.yml"))) if latest.exists() else ()


def accept_proposal(session: Session, path: Path, accepted_by: str) -> Accepted:
    """The profile of a proposal file, written into the workspace's catalogue with today's date.

    The caller holds the workspace's lock. Raises ConfigurationError where the file is no usable profile,
    where another profile of that id is there already, or where it would claim exports of another format.
    """
    content = path.read_bytes()
    try:
        profile = parse_proposal(content, path.name)
    except ProfileError as problem:
        raise ConfigurationError(str(problem)) from None
    catalogue = session.catalogue
    target = session.workspace.catalogue / _SOURCES / f"{profile.profile_id}.yml"
    known = next((p for p in catalogue.profiles if p.profile_id == profile.profile_id), None)
    if known is not None and same_profile(known, profile):
        return Accepted(known, target, False, catalogue.version)
    _require_new(profile, path.name, known, catalogue)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_suffix(".new")
    temporary.write_bytes(build_accepted(content, today(session.clock), accepted_by))
    os.replace(temporary, target)
    try:
        after = load_workspace_catalogue(session.workspace.catalogue)
    except CatalogueError as problem:
        target.unlink()
        raise ConfigurationError(
            "Chưa nhận mẫu vì mâu thuẫn với danh mục: " + " ".join(problem.problems[:5])
        ) from problem
    stored = next(p for p in after.profiles if p.profile_id == profile.profile_id)
    return Accepted(stored, target, True, after.version)


def clash_sentences(profile: Profile, profiles: tuple[Profile, ...]) -> tuple[str, ...]:
    """One half-sentence for every other format whose files the profile could not be told from."""
    return tuple(
        f"không phân biệt được với mẫu {other.profile_id} ({other.label})"
        for other in find_clashes(profile, profiles)
    )


def own_profile_ids(overlay: Mapping[str, bytes]) -> frozenset[str]:
    """Ids of the profiles that a workspace brings itself; a file is called after its profile."""
    return frozenset(
        key.removeprefix(_SOURCES).rpartition(".")[0] for key in overlay if key.startswith(_SOURCES)
    )


def own_profile_problems(catalogue: Catalogue, overlay: Mapping[str, bytes]) -> tuple[str, ...]:
    """One sentence for every profile of the workspace whose files could not be told from another format's."""
    own = own_profile_ids(overlay)
    return tuple(
        f"catalogue/{_SOURCES}{profile.profile_id}.yml: {sentence}."
        for profile in catalogue.profiles
        if profile.profile_id in own
        for sentence in clash_sentences(profile, catalogue.profiles)
    )


def _require_new(profile: Profile, file: str, known: Profile | None, catalogue: Catalogue) -> None:
    free = f"{profile.family}.v{next_version(catalogue.profiles, profile.family)}"
    if known is not None:
        raise ConfigurationError(
            f"Tệp {file}: mẫu {profile.profile_id} đã có và khác nội dung; hãy ghi profile_id: {free} nếu đây là bản "
            "thay thế, hoặc tạo lại đề xuất bằng “motcua profile propose” để có bản dựa trên mẫu mới nhất."
        )
    relatives = [p for p in catalogue.profiles if p.family == profile.family]
    if relatives and relatives[0].kind != profile.kind:
        raise ConfigurationError(
            f"Tệp {file}: mẫu {relatives[0].profile_id} thuộc loại {relatives[0].kind}, bản mới không thể là loại {profile.kind}."
        )
    if clashes := clash_sentences(profile, catalogue.profiles):
        raise ConfigurationError(
            f"Tệp {file}: mẫu {profile.profile_id} {'; '.join(clashes)}; hãy thêm cột bắt buộc mà chỉ tệp này có, "
            "hoặc nếu đây là bản mới của mẫu đó thì đặt profile_id theo bản tiếp theo của nó."
        )


def _with_proposal(
    problem: UnreadableFileError,
    workbook: ReadWorkbook,
    catalogue: Catalogue,
    file: InboxFile,
    delivery_id: str,
    run_folder: Path,
) -> UnreadableFileError:
    found = propose(workbook, catalogue)
    if isinstance(found, NoProposal):
        advice = (
            "hãy báo bộ phận kỹ thuật bổ sung mẫu kết xuất (chưa tự đề xuất được: "
            + "; ".join(found.reasons)
            + ")"
        )
        return UnreadableFileError(problem.code, **dict(problem.params), proposal=advice)
    path = _leave(found, file, delivery_id, run_folder)
    if found.base is not None:
        params = {"near": found.base.label, "renamed": describe_renames(found), "proposal": path}
        return UnreadableFileError(RENAMED, **params)
    advice = f"bộ phận kỹ thuật xem đề xuất ở {path}, sửa nếu cần rồi chạy: {accept_command(path)}"
    return UnreadableFileError(problem.code, **dict(problem.params), proposal=advice)


def _leave(proposal: Proposal, file: InboxFile, delivery_id: str, run_folder: Path) -> str:
    """Write the proposal into the run's folder; its path below the workspace."""
    folder = run_folder / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{file.unit_code or _NO_UNIT}-{_stem(file.name)}"
    for target in (folder / f"{name}.yml", folder / f"{name}-{delivery_id[:6]}.yml"):
        path = f"runs/{run_folder.name}/{_FOLDER}/{target.name}"
        content = write_proposal(proposal, file.name, file.unit_code, accept_command(path))
        # Two files of one unit may differ in their extension only.
        if not target.exists() or target.read_bytes() == content:
            break
    target.write_bytes(content)
    return path


def _stem(name: str) -> str:
    """A file's name without its extension and without folders, short enough for every file system."""
    stem = name.rpartition(".")[0] or name
    return stem.replace("/", "_").encode(errors="ignore")[-_LONGEST_NAME:].decode(errors="ignore")
