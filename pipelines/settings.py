"""Settings of a workspace, read from ``motcua.toml`` in it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError
from transforms.readers.limits import Limits
from transforms.report.report_types import DEFAULT_TYPE, REPORT_TYPES

FILE_NAME = "motcua.toml"
NIGHT_DAYS = ("every", "working")
PERIOD_KINDS = ("month", "quarter", "half", "nine_months", "year")
_MEBI = 1 << 20
_REMOTE = re.compile(r"s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._-]+)*")
_MOST_YEARS = 100
_CEILINGS = (
    "max_file_mb",
    "max_unpacked_mb",
    "max_cells",
    "max_archive_files",
    "alert_attempts",
    "compact_files",
    "public_threshold",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace may set; every value has a default that a district can start with."""

    basis: str = "nd09"
    """Windows of NĐ 09/2019/NĐ-CP, of the calendar ("lich"), or a basis of the workspace's own catalogue,
    with which it is compared when the catalogue is opened."""
    period_kinds: tuple[str, ...] = ("month", "nine_months", "year")
    """Kinds of period that the nightly run drafts when their window contains the working day."""
    rulebook: str = "tt01"
    report_types: tuple[str, ...] = (DEFAULT_TYPE,)
    """Types of report that are drafted every night; the first is the one that other commands mean."""
    night_at: str = "01:30"
    """When ``motcua serve`` runs the night, Vietnam time."""
    night_days: str = "every"
    """Days of the nightly schedule: "every", or "working" for nights before which somebody worked."""
    read_tasks: int = 2
    """Files read at the same time."""
    stable_seconds: float = 0.2
    """How long a file's size must stay the same before it is taken as completely written."""
    keep_days: int = 30
    """Days after which refused originals and workbooks in the outbox are purged."""
    keep_inbox_days: int = 90
    """Days after which files in the workspace's inbox whose content was accepted are purged; 0: never."""
    outbox_full_rows: int = 20_000
    """Records up to which a whole file goes back to its unit; above it only the failing rows do."""
    alert_attempts: int = 8
    """Attempts after which a message is given up; what it said is told again with the next digest."""
    compact_files: int = 60
    """Files of one table of the store above which a night merges them; no answer changes."""
    public_threshold: int = 3
    """The smallest count of a sensitive field that a public edition prints, besides 0."""
    keep_record_years: int = 0
    """Years after which references to single records are erased from set-apart rows, places of findings and
    explanations; 0: never. Figures and publications stay."""
    store: str = ""
    """An object store, s3://bucket/prefix, in place of the workspace's own folder; its keys are in the environment."""
    max_file_mb: int = 512
    """Largest file that is read, and largest file in an archive after unpacking."""
    max_unpacked_mb: int = 2048
    """What all parts of one packed workbook or archive may take together after unpacking."""
    max_cells: int = 60_000_000
    """Rows times columns of the area that the content of one sheet may span."""
    max_archive_files: int = 500
    """Files in one archive."""

    @property
    def limits(self) -> Limits:
        """The ceilings as the readers take them."""
        return Limits(
            self.max_file_mb * _MEBI, self.max_unpacked_mb * _MEBI, self.max_cells, self.max_archive_files
        )


def load_settings(workspace: Path) -> Settings:
    """The settings of that workspace, defaults where the file is absent or silent.

    Raises ConfigurationError for a file that is not TOML, an unknown key or a value of a wrong kind.
    """
    path = workspace / FILE_NAME
    if not path.exists():
        return Settings()
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigurationError(
            f"Tệp cấu hình {path} không đúng định dạng TOML ({problem}); hãy sửa hoặc xóa tệp này để dùng giá trị mặc định."
        ) from problem
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(given) - known):
        raise ConfigurationError(
            f"Tệp cấu hình {path} có khóa không biết: {', '.join(unknown)}; các khóa được dùng là {', '.join(sorted(known))}."
        )
    if "period_kinds" in given:
        given["period_kinds"] = tuple(given["period_kinds"])
    if "report_types" in given:
        given["report_types"] = _report_types(path, given["report_types"])
    for name in _CEILINGS:
        if name in given and (type(given[name]) is not int or given[name] < 1):
            raise ConfigurationError(
                f"Tệp cấu hình {path}: giá trị của {name} phải là số nguyên lớn hơn 0; hãy sửa lại hoặc bỏ khóa này để dùng giá trị mặc định."
            )
    _check_night(path, given)
    _check_store(path, given)
    years = given.get("keep_record_years", 0)
    if type(years) is not int or not 0 <= years <= _MOST_YEARS:
        raise ConfigurationError(
            f"Tệp cấu hình {path}: giá trị của keep_record_years phải là số năm từ 0 (không xóa) đến {_MOST_YEARS}."
        )
    settings = Settings(**given)
    if wrong := [item for item in settings.period_kinds if item not in PERIOD_KINDS]:
        raise ConfigurationError(
            f"Tệp cấu hình {path}: giá trị {', '.join(map(str, wrong))} của period_kinds không hợp lệ; chọn trong {', '.join(PERIOD_KINDS)}."
        )
    return settings


def _check_night(path: Path, given: dict[str, Any]) -> None:
    at = given.get("night_at", "00:00")
    if not isinstance(at, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise ConfigurationError(f"Tệp cấu hình {path}: night_at phải là giờ dạng “01:30”.")
    if given.get("night_days", NIGHT_DAYS[0]) not in NIGHT_DAYS:
        raise ConfigurationError(
            f"Tệp cấu hình {path}: night_days phải là “every” (hằng ngày) hoặc “working” (chỉ ngày làm việc)."
        )


def _check_store(path: Path, given: dict[str, Any]) -> None:
    store = given.get("store", "")
    if not isinstance(store, str) or (store and not _REMOTE.fullmatch(store)):
        raise ConfigurationError(
            f"Tệp cấu hình {path}: store phải có dạng “s3://kho/thu-muc”, không có khóa truy cập trong đó; "
            "bỏ khóa này để dùng thư mục store của thư mục làm việc."
        )


def _report_types(path: Path, given: Any) -> tuple[str, ...]:
    known = ", ".join(REPORT_TYPES)
    if not isinstance(given, list) or not given or any(each not in REPORT_TYPES for each in given):
        raise ConfigurationError(
            f'Tệp cấu hình {path}: report_types phải là danh sách các loại báo cáo, ví dụ ["{DEFAULT_TYPE}"]; '
            f"các loại hiện có: {known}."
        )
    return tuple(dict.fromkeys(given))
