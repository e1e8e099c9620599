"""Damage the sample exports thousands of times; every file must be read, partly set apart, or refused with a sentence.

``python -m benchmarks.fuzz --count 10000``: prints a table of outcomes per container and exits 1 when a file
crashed the reader, lost a row, took too much memory or time, or was refused without a sentence. Such files are
kept in ``--keep`` so that each can become a test.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.mutations import MUTATIONS
from expectations.messages import Messages, parse_messages
from pipelines import package_files
from pipelines.catalogue_files import packaged_files
from transforms.canonical.build import canonicalise
from transforms.canonical.model import DeliveryContext
from transforms.catalogue.load import load_catalogue
from transforms.catalogue.model import Catalogue
from transforms.readers.model import UnreadableFileError
from transforms.readers.recognise import recognise
from transforms.readers.workbook import read_workbook
from transforms.supplement.canonical import canonicalise_supplement

SAMPLES = Path(__file__).parents[1] / "sample_exports"
_BATCH = 50
_MEMORY = 3 << 30
"""Address space that reading may take beyond what the process holds already."""
_SECONDS = 60
_ARRIVED = datetime(2021, 9, 5, 18, 0)  # noqa: DTZ001 - naive Vietnam time, as deliveries have it
_LARGEST = 60_000


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged file."""

    number: int
    source: Path
    mutation: str

    def content(self, seed: int) -> bytes:
        """The damaged bytes; the same for the same seed."""
        rng = random.Random(seed * 1_000_003 + self.number)
        damaged = MUTATIONS[self.mutation](self.source.read_bytes(), rng)
        return MUTATIONS[rng.choice(list(MUTATIONS))](damaged, rng) if rng.random() < 0.2 else damaged


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every file came out in one of the three ways, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    outcomes: Counter[tuple[str, str]] = Counter()
    failures: list[tuple[Case, str]] = []
    for case, outcome in run_cases(list(choose_cases(options.count, options.seed)), options.seed):
        outcomes[case.source.suffix.lower(), outcome.partition(":")[0]] += 1
        if outcome.startswith("FAILED"):
            failures.append((case, outcome))
    print(render_table(outcomes))
    print(
        f"\n{options.count} files, seed {options.seed}, {time.perf_counter() - started:.0f} s; {len(failures)} failed."
    )
    for case, outcome in failures:
        options.keep.mkdir(parents=True, exist_ok=True)
        kept = options.keep / f"{case.number}-{case.source.name}"
        kept.write_bytes(case.content(options.seed))
        print(f"{kept}: {case.mutation}: {outcome}")
    return 1 if failures else 0


def choose_cases(count: int, seed: int) -> Iterator[Case]:
    """``count`` cases over the small sample files of every container, all mutations in turn."""
    files = sorted(
        path
        for folder in ("inbox", "defects")
        for path in (SAMPLES / folder).rglob("*")
        if path.is_file() and 0 < path.stat().st_size < _LARGEST
    )
    rng = random.Random(seed)
    names = list(MUTATIONS)
    for number in range(count):
        yield Case(number, rng.choice(files), names[number % len(names)])


def run_cases(cases: list[Case], seed: int) -> Iterator[tuple[Case, str]]:
    """Each case with its outcome. Batches run in a process of their own, so that a crash is seen and survived."""
    for start in range(0, len(cases), _BATCH):
        yield from _run_batch(cases[start : start + _BATCH], seed)


def _run_batch(batch: list[Case], seed: int) -> Iterator[tuple[Case, str]]:
    done = 0
    while done < len(batch):
        here, there = multiprocessing.Pipe(duplex=False)
        worker = multiprocessing.get_context("fork").Process(target=_work, args=(there, batch[done:], seed))
        worker.start()
        there.close()
        try:
            while done < len(batch):
                if not here.poll(_SECONDS):
                    worker.kill()
                    yield batch[done], f"FAILED: no answer within {_SECONDS} s"
                    done += 1
                    break
                yield batch[done], here.recv()
                done += 1
        except EOFError:
            worker.join()
            yield batch[done], f"FAILED: the process died ({worker.exitcode})"
            done += 1
        worker.join()


_loaded: list[tuple[Catalogue, Messages]] = []


def _load() -> tuple[Catalogue, Messages]:
    if not _loaded:
        _loaded.append((load_catalogue(packaged_files()), parse_messages(package_files.message_files())))
    return _loaded[0]


def _work(answers: Connection, cases: Sequence[Case], seed: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    ceiling = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    for case in cases:
        answers.send(read_damaged(case.content(seed), case.source.name, *_load()))


def read_damaged(content: bytes, name: str, catalogue: Catalogue, messages: Messages) -> str:
    """``read``, ``rows quarantined``, ``refused``, or what went wrong."""
    context = DeliveryContext("0" * 16, "16204", name, _ARRIVED)
    try:
        raw = recognise(read_workbook(io.BytesIO(content), name), catalogue.profiles)
        build = canonicalise_supplement if raw.kind == "supplement" else canonicalise
        result = build(raw, context, catalogue)
    except UnreadableFileError as refusal:
        return "refused" if refusal.code in messages else f"FAILED: no sentence for {refusal.code}"
    except MemoryError:
        return "FAILED: out of memory"
    except Exception as problem:  # the very thing that this run looks for
        return f"FAILED: {type(problem).__name__}: {str(problem)[:200]}"
    come_out = result.data_row_count + sum(result.structural_counts.values())
    if come_out != raw.sheet_row_count:
        return f"FAILED: {raw.sheet_row_count} rows on the sheet, {come_out} came out"
    if missing := [finding.code for finding in result.findings if finding.code not in messages]:
        return f"FAILED: no sentence for {missing[0]}"
    return "rows quarantined" if result.quarantined.num_rows else "read"


def render_table(outcomes: Counter[tuple[str, str]]) -> str:
    """Markdown: a line a file extension, a column an outcome."""
    columns = ("read", "rows quarantined", "refused", "FAILED")
    lines = ["| named | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for suffix in sorted({suffix for suffix, _ in outcomes}):
        lines.append(
            f"| {suffix} | " + " | ".join(str(outcomes[suffix, column]) for column in columns) + " |"
        )
    totals = [
        str(sum(count for (_, found), count in outcomes.items() if found == column)) for column in columns
    ]
    return "\n".join([*lines, "| all | " + " | ".join(totals) + " |"])


if __name__ == "__main__":
    sys.exit(main())
