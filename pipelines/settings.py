"""Settings of a workspace, read from ``motcua.toml`` in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError

FILE_NAME = "motcua.toml"
PERIOD_KINDS = ("month", "quarter", "half", "nine_months", "year")
BASES = ("nd09", "lich")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace may set; every value has a default that a district can start with."""

    basis: str = "nd09"
    """Windows of NĐ 09/2019/NĐ-CP, or calendar ("lich")."""
    period_kinds: tuple[str, ...] = ("month", "nine_months", "year")
    """Kinds of period that the nightly run drafts when their window contains the working day."""
    rulebook: str = "tt01"
    read_tasks: int = 2
    """Files read at the same time."""
    stable_seconds: float = 0.2
    """How long a file's size must stay the same before it is taken as completely written."""
    keep_days: int = 30
    """Days after which refused originals are purged."""


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
    settings = Settings(**given)
    for name, value, allowed in (
        ("basis", (settings.basis,), BASES),
        ("period_kinds", settings.period_kinds, PERIOD_KINDS),
    ):
        if wrong := [item for item in value if item not in allowed]:
            raise ConfigurationError(
                f"Tệp cấu hình {path}: giá trị {', '.join(map(str, wrong))} của {name} không hợp lệ; chọn trong {', '.join(allowed)}."
            )
    return settings
