"""Services are scored: a pandas frame of grades becomes one of figures, as drafted and as amended.

What each kind of service owes is resolved once (`obligations`); a measure of a service is `tally` under that mask, the
same sum as that of a single scorecard. Nothing here knows of a file: a frame may be a piece of one, or a partition of
something larger. Source: rulebook, section 4; contracts, "Portfolio output".
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd

from scoring.kinds.obligations import EXEMPT, Obligations
from scoring.portfolio.columns import SERVICE
from scoring.rules.model import AMENDED, DRAFTED
from scoring.score.tally import STATUSES, Tally, status_codes, tally
from scoring.score.verdict import CHANGES

REGIMES = (DRAFTED, AMENDED)
SERVICE_FIGURES = (
    *("measures_applying", "measures_met", "points", "out_of"),
    *("unanswered", "shortfall", "score_low", "score_high"),
)
"""The figures of a service under one regime, as the contract has them."""
_MEASURE_FIGURES = ("status", "points", "out_of", "unanswered")
"""Those of a measure of it."""
_SUMS = tuple(part.name for part in fields(Tally))


def in_words(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical:
    """Places among the words, as the words."""
    return pd.Categorical.from_codes(codes, list(words))  # type: ignore[call-overload]


def measures_of(services: pd.DataFrame, owed: Obligations) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    """Each measure, scored for the services of its code: their places among all services, and columns with an element for each.

    services: as `check` gives them. The columns: `change`, and `drafted_` and `amended_` with `status` and the sums of a Tally; statuses and
    changes as indices into STATUSES and CHANGES.
    """
    profile = services["profile"].to_numpy()
    grades = np.ascontiguousarray(services[[requirement.id for requirement in owed.requirements]].to_numpy(np.int8).T)
    code = owed.grid.code[profile]
    places_of = {name: np.flatnonzero(code == number) for number, name in enumerate(owed.grid.codes)}
    for number, measure in enumerate(owed.measures):
        places, rows = places_of[measure.code], owed.columns[measure.id]
        kind, given = profile[places], grades[rows].take(places, axis=1)
        columns = {"change": owed.change[number, kind]}
        for regime, side in zip(REGIMES, (owed.drafted, owed.amended), strict=True):
            sums = tally(side.owed[rows].take(kind, axis=1), given)
            columns[f"{regime}_status"] = status_codes(side.standing[number, kind], sums)
            columns |= {f"{regime}_{name}": getattr(sums, name) for name in _SUMS}
        yield places, columns


def score(services: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Score services under both regimes. services: as `check` gives them.

    Gives a row for each, with its index: `service`, `code`, and `drafted_` and `amended_` with each of SERVICE_FIGURES and with `answered`,
    how many requirements are. A score is a share of the points to be had, and not a number where there are none; with `score_low`
    everything unanswered is taken for missing, with `score_high` for met.
    """
    names = (*_SUMS, "measures_applying", "measures_met")
    sums = {regime: {name: np.zeros(len(services), np.int32) for name in names} for regime in REGIMES}
    for places, measure in measures_of(services, owed):
        for regime, total in sums.items():
            status = measure[f"{regime}_status"]
            total["measures_applying"][places] += status > EXEMPT
            total["measures_met"][places] += status == STATUSES.index("met")
            for name in _SUMS:
                total[name][places] += measure[f"{regime}_{name}"]
    code = in_words(owed.grid.code[services["profile"].to_numpy()], owed.grid.codes)
    columns: dict[str, object] = {SERVICE: services[SERVICE], "code": code}
    for regime, total in sums.items():
        whole = Tally(*(total[name] for name in _SUMS))
        shares = {"score_low": _share(whole.points, whole.out_of), "score_high": _share(whole.highest, whole.out_of)}
        figures = {**total, "shortfall": whole.shortfall, **shares}
        columns |= {f"{regime}_{name}": values for name, values in figures.items()}
    return pd.DataFrame(columns, services.index)


def _share(points: np.ndarray, out_of: np.ndarray) -> np.ndarray:
    return np.divide(points, out_of, out=np.full(len(points), np.nan), where=out_of > 0)


def by_service(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores as the contract has them: of each service a drafted row, then an amended one."""
    rows = scores[[SERVICE, "code"]].iloc[np.repeat(np.arange(len(scores)), 2)]
    sides = {name: scores[[f"{regime}_{name}" for regime in REGIMES]].to_numpy() for name in SERVICE_FIGURES}
    regime = in_words(np.tile(np.array([0, 1], np.int8), len(scores)), REGIMES)
    return rows.assign(regime=regime, **{name: side.ravel() for name, side in sides.items()})


def by_measure(services: pd.DataFrame, owed: Obligations) -> pd.DataFrame:
    """Scores as the contract has them with `--by measure`: of each service a row for each measure of its code. services: as `check` gives them."""
    figures = [f"{regime}_{figure}" for regime in REGIMES for figure in _MEASURE_FIGURES]
    parts = []
    for known, (places, columns) in zip(owed.measures, measures_of(services, owed), strict=True):
        words = {f"{regime}_status": in_words(columns[f"{regime}_status"], STATUSES) for regime in REGIMES}
        change = in_words(columns["change"], CHANGES)
        parts.append(pd.DataFrame({**columns, **words, "measure": known.id, "change": change}, places))
    rows = pd.concat(parts).sort_index(kind="stable")
    return rows.assign(**{SERVICE: services[SERVICE].array[rows.index]})[[SERVICE, "measure", *figures, "change"]]
