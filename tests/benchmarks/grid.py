"""How long all 512 subsets of the recommendations over the whole grid take: `python tests/benchmarks/grid.py`."""

import sys
import time
from itertools import chain, combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scoring.kinds.grid import grid_of
from scoring.kinds.obligations import obligations, obligations_csv
from scoring.kinds.slips import ways
from scoring.rules.amend import adopting
from scoring.rules.load import load

RULES = load()


def timed(what: str, run):
    start = time.perf_counter()
    result = run()
    print(f"{what:<62}{1000 * (time.perf_counter() - start):9.1f} ms")
    return result


def main() -> None:
    ids = [each.id for each in RULES.recommendations]
    every = list(chain.from_iterable(combinations(ids, size) for size in range(len(ids) + 1)))
    print(f"{len(every)} subsets of {len(ids)} recommendations")
    grid = timed("the grid of every distinct profile", lambda: grid_of(RULES))
    owed = timed(
        f"what is owed under all {len(every)} subsets over {len(grid)} profiles",
        lambda: sum(int(obligations(RULES, adopting(RULES, each), grid).amended.owed.sum()) for each in every),
    )
    print(f"  ({owed:,} requirements owed, over all of them)")
    timed("by which recommendations each kind is bound", lambda: ways(RULES))
    found = timed("the map of both regimes", lambda: obligations(RULES, grid=grid))
    timed("the map as CSV", lambda: obligations_csv(found))


if __name__ == "__main__":
    main()
