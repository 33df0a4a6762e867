"""Who slips through: the services that no measure binds as drafted, what lets them out, and which recommendations bind them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.kinds.groups import Group, groups_of, in_short
from scoring.kinds.obligations import Obligations
from scoring.kinds.ways import Way
from scoring.rules.conditions import Condition, Profile, explain, holds, join
from scoring.rules.model import Measure, Recommendation, Rules


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
    code = rules.code_of(profiles[0])
    assert code is not None  # every profile of the grid has one
    reasons: dict[tuple[bool, str], list[Measure]] = {}
    for measure in rules.drafted.of_code(code.id):
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
