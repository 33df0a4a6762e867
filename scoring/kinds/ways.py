"""By which recommendations each kind of service is bound that is not bound as drafted, and by which more is asked of it."""

from dataclasses import dataclass

import numpy as np

from scoring.kinds.grid import grid_of
from scoring.kinds.obligations import obligations
from scoring.rules.amend import adopting
from scoring.rules.model import Recommendation, Rules


@dataclass(frozen=True)
class Way:
    """A set of recommendations of which none can be left out, and the kinds of service that it reaches: each a bool for each profile.

    binds: those that no measure binds as drafted, and that the set binds as no part of it does.
    asks: those of which the set asks a requirement that is not owed as drafted, and that no part of it asks.
    """

    recommendations: tuple[Recommendation, ...]
    binds: np.ndarray
    asks: np.ndarray


def ways(rules: Rules) -> tuple[Way, ...]:
    """Every such set, small ones first. Where only some recommendations are adopted, the sets of those alone are what counts.

    A recommendation changes measures of its own code alone. So the codes are looked at side by side, each set of a code's recommendations once.
    """
    grid = grid_of(rules)
    rows = {requirement.id: row for row, requirement in enumerate(rules.regimes.amended.requirements())}
    of_codes = [[known for known in rules.recommendations if known.code == code.id] for code in rules.codes]

    def owed_with(number: int) -> np.ndarray:
        """What is owed where each code adopts its set of this number: a row a requirement, and at last whether anything is."""
        adopted = [known.id for of_code in of_codes for known in _set(of_code, number)]
        side = obligations(rules, adopting(rules, adopted), grid)
        owed = np.zeros((len(rows) + 1, len(grid)), dtype=bool)
        owed[[rows[requirement.id] for requirement in side.requirements]] = side.amended.owed
        owed[-1] = side.amended.bound
        return owed

    owed = [owed_with(number) for number in range(2 ** max(map(len, of_codes)))]
    every = []
    for place, of_code in enumerate(of_codes):
        reached = [np.zeros_like(owed[0])]  # what each set, or a part of it, brings beside the draft
        for number in range(1, 2 ** len(of_code)):
            parts = [reached[number - bit] for bit in (1 << at for at in range(len(of_code))) if number & bit]
            before = np.logical_or.reduce(parts)
            new = owed[number] & ~owed[0] & ~before & (grid.code == place)
            reached.append(before | new)
            if new.any():
                every.append(Way(tuple(_set(of_code, number)), new[-1], new[:-1].any(axis=0)))
    return tuple(sorted(every, key=lambda way: len(way.recommendations)))


def _set(of_code: list[Recommendation], number: int) -> list[Recommendation]:
    """The set of a code's recommendations that has this number: each bit of it stands for one of them."""
    return [known for place, known in enumerate(of_code) if number >> place & 1]
