"""A file of services, scored, for looking at: who is bound, who meets what is owed, how far short they fall, and the ranking.

The figures are those of the portfolio's output, a row a service; no text of the file is held but the services' names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
import pandas as pd

from scoring.files.table_in import Source
from scoring.kinds.obligations import EXEMPT, obligations
from scoring.portfolio.columns import SERVICE
from scoring.portfolio.problems import Problem
from scoring.portfolio.read import Progress, Reading
from scoring.portfolio.score import MET, REGIMES, Totals, measures_of, score, totals
from scoring.rules.model import AMENDED, DRAFTED, Regimes, Rules
from scoring.score.tally import STATUSES

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
    """A file of services, scored: one element a service, in the order of the file.

    rows: int, the row of each service. code: int8, index into `codes`. profile: int32, the place of its kind
    in the grid. problems: what is wrong with the rows that were left out, the first 100,000; problem_count: all of them; problem_columns: all of them, by column.
    matched: the headings of the user's own that stand for columns.
    """

    regimes: Regimes
    codes: tuple[str, ...]
    columns: tuple[str, ...]
    names: pd.Series
    rows: np.ndarray
    code: np.ndarray
    profile: np.ndarray
    drafted: Totals
    amended: Totals
    measures: tuple[MeasureCount, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    problem_columns: Mapping[str, int]
    rejected: int
    matched: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.rows)

    def name(self, place: int) -> str:
        return str(self.names.iat[place])

    def find(self, name: str) -> int | None:
        """The place of the service with this name; None where there is none."""
        places = np.flatnonzero(self.names.str.normalize("NFC") == normalize("NFC", name.strip()))
        return int(places[0]) if len(places) else None

    def like(self, name: str) -> tuple[str, ...]:
        """Some names that are the same without regard to case, or else that hold this one."""
        wanted = name.strip()
        if not wanted:
            return ()
        same = self.names[self.names.str.lower() == wanted.lower()]
        near = same if len(same) else self.names[self.names.str.contains(wanted, case=False, regex=False)]
        return tuple(near.head(SUGGESTED))

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
    rules: Rules,
    source: Source,
    regimes: Regimes | None = None,
    progress: Progress | None = None,
    matched: Mapping[str, str] | None = None,
) -> Portfolio:
    """Read and score a file of services for looking at. Bad rows are left out and listed in `problems`.

    matched: headings of the user's own -> the columns that they are. Raises PortfolioError for a file that cannot be read at all.
    """
    owed, reading = obligations(rules, regimes), Reading()
    parts: list[pd.DataFrame] = []
    counts = np.zeros((len(owed.measures), len(REGIMES), len(STATUSES)), dtype=np.int64)
    for _, checked in reading.pieces(rules, source, owed, progress, matched):
        figures = score(checked.services, owed)
        figures = figures.astype(dict.fromkeys(figures.columns[2:], np.int16))
        parts.append(figures.assign(profile=checked.services["profile"]))
        for of_measure, scored in zip(counts, measures_of(checked.services, owed), strict=True):
            of_measure += [np.bincount(statuses, minlength=len(STATUSES)) for statuses in scored.statuses]
    whole = pd.concat(parts)
    return Portfolio(
        regimes=owed.regimes,
        codes=owed.grid.codes,
        columns=reading.columns,
        names=whole[SERVICE].reset_index(drop=True),
        rows=whole.index.to_numpy(),
        code=whole["code"].cat.codes.to_numpy(),
        profile=whole["profile"].to_numpy(),
        drafted=totals(whole, DRAFTED),
        amended=totals(whole, AMENDED),
        measures=tuple(
            MeasureCount(measure.id, tuple(drafted), tuple(amended))
            for measure, (drafted, amended) in zip(owed.measures, counts.tolist(), strict=True)
        ),
        problems=tuple(reading.problems),
        problem_count=reading.problem_count,
        problem_columns=dict(reading.by_column),
        rejected=reading.rejected,
        matched=dict(matched or {}),
    )
