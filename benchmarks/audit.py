"""Precision and recall of the audit of written reports, per verdict, on the labelled texts.

Run it from the repository: ``python -m benchmarks.audit [FOLDER]``; it prints a line per verdict and remark,
then every miss and false answer, and how long one page takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.audit_cases import FOLDER, audit_case, read_cases, score_cases
from transforms.audit.legal import parse_legal_documents

_DOCUMENTS = Path(__file__).parents[1] / "transforms" / "audit" / "legal_documents.csv"


def main() -> None:
    """Print the scores of the folder given, or of the repository's labelled set."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    documents = parse_legal_documents(_DOCUMENTS.read_bytes())
    cases = read_cases(folder)
    started = time.perf_counter()
    for case in cases:
        audit_case(case, documents)
    seconds = time.perf_counter() - started
    scores, lines = score_cases(cases, documents)
    print(
        f"{len(cases)} texts, {sum(len(case.labels) for case in cases)} labels, {1000 * seconds / max(len(cases), 1):.1f} ms each"
    )
    print(f"{'answer':26}{'right':>7}{'said':>7}{'labels':>8}{'precision':>11}{'recall':>8}")
    for answer, score in scores.items():
        print(
            f"{answer:26}{score.right:7}{score.said:7}{score.labelled:8}{score.precision:11.3f}{score.recall:8.3f}"
        )
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
