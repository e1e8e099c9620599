"""The audit against the labelled report texts: precision and recall per verdict and per kind of remark."""

from importlib.resources import files

import pytest

from tests.support.audit_cases import read_cases, score_cases
from transforms.audit import Verdict
from transforms.audit.legal import parse_legal_documents

THRESHOLD = 0.95
DOCUMENTS = parse_legal_documents((files("transforms.audit") / "legal_documents.csv").read_bytes())
CASES = read_cases()


def test_the_set_holds_at_least_sixty_texts_and_every_verdict() -> None:
    assert len(CASES) >= 60
    labelled = {label.answer for case in CASES for label in case.labels}
    assert {verdict.value for verdict in Verdict} <= labelled


def test_some_texts_must_stay_without_any_mark() -> None:
    assert sum(not case.labels for case in CASES) >= 10


@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_every_answer_reaches_the_threshold(measure: str) -> None:
    scores, lines = score_cases(CASES, DOCUMENTS)
    low = {
        answer: getattr(score, measure)
        for answer, score in scores.items()
        if getattr(score, measure) < THRESHOLD
    }
    assert not low, "\n".join([str(low), *lines])


def test_a_text_without_claims_is_marked_nowhere() -> None:
    scores, lines = score_cases([case for case in CASES if not case.labels], DOCUMENTS)
    assert sum(score.said for score in scores.values()) == 0, "\n".join(lines)
