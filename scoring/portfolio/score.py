"""Services are scored: a pandas frame of grades becomes one of figures, as drafted and as amended.

What each kind of service owes is resolved once (`obligations`); a measure of a service is `tally` under that mask, the same sum
as that of a single scorecard. Nothing here knows of a file: a frame may be a piece of one, or a partition of something larger.
Source: rulebook, section 4; contracts, "Portfolio output".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from scoring.kinds.obligations import EXEMPT, Obligations
from scoring.portfolio.columns import SERVICE
from scoring.rules.model import AMENDED, DRAFTED
from scoring.score.tally import STATUSES, Tally, status_codes, tally
from scoring.score.verdict import CHANGES

REGIMES = (DRAFTED, AMENDED)
MET = STATUSES.index("met")
SERVICE_FIGURES = (
    *("measures_applying", "measures_met", "points", "out_of"),
    *("unanswered", "shortfall", "score_low", "score_high"),
)
"""The figures of a service under one regime, as the contract has them: each a property of Totals."""
_MEASURE_FIGURES = ("points", "out_of", "unanswered")


@dataclass(frozen=True)
class Totals(Tally):
    """Sums over all measures of a service under one regime, one element a service. Source: rulebook, section 4."""

    measures_applying: np.ndarray
    measures_met: np.ndarray

    @property
    def possible_shortfall(self) -> np.ndarray:
        """Points that would be missing if everything unanswered were not in place."""
        return self.out_of - self.points

    @property
    def score_low(self) -> np.ndarray:
        """Points as a share of `out_of`; not a number where nothing is owed."""
        return _share(self.points, self.out_of)

    @property
    def score_high(self) -> np.ndarray:
        """The share there would be if everything unanswered were met; not a number where nothing is owed."""
        return _share(self.highest, self.out_of)

    @property
    def bound(self) -> np.ndarray:
        """Which services a measure applies to."""
        return self.measures_applying > 0

    @property
    def meeting(self) -> np.ndarray:
        """Which services meet every measure that applies to them, one at least."""
        return self.bound & (self.measures_met == self.measures_applying)

    @property
    def open(self) -> np.ndarray:
        """Which bound services have unanswered requirements: more may be missing than is known."""
        return self.bound & (self.unanswered > 0)

    @property
    def silent(self) -> np.ndarray:
        """Which bound services have answered nothing that they owe: nothing is known of what is missing."""
        return self.bound & (self.answered == 0)


TOTALS = tuple(total.name for total in fields(Totals))


@dataclass(frozen=True)
class MeasureScores:
    """A measure of the services of its code, one element a service. places: where they stand among all services.

    tallies, statuses: for each of REGIMES, the latter as indices into STATUSES. change: as in Obligations.
    """

    places: np.ndarray
    tallies: tuple[Tally, ...]
    statuses: tuple[np.ndarray, ...]
    change: np.ndarray


def _share(points: np.ndarray, out_of: np.ndarray) -> np.ndarray:
    return np.divide(points, out_of, out=np.full(len(points), np.nan), where=out_of > 0)


def in_words(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Places among the words, as the words."""
    return pd.Categorical.from_codes(codes, list(words))  # type: ignore[call-overload]


def totals(scores: pd.DataFrame, regime: str) -> Totals:
    """The sums of each service under a regime. scores: as `score` gives them."""
    return Totals(*(scores[f"{regime}_{total}"].to_numpy() for total in TOTALS))


def measures_of(services: pd.DataFrame, owed: Obligations) -> Iterator[MeasureScores]:
    """Each measure, scored for the services of its code. services: as `check` gives them."""
    profile = services["profile"].to_numpy()
    grades = np.ascontiguousarray(services[[requirement.id for requirement in owed.requirements]].to_numpy(np.int8).T)
    code = owed.grid.code[profile]
    places_of = {name: np.flatnonzero(code == number) for number, name in enumerate(owed.grid.codes)}
    for number, measure in enumerate(owed.measures):
        places, rows = places_of[measure.code], owed.columns[measure.id]
        kind, given = profile[places], grades[rows].take(places, axis=1)
        sides = (owed.drafted, owed.amended)
        tallies = tuple(tally(side.owed[rows].take(kind, axis=1), given) for side in sides)
        standings = [side.standing[number, kind] for side in sides]
        yield MeasureScores(places, tallies, tuple(map(status_codes, standings, tallies)), owed.change[number, kind])


def score(services: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Score services under both regimes. services: as `check` gives them.

    Gives a row for each, with its index: `service`, `code`, and `drafted_` and `amended_` with each of TOTALS.
    """
    code = in_words(owed.grid.code[services["profile"].to_numpy()], owed.grid.codes)
    sums = {f"{regime}_{total}": np.zeros(len(services), np.int32) for regime in REGIMES for total in TOTALS}
    for scored in measures_of(services, owed):
        for regime, of_measure, status in zip(REGIMES, scored.tallies, scored.statuses, strict=True):
            more = {**vars(of_measure), "measures_applying": status > EXEMPT, "measures_met": status == MET}
            for total, number in more.items():
                sums[f"{regime}_{total}"][scored.places] += number
    return pd.DataFrame({SERVICE: services[SERVICE], "code": code, **sums}, services.index)


def by_service(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores as the contract has them: of each service a drafted row, then an amended one."""
    sides = [totals(scores, regime) for regime in REGIMES]
    rows = scores[[SERVICE, "code"]].iloc[np.repeat(np.arange(len(scores)), 2)]
    regime = in_words(np.tile(np.array([0, 1], dtype=np.int8), len(scores)), REGIMES)
    figures = {name: np.stack([getattr(side, name) for side in sides], axis=1).ravel() for name in SERVICE_FIGURES}
    return rows.assign(regime=regime, **figures)


def by_measure(services: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Scores as the contract has them with `--by measure`: of each service a row for each measure of its code.

    services: as `check` gives them.
    """
    parts = []
    for number, scored in enumerate(measures_of(services, owed)):
        names = services[SERVICE].iloc[scored.places]
        part = {SERVICE: names, "measure": in_words(np.full(len(names), number), [known.id for known in owed.measures])}
        for regime, sums, status in zip(REGIMES, scored.tallies, scored.statuses, strict=True):
            part[f"{regime}_status"] = in_words(status, STATUSES)
            part |= {f"{regime}_{figure}": getattr(sums, figure) for figure in _MEASURE_FIGURES}
        parts.append(pd.DataFrame({**part, "change": in_words(scored.change, CHANGES)}, names.index))
    return pd.concat(parts).sort_index(kind="stable")
