"""The map: every kind of service against every measure of its code, as drafted and as amended, and under any subset.

What is owed is asked of `engine.verdict`, once for each combination of the facts on which a measure turns, and spread
over the grid of profiles from there. Source of the rules: rulebook, sections 2 to 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from scoring.kinds.grid import Grid, alike, grid_of, turns_on
from scoring.rules.adopted import amendments_named
from scoring.rules.amend import resolve
from scoring.rules.model import Measure, Recommendation, Requirement, Rulebook, Rules
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
        return self.owed.any(axis=0)


@dataclass(frozen=True)
class Obligations:
    """Both regimes over the grid. `measures` and `requirements` are those of either rulebook, in the amended one's order.

    change: int8, measures x profiles, indices into CHANGES.
    """

    grid: Grid
    amendments: tuple[str, ...]
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


def obligations(
    rules: Rules, amendments: Sequence[Recommendation] | None = None, grid: Grid | None = None
) -> Obligations:
    """What every kind of service owes as drafted and with the recommendations adopted (all of them, unless told otherwise)."""
    grid = grid or grid_of(rules)
    adopted = rules.recommendations if amendments is None else tuple(amendments)
    book = resolve(rules.drafted, adopted)
    measures, requirements = book.measures, book.requirements()
    rows = {each.id: place for place, each in enumerate(requirements)}
    standing = np.zeros((2, len(measures), len(grid)), dtype=np.int8)
    owed = np.zeros((2, len(requirements), len(grid)), dtype=bool)
    change = np.zeros((len(measures), len(grid)), dtype=np.int8)
    for place, after in enumerate(measures):
        before = rules.drafted.measure(after.id)
        first, kind = alike(grid, turns_on(before, after))
        found = [
            tuple(verdict(each, grid.profiles[one]) if each else None for each in (before, after)) for one in first
        ]
        change[place] = np.array([CHANGES.index(measure_change(*pair)) for pair in found], dtype=np.int8)[kind]
        for regime in (0, 1):
            standing[regime, place] = np.array(
                [STANDINGS.index(pair[regime].standing) if pair[regime] else 0 for pair in found], dtype=np.int8
            )[kind]
            for requirement in after.requirements:
                column = np.array([pair[regime] is not None and requirement.id in pair[regime].owed for pair in found])
                owed[regime, rows[requirement.id]] = column[kind]
    for array in (standing, owed, change):
        array.setflags(write=False)
    return Obligations(
        grid, book.amendments, measures, requirements, Owed(standing[0], owed[0]), Owed(standing[1], owed[1]), change
    )


# ------------------------------------------------------------------------------------------ any subset
@dataclass(frozen=True)
class Subsets:
    """What every kind of service owes under any subset of the recommendations.

    What a code owes turns only on that code's recommendations (`amend.check_target` refuses a change to another
    code), so one block for each subset of a code's recommendations is enough for all 2^n subsets.
    """

    rules: Rules
    grid: Grid
    measures: tuple[Measure, ...]
    requirements: tuple[Requirement, ...]
    _blocks: dict[tuple[str, frozenset[str]], Owed]

    def under(self, recommendations: Iterable[str]) -> Owed:
        """Standing and owed over the whole grid with these recommendations adopted. Raises KeyError with an unknown id."""
        chosen = amendments_named(self.rules, recommendations)
        standing = np.zeros((len(self.measures), len(self.grid)), dtype=np.int8)
        owed = np.zeros((len(self.requirements), len(self.grid)), dtype=bool)
        for code, (measures, requirements, profiles) in self._parts.items():
            block = self._blocks[code, frozenset(each.id for each in chosen if each.code == code)]
            standing[measures, profiles] = block.standing
            owed[requirements, profiles] = block.owed
        return Owed(standing, owed)

    @cached_property
    def _parts(self) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """For each code: the rows of its measures and of its requirements (as columns), and the places of its profiles."""
        of = [measure.code for measure in self.measures for _ in measure.requirements]
        return {
            code: (
                np.array([place for place, measure in enumerate(self.measures) if measure.code == code])[:, None],
                np.array([place for place, each in enumerate(of) if each == code])[:, None],
                np.flatnonzero(self.grid.code == number),
            )
            for number, code in enumerate(self.grid.codes)
        }


def every_subset(rules: Rules, grid: Grid | None = None) -> Subsets:
    """Resolve each subset of each code's recommendations once, over the whole grid."""
    grid = grid or grid_of(rules)
    book = resolve(rules.drafted, rules.recommendations)
    blocks = {}
    for number, code in enumerate(grid.codes):
        profiles = np.flatnonzero(grid.code == number)
        own = [each for each in rules.recommendations if each.code == code]
        for size in range(len(own) + 1):
            for chosen in combinations(own, size):
                blocks[code, frozenset(each.id for each in chosen)] = _block(
                    resolve(rules.drafted, chosen), book.of_code(code), grid, profiles, rules
                )
    return Subsets(rules, grid, book.measures, book.requirements(), blocks)


