"""Which recommendation is responsible for which points: exact shares of the difference between the two regimes.

A share is a Shapley value: what the recommendation adds, averaged over every order in which the recommendations could
be adopted. It does not depend on an order, and the shares add up to the difference. Source: rulebook, section 4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial

import numpy as np

from scoring.rules.amend import resolve
from scoring.rules.conditions import Profile
from scoring.rules.model import Measure, Recommendation, Rules
from scoring.score.scorecard import Scorecard
from scoring.score.tally import UNANSWERED_CODE, grade_code, tally
from scoring.score.verdict import verdict

_VULGAR = {
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚",
    Fraction(1, 8): "⅛",
    Fraction(3, 8): "⅜",
    Fraction(5, 8): "⅝",
    Fraction(7, 8): "⅞",
}


@dataclass(frozen=True)
class Effect:
    """What one recommendation does to one sum: its share of the difference, its effect alone, and its effect as the last one."""

    share: Fraction
    alone: int
    last: int


@dataclass(frozen=True)
class Share:
    """What one recommendation is responsible for: points of shortfall, and owed requirements.

    `changes_nothing` is true where, whatever else is adopted, the service owes the same with it and without it.
    """

    recommendation: Recommendation
    shortfall: Effect
    owed: Effect
    changes_nothing: bool


@dataclass(frozen=True)
class Step:
    """One bar of the way from the drafted shortfall to the amended one: from `start` to `end`. `by` is None for the two totals."""

    title: str
    by: Recommendation | None
    start: Fraction
    end: Fraction

    @property
    def change(self) -> Fraction:
        return self.end - self.start


@dataclass(frozen=True)
class Attribution:
    """A share for each adopted recommendation of the service's code, and the sums that the shares lead from and to."""

    shares: tuple[Share, ...]
    drafted_shortfall: int
    amended_shortfall: int
    drafted_owed: int
    amended_owed: int

    def steps(self) -> tuple[Step, ...]:
        """The waterfall: the drafted shortfall, a step a recommendation, the amended shortfall. The steps add up exactly."""
        level = Fraction(self.drafted_shortfall)
        steps = [Step("As drafted", None, Fraction(0), level)]
        for each in self.shares:
            steps.append(Step(each.recommendation.title, each.recommendation, level, level + each.shortfall.share))
            level += each.shortfall.share
        return (*steps, Step("With the recommendations", None, Fraction(0), level))


def attribution(rules: Rules, card: Scorecard) -> Attribution:
    """Which recommendation brings which points of shortfall and which owed requirements, for the service of a scorecard.

    The recommendations are those that the scorecard's amended regime adopts.
    """
    grades = {row.requirement: grade_code(row.grade, row.note) for row in card.rows}
    return attribute(rules, card.facts, grades, (recommendation.id for recommendation in card.regimes.adopted))


def attribute(rules: Rules, facts: Profile, grades: Mapping[str, int], adopted: Iterable[str]) -> Attribution:
    """A recommendation's share is what it adds to the shortfall, averaged over every order of adopting the recommendations.

    facts: a complete profile. grades: requirement id -> grade code; what is absent is unanswered. adopted: the ids of the
    recommendations that make the amended regime; those of another code have no part in it. Source: rulebook, section 4.
    """
    code = rules.code_of(facts)
    if code is None:
        raise ValueError("the facts do not say which code the service belongs to")
    wanted = set(adopted)
    players = tuple(each for each in rules.recommendations if each.id in wanted and each.code == code.id)
    regimes = _regimes(_Same(rules), code.id, tuple(each.id for each in players))
    owed = regimes.owed(rules, facts)
    codes = np.array([grades.get(each, UNANSWERED_CODE) for each in regimes.requirements], dtype=np.int8)
    sums = tally(owed, codes[:, None])
    shortfall, number = sums.shortfall.astype(np.int64), (sums.answered + sums.unanswered).astype(np.int64)
    shortfalls, numbers = _effects(shortfall, len(players)), _effects(number, len(players))
    shares = []
    for place, each in enumerate(players):
        without = _without(place, len(players))
        changed = bool((owed[:, without] != owed[:, without | 1 << place]).any())
        shares.append(Share(each, shortfalls[place], numbers[place], not changed))
    return Attribution(tuple(shares), int(shortfall[0]), int(shortfall[-1]), int(number[0]), int(number[-1]))


def _effects(worth: np.ndarray, players: int) -> tuple[Effect, ...]:
    """Of each player: the Shapley share, the effect alone and the effect last. worth[s]: the sum when the players in the bits of s are in.

    The average is taken in whole numbers and divided once, so that the shares add up exactly.
    """
    effects = []
    for place in range(players):
        without = _without(place, players)
        added = worth[without | 1 << place] - worth[without]
        share = Fraction(int(added @ _weights(players)), factorial(players))
        effects.append(Effect(share, int(added[0]), int(added[-1])))
    return tuple(effects)


