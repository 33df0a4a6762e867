"""What each change between two rounds moved: exact shares of the points, and of the points missing, free of order.

A share is what a change moves, averaged over every order in which the three causes (facts, answers, rules) could have come and, within a cause, every order
of its changes: the Owen value, which is the Shapley value of players who come in groups. So the rows of a cause add up to what the cause moved, and the
causes to the whole movement. A score is a sum over requirements: what moves with an answer is of one requirement alone, and what moves with a rule of
one measure alone, whatever else of its cause has come before. Facts act together, and every mix of them is scored. Source: contracts, "Compare output".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np

from scoring.rules.conditions import Profile, holds
from scoring.rules.model import AMENDED, DRAFTED, Measure, Regimes, Rules
from scoring.rules.profile import live
from scoring.score.assessment import Answer
from scoring.score.tally import grade_code, mask, tally
from scoring.score.verdict import verdicts

_BEFORE = np.array([[2, 1], [1, 2]])
"""Of the six orders of three causes, how many have just these before the third: neither of the other two, one, the other, both."""
_ORDERS = 6
_HALVES = 2
"""Sums are counted in halves of a point, so that halfway between two is a whole number."""


@dataclass(frozen=True)
class Moved:
    """By how much the points and the points missing went up under one regime; less than nothing where they went down."""

    points: Fraction = Fraction(0)
    shortfall: Fraction = Fraction(0)

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.points + other.points, self.shortfall + other.shortfall)


Movement = Mapping[str, Moved]
"""Regime -> what moved under it."""


def together(movements: Sequence[Movement]) -> Movement:
    """What several changes moved together."""
    return {regime: sum((moved[regime] for moved in movements), Moved()) for regime in (DRAFTED, AMENDED)}


@dataclass(frozen=True)
class Side:
    """What a round is scored by: the rules with both regimes, the facts, and the answers. Of the facts, what only the other round was asked may be among them."""

    rules: Rules
    regimes: Regimes
    facts: Profile
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Shares:
    """What each fact that differs moved, the answer to each requirement, and the rules of each measure, by their ids."""

    facts: Mapping[str, Movement]
    answers: Mapping[str, Movement]
    rules: Mapping[str, Movement]


def measures_of(sides: Sequence[Side]) -> tuple[Measure, ...]:
    """The measures of the code that either side belongs to, by the rules of both: those of another code where the service's category is another now."""
    codes = [side.rules.code_of(live(side.rules.facts, side.facts)) for side in sides]
    return tuple(
        measure
        for code in dict.fromkeys(code.id for code in codes if code)
        for side in sides
        for measure in side.rules.regimes.amended.of_code(code)
    )


def shares(earlier: Side, later: Side) -> Shares:
    """Divide what moved from one round to the next. Both have the same facts given."""
    sides = (earlier, later)
    measures = {requirement.id: measure.id for measure in measures_of(sides) for requirement in measure.requirements}
    differing = [fact for fact, value in earlier.facts.items() if later.facts.get(fact, value) != value]
    sums = _sums(sides, differing, list(measures))
    of_facts = _of_facts(sums.sum(axis=-1), len(differing))
    ends = sums[:, [0, -1]]  # with the facts of the earlier round, and of the later one
    of_answers = np.einsum("sfrgi,fr->sgi", ends[:, :, :, 1] - ends[:, :, :, 0], _BEFORE)
    of_rules = np.einsum("sfagi,fa->sgi", ends[:, :, 1] - ends[:, :, 0], _BEFORE)
    each = range(len(measures))
    by_measure = {
        measure: _movement(
            sum(of_rules[:, :, place] for place, of in zip(each, measures.values(), strict=True) if of == measure)
        )
        for measure in dict.fromkeys(measures.values())
    }
    return Shares(
        {
            fact: _movement(of_fact, factorial(len(differing)))
            for fact, of_fact in zip(differing, of_facts, strict=True)
        },
        {requirement: _movement(of_answers[:, :, place]) for place, requirement in zip(each, measures, strict=True)},
        by_measure,
    )


def _movement(halves: np.ndarray, orders: int = 1) -> Movement:
    """Sums x regimes, in halves of a point and over all orders, as what moved. orders: those within the cause."""
    points, shortfall = ([Fraction(int(number), _HALVES * _ORDERS * orders) for number in of_sum] for of_sum in halves)
    return {DRAFTED: Moved(points[0], shortfall[0]), AMENDED: Moved(points[1], shortfall[1])}


def _sums(sides: tuple[Side, Side], differing: Sequence[str], requirements: Sequence[str]) -> np.ndarray:
    """Points and points missing, in halves, of each requirement in every mixed state: sums x mixes of facts x rules x answers x regimes x requirements.

    Mix number s has from the later round the facts whose places are the bits of s. One that leaves open a question that neither round was asked counts as
    halfway between the two rounds' own facts. Every sum is the tally's.
    """
    grades = np.array(
        [[grade_code(answer.grade, answer.note) for answer in (side.answers.get(one, Answer()) for one in requirements)] for side in sides],
        dtype=np.int8,
    )  # fmt: skip
    mixes = [
        {
            **sides[0].facts,
            **{fact: sides[1].facts[fact] for place, fact in enumerate(differing) if number >> place & 1},
        }
        for number in range(1 << len(differing))
    ]
    under = [_under(sides[0], mixes, requirements)]
    under.append(under[0] if sides[0].regimes is sides[1].regimes else _under(sides[1], mixes, requirements))
    shape = (len(mixes), 2, 2, 2, len(requirements))
    spread = np.ascontiguousarray(
        np.broadcast_to(np.stack([owed for owed, _ in under], axis=1)[:, :, None], shape)
    ).reshape(1, -1)
    codes = np.ascontiguousarray(np.broadcast_to(grades[:, None], shape)).reshape(1, -1)
    tallied = tally(spread, codes)
    sums = _HALVES * np.array([tallied.points, tallied.shortfall], dtype=np.int64).reshape(2, *shape)
    for number, (_, undecided) in enumerate(under):
        for place in undecided:
            sums[:, place, number] = (sums[:, 0, number] + sums[:, -1, number]) // _HALVES
    return sums


def _under(side: Side, mixes: Sequence[Profile], requirements: Sequence[str]) -> tuple[np.ndarray, list[int]]:
    """What is owed by the rules of a side, mixes x regimes x requirements; and the numbers of the mixes that leave a question open."""
    texts = (side.regimes.drafted, side.regimes.amended)
    profiles = [live(side.rules.facts, mix) for mix in mixes]
    owed = [[mask(verdicts(text, profile, side.rules), requirements) for text in texts] for profile in profiles]
    lacking = [
        any(fact.id not in profile and holds(fact.asked_when, profile) for fact in side.rules.facts)
        for profile in profiles
    ]
    return np.array(owed), [place for place, lacks in enumerate(lacking) if lacks]


def _of_facts(sums: np.ndarray, differing: int) -> list[np.ndarray]:
    """For each fact that differs, what it moves: sums x regimes, over all orders. sums: sums x mixes x rules x answers x regimes."""
    moved = []
    for place in range(differing):
        without = [number for number in range(1 << differing) if not number >> place & 1]
        added = sums[:, [number | 1 << place for number in without]] - sums[:, without]
        orders = [factorial(number.bit_count()) * factorial(differing - 1 - number.bit_count()) for number in without]
        moved.append(np.einsum("smrag,m,ra->sg", added, np.array(orders), _BEFORE))
    return moved
