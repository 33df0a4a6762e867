"""Whether the rules fit together: ids, conditions, scopes, and each recommendation against the text that it changes."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

from scoring.rules.amend import AmendmentError, check_target, resolve
from scoring.rules.conditions import Condition, Profile, holds
from scoring.rules.model import (
    AddMeasure,
    AddRequirement,
    Change,
    Code,
    Fact,
    Measure,
    QualifyExemption,
    Recommendation,
    Requirement,
    Rulebook,
    Rules,
    Technology,
)
from scoring.rules.profile import in_asking_order

FACTS, CODE, AMENDMENTS, TECHNOLOGIES = "facts.toml", "code.toml", "amendments.toml", "technologies.toml"


class Services(NamedTuple):
    """Which services there can be: the codes that they come under, the facts about them, and every profile that the facts can make."""

    codes: tuple[Code, ...]
    facts: tuple[Fact, ...]
    profiles: tuple[Profile, ...]


class RulebookError(Exception):
    """A rulebook file that cannot be used: `file`, `id` of the entry at fault, and what is wrong with it."""

    def __init__(self, file: str, id: str, what: str) -> None:
        super().__init__(f"{file}: {id}: {what}" if id else f"{file}: {what}")
        self.file, self.id, self.what = file, id, what


def unique(file: str, ids: Iterable[str], inside: str = "") -> None:
    """Each id is there once. inside: the entry that holds the ids; without it the id itself is the entry at fault."""
    seen: set[str] = set()
    for entry in ids:
        if entry in seen:
            raise RulebookError(file, inside or entry, f"the id {entry!r} is there twice")
        seen.add(entry)


def check_condition(file: str, entry: str, key: str, condition: Condition | None, facts: tuple[Fact, ...]) -> None:
    """A condition names facts that there are, with values that they may have."""
    known = {fact.id: fact.value_ids() for fact in facts}

    def bad(what: str, allowed: Iterable[str]) -> RulebookError:
        return RulebookError(file, entry, f"{key!r} is a bad condition: {what} {', '.join(allowed)}")

    for test in (test for tests in (condition.alternatives if condition else ()) for test in tests):
        if test.fact not in known:
            raise bad(f"there is no fact {test.fact!r}; there are", known)
        for value in test.values:
            if value not in known[test.fact]:
                raise bad(f"{test.fact!r} cannot be {value!r}; allowed:", known[test.fact])


def check_facts(facts: tuple[Fact, ...]) -> None:
    """Ids and values are unique, what depends on other facts names them rightly, and the facts can be asked in some order."""
    unique(FACTS, (fact.id for fact in facts))
    for fact in facts:
        allowed = ", ".join(fact.value_ids())
        unique(FACTS, fact.value_ids(), fact.id)
        check_condition(FACTS, fact.id, "asked_when", fact.asked_when, facts)
        derived = fact.derived_from_technologies
        if derived and {derived.complete, derived.incomplete} - set(fact.value_ids()):
            what = f"derived_from_technologies names a value that is not one of {allowed}"
            raise RulebookError(FACTS, fact.id, what)
        if fact.approval and fact.approval not in fact.value_ids():
            raise RulebookError(FACTS, fact.id, f"'approval' is {fact.approval!r}; allowed: {allowed}")
    for key in ("approval", "derived_from_technologies"):
        marked = [fact.id for fact in facts if getattr(fact, key)]
        if len(marked) > 1:
            raise RulebookError(FACTS, " and ".join(marked), f"only one fact may have {key!r}")
    try:
        in_asking_order(facts)
    except ValueError as error:
        raise RulebookError(FACTS, "", str(error)) from None


def check_technologies(
    technologies: tuple[Technology, ...], material: Mapping[str, tuple[str, ...]], facts: tuple[Fact, ...]
) -> None:
    """Ids are unique, conditions are sound, and each material that something refers to is one that a technology is for."""
    unique(TECHNOLOGIES, (technology.id for technology in technologies))
    known = {material for technology in technologies for material in technology.materials}

    def check_known(entry: str, materials: tuple[str, ...], key: str = "") -> None:
        unknown = sorted(set(materials) - known)
        if unknown:
            raise RulebookError(TECHNOLOGIES, entry, f"{key}no technology is for {', '.join(unknown)}")

    for covers, materials in material.items():
        check_known(f"material {covers!r}", materials)
    for technology in technologies:
        check_known(technology.id, technology.passage_about, "'passage_about': ")
        for key, limit in (("only_for", technology.only_for), ("not_for", technology.not_for)):
            check_condition(TECHNOLOGIES, technology.id, key, limit.when if limit else None, facts)


def check_interpretations(rules: Rules) -> None:
    """Ids are unique, and each interpretation concerns a code, a measure or a recommendation that there is."""
    unique(CODE, (interpretation.id for interpretation in rules.interpretations), "interpretation")
    subjects = {rule.id for rule in (*rules.codes, *rules.regimes.amended.measures, *rules.recommendations)}
    for interpretation in rules.interpretations:
        unknown = sorted(set(interpretation.concerns) - subjects)
        if unknown:
            what = f"concerns {', '.join(unknown)}, which no rule is called"
            raise RulebookError(CODE, f"interpretation {interpretation.id}", what)


def check_codes(services: Services) -> None:
    """Each service belongs to one code."""
    unique(CODE, (code.id for code in services.codes))
    for code in services.codes:
        check_condition(CODE, code.id, "members", code.members, services.facts)
    for profile in services.profiles:
        ids = [code.id for code in services.codes if holds(code.members, profile)]
        if len(ids) != 1:
            service = ", ".join(f"{fact} = {value}" for fact, value in profile.items())
            what = f"each service belongs to one code, but one with {service} belongs to {len(ids) or 'none'}"
            raise RulebookError(CODE, " and ".join(ids) or "code", what)


def check_measures(file: str, measures: tuple[Measure, ...], services: Services) -> None:
    """Ids are unique, conditions are sound, a scope reaches services of its code and no other, and something is owed that can be scored."""
    unique(file, (measure.id for measure in measures))
    unique(file, (requirement.id for measure in measures for requirement in measure.requirements))
    for measure in measures:
        code = next((code for code in services.codes if code.id == measure.code), None)
        if code is None:
            allowed = ", ".join(code.id for code in services.codes)
            raise RulebookError(file, measure.id, f"'code' is {measure.code!r}; allowed: {allowed}")
        check_condition(file, measure.id, "scope", measure.scope, services.facts)
        unique(file, (exemption.id for exemption in measure.exemptions), measure.id)
        for exemption in measure.exemptions:
            check_condition(file, f"{measure.id}, {exemption.id}", "when", exemption.when, services.facts)
        for requirement in measure.requirements:
            _check_requirement(file, measure.id, requirement, services.facts)
        if not any(_always_scored(requirement) for requirement in measure.requirements):
            what = "a requirement that is always owed and does not carry the caveat 'where feasible and appropriate'"
            raise RulebookError(file, measure.id, f"needs {what}")
        inside = [profile for profile in services.profiles if holds(measure.scope, profile)]
        if not inside:
            raise RulebookError(file, measure.id, "'scope' holds for no service at all")
        if not all(holds(code.members, profile) for profile in inside):
            raise RulebookError(file, measure.id, f"'scope' reaches services that code {code.id} is not for")


def _always_scored(requirement: Requirement) -> bool:
    return not requirement.where_feasible and any(ground.when is None for ground in requirement.grounds)


def _check_requirement(file: str, entry: str, requirement: Requirement, facts: tuple[Fact, ...]) -> None:
    for ground in requirement.grounds:
        check_condition(file, f"{entry}, {requirement.id}", "when", ground.when, facts)


def check_recommendations(recommendations: tuple[Recommendation, ...], drafted: Rulebook, services: Services) -> None:
    """Each change finds its target as it expects it and has an effect by itself, and no two recommendations contradict each other."""
    unique(AMENDMENTS, (recommendation.id for recommendation in recommendations))
    for recommendation in recommendations:
        entry = recommendation.id
        targets = [_target(change) for change in recommendation.changes]
        for change, target in zip(recommendation.changes, targets, strict=True):
            if targets.count(target) > 1:
                raise RulebookError(AMENDMENTS, entry, f"changes {' '.join(target)} twice")
            try:
                check_target(drafted, recommendation, change)
            except AmendmentError as error:
                raise RulebookError(AMENDMENTS, entry, str(error).removeprefix(f"{entry} ")) from None
            if isinstance(change, AddMeasure):
                check_measures(AMENDMENTS, (change.measure,), services)
            elif isinstance(change, AddRequirement):
                _check_requirement(AMENDMENTS, entry, change.requirement, services.facts)
            elif isinstance(change, QualifyExemption):
                check_condition(AMENDMENTS, entry, "only_if", change.only_if, services.facts)
            if not any(_has_effect(change, drafted, profile) for profile in services.profiles):
                what = f"its change to {' '.join(target)} has no effect on the drafted rulebook, for any service"
                raise RulebookError(AMENDMENTS, entry, what)
    try:
        resolve(drafted, recommendations)
    except AmendmentError as error:
        raise RulebookError(AMENDMENTS, "", str(error)) from None
    _check_provisos(recommendations, services.profiles)


def _check_provisos(recommendations: tuple[Recommendation, ...], profiles: tuple[Profile, ...]) -> None:
    """Two provisos on one exemption can both hold, for some service that the exemption is for."""
    qualified = [
        (recommendation.id, change)
        for recommendation in recommendations
        for change in recommendation.changes
        if isinstance(change, QualifyExemption)
    ]
    for (one, first), (other, second) in combinations(qualified, 2):
        if _target(first) == _target(second):
            reached = [profile for profile in profiles if holds(first.expects, profile)]
            if not any(holds(first.only_if, profile) and holds(second.only_if, profile) for profile in reached):
                where = f"exemption {first.exemption} of {first.measure}"
                what = f"{one} and {other} contradict each other: their provisos on {where} can never both hold"
                raise RulebookError(AMENDMENTS, "", what)


def _target(change: Change) -> tuple[str, ...]:
    if isinstance(change, AddMeasure):
        return ("measure", change.measure.id)
    if isinstance(change, AddRequirement):
        return (change.measure, "requirement", change.requirement.id)
    return (change.measure, "exemption", change.exemption)


def _has_effect(change: Change, drafted: Rulebook, profile: Profile) -> bool:
    """True when the change, made to the drafted rulebook by itself, would matter to a service with this profile."""
    if isinstance(change, AddMeasure):
        return holds(change.measure.scope, profile)
    measure = drafted.measure(change.measure)
    if measure is None or not holds(measure.scope, profile):
        return False
    if isinstance(change, AddRequirement):
        return any(holds(ground.when, profile) for ground in change.requirement.grounds)
    let_out = holds(change.expects, profile)
    return let_out and not (isinstance(change, QualifyExemption) and holds(change.only_if, profile))
