"""The one tally behind every score: one service, 2^n regimes of one service and a hundred thousand services are the same sum.

What is owed is decided once per distinct profile and kept as a mask over the requirements; a score is a sum under that mask.
Points, points to be had, what is unanswered, the shortfall and the shares are defined here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np

from scoring.score.verdict import Verdict

Number = TypeVar("Number", int, np.ndarray)
STATUSES = ("not_applicable", "exempt", "unanswered", "incomplete", "met", "not_met", "partly_met")
"""What may be said of a measure under a regime, in the order of the codes that `status_codes` gives."""
POINTS = {"met": 2, "partly": 1, "not_met": 0}
"""What a grade is worth, out of FULL."""
FULL = 2
NOT_FEASIBLE = "not_feasible"
GRADES = (*POINTS, NOT_FEASIBLE)
UNANSWERED_CODE, NOT_FEASIBLE_CODE = -1, -2


def grade_code(grade: str, note: str) -> int:
    """A grade as a number: its points; unanswered where it is empty, or not feasible without a written justification."""
    if grade == NOT_FEASIBLE:
        return NOT_FEASIBLE_CODE if note.strip() else UNANSWERED_CODE
    return POINTS.get(grade, UNANSWERED_CODE)


@dataclass(frozen=True)
class _Sums(Generic[Number]):
    points: Number
    out_of: Number
    unanswered: Number
    answered: Number

    @property
    def shortfall(self) -> Number:
        """Points known to be missing."""
        return self.out_of - self.points - FULL * self.unanswered

    @property
    def highest(self) -> Number:
        """The points there would be if everything unanswered were met."""
        return self.points + FULL * self.unanswered


class Sums(_Sums[int]):
    """Points of a measure of one service, or of all its measures, under one regime. With `out_of` 0 nothing is owed and there is no score."""

    @property
    def counted(self) -> str:
        """The points as a count, or as a range of counts while something is unanswered."""
        return (
            f"{self.points} to {self.highest} of {self.out_of}"
            if self.unanswered
            else f"{self.points} of {self.out_of}"
        )

    @property
    def shares(self) -> tuple[Fraction, Fraction] | None:
        """The lowest and the highest score that the answers leave open, as parts of 1; None where nothing is owed."""
        return (Fraction(self.points, self.out_of), Fraction(self.highest, self.out_of)) if self.out_of else None

    @property
    def percentages(self) -> tuple[int, int] | None:
        """The same in whole percent."""
        return (percent(self.points, self.out_of), percent(self.highest, self.out_of)) if self.out_of else None


class Tally(_Sums[np.ndarray]):
    """Sums over owed requirements, one element a service or regime: points, points to be had, and how many answered or not."""

    def of(self, place: int) -> Sums:
        """The sums of one service or regime."""
        return Sums(*(int(sums[place]) for sums in (self.points, self.out_of, self.unanswered, self.answered)))


def tally(owed: np.ndarray, grades: np.ndarray) -> Tally:
    """Add up owed requirements.

    owed: bool, requirements x services (or regimes); grades: int8 grade codes of the same shape, or of one that
    broadcasts to it. A met requirement is 2 points, a partly met one 1, each out of 2; what is not feasible counts
    on neither side; what is unanswered counts as neither met nor missing. Source: rulebook, section 4.
    """
    small = np.int8 if FULL * len(owed) <= np.iinfo(np.int8).max else np.int32  # the smaller, the quicker

    def total_of(numbers: np.ndarray) -> np.ndarray:
        return numbers.view(np.int8).sum(axis=0, dtype=small).astype(np.int32)

    points = total_of(np.maximum(grades, np.int8(0)) * owed.view(np.int8))
    unanswered = total_of(owed & (grades == UNANSWERED_CODE))
    not_feasible = total_of(owed & (grades == NOT_FEASIBLE_CODE))
    total = total_of(owed)
    return Tally(points, FULL * (total - not_feasible), unanswered, total - unanswered)


def status_codes(standing: np.ndarray, sums: Tally) -> np.ndarray:
    """The status of a measure for each service, as indices into STATUSES.

    standing: 0 not applicable, 1 exempt, 2 applies. Source: rulebook, section 4.
    """
    last = np.int8(len(STATUSES) - 1)
    codes = np.full(standing.shape, last)
    fitting = (
        standing == 0,
        standing == 1,
        sums.answered == 0,
        sums.unanswered > 0,
        sums.points == sums.out_of,
        sums.points == 0,
    )
    for code, fits in enumerate(fitting):  # the first that fits counts: it has the smallest code
        codes = np.minimum(codes, last - fits.view(np.int8) * (last - np.int8(code)))
    return codes


def mask(verdicts: Iterable[Verdict], columns: Sequence[str]) -> np.ndarray:
    """Which requirements are owed, as a bool for each column."""
    owed = {requirement for verdict in verdicts for requirement in verdict.owed}
    return np.array([column in owed for column in columns], dtype=bool)


def percent(points: int, out_of: int) -> int:
    """A score in whole percent of `out_of`, which is not 0, a half rounded up; 100 only when every point is there (99.6 gives 99)."""
    return 100 if points == out_of else min(99, (200 * points + out_of) // (2 * out_of))
