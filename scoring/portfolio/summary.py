"""A file of services, scored, for looking at: who is bound, who meets what is owed, how far short they fall, and the ranking.

The figures are those of the portfolio's output, a row a service; no text of the file is held but the services' names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import pandas as pd

from scoring.files.table_in import Source
from scoring.kinds.obligations import EXEMPT
from scoring.portfolio.columns import SERVICE
from scoring.portfolio.read import Progress, Reading
from scoring.portfolio.score import REGIMES, measures_of, score
from scoring.rules.model import AMENDED, Regimes, Rules
from scoring.score.tally import STATUSES

SUGGESTED = 20
"""Names that are suggested where none is the one that was typed."""


class Counts(NamedTuple):
    """How many services there are, how many of them are bound, and how many of those meet everything, have something unanswered, have answered nothing."""

    services: int
    bound: int
    meeting: int
    open: int
    silent: int


class Distribution(NamedTuple):
    """Bound services by the points that are known to be missing: 0, 1, 2 ...; those that have answered nothing stand apart.

    points: how many services for each number of points. open: how many of those have something unanswered.
    """

    silent: int
    points: np.ndarray
    open: np.ndarray


class Ranking(NamedTuple):
    """The services that can be ranked, the largest first: the rank of each by its place. Those that tie share a rank.

    owing_nothing: the places of those that are not bound. unknown: of those that have answered nothing, where only what is known counts.
    """

    ranks: pd.Series
    owing_nothing: np.ndarray
    unknown: np.ndarray


@dataclass(frozen=True)
class Portfolio:
    """A file of services, scored: a row a service, in the order of the file.

    services: `service`, its name; `code`; `profile`, the place of its kind in the grid; `row`, its row in the file. sides: its figures under
    each regime, as `_figures` gives them. measures: a row for each measure and regime, with how many services of its code are `bound` and have
    each status. reading: what is known of the file, with what is wrong with the rows that were left out.
    """

    reading: Reading
    services: pd.DataFrame
    sides: Mapping[str, pd.DataFrame]
    measures: pd.DataFrame

    def __len__(self) -> int:
        return len(self.services)

    @property
    def regimes(self) -> Regimes:
        return self.reading.owed.regimes

    def name(self, place: int) -> str:
        return str(self.services[SERVICE].iat[place])

    def row(self, place: int) -> int:
        return int(self.services["row"].to_numpy()[place])

    def find(self, name: str) -> int | None:
        """The place of the service with this name; None where there is none."""
        names = self.services[SERVICE].str.normalize("NFC")
        return next(iter(np.flatnonzero(names == normalize("NFC", name.strip())).tolist()), None)

    def like(self, name: str) -> tuple[str, ...]:
        """Some names that are the same without regard to case, or else that hold this one."""
        wanted, names = name.strip(), self.services[SERVICE]
        same = names[names.str.lower() == wanted.lower()]
        near = same if len(same) else names[names.str.contains(wanted, case=False, regex=False)]
        return tuple(near.head(SUGGESTED)) if wanted else ()

    def counts(self, regime: str, code: str | None = None) -> Counts:
        """Services in numbers: all of them, or those of a code."""
        side = self.sides[regime]
        here = side if code is None else side[self.services["code"] == code]
        return Counts(len(here), *map(int, here[["bound", "meeting", "open", "silent"]].sum()))

    def ranking(self, regime: str = AMENDED, by: str = "shortfall") -> Ranking:
        """The services by one of their figures; those that tie in the order of the file."""
        side = self.sides[regime]
        unknown = side["silent"] & (by == "shortfall")
        ranks = side.loc[side["bound"] & ~unknown, by].rank(method="min", ascending=False).astype(int)
        return Ranking(ranks.sort_values(kind="stable"), np.flatnonzero(~side["bound"]), np.flatnonzero(unknown))

    def distribution(self, regime: str) -> Distribution:
        """How many bound services have how many points known to be missing."""
        side = self.sides[regime]
        spoken = side[side["bound"] & ~side["silent"]]
        points = np.bincount(spoken["shortfall"])
        still_open = np.bincount(spoken.loc[spoken["open"], "shortfall"], minlength=len(points))
        return Distribution(int(side["silent"].sum()), points, still_open)


def portfolio(
    rules: Rules,
    source: Source,
    regimes: Regimes | None = None,
    progress: Progress | None = None,
    matched: Mapping[str, str] | None = None,
) -> Portfolio:
    """Read and score a file of services for looking at. Bad rows are left out; the reading has what is wrong with them.

    matched: headings of the user's own -> the columns that they are. Raises PortfolioError for a file that cannot be read at all.
    """
    reading = Reading(rules, source, regimes, matched or {})
    parts, counted = [], []
    for _, checked in reading.pieces(progress):
        services = checked.services
        scores = score(services, reading.owed)
        sums = scores.select_dtypes("int32").astype("int16")
        parts.append(pd.concat([scores[[SERVICE, "code"]], services["profile"], sums], axis=1))
        statuses = {
            (measure.id, regime): np.bincount(scored[f"{regime}_status"], minlength=len(STATUSES))
            for measure, (_, scored) in zip(reading.owed.measures, measures_of(services, reading.owed), strict=True)
            for regime in REGIMES
        }
        counted.append(pd.DataFrame(statuses, STATUSES).T)
    whole = pd.concat(parts).rename_axis("row").reset_index()
    measures = pd.concat(counted).groupby(level=[0, 1], sort=False).sum()
    measures["bound"] = measures.iloc[:, EXEMPT + 1 :].sum(axis=1)
    sides = {regime: _side(whole, regime) for regime in REGIMES}
    return Portfolio(reading, whole[["row", SERVICE, "code", "profile"]], sides, measures)


def _side(scores: pd.DataFrame, regime: str) -> pd.DataFrame:
    """The figures of services under a regime: those that are sums, and what follows from them.

    possible_shortfall: the points that would be missing if everything unanswered were not in place. bound: a measure applies. Of those that
    are bound, meeting: each measure that applies is met; open: something is unanswered, so that more may be missing than is known;
    silent: nothing that is owed is answered, so that nothing is known of what is missing.
    """
    side = scores.filter(like=f"{regime}_").rename(columns=lambda column: column.removeprefix(f"{regime}_"))
    bound = side["measures_applying"] > 0
    return side.assign(
        possible_shortfall=side["out_of"] - side["points"],
        bound=bound,
        meeting=bound & (side["measures_met"] == side["measures_applying"]),
        open=bound & (side["unanswered"] > 0),
        silent=bound & (side["answered"] == 0),
    )
