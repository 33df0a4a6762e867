"""Requirements against services: the grade of each that is owed, and how many services lack it in any case or only as amended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.returns.returned import Returns
from scoring.rules.model import Requirement
from scoring.score.tally import FULL, NOT_FEASIBLE_CODE, UNANSWERED_CODE

NOT_OWED, NOT_FEASIBLE, UNANSWERED, MET = "not_owed", "not_feasible", "unanswered", "met"
_GAPS = (("not_met", 0), ("partly_met", 1))
"""The grades with points missing, and what each is worth."""
IN_ANY_CASE, ONLY_AMENDED = "in_any_case", "only_amended"
CELLS = (
    NOT_OWED,
    MET,
    NOT_FEASIBLE,
    UNANSWERED,
    *(f"{gap}_{when}" for when in (IN_ANY_CASE, ONLY_AMENDED) for gap, _ in _GAPS),
)
"""What may be said of a requirement for a service: the last four are the gaps."""


@dataclass(frozen=True)
class Lacking:
    """A requirement, by how many services owe it, lack it in any case and only as amended, and have not answered it."""

    requirement: Requirement
    owed: int
    in_any_case: int
    only_amended: int
    unanswered: int

    @property
    def together(self) -> int:
        return self.in_any_case + self.only_amended


@dataclass(frozen=True)
class Matrix:
    """The services of one code that count, by their places among the lines, against the requirements that one of them owes.

    places: those that owe anything, those with the most gaps first, in any case before only as amended; owing_nothing: the others.
    cells: a row for each of `places`, each cell an index into CELLS.
    """

    code: str
    requirements: tuple[Requirement, ...]
    places: tuple[int, ...]
    owing_nothing: tuple[int, ...]
    cells: np.ndarray


def _cells(returns: Returns, places: Sequence[int]) -> np.ndarray:
    """What is said of every requirement for each of some services, requirements x services."""
    services = returns.services.loc[list(places)]
    profile = services["profile"].to_numpy()
    grades = services[[requirement.id for requirement in returns.owed.requirements]].to_numpy(np.int8).T
    drafted, amended = (side.owed[:, profile] for side in (returns.owed.drafted, returns.owed.amended))
    cells = np.full(grades.shape, CELLS.index(NOT_OWED), dtype=np.int8)
    owed = drafted | amended
    for cell, code in ((MET, FULL), (NOT_FEASIBLE, NOT_FEASIBLE_CODE), (UNANSWERED, UNANSWERED_CODE)):
        cells[owed & (grades == code)] = CELLS.index(cell)
    for gap, points in _GAPS:
        for when, here in ((IN_ANY_CASE, drafted), (ONLY_AMENDED, amended & ~drafted)):
            cells[here & (grades == points)] = CELLS.index(f"{gap}_{when}")
    return cells


def matrices(returns: Returns) -> tuple[Matrix, ...]:
    """The picture of all services that count, code by code."""
    every, found = _cells(returns, returns.counted), []
    gaps = [
        sum(every == CELLS.index(f"{gap}_{when}") for gap, _ in _GAPS).sum(axis=0)
        for when in (IN_ANY_CASE, ONLY_AMENDED)
    ]
    for code in returns.owed.grid.codes:
        here = [column for column, place in enumerate(returns.counted) if returns.lines[place].code == code]
        here.sort(key=lambda column: (-gaps[0][column], -gaps[1][column]))
        owing = (every != CELLS.index(NOT_OWED)).any(axis=0)
        bound = [column for column in here if owing[column]]
        asked = np.flatnonzero((every[:, here] != CELLS.index(NOT_OWED)).any(axis=1))
        if here:
            places, owing_nothing = (
                tuple(returns.counted[column] for column in here if owing[column] == is_bound)
                for is_bound in (True, False)
            )
            requirements = tuple(returns.owed.requirements[row] for row in asked)
            found.append(Matrix(code, requirements, places, owing_nothing, every[asked][:, bound].T))
    return tuple(found)


def lacking(returns: Returns) -> tuple[Lacking, ...]:
    """The requirements that any service lacks, those that most of them lack first; between equals in the order of the rulebook."""
    every = _cells(returns, returns.counted)
    counts = [np.bincount(row, minlength=len(CELLS)) for row in every]
    told = [
        Lacking(
            requirement,
            owed=int(count.sum() - count[CELLS.index(NOT_OWED)]),
            in_any_case=int(sum(count[CELLS.index(f"{gap}_{IN_ANY_CASE}")] for gap, _ in _GAPS)),
            only_amended=int(sum(count[CELLS.index(f"{gap}_{ONLY_AMENDED}")] for gap, _ in _GAPS)),
            unanswered=int(count[CELLS.index(UNANSWERED)]),
        )
        for requirement, count in zip(returns.owed.requirements, counts, strict=True)
    ]
    return tuple(sorted((one for one in told if one.together), key=lambda one: -one.together))
