"""Every kind of service that there can be, as arrays: one column a distinct profile, one row a fact.

A value is kept as a number: its place among the fact's values, counted from 1; 0 means that the fact is not asked
(or, of a row in a file, that nothing is given). What a condition says is asked of `conditions.holds` once per
combination of the facts that it names, and looked up from then on: there is no second reading of a condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from scoring.rules.conditions import Condition, Profile, holds
from scoring.rules.model import Fact, Measure, Rules
from scoring.rules.profile import every_profile, in_asking_order

NOT_A_PROFILE = -1


@dataclass(frozen=True)
class Grid:
    """Every distinct profile. `values`: int8, facts x profiles; `code`: int8, for each profile the place of its code in `codes`."""

    facts: tuple[Fact, ...]
    codes: tuple[str, ...]
    profiles: tuple[Profile, ...]
    values: np.ndarray
    code: np.ndarray

    def __len__(self) -> int:
        return len(self.profiles)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """For each fact, how many numbers a value can have: its values and the 0 of what is not asked."""
        return {fact.id: len(fact.values) + 1 for fact in self.facts}

    @cached_property
    def _asked(self) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
        return {fact.id: truth_table(self, fact.asked_when) for fact in self.facts if fact.asked_when}

    @cached_property
    def _place(self) -> np.ndarray:
        """Number of a profile in the mixed radix of `sizes` -> its place in the grid; NOT_A_PROFILE where there is none."""
        table = np.full(int(np.prod(list(self.sizes.values()))), NOT_A_PROFILE, dtype=np.int32)
        table[mixed_radix(self.values, list(self.sizes.values()))] = np.arange(len(self), dtype=np.int32)
        return table

    def find(self, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The profile of each service, and the facts that stand in the way of one.

        given: int, facts x services: the number of the value, 0 where nothing is given, more than the number of
        values where the value is not known.
        Gives the place of the profile in the grid (NOT_A_PROFILE where a fact is at fault), and, bool, facts x
        services, which facts are asked and not given or not known. What is given and not asked has no say
        (`facts.live`, for many services at once).
        """
        at = {fact.id: place for place, fact in enumerate(self.facts)}
        counted = np.zeros(given.shape, dtype=np.int64)
        fault = np.zeros(given.shape, dtype=bool)
        for fact in in_asking_order(self.facts):
            row = given[at[fact.id]]
            known = (row > 0) & (row < self.sizes[fact.id])
            asked = np.True_
            if fact.id in self._asked:
                named, table = self._asked[fact.id]
                asked = table[tuple(counted[at[each]] for each in named)]
            counted[at[fact.id]] = np.where(asked & known, row, 0)
            fault[at[fact.id]] = asked & ~known
        place = self._place[mixed_radix(counted, list(self.sizes.values()))]
        return np.where(fault.any(axis=0), NOT_A_PROFILE, place), fault


def grid_of(rules: Rules) -> Grid:
    """The grid of every distinct profile, in the order of `facts.every_profile`."""
    profiles = tuple(every_profile(rules.facts))
    numbers = {fact.id: {value: place for place, value in enumerate(fact.value_ids(), start=1)} for fact in rules.facts}
    values = np.array(
        [[numbers[fact.id].get(profile.get(fact.id, ""), 0) for profile in profiles] for fact in rules.facts],
        dtype=np.int8,
    )
    code = np.array(
        [next(place for place, code in enumerate(rules.codes) if holds(code.members, profile)) for profile in profiles],
        dtype=np.int8,
    )
    for array in (values, code):
        array.setflags(write=False)
    return Grid(rules.facts, tuple(each.id for each in rules.codes), profiles, values, code)


def mixed_radix(digits: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """One number for each column of digits. digits: int, places x columns, each from 0 to its place's size less one."""
    number = np.zeros(digits.shape[1:], dtype=np.int64)
    for row, size in zip(digits, sizes, strict=True):
        number *= size
        number += row
    return number


def truth_table(grid: Grid, condition: Condition) -> tuple[tuple[str, ...], np.ndarray]:
    """The facts that a condition names, and whether it holds for each combination of the numbers of their values."""
    named = condition.facts()
    values: Mapping[str, tuple[str, ...]] = {fact.id: fact.value_ids() for fact in grid.facts}
    table = np.zeros([grid.sizes[each] for each in named], dtype=bool)
    for numbers in product(*(range(size) for size in table.shape)):
        table[numbers] = holds(
            condition, {fact: values[fact][number - 1] for fact, number in zip(named, numbers, strict=True) if number}
        )
    return named, table


def turns_on(*measures: Measure | None) -> tuple[str, ...]:
    """The facts on which a measure's verdict turns: those that its scope, exemptions, provisos and requirements name, each once."""
    conditions: list[Condition | None] = []
    for measure in measures:
        if measure is not None:
            conditions.append(measure.scope)
            conditions += [
                condition
                for each in measure.exemptions
                for condition in (each.when, *(proviso.only_if for proviso in each.provisos))
            ]
            conditions += [ground.when for each in measure.requirements for ground in each.grounds]
    return tuple(dict.fromkeys(fact for condition in conditions if condition for fact in condition.facts()))


def alike(grid: Grid, facts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Profiles that agree in these facts: the place of one of each kind, and for each profile which kind it is."""
    at = [place for place, fact in enumerate(grid.facts) if fact.id in facts]
    numbers = mixed_radix(grid.values[at], [grid.sizes[grid.facts[place].id] for place in at])
    _, first, kind = np.unique(numbers, return_index=True, return_inverse=True)
    return first, kind
