"""The rulebooks as plain text: the drafted one, and the amended one with what each recommendation did."""

import re

from scoring.rules.conditions import Condition, Profile, explain
from scoring.rules.model import (
    AddMeasure,
    AddRequirement,
    Change,
    Exemption,
    Recommendation,
    Requirement,
    Rules,
    WithdrawExemption,
)


def change_in_words(change: Change, rules: Rules) -> str:
    """What a recommendation changes, in one sentence that names the old reading and the new one."""
    if isinstance(change, AddMeasure):
        scope = explain(change.measure.scope, rules.phrases)
        return f"Adds the measure {change.measure.named}, which binds a service that {scope}."
    measure = rules.drafted.measure(change.measure)
    assert measure is not None  # load() has checked it
    if isinstance(change, AddRequirement):
        when = change.requirement.grounds[0].when
        only = f", owed by a service that {explain(when, rules.phrases)}" if when else ""
        return f"Adds to {measure.named} the requirement {change.requirement.named}{only}."
    exemption = next(exemption for exemption in measure.exemptions if exemption.id == change.exemption)
    lets_out = explain(exemption.when, rules.phrases)
    was = f"the exemption “{exemption.title}” from {measure.named}, which lets out a service that {lets_out}"
    if isinstance(change, WithdrawExemption):
        return f"Withdraws {was}."
    return f"Narrows {was}: it holds only if the service also {explain(change.only_if, rules.phrases)}."


def changes_to(measure_id: str, recommendation: Recommendation) -> tuple[Change, ...]:
    """What a recommendation changes in a measure; the change that adds it, too."""
    changed = (change.measure for change in recommendation.changes)
    ids = (measure if isinstance(measure, str) else measure.id for measure in changed)
    return tuple(change for change, id in zip(recommendation.changes, ids, strict=True) if id == measure_id)


def exemption_in_words(exemption: Exemption, rules: Rules) -> str:
    """An exemption with its provisos, or who withdraws it, in one sentence."""
    said = f"{exemption.title}: a service that {explain(exemption.when, rules.phrases)}"
    if exemption.withdrawn_by:
        return f"{said}. Withdrawn by {rules.named(exemption.withdrawn_by)}."
    provisos = (
        f"; only if it {explain(proviso.only_if, rules.phrases)} – {rules.named((proviso.by,))}"
        for proviso in exemption.provisos
    )
    return f"{said}{''.join(provisos)}."


def requirement_condition(requirement: Requirement, rules: Rules) -> str:
    """Who owes the requirement beyond the measure's own scope, in words; empty where everyone in scope does."""
    conditions: list[Condition] = [ground.when for ground in requirement.grounds if ground.when]
    if not conditions:
        return ""
    if len(requirement.grounds) == 1:
        return f"Owed only by a service that {explain(conditions[0], rules.phrases)}."
    asked = (
        f"{rules.named((ground.by,))}: {'a service that ' + explain(ground.when, rules.phrases) if ground.when else 'every service in scope'}"
        for ground in requirement.grounds
    )
    return f"Owed under {'; '.join(asked)}."


def facts_in_words(rules: Rules, facts: Profile) -> tuple[tuple[str, str], ...]:
    """The facts given, as the names of the facts and of their values."""
    return tuple((fact.title, rules.labels[fact.id, facts[fact.id]]) for fact in rules.facts if fact.id in facts)


ID = re.compile(r"\b[A-Z]{3}-[A-Z]{3}(?:-?\d+)?(?:\.[a-z])?\b")
"""What the id of a recommendation, a measure or a requirement looks like in a text."""


def in_short(recommendation: Recommendation) -> str:
    """What a recommendation is called where space is short, with its id."""
    return f"{recommendation.short or recommendation.title} ({recommendation.id})"


def with_names(text: str, rules: Rules) -> str:
    """The text with the name of each rule before its id, where the text has the id alone; for each id the first time only."""
    ids = "|".join(re.escape(id) for id in sorted(rules.titles, key=len, reverse=True))
    said: set[str] = set()

    def named(match: re.Match[str]) -> str:
        id = match.group()
        first = id not in said and not text[: match.start()].endswith("(")
        said.add(id)
        return f"“{rules.titles[id]}” ({id})" if first else id

    return re.sub(rf"(?<![\w.-])(?:{ids})(?![\w-]|\.\w)", named, text)
