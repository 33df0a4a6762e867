"""Services are scored: a pandas frame of grades becomes one of figures, under both regimes.

What each kind of service owes is resolved once (`obligations`); a measure of a service is `tally` under that mask, the same sum
as that of a single scorecard. Nothing here knows of a file: a frame may be a piece of one, or a partition of something larger.
Source: rulebook, section 4; contracts, "Portfolio output".
"""

from collections.abc import Sequence
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
MEASURE_FIGURES = ("points", "out_of", "unanswered")


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


def _share(points: np.ndarray, out_of: np.ndarray) -> np.ndarray:
    return np.divide(points, out_of, out=np.full(len(points), np.nan), where=out_of > 0)


def _in_words(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Places among the words, as the words."""
    return pd.Categorical.from_codes(codes, list(words))  # type: ignore[call-overload]


def totals(scores: pd.DataFrame, regime: str) -> Totals:
    """The sums of each service under a regime. scores: as `score` gives them."""
    return Totals(*(scores[f"{regime}_{total}"].to_numpy() for total in TOTALS))


def score(services: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Score services under both regimes.

    services: as `check` gives them. Gives a row for each, with its index: `service`, `code`; `drafted_` and `amended_` with each of
    TOTALS; and for each measure MEASURE.change and, of each regime, MEASURE.drafted_status, _points, _out_of and _unanswered. A
    measure of another code is not applicable.
    """
    profile = services["profile"].to_numpy()
    code = owed.grid.code[profile]
    grades = np.ascontiguousarray(services[[requirement.id for requirement in owed.requirements]].to_numpy(np.int8).T)
    columns = {SERVICE: services[SERVICE], "code": _in_words(code, owed.grid.codes)}
    of_measures: dict[str, np.ndarray | pd.Categorical] = {}
    for regime, side in zip(REGIMES, (owed.drafted, owed.amended), strict=True):
        sums = np.zeros((len(TOTALS), len(services)), dtype=np.int32)
        for place, measure in enumerate(owed.measures):
            rows = owed.columns[measure.id]
            of_its_code = owed.grid.code == owed.grid.codes.index(measure.code)
            of_measure = tally((side.owed[rows] & of_its_code)[:, profile], grades[rows])
            status = status_codes((side.standing[place] * of_its_code)[profile], of_measure)
            of_measures[f"{measure.id}.{regime}_status"] = _in_words(status, STATUSES)
            for figure in MEASURE_FIGURES:
                of_measures[f"{measure.id}.{regime}_{figure}"] = getattr(of_measure, figure)
            of_services = Totals(**vars(of_measure), measures_applying=status > EXEMPT, measures_met=status == MET)
            for total, name in zip(sums, TOTALS, strict=True):
                total += getattr(of_services, name)
        columns |= {f"{regime}_{name}": total for name, total in zip(TOTALS, sums, strict=True)}
    for place, measure in enumerate(owed.measures):
        of_measures[f"{measure.id}.change"] = _in_words(owed.change[place][profile], CHANGES)
    return pd.DataFrame(columns | of_measures, index=services.index)


def by_service(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores as the contract has them: of each service a drafted row, then an amended one."""
    sides = [totals(scores, regime) for regime in REGIMES]
    count = len(scores)
    rows = scores[[SERVICE, "code"]].iloc[np.repeat(np.arange(count), 2)]
    regime = _in_words(np.tile(np.array([0, 1], dtype=np.int8), count), REGIMES)
    names = (
        "measures_applying",
        "measures_met",
        "points",
        "out_of",
        "unanswered",
        "shortfall",
        "score_low",
        "score_high",
    )
    figures = {name: np.stack([getattr(side, name) for side in sides], axis=1).ravel() for name in names}
    return rows.assign(regime=regime, **figures)


def by_measure(scores: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Scores as the contract has them with `--by measure`: of each service a row for each measure of its code."""
    figures = [f"{regime}_{figure}" for regime in REGIMES for figure in ("status", *MEASURE_FIGURES)] + ["change"]
    parts = []
    for measure in owed.measures:
        part = scores.loc[scores["code"] == measure.code, [SERVICE, *(f"{measure.id}.{figure}" for figure in figures)]]
        part = part.set_axis([SERVICE, *figures], axis="columns")
        part.insert(1, "measure", measure.id)
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable")
