"""Groups: a set of kinds of service, told in a few lines: "social media services in tier 2 or tier 3", not 24 profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.kinds.grid import Grid
from scoring.rules.conditions import join
from scoring.rules.model import Rules

Facts = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts, each with the values that it may have."""


def members(grid: Grid, facts: Sequence[tuple[str, Sequence[str]]]) -> np.ndarray:
    """Which profiles have, for each fact, one of the values: bool, one a profile. A fact that is not asked has none."""
    return np.array(
        [all(profile.get(fact) in values for fact, values in facts) for profile in grid.profiles], dtype=bool
    )


def in_short(facts: Facts, rules: Rules) -> str:
    """Facts and their values in short: "tier 2 or tier 3 · closed"."""
    shorts = {(fact.id, value.id): value.short or value.label for fact in rules.facts for value in fact.values}
    return " · ".join(join((shorts[fact, value] for value in values), "or") for fact, values in facts)


@dataclass(frozen=True)
class Group:
    """All services whose facts have one of these values; a fact that is not named may have any. `profiles`: how many of the grid's that is."""

    facts: Facts
    profiles: int

    def members(self, grid: Grid) -> np.ndarray:
        """Which of the grid's profiles are in this group: bool, one a profile."""
        return members(grid, self.facts)


def groups_of(grid: Grid, members: np.ndarray) -> tuple[Group, ...]:
    """Describe a set of profiles as a few groups that do not overlap and together are just that set.

    members: bool, one a profile. The order of the groups is that of the facts and of their values.
    """
    rank = {fact.id: place for place, fact in enumerate(grid.facts)}
    order = {fact.id: fact.value_ids() for fact in grid.facts}

    def place(group: Group) -> list[tuple[int, list[int]]]:
        return [(rank[fact], [order[fact].index(value) for value in values]) for fact, values in group.facts]

    groups = joined(_split(grid, members, np.arange(len(grid))), order)
    tidy = [Group(tuple(sorted(group.facts, key=lambda pair: rank[pair[0]])), group.profiles) for group in groups]
    return tuple(sorted(tidy, key=place))


def _split(grid: Grid, members: np.ndarray, inside: np.ndarray) -> list[Group]:
    """The members among some profiles as groups: split by one fact after the other, values with the same groups put together.

    inside: the places of the profiles.
    """
    chosen = members[inside]
    if not chosen.any():
        return []
    if chosen.all():
        return [Group((), len(inside))]
    fact = grid.facts[_best_question(grid, members, inside)]
    column = grid.values[grid.facts.index(fact), inside]
    same: dict[tuple[Facts, ...], tuple[list[str], list[list[Group]]]] = {}
    for number, value in enumerate(fact.value_ids(), start=1):
        groups = _split(grid, members, inside[column == number])
        if groups:
            values, of_values = same.setdefault(tuple(group.facts for group in groups), ([], []))
            values.append(value)
            of_values.append(groups)
    every = len(np.unique(column))
    return [
        Group(
            alike[0].facts if len(values) == every else ((fact.id, tuple(values)), *alike[0].facts),
            sum(group.profiles for group in alike),
        )
        for values, of_values in same.values()
        for alike in zip(*of_values, strict=True)
    ]


def joined(groups: list[Group], every: Mapping[str, Sequence[str]]) -> list[Group]:
    """Put groups together that differ in the values of one fact alone; that fact goes where all its values are there. every: all values of each fact, in order."""
    for place, group in enumerate(groups):
        for other in groups[place + 1 :]:
            first, second = dict(group.facts), dict(other.facts)
            differing = [fact for fact in first if first[fact] != second.get(fact)]
            if first.keys() == second.keys() and len(differing) == 1:
                fact = differing[0]
                both = first[fact] + second[fact]
                first[fact] = tuple(value for value in every[fact] if value in both)
                if len(first[fact]) == len(every[fact]):
                    del first[fact]
                both_groups = Group(tuple(first.items()), group.profiles + other.profiles)
                rest = [both_groups if kept is group else kept for kept in groups if kept is not other]
                return joined(rest, every)
    return groups


def _best_question(grid: Grid, members: np.ndarray, inside: np.ndarray) -> int:
    """The fact, asked of all of them, whose values tell members from the others best: leaves the fewest profiles in mixed company."""
    worth = {}
    for place in range(len(grid.facts)):
        column = grid.values[place, inside]
        answers = [column == number for number in np.unique(column)]
        if column.min() == 0 or len(answers) == 1:
            continue
        shares = [float(members[inside[answer]].mean()) for answer in answers]
        mixed = sum(int(answer.sum()) for answer, share in zip(answers, shares, strict=True) if 0 < share < 1)
        worth[place] = (mixed, -float(np.var(shares)))
    return min(worth, key=lambda place: worth[place])
