"""What every kind of service owes: each against every measure of its code, as drafted and as amended.

What is owed is asked of `verdict`, once for each combination of the facts on which a measure turns, and spread over the
grid of profiles from there. Source of the rules: rulebook, sections 2 to 4; of the table: contracts, "Obligations output".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.files.table_out import csv_file
from scoring.kinds.grid import Grid, alike, grid_of, turns_on
from scoring.rules.model import Measure, Regimes, Requirement, Rules
from scoring.score.verdict import CHANGES, STANDINGS, measure_change, verdict

APPLIES = STANDINGS.index("applies")
EXEMPT = STANDINGS.index("exempt")


@dataclass(frozen=True)
class Owed:
    """What every kind of service owes under one rulebook.

    standing: int8, measures x profiles, indices into STANDINGS. owed: bool, requirements x profiles.
    A measure or requirement that the rulebook does not have is not applicable and not owed.
    """

    standing: np.ndarray
    owed: np.ndarray

    @cached_property
    def bound(self) -> np.ndarray:
        """Which kinds of service owe anything at all: bool, one a profile."""
        return np.asarray(self.owed.any(axis=0))


@dataclass(frozen=True)
class Obligations:
    """Both regimes over the grid. `measures` and `requirements` are those of either rulebook, in the amended one's order.

    change: int8, measures x profiles, indices into CHANGES.
    """

    grid: Grid
    regimes: Regimes
    measures: tuple[Measure, ...]
    requirements: tuple[Requirement, ...]
    drafted: Owed
    amended: Owed
    change: np.ndarray

    @cached_property
    def columns(self) -> dict[str, slice]:
        """For each measure, the rows of its requirements."""
        places, start = {}, 0
        for measure in self.measures:
            places[measure.id] = slice(start, start := start + len(measure.requirements))
        return places

    def owed_count(self, side: Owed) -> np.ndarray:
        """How many requirements of each measure are owed: int8, measures x profiles."""
        return np.array([side.owed[self.columns[measure.id]].sum(axis=0, dtype=np.int8) for measure in self.measures])

    def of_code(self, profile: int) -> tuple[int, ...]:
        """The places of the measures of a profile's code."""
        code = self.grid.codes[self.grid.code[profile]]
        return tuple(place for place, measure in enumerate(self.measures) if measure.code == code)


def obligations(rules: Rules, regimes: Regimes | None = None, grid: Grid | None = None) -> Obligations:
    """What every kind of service owes as drafted and as amended (with all recommendations, unless told otherwise)."""
    grid = grid or grid_of(rules)
    regimes = rules.regimes if regimes is None else regimes
    measures, requirements = regimes.amended.measures, regimes.amended.requirements()
    rows = {requirement.id: row for row, requirement in enumerate(requirements)}
    standing = np.zeros((2, len(measures), len(grid)), dtype=np.int8)
    owed = np.zeros((2, len(requirements), len(grid)), dtype=bool)
    change = np.zeros((len(measures), len(grid)), dtype=np.int8)
    for place, after in enumerate(measures):
        before = regimes.drafted.measure(after.id)
        examples, example_of = alike(grid, turns_on(before, after))
        profiles = [grid.profiles[example] for example in examples]
        pairs = [(verdict(before, profile) if before else None, verdict(after, profile)) for profile in profiles]
        change[place] = np.array([CHANGES.index(measure_change(*pair)) for pair in pairs])[example_of]
        for regime in (0, 1):
            column = [pair[regime] for pair in pairs]
            codes = [STANDINGS.index(side.standing) if side else 0 for side in column]
            standing[regime, place] = np.array(codes)[example_of]
            for requirement in after.requirements:
                owing = [side is not None and requirement.id in side.owed for side in column]
                owed[regime, rows[requirement.id]] = np.array(owing)[example_of]
    for array in (standing, owed, change):
        array.setflags(write=False)
    drafted, amended = Owed(standing[0], owed[0]), Owed(standing[1], owed[1])
    return Obligations(grid, regimes, measures, requirements, drafted, amended, change)


AFTER_FACTS = ("measure", "drafted_status", "amended_status", "change", "drafted_owed", "amended_owed")
"""The columns of the map behind the facts, which come first in the order of the rulebook."""


def map_columns(compared: Obligations) -> tuple[str, ...]:
    """The columns of the map: the facts, then what is owed."""
    return (*(fact.id for fact in compared.grid.facts), *AFTER_FACTS)


def map_rows(compared: Obligations) -> Iterator[tuple[str | int, ...]]:
    """The rows of the map, in the order of `map_columns`: one for every distinct profile and measure of its code."""
    before, after = compared.owed_count(compared.drafted), compared.owed_count(compared.amended)
    for place, profile in enumerate(compared.grid.profiles):
        facts = [profile.get(fact.id, "") for fact in compared.grid.facts]
        for measure in compared.of_code(place):
            yield (
                *facts,
                compared.measures[measure].id,
                STANDINGS[compared.drafted.standing[measure, place]],
                STANDINGS[compared.amended.standing[measure, place]],
                CHANGES[compared.change[measure, place]],
                int(before[measure, place]),
                int(after[measure, place]),
            )


def obligations_csv(compared: Obligations) -> bytes:
    """The map as a CSV file. UTF-8 with BOM, LF line ends."""
    return csv_file([map_columns(compared), *map_rows(compared)])
