"""A set of kinds of service, told in a few lines: "social media services in tier 2 or tier 3", not 24 profiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.kinds.grid import Grid
from scoring.rules.conditions import Condition, Test, explain
from scoring.rules.model import Rules


def members(grid: Grid, facts: Sequence[tuple[str, Sequence[str]]]) -> np.ndarray:
    """Which profiles have, for each fact, one of the values: bool, one a profile. A fact that is not asked has none."""
    return np.array(
        [all(profile.get(fact) in values for fact, values in facts) for profile in grid.profiles], dtype=bool
    )


@dataclass(frozen=True)
class Kind:
    """All services whose facts have one of these values; a fact that is not named may have any. `profiles`: how many of the grid's that is."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    profiles: int

    @property
    def condition(self) -> Condition | None:
        """The same as a condition; None where it is every service."""
        return (
            Condition(alternatives=(tuple(Test(fact=fact, values=values) for fact, values in self.facts),))
            if self.facts
            else None
        )

    def members(self, grid: Grid) -> np.ndarray:
        """Which of the grid's profiles are of this kind: bool, one a profile."""
        return members(grid, self.facts)

    def in_words(self, rules: Rules) -> str:
        """The kind as the end of a sentence that begins "a service that ..."; empty where it is every service."""
        return explain(self.condition, rules.phrases) if self.condition else ""


def kinds(grid: Grid, members: np.ndarray) -> tuple[Kind, ...]:
    """Describe a set of profiles as a few kinds that do not overlap and together are just that set.

    members: bool, one a profile. The order of the kinds is that of the facts and of their values.
    """
    found = _joined(grid, _kinds(grid, members, np.arange(len(grid))))
    rank = {fact.id: place for place, fact in enumerate(grid.facts)}
    order = {fact.id: fact.value_ids() for fact in grid.facts}
    tidy = [Kind(tuple(sorted(each.facts, key=lambda pair: rank[pair[0]])), each.profiles) for each in found]
    return tuple(
        sorted(
            tidy,
            key=lambda each: [
                (rank[fact], [order[fact].index(value) for value in values]) for fact, values in each.facts
            ],
        )
    )


def _kinds(grid: Grid, members: np.ndarray, inside: np.ndarray) -> list[Kind]:
    chosen = members[inside]
    if not chosen.any():
        return []
    if chosen.all():
        return [Kind((), len(inside))]
    together: dict[tuple[tuple[tuple[str, tuple[str, ...]], ...], ...], tuple[list[str], list[list[Kind]]]] = {}
    fact = grid.facts[_best_question(grid, members, inside)]
    column = grid.values[grid.facts.index(fact), inside]
    for number, value in enumerate(fact.value_ids(), start=1):
        below = _kinds(grid, members, inside[column == number])
        if below:
            values, several = together.setdefault(tuple(each.facts for each in below), ([], []))
            values.append(value)
            several.append(below)
    present = len(np.unique(column))
    return [
        Kind(
            same[0].facts if len(values) == present else ((fact.id, tuple(values)), *same[0].facts),
            sum(each.profiles for each in same),
        )
        for values, several in together.values()
        for same in zip(*several, strict=True)
    ]


def _joined(grid: Grid, found: list[Kind]) -> list[Kind]:
    """Put kinds together that differ in the values of one fact alone."""
    every = {fact.id: fact.value_ids() for fact in grid.facts}
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            first, second = dict(one.facts), dict(other.facts)
            differing = [fact for fact in first if first[fact] != second.get(fact)]
            if first.keys() == second.keys() and len(differing) == 1:
                fact = differing[0]
                values = tuple(value for value in every[fact] if value in first[fact] + second[fact])
                facts = tuple(
                    (each, values if each == fact else first[each])
                    for each in first
                    if each != fact or values != every[fact]
                )
                rest = [each for each in found if each is not one and each is not other]
                return _joined(grid, [*rest, Kind(facts, one.profiles + other.profiles)])
    return found


def _best_question(grid: Grid, members: np.ndarray, inside: np.ndarray) -> int:
    """The fact, asked of all of them, whose values tell members from the others best: leaves the fewest profiles in mixed company."""
    best, least = -1, None
    for place in range(len(grid.facts)):
        column = grid.values[place, inside]
        groups = np.unique(column)
        if groups[0] == 0 or len(groups) == 1:
            continue
        shares = [members[inside[column == number]].mean() for number in groups]
        mixed = sum(
            int((column == number).sum()) for number, share in zip(groups, shares, strict=True) if 0 < share < 1
        )
        spread = -float(np.var(shares))
        if least is None or (mixed, spread) < least:
            best, least = place, (mixed, spread)
    return best
