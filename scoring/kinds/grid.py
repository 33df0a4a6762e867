"""Every kind of service that there can be, as arrays: one column a distinct profile, one row a fact.

A value is kept as a number: its place among the fact's values, counted from 1; 0 means that the fact is not asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.rules.conditions import Condition, Profile, holds
from scoring.rules.model import Fact, Measure, Rules
from scoring.rules.profile import every_profile


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
    return Grid(rules.facts, tuple(code.id for code in rules.codes), profiles, values, code)


def turns_on(*measures: Measure | None) -> tuple[str, ...]:
    """The facts on which a measure's verdict turns: those that its scope, exemptions, provisos and requirements name, each once."""
    conditions: list[Condition | None] = []
    for measure in measures:
        if measure is not None:
            conditions.append(measure.scope)
            conditions += [
                condition
                for exemption in measure.exemptions
                for condition in (exemption.when, *(proviso.only_if for proviso in exemption.provisos))
            ]
            conditions += [ground.when for requirement in measure.requirements for ground in requirement.grounds]
    return tuple(dict.fromkeys(fact for condition in conditions if condition for fact in condition.facts()))


def alike(grid: Grid, facts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Profiles that agree in these facts: the place of one of each kind, and for each profile which kind it is."""
    at = [place for place, fact in enumerate(grid.facts) if fact.id in facts]
    _, first, kind = np.unique(grid.values[at], axis=1, return_index=True, return_inverse=True)
    return first, kind