def _block(book: Rulebook, measures: Sequence[Measure], grid: Grid, profiles: np.ndarray, rules: Rules) -> Owed:
    """What one code's kinds of service owe under one rulebook, with a row for each of `measures` and their requirements."""
    standing = np.zeros((len(measures), len(profiles)), dtype=np.int8)
    owed = np.zeros((sum(len(each.requirements) for each in measures), len(profiles)), dtype=bool)
    row = 0
    for place, full in enumerate(measures):
        here = book.measure(full.id)
        if here is not None:
            first, kind = alike(grid, turns_on(here))
            mine = kind[profiles]
            found = {each: verdict(here, grid.profiles[first[each]]) for each in np.unique(mine).tolist()}
            standing[place] = _spread(
                {each: STANDINGS.index(one.standing) for each, one in found.items()}, mine, np.int8
            )
            for offset, requirement in enumerate(full.requirements):
                owed[row + offset] = _spread(
                    {each: requirement.id in one.owed for each, one in found.items()}, mine, bool
                )
        row += len(full.requirements)
    return Owed(standing, owed)


def _spread(of_kind: dict[int, int | bool], kinds: np.ndarray, dtype: type) -> np.ndarray:
    table = np.zeros(max(of_kind) + 1, dtype=dtype)
    for kind, value in of_kind.items():
        table[kind] = value
    return table[kinds]


# ------------------------------------------------------------------------------- who is caught, and who is not
@dataclass(frozen=True)
class Reach:
    """The kinds of service that one recommendation reaches; each array is a bool for each profile.

    caught: a measure applies that did not; asked_more: a requirement is owed that was not (caught ones included).
    alone: beside the drafted text, with no other recommendation; last: beside all the others.
    """

    recommendation: Recommendation
    caught_alone: np.ndarray
    caught_last: np.ndarray
    asked_more_alone: np.ndarray
    asked_more_last: np.ndarray


def reach(rules: Rules, subsets: Subsets | None = None) -> tuple[Reach, ...]:
    """Which kinds of service each recommendation newly catches, alone and with the others."""
    subsets = subsets or every_subset(rules)
    every = [each.id for each in rules.recommendations]
    drafted, amended = subsets.under(()), subsets.under(every)
    found = []
    for each in rules.recommendations:
        alone, others = subsets.under((each.id,)), subsets.under([other for other in every if other != each.id])
        found.append(
            Reach(
                each,
                _caught(drafted, alone),
                _caught(others, amended),
                _asked_more(drafted, alone),
                _asked_more(others, amended),
            )
        )
    return tuple(found)


def _caught(before: Owed, after: Owed) -> np.ndarray:
    return ((after.standing == APPLIES) & (before.standing != APPLIES)).any(axis=0)


def _asked_more(before: Owed, after: Owed) -> np.ndarray:
    return (after.owed & ~before.owed).any(axis=0)


@dataclass(frozen=True)
class Coverage:
    """Who is bound at all; each array is a bool for each profile, and together they cover the grid."""

    both: np.ndarray
    only_amended: np.ndarray
    neither: np.ndarray
    only_drafted: np.ndarray


def coverage(found: Obligations) -> Coverage:
    """Which kinds of service something is asked of: under both texts, as amended only, under neither (or, should a text ever do so, as drafted only)."""
    before, after = found.drafted.bound, found.amended.bound
    return Coverage(before & after, after & ~before, ~before & ~after, before & ~after)


# ----------------------------------------------------------------------------------------------------- the CSV
