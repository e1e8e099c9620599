"""Publishing that is killed at one instruction after another, run as a program of its own.

The process that forks has used neither Arrow's threads nor the store's runtime, so every child starts clean.
Prints one JSON object: what each round left, for the test to judge.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from pipelines.publications.folder import latest_number
from pipelines.publications.model import MANIFEST, Series, read_publications
from pipelines.publications.publish import issue, prepare
from pipelines.publications.verify import verify
from pipelines.session import Session
from tests.support.published import PERIOD, open_at, order
from tests.support.sent_back import UNIT

SERIES = Series(UNIT, PERIOD, "nd09")
_TOUCHES_DISK = ("open", "os.", "shutil.")


def main(root: Path, rounds: int, seed: int) -> None:
    """Kill so many publishings, half of them at a chosen system call, half after a random time."""
    session = open_at(root)
    _ = session.catalogue, session.templates  # read once for all children
    chosen = random.Random(seed)
    # Numbers of system calls and seconds are those of an undisturbed publishing.
    call_count, seconds = _measured(session)
    told = []
    for number in range(rounds):
        before = latest_number(root / "publications", SERIES)
        if number % 2 == 0:
            at_call = 1 + (number // 2) * (call_count - 1) // max(1, (rounds - 1) // 2)
            was_killed = _killed_at_call(session, number, at_call)
        else:
            was_killed = _killed_after(session, number, chosen.uniform(0, 1.2 * seconds))
        after = latest_number(root / "publications", SERIES)
        whole = (root / "publications" / UNIT / PERIOD / str(after) / MANIFEST).is_file() if after else True
        line_count, problems = _next_publishing(session, f"{500 + number}/BC-UBND")
        told.append(
            {
                "was_killed": was_killed,
                "latest_is_old_or_next": after in (before, (before or 0) + 1),
                "latest_is_whole": whole,
                "line_count": line_count,
                "problems": problems,
            }
        )
    print(json.dumps({"rounds": told}))


def _measured(session: Session) -> tuple[int, float]:
    """System calls and seconds of a publishing that nobody disturbs."""
    calls, started = [0], [0.0]

    def count(event: str, _arguments: object) -> None:
        calls[0] += event.startswith(_TOUCHES_DISK)

    def begin() -> None:
        started[0] = time.monotonic()
        sys.addaudithook(count)

    def undisturbed() -> bytes:
        _publish(session, "44/BC-UBND", lambda: None)  # the first one finds no folder to tidy
        _publish(session, "45/BC-UBND", begin)
        return json.dumps([calls[0], time.monotonic() - started[0]]).encode()

    count_and_seconds = json.loads(_answer(_fork(undisturbed)))
    return count_and_seconds[0], count_and_seconds[1]


def _killed_at_call(session: Session, number: int, at_call: int) -> bool:
    calls = [0]

    def count(event: str, _arguments: object) -> None:
        calls[0] += event.startswith(_TOUCHES_DISK)
        if calls[0] == at_call:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying() -> bytes:
        _publish(session, f"{100 + number}/BC-UBND", lambda: sys.addaudithook(count))
        return b""

    child, reading = _fork(dying)
    os.close(reading)
    return _is_killed(child)


def _killed_after(session: Session, number: int, seconds: float) -> bool:
    started, begun = os.pipe()

    def dying() -> bytes:
        _publish(session, f"{100 + number}/BC-UBND", lambda: os.write(begun, b"."))
        return b""

    child, reading = _fork(dying)
    os.close(begun)
    os.read(started, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    for end in (started, reading):
        os.close(end)
    return _is_killed(child)


def _next_publishing(session: Session, number: str) -> tuple[int, list[str]]:
    """How many publications there are after the next one, and what ``verify`` says; lines without a gap."""

    def undisturbed() -> bytes:
        _publish(session, number, lambda: None)
        said = [p.sentence for p in verify(session.workspace.publications, session.store).problems]
        numbers = [publication.number for publication in read_publications(session.store)]
        if numbers != list(range(1, len(numbers) + 1)):
            said.append(f"numbers of the lines: {numbers}")
        return json.dumps([len(numbers), said]).encode()

    said = _answer(_fork(undisturbed))
    line_count, problems = json.loads(said) if said else (0, ["the next publishing failed"])
    return line_count, problems


def _fork(work: Callable[[], bytes]) -> tuple[int, int]:
    """A child that does the work, and where its answer can be read; no answer where it failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.write(writing, work())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _answer(child: tuple[int, int]) -> bytes:
    with os.fdopen(child[1], "rb") as answer:
        said = answer.read()
    os.waitpid(child[0], 0)
    return said


def _is_killed(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _publish(session: Session, number: str, begin: Callable[[], object]) -> None:
    with session.workspace.lock():
        prepared = prepare(session, order(number, formats=("json",)))
        begin()
        issue(session, prepared)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
