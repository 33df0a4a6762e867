"""The profile of a service: which facts are asked, which are missing, and every profile that there can be."""

from collections.abc import Iterator, Mapping
from itertools import product

from scoring.rules.conditions import holds
from scoring.rules.model import Code, Fact, Rules, Technology


def in_asking_order(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts, each after those on which its being asked depends.

    Raises ValueError, naming the facts, where some wait for one another.
    """
    ordered: list[Fact] = []
    waiting = list(facts)
    while waiting:
        known = {fact.id for fact in ordered}
        ready = (fact for fact in waiting if fact.asked_when is None or known.issuperset(fact.asked_when.facts()))
        fact = next(ready, None)
        if fact is None:
            raise ValueError(f"facts wait for one another: {', '.join(fact.id for fact in waiting)}")
        ordered.append(fact)
        waiting.remove(fact)
    return tuple(ordered)


def asked(facts: tuple[Fact, ...], given: Mapping[str, str]) -> tuple[Fact, ...]:
    """The facts that are asked of a service, in the order of the rulebook, as far as what is given decides it."""
    profile = live(facts, given)
    return tuple(fact for fact in facts if holds(fact.asked_when, profile))


def live(facts: tuple[Fact, ...], given: Mapping[str, str]) -> dict[str, str]:
    """The facts that count: those that are given and asked. What is given and no longer asked has no say in anything."""
    profile: dict[str, str] = {}
    for fact in in_asking_order(facts):
        if fact.id in given and holds(fact.asked_when, profile):
            profile[fact.id] = given[fact.id]
    return {fact.id: profile[fact.id] for fact in facts if fact.id in profile}


def its_code(rules: Rules, profile: Mapping[str, str]) -> Code:
    """The code that is for a service whose facts are complete: `load` has seen to it that there is one. Raises ValueError while they do not say which."""
    code = rules.code_of(profile)
    if code is None:
        raise ValueError("the facts do not say which code the service belongs to")
    return code


def may_be_asked(facts: tuple[Fact, ...], given: Mapping[str, str]) -> dict[str, set[bool]]:
    """Whether each fact is asked: {True}, {False}, or both while a fact that decides it is itself asked, or may be, and not given."""
    possible: dict[str, tuple[str, ...]] = {}
    is_asked: dict[str, set[bool]] = {}
    for fact in in_asking_order(facts):
        named = fact.asked_when.facts() if fact.asked_when else ()
        is_asked[fact.id] = {
            holds(fact.asked_when, {name: value for name, value in zip(named, values, strict=True) if value})
            for values in product(*(possible[name] for name in named))
        }
        values = (given[fact.id],) if fact.id in given else fact.value_ids()
        possible[fact.id] = (("",) if False in is_asked[fact.id] else ()) + (
            values if True in is_asked[fact.id] else ()
        )
    return is_asked


def missing(facts: tuple[Fact, ...], given: Mapping[str, str]) -> tuple[Fact, ...]:
    """The facts that are asked and not given."""
    return tuple(fact for fact in asked(facts, given) if fact.id not in given)


def every_profile(facts: tuple[Fact, ...]) -> Iterator[dict[str, str]]:
    """Every distinct profile that there can be, facts that are not asked left out."""
    profiles: list[dict[str, str]] = [{}]
    for fact in in_asking_order(facts):
        profiles = [
            {**profile, **chosen}
            for profile in profiles
            for chosen in (
                [{fact.id: value} for value in fact.value_ids()] if holds(fact.asked_when, profile) else [{}]
            )
        ]

    def place(profile: dict[str, str]) -> list[int]:
        return [fact.value_ids().index(profile[fact.id]) if fact.id in profile else -1 for fact in facts]

    for profile in sorted(profiles, key=place):
        yield {fact.id: profile[fact.id] for fact in facts if fact.id in profile}


def missing_from_report(technologies: tuple[Technology, ...], examined: Mapping[str, str]) -> tuple[Technology, ...]:
    """The technologies for which the report still lacks a reason: those that belong in each report, or are in it. Without any it is complete.

    examined: technology id -> the reason why it does not work for the service. Source: rulebook, section 5.
    """
    return tuple(
        technology
        for technology in technologies
        if (technology.report == "always" or technology.id in examined) and not examined.get(technology.id, "").strip()
    )


def with_report(
    facts: tuple[Fact, ...], technologies: tuple[Technology, ...], given: Mapping[str, str], examined: Mapping[str, str]
) -> dict[str, str]:
    """What is given, and the fact that follows from the technologies examined."""
    lacking = missing_from_report(technologies, examined)
    derived = {fact.id: fact.derived_from_technologies for fact in facts if fact.derived_from_technologies}
    return {**given, **{fact: values.incomplete if lacking else values.complete for fact, values in derived.items()}}
