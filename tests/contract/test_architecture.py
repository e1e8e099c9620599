"""One-way imports, and nothing below pipelines that touches the clock, the disk or the environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = sorted(path for top in ("transforms", "expectations") for path in (ROOT / top).rglob("*.py"))
OUTSIDE_WORLD = {
    "os",
    "pathlib",
    "socket",
    "subprocess",
    "time",
    "tempfile",
    "shutil",
    "requests",
    "urllib",
    "logging",
}


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_layers_touch_nothing_outside(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    assert not imported & OUTSIDE_WORLD
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [
        call for call in calls if isinstance(call, ast.Name) and call.id in {"open", "print", "input"}
    ]
    attributes = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert not attributes & {"now", "today", "utcnow", "getenv"}


def test_on_demand_path_loads_neither_prefect_nor_great_expectations() -> None:
    code = (
        "import sys, pipelines.cli.report\n"
        "print([name for name in ('prefect', 'great_expectations') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
