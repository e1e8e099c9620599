"""Writes ``sample_exports/inbox`` and ``manifest.toml``; run it from the repository's root:

``python -m sample_exports.generate``. Twice the same run gives the same bytes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sample_exports.generator.district import build_district
from sample_exports.generator.manifest import manifest_text

HERE = Path(__file__).parent


def write_samples(target: Path) -> None:
    """Replace ``inbox/`` and ``manifest.toml`` below ``target`` by freshly generated ones."""
    files, figures, silent = build_district()
    inbox = target / "inbox"
    shutil.rmtree(inbox, ignore_errors=True)
    for file in files:
        folder = inbox / file.unit_code
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.content)
    (target / "manifest.toml").write_text(manifest_text(files, figures, silent), encoding="utf-8")


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
