"""Which recommendation is responsible for which points: exact shares of the difference between the two regimes.

A share is a Shapley value: what the recommendation adds, averaged over every order in which the recommendations could
be adopted. It does not depend on an order, and the shares add up to the difference. Source: rulebook, section 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np

from scoring.rules.amend import resolve
from scoring.rules.conditions import Profile
from scoring.rules.in_words import changes_to
from scoring.rules.model import AMENDED, DRAFTED, Measure, Recommendation, Regimes, Rulebook, Rules
from scoring.rules.profile import its_code
from scoring.score.scorecard import Scorecard
from scoring.score.tally import UNANSWERED_CODE, grade_code, tally
from scoring.score.verdict import REGIMES, verdict

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
class Stage:
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
    """A share for each adopted recommendation of the service's code, and the points missing that the shares lead from and to."""

    shares: tuple[Share, ...]
    drafted_shortfall: int
    amended_shortfall: int

    def waterfall(self) -> tuple[Stage, ...]:
        """The drafted shortfall, a stage for each recommendation, the amended shortfall. They add up exactly."""
        level = Fraction(self.drafted_shortfall)
        stages = [Stage(REGIMES[DRAFTED], None, Fraction(0), level)]
        for share in self.shares:
            end = level + share.shortfall.share
            stages.append(Stage(share.recommendation.title, share.recommendation, level, end))
            level = end
        return (*stages, Stage(REGIMES[AMENDED], None, Fraction(0), level))


def attribution(rules: Rules, card: Scorecard) -> Attribution:
    """Which recommendation brings which points of shortfall and which owed requirements, for the service of a scorecard.

    The recommendations are those that the scorecard's amended regime adopts.
    """
    grades = {row.requirement: grade_code(row.grade, row.note) for row in card.rows}
    return attribute(rules, card.facts, grades, card.regimes)


def attribute(rules: Rules, facts: Profile, grades: Mapping[str, int], regimes: Regimes) -> Attribution:
    """A recommendation's share is what it adds to the shortfall, averaged over every order of adopting the recommendations.

    facts: a complete profile. grades: requirement id -> grade code; what is absent is unanswered. Recommendations of
    another code have no part in it. Source: rulebook, section 4.
    """
    code = its_code(rules, facts)
    players = tuple(recommendation for recommendation in regimes.adopted if recommendation.code == code.id)
    owed = _owed_by_set(rules.drafted, facts, players, regimes.amended.of_code(code.id))
    requirements = sorted(set().union(*owed))
    codes = np.array([grades.get(requirement, UNANSWERED_CODE) for requirement in requirements], dtype=np.int8)
    masks = np.array([[requirement in regime for regime in owed] for requirement in requirements], dtype=bool)
    sums = tally(masks.reshape(len(requirements), len(owed)), codes[:, None])
    shortfalls = [int(shortfall) for shortfall in sums.shortfall]
    numbers = [len(regime) for regime in owed]
    shares = tuple(
        Share(
            recommendation,
            _effect(shortfalls, place, len(players)),
            _effect(numbers, place, len(players)),
            all(owed[without] == owed[without | 1 << place] for without in _without(place, len(players))),
        )
        for place, recommendation in enumerate(players)
    )
    return Attribution(shares, shortfalls[0], shortfalls[-1])


def _without(place: int, players: int) -> list[int]:
    """The numbers of the sets that the player at a place is not in: from the empty set to all the others."""
    return [number for number in range(1 << players) if not number >> place & 1]


def _owed_by_set(
    drafted: Rulebook, facts: Profile, players: Sequence[Recommendation], measures: Iterable[Measure]
) -> list[set[str]]:
    """The ids of the requirements that the service owes with each set of recommendations adopted.

    Number s of the sets has those whose places are the bits of s: the first is empty, the last has all. What a measure asks turns
    on the recommendations that change it, and on no other: it is looked at once with each set of those. measures: those of either text.
    """
    owed: list[set[str]] = [set() for _ in range(1 << len(players))]
    for measure in measures:
        changing = sum(1 << place for place, player in enumerate(players) if changes_to(measure.id, player))
        asked: dict[int, tuple[str, ...]] = {}
        for number, of_set in enumerate(owed):
            adopted = number & changing
            if adopted not in asked:
                text = resolve(drafted, [player for place, player in enumerate(players) if adopted >> place & 1])
                under = text.measure(measure.id)
                asked[adopted] = verdict(under, facts).owed if under else ()
            of_set.update(asked[adopted])
    return owed


def _effect(sums: Sequence[int], place: int, players: int) -> Effect:
    """What the player at a place does to a sum. sums[s]: the sum with the set of number s adopted.

    The share weighs what the player adds to a set by the number of orders in which just that set comes before it. It is
    taken in whole numbers and divided once, so that the shares add up exactly.
    """
    added = {number: sums[number | 1 << place] - sums[number] for number in _without(place, players)}
    weighed = 0
    for number, difference in added.items():
        before = number.bit_count()
        weighed += difference * factorial(before) * factorial(players - before - 1)
    differences = list(added.values())
    return Effect(Fraction(weighed, factorial(players)), alone=differences[0], last=differences[-1])


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
    name = share.recommendation.named
    if share.changes_nothing:
        return f"{name} changes nothing for this service: it owes the same requirements with it and without it."
    owed, points = share.owed, share.shortfall
    if not points.share and not points.alone and not points.last:
        return (
            f"{name} brings {_count(owed.share, 'owed requirement')}; no points are known to be missing because of it."
        )
    return (
        f"{name} brings {_count(owed.share, 'owed requirement')} and {_count(points.share, 'point')} missing. Adopted alone it would bring "
        f"{_count(points.alone, 'point')}; adopted after all the others, {in_words(points.last)}."
    )


def _count(number: Fraction | int, noun: str) -> str:
    return f"{in_words(number)} {noun}{'' if number == 1 else 's'}"