@lru_cache(maxsize=64)
def _without(place: int, players: int) -> np.ndarray:
    """Every set of players, as bits, that the player at a place is not in: from the empty set to all the others."""
    sets = np.array([each for each in range(1 << players) if not each >> place & 1])
    sets.flags.writeable = False
    return sets


@lru_cache(maxsize=16)
def _weights(players: int) -> np.ndarray:
    """In how many orders a set of players, and then the player itself, come first: for each set of `_without`, whoever the player is."""
    sizes = [each.bit_count() for each in range(1 << players >> 1)]
    weights = np.array([factorial(size) * factorial(players - size - 1) for size in sizes], dtype=np.int64)
    weights.flags.writeable = False
    return weights


# --------------------------------------------------------------------------------------------- the regimes
class _Same:
    """Frozen rules as the key of a cache: the same object, never compared by its content."""

    __slots__ = ("rules",)

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.rules is other.rules


@dataclass(frozen=True)
class _Regimes:
    """The 2^n regimes of a code. Few measures differ between them: each distinct one is kept once, with the regimes that have it."""

    requirements: tuple[str, ...]
    measures: tuple[Measure, ...]
    having: np.ndarray
    """Bool, distinct measures x regimes."""

    def owed(self, rules: Rules, facts: Profile) -> np.ndarray:
        """What the service owes, as a bool for each requirement and regime."""
        places = {each: place for place, each in enumerate(self.requirements)}
        owed = np.zeros((len(self.requirements), self.having.shape[1]), dtype=bool)
        for measure, regimes in zip(self.measures, self.having, strict=True):
            for each in verdict(measure, facts).owed:
                owed[places[each]] |= regimes
        return owed


@lru_cache(maxsize=256)
def _regimes(rules: _Same, code: str, players: tuple[str, ...]) -> _Regimes:
    """Resolve the rulebook once for each set of recommendations. It holds frozen rules only, nothing of a user's."""
    recommendations = [rules.rules.recommendation(each) for each in players]
    distinct: list[Measure] = []
    having: list[list[bool]] = []
    count = 1 << len(players)
    for number in range(count):
        book = resolve(rules.rules.drafted, (each for place, each in enumerate(recommendations) if number >> place & 1))
        for measure in book.of_code(code):
            if measure not in distinct:
                distinct.append(measure)
                having.append([False] * count)
            having[distinct.index(measure)][number] = True
    whole = resolve(rules.rules.drafted, recommendations)
    requirements = tuple(each.id for measure in whole.of_code(code) for each in measure.requirements)
    table = np.array(having, dtype=bool).reshape(len(distinct), count)
    table.flags.writeable = False
    return _Regimes(requirements, tuple(distinct), table)


# ------------------------------------------------------------------------------------------------ in words
def in_words(number: Fraction | int) -> str:
    """A number as people write it, and always exact: 2, 2.5, 1⅓ or 1 7/12; a minus sign where it is less than nothing."""
    size = abs(Fraction(number))
    sign = "−" if number < 0 else ""
    hundredths = size * 100
    if hundredths.denominator == 1:
        whole, rest = divmod(int(hundredths), 100)
        return f"{sign}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")
    whole, part = divmod(size, 1)
    if part in _VULGAR:
        return f"{sign}{whole or ''}{_VULGAR[part]}"
    return f"{sign}{f'{whole} ' if whole else ''}{part.numerator}/{part.denominator}"


def signed(number: Fraction | int) -> str:
    """The same for a change: with a plus sign where it is more than nothing."""
    return f"+{in_words(number)}" if number > 0 else in_words(number)


def sentence(share: Share) -> str:
    """What one recommendation does to this service, in a plain sentence or two; it says so where that is nothing."""
    name = f"“{share.recommendation.title}” ({share.recommendation.id})"
    if share.changes_nothing:
        return f"{name} changes nothing for this service: it owes the same requirements with it and without it."
    owed, points = share.owed, share.shortfall
    if not points.share and not points.alone and not points.last:
        return (
            f"{name} brings {_count(owed.share, 'owed requirement')}; no points are known to be missing because of it."
        )
    return (
        f"{name} brings {_count(owed.share, 'owed requirement')} and {_count(points.share, 'point')} of shortfall. Adopted alone it would bring "
        f"{_count(points.alone, 'point')}; adopted after all the others, {in_words(points.last)}."
    )


def _count(number: Fraction | int, noun: str) -> str:
    return f"{in_words(number)} {noun}{'' if number == 1 else 's'}"
