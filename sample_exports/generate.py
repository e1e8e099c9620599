"""Writes ``sample_exports/inbox``, ``defects`` and ``manifest.toml``; run it from the repository's root:

``python -m sample_exports.generate``. Twice the same run gives the same bytes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sample_exports.generator.defects.collection import build_defects
from sample_exports.generator.district import build_district
from sample_exports.generator.manifest import manifest_text

HERE = Path(__file__).parent


def write_samples(target: Path) -> None:
    """Replace ``inbox/``, ``defects/`` and ``manifest.toml`` below ``target`` by freshly generated ones."""
    files, figures, silent = build_district()
    defects = build_defects()
    for name in ("inbox", "defects"):
        shutil.rmtree(target / name, ignore_errors=True)
    for file in files:
        _write(target / "inbox" / file.unit_code / file.name, file.content)
    for defect in defects:
        for part in defect.files:
            _write(target / "defects" / defect.slug / part.unit_code / part.name, part.content)
    (target / "manifest.toml").write_text(manifest_text(files, figures, silent, defects), encoding="utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
