"""One sentence that says why a measure or a requirement is owed, or is not. Source: rulebook, sections 2 to 4."""

from collections.abc import Iterable

from scoring.rules.conditions import Condition, Profile, explain, holds, join
from scoring.rules.model import Measure, Requirement, Rules
from scoring.score.verdict import ExemptionVerdict, Verdict


def because(measure: Measure, verdict: Verdict | None, rules: Rules) -> str:
    """As `measure_because`. verdict: None where the rulebook does not have the measure."""
    if verdict is None:
        return f"Not in the text as drafted: {rules.named(measure.added_by)} would add this measure."
    return measure_because(verdict, rules)


def measure_because(verdict: Verdict, rules: Rules) -> str:
    """One sentence that says why a measure applies, is exempt or does not apply."""
    scope, profile = verdict.measure.scope, verdict.profile
    if verdict.standing == "not_applicable":
        facts = _in_words(scope.facts(), profile, rules)
        return f"Does not apply: it binds a service that {explain(scope, rules.phrases)}; this service {facts}."
    if verdict.standing == "exempt":
        reasons = [_why_exempt(exemption, profile, rules) for exemption in verdict.exemptions if exemption.holds]
        return f"Exempt: the service {join(reasons)}."
    lost = _why_not_exempt([tried for tried in verdict.exemptions if tried.condition_holds], profile, rules)
    why = f"; {lost}" if lost else ", and no exemption holds" if verdict.exemptions else ""
    return f"Applies: the service {_in_words(_facts_that_hold(scope, profile), profile, rules)}{why}."


def requirement_because(requirement: Requirement, verdict: Verdict | None, rules: Rules) -> str:
    """One sentence that says why a requirement is owed, or is not.

    requirement: as a rulebook has it in which it is. verdict: that on its measure, None where the rulebook does not have the measure.
    """
    if verdict is None:
        return f"Not in the text as drafted: {rules.named(requirement.origin)} would add this measure."
    why = measure_because(verdict, rules)
    if verdict.standing != "applies":
        return why
    own = next((own for own in verdict.measure.requirements if own.id == requirement.id), None)
    if own is None:
        return f"Not in the text as drafted: {rules.named(requirement.origin)} would add this requirement."
    holding = [ground for ground in own.grounds if holds(ground.when, verdict.profile)]
    if not holding:
        conditions = [ground.when for ground in own.grounds if ground.when]
        asked = join((explain(condition, rules.phrases) for condition in conditions), "or")
        facts = _in_words((fact for condition in conditions for fact in condition.facts()), verdict.profile, rules)
        return f"Not owed: it is asked only of a service that {asked}{f'; this service {facts}' if facts else ''}."
    if own.added and not verdict.measure.added_by:
        by = tuple(ground.by for ground in holding)
        return f"{why[:-1]}; {rules.named(by)} {'add' if len(by) > 1 else 'adds'} this requirement."
    return why


def _in_words(facts: Iterable[str], profile: Profile, rules: Rules) -> str:
    """What these facts are for this service, each once; those that are not known are left out."""
    return join(rules.phrases[fact, profile[fact]] for fact in dict.fromkeys(facts) if fact in profile)


def _facts_that_hold(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts of the first alternative that holds."""
    tests = next((tests for tests in condition.alternatives if all(test.holds(profile) for test in tests)), ())
    return tuple(test.fact for test in tests)


def _facts_that_fail(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts whose values stand in the way of a condition that does not hold."""
    return tuple(test.fact for tests in condition.alternatives for test in tests if not test.holds(profile))


def _why_exempt(exemption: ExemptionVerdict, profile: Profile, rules: Rules) -> str:
    conditions = [exemption.exemption.when, *(proviso.only_if for proviso, _ in exemption.provisos)]
    facts = (fact for condition in conditions for fact in _facts_that_hold(condition, profile))
    return _in_words(facts, profile, rules)


def _why_not_exempt(lost: list[ExemptionVerdict], profile: Profile, rules: Rules) -> str:
    """Why exemptions whose condition holds let the service out no longer: withdrawn, or a proviso fails."""
    withdrawn: dict[tuple[str, ...], list[str]] = {}
    for exemption in (tried.exemption for tried in lost):
        if exemption.withdrawn_by:
            withdrawn.setdefault(exemption.withdrawn_by, []).append(f"“{exemption.title}”")
    said = [
        f"{rules.named(by)} {'withdraw' if len(by) > 1 else 'withdraws'} the exemption{'s' if len(titles) > 1 else ''} {join(titles)}"
        for by, titles in withdrawn.items()
    ]
    for tried in lost:
        failed = [proviso for proviso, held in tried.provisos if not held and not tried.exemption.withdrawn_by]
        if failed:
            facts = (fact for proviso in failed for fact in _facts_that_fail(proviso.only_if, profile))
            by = tuple(proviso.by for proviso in failed)
            narrow = (
                f"{rules.named(by)} {'narrow' if len(by) > 1 else 'narrows'} the exemption “{tried.exemption.title}”"
            )
            this = _in_words(facts, profile, rules)
            said.append(f"{narrow}, which no longer covers this service, since it {this}")
    return "; ".join(said)
