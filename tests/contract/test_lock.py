"""What is installed is what is locked."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# The package itself and what the environment brings along.
NOT_LOCKED = {"motcua", "pip"}


def _locked() -> dict[str, str]:
    pins: dict[str, str] = {}
    for line in re.findall(r"^[A-Za-z0-9].*$", LOCK, re.MULTILINE):
        requirement = line.removesuffix("\\").strip()
        pin, _, marker = requirement.partition(";")
        if marker and not Marker(marker.strip()).evaluate():
            continue
        name, _, version = pin.strip().partition("==")
        pins[canonicalize_name(name)] = version.strip()
    return pins


def test_every_installed_package_is_locked_at_its_version() -> None:
    installed = {canonicalize_name(dist.name): dist.version for dist in distributions()}
    locked = _locked()
    assert {name: installed.get(name) for name in locked} == locked
    assert set(installed) - NOT_LOCKED - set(locked) == set()


def test_lock_holds_no_address_and_a_hash_for_every_pin() -> None:
    assert "http" not in LOCK.replace("httpcore", "").replace("httpx", "").replace("httptools", "")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_bound_of_the_project_admits_its_pin() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])
    ]
    locked = _locked()
    assert [
        str(item) for item in wanted if not item.specifier.contains(locked[canonicalize_name(item.name)])
    ] == []
