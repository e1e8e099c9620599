"""A workbook as LibreOffice calculates it, none of our own cached results left in it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def convert(source: Path, target: str, out: Path) -> Path:
    """The file converted by LibreOffice to that kind; fails with what it said."""
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to", target, "--outdir", out, source],
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    made = out / f"{source.stem}.{target}"
    assert made.exists(), done.stderr
    return made


def recalculated(content: bytes, out: Path) -> Any:
    """The workbook after LibreOffice opened it without any result of a formula in it; values only."""
    bare, made = out / "bare.xlsx", out / "made"
    made.mkdir()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, _CACHED.sub(rb"\1", part) if name.startswith("xl/worksheets/") else part)
    return openpyxl.load_workbook(convert(bare, "xlsx", made), data_only=True)


def formula_differences(content: bytes, calculated: Any) -> tuple[int, list[str]]:
    """(number of formulas, those of which LibreOffice's result is not the one that we wrote beside it)."""
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    count, differing = 0, []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                    continue
                count += 1
                ours = cached[sheet.title][cell.coordinate].value
                theirs = calculated[sheet.title][cell.coordinate].value
                if not _is_same(ours, theirs):
                    differing.append(
                        f"{sheet.title}!{cell.coordinate} {cell.value}: {ours!r}, not {theirs!r}"
                    )
    return count, differing


def _is_same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-12  # files hold 15 digits
    return ours == theirs
