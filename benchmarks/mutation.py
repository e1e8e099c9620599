"""How many injected faults the checks find, by kind: ``python -m benchmarks.mutation``.

Exits 1 when recall falls below 98% or more than one finding per 1,000 rows has no fault behind it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.mutation.suite import run_suite


def main() -> int:
    """Print one line per kind of fault and the sums."""
    started = time.perf_counter()
    result = run_suite()
    width = max(len(outcome.name) for outcome in result.outcomes)
    for outcome in result.outcomes:
        recall = outcome.found / outcome.injected if outcome.injected else 0.0
        print(
            f"{outcome.name:<{width}}  {outcome.code:<40} {outcome.found:>3}/{outcome.injected:<3} {recall:7.1%}"
        )
    recall = result.found / result.injected
    rate = 1000 * len(result.alarms) / result.rows
    print(f"\n{len(result.outcomes)} kinds, {result.found} of {result.injected} faults found ({recall:.2%})")
    print(f"{len(result.alarms)} findings without a fault in {result.rows} rows ({rate:.3f} per 1,000)")
    for alarm, count in Counter((code, unit) for code, unit, _ in result.alarms).most_common():
        print(f"  {alarm[0]} at {alarm[1]}: {count}")
    print(f"{time.perf_counter() - started:.1f} s")
    return 0 if recall >= 0.98 and rate <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
