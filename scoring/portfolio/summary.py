"""A file of services, scored, for looking at: who is bound, who meets what is owed, how far short they fall, and the ranking.

The figures are those of `portfolio`, in compact arrays; no bytes of the file are held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from scoring.kinds.obligations import EXEMPT, obligations
from scoring.portfolio.file_in import Columns, Problem, Source
from scoring.portfolio.score import MET, Progress, Reading, Scored, Totals, read_whole
from scoring.rules.model import Regimes, Rules
from scoring.score.tally import STATUSES

if TYPE_CHECKING:
    import pyarrow as pa

SUGGESTED = 20
"""Names that are suggested where none is the one that was typed."""


@dataclass(frozen=True)
class MeasureCount:
    """How many services of its code have each status under a measure: one number for each of STATUSES."""

    measure: str
    drafted: tuple[int, ...]
    amended: tuple[int, ...]

    def bound(self, regime: str) -> int:
        """How many services the measure applies to."""
        return sum(getattr(self, regime)[EXEMPT + 1 :])

    def meeting(self, regime: str) -> int:
        """How many of them meet it."""
        return getattr(self, regime)[MET]


@dataclass(frozen=True)
class Counts:
    """How many services there are, how many of them are bound, and how many of those meet everything, have something unanswered, have answered nothing."""

    services: int
    bound: int
    meeting: int
    open: int
    silent: int


@dataclass(frozen=True)
class Distribution:
    """Bound services by the points that are known to be missing: 0, 1, 2 ...; those that have answered nothing stand apart.

    points: how many services for each number of points. open: how many of those have something unanswered.
    """

    silent: int
    points: np.ndarray
    open: np.ndarray


@dataclass(frozen=True)
class Ranking:
    """The services that can be ranked, the largest first, by their places; those that tie share a rank.

    owing_nothing: those that are not bound. unknown: those that have answered nothing, where only what is known counts.
    """

    places: np.ndarray
    ranks: np.ndarray
    owing_nothing: np.ndarray
    unknown: np.ndarray


@dataclass(frozen=True)
class Portfolio:
    """A file of services, scored: compact arrays, one element a service, in the order of the file.

    rows: int32, the row of each service. code: int8, index into `codes`. problems: what is wrong with the rows that
    were left out, the first 100,000; problem_count: all of them; problem_columns: all of them, by column.
    """

    regimes: Regimes
    codes: tuple[str, ...]
    columns: Columns
    names: "pa.ChunkedArray"
    rows: np.ndarray
    code: np.ndarray
    drafted: Totals
    amended: Totals
    measures: tuple[MeasureCount, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    problem_columns: Mapping[str, int]
    rejected: int
    starts: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def name(self, place: int) -> str:
        return self.names[place].as_py()

    def find(self, name: str) -> int | None:
        """The place of the service with this name; None where there is none."""
        from pyarrow import compute

        from scoring.portfolio import arrow

        place = compute.index(self.names, arrow.text(name.strip())).as_py()
        return None if place < 0 else place

    def like(self, name: str) -> tuple[str, ...]:
        """Some names that are the same without regard to case, or else that hold this one."""
        from pyarrow import compute

        wanted = name.strip()
        if not wanted:
            return ()
        same = self.names.filter(compute.equal(compute.utf8_lower(self.names), wanted.lower()))
        found = same if len(same) else self.names.filter(compute.match_substring(self.names, wanted, ignore_case=True))
        return tuple(found[:SUGGESTED].to_pylist())

    def counts(self, regime: str, code: str | None = None) -> Counts:
        """Services in numbers: all of them, or those of a code."""
        totals: Totals = getattr(self, regime)
        here = np.ones(len(self), dtype=bool) if code is None else self.code == self.codes.index(code)
        return Counts(
            int(here.sum()),
            *(int((here & each).sum()) for each in (totals.bound, totals.meeting, totals.open, totals.silent)),
        )

    def ranking(self, regime: str = "amended", by: str = "shortfall") -> Ranking:
        """The services by a number that Totals has; those that tie in the order of the file."""
        totals: Totals = getattr(self, regime)
        values = getattr(totals, by)
        unknown = totals.silent if by == "shortfall" else np.zeros(len(self), dtype=bool)
        here = np.flatnonzero(totals.bound & ~unknown)
        places = here[np.argsort(-values[here], kind="stable")]
        falling = -values[places]
        return Ranking(
            places, np.searchsorted(falling, falling) + 1, np.flatnonzero(~totals.bound), np.flatnonzero(unknown)
        )

    def distribution(self, regime: str) -> Distribution:
        """How many bound services have how many points known to be missing."""
        totals: Totals = getattr(self, regime)
        spoken = totals.bound & ~totals.silent
        points = np.bincount(totals.shortfall[spoken])
        return Distribution(
            int(totals.silent.sum()), points, np.bincount(totals.shortfall[spoken & totals.open], minlength=len(points))
        )


def portfolio(
    rules: Rules, source: Source, regimes: Regimes | None = None, progress: Progress | None = None
) -> Portfolio:
    """Read and score a file of services for looking at. Bad rows are left out and listed in `problems`.

    Raises PortfolioError for a file that cannot be read at all.
    """
    import pyarrow as pa

    found = obligations(rules, regimes)
    parts: list[tuple[pa.StringArray, np.ndarray, np.ndarray, Totals, Totals]] = []
    counts = np.zeros((2, len(found.measures), len(STATUSES)), dtype=np.int64)

    def restart() -> None:
        parts.clear()
        counts[:] = 0

    def take(reading: Reading, result: Scored, _: None) -> None:
        above = reading.rows - result.services.height
        parts.append(
            (result.services.names, result.services.rows + np.int32(above), result.code, result.drafted, result.amended)
        )
        for each in (measure for code in result.codes for measure in code.measures):
            counts[0, each.place] += np.bincount(each.drafted_status, minlength=len(STATUSES))
            counts[1, each.place] += np.bincount(each.amended_status, minlength=len(STATUSES))

    reading = read_whole(rules, source, found, lambda *_: None, take, restart, progress)
    rows, code = (_joined([part[place] for part in parts]) for place in (1, 2))
    totals = [
        Totals(*(_joined([getattr(part[place], each.name) for part in parts]) for each in fields(Totals)))
        for place in (3, 4)
    ]
    return Portfolio(
        found.regimes,
        found.grid.codes,
        reading.columns,
        pa.chunked_array([part[0] for part in parts], pa.string()),
        rows,
        code,
        *totals,
        tuple(
            MeasureCount(each.id, tuple(counts[0, place].tolist()), tuple(counts[1, place].tolist()))
            for place, each in enumerate(found.measures)
        ),
        tuple(sorted(reading.problems, key=lambda each: each.row)),
        reading.problem_count,
        dict(reading.by_column),
        reading.rejected,
        tuple(reading.starts),
    )


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    whole = np.concatenate(parts)
    whole.setflags(write=False)
    return whole
