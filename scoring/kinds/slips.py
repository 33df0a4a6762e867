"""Who slips through: the services that no measure binds as drafted, what lets them out, and which recommendations bind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.kinds.grid import grid_of
from scoring.kinds.groups import Group, groups_of, in_short
from scoring.kinds.obligations import Obligations, obligations
from scoring.rules.amend import adopting
from scoring.rules.conditions import Condition, Profile, explain, holds, join
from scoring.rules.model import Measure, Recommendation, Rules
from scoring.rules.profile import its_code


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


# --------------------------------------------------------------------------------------------------- who slips through
@dataclass(frozen=True)
class LetOut:
    """A reason for which some measures do not bind a group as drafted, in words: an exemption's title, or whom alone they bind."""

    exemption: bool
    reason: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Binding:
    """Recommendations that bind a group where they are adopted; `but` says in short which of it they do not bind, and is empty where they bind all."""

    recommendations: tuple[Recommendation, ...]
    but: str


@dataclass(frozen=True)
class Slip:
    """A group that no measure binds as drafted. kinds: bool, one a profile; bound: how many of them a measure binds as amended."""

    group: Group
    kinds: np.ndarray
    let_out: tuple[LetOut, ...]
    bound_by: tuple[Binding, ...]
    bound: int


@dataclass(frozen=True)
class Effect:
    """What a recommendation does to some kinds of service, adopted alone; each a bool for each profile.

    binds: those that no measure binds as drafted. asks: those that one does, of which it asks more.
    together: the sets that reach others only with it, and whom they bind or ask more of.
    """

    recommendation: Recommendation
    binds: np.ndarray
    asks: np.ndarray
    together: tuple[tuple[tuple[Recommendation, ...], np.ndarray], ...]


def slips(rules: Rules, compared: Obligations, ways: Sequence[Way], chosen: np.ndarray) -> tuple[Slip, ...]:
    """The groups among the chosen kinds that no measure binds as drafted: first those that some recommendation binds, then those that none does."""
    unbound = chosen & ~compared.drafted.bound
    within_reach = np.logical_or.reduce([way.binds for way in ways])
    groups = [
        group for some in (unbound & within_reach, unbound & ~within_reach) for group in groups_of(compared.grid, some)
    ]
    return tuple(_slip(rules, compared, ways, group) for group in groups)


def _slip(rules: Rules, compared: Obligations, ways: Sequence[Way], group: Group) -> Slip:
    kinds = group.members(compared.grid)
    profiles = [compared.grid.profiles[place] for place in np.flatnonzero(kinds)]
    reasons: dict[tuple[bool, str], list[Measure]] = {}
    for measure in rules.drafted.of_code(its_code(rules, profiles[0]).id):
        for reason in _reasons(rules, measure, profiles):
            reasons.setdefault(reason, []).append(measure)
    let_out = tuple(LetOut(*reason, tuple(measures)) for reason, measures in reasons.items())
    binding = [
        Binding(way.recommendations, _but(rules, compared, group, kinds & ~way.binds))
        for way in ways
        if (way.binds & kinds).any()
    ]
    return Slip(group, kinds, let_out, tuple(binding), int((kinds & compared.amended.bound).sum()))


def _reasons(rules: Rules, measure: Measure, profiles: Sequence[Profile]) -> list[tuple[bool, str]]:
    """Why a measure binds none of these services: the exemptions that let all of them out, or some where none lets out all; or what its scope asks besides what they are."""
    if all(holds(measure.scope, profile) for profile in profiles):
        met = [[holds(exemption.when, profile) for profile in profiles] for exemption in measure.exemptions]
        pairs = list(zip(measure.exemptions, met, strict=True))
        return [(True, exemption.title) for exemption, of_it in pairs if all(of_it)] or [
            (True, exemption.title) for exemption, of_it in pairs if any(of_it)
        ]
    rest = tuple(
        tuple(test for test in tests if not all(test.holds(profile) for profile in profiles))
        for tests in measure.scope.alternatives
    )
    return [(False, explain(Condition(alternatives=rest), rules.phrases))]


def _but(rules: Rules, compared: Obligations, group: Group, rest: np.ndarray) -> str:
    """The kinds of a group that are left over, by what they are beside what the whole group is."""
    own = dict(group.facts)
    parts = (
        tuple((fact, values) for fact, values in part.facts if own.get(fact) != values)
        for part in groups_of(compared.grid, rest)
    )
    return join((in_short(part, rules) for part in parts), "or")


def effects(rules: Rules, compared: Obligations, ways: Sequence[Way]) -> tuple[Effect, ...]:
    """What each recommendation does, whichever are adopted: alone, and what it does only together with others."""

    def effect(recommendation: Recommendation) -> Effect:
        its = {way.recommendations: way for way in ways if recommendation in way.recommendations}
        nobody = np.zeros(len(compared.grid), dtype=bool)
        alone = its.pop((recommendation,), Way((recommendation,), nobody, nobody))
        together = tuple((names, way.binds | way.asks) for names, way in its.items())
        return Effect(recommendation, alone.binds, alone.asks & compared.drafted.bound, together)

    return tuple(map(effect, rules.recommendations))
