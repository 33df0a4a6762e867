"""One sentence that says why a measure or a requirement is owed, or is not. Source: rulebook, sections 2 to 4."""

from collections.abc import Iterable

from scoring.rules.conditions import Condition, Profile, explain, holds, join
from scoring.rules.model import Requirement, Rules
from scoring.score.verdict import ExemptionVerdict, Verdict


def _facts_in_words(facts: Iterable[str], profile: Profile, rules: Rules) -> str:
    return join(rules.phrases[fact, profile[fact]] for fact in facts if fact in profile)


def measure_because(verdict: Verdict, rules: Rules) -> str:
    """One sentence that says why a measure applies, is exempt or does not apply."""
    measure, standing, exemptions, profile = verdict.measure, verdict.standing, verdict.exemptions, verdict.profile
    facts = _facts_in_words(measure.scope.facts(), profile, rules)
    if standing == "not_applicable":
        return f"Does not apply: it binds a service that {explain(measure.scope, rules.phrases)}; this service {facts}."
    if standing == "exempt":
        reasons = [_why_exempt(each, profile, rules) for each in exemptions if each.holds]
        return f"Exempt: the service {join(reasons)}."
    lost = _why_not_exempt([each for each in exemptions if each.condition_holds], profile, rules)
    scope = f"Applies: the service {_facts_in_words(_facts_that_hold(measure.scope, profile), profile, rules)}"
    return f"{scope}; {lost}." if lost else f"{scope}{', and no exemption holds' if exemptions else ''}."


def _facts_that_hold(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts of the first alternative that holds."""
    tests = next((tests for tests in condition.alternatives if all(test.holds(profile) for test in tests)), ())
    return tuple(test.fact for test in tests)


def _why_exempt(each: ExemptionVerdict, profile: Profile, rules: Rules) -> str:
    facts = list(_facts_that_hold(each.exemption.when, profile))
    facts += [
        fact for proviso, _ in each.provisos for fact in _facts_that_hold(proviso.only_if, profile) if fact not in facts
    ]
    return _facts_in_words(dict.fromkeys(facts), profile, rules)


def _why_not_exempt(lost: list[ExemptionVerdict], profile: Profile, rules: Rules) -> str:
    """Why exemptions whose condition holds let the service out no longer: withdrawn, or a proviso fails."""
    withdrawn: dict[tuple[str, ...], list[str]] = {}
    for each in lost:
        if each.exemption.withdrawn_by:
            withdrawn.setdefault(each.exemption.withdrawn_by, []).append(f"“{each.exemption.title}”")
    said = [
        f"{rules.named(by)} {'withdraw' if len(by) > 1 else 'withdraws'} the exemption{'s' if len(titles) > 1 else ''} {join(titles)}"
        for by, titles in withdrawn.items()
    ]
    for each in lost:
        failed = [proviso for proviso, held in each.provisos if not held and not each.exemption.withdrawn_by]
        if failed:
            facts = _facts_in_words(
                dict.fromkeys(fact for proviso in failed for fact in _facts_that_fail(proviso.only_if, profile)),
                profile,
                rules,
            )
            narrow = f"{rules.named(tuple(proviso.by for proviso in failed))} {'narrow' if len(failed) > 1 else 'narrows'} the exemption “{each.exemption.title}”"
            said.append(f"{narrow}, which no longer covers this service, since it {facts}")
    return "; ".join(said)


def _facts_that_fail(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts whose values stand in the way of a condition that does not hold."""
    return tuple(
        dict.fromkeys(test.fact for tests in condition.alternatives for test in tests if not test.holds(profile))
    )


def requirement_because(
    requirement: Requirement, found: Verdict | None, adds: tuple[str, ...], profile: Profile, rules: Rules
) -> str:
    """One sentence that says why a requirement is owed, or is not.

    found: the verdict on its measure, None where the rulebook does not have the measure.
    adds: the recommendations that would add the measure or the requirement to a rulebook that lacks it.
    """
    if found is None:
        return f"Not in the text as drafted: {rules.named(adds)} would add this measure."
    because = measure_because(found, rules)
    if found.standing != "applies":
        return because
    here = next((each for each in found.measure.requirements if each.id == requirement.id), None)
    if here is None:
        return f"Not in the text as drafted: {rules.named(adds)} would add this requirement."
    holding = [ground for ground in here.grounds if holds(ground.when, profile)]
    if not holding:
        conditions = [ground.when for ground in here.grounds if ground.when]
        asked = join((explain(each, rules.phrases) for each in conditions), "or")
        facts = _facts_in_words(dict.fromkeys(fact for each in conditions for fact in each.facts()), profile, rules)
        return f"Not owed: it is asked only of a service that {asked}{f'; this service {facts}' if facts else ''}."
    if here.added and not found.measure.added_by:
        by = tuple(ground.by for ground in holding)
        return f"{because[:-1]}; {rules.named(by)} {'add' if len(by) > 1 else 'adds'} this requirement."
    return because
